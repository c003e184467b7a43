"""Where a new hook begins: at the end of the record as it is now, so that it is told of what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors_hooks import HookRefused
from sayso.workspace.hooks import EVERYTHING
from sayso.workspace.record import SystemClock
from sayso.workspace.record_charters import CharterShelf
from sayso.workspace.record_opening import open_keys, open_store
from sayso.workspace.record_place import RecordPlace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path


def size_now(folder: Path, database: str | None) -> int:
    """How many events are on record; also while a server writes to it.

    Args:
        folder: The workspace.
        database: Address of a PostgreSQL database that holds the record.

    Raises:
        RecordUnreadable: If it cannot be opened.
    """
    place = RecordPlace(folder)
    if database is None and not place.database.exists():
        return 0
    place.make(SystemClock().now().date())
    keys = open_keys(place)
    try:
        store = open_store(place, database, SystemClock(), keys, read_only=True)
        try:
            return store.head().size
        finally:
            store.close()
    finally:
        keys.close()


def check_decisions(folder: Path, decisions: Sequence[str], day: date) -> None:
    """Raise where a decision is named that no charter declares.

    Raises:
        HookRefused: If one is not declared.
    """
    known = [kept.charter.decision for kept in CharterShelf(folder).decisions(day)]
    for slug in decisions:
        if slug != EVERYTHING and slug not in known:
            raise HookRefused(
                f"No charter declares {slug[:60]!a}.",
                hint=f"Declared: {', '.join(known) or 'none'}.",
            )
