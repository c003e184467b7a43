"""Tables that were made from the record, held against its events: an export's, and the segments."""

from __future__ import annotations

import tempfile
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordUnreadable
from sayso.record.case_state import fold
from sayso.record.projection import case_row
from sayso.record.refusal import Refusal
from sayso.record.verifying import Fault
from sayso.record.wire import from_bytes
from sayso.workspace.live_audit import record_to_read
from sayso.workspace.record_tables import TABLE, case_rows, line_of
from sayso.workspace.segments import shelf_of

# Stands for every input of a case.
INPUTS = "in_"

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sayso.adapters.stored_rows import Expected
    from sayso.record.case_state import CaseState
    from sayso.record.events import Event
    from sayso.record.ports import Sealer


def hold_export(events: Path, sealer: Sealer) -> list[Fault]:
    """Hold the tables of an export against its events.

    Personal text is sealed in the events, so its cells are not looked at.

    Args:
        events: The export's events, which were verified.
        sealer: Opens nothing.
    """
    found: list[Fault] = []
    told = _by_case(events, sealer)
    tables = {file.stem.removeprefix(TABLE): file for file in _tables(events.parent)}
    for decision in sorted({*told, *tables}):
        ended = _ended(events, told.get(decision, {}), sealer)
        wanted = ((case_row(state), _personal(state)) for state in ended)
        if decision in tables:
            found += _held(tables[decision], wanted) or _csv_held(tables[decision])
        elif next(wanted, None) is not None:
            found.append(Fault(f"{TABLE}{decision}.parquet", "The table is missing."))
    return found


def hold_segments(folder: Path, *, database: str | None = None) -> list[Fault]:
    """Hold the sealed segments of every decision against the events.

    Args:
        folder: The workspace.
        database: Address of a PostgreSQL database that holds the record.
    """
    found: list[Fault] = []
    with record_to_read(folder, database=database) as record, tempfile.TemporaryDirectory() as made:
        shelf, head = shelf_of(record), record.store.head()
        for decision in record.store.decisions():
            manifest = shelf.manifest(decision)
            damaged = shelf.faults(manifest)
            found += [
                Fault(f"segment {decision}/{name}", "Its bytes are not those that were sealed.")
                for name in damaged
            ]
            if damaged or not manifest.segments:
                continue
            table = Path(made) / f"{decision}.parquet"
            shelf.table_at(decision, head, table)
            rows = ((row, ()) for row in case_rows(record, decision, head.size))
            found += _held(table, rows, f"segments of {decision}")
    return found


def _held(file: Path, wanted: Iterable[Expected], where: str = "") -> list[Fault]:
    from sayso.adapters.stored_rows import differing_rows

    return [Fault(where or file.name, said) for said in differing_rows(file, wanted)]


def _csv_held(table: Path) -> list[Fault]:
    from sayso.adapters.store_export import csv_differs

    file = table.with_suffix(".csv")
    if file.exists() and not csv_differs(table, file):
        return []
    return [Fault(file.name, "It is not what the Parquet file beside it says.")]


def _tables(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{TABLE}*.parquet"))


def _by_case(events: Path, sealer: Sealer) -> dict[str, dict[str, array[int]]]:
    """Where in the file each case's events begin, in the order in which cases were opened."""
    found: dict[str, dict[str, array[int]]] = {}
    place = 0
    with events.open("rb") as lines:
        for line in lines:
            event = _event(line, sealer)
            if event is not None and event.case is not None:
                cases = found.setdefault(event.decision, {})
                cases.setdefault(event.case, array("q")).append(place)
            place += len(line)
    return found


def _ended(events: Path, cases: dict[str, array[int]], sealer: Sealer) -> Iterator[CaseState]:
    with events.open("rb") as lines:
        for places in cases.values():
            said: list[Event] = []
            for place in places:
                lines.seek(place)
                event = _event(lines.readline(), sealer)
                if event is not None:
                    said.append(event)
            state = fold(said)
            if state is not None and state.final:
                yield state


def _event(line: bytes, sealer: Sealer) -> Event | None:
    row = line_of(line.decode("utf-8"))
    if not row.body:
        return None
    found = from_bytes(row.body, row.index, sealer)
    if isinstance(found, Refusal):
        raise RecordUnreadable(found.message, hint="Use another copy.")
    return found.event


def _personal(state: CaseState) -> tuple[str, ...]:
    """Columns whose cells cannot be known without people's keys."""
    opening = state.opening
    inputs = opening is not None and opening.data.subject is not None
    return ("reason_text", INPUTS) if inputs else ("reason_text",)
