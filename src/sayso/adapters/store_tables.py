"""The tables of the store, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sayso.domain.errors import RecordUnreadable

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST = "0001"
METADATA = sa.MetaData()
RECORDS = sa.Table(
    "records",
    METADATA,
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("kase", sa.Text),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("many", sa.Integer, nullable=False),
    sa.Index("records_by_case", "decision", "kase", "place"),
)
OPENINGS = ("case.opened", "case.imported")
SPEAKING = ("contest.filed", "workaround.reported")
for _name, _column, _kinds in (
    ("records_opening", RECORDS.c.decision, OPENINGS),
    ("records_speaking", RECORDS.c.person, SPEAKING),
):
    _only = RECORDS.c.kind.in_(_kinds)
    sa.Index(_name, _column, RECORDS.c.recorded_at, sqlite_where=_only, postgresql_where=_only)
_caseless = RECORDS.c.kase.is_(None)
sa.Index(
    "records_of_record",
    RECORDS.c.kind,
    RECORDS.c.place,
    sqlite_where=_caseless,
    postgresql_where=_caseless,
)
NODES = sa.Table(
    "nodes",
    METADATA,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
HEAD = sa.Table(
    "head",
    METADATA,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.BigInteger),
    sa.Column("frozen", sa.Boolean, nullable=False),
)
META = sa.Table(
    "meta",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def schema_version(connection: Connection) -> str | None:
    """The number of the schema's last change; None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(connection: Connection) -> None:
    """Apply the changes that the schema still lacks, inside the caller's transaction.

    Raises:
        RecordUnreadable: If a newer Sayso changed the schema.
    """
    version = schema_version(connection)
    if version == NEWEST:
        return
    if version is not None and version > NEWEST:
        raise RecordUnreadable(
            f"The record has schema {version}; this Sayso knows {NEWEST}.",
            hint="Use the Sayso that wrote it, or a newer one.",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
