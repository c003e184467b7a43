"""Six answers begin a charter that reads; what was skipped stays a question in it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.declare.charter_file import read_charter
from sayso.declare.first_answers import (
    FirstAnswers,
    answers_from,
    charter_from,
    due_days,
    one_line,
    slug_of,
)
from sayso.declare.owners import is_group, owner_names

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("Ann Berg", ("Ann Berg",)),
        ("Ann and Bo", ("Ann", "Bo")),
        ("Ann, Bo or Cy", ("Ann", "Bo", "Cy")),
        ("Ann, Bo, and Cy", ("Ann", "Bo", "Cy")),
        ("head of sales and marketing", ("head of sales and marketing",)),
        ("head of sales and head of risk", ("head of sales", "head of risk")),
        ("Ann; Ann", ("Ann",)),
        ("chief risk officer / chief data officer", ("chief risk officer", "chief data officer")),
        ("Sandy Anderson", ("Sandy Anderson",)),
    ],
)
def test_who_is_named(text: str, names: tuple[str, ...]):
    assert owner_names(text) == names


@pytest.mark.parametrize(
    ("owner", "group"),
    [("the credit committee", True), ("we all", True), ("chair of the board", False),
     ("ann", False), ("risk-team", True), ("head-of-the-team", False)],
)  # fmt: skip
def test_a_group_is_nobody(owner: str, group: bool):
    assert is_group(owner) is group


@pytest.mark.parametrize(
    ("text", "days"),
    [("repaid after 12 months", 365), ("in two weeks", 14), ("within a year", 365), ("90 days", 90),
     ("next quarter", 91), ("six months later", 183), ("half a year", 182), ("soon", None), ("", None),
     ("fewer complaints in 3 of 4 shops", None)],
)  # fmt: skip
def test_when_it_would_be_seen(text: str, days: int | None):
    assert due_days(text) == days


@pytest.mark.parametrize(
    ("text", "said"),
    [("declines fall, by June 2027", True), ("declines_fall_june_2027", True), ("by Q3", True),
     ("repaid after a year", True), ("before next summer", True), ("nobody may complain", False),
     ("the march to more sales", False), ("customers are happy", False)],
)  # fmt: skip
def test_a_date_says_when_as_a_lag_does(text: str, said: bool):
    assert FirstAnswers(outcome=text).says_when is said


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Should this loan be approved?", "loan-approved"), ("Größe & Preis?", "grosse-preis"),
     ("契約を承認するか", "unnamed-decision"), ("", "unnamed-decision"), ("../../etc/passwd", "etc-passwd"),
     ("24 hour rule", "unnamed-decision")],
)  # fmt: skip
def test_a_sentence_becomes_a_file_name(text: str, slug: str):
    assert slug_of(text) == slug


def test_skipping_and_control_characters():
    assert one_line("  a\tb\x1b[31m\n") == "a b[31m"
    assert one_line("-") == one_line("?") == ""
    assert answers_from(["", "", ""]).silent
    assert answers_from(["a", "b", "c", "d", "e", "f", "", ""]).assumption == "f"
    with pytest.raises(ValueError, match="line 7"):
        answers_from(["a", "b", "c", "d", "e", "f", "g"])
    with pytest.raises(ValueError, match="line 2"):
        answers_from(["a", "x" * 2001])


typed = st.text(max_size=60).map(one_line)


@settings(max_examples=200, deadline=None)
@given(typed, typed, typed, typed, typed, typed)
def test_whatever_is_typed_the_charter_reads(
    decision: str, ai: str, owner: str, differently: str, outcome: str, assumption: str
):
    said = FirstAnswers(
        decision=decision, ai=ai, owner=owner, differently=differently, outcome=outcome,
        assumption=assumption,
    )  # fmt: skip
    slug = slug_of(decision)
    reading = read_charter(charter_from(said, slug, DAY), f"{slug}.yaml")
    form = [p for p in reading.problems if p.code.startswith("SAY1")]
    assert form == []
    charter = reading.charter
    assert charter is not None
    assert (charter.question or "") == decision
    if ai:
        assert charter.advice is not None
        assert charter.advice.source == ai
    assert [d.says for d in charter.differently] == ([differently] if differently else [])
    assert [a.says for a in charter.assumptions] == ([assumption] if assumption else [])
    assert (charter.outcome is not None) is bool(outcome)
