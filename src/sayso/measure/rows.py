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
        return [None if value is None else str(value) for value in self.columns[name]]

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which keep is true."""
        return Rows({name: values[keep] for name, values in self.columns.items()})

    def equal(self, name: str, value: str | None) -> Rows:
        """The rows whose text column holds exactly that value."""
        return self.where(np.array([v == value for v in self.text(name)], dtype=bool))
