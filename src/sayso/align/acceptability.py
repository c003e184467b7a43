"""How often a choice comes out on top when weights and measurements are drawn, not fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Acceptability:
    """Rank acceptability of each option.

    Attributes:
        ranks: P(option has that rank), shape (options, ranks); rows and columns sum to 1.
        central: Mean weights of the draws in which the option is first, shape (options,
            considerations); NaN where it never is.
        error: Largest standard error of a first-rank share, from the number of draws.
    """

    ranks: Floats
    central: Floats
    error: float

    @property
    def first(self) -> Floats:
        """P(option is first)."""
        return self.ranks[:, 0]

    @property
    def flips(self) -> float:
        """P(two drawn weightings choose differently) = 1 - sum of squares of first ranks."""
        return 1.0 - float((self.first**2).sum())

    @property
    def entropy(self) -> float:
        """Entropy of first ranks in bits; 0 where one option is always first."""
        shares = self.first[self.first > 0]
        return float(-(shares * np.log2(shares)).sum()) + 0.0


def acceptability(values: Floats, weights: Floats) -> Acceptability:
    """Rank acceptability by draws that belong together.

    Args:
        values: Value of each option on each consideration, worst 0 to best 1, shape (draws,
            options, considerations).
        weights: Weights of each draw, shape (draws, considerations).

    Returns:
        Shares of ranks; tied options share their ranks evenly.

    Raises:
        ValueError: If the shapes do not belong together or a number is missing.

    Source:
        Lahdelma, Hokkanen and Salminen (1998), EJOR 106:137-143; Lahdelma and Salminen (2001).
    """
    if values.ndim != 3 or weights.shape != (values.shape[0], values.shape[2]):
        raise ValueError(f"shapes {values.shape} and {weights.shape} do not belong together")
    if not (np.isfinite(values).all() and np.isfinite(weights).all()):
        raise ValueError("a value or weight is missing")
    utility = np.einsum("dok,dk->do", values, weights)
    draws, options = utility.shape
    above = (utility[:, None, :] > utility[:, :, None]).sum(2)
    tied = (utility[:, None, :] == utility[:, :, None]).sum(2)
    ranks = np.zeros((options, options))
    for rank in range(options):
        held = (above <= rank) & (rank < above + tied)
        ranks[:, rank] = (held / tied).mean(0)
    on_top = (above == 0) / tied
    loads = on_top.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = (on_top.T @ weights) / loads[:, None]
    share = ranks[:, 0]
    return Acceptability(ranks, central, float(np.sqrt(share * (1 - share) / draws).max()))


def confidence(values: Floats, central: Floats) -> Floats:
    """P(option is first | its own central weights), from the measurements' draws alone.

    Args:
        values: As of ``acceptability``.
        central: Central weights, shape (options, considerations).

    Returns:
        One share an option, NaN where it has no central weights.
    """
    found = np.full(len(central), np.nan)
    for option, weights in enumerate(central):
        if np.isfinite(weights).all():
            utility = values @ weights
            best = utility == utility.max(1, keepdims=True)
            found[option] = float((best[:, option] / best.sum(1)).mean())
    return found
