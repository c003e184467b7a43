"""The record in one SQLite file: what every workspace begins with.

The write-ahead log is written back by the writer's one connection alone: the SQLite that Debian
ships (3.40) can corrupt a file when another connection does so at the same moment (fixed in
3.51.3). ``synchronous = FULL`` makes each commit wait until the disk has it.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from sayso.adapters.store_sql import SqlStore
from sayso.domain.errors import RecordBusy, RecordUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from sayso.record.ports import Clock, Sealer

LOCK = ".lock"
# What SQLite calls synchronous = FULL when it is asked.
FULL = 2
_WRITER = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000")
_READER = ("query_only = ON", "wal_autocheckpoint = 0", "busy_timeout = 5000")


def open_sqlite(path: Path, clock: Clock, sealer: Sealer) -> SqlStore:
    """Open the record in a file, making it where there is none.

    Args:
        path: The file.
        clock: Says when things are taken in.
        sealer: Seals personal text.

    Raises:
        RecordBusy: If another process writes to it.
        RecordUnreadable: If it is no record, or was written by a newer Sayso.
    """
    handle = _lock(path)
    try:
        writer = _engine(path, _WRITER, begin="BEGIN IMMEDIATE", one=True)
        reader = _engine(path, _READER, begin="BEGIN", one=False)
        with writer.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA synchronous").scalar()
            wal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode != FULL or wal != "wal":
            raise RecordUnreadable(
                f"The file system of {path} does not take a write-ahead log.",
                hint="Keep the record on a local disk.",
            )
        return SqlStore(
            writer, reader, clock, sealer, before=_nothing, let_go=lambda: os.close(handle)
        )
    except BaseException as error:
        with suppress(OSError):
            os.close(handle)
        if isinstance(error, DBAPIError):
            raise RecordUnreadable(
                f"{path} cannot be opened as a record: {error.orig}.",
                hint="Name another file, or bring back a copy.",
            ) from error
        raise


def read_sqlite_record(path: Path, clock: Clock, sealer: Sealer) -> SqlStore:
    """Open the record in a file for reading alone, also while another program writes to it.

    Args:
        path: The file.
        clock: The clock.
        sealer: Opens personal text.

    Raises:
        RecordUnreadable: If it is no record, or not of this schema.
    """
    reader = _engine(path, _READER, begin="BEGIN", one=False)
    try:
        return SqlStore(None, reader, clock, sealer, before=_nothing)
    except BaseException:
        reader.dispose()
        raise


def _nothing(connection: Connection) -> None:
    """BEGIN IMMEDIATE has taken the one lock that SQLite has."""
    del connection


def _lock(path: Path) -> int:
    try:
        handle = os.open(f"{path}{LOCK}", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise RecordUnreadable(
            f"Cannot open {path}: {error.strerror}.",
            hint="Check the folder and the right to write.",
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise RecordBusy(
            f"Another Sayso is writing to {path}.",
            hint="Stop it first, or ask it: one program at a time writes to a file.",
        ) from error
    return handle


def _engine(path: Path, pragmas: tuple[str, ...], *, begin: str, one: bool) -> Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=StaticPool if one else QueuePool,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    def connected(connection: Any, record: object) -> None:  # a connection of the driver
        del record
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine
