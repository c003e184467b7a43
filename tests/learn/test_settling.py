"""When a round may be settled, by each rule that may be declared beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.round import RoundState, SettleBy
from sayso.declare.charter_file import read_charter
from sayso.domain.charter_ref import CharterRef
from sayso.learn.proposal import (
    CHANGED,
    Checked,
    Expected,
    Moved,
    Objection,
    Proposal,
    ProposalState,
    Settlement,
    Wanted,
    moved,
    next_id,
    read_settlement,
)
from sayso.learn.settling import Allowed, RoundFacts, may_settle
from sayso.measure.estimators.difference import Change
from sayso.workspace.proposals import proposal_from, proposal_text
from tests.declare.good_charter import GOOD

DAY = date(2026, 11, 24)
WEEK = timedelta(days=7)
PROPOSAL = Proposal(
    id="a-1", base=CharterRef("a", 3), to=CharterRef("a", 4), fingerprint="v1:x", round="a-1",
    rule="Bring it", why="Because", expected=Expected(check="avg(x)", start=0.4, target=0.6),
    check_on=DAY + timedelta(days=90), by="chief", settle=SettleBy.OWNER, drafted=DAY,
)  # fmt: skip
FACTS = RoundFacts(
    id="a-1", decision="a", state=RoundState.SHOWN, settle=SettleBy.OWNER, quorum=0.6, invited=8,
    sent=5, least=5, opened=DAY - 2 * WEEK, closes=DAY, owner="chief", holder="Ada",
    veto=("union",),
)  # fmt: skip
AGAINST = Objection(number=1, because="It costs", on=DAY)


def settled(facts: RoundFacts = FACTS, *against: Objection, on: date = DAY, by: str = "chief"):
    proposal = replace(PROPOSAL, settle=facts.settle, objections=against)
    return may_settle(proposal, facts, against, by=by, today=on)


@pytest.mark.feature("A7")
def test_the_owner_decides_once_the_results_are_shown():
    assert settled() == Allowed("chief")
    for state in set(RoundState) - {RoundState.SHOWN}:
        assert isinstance(settled(replace(FACTS, state=state)), tuple)


@pytest.mark.feature("E8")
@pytest.mark.parametrize("rule", list(SettleBy))
def test_whoever_proposes_and_is_not_accountable_cannot_approve_under_any_rule(rule: SettleBy):
    facts = replace(FACTS, settle=rule)
    assert settled(facts, on=DAY + WEEK) == Allowed("chief")
    said = settled(facts, on=DAY + WEEK, by="dispatchers")
    assert isinstance(said, tuple)
    assert any("dispatchers may only propose" in s for s in said)


def test_nobody_settles_where_nobody_stands():
    for facts in (replace(FACTS, owner=None), replace(FACTS, holder=None)):
        assert isinstance(settled(facts), tuple)


def test_consent_needs_days_in_which_somebody_could_object():
    facts = replace(FACTS, settle=SettleBy.CONSENT)
    assert isinstance(settled(facts, on=DAY + WEEK - timedelta(days=1)), tuple)
    assert settled(facts, on=DAY + WEEK) == Allowed("chief")


def test_consent_waits_for_an_answer_to_every_reason():
    facts = replace(FACTS, settle=SettleBy.CONSENT)
    said = settled(facts, AGAINST, on=DAY + WEEK)
    assert said == ("Objection 1 is not answered: It costs",)
    answered = replace(AGAINST, answer="It saves more", answered=DAY)
    assert settled(facts, answered, on=DAY + WEEK) == Allowed("chief")


@pytest.mark.parametrize(
    ("quorum", "invited", "needed"), [(0.6, 5, 3), (0.5, 5, 3), (1.0, 8, 8), (0.1, 10, 1)]
)
def test_a_quorum_is_the_least_whole_number_that_reaches_the_share(
    quorum: float, invited: int, needed: int
):
    facts = replace(FACTS, settle=SettleBy.QUORUM, quorum=quorum, invited=invited)
    assert settled(replace(facts, sent=needed)) == Allowed("chief")
    if needed > 1:
        assert isinstance(settled(replace(facts, sent=needed - 1)), tuple)


def test_a_veto_stops_within_seven_days_and_not_after():
    facts = replace(FACTS, settle=SettleBy.VETO)
    veto = replace(AGAINST, veto="union", on=DAY + timedelta(days=6))
    assert settled(facts, veto, on=DAY + WEEK) == ("union stops it: It costs",)
    late = replace(veto, on=DAY + WEEK)
    assert settled(facts, late, on=DAY + WEEK) == Allowed("chief")
    stranger = replace(veto, veto="stores")
    assert settled(facts, stranger, on=DAY + WEEK) == Allowed("chief")
    assert settled(replace(facts, veto=())) == Allowed("chief"), "nobody could stop it"


def test_a_changed_proposal_lies_open_anew_and_keeps_what_was_said():
    old = replace(PROPOSAL, settle=SettleBy.CONSENT, objections=(AGAINST,))
    new = old.changed(replace(PROPOSAL, rule="Bring it sometimes"), on=DAY + WEEK)
    assert (new.id, new.drafted, new.rule) == ("a-1", DAY + WEEK, "Bring it sometimes")
    assert new.objections[0].answer == CHANGED


@pytest.mark.feature("E11")
@pytest.mark.parametrize(
    ("low", "high", "target", "wanted"),
    [
        (0.41, 0.5, 0.6, Moved.TOWARDS),
        (0.4, 0.5, 0.6, Moved.NOT_SEEN),
        (0.3, 0.39, 0.6, Moved.AWAY),
        (0.3, 0.39, 0.2, Moved.TOWARDS),
        (0.41, 0.5, 0.2, Moved.AWAY),
        (None, None, 0.6, Moved.NOT_SEEN),
    ],
)
def test_a_difference_is_measured_only_where_the_range_excludes_no_change(
    low: float | None, high: float | None, target: float, wanted: Moved
):
    proposal = replace(PROPOSAL, expected=Expected(check="avg(x)", start=0.4, target=target))
    check = Checked(on=DAY, change=Change.HAPPENED, value=low, low=low, high=high)
    assert moved(proposal, check) is wanted


def test_a_proposal_is_seen_as_it_stood_on_a_day():
    done = replace(
        PROPOSAL,
        objections=(replace(AGAINST, on=DAY + WEEK, answer="No", answered=DAY + 2 * WEEK),),
        settled=DAY + 3 * WEEK,
        checks=(Checked(on=DAY + 4 * WEEK, change=Change.HAPPENED, value=1, low=1, high=1),),
    )
    states = [p.state if (p := done.as_of(DAY + k * WEEK)) else None for k in range(-1, 5)]
    assert states == [
        None, ProposalState.DRAFTED, ProposalState.OBJECTED, ProposalState.DRAFTED,
        ProposalState.SETTLED, ProposalState.CHECKED,
    ]  # fmt: skip


CHARTER = read_charter(GOOD, "first-visit-part.yaml").charter
TYPED = Settlement(
    rule="Bring it", why="Most agreed", check="avg(choice = 'bring')", where="words_match",
    start="0.41", target="0.6", check_on="2027-03-01",
    weights="solved at once=0.7, parts kept=0.3",
)  # fmt: skip


def test_what_was_typed_is_read():
    assert CHARTER is not None
    wanted = read_settlement(TYPED, CHARTER, today=DAY)
    assert isinstance(wanted, Wanted)
    assert wanted.weights == (("solved at once", 0.7), ("parts kept", 0.3))
    assert wanted.expected == Expected(
        check="avg(choice = 'bring')", where="words_match", start=0.41, target=0.6
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("rule", "  "), ("why", ""), ("check", ""), ("check", "choice = 'bring'"),
        ("check", "max(age)"), ("check", "avg(nobody)"), ("check", "avg(choice"), ("where", "avg(age)"),
        ("where", "age"), ("start", "many"), ("start", "1e999"), ("start", "nan"), ("target", "0.41"),
        ("check_on", "soon"), ("check_on", "2026-11-24"), ("weights", "solved at once=0.7"),
        ("weights", "solved at once=0.7, parts kept=0.4"), ("weights", "speed=1"),
        ("weights", "solved at once=2, parts kept=-1"), ("weights", "solved at once=1, solved at once=0"),
    ],
)  # fmt: skip
def test_each_thing_that_cannot_be_settled_is_said_beside_its_field(field: str, text: str):
    assert CHARTER is not None
    wrong = read_settlement(replace(TYPED, **{field: text}), CHARTER, today=DAY)
    assert isinstance(wrong, tuple)
    assert [p.field for p in wrong] == [field]


def test_the_next_name_is_the_first_that_is_free():
    assert next_id("a", ()) == "a-1"
    assert next_id("a", ("a-1", "a-3", "b-2")) == "a-2"


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60
).map(lambda t: t.strip() or "x")
numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(texts, texts, texts, numbers, numbers, st.booleans())
def test_a_proposal_comes_back_from_its_file_as_it_was(
    rule: str, why: str, name: str, start: float, target: float, done: bool
):
    one = replace(
        PROPOSAL,
        rule=rule,
        why=why,
        expected=Expected(check="avg(x)", where=why, start=start, target=target),
        weights=((name, 0.25),),
        objections=(
            Objection(number=1, because=rule, on=DAY, veto=name, answer=why, answered=DAY),
        ),
        settled=DAY if done else None,
        checks=(
            Checked(on=DAY, change=Change.NOT_YET, value=start, low=start, high=start, cases=7),
            Checked(on=DAY, change=Change.CANNOT_TELL, why=why),
        ),
    )
    assert proposal_from(proposal_text(one), "a-1.yaml") == one
