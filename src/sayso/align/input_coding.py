"""What is known of a case, as numbers that a regression can read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Known = NDArray[np.float64] | NDArray[np.object_]

FEW_VALUES = 10
TAIL = 0.005


@dataclass(frozen=True, slots=True)
class NumberCoding:
    """A number, centred and scaled; yes and no count as 1 and 0.

    Attributes:
        unit: Largest absolute value, so that no square overflows.
        low: Values below count as this one, in ``unit``.
        high: Values above count as this one, in ``unit``.
        middle: Mean, in ``unit``.
        spread: Standard deviation, in ``unit``; 0 where the number never varies.
        missing: Whether a second column says that the number is not known.
    """

    unit: float
    low: float
    high: float
    middle: float
    spread: float
    missing: bool

    def columns(self, values: Known) -> Floats:
        """Shape (cases, 0, 1 or 2); a number that is not known sits at the middle."""
        numbers = np.asarray(values, dtype=np.float64)
        known = np.isfinite(numbers)
        found: list[Floats] = []
        if self.spread > 0:
            held = np.clip(np.where(known, numbers, 0.0) / self.unit, self.low, self.high)
            found.append(np.where(known, (held - self.middle) / self.spread, 0.0))
        if self.missing:
            found.append((~known).astype(np.float64))
        return _side_by_side(found, len(numbers))


@dataclass(frozen=True, slots=True)
class CategoryCoding:
    """One column a value.

    Attributes:
        values: Values with a column of their own, the most common first; None is "not known".
        others: Whether one more column stands for all other values.
    """

    values: tuple[str | None, ...]
    others: bool

    def columns(self, values: Known) -> Floats:
        """Shape (cases, values), 1 where the case has the value."""
        place: dict[object, int] = {value: i for i, value in enumerate(self.values)}
        codes = np.array([place.get(v, -1) for v in values.tolist()], dtype=np.intp)
        found = [(codes == i).astype(np.float64) for i in range(len(self.values))]
        if self.others:
            found.append((codes == -1).astype(np.float64))
        return _side_by_side(found, len(values))


Coding = NumberCoding | CategoryCoding


def learn_coding(values: Known, *, most: int, against_first: bool = False) -> Coding:
    """How to code an input, from the cases seen.

    Args:
        values: Numbers with NaN where not known, or texts with None; shape (cases,).
        most: Values of a category with a column of their own; the rarer ones share one.
        against_first: Leave out the most common value's column, since the others tell it.
    """
    if values.dtype.kind != "O":
        return _number(np.asarray(values, dtype=np.float64))
    counts = Counter(None if v is None else str(v) for v in values.tolist())
    # By count, then by name, so that the rows' order changes nothing.
    ordered = sorted(counts, key=lambda value: (-counts[value], str(value)))
    kept = tuple(ordered[:most])
    return CategoryCoding(kept[1:] if against_first else kept, len(counts) > most)


def _number(numbers: Floats) -> NumberCoding:
    known = numbers[np.isfinite(numbers)]
    missing = 0 < len(known) < len(numbers)
    unit = float(np.abs(known).max()) if len(known) else 0.0
    if unit == 0.0:
        return NumberCoding(1.0, 0.0, 0.0, 0.0, 0.0, missing)
    scaled = known / unit
    low, high = float(scaled.min()), float(scaled.max())
    if len(np.unique(scaled)) > FEW_VALUES:
        # One mistyped number must not decide what all others mean.
        low, high = (float(q) for q in np.quantile(scaled, [TAIL, 1 - TAIL]))
    held = np.clip(scaled, low, high)
    spread = float(held.std()) if high > low else 0.0
    return NumberCoding(unit, low, high, float(held.mean()), spread, missing)


def coded(known: Mapping[str, Known], codings: Mapping[str, Coding], cases: int) -> Floats:
    """All inputs side by side, shape (cases, columns)."""
    return _side_by_side([codings[name].columns(known[name]) for name in codings], cases)


def _side_by_side(columns: list[Floats], cases: int) -> Floats:
    return np.column_stack(columns) if columns else np.zeros((cases, 0))
