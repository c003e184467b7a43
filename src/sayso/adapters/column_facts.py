"""What each column of a raw table holds, and the expression that reads it as that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal, number_text
from sayso.measure.roles import FEW_VALUES, ColumnFacts, Content

if TYPE_CHECKING:
    import duckdb

    from sayso.adapters.raw_table import RawColumn, RawTable

# Spellings of "no value" that exports write. A lone dash or the word "none" can be an answer.
_NOTHING = ("", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "NaN", "nan", "None", "NaT")
_MOSTLY = 0.98
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
             "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_EXACT_UP_TO = 2_000_000
_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
_ZONED = r"\d{2}:\d{2}.*(Z|[+-]\d{2}(:?\d{2})?)$"
_SLASHED = r"^\d{1,2}/\d{1,2}/\d{4}"


def _dotted(text: str) -> str:
    formats = "['%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y']"
    return f"try_strptime({text}, {formats})"


def _comma_number(text: str) -> str:
    """SQL for 1.234,5 as a number."""
    return (
        f"CASE WHEN regexp_matches({text}, {literal(_COMMA)}) "
        f"THEN TRY_CAST(replace(replace({text}, '.', ''), ',', '.') AS DOUBLE) END"
    )


_IS_SLASHED = f"regexp_matches(t, {literal(_SLASHED)})"
# What a cell t may be read as, in the order in which it is tried.
_READINGS = (
    "TRY_CAST(t AS DOUBLE) IS NOT NULL",
    f"({_comma_number('t')}) IS NOT NULL",
    "contains(t, ',')",
    "TRY_CAST(t AS TIMESTAMP) IS NOT NULL",
    f"regexp_matches(t, {literal(_ZONED)}) AND TRY_CAST(t AS TIMESTAMPTZ) IS NOT NULL",
    f"{_dotted('t')} IS NOT NULL",
    _IS_SLASHED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadColumn:
    """A column with the expressions that read it.

    Attributes:
        facts: What it holds.
        text: SQL for its cell as text, NULL where it says nothing.
        value: SQL for its cell as what it holds: DOUBLE, TIMESTAMP, BOOLEAN or text.
        unread: Cells that say something but not what the column holds; they become NULL.
        not_finite: Numbers that are NaN or infinite; they become NULL.
        assumed: What had to be assumed to read it, "" for nothing.
    """

    facts: ColumnFacts
    text: str
    value: str
    unread: int = 0
    not_finite: int = 0
    assumed: str = ""


def read_columns(
    connection: duckdb.DuckDBPyConnection, table: RawTable
) -> tuple[int, tuple[ReadColumn, ...]]:
    """The rows of ``raw`` and what each column holds.

    Args:
        connection: Where ``raw`` is.
        table: Its columns.
    """
    found = connection.execute("SELECT count(*) FROM raw").fetchone()
    rows = int(found[0]) if found else 0
    return rows, tuple(_read(connection, c, rows) for c in table.columns)


def cell_text(column: RawColumn) -> str:
    """SQL for a cell of ``raw`` as text, NULL where it says nothing."""
    if column.kind != "VARCHAR":
        return f"CAST({column.sql} AS VARCHAR)"
    return _said(column.sql)


def _said(cell: str) -> str:
    # Not IN: of a list so long DuckDB makes a join, which runs even where nobody reads the cell.
    arms = " ".join(f"WHEN {literal(word)} THEN NULL" for word in _NOTHING)
    return f"CASE trim({cell}) {arms} ELSE trim({cell}) END"


def _read(connection: duckdb.DuckDBPyConnection, column: RawColumn, rows: int) -> ReadColumn:
    kind = column.kind.split("(")[0].upper()
    text = cell_text(column)
    if kind in (*_INTEGERS, "FLOAT", "DOUBLE", "REAL", "DECIMAL"):
        return _number(
            connection, column, text, f"CAST({column.sql} AS DOUBLE)", rows, exact=kind in _INTEGERS
        )
    if kind in ("TIMESTAMP", "DATE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
        return _made(connection, column, text, f"CAST({column.sql} AS TIMESTAMP)",
                     Content.MOMENT, rows)  # fmt: skip
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        return _made(connection, column, text, f"({column.sql} AT TIME ZONE 'UTC')",
                     Content.MOMENT, rows)  # fmt: skip
    if kind == "BOOLEAN":
        return _made(connection, column, text, column.sql, Content.BOOLEAN, rows)
    return _from_text(connection, column, text, rows)


def _from_text(
    connection: duckdb.DuckDBPyConnection, column: RawColumn, text: str, rows: int
) -> ReadColumn:
    """Tell numbers and moments from text by trying each on every cell."""
    found = connection.execute(
        f"""
        SELECT sum(CASE WHEN t IS DISTINCT FROM cell THEN n END),
               sum(CASE WHEN t IS NOT NULL THEN n END),
               {", ".join(f"sum(CASE WHEN {c} THEN n END)" for c in _READINGS)},
               max(CASE WHEN {_IS_SLASHED} THEN TRY_CAST(split_part(t, '/', 1) AS DOUBLE) END),
               max(CASE WHEN {_IS_SLASHED} THEN TRY_CAST(split_part(t, '/', 2) AS DOUBLE) END)
        FROM (SELECT cell, {_said("cell")} AS t, n
              FROM (SELECT {column.sql} AS cell, count(*) AS n FROM raw GROUP BY 1))
        """  # noqa: S608 - column names are ours or quoted
    ).fetchone()
    changed, *counts = [0 if v is None else int(v) for v in found or (0,) * 11]
    if changed == 0:
        # No cell has blanks around it or only says that there is nothing.
        text = column.sql
    filled, plain, with_comma, commas, moments, zoned, dotted, slashed, first, second = counts
    enough = max(1, _MOSTLY * filled)
    if plain >= enough:
        number = f"TRY_CAST({text} AS DOUBLE)"
        return _number(connection, column, text, number, rows, filled - plain)
    if commas and with_comma >= enough:
        return _number(connection, column, text, _comma_number(text), rows, filled - with_comma)
    if zoned >= enough:
        value = f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
        return _made(connection, column, text, value, Content.MOMENT, rows, filled - zoned)
    if moments >= enough:
        value = f"TRY_CAST({text} AS TIMESTAMP)"
        return _made(connection, column, text, value, Content.MOMENT, rows, filled - moments)
    if dotted >= enough:
        return _made(
            connection,
            column,
            text,
            _dotted(text),
            Content.MOMENT,
            rows,
            filled - dotted,
        )
    if slashed >= enough and not (first > 12 and second > 12):
        order = "day/month" if first > 12 else "month/day"
        assumed = "" if first > 12 or second > 12 else order
        return _made(connection, column, text, _slashes(text, order), Content.MOMENT, rows,
                     filled - slashed, assumed)  # fmt: skip
    return _made(connection, column, text, text, Content.TEXT, rows)


def _slashes(text: str, order: str) -> str:
    day = "%d/%m/%Y" if order == "day/month" else "%m/%d/%Y"
    return f"try_strptime({text}, ['{day} %H:%M:%S', '{day} %H:%M', '{day} %I:%M %p', '{day}'])"


def _number(
    connection: duckdb.DuckDBPyConnection,
    column: RawColumn,
    text: str,
    number: str,
    rows: int,
    unread: int = 0,
    *,
    exact: bool = False,
) -> ReadColumn:
    """A column of numbers; ``exact`` where its cells are whole numbers by their type."""
    value = number if exact else f"CASE WHEN isfinite({number}) THEN {number} END"
    found = connection.execute(
        f"""
        SELECT count(v), {_distinct("v", rows)}, min(v), max(v),
               count(CASE WHEN v <> floor(v) THEN 1 END), count(n) - count(v)
        FROM (SELECT {value} AS v, {number} AS n FROM raw)
        """  # noqa: S608 - column names are ours or quoted
    ).fetchone()
    filled, distinct, low, high, broken, odd = found or (0, 0, None, None, 0, 0)
    if odd == 0:
        value = number
    whole = text if exact else number_text(value, text)
    facts = ColumnFacts(
        name=column.name,
        content=Content.NUMBER,
        rows=rows,
        filled=filled / rows if rows else 0.0,
        distinct=int(distinct),
        values=_values(connection, whole, int(distinct)),
        low=low,
        high=high,
        whole=broken == 0,
    )
    return ReadColumn(facts=facts, text=whole, value=value, unread=unread, not_finite=odd)


def _made(
    connection: duckdb.DuckDBPyConnection,
    column: RawColumn,
    text: str,
    value: str,
    content: Content,
    rows: int,
    unread: int = 0,
    assumed: str = "",
) -> ReadColumn:
    found = connection.execute(
        f"SELECT count(v), {_distinct('v', rows)} FROM (SELECT {value} AS v FROM raw)"  # noqa: S608
    ).fetchone()
    filled, distinct = found or (0, 0)
    facts = ColumnFacts(
        name=column.name,
        content=content,
        rows=rows,
        filled=filled / rows if rows else 0.0,
        distinct=int(distinct),
        values=() if content is Content.MOMENT else _values(connection, text, int(distinct)),
    )
    return ReadColumn(facts=facts, text=text, value=value, unread=unread, assumed=assumed)


def _distinct(value: str, rows: int) -> str:
    """Exact where it is cheap; the sketch errs by a few per cent, and only roles read it."""
    return f"count(DISTINCT {value})" if rows <= _EXACT_UP_TO else f"approx_count_distinct({value})"


def _values(connection: duckdb.DuckDBPyConnection, text: str, distinct: int) -> tuple[str, ...]:
    if distinct > FEW_VALUES * 1.2:
        return ()
    rows = connection.execute(
        f"SELECT DISTINCT v FROM (SELECT {text} AS v FROM raw) "  # noqa: S608
        f"WHERE v IS NOT NULL ORDER BY v LIMIT {FEW_VALUES + 1}"
    ).fetchall()
    return tuple(str(r[0]) for r in rows) if len(rows) <= FEW_VALUES else ()
