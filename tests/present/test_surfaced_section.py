"""Assumptions nobody wrote down, as the report tells them."""

import re
from dataclasses import replace

import pytest

from sayso.declare.charter import Charter
from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.measure.estimators.whole import whole_share
from sayso.measure.reading import Reading
from sayso.present.findings import findings
from sayso.present.report import render_html
from sayso.present.report_json import to_json
from sayso.present.section import ListChart
from tests.present.readings import CONTEXT, estimate, figure, service_company

CONTEXT = replace(CONTEXT, charter_file="charters/a.yaml", table_arguments="t.csv")


def one_answer(value: str = "E-41", option: str = "leave") -> Figure:
    notes = (("number", False), ("option", option), ("holds_low", 0.98), ("holds_high", 1.0))
    answer = whole_share(320, people=8)
    return figure("outside-support", answer, notes=notes, input="fault", value=value)


def told(*figures: Figure) -> Reading:
    company = service_company()
    charter = Charter(decision="a", version=1)
    return replace(company, figures=(*company.figures, *figures), charter=charter)


def items(reading: Reading) -> list[tuple[str, str, str]]:
    section = next(s for s in findings(reading, CONTEXT).sections if s.key == "surfaced")
    (chart,) = section.charts
    assert isinstance(chart, ListChart)
    return [(i.says.text, i.sub.text, i.command) for i in chart.items]


@pytest.mark.feature("M24")
def test_each_says_what_it_rests_on_and_the_command_that_adopts_it() -> None:
    assert items(told(one_answer())) == [
        (
            "“leave” is right where fault is “E-41”: nothing else was ever tried there.",
            "All 320 cases recorded so got it. Nobody has seen what another answer brings there.",
            "sayso charter adopt charters/a.yaml one-answer-fault-e-41 --table t.csv",
        )
    ]


def test_it_leads_nothing_and_carries_no_word() -> None:
    said = findings(told(one_answer()), CONTEXT)
    assert "surfaced" not in {s.key for s in said.leading}
    section = next(s for s in said.sections if s.key == "surfaced")
    assert section.word is None
    assert section.claim.text == "One assumption stands that nobody wrote down"


def test_kinds_of_assumptions_take_turns_so_that_one_does_not_hide_the_others() -> None:
    many = [one_answer(f"E-{i}") for i in range(20)]
    reason = figure("unheld-reasons", NotEnoughData(5, 3, "people"), theme="wrong address")
    found = items(told(*many, reason))
    assert len(found) == 3
    assert found[-1][0] == "What people call “wrong address” need not be an input."
    assert found[-1][1] == "At least three people gave it as a reason in words."


def test_what_a_mistake_costs_is_told_with_where_half_would_turn() -> None:
    notes = (("ratio", 4.0), ("first", "pay"), ("second", "examine"))
    cost = figure("cost-ratio", estimate(0.57, 0.55, 0.6), word=Word.CLEAR, notes=notes)
    half = figure("cost-ratio-half", estimate(1.2, 1.04, 1.3), notes=notes)
    ((says, sub, _),) = items(told(cost, half))
    assert says == "A wrong “pay” costs 4 times a wrong “examine”."
    assert "57 in 100 (55 to 60)" in sub
    assert "Half of all cases would turn at a ratio of" in sub
    ((_, far, _),) = items(told(cost))
    assert "No ratio within ten times of it" in far


def test_an_empty_cell_is_told_with_its_direction() -> None:
    apart = figure(
        "missing-as-value", estimate(-0.2, -0.3, -0.1), word=Word.LIKELY, input="stock", option="a"
    )
    ((says, sub, _),) = items(told(apart))
    assert says == "An empty stock says something of whether “a” is right."
    assert sub.startswith("20 in 100 (10 to 30) less often than where it is filled")


def test_text_of_the_table_is_shown_as_text_and_quoted_in_commands() -> None:
    page = render_html(told(one_answer("<img src=x>'; rm -rf", "=1+1<b>")), CONTEXT)
    part = page.split('id="surfaced"')[1].split("</section>")[0]
    assert "<img" not in part
    assert "=1+1<b>" not in part
    command = re.search(r"sayso charter adopt [^<]*", part)
    assert command is not None
    assert re.fullmatch(r"sayso charter adopt charters/a.yaml [a-z0-9-]+ --table t.csv", command[0])


def test_everything_it_prints_is_in_the_data() -> None:
    reading = told(one_answer(), figure("outside-support", estimate(0.3, 0.25, 0.35)))
    page, data = render_html(reading, CONTEXT), to_json(reading, CONTEXT)
    part = page.split('id="surfaced"')[1].split("</section>")[0]
    keys = set(re.findall(r'<data value="([^"]+)"', part))
    assert keys == {"outside-support"}
    assert keys <= {f["key"] for f in data["figures"]}


def test_without_any_it_is_one_line_or_nothing() -> None:
    only = told(figure("outside-support", estimate(0.03, 0.02, 0.04)))
    (line,) = (item for item in findings(only, CONTEXT).lines if item.key == "surfaced")
    assert line.says.text.startswith("In 3 in 100 (2 to 4) cases, every case alike")
    assert "surfaced" not in {i.key for i in findings(service_company(), CONTEXT).lines}


def test_a_cost_that_the_charter_declares_is_one_line_and_nothing_to_adopt() -> None:
    notes = (("ratio", 4.0), ("first", "pay"), ("second", "examine"), ("declared", True))
    cost = figure("cost-ratio", estimate(0.57, 0.55, 0.6), word=Word.CLEAR, notes=notes)
    said = findings(told(cost), CONTEXT)
    assert "surfaced" not in {s.key for s in said.sections}
    (line,) = (item for item in said.lines if item.key == "cost-ratio")
    assert line.says.text.startswith(
        "A wrong “pay” costs 4 times a wrong “examine”, as the charter has it. Between half and "
        "twice that ratio, the cheaper answer turns in 57 in 100 (55 to 60) cases"
    )
