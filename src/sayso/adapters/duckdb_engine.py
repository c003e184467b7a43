"""The default engine: DuckDB, as columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from sayso.measure.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_NAMED = re.compile(r"\$([A-Za-z_]\w*)")


class DuckDBEngine:
    """Runs measures on a DuckDB connection it does not own."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, more_memory: tuple[str, ...] = ()
    ) -> None:
        """Take a connection.

        Args:
            connection: Where ``cases`` is.
            more_memory: What a query may take that does not fit into the connection's limit,
                ascending; the first that is enough stays.
        """
        self._connection = connection
        self._more_memory = list(more_memory)

    def interrupt(self) -> None:
        """End the query that runs, if one does; for another thread."""
        self._connection.interrupt()

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters; parameters that the text does not name are left out."""
        wanted = set(_NAMED.findall(sql))
        named = {name: value for name, value in params.items() if name in wanted}
        while True:
            try:
                result = self._connection.execute(sql, named or None)
                break
            except duckdb.OutOfMemoryException:
                if not self._more_memory:
                    raise
                self._connection.execute(f"SET memory_limit = '{self._more_memory.pop(0)}'")
        types = {column[0]: str(column[1]) for column in result.description or ()}
        columns = result.fetchnumpy()
        # Each column is let go once it is read, so that never all of them are there twice.
        return Rows(
            {n: _column(np.ma.asanyarray(columns.pop(n)), kind) for n, kind in types.items()}
        )


def _column(values: NDArray[Any], kind: str) -> NDArray[np.float64] | NDArray[np.object_]:
    """One result column: numbers and yes/no as float64 with NaN, all else as text with None."""
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.ma.getdata(values)
    if plain.dtype.kind in "biuf":
        if mask is None or not mask.any():
            return plain.astype(np.float64, copy=False)
        numbers = plain.astype(np.float64)
        numbers[mask] = np.nan
        return numbers
    # Nearly all are texts already; only moments and the like need to be written out. Rows come
    # in order, and one text for all that say the same takes a tenth of the memory.
    same: dict[str, str] = {}
    texts = np.array(
        [
            same.setdefault(v, v) if type(v) is str else None if _absent(v) else str(v)
            for v in plain.tolist()
        ],
        dtype=object,
    )
    if mask is not None:
        texts[mask] = None
    if kind.upper().startswith(("DECIMAL", "HUGEINT", "UHUGEINT")):
        return np.array([np.nan if v is None else float(v) for v in texts])
    return texts


def _absent(value: object) -> bool:
    # NaT and NaN stand for NULL in what DuckDB hands over.
    return value is None or value is np.ma.masked or str(value) in ("NaT", "nan")
