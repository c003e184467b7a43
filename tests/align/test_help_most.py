"""Agreeing, knowing and a better model, in one unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.align.clarity import by_consideration, clarity, compared
from sayso.align.considerations import Consideration
from sayso.align.dots import MIDDLES
from sayso.align.help_most import help_most
from sayso.align.money import CURRENCIES
from sayso.align.round_reading import Help, HelpMost
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population
from sayso.domain.evidence import Word
from tests.align.live_cases import invented, live, people

pytestmark = pytest.mark.feature("A6")
PARTS = ("rule", "information", "model", "known", "joint", "planner", "decider")
LACKS = CannotTell("Only the cost of mistakes is known.", "Write measures.")


def priced(consequences: object, weights: np.ndarray, **more: object) -> HelpMost:
    got = help_most(consequences, weights, **more)  # type: ignore[arg-type]
    assert isinstance(got, HelpMost)
    return got


def value(part: Help) -> float:
    assert isinstance(part.answer, Estimate)
    return part.answer.value


def test_worked_example_of_the_measures_by_the_month():
    """MEASURES 1.21 (ii) in every case: rule .01, information 0, joint .08, interaction .04.

    Five people, so that there is a range: two weigh (.8, .2) and (.3, .7) in the proportions of
    MEASURES, once with four people of each and once with a hundred cases a month in points.
    """
    states = np.array([[[1.0, 0.2], [0.4, 0.9], [0.7, 0.6]], [[0.2, 0.2], [0.4, 0.7], [0.5, 0.6]]])
    values = np.tile(states.transpose(1, 0, 2), (20, 1, 1, 1))
    weights = np.repeat([[0.8, 0.2], [0.3, 0.7]], 4, axis=0)
    got = priced(live(values, a_month=100.0), weights)
    assert got.unit == "points"
    assert got.per == "month"
    month = 100 * 100
    assert value(got.rule) == pytest.approx(0.01 * month)
    assert value(got.planner) == pytest.approx(0.04 * month)
    assert value(got.decider) == pytest.approx(0.05 * month)
    assert value(got.information) == pytest.approx(0, abs=1e-9)
    assert value(got.joint) == pytest.approx(0.08 * month)
    assert value(got.interaction) == pytest.approx(0.04 * month)


def test_howards_party_as_money():
    """MEASURES 1.20: perfect information on the sun is worth 22 of 100; half of it 11."""
    pay = np.array([[100.0, 0], [90, 20], [40, 50]]) / 100
    values = np.tile(pay[:, ::-1, None], (12, 1, 1, 1))
    party = live(values, np.tile([0.6, 0.4], (12, 1)), money=True, a_month=None)
    got = priced(party, np.ones((5, 1)))
    assert (got.unit, got.numeraire, got.per) == ("EUR", "parts not wasted", "100 cases")
    assert value(got.information) == pytest.approx(22 * 3 * 100)
    assert value(got.model) == pytest.approx(11 * 3 * 100)
    assert value(got.rule) == 0


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_it_is_the_mean_of_clarity_over_cases(seed: int):
    cases, weights = invented(seed, cases=15), people(seed, 6)
    got = priced(cases, weights)
    utility = cases.utility(weights)
    each = [clarity(utility[:, c]) for c in range(15)]
    scale = 100 * 100
    for name in ("rule", "planner", "decider"):
        mean = np.mean([getattr(one, name) for one in each]) * scale
        assert value(getattr(got, name)) == pytest.approx(mean, abs=1e-7)
    assert value(got.planner) <= value(got.decider) + 1e-7
    assert value(got.joint) >= max(value(got.planner), value(got.information)) - 1e-7
    first = np.mean([by_consideration(utility[:, c], weights) for c in range(15)], axis=0) * scale
    found = dict(got.settle_first)
    for k, one in enumerate(cases.considerations):
        assert value(found[one.name]) == pytest.approx(first[k], abs=1e-7)


def test_it_is_compared_where_states_are_drawn_evenly():
    cases, weights = invented(3, cases=12), people(3, 5)
    cases = replace(cases, belief=np.full((12, 2), 0.5))
    got = priced(cases, weights)
    drawn = np.einsum("cosk,pk->cpso", cases.values, weights)
    each = [compared(one) for one in drawn]
    for name in ("rule", "information", "joint", "interaction"):
        mean = np.mean([getattr(one, name) for one in each]) * 1e4
        assert value(getattr(got, name)) == pytest.approx(mean)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_names_of_people_options_and_states_do_not_matter(seed: int):
    random = np.random.default_rng(seed)
    cases, weights = invented(seed, cases=12), people(seed, 6)
    options, states = random.permutation(3), [1, 0]
    moved = replace(
        cases,
        values=cases.values[:, options][:, :, states],
        belief=cases.belief[:, states],
        options=tuple(cases.options[o] for o in options),
    )
    one, other = priced(cases, weights), priced(moved, weights[random.permutation(6)])
    for name in (*PARTS, "interaction", "over_model"):
        assert value(getattr(other, name)) == pytest.approx(value(getattr(one, name)), abs=1e-7)
        assert getattr(other, name).dots == pytest.approx(getattr(one, name).dots, abs=1e-6)


def stretched(seed: int, place: int, times: float) -> tuple[HelpMost, HelpMost, np.ndarray]:
    """The same things on a wider range of one consideration, with weights that follow it."""
    cases, weights = invented(seed, cases=12, money=True), people(seed, 6)
    wide = list(cases.considerations)
    old = wide[place]
    wide[place] = Consideration(
        name=old.name, worst=old.worst, best=old.worst + times * (old.best - old.worst),
        unit=old.unit,
    )  # fmt: skip
    values = cases.values.copy()
    values[..., place] /= times
    follow = weights.copy()
    follow[:, place] *= times
    moved = replace(cases, considerations=tuple(wide), values=values)
    renormalised = follow / follow.sum(1, keepdims=True)
    return priced(cases, weights), priced(moved, follow), renormalised


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 2), st.floats(1.0, 5.0))
def test_with_money_as_numeraire_no_range_changes_what_anything_is_worth(
    seed: int, place: int, times: float
):
    one, other, _ = stretched(seed, place, times)
    for name in PARTS:
        assert value(getattr(other, name)) == pytest.approx(value(getattr(one, name)), rel=1e-6)


def test_points_shared_out_anew_over_a_wider_range_move_the_mean_and_so_the_worth():
    """Where not: whoever weighs the wider one most has less of 100 points left for the rest."""
    cases, weights = invented(8, cases=12, money=True), people(8, 6, alike=0.6)
    follow = weights * np.array([1.0, 4.0, 1.0])
    narrow = cases.values.copy()
    narrow[..., 1] /= 4
    moved = replace(cases, values=narrow)
    shared = priced(moved, follow / follow.sum(1, keepdims=True))
    assert value(shared.rule) != pytest.approx(value(priced(cases, weights).rule), rel=1e-3)


def test_nothing_is_worth_agreeing_where_all_weigh_alike():
    got = priced(invented(1), np.tile(people(1, 1), (7, 1)))
    assert value(got.rule) == value(got.decider) == value(got.planner) == 0
    assert isinstance(got.rule.answer, Estimate)
    assert got.rule.answer.high > 0, "in 60 cases; of others it is not known"
    assert got.rule.answer.population is Population.THESE
    assert len(got.rule.dots) == 20
    assert value(got.information) > 0


def test_an_option_that_is_best_whatever_happens_leaves_nothing_to_know():
    values = np.random.default_rng(2).random((40, 2, 2, 2)) * 0.4
    values[:, 0] += 0.5
    got = priced(live(values), people(2, 6, 2))
    for part in (got.rule, got.information, got.model, got.joint):
        assert value(part) == 0
    assert value(got.over_model) == 0


def test_options_that_bring_the_same_cannot_tell():
    values = np.full((20, 3, 2, 2), 0.3)
    got = help_most(live(values), people(1, 6, 2))
    assert isinstance(got, CannotTell)
    assert "choice" in got.cheapest_way


def test_without_an_outcome_only_agreeing_has_a_price():
    values = np.random.default_rng(2).random((40, 2, 1, 2))
    got = priced(live(values), people(2, 6, 2))
    assert isinstance(got.information.answer, CannotTell)
    assert "outcome" in got.information.answer.cheapest_way
    assert isinstance(got.over_model.answer, CannotTell)
    assert isinstance(got.rule.answer, Estimate)
    assert len(got.cannot_tell) == 1


def test_costs_alone_price_information_and_need_nobody():
    values = np.random.default_rng(2).random((40, 2, 2, 1))
    got = priced(live(values, money=True), np.zeros((0, 3)), lacks=LACKS)
    assert got.unit == "EUR"
    assert got.rule.answer == LACKS
    assert got.rule.word is Word.CANNOT_TELL
    assert isinstance(got.information.answer, Estimate)
    assert got.information.answer.population is Population.THESE
    assert got.settle_first == ()


@pytest.mark.parametrize("count", [1, 2, 4])
def test_under_five_people_the_regrets_say_it_all(count: int):
    cases, weights = invented(4, cases=30, money=True), people(4, count)
    got = priced(cases, weights)
    assert got.rule.answer == NotEnoughData(5, count, "people")
    assert got.rule.word is Word.NOT_YET
    assert got.rule.dots == ()
    utility = cases.utility(weights)
    regret = np.mean([clarity(utility[:, c]).regret for c in range(30)], axis=0)
    if got.unit == "EUR":
        regret = regret * 300 / weights.mean(0)[0]
    factor = 100.0 if got.unit == "EUR" else 1e4
    found = np.array(got.regret)
    assert sorted(found.ravel()) == pytest.approx(sorted((regret * factor).ravel()), abs=1e-6)
    assert np.diag(found) == pytest.approx(np.zeros(count))
    assert list(found.sum(1)) == sorted(found.sum(1)), "in no order of the answers"


def test_from_five_people_on_there_is_no_table_of_persons():
    assert priced(invented(4), people(4, 5)).regret == ()


def test_nobody_and_no_cases_are_refused():
    assert help_most(invented(1), np.zeros((0, 3))) == NotEnoughData(5, 0, "people")
    few = priced(invented(1, cases=3), people(1, 6))
    assert few.rule.answer == NotEnoughData(10, 3, "live cases")
    with pytest.raises(ValueError, match="share"):
        help_most(invented(1), people(1, 6), model_share=1.5)
    with pytest.raises(ValueError, match="weight"):
        help_most(invented(1), np.full((6, 3), np.nan))


def test_money_that_only_one_person_weighs_is_not_the_unit():
    weights = people(4, 6)
    weights[1:, 0] = 0
    assert priced(invented(4, money=True), weights).unit == "points"
    weights[1, 0] = 0.2
    assert priced(invented(4, money=True), weights).unit == "EUR"
    assert "MWH" not in CURRENCIES


def test_twenty_dots_are_the_same_distribution_as_the_range():
    got = priced(invented(4), people(4, 8)).decider
    assert isinstance(got.answer, Estimate)
    assert len(got.dots) == len(MIDDLES) == 20
    assert list(got.dots) == sorted(got.dots)
    assert got.dots[0] == pytest.approx(got.answer.low, rel=1e-9), "2.5 % is the first middle"
    assert got.dots[-1] == pytest.approx(got.answer.high, rel=1e-9)


def test_what_something_is_worth_is_never_clear():
    for seed in range(4):
        got = priced(invented(seed, cases=200), people(seed, 12), line=1.0)
        for name in (*PARTS, "over_model", "over_information"):
            assert getattr(got, name).word not in (Word.CLEAR, Word.NOT_ZERO)


def test_scored_by_other_outcomes_it_may_fall_below_nothing_and_says_so():
    """What one half takes for the better option, the other half says is the worse."""
    values = np.zeros((30, 2, 2, 2))
    values[:, 0, 0] = values[:, 1, 1] = 1.0
    one = np.tile([[0.6, 0.4], [0.4, 0.6]], (15, 1))
    cases = live(values, one, held_out=one[:, ::-1])
    got = priced(cases, people(3, 6, 2))
    assert got.split
    assert got.known.raw == pytest.approx(-0.1 * 1e4)
    assert value(got.known) == 0
    assert isinstance(got.known.answer, Estimate)
    assert got.known.answer.high > 0


def test_inputs_are_held_against_one_answer_for_all_cases():
    """One input is all that matters and a useless one is nothing; a constant one cannot tell."""
    random = np.random.default_rng(3)
    happens = (random.random(400) < 0.5) * 0.8 + 0.1
    values = np.zeros((400, 2, 2, 1))
    values[:, 0, 0, 0] = values[:, 1, 1, 0] = 1.0
    cases = live(
        values,
        np.column_stack([1 - happens, happens]),
        inputs={
            "useless": random.random((400, 1)),
            "code": happens[:, None],
            "constant": np.ones((400, 1)),
            "many": random.random((400, 8)),
        },
    )
    got = priced(cases, np.ones((5, 1)))
    found = dict(got.inputs)
    assert got.inputs[0][0] == "code"
    assert value(found["code"]) == pytest.approx(value(got.known), rel=0.15)
    assert value(found["useless"]) < 0.1 * value(found["code"])
    assert isinstance(found["constant"].answer, CannotTell)
    assert isinstance(found["many"].answer, NotEnoughData)


@pytest.mark.deep
def test_winners_bias_is_gone_where_beliefs_are_guesses():
    """Every option is worth the same in truth, by any weights; beliefs come from 20 outcomes.

    Chosen and scored by the same guesses, agreeing and what is known both look worth something,
    and what is left to know too little (50 of 100); scored by others none of it is so.
    """
    random = np.random.default_rng(7)
    one, other = np.array([0, 1, 0, 1.0]), np.array([0, 0, 1, 1.0])
    values = np.zeros((40, 2, 4, 2))
    values[:, 0, :, 0], values[:, 1, :, 0] = one, 1 - one
    values[:, 0, :, 1], values[:, 1, :, 1] = other, 1 - other
    found: dict[str, list[tuple[float, float]]] = {"rule": [], "known": [], "planner": []}
    for _ in range(150):
        first, second = random.multinomial(20, [0.25] * 4, (2, 40)) / 20
        weights = random.dirichlet([3, 3], 6)
        naive = priced(live(values, first), weights)
        fair = priced(live(values, first, held_out=second), weights)
        for name, pairs in found.items():
            pairs.append((getattr(naive, name).raw, getattr(fair, name).raw))
    for pairs in found.values():
        same, split = np.array(pairs).T
        error = split.std() / np.sqrt(len(split))
        assert same.mean() > 5 * error
        assert abs(split.mean()) < 3 * error


@pytest.mark.deep
@pytest.mark.parametrize("count", [5, 10])
def test_ranges_of_the_rule_hold_for_people_like_these(count: int):
    random = np.random.default_rng(count)

    def cases(n: int) -> np.ndarray:
        return random.random((n, 3, 1, 3))

    def truth() -> float:
        crowd, many = random.dirichlet([6, 3, 3], 2000), cases(1500)[:, :, 0]
        utility = np.einsum("cok,pk->cpo", many, crowd)
        mean = utility.mean(1)
        share = np.stack([(utility.argmax(2) == o).mean(1) for o in range(3)], 1)
        return float((mean.max(1) - (share * mean).sum(1)).mean())

    true = truth() * 1e4
    hits = 0
    for _ in range(400):
        got = priced(live(cases(80)), random.dirichlet([6, 3, 3], count)).rule
        assert isinstance(got.answer, Estimate)
        hits += got.answer.low <= true <= got.answer.high
    assert hits / 400 >= 0.89, "78 on the raw scale with five people"
