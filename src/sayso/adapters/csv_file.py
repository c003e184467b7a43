"""CSV files: any delimiter, quoting and encoding; nothing skipped, nothing guessed away."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
from typing import TYPE_CHECKING

import duckdb

from sayso.adapters.raw_table import RawTable, literal, placed
from sayso.domain.errors import TableEmpty, TableUnreadable

if TYPE_CHECKING:
    from io import BufferedIOBase
    from pathlib import Path

    from sayso.adapters.raw_table import RawColumn

_CHUNK = 1 << 20
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(connection: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> RawTable:
    """Load a CSV file into the table ``raw``, every cell as text.

    DuckDB's own detection skips lines that it does not understand, so the delimiter and the
    header are read here and every line must fit.

    Args:
        connection: Where ``raw`` is made.
        path: A file, plain or gzipped.
        scratch: Folder for a UTF-8 copy, where the file has another encoding.

    Raises:
        TableEmpty: If there is no header, or no row under it.
        TableUnreadable: If the bytes are no text, a quote is not closed or a line does not fit.
    """
    digest, encoding = _survey(path)
    plain = encoding == "utf-8" and path.suffix != ".gz"
    readable = path if plain else _as_utf8(path, encoding, scratch / "table.csv")
    delimiter, names = _header(readable, path.name)
    columns = placed(names)
    shape = ", ".join(f"'{c.sql}': 'VARCHAR'" for c in columns)
    try:
        connection.execute(
            "CREATE TABLE raw AS SELECT * FROM read_csv("  # noqa: S608 - names are c0, c1, ...
            f"{literal(str(readable))}, columns = {{{shape}}}, auto_detect = false, "
            f"header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
            "null_padding = false, strict_mode = true, max_line_size = 16777216, "
            "encoding = 'utf-8', nullstr = '')"
        )
    except duckdb.Error as error:
        raise _unreadable(path.name, str(error)) from error
    _refuse_open_quote(connection, columns, path.name)
    return RawTable(path.name, columns, digest)


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _survey(path: Path) -> tuple[str, str]:
    """The file's SHA-256 and its encoding; one pass, no more than a chunk in memory."""
    try:
        digest = hashlib.sha256()
        with path.open("rb") as raw:
            while chunk := raw.read(_CHUNK):
                digest.update(chunk)
        with _open(path) as content:
            first = content.read(_CHUNK)
            if not first.strip():
                raise TableEmpty(
                    f"{path.name} is empty.", hint="Export the table again, with its header line."
                )
            for mark, encoding in _BOMS:
                if first.startswith(mark):
                    return digest.hexdigest(), encoding
            if b"\x00" in first:
                raise TableUnreadable(
                    f"{path.name} is not text: it holds zero bytes.",
                    hint="Give a CSV, Parquet, DuckDB or SQLite file.",
                )
            decoder = codecs.getincrementaldecoder("utf-8")()
            chunk = first
            try:
                while chunk:
                    decoder.decode(chunk)
                    chunk = content.read(_CHUNK)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                # Not UTF-8. cp1252 is Latin-1 with the punctuation that spreadsheets write.
                return digest.hexdigest(), "cp1252"
            return digest.hexdigest(), "utf-8"
    except (OSError, EOFError) as error:
        raise TableUnreadable(
            f"Cannot read {path.name}: {getattr(error, 'strerror', None) or error}.",
            hint="Check the file and your right to read it.",
        ) from error


def _as_utf8(path: Path, encoding: str, copy: Path) -> Path:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with _open(path) as source, copy.open("w", encoding="utf-8", newline="") as target:
        while chunk := source.read(_CHUNK):
            target.write(decoder.decode(chunk))
        target.write(decoder.decode(b"", final=True))
    return copy


def _header(path: Path, name: str) -> tuple[str, list[str]]:
    """The delimiter that splits the first lines most evenly, and the names in the header."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = [line for _, line in zip(range(50), lines, strict=False)]
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        raise TableUnreadable(
            f"{name} begins with a line {sample[0].strip()!r}.",
            hint="Remove that first line: the header comes first.",
        )
    best, fields = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(r) for r in csv.reader(sample, delimiter=delimiter) if r]
        except csv.Error:
            continue
        if widths and widths[0] > fields and widths.count(widths[0]) >= 0.5 * len(widths):
            best, fields = delimiter, widths[0]
    names = next(csv.reader(sample, delimiter=best), [])
    if not any(n.strip() for n in names):
        raise TableEmpty(f"{name} has no header line.", hint="Put the column names on line 1.")
    return best, _distinct(names)


def _distinct(names: list[str]) -> list[str]:
    """Names as written; a repeated one gets its place, since a flag must mean one column."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = name.strip() or f"column {place}"
        seen[plain] = seen.get(plain, 0) + 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return result


def _refuse_open_quote(
    connection: duckdb.DuckDBPyConnection, columns: tuple[RawColumn, ...], name: str
) -> None:
    """A quote never closed swallows the rest of the file into one cell, or stays in it."""
    cells = " OR ".join(
        f"(starts_with({c.sql}, '\"') AND (NOT ends_with({c.sql}, '\"') OR length({c.sql}) = 1))"
        for c in columns
    )
    found = connection.execute(
        f"SELECT count(*) FROM raw WHERE {cells}"  # noqa: S608 - names are c0, c1, ...
    ).fetchone()
    if found and found[0]:
        raise TableUnreadable(
            f"{name} has a quote that is never closed, in {found[0]} row(s).",
            hint='Close it, or write a quote inside a cell as "".',
        )


def _unreadable(name: str, message: str) -> TableUnreadable:
    first = message.split("\n", 1)[0]
    line = next(
        (w for w in message.replace(":", " ").split("Line") if w[:9].strip()[:1].isdigit()), ""
    )
    number = line.strip().split()[0].rstrip(".,") if line else ""
    place = f", line {number}" if number.isdigit() else ""
    if "unterminated quote" in message.lower():
        return TableUnreadable(
            f"{name}{place}: a quote is never closed.",
            hint='Close it, or write a quote inside a cell as "".',
        )
    if "Expected Number of Columns" in message or "columns" in first.lower():
        return TableUnreadable(
            f"{name}{place}: the line does not have as many cells as the header.",
            hint="Quote cells that hold the delimiter, or export the table again.",
        )
    return TableUnreadable(f"{name}{place}: {first}", hint="Export the table again as UTF-8 CSV.")
