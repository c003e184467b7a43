"""Variance in parts by exact REML: crossed, incomplete, nested, any number of groupings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg, optimize, sparse

from sayso.domain.answer import CannotTell
from sayso.measure.estimators.moments import ENTANGLED, by_moments
from sayso.measure.estimators.parts import Part, Parts, compact, one_a_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_ROWS = 100_000
# One dense factor of this many levels is what a step of the search may cost.
MOST_DENSE = 2_500
# A ratio of variances below this is held against none at all.
NEARLY_NONE = 1e-5
START = 0.1
STEP = 0.003
MOST_STEPS = 25
CLOSE = 1e-6
MOST_RATIO = 1e9


def fits(groupings: Sequence[Places]) -> bool:
    """Whether a table is small enough for ``by_reml``.

    Args:
        groupings: Level of each row in each grouping, from 0.
    """
    codes = [compact(places) for places in groupings]
    if len(codes[0]) > MOST_ROWS:
        return False
    levels = [int(c.max()) + 1 for c in codes]
    alone = _eliminated(codes, levels)
    return sum(q for place, q in enumerate(levels) if place not in alone) <= MOST_DENSE


def by_reml(answers: Floats, groupings: Sequence[Places]) -> Parts | CannotTell:
    """Parts of the variance by restricted maximum likelihood, with their standard errors.

    Groupings whose levels never share a row are eliminated by hand, the largest first and any
    that it is nested in; one dense factor of the others is all that each step costs. A part at
    its boundary is 0, and ``raw`` holds what one unconstrained step of Fisher scoring gives,
    which is the analysis of variance where the table is balanced.

    Args:
        answers: One a row, shape (rows,), at most 100,000.
        groupings: Level of each row in each grouping, from 0; at least one.

    Returns:
        Parts in the order of the groupings, from moments where nothing is left to chance;
        CannotTell where two split the rows in one way.

    Raises:
        ValueError: If the table is larger than ``fits`` allows.

    Source:
        Bates et al. (2015), J. Stat. Softw. 67(1): the profiled REML criterion; errors from the
        expected information, Searle, Casella and McCulloch (1992), section 6.6.
    """
    if not fits(groupings):
        raise ValueError(f"exact parts take at most {MOST_ROWS} rows, or too many levels meet")
    codes = [compact(places) for places in groupings]
    mean, scale = float(np.mean(answers)), float(np.std(answers))
    if scale <= 1e-12 * abs(mean):
        none = Part(0.0, 0.0, 0.0)
        return Parts((none,) * len(codes), none, mean, "reml")
    y = (np.asarray(answers, dtype=np.float64) - mean) / scale
    first = _first(y, codes)
    if first is None:
        return ENTANGLED
    if float(first.max()) > MOST_RATIO and len(codes) <= 2:
        # Nothing is left, so ratios to the rest have no end; the moments need none.
        return by_moments(one_a_row(answers), codes)
    criterion = _Criterion(y, codes)
    ratios = _searched(criterion, first)
    held = ratios <= 0
    if held.any() and not held.all():
        # The others are found without the parts held at 0, so that these cannot bend them.
        kept = [i for i in range(len(codes)) if not held[i]]
        alone = _Criterion(y, [codes[i] for i in kept])
        ratios[~held] = _searched(alone, ratios[~held])
    solved = criterion.solve(ratios)
    rest = solved.left / (len(y) - 1)
    if rest <= 1e-12:
        return ENTANGLED
    scoring = _scoring(criterion, ratios)
    inverse = np.linalg.pinv(scoring.doubled)
    errors = np.sqrt(np.maximum(0.0, 2 * np.diag(inverse))) * rest
    raw = inverse @ scoring.quadratic
    parts = tuple(
        Part(
            float(ratio * rest) * scale**2,
            float(ratio * rest if ratio > 0 else min(0.0, float(raw[i]))) * scale**2,
            float(errors[i]) * scale**2,
        )
        for i, ratio in enumerate(ratios)
    )
    last = Part(rest * scale**2, rest * scale**2, float(errors[-1]) * scale**2)
    return Parts(parts, last, mean + scale * solved.mean, "reml")


def _first(y: Floats, codes: Sequence[Places]) -> Floats | None:
    """Ratios to start from; None where two parts, or a part and the rest, are the same."""
    sums = one_a_row(y)
    if len(codes) <= 2:
        got = by_moments(sums, codes, over=())
        if isinstance(got, CannotTell):
            return None
        return np.array([p.variance for p in got.groupings]) / max(got.rest.variance, 1e-12)
    if any(
        isinstance(by_moments(sums, pair, over=()), CannotTell) for pair in combinations(codes, 2)
    ):
        return None
    return np.full(len(codes), 0.3)


def _eliminated(codes: Sequence[Places], levels: Sequence[int]) -> list[int]:
    """Groupings eliminated by hand: the largest, then those in which all before are nested."""
    order = sorted(range(len(codes)), key=lambda place: -levels[place])
    alone = [order[0]]
    for place in order[1:]:
        if all(_nested(codes[inner], codes[place], levels[inner]) for inner in alone):
            alone.append(place)
        else:
            break
    return alone


def _nested(inner: Places, outer: Places, levels: int) -> bool:
    """Whether each level of the one lies within one level of the other."""
    home = np.zeros(levels, dtype=np.intp)
    home[inner] = outer
    return bool(np.all(home[inner] == outer))


def _searched(criterion: _Criterion, start: Floats) -> Floats:
    """Ratios of each variance to the rest at the criterion's lowest point.

    Scoring from the moments needs a handful of steps; where a step does not go down, a search
    without derivatives goes on from the best point.
    """
    ratios = start
    lowest = criterion.value(ratios)
    for _ in range(MOST_STEPS):
        tried = _stepped(criterion, ratios)
        value = criterion.value(tried)
        if value > lowest + 1e-9 * abs(lowest):
            return _by_hand(criterion, ratios)
        apart = np.abs(tried - ratios) / (np.maximum(tried, ratios) + 1e-9)
        ratios, lowest = tried, min(value, lowest)
        if float(apart.max()) < CLOSE:
            return ratios
    return _by_hand(criterion, ratios)


def _stepped(criterion: _Criterion, ratios: Floats) -> Floats:
    """One step of Fisher scoring; parts that want to be negative are held at 0."""
    scoring = _scoring(criterion, ratios)
    free = np.ones(len(ratios) + 1, dtype=bool)
    while True:
        raw = np.zeros(len(free))
        part = scoring.doubled[np.ix_(free, free)]
        raw[free] = np.linalg.pinv(part) @ scoring.quadratic[free]
        below = free & (raw < 0)
        below[-1] = False
        if not below.any():
            break
        free &= ~below
    rest = float(raw[-1])
    return ratios if rest <= 0 else raw[:-1] / rest


def _by_hand(criterion: _Criterion, start: Floats) -> Floats:
    """The same without derivatives, from a point that scoring could not better."""
    roots = np.sqrt(np.maximum(start, START**2))
    # The criterion is even in the roots, so a variance of 0 is no edge for the search.
    found = optimize.minimize(
        lambda at: criterion.value(np.asarray(at, dtype=np.float64) ** 2),
        roots,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 400 * len(roots)},
    )
    ratios = np.asarray(found.x, dtype=np.float64) ** 2
    lowest = criterion.value(ratios)
    for i in np.flatnonzero(ratios < NEARLY_NONE):
        without = ratios.copy()
        without[i] = 0.0
        if (value := criterion.value(without)) <= lowest + 1e-6:
            ratios, lowest = without, min(lowest, value)
    return ratios


@dataclass(frozen=True, slots=True)
class _Solved:
    """The criterion's terms at some ratios: log determinant, and what the mean explains."""

    log_determinant: float
    precision: float
    mean: float
    left: float


class _Criterion:
    """The REML criterion of one table; holds the table's sums."""

    def __init__(self, y: Floats, codes: Sequence[Places]) -> None:
        levels = [int(c.max()) + 1 for c in codes]
        alone = _eliminated(codes, levels)
        self._order = alone + [i for i in range(len(codes)) if i not in alone]
        self._alone = len(alone)
        self.n = len(y)
        self._square, self._total = float(y @ y), float(y.sum())
        ordered = [codes[i] for i in self._order]
        sizes = [levels[i] for i in self._order]
        self.per_level = np.array([len(y) / levels[i] for i in range(len(codes))])
        self._n = [
            np.bincount(c, minlength=q).astype(float) for c, q in zip(ordered, sizes, strict=True)
        ]
        self._right = [
            np.column_stack([np.bincount(c, y, q), n])
            for c, q, n in zip(ordered, sizes, self._n, strict=True)
        ]
        ones = np.ones(len(y))
        self._meets = {
            (i, j): sparse.csr_matrix((ones, (ordered[i], ordered[j])), shape=(sizes[i], sizes[j]))
            for i, j in combinations(range(len(codes)), 2)
        }

    def solve(self, ratios: Floats) -> _Solved:
        """The terms at these ratios of variance to the rest, each >= 0."""
        root = np.sqrt(ratios[self._order])
        k = len(root)
        diagonal = [1 + root[i] ** 2 * self._n[i] for i in range(k)]
        right = [root[i] * self._right[i] for i in range(k)]
        meets = {
            pair: sparse.csr_matrix(block * (root[pair[0]] * root[pair[1]]))
            for pair, block in self._meets.items()
        }
        # What elimination takes from blocks on the diagonal; zero but for the last ones.
        inner: dict[int, sparse.csr_matrix] = {}
        log_determinant, explained = 0.0, np.zeros((2, 2))
        for e in range(self._alone):
            d = diagonal[e]
            log_determinant += float(np.log(d).sum())
            explained += right[e].T @ (right[e] / d[:, None])
            for i in range(e + 1, k):
                block = meets[e, i]
                scaled = sparse.csr_matrix(block.multiply((1 / d)[:, None]))
                right[i] = right[i] - block.T @ (right[e] / d[:, None])
                for j in range(i, k):
                    taken = sparse.csr_matrix(scaled.T @ meets[e, j])
                    if i == j and i < self._alone:
                        diagonal[i] = diagonal[i] - np.asarray(taken.diagonal())
                    elif i == j:
                        inner[i] = inner[i] + taken if i in inner else taken
                    else:
                        meets[i, j] = sparse.csr_matrix(meets[i, j] - taken)
        if self._alone < k:
            rest = list(range(self._alone, k))
            dense = np.block(
                [
                    [
                        np.diag(diagonal[i]) - inner[i].toarray()
                        if i == j
                        else meets[i, j].toarray()
                        if i < j
                        else meets[j, i].toarray().T
                        for j in rest
                    ]
                    for i in rest
                ]
            )
            factor = linalg.cho_factor(dense, lower=True, overwrite_a=True, check_finite=False)
            log_determinant += 2 * float(np.log(np.diag(factor[0])).sum())
            below = np.vstack([right[i] for i in rest])
            explained += below.T @ linalg.cho_solve(factor, below, check_finite=False)
        precision = self.n - float(explained[1, 1])
        mean = (self._total - float(explained[0, 1])) / precision
        left = self._square - float(explained[0, 0]) - mean**2 * precision
        return _Solved(log_determinant, precision, mean, max(left, 1e-300))

    def value(self, ratios: Floats) -> float:
        """The criterion up to a constant; lower is better."""
        at = self.solve(ratios)
        freedom = self.n - 1
        return at.log_determinant + float(np.log(at.precision)) + freedom * float(np.log(at.left))


@dataclass(frozen=True, slots=True)
class _Scoring:
    """tr(P V_i P V_j) and y'P V_i P y, the rest last, in units where the rest is 1."""

    doubled: Floats
    quadratic: Floats


def _scoring(criterion: _Criterion, ratios: Floats) -> _Scoring:
    """The information doubled, and the quadratic forms, around some ratios.

    tr(P V_i P V_j) is minus the second derivative of the criterion's determinants by the
    variances, and y'P V_i P y minus the derivative of its quadratic form, so a few more
    solutions give both exactly enough.
    """
    k = len(ratios)
    step = STEP * (ratios + 1 / criterion.per_level)
    # Variances are not taken below 0, so one at 0 is looked at from a little above.
    centre = np.maximum(ratios, 1.5 * step)

    def terms(shift: Floats) -> Floats:
        at = criterion.solve(centre + shift * step)
        return np.array([at.log_determinant + np.log(at.precision), at.left])

    unit = np.eye(k)
    here = terms(np.zeros(k))
    up, down = [terms(unit[i]) for i in range(k)], [terms(-unit[i]) for i in range(k)]
    slope = np.array([(up[i] - down[i]) / (2 * step[i]) for i in range(k)])
    bend = np.zeros((k, k))
    for i in range(k):
        bend[i, i] = (up[i] - 2 * here + down[i])[0] / step[i] ** 2
    for i, j in combinations(range(k), 2):
        both = [
            terms(a * unit[i] + b * unit[j])[0] for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
        bend[i, j] = bend[j, i] = (both[0] - both[1] - both[2] + both[3]) / (4 * step[i] * step[j])
    freedom, first = criterion.n - 1, slope[:, 0]
    doubled = np.empty((k + 1, k + 1))
    doubled[:k, :k] = -bend
    doubled[:k, k] = doubled[k, :k] = first + bend @ centre
    doubled[k, k] = freedom - 2 * float(centre @ first) - float(centre @ bend @ centre)
    return _Scoring(doubled, np.append(-slope[:, 1], here[1] + float(centre @ slope[:, 1])))
