"""The decided cases of the live record: as a table, and as the audit's figures."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import ThingNotFound
from sayso.record.projection import COLUMNS, case_row
from sayso.workspace.api_rights import EXPORT, FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.record.projection import Cell
    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office

# One at a time: each takes seconds and memory, and the record's own work goes before.
_ONE = Lock()


def export_of(office: Office, login: Login, decision: str) -> bytes:
    """The decided cases of a decision as Parquet.

    Raises:
        NotAllowed: If they may not be handed out.
        ThingNotFound: If none is decided.
    """
    office.check(login, EXPORT, decision)
    with _ONE, tempfile.TemporaryDirectory() as place:
        return _table(office, decision, Path(place)).read_bytes()


def figures_of(office: Office, login: Login, decision: str) -> dict[str, Any]:  # the audit's JSON
    """What the audit says of the decided cases of a decision.

    Raises:
        NotAllowed: If figures may not be read.
        ThingNotFound: If none is decided.
        SaysoError: If the table is too small to say anything of without exposing somebody.
    """
    office.check(login, FIGURES, decision)
    with _ONE, tempfile.TemporaryDirectory() as place:
        return _figures(office, _table(office, decision, Path(place)), decision)


def _figures(office: Office, table: Path, decision: str) -> dict[str, Any]:
    from sayso.workspace.audit import AuditOptions, read_table

    now = office.record.now()
    kept = office.record.charters.in_force(decision, now.date())
    # The record's table has the columns that every measure reads; where the charter's own table
    # lies, and how it is named, is another matter.
    charter = None if kept is None else replace(kept.charter, source=None)
    found = read_table(str(table), charter, AuditOptions(as_of=now))
    return replace(found, context=replace(found.context, table_arguments="")).to_json()


def _table(office: Office, decision: str, place: Path) -> Path:
    from sayso.adapters.store_export import write_cases

    name = f"cases-{decision}"
    if write_cases(place, name, _rows(office, decision)) == 0:
        raise ThingNotFound(
            f"No case of {decision[:60]!r} is decided yet.", hint="Ask again when one is."
        )
    return place / f"{name}.parquet"


def _rows(office: Office, decision: str) -> Iterator[dict[str, Cell]]:
    """Decided cases alone, with inputs under the charter's names where no column has them."""
    for state in office.record.store.states(decision):
        if state.final:
            yield {_own(name): value for name, value in case_row(state).items()}


def _own(name: str) -> str:
    plain = name.removeprefix("in_")
    return name if plain in COLUMNS else plain
