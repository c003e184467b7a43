"""Variance in parts from sums: a few passes over a million rows, no matrix of people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sayso.domain.answer import CannotTell
from sayso.measure.estimators.parts import Part, Parts, Sums, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

GROUPS = 20
# A part that so small a share of the rows can show is not told apart from another.
LEAST_SHOWN = 1e-9
MOST_STEPS = 500
ENTANGLED = CannotTell(
    "These groupings split the rows in the same way, so their parts cannot be told apart.",
    "Let several people decide some of the same cases.",
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Raw variances without one group of levels at a time.

    Attributes:
        values: Shape (groups, groupings + 1); the rest comes last.
    """

    values: Floats

    @property
    def variance(self) -> Floats:
        """Jackknife variance of each part, shape (groupings + 1,)."""
        count = len(self.values)
        apart = self.values - self.values.mean(0)
        return (count - 1) / count * (apart**2).sum(0)


def by_moments(
    sums: Sums, groupings: Sequence[Places], *, over: Sequence[int] | None = None
) -> Parts | CannotTell:
    """Parts of the variance by equating sums of squares with what they are on average.

    With two groupings: what is left within the levels of one, of the other, and of both. Each has
    an expectation linear in the parts whatever the table misses, so solving them is unbiased; in
    a complete table it is the analysis of variance.

    Args:
        sums: The answers.
        groupings: Level of each entry in each grouping, from 0; one or two.
        over: Groupings whose levels are a sample (all of them where not said); the errors come
            from leaving out a twentieth of the levels at a time, added up over these groupings,
            so that they are rather too large than too small.

    Returns:
        Raw values where negative are kept beside 0; CannotTell where two parts are the same.

    Raises:
        ValueError: If there are more than two groupings.

    Source:
        Henderson (1953), Biometrics 9:226-252, method 3.
    """
    table = _Table(sums, groupings)
    raw = table.solve()
    if raw is None:
        return ENTANGLED
    total = np.zeros(len(raw))
    for place in range(len(groupings)) if over is None else over:
        left = table.without(place)
        if left is None:
            return ENTANGLED
        total += left.variance
    parts = tuple(
        Part(max(0.0, float(v)), float(v), float(e))
        for v, e in zip(raw, np.sqrt(total), strict=True)
    )
    return Parts(parts[:-1], parts[-1], table.centre, "moments")


def left_out(sums: Sums, groupings: Sequence[Places], over: int) -> LeftOut | CannotTell:
    """Raw parts without a group of levels of one grouping at a time.

    Args:
        sums: The answers.
        groupings: As of ``by_moments``.
        over: The grouping whose levels are left out: one by one up to twenty, else in twenty
            groups.
    """
    table = _Table(sums, groupings)
    if table.solve() is None:
        return ENTANGLED
    return table.without(over) or ENTANGLED


class _Table:
    """The sums of one table that every equation reads; held while groups are left out."""

    def __init__(self, sums: Sums, groupings: Sequence[Places]) -> None:
        if not 1 <= len(groupings) <= 2:
            raise ValueError(f"moments take one or two groupings, got {len(groupings)}")
        self.codes = [compact(places) for places in groupings]
        self.n = sums.n
        self.centre = float((sums.n * sums.mean).sum() / sums.n.sum())
        # Around the mean, so that squares of totals do not cancel.
        self.mean, self.m2 = sums.mean - self.centre, sums.m2
        self.totals = self.n * self.mean
        self.squares = self.m2 + self.totals * self.mean
        self.levels = [int(c.max()) + 1 for c in self.codes]
        self.n_of = [self._by(place, self.n) for place in range(len(self.codes))]
        self.total_of = [self._by(place, self.totals) for place in range(len(self.codes))]
        self._meets = self._meeting() if len(self.codes) == 2 else None

    def _by(self, place: int, values: Floats) -> Floats:
        return np.bincount(self.codes[place], values, self.levels[place]).astype(np.float64)

    def _meeting(self) -> sparse.csr_matrix:
        """Answers where two levels meet."""
        width = self.levels[1]
        keys = self.codes[0].astype(np.int64) * width + self.codes[1]
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        new = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        n = np.add.reduceat(self.n[order], new)
        first = ordered[new] // width
        ends = np.searchsorted(first, np.arange(self.levels[0] + 1))
        return sparse.csr_matrix((n, ordered[new] % width, ends), shape=(self.levels[0], width))

    def solve(self) -> Floats | None:
        """Raw parts, the rest last; None where they cannot be told apart."""
        everything = float(self.n.sum())
        within = [
            float(self.squares.sum()) - float((t**2 / m).sum())
            for t, m in zip(self.total_of, self.n_of, strict=True)
        ]
        if self._meets is None:
            between = float(self.squares.sum()) - within[0]
            alone = float((self.n_of[0] ** 2).sum()) / everything
            return _one(everything, self.levels[0], alone, within[0], between)
        return _two(
            _Whole(
                everything,
                float(self.squares.sum()),
                np.array([float((n**2).sum()) / everything for n in self.n_of]),
            ),
            np.array([everything - float(s.sum()) for s in self.shared()]),
            np.array([everything - q for q in self.levels]),
            np.array(within),
            (float(self.left_in_both.sum()), self.freedom),
        )

    @cached_property
    def freedom(self) -> float:
        """What is left to vary once the levels of both are known."""
        assert self._meets is not None
        parts = csgraph.connected_components(
            sparse.block_array([[None, self._meets], [self._meets.T, None]]), directed=False
        )[0]
        return float(self.n.sum()) - sum(self.levels) + int(parts)

    def shared(self) -> tuple[Floats, Floats]:
        """By level: the sum of its squared meetings with the other, by its answers."""
        assert self._meets is not None
        squares = self._meets.power(2)
        return (
            np.asarray(squares.sum(1)).ravel() / self.n_of[0],
            np.asarray(squares.sum(0)).ravel() / self.n_of[1],
        )

    @cached_property
    def left_in_both(self) -> Floats:
        """Squares left in each entry once the levels of both groupings are fitted."""
        assert self._meets is not None
        meets, (n_one, n_other) = self._meets, self.n_of
        across = sparse.csr_matrix(meets.T)
        one = self.total_of[0] / n_one
        right = self.total_of[1] - across @ one
        effect = np.zeros(len(right))
        if float(right @ right) > 0:
            effect = _conjugate(
                lambda v: n_other * v - across @ ((meets @ v) / n_one), right, n_other
            )
        one = one - (meets @ effect) / n_one
        apart = self.mean - one[self.codes[0]] - effect[self.codes[1]]
        return self.m2 + self.n * apart**2

    def without(self, over: int) -> LeftOut | None:
        """Raw parts without each group of levels; None where a group takes a part with it."""
        groups = min(GROUPS, self.levels[over])
        if groups < 2:
            return None
        group_of = np.arange(self.levels[over]) % groups
        rows = group_of[self.codes[over]]
        found = (
            self._without_one(group_of, rows, groups)
            if self._meets is None
            else self._without_two(over, group_of, rows, groups)
        )
        kept = [row for row in found if row is not None]
        return LeftOut(np.array(kept)) if len(kept) == groups else None

    def _without_one(self, group_of: Places, rows: Places, groups: int) -> list[Floats | None]:
        squares = np.bincount(rows, self.squares, groups)
        found: list[Floats | None] = []
        for g in range(groups):
            kept = group_of != g
            n, t = self.n_of[0][kept], self.total_of[0][kept]
            everything, square = float(n.sum()), float(squares.sum() - squares[g])
            by_level = float((t**2 / n).sum())
            found.append(
                _one(
                    everything,
                    int(kept.sum()),
                    float((n**2).sum()) / everything,
                    square - by_level,
                    by_level - float(t.sum()) ** 2 / everything,
                )
            )
        return found

    def _without_two(
        self, over: int, group_of: Places, rows: Places, groups: int
    ) -> list[Floats | None]:
        """The same with two groupings, from what each level and group holds.

        Only what both leave is not fitted again: it goes with its rows, and with the freedom
        that these rows had.
        """
        assert self._meets is not None
        other, size = 1 - over, self.levels[1 - over]
        keys = self.codes[other] * groups + rows
        n_met = np.bincount(keys, self.n, size * groups).reshape(size, groups)
        total_met = np.bincount(keys, self.totals, size * groups).reshape(size, groups)
        meets = self._meets.tocoo()
        here, there = (meets.row, meets.col) if over == 0 else (meets.col, meets.row)
        squared = np.bincount(
            there * groups + group_of[here], meets.data**2, size * groups
        ).reshape(size, groups)
        squares = np.bincount(rows, self.squares, groups)
        left = np.bincount(rows, self.left_in_both, groups)
        own = sum(self.n / n[c] for n, c in zip(self.n_of, self.codes, strict=True))
        free = np.bincount(rows, self.n - own, groups)
        free *= self.freedom / max(float(free.sum()), 1e-12)
        shared = self.shared()[over]
        found: list[Floats | None] = []
        for g in range(groups):
            kept = group_of != g
            n, t = self.n_of[over][kept], self.total_of[over][kept]
            n_other = self.n_of[other] - n_met[:, g]
            stays = n_other > 0.5
            m, u = n_other[stays], (self.total_of[other] - total_met[:, g])[stays]
            everything, square = float(n.sum()), float(squares.sum() - squares[g])
            met = float(((squared.sum(1) - squared[:, g])[stays] / m).sum())
            alone = np.array([float((n**2).sum()), float((m**2).sum())]) / everything
            got = _two(
                _Whole(everything, square - float(t.sum()) ** 2 / everything, alone),
                everything - np.array([float(shared[kept].sum()), met]),
                everything - np.array([float(kept.sum()), float(stays.sum())]),
                square - np.array([float((t**2 / n).sum()), float((u**2 / m).sum())]),
                (float(left.sum() - left[g]), float(free.sum() - free[g])),
            )
            found.append(got if got is None or over == 0 else got[[1, 0, 2]])
        return found


def _one(
    everything: float, levels: int, alone: float, within: float, between: float
) -> Floats | None:
    """One grouping: what is left within its levels, and what lies between them."""
    if everything - levels <= 0 or everything - alone <= LEAST_SHOWN * everything:
        return None
    rest = within / (everything - levels)
    return np.array([(between - (levels - 1) * rest) / (everything - alone), rest])


@dataclass(frozen=True, slots=True)
class _Whole:
    """All rows: answers, squares around the mean, and each grouping's share of that mean."""

    n: float
    square: float
    alone: Floats


def _two(
    whole: _Whole, shown: Floats, freedom: Floats, within: Floats, both: tuple[float, float]
) -> Floats | None:
    """Two groupings: within one grouping's levels lie the other's part and the rest.

    Where one is nested in the other nothing of that other is left within its levels; then the
    plain sum of squares says what the two leave for it.

    Args:
        whole: All rows.
        shown: How much of the other's part each leaves, shape (2,).
        freedom: Of what each leaves.
        within: Squares left within the levels of each.
        both: Squares left once both are known, and their freedom.
    """
    left, left_freedom = both
    seen = shown > LEAST_SHOWN * whole.n
    if left_freedom < 0.5 or not seen.any():
        return None
    rest = left / left_freedom
    parts = np.zeros(2)
    for place in np.flatnonzero(seen):
        parts[1 - place] = (within[place] - freedom[place] * rest) / shown[place]
    if not seen.all():
        outer = 1 - int(np.flatnonzero(~seen)[0])
        spread = whole.n - whole.alone
        if spread[outer] <= LEAST_SHOWN * whole.n:
            return None
        taken = (whole.n - 1) * rest + spread[1 - outer] * parts[1 - outer]
        parts[outer] = (whole.square - taken) / spread[outer]
    return np.append(parts, rest)


def _conjugate(apply: _Linear, right: Floats, scale: Floats) -> Floats:
    """The solution of a consistent, perhaps singular system by conjugate gradients."""
    at = np.zeros(len(right))
    apart = right.copy()
    toward = apart / scale
    along = toward.copy()
    size = float(apart @ toward)
    enough = 1e-20 * size
    for _ in range(MOST_STEPS):
        moved = apply(along)
        reach = float(along @ moved)
        if reach <= 0:
            break
        at = at + size / reach * along
        apart = apart - size / reach * moved
        toward = apart / scale
        new = float(apart @ toward)
        if new <= enough:
            break
        along, size = toward + new / size * along, new
    return at


if TYPE_CHECKING:
    from collections.abc import Callable

    _Linear = Callable[[Floats], Floats]
