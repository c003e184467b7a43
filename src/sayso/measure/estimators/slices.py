"""Kinds of case in which something goes wrong more often: found in one half, held in the other.

A slice is a few inputs each at one value. The search is exact: no slice of so many terms and cases
scores higher than those returned. What is searched for is an error, and errors are 0 or more: of
differences that may be negative the score would reward what it is meant to find the opposite of
(RULINGS 16), so they are refused and searched in two parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint8]
    Places = NDArray[np.intp]

SEVERITY = 0.95
SAME = 0.8
MOST_CODE = 254
LEAST_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Slice:
    """Cases that share the values of a few inputs.

    Attributes:
        terms: (place of the input, code) in ascending order of inputs.
        cases: Cases in it.
        errors: Sum of errors in it.
        score: See ``scores``; above 0 where the slice is worse than all cases.
    """

    terms: tuple[tuple[int, int], ...]
    cases: int
    errors: float
    score: float

    @property
    def mean(self) -> float:
        """Mean error in it."""
        return self.errors / self.cases


def scores(
    cases: Floats, errors: Floats, *, of: float, total: float, severity: float = SEVERITY
) -> Floats:
    """How bad and how large slices are, in one number; minus infinity for an empty one.

    Args:
        cases: Cases of each slice.
        errors: Sum of errors of each.
        of: All cases.
        total: Sum of all errors, > 0.
        severity: Weight of the mean error against the size, in 0..1.

    Source:
        Sagadeeva and Boehm (2021), SIGMOD (SliceLine), equation 1.
    """
    held = np.where(cases > 0, cases, 1.0)
    worse = severity * ((errors / held) / (total / of) - 1) - (1 - severity) * (of / held - 1)
    return np.where(cases > 0, worse, -np.inf)


def _reachable(
    cases: Floats, errors: Floats, most: float, *, of: float, total: float, least: int
) -> Floats:
    """The highest score that any part of each slice can have, its own included.

    A part of s cases has at most min(errors, s x most) errors; that is highest at the least size,
    at the size at which errors run out, or at the whole.
    """
    best = np.full(len(cases), -np.inf)
    for size in (np.full(len(cases), float(least)), errors / most, cases):
        held = np.clip(size, least, np.maximum(cases, least))
        best = np.maximum(best, scores(held, np.minimum(errors, held * most), of=of, total=total))
    return np.where(cases >= least, best, -np.inf)


def search(
    codes: Codes,
    errors: Floats,
    *,
    least: int,
    most: int,
    terms: int = 2,
    cases: Floats | None = None,
) -> tuple[Slice, ...]:
    """The slices that score highest, exactly.

    Args:
        codes: What each row holds of each input, shape (rows, inputs), 0 to 254.
        errors: Error of each row, shape (rows,), all >= 0.
        least: Fewest cases of a slice, >= 1.
        most: How many slices are wanted.
        terms: Most inputs in one slice.
        cases: Cases of each row, > 0, where alike cases were counted into one; else one a row.

    Returns:
        At most ``most`` slices with a score above 0, the highest first; none where nothing errs.

    Raises:
        ValueError: If an error is negative or not a number: search the positive part and the
            mirror apart.
    """
    if len(errors) and not float(errors.min()) >= 0:
        raise ValueError("errors must be 0 or more; search the positive part and its mirror apart")
    if not np.isfinite(errors).all():
        raise ValueError("errors must be finite")
    if len(codes) and int(codes.max()) > MOST_CODE:
        raise ValueError(f"codes must lie in 0..{MOST_CODE}")
    if float(errors.sum()) == 0 or least < 1:
        return ()
    searching = _Search(codes, errors, cases, least, most, terms)
    searching.run()
    return tuple(searching.found)


class _Search:
    """A search on its way: the best so far, which prune what cannot reach them."""

    def __init__(
        self,
        codes: Codes,
        errors: Floats,
        cases: Floats | None,
        least: int,
        most: int,
        terms: int,
    ) -> None:
        self.errors, self.cases, self.least, self.most = errors, cases, least, most
        self.terms, self.total = terms, float(errors.sum())
        self.of = float(len(errors)) if cases is None else float(cases.sum())
        # Columns apart, so that each is read in one piece.
        self.columns = [np.ascontiguousarray(codes[:, i]) for i in range(codes.shape[1])]
        self.kinds = [int(c.max()) + 1 if len(c) else 0 for c in self.columns]
        # Rows are counted whole, so no slice has a higher mean than the worst row.
        self.largest = float(errors.max() if cases is None else (errors / cases).max())
        self.plain = cases is None and bool(np.isin(errors, (0.0, 1.0)).all())
        self.erring = np.flatnonzero(errors > 0)
        self.found: list[Slice] = []

    @property
    def bar(self) -> float:
        """What a slice must score to be among the best."""
        return self.found[-1].score if len(self.found) >= self.most else 0.0

    def run(self) -> None:
        """Single values, pairs from joint counts, and longer slices from the rows of shorter."""
        singles = [
            self._counts(column, kinds)
            for column, kinds in zip(self.columns, self.kinds, strict=True)
        ]
        for place, (cases, errors) in enumerate(singles):
            self._offer(((place,),), cases[:, None], errors[:, None])
        if self.terms < 2:
            return
        reach = [self._reach(cases, errors) for cases, errors in singles]
        going: list[tuple[tuple[tuple[int, int], ...], Floats]] = []
        for i in range(len(self.columns)):
            for j in range(i + 1, len(self.columns)):
                if min(reach[i].max(initial=-np.inf), reach[j].max(initial=-np.inf)) <= self.bar:
                    continue
                going += self._pair(i, j, reach)
        if self.terms > 2:
            self._deeper(going)

    def _counts(self, column: NDArray[np.integer], kinds: int) -> tuple[Floats, Floats]:
        cases = np.bincount(column, self.cases, kinds).astype(np.float64)
        if self.plain:
            # Counting the rows that err is twice as fast as summing all errors.
            errors = np.bincount(column[self.erring], minlength=kinds)
        else:
            errors = np.bincount(column, self.errors, kinds)
        return cases, errors.astype(np.float64)

    def _reach(self, cases: Floats, errors: Floats) -> Floats:
        return _reachable(
            cases, errors, self.largest, of=self.of, total=self.total, least=self.least
        )

    def _pair(
        self, i: int, j: int, reach: list[Floats]
    ) -> list[tuple[tuple[tuple[int, int], ...], Floats]]:
        width = self.kinds[j]
        joint = self.columns[i].astype(np.uint16) * np.uint16(width) + self.columns[j]
        cases, errors = self._counts(joint, self.kinds[i] * width)
        self._offer(((i, j),), cases.reshape(-1, width), errors.reshape(-1, width))
        if self.terms <= 2:
            return []
        able = self._reach(cases, errors)
        return [
            (((i, int(at) // width), (j, int(at) % width)), able[at : at + 1])
            for at in np.flatnonzero(
                (able > self.bar)
                & (np.repeat(reach[i], width) > self.bar)
                & (np.tile(reach[j], self.kinds[i]) > self.bar)
            )
        ]

    def _offer(self, inputs: Sequence[tuple[int, ...]], cases: Floats, errors: Floats) -> None:
        """Keep those of a table of slices that are among the best."""
        (places,) = inputs
        score = scores(cases.ravel(), errors.ravel(), of=self.of, total=self.total)
        score = np.where(cases.ravel() >= self.least, score, -np.inf)
        width = cases.shape[1]
        for at in np.flatnonzero(score > self.bar):
            codes = (int(at) // width, int(at) % width)
            terms = tuple(zip(places, codes if len(places) == 2 else codes[:1], strict=True))
            self._keep(
                Slice(terms, int(cases.ravel()[at]), float(errors.ravel()[at]), float(score[at]))
            )

    def _keep(self, one: Slice) -> None:
        self.found.append(one)
        self.found.sort(key=lambda s: (-s.score, len(s.terms), s.terms))
        del self.found[self.most :]

    def _deeper(self, going: list[tuple[tuple[tuple[int, int], ...], Floats]]) -> None:
        """Longer slices, each made once: from the slice without its last input."""
        waiting = [(terms, float(able[0])) for terms, able in going]
        waiting.sort(key=lambda one: -one[1])
        while waiting:
            longer: list[tuple[tuple[tuple[int, int], ...], float]] = []
            for terms, able in waiting:
                if able <= self.bar:
                    continue
                rows = self._rows(terms)
                for place in range(terms[-1][0] + 1, len(self.columns)):
                    longer += self._extended(terms, rows, place)
            waiting = sorted(longer, key=lambda one: -one[1])

    def _rows(self, terms: tuple[tuple[int, int], ...]) -> Places:
        inside = np.ones(len(self.errors), dtype=bool)
        for place, code in terms:
            inside &= self.columns[place] == code
        return np.flatnonzero(inside)

    def _extended(
        self, terms: tuple[tuple[int, int], ...], rows: Places, place: int
    ) -> list[tuple[tuple[tuple[int, int], ...], float]]:
        kinds = self.kinds[place]
        column = self.columns[place][rows]
        own = None if self.cases is None else self.cases[rows]
        cases = np.bincount(column, own, kinds).astype(np.float64)
        errors = np.bincount(column, self.errors[rows], kinds).astype(np.float64)
        score = scores(cases, errors, of=self.of, total=self.total)
        able = self._reach(cases, errors)
        going: list[tuple[tuple[tuple[int, int], ...], float]] = []
        for code in np.flatnonzero(cases >= self.least).tolist():
            longer = (*terms, (place, code))
            if score[code] > self.bar:
                self._keep(Slice(longer, int(cases[code]), float(errors[code]), float(score[code])))
            if len(longer) < self.terms and able[code] > self.bar:
                going.append((longer, float(able[code])))
        return going


def in_slice(one: Slice, codes: Codes) -> NDArray[np.bool_]:
    """Which rows lie in a slice."""
    inside = np.ones(len(codes), dtype=bool)
    for place, code in one.terms:
        inside &= codes[:, place] == code
    return inside


def without_repeats(
    slices: Sequence[Slice], codes: Codes, cases: Floats | None = None
) -> tuple[Slice, ...]:
    """The slices without those that are nearly the same cases as a better one.

    Args:
        slices: The highest first.
        codes: As they were searched in.
        cases: Cases of each row; one a row where not given.
    """
    kept: list[tuple[Slice, NDArray[np.bool_]]] = []
    own = np.ones(len(codes)) if cases is None else cases
    for one in slices:
        rows = in_slice(one, codes)
        if all(own[rows & other].sum() <= SAME * own[rows | other].sum() for _, other in kept):
            kept.append((one, rows))
    return tuple(one for one, _ in kept)


@dataclass(frozen=True, slots=True)
class Held:
    """A slice in the half it was not found in.

    Attributes:
        apart: Mean error in it less elsewhere, clustered by people.
        inside: Mean error in it.
        outside: Mean error elsewhere.
        p: One-sided chance of as much where the slice is like the rest.
    """

    apart: Answer
    inside: float
    outside: float
    p: float


def held(
    inside: tuple[Floats, Floats],
    outside: tuple[Floats, Floats],
    *,
    line: float | None,
    people: int,
) -> Held | NotEnoughData:
    """Whether a slice is worse in cases it was not found in.

    Args:
        inside: Errors and cases in the slice by group of people, each shape (groups,).
        outside: The same of all other cases.
        line: Smallest difference that matters.
        people: People in all groups together.

    Returns:
        The difference with delete-one-group jackknife errors; refused under five groups with
        cases in the slice, or ten errors or others in it.
    """
    (x1, n1), (x0, n0) = inside, outside
    groups = int((n1 > 0).sum())
    if groups < LEAST_FOLDS:
        return NotEnoughData(LEAST_FOLDS, groups, "people with cases of this kind")
    rarer = min(float(x1.sum()), float((n1 - x1).sum()))
    if rarer < 10:
        return NotEnoughData(10, max(0, int(rarer)), "cases of this kind")
    used = (n1 + n0) > 0
    x1, n1, x0, n0 = x1[used], n1[used], x0[used], n0[used]
    left1, left0 = n1.sum() - n1, n0.sum() - n0
    if (left1 <= 0).any() or (left0 <= 0).any():
        return NotEnoughData(LEAST_FOLDS, 1, "people with cases of this kind")
    in_it, rest = float(x1.sum() / n1.sum()), float(x0.sum() / n0.sum())
    apart = (x1.sum() - x1) / left1 - (x0.sum() - x0) / left0
    error = jackknife_error(apart)
    # Groups with few cases of this kind say little of the spread, so they count for less.
    freedom = max(1.0, float(n1.sum()) ** 2 / float((n1**2).sum()) - 1)
    answer = t_estimate(
        in_it - rest,
        error,
        freedom,
        n=round(float(n1.sum())),
        people=people,
        population=Population.LIKE_THESE,
        line=line,
        bounds=Range(-1.0, 1.0) if max(in_it, rest) <= 1 else None,
    )
    t = (in_it - rest) / error if error > 0 else 0.0
    return Held(answer, in_it, rest, float(special.stdtr(freedom, -t)))


def kept_by_share(p_values: Sequence[float], *, level: float = 0.05) -> tuple[bool, ...]:
    """Which of several claims stand, with the share of false ones at most the level on average.

    Source:
        Benjamini and Hochberg (1995), JRSS B 57:289-300.

    Examples:
        >>> kept_by_share([0.01, 0.04, 0.03, 0.5])
        (True, False, False, False)
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    stands = 0
    for rank, index in enumerate(order, 1):
        if p_values[index] <= level * rank / len(p_values):
            stands = rank
    kept = set(order[:stands])
    return tuple(i in kept for i in range(len(p_values)))
