"""What the queries of influence, reliance and overruling count is what plain Python counts."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.measure.measure import query
from sayso.measure.rows import Rows
from tests.measure.case_rows import cases_from

Case = dict[str, object]
option = st.sampled_from(["yes", "no", "third", None])
flag = st.sampled_from([True, False, None])
loss = st.sampled_from([0.0, 1.0, 3.0, None])
stake = st.sampled_from([1.0, 3.0, None])
cases = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "kind": st.sampled_from(["k", "l", None]),
            "choice": option,
            "advice": option,
            "prior": option,
            "shown": flag,
            "late_half": flag,
            "justification": flag,
            "outcome_matured": st.booleans(),
            "choice_right": flag,
            "advice_right": flag,
            "prior_right": flag,
            "choice_loss": loss,
            "advice_loss": loss,
            "prior_loss": loss,
            "choice_stake": stake,
            "advice_stake": stake,
            "prior_stake": stake,
            "reason_code": st.sampled_from(["r", None]),
            "week": st.sampled_from([0.0, 1.0, None]),
        }
    ),
    max_size=30,
)
same = settings(max_examples=25, deadline=None)


def rows_of(name: str, table: list[Case], **params: object) -> Rows:
    return cases_from(table).fetch(query(name), params)


def total(rows: Rows, column: str, keep: Callable[[Rows, int], bool] = lambda *_: True) -> float:
    if not len(rows):
        return 0.0
    return sum(v for i, v in enumerate(rows.numbers(column).tolist()) if keep(rows, i))


def staked(r: Case, name: str) -> float:
    """What a wrong answer costs; 1 where nobody said."""
    return 1.0 if r[name] is None else float(str(r[name]))


def advised(r: Case) -> bool:
    """The advice was there in time, and there is a choice to hold against it."""
    return not r["justification"] and r["choice"] is not None and r["advice"] is not None


def seen(r: Case) -> bool:
    return r["shown"] is not False


@same
@given(cases)
def test_agreement(table: list[Case]):
    rows = rows_of("agreement", table)
    used = [r for r in table if advised(r)]
    assert total(rows, "cases") == len(used)
    assert total(rows, "agreed") == sum(r["choice"] == r["advice"] for r in used)
    for view in (True, False):
        mine = [r for r in used if seen(r) is view and r["late_half"] is True]
        got = total(
            rows,
            "cases",
            lambda a, i, v=view: a.numbers("in_view")[i] == v and a.numbers("late_half")[i] == 1,
        )
        assert got == len(mine)


@same
@given(cases)
def test_agreement_by_week(table: list[Case]):
    rows = rows_of("agreement_by_week", table)
    used = [r for r in table if advised(r) and r["week"] is not None]
    assert total(rows, "cases") == len(used)
    assert total(rows, "agreed") == sum(r["choice"] == r["advice"] for r in used)


@same
@given(cases)
def test_choices_under_each_advice(table: list[Case]):
    rows = rows_of("advised", table)
    used = [r for r in table if advised(r)]
    for advice in ("yes", "no"):
        for choice in ("yes", "no"):
            part = rows.equal("advice", advice).equal("choice", choice) if len(rows) else rows
            want = sum(r["advice"] == advice and r["choice"] == choice for r in used)
            assert total(part, "cases") == want


@same
@given(cases)
def test_first_views(table: list[Case]):
    rows = rows_of("first_views", table)
    used = [r for r in table if advised(r) and r["prior"] is not None]
    assert total(rows, "cases") == len(used)
    assert total(rows, "agreed") == sum(r["prior"] == r["advice"] == r["choice"] for r in used)
    assert total(rows, "moved_to") == sum(
        r["prior"] != r["advice"] and r["choice"] == r["advice"] for r in used
    )
    assert total(rows, "moved_away") == sum(
        r["prior"] == r["advice"] and r["choice"] != r["advice"] for r in used
    )
    assert total(rows, "held") == sum(
        r["prior"] != r["advice"] and r["choice"] == r["prior"] for r in used
    )


@same
@given(cases)
def test_adoption(table: list[Case]):
    rows = rows_of("adoption", table)
    there = [r for r in table if r["advice"] is not None]
    exposed = [r for r in there if seen(r) and not r["justification"]]
    assert total(rows, "cases") == len(table)
    assert total(rows, "computed") == len(there)
    assert total(rows, "late") == sum(bool(r["justification"]) for r in there)
    assert total(rows, "exposed") == len(exposed)
    usable = [r for r in exposed if r["prior"] is not None and r["choice"] is not None]
    assert total(rows, "usable") == len(usable)
    assert total(rows, "used") == sum(
        r["prior"] != r["advice"] and r["choice"] == r["advice"] for r in usable
    )


@same
@given(cases)
def test_reliance(table: list[Case]):
    rows = rows_of("reliance", table)
    used = [r for r in table if not r["justification"] and r["outcome_matured"]]
    # A case whose choice is not known to be right or wrong takes no part.
    judged = [r for r in used if r["choice_right"] is not None]
    correctable = [r for r in judged if r["prior_right"] is False and r["advice_right"]]
    defensible = [r for r in judged if r["prior_right"] and r["advice_right"] is False]
    assert total(rows, "correctable") == len(correctable)
    assert total(rows, "defensible") == len(defensible)
    assert total(rows, "listened") == sum(bool(r["choice_right"]) for r in correctable)
    assert total(rows, "held_firm") == sum(bool(r["choice_right"]) for r in defensible)
    both = [r for r in used if r["choice"] is not None and r["advice"] is not None]
    wrong = [r for r in both if r["advice_right"] is False]
    assert total(rows, "wrong_advice") == len(wrong)
    assert total(rows, "wrong_taken") == sum(r["choice"] == r["advice"] for r in wrong)
    right = [r for r in both if r["advice_right"]]
    assert total(rows, "right_refused") == sum(r["choice"] != r["advice"] for r in right)


@same
@given(cases)
def test_overruling(table: list[Case]):
    rows = rows_of("overruled", table)
    used = [r for r in table if advised(r) and seen(r)]
    assert total(rows, "cases") == len(used)
    against = [r for r in used if r["choice"] != r["advice"]]
    assert total(rows, "cases", lambda a, i: a.numbers("overruled")[i] == 1) == len(against)
    known = [
        r
        for r in against
        if r["outcome_matured"] and r["choice_loss"] is not None and r["advice_loss"] is not None
    ]
    over = rows.where(rows.numbers("overruled") == 1.0) if len(rows) else rows
    assert total(over, "known") == len(known)
    assert total(over, "gain") == sum(
        float(str(r["advice_loss"])) - float(str(r["choice_loss"])) for r in known
    )
    unseen = [
        r
        for r in against
        if r["outcome_matured"] and (r["choice_loss"] is None or r["advice_loss"] is None)
    ]
    assert total(over, "may_gain") == sum(staked(r, "advice_stake") for r in unseen)
    assert total(over, "may_lose") == sum(staked(r, "choice_stake") for r in unseen)
    with_reason = over.equal("reason", "r") if len(over) else over
    assert total(with_reason, "cases") == sum(r["reason_code"] == "r" for r in against)


@same
@given(cases)
def test_quality(table: list[Case]):
    rows = rows_of("quality", table)
    used = [
        r
        for r in table
        if r["outcome_matured"] and not r["justification"] and r["choice"] is not None
    ]
    assert total(rows, "matured") == len(used)
    assert total(rows, "known") == sum(r["choice_loss"] is not None for r in used)
    assert total(rows, "choice_right") == sum(r["choice_right"] is True for r in used)
    assert total(rows, "mended") == sum(
        r["choice_right"] is True and r["prior_right"] is False for r in used
    )
    assert total(rows, "spoiled") == sum(
        r["choice_right"] is False and r["prior_right"] is True for r in used
    )
    lost = [float(str(r["choice_loss"])) for r in used if r["choice_loss"] is not None]
    assert total(rows, "lost") == sum(lost)
    assert total(rows, "lost_squares") == sum(x * x for x in lost)
    assert total(rows, "at_stake") == sum(
        staked(r, "choice_stake") for r in used if r["choice_loss"] is None
    )
    open_ones = [
        r
        for r in used
        if r["prior"] not in (None, r["choice"])
        and (r["choice_loss"] is None or r["prior_loss"] is None)
    ]
    assert total(rows, "may_save") == sum(staked(r, "prior_stake") for r in open_ones)
    assert total(rows, "may_lose") == sum(staked(r, "choice_stake") for r in open_ones)
    view = [r for r in used if seen(r) and r["advice"] is not None]
    got = total(rows, "matured", lambda a, i: a.numbers("in_view")[i] == 1)
    assert got == len(view)


@same
@given(cases)
def test_assignment_and_balance(table: list[Case]):
    rows = rows_of("assignment", table)
    used = [r for r in table if r["shown"] is not None]
    assert total(rows, "cases") == len(used)
    assert total(rows, "unmade") == sum(r["choice"] is None for r in used)
    assert total(rows, "late") == sum(r["justification"] is True for r in used)
    balance = rows_of("balance", table, stated=0.5)
    big = {}
    for who in {r["decider"] for r in used}:
        mine = [r for r in used if r["decider"] == who]
        if len(mine) * 0.25 >= 5:
            big[who] = (sum(r["shown"] is True for r in mine) - len(mine) / 2) ** 2 / len(mine) * 4
    part = balance.equal("variable", "decider")
    assert total(part, "cells") == len(big)
    if big:
        assert abs(total(part, "distance") - sum(big.values())) < 1e-9


@same
@given(cases)
def test_selective(table: list[Case]):
    rows = rows_of("selective", table)
    used = [
        r
        for r in table
        if None not in (r["shown"], r["advice"], r["choice"]) and r["outcome_matured"]
    ]
    assert total(rows, "cases") == len(used)
    assert total(rows, "turned_out_right") == sum(r["choice_right"] is True for r in used)
    assert total(rows, "turned_out_wrong") == sum(r["choice_right"] is False for r in used)


number = st.sampled_from([0.0, 1.0, 2.5, -3.0, None])
quantities = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "choice_number": number,
            "prior_number": number,
            "advice_number": number,
            "shown": flag,
        }
    ),
    max_size=25,
)


@same
@given(quantities)
def test_weights_of_advice(table: list[Case]):
    rows = rows_of("advice_weight", table)
    moves = [
        (
            float(str(r["choice_number"])) - float(str(r["prior_number"])),
            float(str(r["advice_number"])) - float(str(r["prior_number"])),
        )
        for r in table
        if seen(r) and None not in (r["choice_number"], r["prior_number"], r["advice_number"])
    ]
    apart = [(m, a) for m, a in moves if a]
    assert total(rows, "cases") == len(moves)
    assert total(rows, "apart_cases") == len(apart)
    assert abs(total(rows, "moved_apart") - sum(m * a for m, a in moves)) < 1e-9
    assert abs(total(rows, "apart_squared") - sum(a * a for _, a in moves)) < 1e-9
    clipped = sum(min(1.0, max(0.0, m / a)) for m, a in apart)
    assert abs(total(rows, "clipped") - clipped) < 1e-9
    assert total(rows, "outside") == sum(not 0 <= m / a <= 1 for m, a in apart)
    bins = rows_of("advice_weight_bins", table)
    assert total(bins, "cases") == len(apart)
