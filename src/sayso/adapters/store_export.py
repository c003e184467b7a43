"""Cases of the record as a table: CSV that a spreadsheet may open, and Parquet."""

from __future__ import annotations

import csv
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.adapters.segment_files import (
    Line,
    Merging,
    Part,
    digest_of,
    parquet,
    read,
    text_of,
    write_part,
)
from sayso.domain.errors import FileNotWritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import duckdb

    from sayso.record.projection import Cell

# What a spreadsheet takes for a formula, in plain and in full-width form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
PAGE = 10_000


def write_cases(
    folder: Path,
    name: str,
    rows: Iterable[Mapping[str, Cell]],
    said: Callable[[int], str] = lambda cases: "",
) -> int:
    """Write cases as ``name.csv`` and ``name.parquet``; memory does not grow with them.

    In the CSV a text that a spreadsheet would run as a formula begins with an apostrophe; the
    Parquet file has every text as it is, and is the one to audit.

    Args:
        folder: Where to.
        name: The files' name without ending.
        rows: One mapping of column to value a case, in their order.
        said: What the Parquet file says of itself, given the number of cases.

    Returns:
        How many cases were written; without any there are no files.

    Raises:
        FileNotWritable: If the folder does not take them.
    """
    try:
        scratch = Path(tempfile.mkdtemp(dir=folder, prefix=".unfinished-"))
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write cases to {folder}: {error.strerror}.",
            hint="Name another folder with --out.",
        ) from error
    try:
        with parquet(scratch) as connection:
            parts: list[Part] = []
            many = 0
            numbered = enumerate(rows)
            while lines := [Line(place, place, row) for place, row in islice(numbered, PAGE)]:
                file = scratch / f"{len(parts)}.parquet"
                parts.append(Part(file, write_part(connection, file, lines)))
                many += len(lines)
            if many:
                whole = scratch / "whole"
                Merging(connection, parts).write_table(whole, said(many))
                _write_csv(connection, whole, scratch / "csv")
                (scratch / "csv").replace(folder / f"{name}.csv")
                whole.replace(folder / f"{name}.parquet")
            return many
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_csv(connection: duckdb.DuckDBPyConnection, table: Path, file: Path) -> None:
    found = connection.execute(f"SELECT * FROM {read([table])}")  # noqa: S608 - quoted
    names = [str(column[0]) for column in found.description or ()]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([_harmless(name) for name in names])
        while page := found.fetchmany(PAGE):
            writer.writerows([[_cell(value) for value in row] for row in page])


def csv_differs(table: Path, file: Path) -> bool:
    """Whether a CSV file is not the one that a table in Parquet was handed out with."""
    with tempfile.TemporaryDirectory(prefix="sayso-") as made, parquet(Path(made)) as connection:
        _write_csv(connection, table, Path(made) / "csv")
        return digest_of(Path(made) / "csv") != digest_of(file)


def _cell(value: Any) -> str:  # what DuckDB hands over of a cell
    if value is None:
        return ""
    return _harmless(value) if isinstance(value, str) else text_of(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
