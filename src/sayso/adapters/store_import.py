"""Past cases of a table, one by one, as the record takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from json.encoder import encode_basestring
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from sayso.adapters.table_source import open_table
from sayso.declare.charter import InputType, OutcomeKind
from sayso.measure.case_table import ROLES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sayso.adapters.import_request import ImportRequest
    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter
    from sayso.record.terms import Details, Scalar

PAGE = 20_000
# Stands for a text that is not there while a page is handed over: no record can hold it.
_NOTHING = "\x00"
_QUANTITIES = ("choice", "prior", "advice")
# What an event of a past case keeps beside its row.
_APART = ("case", "decider", "reason_text")
_INPUTS = {
    InputType.BOOLEAN: Kind.YES_NO,
    InputType.NUMBER: Kind.NUMBER,
    InputType.DATE: Kind.MOMENT,
    InputType.CATEGORY: Kind.TEXT,
}
_OUTCOMES = {
    OutcomeKind.BOOLEAN: Kind.YES_NO,
    OutcomeKind.NUMBER: Kind.NUMBER,
    OutcomeKind.CATEGORY: Kind.TEXT,
}


@dataclass(frozen=True, slots=True)
class PastCase:
    """One row of a table as the case table has it; cells that say nothing are left out.

    Attributes:
        case: Its name; None where the table has none.
        decider: Who decided.
        text: The reason in words.
        row: The other roles, by name.
        inputs: Declared inputs, by name.
        spelled_row: The canonical JSON of the row.
        spelled_inputs: The canonical JSON of the inputs.
        finite: Whether every number is one that JSON can hold.
    """

    case: str | None
    decider: str | None
    text: str | None
    row: Details
    inputs: Details
    spelled_row: str
    spelled_inputs: str
    finite: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell to be read: where it goes, what it holds, and the SQL for it."""

    name: str
    kind: Kind
    sql: str
    is_input: bool = False

    @property
    def select(self) -> str:
        """SQL for the cell as it is handed over: a text is never null."""
        match self.kind:
            case Kind.MOMENT:
                text = f"strftime(CAST({self.sql} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%fZ')"
            case Kind.TEXT:
                text = f"CAST({self.sql} AS VARCHAR)"
            case Kind.YES_NO | Kind.NUMBER:
                return self.sql
        return f"coalesce({text}, chr(0))"


# A name and its value, as the event has it and as JSON spells it; None where there is none.
_Pair = tuple[tuple[str, "Scalar"], str] | None


def past_cases(request: ImportRequest, charter: Charter) -> Iterator[PastCase]:
    """Every case of a table, in the order of its rows.

    Args:
        request: What to read.
        charter: The decision's charter; only inputs that it declares are read.

    Raises:
        SaysoError: If the table cannot be read or understood; the message says what to do.
    """
    with open_table(request) as table:
        cells = _cells(table, charter)
        selected = ", ".join(f"{cell.select} AS c{i}" for i, cell in enumerate(cells))
        start = 0
        while True:
            # The names are ours, and what a person wrote was checked and written again.
            sql = f"SELECT {selected} FROM cases LIMIT {PAGE} OFFSET {start}"  # noqa: S608
            page = table.engine.fetch(sql, {})
            if not len(page):
                return
            yield from _page(cells, [page.columns[f"c{i}"].tolist() for i in range(len(cells))])
            start += PAGE


def _cells(table: OpenTable, charter: Charter) -> tuple[_Cell, ...]:
    # "case" is a word of SQL, so the case table spells it otherwise.
    cells = [
        _Cell(r.name, r.kind, "case_id" if r.name == "case" else f'"{r.name}"')
        for r in ROLES
        if r.name != "outcome"
    ]
    if charter.quantity is not None:
        quantities = {name: _Cell(name, Kind.NUMBER, f"{name}_number") for name in _QUANTITIES}
        cells = [quantities.get(cell.name, cell) for cell in cells]
    outcome = OutcomeKind.CATEGORY if charter.outcome is None else charter.outcome.kind
    cells.append(_Cell("outcome", _OUTCOMES[outcome], table.outcome))
    kinds = dict(charter.inputs)
    cells += [_Cell(name, _INPUTS[kinds[name]], sql, True) for name, sql in table.inputs.items()]
    return tuple(sorted(cells, key=lambda cell: cell.name))


def _page(cells: Sequence[_Cell], columns: Sequence[list[Any]]) -> Iterator[PastCase]:
    """Cases of one page, made column by column: a million rows have twenty million cells."""
    rows = len(columns[0])
    found = list(zip(cells, columns, strict=True))
    apart = {
        name: [None if v == _NOTHING else str(v) for v in column]
        for cell, column in found
        for name in _APART
        if cell.name == name and not cell.is_input
    }
    # A number that JSON cannot hold is looked for before anything is spelled.
    finite = [True] * rows
    for cell, column in found:
        if cell.kind is Kind.NUMBER:
            for place, value in enumerate(column):
                if not isfinite(value) and not isnan(value):
                    finite[place] = False
    nothing: list[str | None] = [None] * rows
    parts = (
        [_pairs(cell, column) for cell, column in found if cell.is_input is is_input]
        for is_input in (False, True)
    )
    own, given = ([p for p in part if p is not None] for part in parts)
    for place, (row, inputs) in enumerate(zip(_rows(own, rows), _rows(given, rows), strict=True)):
        yield PastCase(
            apart.get("case", nothing)[place],
            apart.get("decider", nothing)[place],
            apart.get("reason_text", nothing)[place],
            row=tuple([pair for pair, _ in row]),
            inputs=tuple([pair for pair, _ in inputs]),
            spelled_row=f"{{{','.join([text for _, text in row])}}}",
            spelled_inputs=f"{{{','.join([text for _, text in inputs])}}}",
            finite=finite[place],
        )


def _rows(columns: list[list[_Pair]], rows: int) -> Iterator[list[tuple[tuple[str, Scalar], str]]]:
    """Cells row by row, without those that say nothing."""
    if not columns:
        return iter([list[tuple[tuple[str, "Scalar"], str]]() for _ in range(rows)])
    return ([cell for cell in cells if cell is not None] for cells in zip(*columns, strict=True))


def _pairs(cell: _Cell, column: list[Any]) -> list[_Pair] | None:
    """One column's cells; None where an event keeps them apart, or there are none."""
    name = cell.name
    if name in _APART and not cell.is_input:
        return None
    key = f"{encode_basestring(name)}:"
    match cell.kind:
        case Kind.YES_NO:
            both: dict[float, _Pair] = {
                1.0: ((name, True), f"{key}true"),
                0.0: ((name, False), f"{key}false"),
            }
            pairs = [both.get(value) for value in column]
        case Kind.NUMBER:
            # NaN stands for a number that is not there.
            pairs = [
                None if value != value else ((name, value), f"{key}{value!r}")  # noqa: PLR0124
                for value in column
            ]
        case Kind.MOMENT | Kind.TEXT:
            # Most texts come again and again: they are spelled once a page.
            seen: dict[str, _Pair] = {
                text: ((name, text), f"{key}{encode_basestring(text)}") for text in set(column)
            }
            seen[_NOTHING] = None
            pairs = list(map(seen.__getitem__, column))
    return pairs if any(pair is not None for pair in pairs) else None


__all__ = ["PastCase", "past_cases"]
