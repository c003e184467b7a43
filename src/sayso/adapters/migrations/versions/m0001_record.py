"""The record, its tree and its head; records and subtrees can only be added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NEVER_CHANGED = ("records", "nodes")
OPENINGS = "kind IN ('case.opened', 'case.imported')"
SPEAKING = "kind IN ('contest.filed', 'workaround.reported')"


def upgrade() -> None:
    """Make the tables of an empty database."""
    op.create_table(
        "records",
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
    )
    op.create_index("records_by_case", "records", ["decision", "kase", "place"])
    for name, columns, where in (
        ("records_opening", ["decision", "recorded_at"], OPENINGS),
        ("records_speaking", ["person", "recorded_at"], SPEAKING),
        ("records_of_record", ["kind", "place"], "kase IS NULL"),
    ):
        only = sa.text(where)
        op.create_index(name, "records", columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "head",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.BigInteger),
        sa.Column("frozen", sa.Boolean, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    _refuse_changes(op.get_bind().dialect.name)


def _refuse_changes(dialect: str) -> None:
    """No statement changes or removes a record, not even one that we write by mistake."""
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION record_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'a record is never changed'; END $$"
        )
    for table in NEVER_CHANGED:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if dialect == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION record_only_grows()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END"
                )
