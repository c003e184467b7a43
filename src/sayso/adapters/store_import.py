"""Past cases of a table, one by one, as the record takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from typing import TYPE_CHECKING, Any

from sayso.adapters.table_source import open_table
from sayso.declare.charter import InputType, OutcomeKind
from sayso.measure.case_table import ROLES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.adapters.import_request import ImportRequest
    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter
    from sayso.record.terms import Scalar

PAGE = 20_000
_QUANTITIES = ("choice", "prior", "advice")
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
    """One row of a table as the case table has it; cells that say nothing are left out."""

    row: dict[str, Scalar]
    inputs: dict[str, Scalar]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell to be read: where it goes, what it holds, and the SQL for it."""

    name: str
    kind: Kind
    sql: str
    is_input: bool = False


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
        selected = ", ".join(f"{cell.sql} AS c{i}" for i, cell in enumerate(cells))
        start = 0
        while True:
            # The names are ours, and what a person wrote was checked and written again.
            sql = f"SELECT {selected} FROM cases LIMIT {PAGE} OFFSET {start}"  # noqa: S608
            page = table.engine.fetch(sql, {})
            if not len(page):
                return
            columns = [page.columns[f"c{i}"].tolist() for i in range(len(cells))]
            for values in zip(*columns, strict=True):
                yield _past(cells, values)
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
    return tuple(cells)


def _past(cells: tuple[_Cell, ...], values: tuple[Any, ...]) -> PastCase:
    row: dict[str, Scalar] = {}
    inputs: dict[str, Scalar] = {}
    for cell, value in zip(cells, values, strict=True):
        # NaN stands for a number that is not there.
        if value is not None and not (isinstance(value, float) and isnan(value)):
            (inputs if cell.is_input else row)[cell.name] = _plain(value, cell.kind)
    return PastCase(row, inputs)


def _plain(value: Any, kind: Kind) -> Scalar:
    """A cell as JSON holds it."""
    match kind:
        case Kind.YES_NO:
            return bool(value)
        case Kind.NUMBER:
            return float(value)
        case Kind.MOMENT:
            moment = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
            return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        case Kind.TEXT:
            return str(value)
