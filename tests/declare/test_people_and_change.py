"""Who stands for a charter, what changed, whether charters fit together, and drafts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from sayso.declare.charter import (
    Charter,
    FewDeciders,
    InputType,
    Mode,
    Money,
    Privacy,
    Quantity,
)
from sayso.declare.charter_file import read_charter
from sayso.declare.coherence import CODES as COHERENCE
from sayso.declare.coherence import Placed, coherence
from sayso.declare.diff import diff
from sayso.declare.draft import TableFacts, draft_charter
from sayso.declare.fingerprint import fingerprint
from sayso.declare.people import Accountability, accepted_text, accountable, read_people
from sayso.domain.charter_ref import CharterRef
from tests.declare.good_charter import GOOD, broken

PEOPLE = """\
# Who holds which role.
- {role: head-of-field-service, person: Ada, from: 2025-01-01, to: 2026-06-01}
- {role: head-of-field-service, person: Bo, from: 2026-06-01}   # came from sales
- role: data-science
  person: Cy
"""


def charter(text: str = GOOD) -> Charter:
    found = read_charter(text, "first-visit-part.yaml").charter
    assert found is not None
    return found


@pytest.mark.feature("D15")
@pytest.mark.parametrize(
    ("on", "state", "person"),
    [
        (date(2024, 12, 31), Accountability.VACANT, None),
        (date(2026, 5, 31), Accountability.NAMED, "Ada"),
        (date(2026, 6, 1), Accountability.NAMED, "Bo"),
    ],
)
def test_who_is_accountable_on_any_day(on: date, state: Accountability, person: str | None):
    assert accountable(read_people(PEOPLE, "p").holders, charter(), on=on) == (state, person)


def test_an_acceptance_counts_from_its_day_and_for_its_version_alone():
    reading = read_people(PEOPLE, "p")
    text = accepted_text(
        PEOPLE, reading.places[1], CharterRef("first-visit-part", 3), date(2026, 7, 1)
    )
    holders = read_people(text, "p").holders
    assert accountable(holders, charter(), on=date(2026, 7, 1))[0] is Accountability.ACCEPTED
    assert accountable(holders, charter(), on=date(2026, 6, 30))[0] is Accountability.NAMED
    newer = charter(broken("version: 3", "version: 4"))
    assert accountable(holders, newer, on=date(2026, 8, 1))[0] is Accountability.NAMED


def test_nobody_is_accountable_where_the_role_is_unknown():
    other = replace(charter(), owner="nobody-knows")
    got = accountable(read_people(PEOPLE, "p").holders, other, on=date(2026, 7, 1))
    assert got == (Accountability.NOBODY, None)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_accepting_touches_nothing_else_and_can_be_done_again(place: int):
    ref, on = CharterRef("a-b", 1), date(2026, 7, 1)
    once = accepted_text(PEOPLE, read_people(PEOPLE, "p").places[place], ref, on)
    twice = accepted_text(once, read_people(once, "p").places[place], CharterRef("a-b", 2), on)
    reading = read_people(twice, "p")
    assert reading.problems == ()
    assert [r for r, _ in reading.holders[place].accepted] == [ref, CharterRef("a-b", 2)]
    assert "# Who holds which role." in twice
    assert "# came from sales" in twice
    assert len(twice.splitlines()) <= len(PEOPLE.splitlines()) + 1


def test_two_holders_at_once_are_said_at_their_line():
    text = PEOPLE.replace(", to: 2026-06-01", "")
    problems = read_people(text, "people.yaml").problems
    assert [(p.code, p.place.line) for p in problems] == [("SAY301", 3)]


def test_a_last_day_before_the_first_is_refused():
    text = PEOPLE.replace("to: 2026-06-01", "to: 2024-06-01")
    assert "SAY302" in {p.code for p in read_people(text, "people.yaml").problems}


CHANGED: dict[str, Charter] = {
    "decision": replace(charter(), decision="other"),
    "question": replace(charter(), question="Should it?"),
    "options": replace(charter(), options=("bring", "leave", "ask")),
    "quantity": replace(charter(), quantity=Quantity(unit="EUR", low=0, high=9)),
    "default": replace(charter(), default="bring"),
    "owner": replace(charter(), owner="someone-else"),
    "rights": charter(broken("veto: []", "veto: [union]")),
    "differently": charter(broken("to: 0.60", "to: 0.70")),
    "inputs": replace(charter(), inputs=(*charter().inputs, ("new", InputType.NUMBER))),
    "kinds": replace(charter(), kinds=("age",)),
    "alike": charter(broken("within: {age: 1}", "within: {age: 2}")),
    "affected": replace(charter(), affected=("age group",)),
    "matters": charter(broken("weight: 0.6", "weight: 0.5")),
    "outcome": charter(broken("due: 21d", "due: 14d")),
    "mistakes": charter(broken("costs: 310 EUR", "costs: 250 EUR")),
    "advice": charter(broken("mode: advise", "mode: watch")),
    "reasons": replace(charter(), reasons=("other", "none")),
    "worth_acting_on": replace(charter(), worth_acting_on=0.1),
    "assumptions": charter(broken("holds: [0.69, 0.79]", "holds: [0.5, 0.79]")),
    "gate": replace(charter(), gate=None),
    "look_again": charter(broken("next: 2026-12-07", "next: 2027-01-07")),
    "privacy": replace(charter(), privacy=Privacy(minimum_people=9)),
    "source": charter(broken("table: visits.parquet", "table: other.parquet")),
}


def test_every_field_of_a_charter_is_told_when_it_changes():
    assert set(CHANGED) == {f.name for f in fields(Charter)} - {"version"}
    for name, new in CHANGED.items():
        assert diff(charter(), new), f"a change of {name} goes unsaid"
        assert diff(new, charter()), f"undoing a change of {name} goes unsaid"


def test_the_version_alone_changes_nothing_for_those_who_decide():
    assert diff(charter(), replace(charter(), version=9)) == ()


def test_changes_read_as_sentences():
    assert diff(charter(), CHANGED["mistakes"]) == (
        "Choosing leave wrongly now counts 250 EUR; it counted 310 EUR.",
    )
    assert diff(charter(), CHANGED["rights"]) == ("Union may now stop a choice.",)
    assert diff(charter(), CHANGED["advice"]) == (
        "What the AI may do is now watch; it was advise.",
    )


def test_the_fingerprint_knows_every_field_and_no_formatting():
    seen = {fingerprint(charter())} | {fingerprint(new) for new in CHANGED.values()}
    assert len(seen) == len(CHANGED) + 1
    respaced = GOOD.replace("options: [bring, leave]", "options:\n  - bring   # first\n  - leave")
    assert fingerprint(charter(respaced)) == fingerprint(charter())
    assert fingerprint(charter()).startswith("v1:")
    money = replace(charter().mistakes[0], costs=Money(190, "EUR"))
    whole = replace(charter(), mistakes=(money, charter().mistakes[1]))
    assert fingerprint(whole) == fingerprint(charter())


def placed(text: str, file: str) -> Placed:
    reading = read_charter(text, file)
    assert reading.charter is not None
    return Placed(reading.charter, reading.places)


def other(*changes: tuple[str, str]) -> Placed:
    text = GOOD.replace("decision: first-visit-part", "decision: stock-level")
    text = text.replace("table: visits.parquet", "table: stock.parquet")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return placed(text, "stock-level.yaml")


@pytest.mark.feature("D14")
@pytest.mark.parametrize(
    ("code", "second"),
    [
        ("SAY310", other(("range: [310, 0]", "range: [0, 310]"))),
        (
            "SAY311",
            other(
                ("range: [310, 0]", "range: [0, 310]"),
                ("owner: head-of-field-service", "owner: cfo"),
            ),
        ),
        ("SAY312", other(("table: stock.parquet", "table: visits.parquet"))),
        ("SAY313", other(("age: number", "stock_level: number"))),
        ("SAY314", placed(GOOD, "copy.yaml")),
    ],
)
def test_charters_that_do_not_fit_are_said(code: str, second: Placed):
    problems = coherence([placed(GOOD, "first-visit-part.yaml"), second])
    assert code in {p.code for p in problems}
    assert code in COHERENCE


def test_charters_that_fit_have_nothing_said_of_them():
    assert coherence([placed(GOOD, "a.yaml"), other(("name: part_used", "name: left"))]) == ()


def test_a_draft_reads_without_errors_and_asks_what_it_cannot_know():
    text = draft_charter(
        TableFacts(
            name="visits.csv",
            slug="visits",
            options=("yes", "no", "ask: later"),
            columns=(("choice", 'part "sent"', "sure"),),
            inputs=(("fault code", "category"), ("age", "number")),
            outcome=("used", "boolean"),
            reasons=("stock is low", "#1"),
            source=True,
        )
    )
    reading = read_charter(text, "visits.yaml")
    assert reading.problems == ()
    assert reading.charter is not None
    assert reading.charter.options == ("yes", "no", "ask: later")
    assert reading.charter.inputs[0] == ("fault code", InputType.CATEGORY)
    assert "whose phone rings?" in text
    assert "# sure" in text
    assert reading.charter.advice is not None
    assert reading.charter.advice.mode is Mode.ADVISE
    assert reading.charter.privacy.few_deciders is FewDeciders.REFUSE


def test_a_draft_says_after_which_option_outcomes_are_known():
    text = draft_charter(
        TableFacts(
            name="loans.csv",
            slug="loans",
            options=("don't lend", "lend"),
            columns=(("choice", "decision", "sure"), ("outcome", "repaid", "sure")),
            outcome=("repaid", "boolean"),
            seen_for="don't lend",
        )
    )
    reading = read_charter(text, "loans.yaml")
    assert reading.problems == ()
    assert reading.charter is not None
    assert reading.charter.outcome is not None
    assert reading.charter.outcome.seen_when == "choice = 'don''t lend'"
