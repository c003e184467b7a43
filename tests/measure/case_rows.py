"""A case table from rows written by hand, and the engine that reads it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from sayso.measure.case_table import CASE_COLUMNS, Kind
from sayso.measure.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMES = frozenset(column.name for column in CASE_COLUMNS)


def _column(values: list[object]) -> np.ndarray:
    """Numbers and yes/no as float64 with NaN, everything else as objects with None."""
    kinds = {type(v) for v in values if v is not None}
    if kinds and kinds <= {int, float, bool, Decimal}:
        return np.array([np.nan if v is None else float(v) for v in values])  # type: ignore[arg-type]
    if not kinds:
        return np.array(values, dtype=object)
    return np.array([None if v is None else str(v) for v in values], dtype=object)


class HandEngine:
    """Runs a query over one table ``cases`` in memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.queries = 0

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql; parameters that the text does not name are left out."""
        self.queries += 1
        named = {name: value for name, value in params.items() if f"${name}" in sql}
        cursor = self.connection.execute(sql, named) if named else self.connection.execute(sql)
        names = [d[0] for d in cursor.description]
        rows = cursor.fetchall()
        return Rows({name: _column([row[i] for row in rows]) for i, name in enumerate(names)})


# Opening a database costs ten times what most of these tables do, so that many share one.
_MOST_ROOMS = 500
_database: list[duckdb.DuckDBPyConnection] = []
_rooms = count()


def _room_of_its_own() -> duckdb.DuckDBPyConnection:
    """A connection that sees its own tables only."""
    room = next(_rooms)
    if room % _MOST_ROOMS == 0:
        _database[:] = [duckdb.connect(":memory:", config={"threads": 1})]
    connection = _database[0].cursor()
    connection.execute(f"CREATE SCHEMA room_{room}")
    connection.execute(f"SET schema = 'room_{room}'")
    return connection


def cases_from(rows: Iterable[Mapping[str, object]]) -> HandEngine:
    """The full case table from rows of any of its columns; what is left out is NULL.

    Texts go in as text, numbers as numbers, moments as datetimes without a zone.

    Raises:
        KeyError: If a row names a column that the case table does not have.
    """
    kept = list(rows)
    for row in kept:
        unknown = set(row) - _NAMES
        if unknown:
            raise KeyError(f"not columns of the case table: {sorted(unknown)}")
    connection = _room_of_its_own()
    shape = ", ".join(f"{c.name} {c.kind.value}" for c in CASE_COLUMNS)
    connection.execute(f"CREATE TABLE cases ({shape})")
    if kept:
        import pyarrow as pa

        types = {
            Kind.TEXT: pa.string(),
            Kind.NUMBER: pa.float64(),
            Kind.YES_NO: pa.bool_(),
            Kind.MOMENT: pa.timestamp("us"),
        }
        table = pa.table(
            {
                c.name: pa.array([_cell(row.get(c.name), c.kind) for row in kept], types[c.kind])
                for c in CASE_COLUMNS
            }
        )
        connection.register("given", table)
        connection.execute("INSERT INTO cases SELECT * FROM given")
        connection.unregister("given")
    # Rows by hand have no inputs; the import makes these views of those that a table has.
    connection.execute(
        "CREATE VIEW case_inputs AS SELECT *, NULL::VARCHAR AS input, NULL::INTEGER AS input_code, "
        "NULL::DOUBLE AS input_number, false AS input_lined, false AS input_affected "
        "FROM cases WHERE false"
    )
    connection.execute(
        "CREATE VIEW input_values AS SELECT NULL::VARCHAR AS input, 0::BIGINT AS cases, "
        "0::BIGINT AS filled, NULL::VARCHAR AS first_value, NULL::VARCHAR AS last_value WHERE false"
    )
    connection.execute("CREATE VIEW case_slices AS SELECT *, 0e0 AS packed FROM cases")
    return HandEngine(connection)


def _cell(value: object, kind: Kind) -> object:
    """A Python value as Arrow takes it for that kind of column."""
    if value is None:
        return None
    match kind:
        case Kind.TEXT:
            return str(value)
        case Kind.NUMBER:
            return float(value)  # type: ignore[arg-type]
        case Kind.YES_NO:
            return bool(value)
        case Kind.MOMENT:
            if not isinstance(value, datetime):
                raise TypeError(f"a moment must be a datetime, got {value!r}")
            return value
