"""A table small enough to be read whole: a list that people keep, not a log of decisions."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.adapters.column_facts import cell_text
from sayso.adapters.table_source import open_raw
from sayso.domain.errors import TableEmpty, TableUnreadable

if TYPE_CHECKING:
    from sayso.adapters.import_request import ImportRequest


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table's cells as text, None where they say nothing.

    Attributes:
        name: What to call it.
        columns: Its columns, in order.
        rows: Its rows, in order.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


def read_small(request: ImportRequest, *, most: int) -> SmallTable:
    """Read a table of at most so many rows.

    Raises:
        TableEmpty: If it has no rows.
        TableUnreadable: If it cannot be read, or has more rows.
    """
    scratch = Path(tempfile.mkdtemp(prefix="sayso-"))
    try:
        connection, raw = open_raw(request, scratch)
        with connection:
            cells = ", ".join(cell_text(c) for c in raw.columns)
            rows = connection.execute(f"SELECT {cells} FROM raw LIMIT {most + 1}").fetchall()  # noqa: S608
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if not rows:
        raise TableEmpty(
            f"{raw.name} has a header and no rows.", hint="Export it again with its rows."
        )
    if len(rows) > most:
        raise TableUnreadable(
            f"{raw.name} has more than {most:,} rows, too many for a list of systems.",
            hint="Give the list of AI systems; a table of decisions is for `sayso audit`.",
        )
    return SmallTable(
        raw.name, tuple(c.name for c in raw.columns), tuple(tuple(row) for row in rows)
    )
