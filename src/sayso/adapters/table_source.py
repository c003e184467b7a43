"""Any table of past decisions, opened as the case table."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from sayso.adapters.case_builder import build_cases
from sayso.adapters.column_facts import ReadColumn, read_columns
from sayso.adapters.csv_file import read_csv
from sayso.adapters.duckdb_engine import DuckDBEngine
from sayso.adapters.import_request import ImportRequest
from sayso.adapters.source_values import declared_inputs
from sayso.adapters.stored_tables import (
    read_duckdb,
    read_frame,
    read_parquet,
    read_postgres,
    read_sqlite,
)
from sayso.domain.errors import FileNotWritable, TableEmpty, TableUnreadable

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sayso.adapters.raw_table import RawTable
    from sayso.measure.profile import Profile
    from sayso.measure.setting import Setting


QUERIES = "180MB"
# Telling so many cases apart does not fit into the first memory limit; trying costs a copy.
MANY = 3_000_000


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table, read: the engine over its case table, and what was seen on the way.

    Attributes:
        engine: Runs queries over ``cases``.
        profile: What was read.
        setting: The frame in which figures are read.
        columns: The user's columns.
        inputs: Declared inputs, as SQL over ``cases``.
        outcome: The outcome as the charter types it, as SQL over ``cases``.
    """

    engine: DuckDBEngine
    profile: Profile
    setting: Setting
    columns: tuple[ReadColumn, ...]
    inputs: Mapping[str, str]
    outcome: str


@contextmanager
def open_table(request: ImportRequest) -> Generator[OpenTable]:
    """Open a table for as long as its figures are read; leaves nothing behind.

    Raises:
        SaysoError: If the table cannot be read or understood; the message says what to do.
    """
    try:
        scratch = Path(tempfile.mkdtemp(prefix="sayso-"))
    except OSError as error:
        raise _no_room(error) from error
    connection: duckdb.DuckDBPyConnection | None = None
    try:
        connection, columns, profile, setting = _load(request, scratch)
        # Queries need less than making the table did; what they do not need goes back.
        connection.execute(f"SET memory_limit = '{QUERIES}'")
        inputs, outcome = declared_inputs(columns, request.charter, kept_inputs(connection))
        engine = DuckDBEngine(connection, more_memory=request.memory_limits)
        yield OpenTable(engine, profile, setting, columns, inputs=inputs, outcome=outcome)
    except (duckdb.IOException, duckdb.TransactionException) as error:
        # What cannot be read says so where it is read; what is left is our working files.
        raise _no_room(error) from error
    finally:
        if connection is not None:
            with suppress(duckdb.Error):  # closing writes once more, and there may be no room
                connection.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _no_room(error: Exception) -> FileNotWritable:
    return FileNotWritable(
        f"Cannot write working files in {tempfile.gettempdir()}: {error}.",
        hint="Free some space there, or set TMPDIR to a folder that has it.",
    )


def _load(
    request: ImportRequest, scratch: Path
) -> tuple[duckdb.DuckDBPyConnection, tuple[ReadColumn, ...], Profile, Setting]:
    """Read and build under the first memory limit that is enough."""
    *smaller, last = request.memory_limits
    for place, limit in enumerate((*smaller, last)):
        folder = scratch / str(place)
        folder.mkdir()
        connection = _connect(folder, limit)
        try:
            _told(request, "reading the table")
            raw = _read(connection, request, folder)
            rows, columns = read_columns(connection, raw)
            if rows == 0:
                raise TableEmpty(
                    f"{raw.name} has a header and no rows.", hint="Export it again with its rows."
                )
            if rows > MANY and limit != last:
                connection.execute(f"SET memory_limit = '{request.memory_limits[place + 1]}'")
            _told(request, "telling the columns")
            profile, setting = build_cases(connection, raw, columns, rows, request)
        except duckdb.OutOfMemoryException as error:
            # A writer keeps a block for each column, so a wide table needs more than a long one.
            connection.close()
            if limit == last:
                raise TableUnreadable(
                    f"The table does not fit into {limit} of memory.",
                    hint="Keep the columns that matter, or read it in parts.",
                ) from error
        except BaseException:
            connection.close()
            raise
        else:
            return connection, columns, profile, setting
    raise AssertionError("the last limit returns or raises")


def _connect(folder: Path, limit: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        str(folder / "cases.duckdb"),
        config={
            "memory_limit": limit,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    # Where no script runs, such as a notebook, DuckDB draws on stdout; what is done is said by us.
    connection.execute("SET enable_progress_bar = false")
    return connection


def open_raw(request: ImportRequest, scratch: Path) -> tuple[duckdb.DuckDBPyConnection, RawTable]:
    """A connection with the relation ``raw``, before anything is made of it.

    Raises:
        SaysoError: If the table cannot be read; the message says what to do.
    """
    connection = _connect(scratch, request.memory_limits[0])
    try:
        return connection, _read(connection, request, scratch)
    except BaseException:
        connection.close()
        raise


def kept_inputs(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """Places of the user's columns that ``cases`` keeps as inputs."""
    rows = connection.execute("DESCRIBE cases").fetchall()
    names = (str(row[0]) for row in rows)
    return frozenset(int(n[3:]) for n in names if n.startswith("in_") and n[3:].isdigit())


def _told(request: ImportRequest, words: str) -> None:
    if request.progress is not None:
        request.progress(words)


def _read(connection: duckdb.DuckDBPyConnection, request: ImportRequest, scratch: Path) -> RawTable:
    source = request.source
    if not isinstance(source, str | Path):
        return read_frame(connection, source)
    text = str(source)
    if text.startswith(("postgres://", "postgresql://")):
        return read_postgres(connection, text, request.table, scratch)
    if "://" in text:
        raise TableUnreadable(
            f"Addresses of the kind {text.split('://')[0]}:// are not read.",
            hint="Give a file, or a postgresql:// address.",
        )
    path = Path(source)
    if any(mark in path.name for mark in "*?[") and not path.exists():
        return read_parquet(connection, path)
    return _read_file(connection, path, request, scratch)


def _read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, request: ImportRequest, scratch: Path
) -> RawTable:
    try:
        if path.is_dir():
            return read_parquet(connection, path)
        with path.open("rb") as content:
            magic = content.read(16)
    except FileNotFoundError as error:
        folder = path.parent
        near = (
            get_close_matches(path.name, [p.name for p in folder.iterdir()], n=1)
            if folder.is_dir()
            else []
        )
        raise TableUnreadable(
            f"There is no file {path.name!r} here.",
            hint=f"Did you mean {near[0]!r}?" if near else "Check the name and the folder.",
        ) from error
    except OSError as error:
        raise TableUnreadable(
            f"Cannot read {path.name}: {error.strerror}.",
            hint="Check the file and your right to read it.",
        ) from error
    if magic.startswith(b"PAR1") or path.suffix == ".parquet":
        return read_parquet(connection, path)
    if magic.startswith(b"SQLite format 3"):
        return read_sqlite(connection, path, request.table, scratch)
    if magic[8:12] == b"DUCK":
        return read_duckdb(connection, path, request.table)
    if magic.startswith(b"PK\x03\x04"):
        raise TableUnreadable(
            f"{path.name} is a spreadsheet or a zip archive.",
            hint="Save the sheet as CSV and give that file.",
        )
    return read_csv(connection, path, scratch)


__all__ = ["ImportRequest", "OpenTable", "open_table"]
