"""What a reducing query returns: few rows, as named columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of equal length, by name.

    Numbers and yes/no values come as float64 with NaN for NULL, text as objects with None.
    """

    columns: Mapping[str, NDArray[np.float64] | NDArray[np.object_]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A numeric column, shape (rows,), NaN where NULL."""
        return np.asarray(self.columns[name], dtype=np.float64)

    def text(self, name: str) -> list[str | None]:
        """A text column, None where NULL."""
        return [None if v is None else str(v) for v in self.columns[name].tolist()]

    def codes(self, *names: str) -> tuple[NDArray[np.intp], list[str | None]]:
        """Columns as one number from 0 in order of appearance, and what each number stands for.

        NULL is a value too. Of several columns each different combination is one number.
        """
        codes, found = self._codes(names[0])
        labels: list[str | None] = found
        for name in names[1:]:
            more, said = self._codes(name)
            if len(said) > 1:
                codes, first = _numbered(codes * len(said) + more)
                labels = [
                    f"{labels[i // len(said)]} / {said[i % len(said)]}" for i in first.tolist()
                ]
        return codes, labels

    def _codes(self, name: str) -> tuple[NDArray[np.intp], list[str | None]]:
        column = self.columns[name]
        if column.dtype != object:
            codes, values = _numbered(np.asarray(column, dtype=np.float64))
            return codes, [None if np.isnan(v) else str(v) for v in values.tolist()]
        # Rows come in order, so that most texts are those of the row before.
        new = np.ones(len(column), dtype=bool)
        new[1:] = column[1:] != column[:-1]
        place: dict[object, int] = {}
        found = [place.setdefault(v, len(place)) for v in column[new].tolist()]
        codes = np.array(found, dtype=np.intp)[np.cumsum(new) - 1]
        return codes, [None if v is None else str(v) for v in place]

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which keep is true."""
        if bool(keep.all()):
            return self
        return Rows({name: values[keep] for name, values in self.columns.items()})

    def equal(self, name: str, value: str | None) -> Rows:
        """The rows whose text column holds exactly that value."""
        return self.where(np.array([v == value for v in self.text(name)], dtype=bool))


def _numbered(values: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Numbers from 0 for values, in order of appearance, and the values in that order."""
    if not len(values):
        return np.zeros(0, dtype=np.intp), values
    # Most columns come in order, and then one pass does what a sort would.
    if bool((values[1:] >= values[:-1]).all()):
        new = np.concatenate([[False], values[1:] != values[:-1]])
        return np.cumsum(new).astype(np.intp), values[
            np.flatnonzero(new | (np.arange(len(new)) == 0))
        ]
    different, first, place = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank[place.reshape(-1)], different[order]
