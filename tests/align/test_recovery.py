"""Weights come back from choices, and telling cases bring more of them back."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.align.recovery import SCALE, Recovered, choice_shares, recovered, weight_draws
from sayso.align.telling_cases import invented_amounts, values_of
from sayso.domain.answer import Estimate, NotEnoughData
from tests.align.rounds import THREE
from validity.what_people_want import simulated

POOL = values_of(invented_amounts(THREE, 2, cases=200, seed=8), THREE)


def answers(own: np.ndarray, cases: int, seed: int, scale: float = SCALE) -> np.ndarray:
    random = np.random.default_rng(seed)
    shares = choice_shares(POOL[:cases] @ own, scale)
    return np.array([random.choice(len(s), p=s) for s in shares])


def read(own: list[float], cases: int, seed: int = 0, **more) -> Recovered:
    found = recovered(POOL[:cases], answers(np.array(own), cases, seed), **more)
    assert isinstance(found, Recovered)
    return found


def test_an_option_better_by_the_scale_is_chosen_e_times_as_often():
    shares = choice_shares(np.array([0.5, 0.5 + SCALE]))
    assert shares[1] / shares[0] == pytest.approx(np.e)


def test_one_choice_between_two_considerations_moves_the_mean_to_three_quarters():
    """By hand: weights w above 1/2 choose the first; even on (1/2, 1) the mean is 3/4, sd 1/sqrt(48)."""
    found = recovered(np.array([[[1.0, 0], [0, 1.0]]]), np.array([0]), scale=1e-4)
    assert isinstance(found, Recovered)
    assert found.weights.tolist() == pytest.approx([0.75, 0.25], abs=0.005)
    assert found.errors.tolist() == pytest.approx([1 / np.sqrt(48)] * 2, abs=0.005)
    assert found.hits == NotEnoughData(5, 1, "choices")


@pytest.mark.parametrize("own", [[0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [1 / 3, 1 / 3, 1 / 3]])
def test_known_weights_are_recovered(own: list[float]):
    found = read(own, 150)
    assert found.weights.tolist() == pytest.approx(own, abs=0.08)
    assert (np.abs(found.weights - own) < 4 * found.errors + 0.01).all()


def test_the_error_falls_with_the_number_of_choices():
    truths = weight_draws(3, 16, seed=2)
    off = [
        np.mean([np.abs(read(list(w), n, seed=i).weights - w).mean() for i, w in enumerate(truths)])
        for n in (3, 12, 60)
    ]
    assert off[0] > 1.3 * off[1] > 1.3**2 * off[2]


def test_the_stated_errors_are_as_large_as_the_errors_made():
    truths = weight_draws(3, 60, seed=3)
    found = [read(list(w), 12, seed=i) for i, w in enumerate(truths)]
    made = np.mean([(f.weights - w) ** 2 for f, w in zip(found, truths, strict=True)])
    stated = np.mean([f.errors**2 for f in found])
    assert made / stated == pytest.approx(1, abs=0.25)


def test_choices_that_follow_no_weights_are_predicted_no_better_than_by_chance():
    random = np.random.default_rng(5)
    hits = [
        f.hits.value
        for i in range(40)
        if isinstance(
            f := recovered(POOL[:14], random.integers(0, 2, 14), draws=2_000, seed=i), Recovered
        )
        and isinstance(f.hits, Estimate)
    ]
    assert len(hits) > 20
    assert np.mean(hits) == pytest.approx(0.5, abs=0.1)


def test_choices_that_follow_weights_are_predicted():
    found = read([0.6, 0.3, 0.1], 60)
    assert isinstance(found.hits, Estimate)
    assert 0.5 < found.hits.low < found.hits.value < found.hits.high
    assert found.hits.n == found.choices == 60


def test_skipped_cases_are_left_out():
    given = answers(np.array([0.6, 0.3, 0.1]), 20, 0)
    skipped = np.concatenate([given, [-1, -1]])
    one, other = (
        recovered(POOL[:20], given, draws=2_000),
        recovered(POOL[:22], skipped, draws=2_000),
    )
    assert isinstance(one, Recovered)
    assert isinstance(other, Recovered)
    assert one.weights.tolist() == other.weights.tolist()
    assert other.choices == 20


def test_without_choices_nothing_is_said():
    assert recovered(POOL[:3], np.array([-1, -1, -1])) == NotEnoughData(1, 0, "choices")
    assert recovered(POOL[:0], np.array([], dtype=np.intp)) == NotEnoughData(1, 0, "choices")


def test_where_no_drawn_weights_fit_nothing_is_said():
    """Ten contradictions in a hundred fine choices: hardly any draw is as good as the best."""
    own = np.array([0.31, 0.33, 0.36])
    found = recovered(POOL, answers(own, 200, 1, scale=0.002), scale=0.002, draws=2_000)
    assert isinstance(found, NotEnoughData)
    assert found.of == "drawn weights that fit the choices"


def test_one_consideration_weighs_all():
    found = recovered(np.array([[[1.0], [0.2]]]), np.array([1]))
    assert isinstance(found, Recovered)
    assert found.weights.tolist() == [1]
    assert found.errors.tolist() == pytest.approx([0], abs=1e-7)


def test_shapes_that_do_not_belong_together_are_a_mistake():
    with pytest.raises(ValueError, match="do not belong together"):
        recovered(POOL[:3], np.array([0, 1]))
    with pytest.raises(ValueError, match="option 2 of 2"):
        recovered(POOL[:1], np.array([2]))
    with pytest.raises(ValueError, match="missing"):
        recovered(np.full((1, 2, 2), np.nan), np.array([0]))


@pytest.mark.feature("A1")
@pytest.mark.parametrize(("things", "options"), [(3, 2), (6, 3)])
def test_telling_cases_recover_more_than_random_ones_at_the_same_count(things: int, options: int):
    """The small form of docs/validity.md."""
    found = simulated(things, options, cases=12, rounds=5, people=6, draws=3_000, seed=1)
    assert found.gain > 2 * found.gain_error
    assert found.telling < found.at_random < found.none
