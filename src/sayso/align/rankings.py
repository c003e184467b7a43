"""Do several people rank the same things alike, and which order is nearest to all of theirs?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_ITEMS = 15


@dataclass(frozen=True, slots=True)
class Concordance:
    """Agreement of m rankings of n things.

    Attributes:
        w: Kendall's W: 0 where ranks cancel out, 1 where all are alike; 1/m by chance.
        chi2: m (n - 1) W.
        p: P of as much agreement by chance.
        spearman: Mean rank correlation of two people, (m W - 1) / (m - 1).
    """

    w: float
    chi2: float
    p: float
    spearman: float


def kendall_w(ranks: Floats) -> Concordance:
    """Kendall's coefficient of concordance, corrected for ties.

    Args:
        ranks: One row a person and one column a thing, at least 2 x 2; tied things share their
            mean rank, and only the order within a row counts.

    Raises:
        ValueError: If there are fewer than two people or things, or a rank is missing.

    Source:
        Kendall and Babington Smith (1939), Ann. Math. Stat. 10:275-287; ties: Kendall (1948).
        W = 12 S / (m^2 (n^3 - n) - m sum T), T = sum (t^3 - t).

    Examples:
        >>> kendall_w(np.array([[1.0, 2, 3], [1, 2, 3]])).w
        1.0
    """
    m, n = ranks.shape
    if m < 2 or n < 2:
        raise ValueError(f"needs two people and two things at least, got {m} and {n}")
    if not np.isfinite(ranks).all():
        raise ValueError("a rank is missing")
    placed = np.array([_mid_ranks(row) for row in ranks])
    sums = placed.sum(0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (np.unique(row, return_counts=True)[1].astype(float) for row in placed)
    )
    most = m**2 * (n**3 - n) - m * ties
    # Where everybody ties everything, nobody contradicts anybody and nobody says anything.
    w = 12 * spread / most if most > 0 else 0.0
    chi2 = m * (n - 1) * w
    p = float(special.chdtrc(n - 1, chi2))
    return Concordance(w, chi2, p, (m * w - 1) / (m - 1))


def _mid_ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The order nearest to all rankings.

    Attributes:
        order: Things as numbers, the first place first.
        distance: Pairs that people order the other way, summed over people.
        next_order: The nearest other order.
        next_distance: Its distance; how narrow the choice is.
    """

    order: tuple[int, ...]
    distance: float
    next_order: tuple[int, ...]
    next_distance: float


def preferred(ranks: Floats) -> Floats:
    """How many people place i before j, shape (things, things); ties count for neither."""
    return (ranks[:, :, None] < ranks[:, None, :]).sum(0).astype(float)


def kemeny(before: Floats) -> Consensus:
    """The Kemeny order, exactly, by dynamic programming over sets of first places.

    Args:
        before: People who place i before j, shape (n, n), n from 2 to 15.

    Raises:
        ValueError: If there are fewer than 2 things or more than 15.

    Source:
        Kemeny (1959), Daedalus 88:577-591; the programme of Held and Karp (1962). Of equally near
        orders the one with the higher number last is taken, and next_distance equals distance.

    Examples:
        >>> kemeny(np.array([[0.0, 5, 3], [2, 0, 5], [4, 2, 0]]))
        Consensus(order=(0, 1, 2), distance=8.0, next_order=(2, 0, 1), next_distance=10.0)
    """
    n = len(before)
    if not 2 <= n <= MOST_ITEMS:
        raise ValueError(f"needs 2 to {MOST_ITEMS} things, got {n}")
    # Placing i after the set S costs all who place i before a member of S.
    costs = np.zeros((n, 1 << n))
    for j in range(n):
        costs[:, 1 << j : 2 << j] = costs[:, : 1 << j] + before[:, j, None]
    # For each set the two nearest orders, and the last place and the rank of the rest in each.
    near = np.full((2, 1 << n), np.inf)
    near[0, 0] = 0.0
    last = np.zeros((2, 1 << n), dtype=np.intp)
    rank_of_rest = np.zeros((2, 1 << n), dtype=np.intp)
    for s in range(1, 1 << n):
        steps = [
            (float(near[rank, s & ~(1 << i)]) + float(costs[i, s & ~(1 << i)]), -i, rank)
            for i in range(n)
            if s >> i & 1
            for rank in (0, 1)
        ]
        for place, step in enumerate(sorted(steps)[:2]):
            near[place, s], last[place, s], rank_of_rest[place, s] = step[0], -step[1], step[2]
    full = (1 << n) - 1

    def traced(rank: int) -> tuple[int, ...]:
        order: list[int] = []
        s = full
        while s:
            order.append(int(last[rank, s]))
            rank, s = int(rank_of_rest[rank, s]), s & ~(1 << order[-1])
        return tuple(reversed(order))

    return Consensus(traced(0), float(near[0, full]), traced(1), float(near[1, full]))
