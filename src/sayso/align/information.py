"""What knowing more before choosing could be worth, at the most."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_DRAWS = 100
DEGREE = 3
SAME = 1e-8


def evpi(utility: Floats) -> float:
    """Expected value of perfect information: E max_a U - max_a E U.

    Args:
        utility: Utility of each option in each drawn state, shape (draws, options).

    Returns:
        A value in the utility's unit, >= 0.

    Source:
        Raiffa and Schlaifer (1961).

    Examples:
        >>> round(evpi(np.array([[100.0, 90, 40]] * 2 + [[0.0, 20, 50]] * 3)), 9)
        22.0
    """
    return float(utility.max(1).mean() - utility.mean(0).max())


@dataclass(frozen=True, slots=True)
class PartialInformation:
    """Value of learning some inputs, as a fitted regression says.

    Attributes:
        value: In the utility's unit, >= 0.
        error: Standard error from the fitted coefficients.
        split: The same with the choice made on one half of the draws and scored on the other;
            without the bias of choosing the best of guesses, and able to be below 0.
    """

    value: float
    error: float
    split: float


def evppi(
    utility: Floats, inputs: Floats, *, seed: int = 0, redraws: int = 200
) -> PartialInformation:
    """Expected value of learning some inputs perfectly, by regression on their cubic polynomial.

    Args:
        utility: Shape (draws, options), at least 100 draws.
        inputs: What would be learned, shape (draws, inputs); correlated ones belong together.
        seed: Seed of the redraws of coefficients.
        redraws: How many.

    Raises:
        ValueError: If there are too few draws, or shapes do not belong together.

    Source:
        Strong, Oakley and Brennan (2014), Med. Decis. Making 34:311-326.
    """
    draws = len(utility)
    if draws < LEAST_DRAWS or len(inputs) != draws:
        raise ValueError(f"needs {LEAST_DRAWS} draws of both, got {draws} and {len(inputs)}")
    basis = _independent(polynomial(inputs))
    gains = utility - utility[:, :1]
    coefficients = basis.T @ gains
    fitted = basis @ coefficients
    value = _gain(fitted)
    # On columns at right angles coefficients vary on their own, each as much as the noise.
    freedom = max(1, draws - basis.shape[1])
    noise = np.sqrt(((gains - fitted) ** 2).sum(0) / freedom)
    random = np.random.default_rng(seed)
    redrawn = [
        _gain(basis @ (coefficients + random.standard_normal(coefficients.shape) * noise))
        for _ in range(redraws)
    ]
    halves = np.arange(draws) % 2
    split: list[float] = []
    for half in (0, 1):
        learned = np.linalg.lstsq(basis[halves == half], gains[halves == half], rcond=None)[0]
        other = halves != half
        chosen = (basis[other] @ learned).argmax(1)
        flat = int(gains[halves == half].mean(0).argmax())
        scored = gains[other][np.arange(int(other.sum())), chosen].mean()
        split.append(float(scored - gains[other][:, flat].mean()))
    return PartialInformation(max(0.0, value), float(np.std(redrawn)), float(np.mean(split)))


def value_of_model(utility: Floats, share: float, *, signal: float = 0.0) -> float:
    """The most that a better model could bring: its share of what is left to know.

    Args:
        utility: Shape (draws, options).
        share: Share of the remaining uncertainty that it would resolve, in 0..1.
        signal: What the information at hand already brings, in the utility's unit.

    Source:
        MEASURES 1.21: a signal that reveals the state with that probability.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies in 0..1, got {share}")
    return share * max(0.0, evpi(utility) - signal)


def polynomial(inputs: Floats) -> Floats:
    """All products of up to three standardised inputs, and 1, shape (draws, terms)."""
    spread = inputs.std(0)
    scaled = (inputs - inputs.mean(0)) / np.where(spread > 0, spread, 1.0)
    columns = [np.ones(len(inputs))]
    for degree in range(1, DEGREE + 1):
        for places in combinations_with_replacement(range(inputs.shape[1]), degree):
            columns.append(np.prod(scaled[:, places], axis=1))
    return np.column_stack(columns)


def _independent(columns: Floats) -> Floats:
    """The same space by columns of length 1 at right angles; those that say the same are one."""
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, sizes > SAME * sizes[0]]


def _gain(fitted: Floats) -> float:
    return float(fitted.max(1).mean() - fitted.mean(0).max())
