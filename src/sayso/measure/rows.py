"""What a reducing query returns: few rows, as named columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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

    def codes(self, name: str) -> tuple[NDArray[np.intp], list[str | None]]:
        """A column as numbers from 0, and what each number stands for; NULL is a value too."""
        values = self.columns[name].tolist()
        place: dict[object, int] = {}
        codes = [place.setdefault(v, len(place)) for v in values]
        labels = [None if v is None else str(v) for v in place]
        return np.array(codes, dtype=np.intp), labels

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which keep is true."""
        return Rows({name: values[keep] for name, values in self.columns.items()})

    def equal(self, name: str, value: str | None) -> Rows:
        """The rows whose text column holds exactly that value."""
        return self.where(np.array([v == value for v in self.text(name)], dtype=bool))
