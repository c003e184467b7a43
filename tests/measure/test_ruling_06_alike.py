"""Ruling 6, on alike cases: few cases in a cell must not make equal teams look apart."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.estimators.gaps import Adjusted, Standardised, adjusted, root_mean_square_gap
from sayso.measure.estimators.words import word_for

RUNS = 150
TEAMS, PEOPLE, EACH = 6, 6, 10


def sums(
    draw: np.random.Generator, cells: int, apart: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Yeses, cases, decider and cell of each row; teams lie evenly within ``apart``."""
    who = np.repeat(np.arange(TEAMS * PEOPLE), EACH)
    _, cell = np.unique(draw.integers(0, cells, len(who)), return_inverse=True)
    chance = draw.uniform(0.25, 0.75, cells)[cell]
    chance = chance + np.linspace(-apart, apart, TEAMS)[who // PEOPLE]
    key, place = np.unique(who * cells + cell, return_inverse=True)
    yes = np.bincount(place, draw.random(len(who)) < chance)
    return yes, np.bincount(place).astype(float), key // cells, key % cells


def ours(draw: np.random.Generator, cells: int, apart: float) -> Estimate:
    yes, cases, who, cell = sums(draw, cells, apart)
    fit = adjusted(yes, cases, who, who // PEOPLE, cell)
    assert isinstance(fit, Adjusted)
    answer = root_mean_square_gap(fit.groups, line=0.05, covariance=fit.covariance)
    assert isinstance(answer, Estimate)
    return answer


def by_own_cells(draw: np.random.Generator, cells: int) -> Estimate:
    """The old rule: each team's mean over its own cells, with the spread left inside them."""
    yes, cases, who, cell = sums(draw, cells, 0.0)
    mix = np.bincount(cell, cases) / cases.sum()
    made: list[Standardised] = []
    for team in range(TEAMS):
        own = who // PEOPLE == team
        n = np.bincount(cell[own], cases[own], len(mix))
        x = np.bincount(cell[own], yes[own], len(mix))
        weight = np.where(n > 0, mix, 0) / mix[n > 0].sum()
        rate, load = x / np.maximum(n, 1), weight / np.maximum(n, 1)
        left = load[cell[own]] * (yes[own] - cases[own] * rate[cell[own]])
        people = np.bincount(who[own] - team * PEOPLE, left)
        spread = PEOPLE / (PEOPLE - 1) * float((people**2).sum())
        made.append(Standardised(float(weight @ rate), spread, round(n.sum()), PEOPLE))
    answer = root_mean_square_gap(made, line=0.05)
    assert isinstance(answer, Estimate)
    return answer


def test_the_mean_over_own_cells_calls_equal_teams_clearly_apart_and_ours_does_not():
    draw = np.random.default_rng(1)
    word = {"line": 0.05, "grade": Grade.DESCRIPTION}
    old = sum(word_for(by_own_cells(draw, 60), **word) is Word.CLEAR for _ in range(RUNS))
    new = [ours(draw, 60, 0.0) for _ in range(RUNS)]
    assert old / RUNS > 0.25, "measured .44 where no team differs"
    assert sum(word_for(a, **word) is Word.CLEAR for a in new) / RUNS < 0.05
    assert sum(a.low > 0 for a in new) / RUNS < 0.08


@pytest.mark.parametrize("cells", [1, 12, 60])
def test_the_range_holds_a_true_gap_at_the_nominal_rate(cells: int):
    draw = np.random.default_rng(2)
    truth = (2 * np.linspace(-0.15, 0.15, TEAMS).var(ddof=1)) ** 0.5
    held = [a.low <= truth <= a.high for a in (ours(draw, cells, 0.15) for _ in range(RUNS))]
    assert np.mean(held) > 0.90


def test_teams_that_share_no_alike_cases_are_not_compared():
    place = np.arange(4, dtype=np.intp)
    assert adjusted(np.ones(4), np.full(4, 9.0), place, place // 2, place // 2) is None


def test_with_one_kind_of_case_the_means_are_the_plain_ones():
    place = np.arange(6, dtype=np.intp)
    yes = np.array([3.0, 5, 1, 2, 8, 9])
    fit = adjusted(yes, np.full(6, 10.0), place, place // 2, np.zeros(6, dtype=np.intp))
    assert fit is not None
    assert [g.mean for g in fit.groups] == pytest.approx([0.4, 0.15, 0.85])
