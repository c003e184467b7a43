"""What choices follow, beside what people say matters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.align.clarity import QuadraticClarity, quadratic_clarity
from sayso.align.consequences import Consequences
from sayso.align.revealed import (
    AGAINST_ALL,
    COLLINEAR,
    CONSTANT,
    NO_CHOICES,
    SEPARATED,
    angle,
    captured_clarity,
    followed,
    revealed,
)
from sayso.align.round_reading import Revealed
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from tests.align.live_cases import live

pytestmark = pytest.mark.feature("A5")
TRUE = np.array([0.5, 0.3, 0.2])


def decided(
    seed: int, *, people: int = 8, each: int = 40, weights: np.ndarray = TRUE, sure: float = 6.0
) -> Consequences:
    """Choices by known weights, with luck of a logit."""
    random = np.random.default_rng(seed)
    values = random.random((people * each, 3, 1, len(weights)))
    luck = random.gumbel(size=(people * each, 3))
    chosen = (sure * values[:, :, 0] @ weights + luck).argmax(1)
    return live(values, deciders=np.repeat(np.arange(people), each), chosen=chosen)


def got(consequences: Consequences, stated: np.ndarray) -> Revealed:
    found = revealed(consequences, stated)
    assert isinstance(found, Revealed)
    return found


def test_known_weights_come_back():
    found = got(decided(1, each=150), np.tile(TRUE, (6, 1)))
    for row, true in zip(found.weights, TRUE, strict=True):
        assert isinstance(row.revealed, Estimate)
        assert row.revealed.value == pytest.approx(true, abs=0.05)
        assert row.revealed.low <= true <= row.revealed.high
        assert not row.differs
    assert sum(r.revealed.value for r in found.weights if isinstance(r.revealed, Estimate)) == (
        pytest.approx(1)
    )
    assert isinstance(found.angle, Estimate)
    assert found.angle.value < 2.5 * found.by_chance
    assert (found.cases, found.deciders) == (1200, 8)


def test_people_who_say_the_opposite_of_what_they_do():
    found = got(decided(2, each=100), np.tile([0.1, 0.2, 0.7], (6, 1)))
    assert found.weights[0].differs
    assert found.weights[2].differs
    assert isinstance(found.weights[2].gap, Estimate)
    assert found.weights[2].gap.high < 0
    assert isinstance(found.angle, Estimate)
    assert found.angle.value > 3 * found.by_chance


def test_what_choices_go_against_is_named_and_weighs_nothing():
    found = got(decided(3, each=100, weights=np.array([0.8, 0.6, -0.5])), np.tile(TRUE, (6, 1)))
    assert found.against == ("matter 2",)
    assert isinstance(found.weights[2].revealed, Estimate)
    assert found.weights[2].revealed.value == 0


def test_a_fit_by_hand_is_the_log_of_the_odds():
    """One consideration, 1 or 0: chosen 30 times of 40, so the log odds are log 3."""
    expected = np.tile([[[1.0], [0.0]]], (40, 1, 1))
    found = followed(expected, np.array([0] * 30 + [1] * 10))
    assert not isinstance(found, CannotTell)
    assert found.raw[0] == pytest.approx(np.log(3))
    assert found.weights.tolist() == [1.0]


def test_what_does_not_show_is_not_told():
    cases = decided(4)
    stated = np.tile(TRUE, (6, 1))
    flat = cases.values.copy()
    flat[..., 1] = 0.5
    assert revealed(replace(cases, values=flat), stated) == CONSTANT
    same = cases.values.copy()
    same[..., 1] = 0.2 + 0.5 * same[..., 0]
    assert revealed(replace(cases, values=same), stated) == COLLINEAR
    best = replace(cases, chosen=cases.expected[:, :, 0].argmax(1))
    assert revealed(best, stated) == SEPARATED
    worst = replace(cases, chosen=(-cases.expected @ TRUE + 0).argmax(1))
    assert revealed(worst, stated) in (SEPARATED, AGAINST_ALL)
    assert followed(cases.expected[:, :, :1], worst.chosen) == AGAINST_ALL
    assert revealed(replace(cases, chosen=np.full(320, -1)), stated) == NO_CHOICES
    assert revealed(replace(cases, deciders=np.full(320, -1)), stated) == NO_CHOICES
    assert revealed(live(cases.values), stated) == NO_CHOICES


def test_few_cases_and_few_deciders_are_refused():
    stated = np.tile(TRUE, (6, 1))
    assert revealed(decided(5, people=5, each=5), stated) == NotEnoughData(30, 25, "decided cases")
    assert revealed(decided(5, people=4), stated) == NotEnoughData(5, 4, "people who decided")
    one = decided(5, people=8)
    mostly = np.where(np.arange(320) < 310, 0, 1 + np.arange(320) % 7)
    refused = revealed(replace(one, deciders=mostly), stated)
    assert isinstance(refused, NotEnoughData)
    assert refused.of == "people with enough cases"
    with pytest.raises(ValueError, match="nobody"):
        revealed(one, np.zeros((0, 3)))


def test_options_and_deciders_may_be_renamed():
    random = np.random.default_rng(6)
    cases, stated = decided(6), np.tile([0.4, 0.4, 0.2], (6, 1))
    order, names = random.permutation(3), random.permutation(8)
    moved = replace(
        cases,
        values=cases.values[:, order],
        chosen=np.argsort(order)[cases.chosen],
        deciders=names[cases.deciders],
    )
    one, other = got(cases, stated), got(moved, stated)
    for a, b in zip(one.weights, other.weights, strict=True):
        assert isinstance(a.revealed, Estimate)
        assert isinstance(b.revealed, Estimate)
        assert b.revealed.value == pytest.approx(a.revealed.value)
        assert b.revealed.r95.low == pytest.approx(a.revealed.r95.low)


def test_angles():
    assert angle(TRUE, 3 * TRUE) == pytest.approx(0, abs=1e-6)
    assert angle(np.array([1.0, 0]), np.array([0, 1.0])) == pytest.approx(90)


def judged(seed: int, each: int, *, apart: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten people who set a quantity by six inputs; occasion variance 1, as in RULINGS 17."""
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(10 * each, 6))
    people = np.repeat(np.arange(10), each)
    policies = np.ones(6) + apart * random.normal(size=(10, 6))
    return inputs, (inputs * policies[people]).sum(1) + random.normal(size=10 * each), people


def test_identical_policies_do_not_look_apart():
    """RULINGS 17: 12 cases of 6 inputs give 1.49 where the truth is 0; here they are refused."""
    inputs, chosen, people = judged(1, 12, apart=0)
    assert isinstance(captured_clarity(inputs, chosen, people), NotEnoughData)
    raw: list[float] = []
    fair: list[float] = []
    for seed in range(30):
        inputs, chosen, people = judged(seed, 60, apart=0)
        found = captured_clarity(inputs, chosen, people)
        assert isinstance(found, QuadraticClarity)
        fair.append(found.planner)
        fits = np.array(
            [
                np.linalg.lstsq(inputs[people == p], chosen[people == p], rcond=None)[0]
                for p in range(10)
            ]
        )
        raw.append(quadratic_clarity(inputs.T @ inputs / len(inputs), fits).planner)
    assert np.mean(raw) > 0.08
    assert np.mean(fair) < 0.02


def test_policies_that_are_apart_are_found_as_far_apart():
    found = [captured_clarity(*judged(seed, 80, apart=0.5)) for seed in range(20)]
    values = [f.planner for f in found if isinstance(f, QuadraticClarity)]
    assert np.mean(values) == pytest.approx(6 * 0.25 * 0.9, rel=0.15), "of ten people, not many"


def test_an_input_that_never_varies_cannot_be_captured():
    inputs, chosen, people = judged(3, 80, apart=0.5)
    inputs[:, 2] = 1.0
    assert isinstance(captured_clarity(inputs, chosen, people), CannotTell)


@pytest.mark.deep
@pytest.mark.parametrize(("people", "each"), [(6, 40), (15, 40)])
def test_ranges_hold_and_sameness_is_seldom_called_a_gap(people: int, each: int):
    hits = calls = 0
    for seed in range(300):
        found = revealed(decided(seed, people=people, each=each), np.tile(TRUE, (6, 1)))
        if not isinstance(found, Revealed):
            continue
        row = found.weights[0].revealed
        assert isinstance(row, Estimate)
        hits += row.low <= TRUE[0] <= row.high
        calls += any(r.differs for r in found.weights)
    assert hits / 300 >= 0.92
    assert calls / 300 <= 0.08
