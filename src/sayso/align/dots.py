"""Twenty dots: where a figure could lie, each dot one chance in twenty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scipy import special

from sayso.align.people_and_cases import skewed, unseen

if TYPE_CHECKING:
    from sayso.align.people_and_cases import Uncertainty

DOTS = 20
MIDDLES = tuple((place + 0.5) / DOTS for place in range(DOTS))


def twenty(value: float, unsure: Uncertainty) -> tuple[float, ...]:
    """Twenty quantiles (i + .5) / 20 of Student's t around a value of either sign, rising.

    The same distribution as the printed ranges: the outer dots are the ends of the 95 % range.

    Args:
        value: Best estimate.
        unsure: Its uncertainty.

    Source:
        Kay, Kola, Hullman and Munson (2016), CHI: quantile dotplots.
    """
    return tuple(value + unsure.error * step for step in _steps(unsure))


def twenty_skewed(value: float, unsure: Uncertainty, *, scaled: float) -> tuple[float, ...]:
    """The same of a value >= 0, as ``worth_estimate`` spreads it."""
    wide = replace(unsure, error=unsure.error * scaled)
    return tuple(skewed(value * scaled, wide, step) for step in _steps(unsure))


def _steps(unsure: Uncertainty) -> tuple[float, ...]:
    return tuple(float(special.stdtrit(unsure.freedom, middle)) for middle in MIDDLES)


def twenty_unseen(clusters: int, most: float) -> tuple[float, ...]:
    """Twenty quantiles of what was not seen once in so many, each time worth ``most``."""
    return tuple(most * unseen(clusters, middle) for middle in MIDDLES)
