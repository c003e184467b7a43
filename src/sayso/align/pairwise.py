"""Weights from pairwise ratios, and whether a person's ratios hold together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Mean consistency index of random reciprocal matrices. Three tables are in use and differ in the
# second digit, so the one used is always named.
SAATY = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}
CONSISTENT = 0.10


@dataclass(frozen=True, slots=True)
class PairwiseWeights:
    """Weights that fit a matrix of ratios, and how well.

    Attributes:
        weights: They sum to 1, shape (n,).
        largest: The largest eigenvalue; n where all ratios agree.
        ratio: Consistency ratio, 0 where all agree; above .10 the person contradicts themself.
        random_index: Random index used for it.
    """

    weights: Floats
    largest: float
    ratio: float
    random_index: float

    @property
    def consistent(self) -> bool:
        """Whether the ratios hold together by the usual rule."""
        return self.ratio <= CONSISTENT


def pairwise_weights(ratios: Floats, *, random_index: float | None = None) -> PairwiseWeights:
    """The principal eigenvector of a reciprocal matrix.

    Args:
        ratios: How many times as important i is as j, shape (n, n), n from 2 to 10, > 0.
        random_index: Mean index of random matrices; Saaty's for this n where None.

    Raises:
        ValueError: If the matrix is not reciprocal.

    Source:
        Saaty (1977), J. Math. Psychol. 15:234-281. CR = ((largest - n) / (n - 1)) / RI.
    """
    n = len(ratios)
    if ratios.shape != (n, n) or not 2 <= n <= 10:
        raise ValueError(f"needs 2 to 10 things in a square, got {ratios.shape}")
    if not (np.isfinite(ratios).all() and (ratios > 0).all()):
        raise ValueError("every ratio must be a number above 0")
    if not np.allclose(ratios * ratios.T, 1.0):
        raise ValueError("i against j must be 1 over j against i")
    values, vectors = np.linalg.eig(ratios)
    place = int(np.argmax(np.real(values)))
    largest = float(np.real(values[place]))
    weights = np.abs(np.real(vectors[:, place]))
    index = SAATY.get(n, 0.0) if random_index is None else random_index
    # Two things cannot contradict each other.
    ratio = max(0.0, (largest - n) / (n - 1)) / index if index > 0 else 0.0
    return PairwiseWeights(weights / weights.sum(), largest, ratio, index)
