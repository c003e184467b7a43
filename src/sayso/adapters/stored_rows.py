"""Rows of a case table in Parquet, held against what they should be."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import duckdb

from sayso.adapters.segment_files import own_name, read, text_of
from sayso.domain.errors import RecordUnreadable
from sayso.record.projection import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sayso.record.projection import Cell

_PAGE = 5_000
Expected = tuple["Mapping[str, Cell]", "Sequence[str]"]


def differing_rows(file: Path, expected: Iterable[Expected], *, most: int = 5) -> list[str]:
    """How a table's rows differ from those that they should be; nothing where they do not.

    Args:
        file: A case table in Parquet.
        expected: Its rows in their order, each with the columns that are not looked at; ``in_``
            stands for all inputs.
        most: When no more is said.

    Returns:
        A sentence a difference.

    Raises:
        RecordUnreadable: If the file is no table.
    """
    found: list[str] = []
    for place, (row, wanted) in enumerate(zip_longest(_rows(file), expected), 1):
        if len(found) >= most:
            break
        if row is None or wanted is None:
            found.append(
                f"{'Row' if wanted is None else 'No row'} {place} is not what was decided."
            )
            if wanted is None:
                break
            continue
        cells, unseen = wanted
        named = {own_name(column): value for column, value in cells.items()}
        left_out = {own_name(column) for column in unseen}
        if "in_" in unseen:
            left_out |= {*named, *row}.difference(COLUMNS)
        wrong = [
            name
            for name in {**named, **row}
            if name not in left_out and not _same(row.get(name), named.get(name))
        ]
        if wrong:
            found.append(
                f"Case {str(cells.get('case'))[:60]!r} has another {', '.join(sorted(wrong)[:5])}."
            )
    return found


def _rows(file: Path) -> Iterator[dict[str, Any]]:  # what DuckDB hands over
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            rows = connection.execute(f"SELECT * FROM {read([file])}")  # noqa: S608 - quoted
            names = [str(column[0]) for column in rows.description or ()]
            while page := rows.fetchmany(_PAGE):
                yield from (dict(zip(names, row, strict=True)) for row in page)
    except duckdb.Error as error:
        raise RecordUnreadable(
            f"{file} is no table: {str(error).splitlines()[0][:200]}.", hint="Use another copy."
        ) from error


def _same(stored: object, wanted: Cell) -> bool:
    """Whether a stored cell is the one that was wanted, whatever type its column came to have."""
    if stored is None or wanted is None:
        return stored is None and wanted is None
    if isinstance(stored, str):
        return stored == text_of(wanted)
    if isinstance(stored, datetime):
        return isinstance(wanted, datetime) and stored.replace(tzinfo=UTC) == wanted
    return isinstance(stored, bool) == isinstance(wanted, bool) and stored == wanted
