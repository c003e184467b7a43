"""What is owed, by which role and by when; and what Sayso may claim for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.round import RoundState, SettleBy
from sayso.declare.accountability import Version, ownership_of
from sayso.declare.activation import Activation
from sayso.declare.charter import LookAgain
from sayso.declare.holders import Holder
from sayso.declare.marks import Fate, Suggestion, SuggestionKind
from sayso.domain.charter_ref import CharterRef
from sayso.learn.proposal import Checked
from sayso.learn.settling import RoundFacts
from sayso.measure.estimators.difference import Change
from sayso.present.status import duty_text, effect_text, front_line_text, leaders_text
from sayso.steward.duties import DutyKind, Open, duties_of, overdue
from sayso.steward.own_effect import own_effect_of
from tests.declare.test_accountability import charter
from tests.learn.test_settling import DAY, FACTS, PROPOSAL

ADA = Holder(role="chief", person="Ada", accepted=((CharterRef("a", 1), date(2026, 1, 1)),))
WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
SUGGESTION = Suggestion(
    id="a@1.1", charter=CharterRef("a", 1), kind=SuggestionKind.INPUT, says="weather", on=DAY
)
SETTLED = replace(PROPOSAL, settled=DAY)


def owed(
    on: date = DAY,
    *,
    holders: tuple[Holder, ...] = (ADA,),
    look: LookAgain | None = None,
    **given: object,
):
    version = Version(charter(look_again=look), DAY - 30 * A_DAY)
    return duties_of(Open(ownership=ownership_of([version], holders, (), on=on), **given), today=on)  # type: ignore[arg-type]


def test_answers_that_still_lie_ninety_days_after_the_rule_are_to_be_deleted():
    lying = replace(FACTS, state=RoundState.SETTLED, lies=True)
    after = DAY + 90 * A_DAY

    def forgetting(on: date, one: RoundFacts):
        found = owed(on, rounds=[one], proposals=[SETTLED])
        return [duty for duty in found if duty.kind is DutyKind.FORGET]

    assert forgetting(after, lying) == [], "on the ninetieth day it is not"
    (due,) = forgetting(after + A_DAY, lying)
    assert (due.kind, due.role, due.overdue_days(after + A_DAY)) == (DutyKind.FORGET, "chief", 1)
    said = duty_text(due, on=after + A_DAY)
    assert said.startswith("Delete the answers of a-1: sayso round forget a-1.")
    assert forgetting(after + A_DAY, replace(lying, lies=False)) == []


def test_nothing_is_owed_where_everything_is_settled():
    assert owed() == ()


@pytest.mark.feature("D9")
def test_a_day_to_look_again_goes_to_the_owner_and_then_to_whoever_is_above():
    look = LookAgain(next=DAY, escalate_after_days=14, to="coo")
    assert owed(DAY - A_DAY, look=look) == (), "before its day it is not owed"
    (due,) = owed(DAY, look=look)
    assert (due.kind, due.role, due.overdue_days(DAY)) == (DutyKind.LOOK_AGAIN, "chief", 0)
    (late,) = owed(DAY + 14 * A_DAY, look=look)
    assert (late.role, late.escalated_from) == ("chief", "")
    (up,) = owed(DAY + 15 * A_DAY, look=look)
    assert (up.role, up.escalated_from) == ("coo", "chief")
    assert "It was for chief, and is for coo now." in duty_text(up, on=DAY + 15 * A_DAY)
    (alone,) = owed(DAY + 99 * A_DAY, look=LookAgain(next=DAY, escalate_after_days=1))
    assert alone.role == "chief", "nobody is named above"


@pytest.mark.feature("S3")
def test_accepting_is_owed_after_fourteen_days_and_a_vacancy_at_once():
    named = replace(ADA, accepted=(), since=DAY)
    (due,) = owed(DAY + 14 * A_DAY, holders=(named,))
    assert (due.kind, due.overdue_days(DAY + 14 * A_DAY)) == (DutyKind.ACCEPT, 0)
    (late,) = owed(DAY + 15 * A_DAY, holders=(named,))
    assert late.overdue_days(DAY + 15 * A_DAY) == 1
    (empty,) = owed(DAY, holders=(replace(ADA, until=DAY - WEEK),))
    assert (empty.kind, empty.overdue_days(DAY)) == (DutyKind.FILL, 7)
    (nobody,) = owed(DAY, holders=())
    assert (nobody.kind, nobody.due) == (DutyKind.NAME, None)


@pytest.mark.feature("S9")
def test_rules_and_answers_that_people_wait_for_are_counted_for_those_who_owe_them():
    duties = owed(
        DAY + 15 * A_DAY,
        rounds=(FACTS, replace(FACTS, id="a-2", state=RoundState.OPEN)),
        suggestions=(SUGGESTION,),
    )
    assert leaders_text(duties) == "Those who are accountable owe 1 answer and 1 rule."
    late = overdue(duties, today=DAY + 15 * A_DAY)
    assert [(d.kind, d.role) for d in late] == [
        (DutyKind.SETTLE, "chief"),
        (DutyKind.ANSWER_SUGGESTION, "chief"),
    ]
    assert "Ada" not in " ".join(duty_text(d, on=DAY) for d in duties), "the role alone is named"


def test_a_proposal_that_lies_open_is_due_when_its_days_are_over():
    laid = replace(PROPOSAL, settle=SettleBy.CONSENT)
    (due,) = owed(DAY, rounds=(FACTS,), proposals=(laid,))
    assert (due.kind, due.due) == (DutyKind.SETTLE, DAY + WEEK)


def test_a_check_is_owed_until_a_table_told_whether_it_happened():
    unclear = Checked(on=DAY, change=Change.CANNOT_TELL, why="?")
    told = Checked(on=DAY, change=Change.DID_NOT, value=1, low=1, high=1)
    for checks, number in (((), 1), ((unclear,), 1), ((unclear, told), 0)):
        assert len(owed(DAY, proposals=(replace(SETTLED, checks=checks),))) == number


def test_the_longest_overdue_comes_first_and_what_has_no_day_last():
    duties = owed(
        DAY + 300 * A_DAY,
        holders=(),
        suggestions=(SUGGESTION, replace(SUGGESTION, id="a@1.2", on=DAY - WEEK)),
        proposals=(SETTLED,),
    )
    assert [d.about for d in duties] == ["a@1.2", "a@1.1", "a-1", "a@1"]


def checked(low: float | None, high: float | None, on: date = DAY) -> Checked:
    return Checked(on=on, change=Change.HAPPENED, value=low, low=low, high=high)


@pytest.mark.feature("S11")
def test_what_was_only_intended_is_never_counted_as_a_difference():
    done = (
        SETTLED,
        replace(SETTLED, checks=(checked(None, None),)),
        replace(SETTLED, checks=(checked(0.3, 0.7),)),
    )
    for proposal in done:
        effect = own_effect_of((proposal,), (), (), today=DAY)
        assert (effect.settled, effect.changed, effect.different, effect.other_way) == (1, 1, 0, 0)
    seen = own_effect_of((replace(SETTLED, checks=(checked(0.5, 0.7),)),), (), (), today=DAY)
    assert seen.different == 1
    assert effect_text(seen) == (
        "In 90 days: 1 item settled, 1 charter changed, 1 decision measurably different."
    )


def test_a_difference_the_other_way_is_said_as_one():
    effect = own_effect_of((replace(SETTLED, checks=(checked(0.1, 0.2),)),), (), (), today=DAY)
    assert (effect.different, effect.other_way) == (0, 1)
    assert "1 moved the other way than expected" in effect_text(effect)


def test_the_last_measured_check_counts_and_an_unclear_one_takes_nothing_away():
    went = replace(SETTLED, checks=(checked(0.5, 0.7), checked(0.3, 0.7)))
    assert own_effect_of((went,), (), (), today=DAY).different == 0
    unclear = replace(SETTLED, checks=(checked(0.5, 0.7), checked(None, None)))
    assert own_effect_of((unclear,), (), (), today=DAY).different == 1


@pytest.mark.feature("S11")
def test_where_nothing_changes_that_is_what_it_says():
    assert (
        effect_text(own_effect_of((), (), (), today=DAY)) == "So far, Sayso changes nothing here."
    )
    declined = replace(SUGGESTION, fate=Fate(on=DAY, because="no"))
    assert effect_text(own_effect_of((), (declined,), (), today=DAY)) == (
        "In 90 days: 1 item settled, no charter changed, no decision measurably different. "
        "So far, Sayso changes nothing here."
    )
    old = own_effect_of((SETTLED,), (), (), today=DAY + 90 * A_DAY)
    assert effect_text(old) == "In the last 90 days, Sayso changed nothing here."


def test_ninety_days_are_half_open_and_today_is_one_of_them():
    for on, settled in ((DAY, 1), (DAY + 89 * A_DAY, 1), (DAY + 90 * A_DAY, 0), (DAY - A_DAY, 0)):
        assert own_effect_of((SETTLED,), (), (), today=on).settled == settled


def test_the_first_activation_changes_nothing_and_a_later_one_does():
    first = Activation(charter=CharterRef("a", 1), on=DAY)
    again = Activation(charter=CharterRef("a", 2), on=DAY)
    assert own_effect_of((), (), (first,), today=DAY).changed == 0
    assert own_effect_of((), (), (first, again), today=DAY).changed == 1


@pytest.mark.feature("S8")
def test_the_share_of_changes_from_the_front_line_is_said_in_counts():
    adopted = replace(SUGGESTION, fate=Fate(on=DAY, adopted=CharterRef("a", 2)))
    other = replace(SETTLED, base=CharterRef("b", 1), to=CharterRef("b", 2))
    effect = own_effect_of((SETTLED, other), (adopted,), (), today=DAY)
    assert (
        front_line_text(effect)
        == "Of 3 changes to charters in 90 days, 1 came from the front line."
    )
    assert effect.changed == 2, "two changes to one charter are one charter"
    assert front_line_text(own_effect_of((), (), (), today=DAY)) == ""


@given(st.integers(-200, 200), st.integers(-200, 200), st.integers(-200, 200))
def test_no_count_ever_exceeds_what_happened_by_that_day(settled: int, checked_on: int, on: int):
    one = replace(
        PROPOSAL,
        settled=DAY + settled * A_DAY,
        checks=(checked(0.5, 0.7, DAY + checked_on * A_DAY),),
    )
    effect = own_effect_of((one,), (), (), today=DAY + on * A_DAY)
    assert effect.settled == (0 <= on - settled < 90)
    assert effect.different == (0 <= on - checked_on < 90 and settled <= on)
