"""Isotonic recalibration and the score parts it gives (CORP)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The Brier score and what it is made of: score = miscalibration - discrimination + uncertainty."""

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


def recalibrated(cases: Floats, events: Floats) -> Floats:
    """The rising event rates nearest to those seen, by pooling adjacent violators.

    Args:
        cases: Cases at each stated value, values ascending, shape (values,), > 0.
        events: Events among them, shape (values,).

    Returns:
        One rate a stated value, never falling, shape (values,).

    Source:
        Ayer et al. (1955), by SciPy's pool-adjacent-violators.
    """
    return isotonic_regression(events / cases, weights=cases).x


def corp(said: Floats, cases: Floats, events: Floats) -> Parts:
    """The CORP parts of the Brier score.

    Args:
        said: Stated probabilities, ascending and distinct, shape (values,).
        cases: Cases at each, shape (values,), > 0.
        events: Events among them, shape (values,).

    Source:
        Dimitriadis, Gneiting and Jordan (2021), PNAS 118(8) e2016191118.

    Examples:
        >>> corp(np.array([0.2, 0.8]), np.array([10.0, 10.0]), np.array([2.0, 8.0]))
        Parts(score=0.16, miscalibration=0.0, discrimination=0.09, uncertainty=0.25)
    """
    total = float(cases.sum())
    base = float(events.sum()) / total

    def brier(p: Floats | float) -> float:
        return float((events * (1 - p) ** 2 + (cases - events) * np.square(p)).sum()) / total

    score, best = brier(said), brier(recalibrated(cases, events))
    flat = base * (1 - base)
    return Parts(score, score - best, flat - best, flat)


@dataclass(frozen=True, slots=True)
class Murphy:
    """score = reliability - resolution + uncertainty, over distinct stated values."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float


def murphy(said: Floats, cases: Floats, events: Floats) -> Murphy:
    """Murphy's parts of the Brier score over distinct stated values.

    Source:
        Murphy (1973), J. Appl. Meteorol. 12:595-600.
    """
    total = float(cases.sum())
    base = float(events.sum()) / total
    rate = events / cases
    reliability = float((cases * (said - rate) ** 2).sum()) / total
    resolution = float((cases * (rate - base) ** 2).sum()) / total
    uncertainty = base * (1 - base)
    return Murphy(reliability - resolution + uncertainty, reliability, resolution, uncertainty)


def binned_error(said: Floats, cases: Floats, events: Floats, *, bins: int) -> float:
    """The usual "expected calibration error" over equal bins; biased up, a legacy number.

    Args:
        said: Stated probabilities, shape (values,).
        cases: Cases at each.
        events: Events, or expected events, among them.
        bins: Equal bins of 0..1; 1 falls in the last.
    """
    place = np.minimum((said * bins).astype(np.intp), bins - 1)
    n = np.bincount(place, cases, bins)
    apart = np.bincount(place, events - cases * said, bins)
    return float(np.abs(apart[n > 0]).sum() / n.sum())


@dataclass(frozen=True, slots=True)
class NullMiscalibration:
    """How large miscalibration looks where there is none, and how often it looks larger."""

    mean: float
    low: float
    high: float
    p: float


def null_miscalibration(
    said: Floats, cases: Floats, found: float, *, redraws: int, seed: int
) -> NullMiscalibration:
    """Redraw outcomes from the stated probabilities, since miscalibration has no zero.

    Args:
        said: Stated probabilities, ascending, shape (values,).
        cases: Cases at each.
        found: Miscalibration seen.
        redraws: How many times.
        seed: Seed of the draws.

    Source:
        RULINGS 18.
    """
    draw = np.random.default_rng(seed)
    counts = cases.astype(np.int64)
    drawn = np.array(
        [
            corp(said, cases, draw.binomial(counts, said).astype(float)).miscalibration
            for _ in range(redraws)
        ]
    )
    low, high = np.quantile(drawn, [0.05, 0.95])
    larger = float((1 + (drawn >= found).sum()) / (1 + redraws))
    return NullMiscalibration(float(drawn.mean()), float(low), float(high), larger)
