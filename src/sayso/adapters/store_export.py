"""Cases of the record as a table: CSV that a spreadsheet may open, and Parquet."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from sayso.domain.errors import FileNotWritable
from sayso.record.moments import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sayso.record.projection import Cell

# What a spreadsheet takes for a formula, in plain and in full-width form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def write_cases(folder: Path, name: str, rows: Iterable[Mapping[str, Cell]]) -> int:
    """Write cases as ``name.csv`` and ``name.parquet``.

    In the CSV a text that a spreadsheet would run as a formula begins with an apostrophe; the
    Parquet file has every text as it is, and is the one to audit.

    Args:
        folder: Where to.
        name: The files' name without ending.
        rows: One mapping of column to value a case, all with the columns of the first or fewer.

    Returns:
        How many cases were written; without any there are no files.

    Raises:
        FileNotWritable: If the folder does not take them.
    """
    kept = list(rows)
    if not kept:
        return 0
    columns = list(dict.fromkeys(column for row in kept for column in row))
    types = {column: _type([row.get(column) for row in kept]) for column in columns}
    try:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([_harmless(column) for column in columns])
            writer.writerows([[_cell(row.get(c)) for c in columns] for row in kept])
        _parquet(folder / f"{name}.parquet", kept, columns, types)
    except (OSError, duckdb.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FileNotWritable(
            f"Cannot write cases to {folder}: {why}.", hint="Name another folder with --out."
        ) from error
    return len(kept)


def _parquet(
    file: Path,
    rows: Sequence[Mapping[str, Cell]],
    columns: Sequence[str],
    types: Mapping[str, str],
) -> None:
    texts: dict[str, NDArray[np.object_]] = {}
    for place, column in enumerate(columns):
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [None if (v := row.get(column)) is None else _text(v) for row in rows]
        texts[f"c{place}"] = cells
    named = ", ".join(
        f'CAST(c{place} AS {types[column]}) AS "{column.replace(chr(34), chr(34) * 2)}"'
        for place, column in enumerate(columns)
    )
    target = str(file).replace("'", "''")
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        connection.execute(f"COPY (SELECT {named} FROM texts) TO '{target}' (FORMAT parquet)")  # noqa: S608 - quoted names


def _type(values: Sequence[Cell]) -> str:
    """What a column holds, where all its cells hold the same; else text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "BOOLEAN"
    if kinds and kinds <= {int, float}:
        return "DOUBLE"
    return "TIMESTAMP" if kinds == {datetime} else "VARCHAR"


def _text(value: Cell) -> str:
    if isinstance(value, datetime):
        return instant_text(value).removesuffix("Z").replace("T", " ")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return _harmless(value) if isinstance(value, str) else _text(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
