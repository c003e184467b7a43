"""Signals of a case as columns of a model, by block."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sayso.measure.estimators.dominance import centred_products, linear_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_LEVELS = 8
# A column that others tell so well is theirs under another name.
REPEATS = 0.98


@dataclass(frozen=True, slots=True)
class Signals:
    """Columns by block.

    Attributes:
        names: The blocks.
        columns: Columns of each block, shape (rows, columns).
    """

    names: tuple[str, ...]
    columns: tuple[Floats, ...]

    @property
    def x(self) -> Floats:
        """All columns side by side, shape (rows, columns)."""
        return np.column_stack(self.columns)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Places of each block's columns in ``x``."""
        ends = np.cumsum([0, *(c.shape[1] for c in self.columns)]).tolist()
        return tuple(tuple(range(a, b)) for a, b in pairwise(ends))


def varying(columns: Sequence[Floats]) -> Floats | None:
    """Those columns that vary, shape (rows, columns); None where none does."""
    kept = [c for c in columns if len(c) and float(np.ptp(c)) > 0]
    return np.column_stack(kept) if kept else None


def levels(values: Sequence[str | None]) -> list[Floats]:
    """A column for each of the frequent values but the commonest; missing is a value too."""
    names, codes = np.unique(np.array([v or "" for v in values], dtype=object), return_inverse=True)
    order = np.argsort(-np.bincount(codes, minlength=len(names)), kind="stable")
    return [(codes == place).astype(np.float64) for place in order[1:MOST_LEVELS].tolist()]


def filled(numbers: Floats) -> Floats:
    """Numbers with the mean where there is none."""
    known = np.isfinite(numbers)
    mean = float(numbers[known].mean()) if known.any() else 0.0
    return np.where(known, numbers, mean)


def as_numbers(values: Sequence[str | None]) -> Floats | None:
    """What was said as numbers, NaN where nothing was; None where a word stands among them.

    Examples:
        >>> as_numbers(["140", None]).tolist()
        [140.0, nan]
        >>> as_numbers(["140", "more"]) is None
        True
    """
    try:
        found = np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    except ValueError:
        return None
    said = np.array([v is not None for v in values], dtype=bool)
    return found if said.any() and np.isfinite(found[said]).all() else None


def view(said: Sequence[str | None], option: str, sure: Floats) -> list[Floats]:
    """What a view says of one option: whether it is it, and how sure, however sureness is meant."""
    here = np.array([v == option for v in said], dtype=np.float64)
    absent = np.array([v is None for v in said], dtype=np.float64)
    if not np.isfinite(sure).any():
        return [here, absent]
    confidence = filled(sure)
    return [here, absent, confidence, here * confidence]


def lean(y: Floats, people: Places) -> Floats:
    """Each person's level on their other cases, drawn to the mean by how few they are.

    A case never enters its own column, and somebody with one case has the mean, so that many
    people earn nothing by being many.

    Args:
        y: The choice, shape (rows,).
        people: Decider of each row, as a number from 0.

    Source:
        Efron and Morris (1975), with the variance between people by moments.
    """
    cases = np.bincount(people).astype(np.float64)
    sums = np.bincount(people, y)
    mean, count = float(y.mean()), len(y)
    squares = np.bincount(people, y * y)
    within = float((squares - sums**2 / np.maximum(cases, 1)).sum()) / max(1, count - len(cases))
    between = float((cases * (sums / np.maximum(cases, 1) - mean) ** 2).sum())
    typical = (count - float((cases**2).sum()) / count) / max(1, len(cases) - 1)
    spread = (between / max(1, len(cases) - 1) - within) / typical if typical > 0 else 0.0
    if spread <= 0 or within <= 0:
        return np.full(count, mean)
    pull = within / spread
    return (sums[people] - y + pull * mean) / (cases[people] - 1 + pull)


def repeats(column: Floats, others: Floats) -> bool:
    """Whether other columns tell this one, so that it is theirs under another name."""
    if float(np.ptp(column)) == 0:
        return False
    told = linear_values(centred_products(others, column), [range(others.shape[1])])
    return bool(told[-1] > REPEATS)
