"""Ranges of variances: a mean square held against chi-squared, with as many degrees as it earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy import special

from sayso.measure.estimators.ranges import t_quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def jackknifed(left: Floats) -> float:
    """Variance by leaving groups out, larger as it is itself an estimate from so many groups.

    Args:
        left: The estimate without each group, shape (groups,), at least two.
    """
    count = len(left)
    unsure = (t_quantile(0.95, count - 1) / t_quantile(0.95, float("inf"))) ** 2
    return unsure * (count - 1) / count * float(((left - left.mean()) ** 2).sum())


def degrees_of(square: float, spread: float, most: float) -> float:
    """Degrees of freedom of a mean square from how much it varies; at least 1.

    Args:
        square: The mean square.
        spread: Its variance.
        most: What it has at most, by how many levels there are.

    Source:
        Satterthwaite (1946), Biometrics Bull. 2:110-114: 2 square^2 / variance.
    """
    found = 2 * square**2 / spread if spread > 0 else most
    return max(1.0, min(found, most, 1e9))


def chi_squared(square: float, degrees: float, level: float) -> tuple[float, float]:
    """Range of a variance whose mean square has these degrees of freedom."""
    tail = (1 - level) / 2
    low, high = (float(special.chdtri(degrees, p)) for p in (tail, 1 - tail))
    return degrees * square / low, degrees * square / high
