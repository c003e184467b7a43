"""Assumptions as the report tells them."""

import re
from dataclasses import replace

import pytest

from sayso.domain.answer import CannotTell
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.measure.reading import Reading
from sayso.present.findings import findings
from sayso.present.report import render_html
from sayso.present.report_json import to_json
from tests.present.readings import CONTEXT, estimate, figure, service_company

MONTHS = ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01")


def assumed(
    name: str, state: str, value: float, says: str = "E-41 needs the part", **notes: str | int
) -> Figure:
    word = {"No longer true": Word.CLEAR, "Near its line": Word.EITHER}.get(state, Word.TOO_SMALL)
    said = {"says": says, "state": state, "holds_low": 0.69, "holds_high": 0.79, **notes}
    answer = estimate(value, value - 0.03, value + 0.03, 900, 12)
    return figure("assumption", answer, word=word, notes=tuple(said.items()), assumption=name)


def since(one: Figure, value: float) -> Figure:
    answer = replace(estimate(value, value - 0.03, value + 0.03, 236, 12), p_line=0.001)
    return replace(one, measure="assumption-since", answer=answer)


def months(name: str) -> list[Figure]:
    return [
        figure(
            "assumption-over-time",
            estimate(0.75 - 0.05 * i, 0.7 - 0.05 * i, 0.8 - 0.05 * i, 150, 12),
            notes=(("until", until), ("unit", "month")),
            assumption=name,
            period=day,
        )
        for i, (day, until) in enumerate(zip(MONTHS, (*MONTHS[1:], "2026-07-01"), strict=True))
    ]


def told(*figures: Figure) -> Reading:
    company = service_company()
    return replace(company, figures=(*company.figures, *figures))


def broken(says: str = "E-41 needs the part") -> tuple[Figure, ...]:
    one = assumed(
        "e41", "No longer true", 0.6, says, stopped="2026-04-01", cases_since=236, owner="data-team"
    )
    return (one, since(one, 0.55), *months("e41"))


@pytest.mark.feature("M14")
def test_one_that_stopped_is_a_finding_with_its_date_its_cases_and_a_review() -> None:
    said = findings(told(*broken()), CONTEXT)
    section = next(s for s in said.sections if s.key == "assumptions")
    assert section.claim.text == "The one assumption written down has stopped being true"
    assert section.word is Word.CLEAR
    assert "no longer true since 1 April 2026" in section.lead[0].text
    assert "69 to 79 in 100 was assumed" in section.lead[0].text
    assert "236 such cases were decided since. That opens a review." in section.lead[0].text
    assert said.steps[0].title.startswith("Look again at what no longer holds: E-41")
    assert said.steps[0].why.startswith("Data team watches it. 236 cases")
    assert section in said.leading


@pytest.mark.feature("M14")
def test_the_picture_over_time_is_a_table_too() -> None:
    page = render_html(told(*broken()), CONTEXT)
    part = page.split('id="assumptions"')[1].split("</section>")[0]
    assert part.count('<circle class="pt both"') == 6
    assert "you assumed 69 to 79" in part
    assert "stopped 1 April 2026" in part
    assert len(re.findall(r"<tr><th scope=\"row\">\w+ 2026</th>", part)) == 6


def test_what_holds_is_one_line_and_what_is_not_tested_names_owner_and_day() -> None:
    held = assumed("a", "Holds", 0.74)
    untested = replace(
        assumed("b", "Not tested", 0.7, "Suppliers deliver", owner="stores", since="2026-03-09"),
        answer=CannotTell("Nothing says how to see it.", "Write a check."),
        word=Word.CANNOT_TELL,
    )
    said = findings(told(held, untested), CONTEXT)
    line = next(item for item in said.lines if item.key == "assumptions")
    assert "assumptions" not in {s.key for s in said.sections}
    assert "E-41 needs the part: it holds, at 74 in 100 (71 to 77)." in line.says.text
    assert "Suppliers deliver: not tested." in line.says.text
    assert "Stores watches it, believed since 9 March 2026." in line.says.text


def test_near_its_line_is_said_and_leads_nothing() -> None:
    said = findings(told(assumed("a", "Near its line", 0.71), assumed("b", "Holds", 0.74)), CONTEXT)
    section = next(s for s in said.sections if s.key == "assumptions")
    assert section.claim.text == "One of two assumptions is near its line"
    assert section not in said.leading


def test_a_charter_without_assumptions_says_nothing_of_them() -> None:
    said = findings(service_company(), CONTEXT)
    assert "assumptions" not in {item.key for item in (*said.sections, *said.lines)}


def test_words_of_a_charter_are_shown_as_text() -> None:
    page = render_html(told(*broken("<script>alert(1)</script> {x} =1+1")), CONTEXT)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_number_of_the_section_is_in_the_data_with_its_range() -> None:
    reading = told(*broken(), assumed("b", "Holds", 0.74, "B"))
    page, data = render_html(reading, CONTEXT), to_json(reading, CONTEXT)
    part = page.split('id="assumptions"')[1].split("</section>")[0]
    keys = set(re.findall(r'<data value="([^"]+)"', part))
    assert keys
    assert keys <= {f["key"] for f in data["figures"]}


def test_a_claim_that_does_not_survive_the_family_is_only_likely() -> None:
    one, then, *rest = broken()
    then = replace(then, answer=replace(then.estimate, p_line=0.04))
    section = next(
        s for s in findings(told(one, then, *rest), CONTEXT).sections if s.key == "assumptions"
    )
    assert section.word is Word.LIKELY
