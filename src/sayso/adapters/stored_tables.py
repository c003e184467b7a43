"""Tables that already have types: Parquet, DuckDB, SQLite, PostgreSQL, frames."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import duckdb

from sayso.adapters.raw_table import RawColumn, RawTable, literal, placed, quoted
from sayso.domain.errors import TableEmpty, TableUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CHUNK = 1 << 20
_ROWS = 20_000
_WAIT_SECONDS = 5


def described(
    connection: duckdb.DuckDBPyConnection, name: str, *, sha256: str = "", names: Sequence[str] = ()
) -> RawTable:
    """The relation ``raw`` with the types DuckDB gives it.

    Args:
        connection: Where ``raw`` is.
        name: What to call it.
        sha256: Of its bytes, where there is a file.
        names: The user's names, where ``raw`` holds them as c0, c1, ...
    """
    rows = connection.execute("DESCRIBE raw").fetchall()
    columns = tuple(
        RawColumn(names[i] if names else str(row[0]), quoted(str(row[0])), str(row[1]))
        for i, row in enumerate(rows)
    )
    return RawTable(name, columns, sha256)


def read_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> RawTable:
    """A Parquet file, a folder of them, or a glob; read in place, never copied.

    Raises:
        TableUnreadable: If there is no such file, or one is cut short.
    """
    pattern = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    try:
        connection.execute(
            "CREATE VIEW raw AS SELECT * FROM "  # noqa: S608 - the path is an escaped literal
            f"read_parquet({literal(pattern)}, union_by_name = true)"
        )
        table = described(connection, path.name, sha256=_digest(path) if path.is_file() else "")
    except duckdb.Error as error:
        reason = str(error).split("\n", 1)[0]
        if "No files found" in reason:
            raise TableUnreadable(
                f"{path.name} holds no Parquet file.",
                hint="Name a CSV or Parquet file, or a folder with *.parquet in it.",
            ) from error
        raise TableUnreadable(
            f"{path.name} is not a whole Parquet file: {reason}",
            hint="Copy or export it again; it may be cut short.",
        ) from error
    return table


def read_duckdb(connection: duckdb.DuckDBPyConnection, path: Path, table: str | None) -> RawTable:
    """A table of a DuckDB file, opened for reading only."""
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS given (READ_ONLY)")
    except duckdb.Error as error:
        raise TableUnreadable(
            f"{path.name} is not a DuckDB file that can be opened.",
            hint="Close the program that holds it, or name another file.",
        ) from error
    names = [
        str(r[0])
        for r in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'given' "
            "UNION SELECT view_name FROM duckdb_views() WHERE database_name = 'given' "
            "AND NOT internal ORDER BY 1"
        ).fetchall()
    ]
    chosen = _one_of(names, table, path.name)
    connection.execute(f"CREATE VIEW raw AS SELECT * FROM given.{quoted(chosen)}")  # noqa: S608
    return described(connection, f"{path.name}:{chosen}", sha256=_digest(path))


def read_sqlite(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str | None, scratch: Path
) -> RawTable:
    """A table of an SQLite file, streamed; DuckDB's own reader is not in its wheel."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source:
            names = [
                str(r[0])
                for r in source.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                    "AND name NOT LIKE 'sqlite_%' ORDER BY 1"
                )
            ]
            chosen = _one_of(names, table, path.name)
            cursor = source.execute(f"SELECT * FROM {quoted(chosen)}")  # noqa: S608 - quoted
            headers = [str(d[0]) for d in cursor.description]
            _spill(scratch / "table.csv", lambda: cursor.fetchmany(_ROWS))
    except sqlite3.Error as error:
        raise TableUnreadable(
            f"{path.name} cannot be read as SQLite: {error}.", hint="Name another file."
        ) from error
    _load_spilled(connection, scratch / "table.csv", headers)
    return RawTable(f"{path.name}:{chosen}", placed(headers), _digest(path))


def read_postgres(
    connection: duckdb.DuckDBPyConnection, url: str, table: str | None, scratch: Path
) -> RawTable:
    """A table of a PostgreSQL database, copied out as text in one stream.

    The table is named by ``--table`` or by ``?table=`` in the address. The password never
    appears in a message.

    Raises:
        TableUnreadable: If the server does not answer within five seconds, or refuses.
    """
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    query = parse_qs(parts.query)
    wanted = table or next(iter(query.pop("table", [])), None)
    kept = "&".join(f"{k}={v}" for k, values in query.items() for v in values if k != "table")
    address = urlunsplit(parts._replace(query=kept))
    place = f"{parts.hostname or 'localhost'}{parts.path}"
    try:
        with psycopg.connect(address, connect_timeout=_WAIT_SECONDS, autocommit=True) as source:
            source.read_only = True
            names = [
                str(r[0])
                for r in source.execute(
                    "SELECT table_name FROM information_schema.tables "
                    "WHERE table_schema = ANY (current_schemas(false)) ORDER BY 1"
                )
            ]
            chosen = _one_of(names, wanted, place)
            source.execute("SET datestyle = 'ISO, YMD'")
            source.execute("SET timezone = 'UTC'")
            cursor = source.execute(
                sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(chosen))
            )
            headers = [d.name for d in cursor.description or ()]
            copy = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT csv)").format(
                sql.Identifier(chosen)
            )
            with (
                source.cursor() as out,
                out.copy(copy) as stream,
                (scratch / "table.csv").open("wb") as target,
            ):
                for data in stream:
                    target.write(bytes(data))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else "no answer"
        if parts.password:
            reason = reason.replace(parts.password, "***")
        raise TableUnreadable(
            f"PostgreSQL at {place} cannot be read: {reason}",
            hint="Check the address, the user's rights and that the server is up.",
        ) from error
    _load_spilled(connection, scratch / "table.csv", headers)
    return RawTable(chosen, placed(headers))


def read_frame(connection: duckdb.DuckDBPyConnection, frame: Any) -> RawTable:  # pandas or polars
    """A pandas or polars frame, seen in place.

    Raises:
        TableUnreadable: If it is neither.
    """
    module = type(frame).__module__.split(".")[0]
    if module not in ("pandas", "polars"):
        raise TableUnreadable(
            f"A {type(frame).__name__} is not a table.",
            hint="Give a path, a database URL, or a pandas or polars frame.",
        )
    names = [str(name) for name in frame.columns]
    shown = frame.copy(deep=False) if module == "pandas" else frame.lazy().collect()
    shown.columns = [f"c{i}" for i in range(len(names))]
    if module == "polars":
        shown = shown.to_arrow()
    try:
        connection.register("frame_given", shown)
        connection.execute("CREATE TABLE raw AS SELECT * FROM frame_given")
        connection.unregister("frame_given")
    except duckdb.Error as error:
        raise TableUnreadable(
            f"The frame cannot be read: {str(error).splitlines()[0]}",
            hint="Give its columns plain types: text, numbers, dates.",
        ) from error
    return described(connection, "frame", names=names)


def _one_of(names: Sequence[str], wanted: str | None, place: str) -> str:
    if not names:
        raise TableEmpty(f"{place} holds no table.", hint="Name another database.")
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    said = "holds several tables" if wanted is None else f"has no table {wanted!r}"
    raise TableUnreadable(
        f"{place} {said}: {', '.join(names[:8])}.", hint=f"Name one with --table {names[0]}."
    )


def _spill(path: Path, fetch: Callable[[], Sequence[Sequence[object]]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        while rows := fetch():
            writer.writerows(rows)


def _load_spilled(connection: duckdb.DuckDBPyConnection, path: Path, names: Sequence[str]) -> None:
    shape = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    connection.execute(
        f"CREATE TABLE raw AS SELECT * FROM read_csv({literal(str(path))}, "  # noqa: S608
        f"columns = {{{shape}}}, auto_detect = false, header = false, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '')"
    )
    path.unlink()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
