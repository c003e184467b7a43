"""The record in PostgreSQL, when a file is no longer enough.

Sequence numbers of PostgreSQL do not follow the order of commits, so every writing transaction
first takes one advisory lock: places in the tree are handed out in the order of commits, also
when several servers write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from sayso.adapters.store_sql import SqlStore
from sayso.domain.errors import RecordUnreadable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sayso.record.ports import Clock, Sealer

# "sayso" as a number; every writer of one database takes the same.
LOCK = 0x736179736F


def open_postgres(url: str, clock: Clock, sealer: Sealer, *, read_only: bool = False) -> SqlStore:
    """Open the record in a database, making its tables where there are none.

    Args:
        url: Address, such as ``postgresql://sayso@localhost/sayso``.
        clock: Says when things are taken in.
        sealer: Seals personal text.
        read_only: Open it for reading alone.

    Raises:
        RecordUnreadable: If the database cannot be reached, or a newer Sayso wrote it.
    """
    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
    except ArgumentError as error:
        raise RecordUnreadable(
            "The address of the database cannot be read.",
            hint="Write it as postgresql://user@host/name.",
        ) from error
    writer = None
    if not read_only:
        # A server that was started again is found at the next write, not at the one after it.
        writer = sa.create_engine(address, poolclass=QueuePool, pool_size=1, pool_pre_ping=True)
    reader = sa.create_engine(
        address, poolclass=QueuePool, pool_pre_ping=True, isolation_level="REPEATABLE READ"
    )
    return SqlStore(writer, reader, clock, sealer, before=_in_turn)


def _in_turn(connection: Connection) -> None:
    """Wait for the writer before us, and let nobody's settings make a commit less than durable."""
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
