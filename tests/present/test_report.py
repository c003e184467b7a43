"""The page: nothing leaks, nothing is naked, everything is in the data."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib import resources

import pytest

from sayso.domain.figure import Status
from sayso.domain.grade import Grade
from sayso.measure.profile import Treatment
from sayso.measure.reading import Reading
from sayso.present import report
from sayso.present.numbers import count
from sayso.present.report import in_frame, render_html
from sayso.present.report_json import to_json
from sayso.present.terminal import columns_text, findings_text, guess_question
from tests.present.random_readings import HIDDEN_VALUE, NASTY, random_reading
from tests.present.readings import (
    ALL,
    CONTEXT,
    card_game,
    estimate,
    figure,
    nearly_empty,
    service_company,
)

SEEDS = range(16)
RANGE = re.compile(r"\(?(just (above|below) )?−?[\d.,]+ to (just (above|below) )?−?[\d.,]+\)?")


class Page(HTMLParser):
    """What a page prints: its tags, its attributes, its cited figures by section."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cited: dict[str, dict[str, list[str]]] = {}
        self.texts: dict[str, str] = {"": ""}
        self._section = ""
        self._key: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("id") or ""
            self.texts[self._section] = ""
        if tag == "data":
            self._key = given["value"] or ""
            self.cited.setdefault(self._section, {}).setdefault(self._key, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "data":
            self._key = None
        if tag == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._section] += data
        if self._key is not None:
            self.cited[self._section][self._key][-1] += data


def every_reading() -> list[tuple[str, Reading]]:
    return [(n, f()) for n, f in ALL.items()] + [(str(s), random_reading(s)) for s in SEEDS]


@pytest.mark.parametrize(("name", "reading"), every_reading())
def test_every_printed_figure_is_in_the_json(name: str, reading: Reading) -> None:
    page = Page(render_html(reading, CONTEXT))
    known = {row["key"]: row for row in to_json(reading, CONTEXT)["figures"]}
    for cited in page.cited.values():
        for key in cited:
            assert key in known, key
    shown = {key for cited in page.cited.values() for key in cited}
    assert not {key for key in shown if known[key]["status"] == Status.CONFIDENTIAL.value}


@pytest.mark.feature("M15")
@pytest.mark.parametrize(("name", "reading"), every_reading())
def test_no_figure_is_printed_without_its_range_and_its_count(name: str, reading: Reading) -> None:
    page = Page(render_html(reading, CONTEXT))
    known = {row["key"]: row for row in to_json(reading, CONTEXT)["figures"]}
    for section, cited in page.cited.items():
        if not section:
            continue  # the hero repeats what the sections give in full
        for key, prints in cited.items():
            if known[key]["value"] is None:
                assert prints == ["not enough yet"] * len(prints)
                continue
            assert any(RANGE.search(text) for text in prints), (section, key, prints)
            assert count(known[key]["n"]) in page.texts[section], (section, key)


@pytest.mark.parametrize(("name", "reading"), every_reading())
def test_the_strips_on_top_carry_their_range(name: str, reading: Reading) -> None:
    page = Page(render_html(reading, CONTEXT))
    for key, prints in page.cited.get("", {}).items():
        if key in ("influence", "team-gap"):
            assert any(RANGE.search(text) for text in prints) or "in 100" in prints[0], prints


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_leaves(seed: int) -> None:
    reading = random_reading(seed)
    data = json.dumps(to_json(reading, CONTEXT), ensure_ascii=False, allow_nan=False)
    for text in (
        render_html(reading, CONTEXT),
        data,
        findings_text(reading, CONTEXT, "audit.html"),
    ):
        assert "987654" not in text.replace(",", "")
        assert str(HIDDEN_VALUE) not in text


def test_a_hidden_group_does_not_even_leave_its_name() -> None:
    reading = service_company()
    assert "a grudge" not in json.dumps(to_json(reading, CONTEXT))
    assert "a grudge" not in render_html(reading, CONTEXT)


@pytest.mark.parametrize(("name", "reading"), every_reading())
def test_the_page_holds_no_script_no_style_attribute_and_no_handler(
    name: str, reading: Reading
) -> None:
    page = Page(render_html(reading, CONTEXT))
    assert "script" not in page.tags
    assert "style" not in page.attributes
    assert not {name for name in page.attributes if name.startswith("on")}
    assert not page.tags & {"img", "link", "object", "embed", "iframe"}


@pytest.mark.parametrize(("name", "reading"), every_reading())
def test_the_page_is_at_most_150_kilobytes(name: str, reading: Reading) -> None:
    assert len(render_html(reading, CONTEXT).encode()) <= 150_000


def many_teams(teams: int) -> Reading:
    """A table of many teams with long names, and everything else the largest table has."""
    reading = service_company()
    rows = tuple(
        figure("team-practice", estimate(0.2 + i / teams / 2, 0.1, 0.8, 150, 8), option="send the part",
               team=f"Depot number {i} of the north-western region and its islands")
        for i in range(teams)
    )  # fmt: skip
    kept = tuple(f for f in reading.figures if f.measure != "team-practice")
    return replace(reading, figures=(*kept, *rows))


def test_a_table_of_many_teams_draws_some_and_says_so() -> None:
    context = replace(CONTEXT, team_names=True)
    page = render_html(many_teams(200), context)
    assert page.count('scope="row">Depot number') == 20
    assert "Depot number 0 of" in page
    assert "Depot number 199 of" in page
    assert "20 of 200 depots, evenly from the first to the last" in page
    told = [
        f for f in to_json(many_teams(200), context)["figures"] if f["measure"] == "team-practice"
    ]
    assert len(told) == 200


def test_a_page_that_would_be_too_large_goes_without_its_fonts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "font/woff2" in render_html(service_company(), CONTEXT)
    monkeypatch.setattr(report, "MOST_BYTES", 100_000)
    page = render_html(service_company(), CONTEXT)
    assert "font/woff2" not in page
    assert len(page.encode()) <= 100_000


def test_system_fonts_leave_the_fonts_out() -> None:
    page = render_html(service_company(), replace(CONTEXT, system_fonts=True))
    assert "@font-face" not in page
    assert len(page.encode()) <= 80_000


def test_the_policy_of_the_page_names_its_own_style() -> None:
    from base64 import b64encode

    page = render_html(service_company(), CONTEXT)
    style = page.split("<style>")[1].split("</style>")[0]
    assert b64encode(sha256(style.encode()).digest()).decode() in page.split("<style>")[0]


def test_untrusted_text_is_shown_as_text() -> None:
    for seed in SEEDS:
        page = render_html(random_reading(seed), replace(CONTEXT, team_names=True))
        assert NASTY[0] not in page
        assert 'onload="y"' not in page


def test_teams_go_by_letters_unless_they_are_named() -> None:
    reading = service_company()
    page, data = render_html(reading, CONTEXT), json.dumps(to_json(reading, CONTEXT))
    assert "Trondheim" not in page
    assert "Trondheim" not in data
    assert "Depot A" in page
    assert "Trondheim" in render_html(reading, replace(CONTEXT, team_names=True))


def test_the_same_reading_gives_the_same_bytes() -> None:
    assert render_html(service_company(), CONTEXT) == render_html(service_company(), CONTEXT)


def test_the_json_has_its_fixed_keys_and_no_nan() -> None:
    for _, reading in every_reading():
        data = to_json(reading, CONTEXT)
        assert list(data) == [
            "verdict", "headline", "findings", "figures", "cannot_tell", "profile",
        ]  # fmt: skip
        json.dumps(data, allow_nan=False)
        fixed = {
            "measure",
            "groups",
            "value",
            "low",
            "high",
            "n",
            "people",
            "grade",
            "word",
            "status",
        }
        assert all(fixed <= row.keys() for row in data["figures"])
        assert all({"sentence", "word"} <= row.keys() for row in data["findings"])


def test_a_figure_without_a_value_has_no_numbers_in_the_json() -> None:
    for row in to_json(nearly_empty(), CONTEXT)["figures"]:
        assert row["status"] == "not_enough"
        assert row["value"] is row["low"] is row["high"] is None


def test_a_notebook_shows_the_page_in_a_frame_of_its_own() -> None:
    frame = in_frame('<p class="x">é & "so"</p>')
    assert frame.startswith("<iframe")
    assert "<p" not in frame
    assert " style=" not in frame


def test_the_terminal_says_columns_headline_strips_and_that_nothing_left() -> None:
    reading = service_company()
    columns = columns_text(reading.profile)
    assert "Read 4,276 decisions, 5 January to 31 May 2026." in columns
    assert "wrong? --shown COLUMN or --shown none" in columns
    assert "93 in 100 filled" in columns
    text = findings_text(reading, replace(CONTEXT, guess=5), "audit.html")
    lines = [line for line in text.splitlines() if line]
    assert lines[0].strip().startswith("Choices differ more from depot to depot")
    assert "15 in 100 (13 to 17)" in text
    assert "you guessed 5" in text
    assert "audit.html" in text
    assert lines[-1].strip() == "Nothing left this computer."


def test_the_terminal_says_which_columns_were_not_found_and_the_flag_that_names_them() -> None:
    lines = columns_text(nearly_empty().profile).splitlines()
    (advice,) = (line for line in lines if line.split()[:1] == ["outcome"])
    assert "none found" in advice
    assert "--outcome COLUMN" in advice


def test_a_cell_cannot_steer_the_terminal() -> None:
    reading = service_company()
    roles = (replace(reading.profile.roles[0], column="\x1b[31mred"),)
    assert "\x1b" not in columns_text(replace(reading.profile, roles=roles))


def test_the_guess_is_asked_only_where_a_figure_can_answer() -> None:
    question = guess_question(service_company().profile)
    assert question is not None
    assert "another depot" in question
    assert guess_question(nearly_empty().profile) is None


def test_the_fonts_are_the_ones_that_were_checked() -> None:
    folder = resources.files("sayso.present").joinpath("static", "fonts")
    for line in folder.joinpath("SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split()
        assert sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest
    licence = folder.joinpath("OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Inter Project Authors" in licence
    assert "Reserved Font Name 'Source'" in licence


def test_what_was_done_to_the_rows_is_said_and_never_left_out() -> None:
    reading = service_company()
    done = (
        Treatment(code="late-advice", count=1_204),
        Treatment(code="never-chosen", count=1, detail="<b>refer</b>"),
        Treatment(code="something-new", count=3, detail="col"),
    )
    page = render_html(replace(reading, profile=replace(reading.profile, treatments=done)), CONTEXT)
    assert "1,204 cases, counted as justification and not as advice" in page
    assert "Option that nobody chose: &lt;b&gt;refer&lt;/b&gt;." in page
    assert "3 rows: something new (col)." in page


def test_first_views_without_hidden_cases_still_show_what_moved() -> None:
    """RULINGS 4: their grade is association, and nothing is said to have changed."""
    reading = card_game()
    graded = tuple(
        replace(f, grade=Grade.ASSOCIATION) if f.measure == "influence" else f
        for f in reading.figures
    )
    finding = to_json(replace(reading, figures=graded), CONTEXT)["findings"][0]
    assert finding["claim"] == "Net, 11 in 100 first views move to the advice"
    assert "12 (11 to 13) moved to the advice and 2 (1 to 2) moved away" in finding["sentence"]
