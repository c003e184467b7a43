"""Rows of the case table as Parquet: sealed segments, and one table from many of them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from sayso.domain.errors import FileNotWritable
from sayso.record.ids import EPOCH
from sayso.record.moments import instant_text
from sayso.record.projection import COLUMNS
from sayso.record.segments import MOMENT, REAL, TEXT, WHOLE, YES_NO, joined, kind_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from sayso.record.projection import Cell
    from sayso.record.segments import Kinds

# Beside the case table's own columns; no input and no role has such a name.
FIRST, LAST, SEALED = "_first", "_last", "_sealed"
_SQL = {YES_NO: "BOOLEAN", WHOLE: "BIGINT", REAL: "DOUBLE", MOMENT: "TIMESTAMP", TEXT: "VARCHAR"}
_LARGEST = 1 << 63
_MICRO = timedelta(microseconds=1)
MEMORY = "400MB"


@dataclass(frozen=True, slots=True)
class Line:
    """One case's row.

    Attributes:
        first: Place of the case's first event.
        last: Place of the last event that it tells of.
        cells: What stands in it.
        sealed: Personal cells under their person's key; None where there are none.
    """

    first: int
    last: int
    cells: Mapping[str, Cell]
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows.

    Attributes:
        file: Where it lies.
        kinds: What each of its columns holds.
    """

    file: Path
    kinds: Kinds


@contextmanager
def parquet(scratch: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """A connection to make Parquet with.

    Args:
        scratch: A folder for what does not fit into memory.

    Raises:
        FileNotWritable: If what is made does not fit on the disk.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(scratch / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        yield connection
    except (OSError, duckdb.Error) as error:
        why = getattr(error, "strerror", None) or str(error).split("\n", 1)[0]
        raise FileNotWritable(
            f"Cannot write a table of the record: {why}.", hint="Free some space, and try again."
        ) from error
    finally:
        connection.close()


def write_part(connection: duckdb.DuckDBPyConnection, file: Path, lines: Sequence[Line]) -> Kinds:
    """Write rows, in the order of their first events; columns without a cell are left out.

    Returns:
        What each column holds.
    """
    rows = sorted(lines, key=lambda line: line.first)
    nothing: dict[str, Cell] = dict.fromkeys(chain.from_iterable(row.cells for row in rows))
    table = zip(*[{**nothing, **row.cells}.values() for row in rows], strict=True)
    values: dict[str, Any] = {  # arrays of several types
        "f": np.array([row.first for row in rows], dtype=np.int64),
        "l": np.array([row.last for row in rows], dtype=np.int64),
        "s": _objects([row.sealed for row in rows]),
    }
    named = [f"f AS {FIRST}", f"l AS {LAST}", f"CAST(s AS VARCHAR) AS {SEALED}"]
    kinds: Kinds = {}
    for place, (column, found) in enumerate(zip(nothing, table, strict=False)):
        cells = list(found)
        here = frozenset(_kind(kind) for kind in set(map(type, cells)) - {type(None)})
        if not here:
            continue
        if WHOLE in here and any(type(c) is int and not -_LARGEST <= c < _LARGEST for c in cells):
            here |= {TEXT}
        kinds[column] = here
        array, sql = _array(cells, _stored(here), f"c{place}")
        values[f"c{place}"] = array
        named.append(f"{sql} AS {quoted(column)}")
    connection.register("rows_of_part", values)
    try:
        connection.execute(
            f"COPY (SELECT {', '.join(named)} FROM rows_of_part) TO {_literal(file)} "  # noqa: S608 - quoted names
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    finally:
        connection.unregister("rows_of_part")
    return kinds


def keep(file: Path) -> str:
    """Wait until a file, for its owner alone, is on disk; says the SHA-256 of its bytes."""
    file.chmod(0o600)
    with file.open("rb") as content:
        os.fsync(content.fileno())
    return digest_of(file)


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    made = sha256()
    with file.open("rb") as content:
        while chunk := content.read(1 << 20):
            made.update(chunk)
    return made.hexdigest()


class Merging:
    """Rows of several files, of each case the one that tells of the latest event."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
        """Look at the files.

        Args:
            connection: From ``parquet``.
            parts: At least one file.
        """
        self._connection = connection
        self.kinds = joined(part.kinds for part in parts)
        self._columns = list(self.kinds)
        connection.execute(f"CREATE OR REPLACE TEMP VIEW every_row AS {_union(parts, self.kinds)}")
        found = connection.execute(
            f"SELECT count(*), count(DISTINCT {FIRST}), count({SEALED}) FROM every_row"  # noqa: S608 - fixed names
        ).fetchone()
        rows, self.cases, self._sealed = found or (0, 0, 0)
        self.stale = int(rows) - int(self.cases)
        newest = (
            f" QUALIFY row_number() OVER (PARTITION BY {FIRST} ORDER BY {LAST} DESC) = 1"
            if self.stale
            else ""
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW newest_row AS SELECT * FROM every_row{newest}"  # noqa: S608 - fixed names
        )

    def sealed(self, after: int, most: int) -> list[tuple[int, str, str]]:
        """Rows with personal cells: place of the first event, the case, the sealed cells.

        Args:
            after: The place after which they begin; -1 for all.
            most: How many at most.
        """
        if not self._sealed:
            return []
        return self._connection.execute(
            f'SELECT {FIRST}, "case", {SEALED} FROM newest_row '  # noqa: S608 - fixed names
            f"WHERE {SEALED} IS NOT NULL AND {FIRST} > {after} ORDER BY {FIRST} LIMIT {most}"
        ).fetchall()

    def write(self, file: Path) -> None:
        """Write all rows as one segment."""
        names = ", ".join([FIRST, LAST, SEALED, *map(quoted, self._columns)])
        self._connection.execute(
            f"COPY (SELECT {names} FROM newest_row ORDER BY {FIRST}) TO {_literal(file)} "  # noqa: S608 - quoted names
            "(FORMAT parquet, COMPRESSION zstd)"
        )

    def write_table(self, file: Path, said: str, opened: Sequence[Part] = ()) -> None:
        """Write all rows as the case table, in the order in which cases were opened.

        Args:
            file: Where to.
            said: What the file says of itself.
            opened: Personal cells that were opened, by place of the first event.
        """
        more = joined(part.kinds for part in opened)
        kinds = joined((self.kinds, more))
        named: list[str] = []
        for column in ordered(kinds):
            if column not in kinds:
                named.append(f"CAST(NULL AS VARCHAR) AS {quoted(own_name(column))}")
                continue
            sources = (("r", self.kinds), ("o", more))
            cells = [
                _cast(f"{table}.{quoted(column)}", _stored(here[column]), kind_of(kinds[column]))
                for table, here in sources
                if column in here
            ]
            cell = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
            named.append(f"{cell} AS {quoted(own_name(column))}")
        source = "newest_row r"
        if opened:
            source += f" LEFT JOIN ({_union(opened, more)}) o ON r.{FIRST} = o.{FIRST}"
        text = said.replace("'", "''")
        self._connection.execute(
            f"COPY (SELECT {', '.join(named)} FROM {source} ORDER BY r.{FIRST}) "  # noqa: S608 - quoted names
            f"TO {_literal(file)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{sayso: '{text}'}})"
        )


def said_in(file: Path) -> str | None:
    """What a table that was handed out says of itself; None where it says nothing."""
    if not file.is_file():
        return None
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"SELECT key, value FROM parquet_kv_metadata({_literal(file)})"  # noqa: S608 - quoted
            ).fetchall()
        said = {bytes(key): bytes(value) for key, value in rows}
        found = said.get(b"sayso")
        return None if found is None else found.decode("utf-8")
    except (duckdb.Error, UnicodeDecodeError):
        # What it is not, is said by whoever reads it as a table.
        return None


def write_nothing(connection: duckdb.DuckDBPyConnection, file: Path, said: str) -> None:
    """Write the case table of a decision without ended cases: its columns, and no row."""
    named = ", ".join(f"CAST(NULL AS VARCHAR) AS {quoted(name)}" for name in COLUMNS)
    text = said.replace("'", "''")
    connection.execute(
        f"COPY (SELECT {named} WHERE false) TO {_literal(file)} "
        f"(FORMAT parquet, KV_METADATA {{sayso: '{text}'}})"
    )


def ordered(kinds: Kinds) -> list[str]:
    """The columns of a table: the case table's own, then inputs by name."""
    return [*COLUMNS, *sorted(set(kinds) - set(COLUMNS))]


def own_name(column: str) -> str:
    """Inputs go out under the charter's names, where these are not a column's."""
    plain = column.removeprefix("in_")
    return column if plain in COLUMNS else plain


def quoted(name: str) -> str:
    """An identifier that SQL reads as exactly this name."""
    return '"' + name.replace('"', '""') + '"'


def text_of(value: Cell) -> str:
    """A cell as text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat(" ", timespec="microseconds")
        return instant_text(value).removesuffix("Z").replace("T", " ")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _union(parts: Sequence[Part], kinds: Kinds) -> str:
    """Every row of every file, in their order; files of one form are read together."""
    selects: list[str] = []
    group: list[Part] = []

    def close() -> None:
        if not group:
            return
        here = {name: _stored(found) for name, found in group[0].kinds.items()}
        named = [
            f"{_cast(quoted(name), here[name], _stored(found))} AS {quoted(name)}"
            if name in here
            else f"CAST(NULL AS {_SQL[_stored(found)]}) AS {quoted(name)}"
            for name, found in kinds.items()
        ]
        files = read([part.file for part in group])
        names = ", ".join([FIRST, LAST, SEALED, *named])
        selects.append(f"SELECT {names} FROM {files}")  # noqa: S608 - quoted names
        group.clear()

    for part in parts:
        if group and _form(group[0]) != _form(part):
            close()
        group.append(part)
    close()
    return " UNION ALL ".join(selects)


def _form(part: Part) -> dict[str, str]:
    return {name: _stored(kinds) for name, kinds in part.kinds.items()}


def read(files: Sequence[Path]) -> str:
    """SQL for the rows of files."""
    named = ", ".join(_literal(file) for file in files)
    return f"read_parquet([{named}], union_by_name = true)"


def _stored(kinds: frozenset[str]) -> str:
    """What a file keeps a column as: texts, where that alone keeps each cell's own spelling."""
    return next(iter(kinds)) if len(kinds) == 1 else TEXT


def _cast(sql: str, before: str, after: str) -> str:
    """A cell of one type as another, spelled as ``text_of`` spells it."""
    if before == after:
        return sql
    if before == MOMENT and after == TEXT:
        return f"strftime({sql}, '%Y-%m-%d %H:%M:%S.%f')"
    return f"CAST({sql} AS {_SQL[after]})"


def _kind(kind: type) -> str:
    for known, name in ((bool, YES_NO), (int, WHOLE), (float, REAL), (datetime, MOMENT)):
        if issubclass(kind, known):
            return name
    return TEXT


def _array(cells: list[Cell], kind: str, name: str) -> tuple[Any, str]:  # an array of any type
    """One column as DuckDB takes it, and the SQL for it; None becomes what no cell holds."""
    match kind:
        case "bool":
            marks = {True: 1, False: 0, None: -1}
            array = np.array([marks[c] for c in cells], dtype=np.int8)  # pyright: ignore[reportArgumentType] - of one kind
            return array, f"CASE WHEN {name} >= 0 THEN {name} = 1 END"
        case "float":
            array = np.array([np.nan if c is None else c for c in cells], dtype=np.float64)
            return array, f"CASE WHEN NOT isnan({name}) THEN {name} END"
        case "datetime":
            # As whole microseconds: arrays of moments are made ten times as slowly.
            none = -_LARGEST
            moments = [(c - EPOCH) // _MICRO if isinstance(c, datetime) else none for c in cells]
            return (
                np.array(moments, dtype=np.int64),
                f"CASE WHEN {name} <> {none} THEN make_timestamp({name}) END",
            )
        case "int":
            return _objects(
                [None if c is None else str(c) for c in cells]
            ), f"CAST({name} AS BIGINT)"
        case _:
            # Nearly all are texts already.
            texts = [c if c is None or type(c) is str else text_of(c) for c in cells]
            return _objects(texts), f"CAST({name} AS VARCHAR)"


def _objects(values: list[str | None]) -> Any:  # an array of objects
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _literal(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


__all__ = ["Line", "Merging", "Part", "parquet", "write_part"]
