"""A user's table as DuckDB sees it, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of a user's table.

    Attributes:
        name: As the user wrote it.
        sql: The quoted name under which the relation ``raw`` holds it.
        kind: DuckDB's name of its type.
    """

    name: str
    sql: str
    kind: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """The relation ``raw`` and what is known of where it came from.

    Attributes:
        name: What to call it: the file's name without folders, or the table's.
        columns: Its columns, in order.
        sha256: Of the input's bytes; empty where there is no file.
    """

    name: str
    columns: tuple[RawColumn, ...]
    sha256: str = ""


def quoted(name: str) -> str:
    """An identifier that SQL reads as exactly this name.

    Examples:
        >>> quoted('a "b"; DROP TABLE cases')
        '"a ""b""; DROP TABLE cases"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text that SQL reads as exactly this value."""
    return "'" + text.replace("'", "''") + "'"


def placed(names: list[str]) -> tuple[RawColumn, ...]:
    """Text columns c0, c1, ... for names that SQL would find equal or odd."""
    return tuple(RawColumn(name, f"c{i}", "VARCHAR") for i, name in enumerate(names))


def number_text(value: str, otherwise: str = "") -> str:
    """SQL for a number as text, 1 rather than 1.0, so that codes stay codes.

    Args:
        value: SQL for a DOUBLE.
        otherwise: SQL for the text of the cell. Beyond 2^53 a DOUBLE no longer tells
            neighbours apart, so that long case numbers keep what the cell says.
    """
    long = f"WHEN abs({value}) >= 9007199254740992 THEN {otherwise} " if otherwise else ""
    return (
        f"CASE {long}WHEN {value} = TRY_CAST({value} AS BIGINT) "
        f"THEN CAST(TRY_CAST({value} AS BIGINT) AS VARCHAR) ELSE CAST({value} AS VARCHAR) END"
    )
