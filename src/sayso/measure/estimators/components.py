"""Where answers to the same cases come from: the case, the person's level, the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg, optimize, sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Components:
    """Variances in the answer's unit squared.

    Attributes:
        case: Between cases; what should differ.
        level: Between people's averages; level noise squared.
        pattern: The rest: people's own patterns, and occasions unless repeated.
        level_raw: ``level`` before a negative value became 0.
        case_raw: ``case`` before a negative value became 0.
    """

    case: float
    level: float
    pattern: float
    level_raw: float
    case_raw: float

    @property
    def system(self) -> float:
        """System noise squared: what two people differ by on the same case, halved."""
        return self.level + self.pattern


def balanced(answers: Floats) -> Components:
    """Components of a complete table by analysis of variance.

    Args:
        answers: Shape (cases, people), complete, at least 2 x 2.

    Source:
        Searle, Casella and McCulloch (1992), chapter 4.

    Examples:
        >>> balanced(np.array([[5.0, 7, 9], [3, 6, 6], [8, 9, 13], [2, 4, 8]])).system
        5.8333
    """
    n, k = answers.shape
    grand, rows, columns = answers.mean(), answers.mean(1), answers.mean(0)
    ms_case = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    ms_people = n * float(((columns - grand) ** 2).sum()) / (k - 1)
    rest = answers - rows[:, None] - columns[None, :] + grand
    ms_rest = float((rest**2).sum()) / ((n - 1) * (k - 1))
    level, case = (ms_people - ms_rest) / n, (ms_case - ms_rest) / k
    return Components(max(0.0, case), max(0.0, level), ms_rest, level, case)


def crossed(answers: Floats, cases: Places, people: Places) -> Components:
    """Components of a crossed table, complete or not, by exact REML.

    The larger of the two diagonal blocks is eliminated by hand, so that one dense factor of the
    smaller one is all that each step costs.

    Args:
        answers: One a row, shape (rows,), at most 100,000.
        cases: Case of each row, as a number from 0.
        people: Person of each row, as a number from 0.

    Raises:
        ValueError: If there are more rows than allowed.

    Source:
        Bates et al. (2015), J. Stat. Softw. 67(1): the profiled REML criterion.
    """
    if len(answers) > MOST_ROWS:
        raise ValueError(f"exact components take at most {MOST_ROWS} rows, got {len(answers)}")
    scale = float(answers.std())
    if scale == 0:
        return Components(0.0, 0.0, 0.0, 0.0, 0.0)
    y = (answers - answers.mean()) / scale
    n_case, n_people = int(cases.max()) + 1, int(people.max()) + 1
    ones = np.ones(len(y))
    table = sparse.csr_matrix((ones, (cases, people)), shape=(n_case, n_people))
    swapped = n_case < n_people
    big = sparse.csr_matrix(table.T) if swapped else table
    big_place, small_place = (people, cases) if swapped else (cases, people)
    criterion = _Criterion(y, big, big_place, small_place)
    found = optimize.minimize(
        lambda t: criterion.value(float(np.exp(t[0])), float(np.exp(t[1]))),
        np.log([0.5, 0.5]),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000},
    )
    big_ratio, small_ratio = (float(v) for v in np.exp(found.x))
    residual = criterion.residual(big_ratio, small_ratio) * scale**2
    case_ratio, level_ratio = (small_ratio, big_ratio) if swapped else (big_ratio, small_ratio)
    case, level = case_ratio * residual, level_ratio * residual
    return Components(case, level, residual, level, case)


class _Criterion:
    """The REML criterion of one table at given ratios of variance; holds the table's sums."""

    def __init__(self, y: Floats, table: sparse.csr_matrix, big: Places, small: Places) -> None:
        self._n = len(y)
        self._table = table
        self._square = float(y @ y)
        self._total = float(y.sum())
        sizes = table.shape
        self._big_n = np.bincount(big, minlength=sizes[0]).astype(float)
        self._small_n = np.bincount(small, minlength=sizes[1]).astype(float)
        self._big_y = np.bincount(big, y, sizes[0])
        self._small_y = np.bincount(small, y, sizes[1])

    def _solve(self, big_ratio: float, small_ratio: float) -> tuple[float, float, float]:
        """Log determinant, the mean's precision and the penalised residual sum of squares."""
        a, b = big_ratio**0.5, small_ratio**0.5
        diagonal = 1 + big_ratio * self._big_n
        scaled = sparse.csr_matrix(self._table.multiply((1 / diagonal)[:, None]))
        schur = np.diag(1 + small_ratio * self._small_n)
        schur = schur - big_ratio * small_ratio * (self._table.T @ scaled).toarray()
        factor = linalg.cho_factor(schur, lower=True)
        log_det = float(np.log(diagonal).sum()) + 2 * float(np.log(np.diag(factor[0])).sum())
        right_big = np.column_stack([a * self._big_y, a * self._big_n])
        right_small = np.column_stack([b * self._small_y, b * self._small_n])
        reduced = right_small - a * b * (scaled.T @ right_big)
        small = linalg.cho_solve(factor, reduced)
        big = (right_big - a * b * (self._table @ small)) / diagonal[:, None]
        explained = right_big.T @ big + right_small.T @ small
        precision = self._n - float(explained[1, 1])
        mean = (self._total - float(explained[0, 1])) / precision
        rest = self._square - float(explained[0, 0]) - mean**2 * precision
        return log_det, precision, rest

    def value(self, big_ratio: float, small_ratio: float) -> float:
        """The criterion up to a constant; lower is better."""
        log_det, precision, rest = self._solve(big_ratio, small_ratio)
        freedom = self._n - 1
        return log_det + float(np.log(precision)) + freedom * float(np.log(rest / freedom))

    def residual(self, big_ratio: float, small_ratio: float) -> float:
        """The residual variance at these ratios."""
        return self._solve(big_ratio, small_ratio)[2] / (self._n - 1)
