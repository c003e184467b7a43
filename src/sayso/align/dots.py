"""Twenty dots: where a figure could lie, each dot one chance in twenty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy import special

from sayso.align.people_and_cases import unseen

if TYPE_CHECKING:
    from sayso.align.people_and_cases import Uncertainty

DOTS = 20
MIDDLES = tuple((place + 0.5) / DOTS for place in range(DOTS))


def twenty(value: float, unsure: Uncertainty, *, low: float, high: float) -> tuple[float, ...]:
    """Twenty quantiles (i + .5) / 20 of Student's t around a value, rising.

    The same distribution as the printed ranges, so that nine dots in ten and the 90 % range agree.

    Args:
        value: Best estimate.
        unsure: Its uncertainty.
        low: The least it can be; dots below lie there.
        high: The most it can be.

    Source:
        Kay, Kola, Hullman and Munson (2016), CHI: quantile dotplots.
    """
    return tuple(
        min(high, max(low, value + unsure.error * float(special.stdtrit(unsure.freedom, middle))))
        for middle in MIDDLES
    )


def twenty_unseen(clusters: int, most: float) -> tuple[float, ...]:
    """Twenty quantiles of what was not seen once in so many, each time worth ``most``."""
    return tuple(most * unseen(clusters, middle) for middle in MIDDLES)
