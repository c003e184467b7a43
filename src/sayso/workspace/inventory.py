"""AI systems against decisions: which are for none, and who is accountable."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.first_answers import FirstAnswers, charter_from, slug_of
from sayso.declare.inventory import (
    ROLES,
    Inventory,
    System,
    amount,
    guess_columns,
    inventory,
    said,
)
from sayso.domain.errors import ColumnUnclear, SaysoError, TableEmpty
from sayso.present.inventory import inventory_text, next_step, sentences
from sayso.workspace.files import free_place, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MOST_SYSTEMS = 5000


def run_inventory(
    file: str,
    named: Mapping[str, str],
    *,
    drafts: str | None = None,
    as_json: bool = False,
    tell: Callable[[str], None],
    progress: Callable[[str], None] | None = None,
) -> Inventory:
    """Read a list of AI systems and say what it leaves open.

    Args:
        file: The list.
        named: Role to column, by flag.
        drafts: A folder for a draft charter of each system that names a decision; None for none.
        as_json: Say everything as JSON instead.
        tell: Takes each text meant for the person.
        progress: Told in words what is being done.

    Raises:
        SaysoError: If the list cannot be read; the message says what to do.
    """
    import json

    found, columns = read_inventory(file, named)
    audits = _audits(found, Path(file).parent, progress)
    begun = None if drafts is None else _begin(found, Path(drafts))
    if as_json:
        tell(json.dumps(_plain(found, columns, audits, begun), ensure_ascii=False, indent=2))
    else:
        tell(inventory_text(found, columns, audits, file=file, drafts=begun))
    return found


def read_inventory(file: str, named: Mapping[str, str]) -> tuple[Inventory, dict[str, str]]:
    """The systems of a file, and which column held what.

    Raises:
        ColumnUnclear: If no column names the system, or a flag names a column that is not there.
    """
    from sayso.adapters.import_request import ImportRequest
    from sayso.adapters.small_table import read_small

    now = datetime.now(UTC).replace(tzinfo=None)
    table = read_small(ImportRequest(source=file, as_of=now), most=MOST_SYSTEMS)
    for role, column in named.items():
        if column != "none" and column not in table.columns:
            raise ColumnUnclear(
                f"{table.name} has no column {column!r} for --{role}.",
                hint=f"Its columns: {', '.join(table.columns)}.",
            )
    columns = guess_columns(table.columns, named)
    if "system" not in columns:
        raise ColumnUnclear(
            f"No column of {table.name} looks like the name of a system.",
            hint=f"Name it with --system COLUMN; there are {', '.join(table.columns)}.",
        )
    place = {role: table.columns.index(column) for role, column in columns.items()}
    systems = tuple(
        _system(number, {role: row[at] for role, at in place.items()})
        for number, row in enumerate(table.rows, 1)
    )
    kept = [s for s in systems if s.name]
    if not kept:
        raise TableEmpty(
            f"The column {columns['system']!r} is empty in every row of {table.name}.",
            hint="Name the column of systems with --system COLUMN.",
        )
    ordered = {role: columns[role] for role in ROLES if role in columns}
    return inventory(kept, frozenset(columns)), ordered


def _system(row: int, cells: Mapping[str, str | None]) -> System:
    return System(
        row=row,
        name=said(cells.get("system")),
        decision=said(cells.get("decision")),
        owner=said(cells.get("owner")),
        differently=said(cells.get("differently")),
        started=_day(cells.get("started")),
        cost=amount(cells.get("cost") or ""),
        table=said(cells.get("table")),
    )


def _day(text: str | None) -> date | None:
    """A day written as 2025-03-01, 1.3.2025 or 2025; None for anything else."""
    plain = (text or "").strip()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(plain[:10], pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _audits(
    found: Inventory, folder: Path, progress: Callable[[str], None] | None
) -> dict[int, str]:
    """What the audit of each system's table says of influence, where the list names one."""
    from sayso.present.sections.influence import verdict_sentence
    from sayso.present.sections.momentum import momentum_sentence
    from sayso.present.telling import telling_of
    from sayso.workspace.audit import AuditOptions, read_table

    told: dict[int, str] = {}
    for system in found.systems:
        if not system.table:
            continue
        if progress is not None:
            progress(f"auditing the table of {system.name}")
        source = system.table if "://" in system.table else str(folder / system.table)
        try:
            audit = read_table(source, None, AuditOptions())
        except SaysoError as error:
            told[system.row] = f"its table was not audited. {error.message}"
        else:
            telling = telling_of(audit.reading, team_names=False)
            trend = momentum_sentence(telling)
            says = [verdict_sentence(telling).text] + ([] if trend is None else [trend.text])
            told[system.row] = " ".join(says)
    return told


def _begin(found: Inventory, folder: Path) -> list[str]:
    """A draft charter for each decision that is named; nothing is written over."""
    today = datetime.now(UTC).date()
    decisions: dict[str, list[System]] = {}
    for system in found.systems:
        if system.decision:
            decisions.setdefault(system.decision.casefold(), []).append(system)
    begun: list[str] = []
    for systems in decisions.values():
        folder.mkdir(parents=True, exist_ok=True)
        place = free_place(folder, slug_of(systems[0].decision))
        answers = FirstAnswers(
            decision=systems[0].decision,
            ai=_each(s.name for s in systems),
            owner=_each((s.owner for s in systems), "; "),
            differently=_each((s.differently for s in systems), "; "),
        )
        write_whole(place, charter_from(answers, place.stem, today))
        begun.append(str(place))
    return begun


def _each(texts: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(text for text in texts if text))


def _plain(
    found: Inventory,
    columns: Mapping[str, str],
    audits: Mapping[int, str],
    begun: Sequence[str] | None,
) -> dict[str, object]:
    return {
        "sentences": list(sentences(found)),
        "next": next_step(found),
        "columns": dict(columns),
        "systems": [
            {
                **asdict(s),
                "started": None if s.started is None else s.started.isoformat(),
                "accountable": s.accountable,
                "audit": audits.get(s.row),
            }
            for s in found.systems
        ],
        "alike": [[a.row, b.row] for a, b in found.alike],
        "drafts": list(begun or ()),
    }
