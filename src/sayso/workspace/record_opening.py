"""Opening the record of a workspace, and making it at the first use."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordMissing
from sayso.record.record_events import SubjectErased
from sayso.workspace.record import Record, SystemClock
from sayso.workspace.record_place import RecordPlace
from sayso.workspace.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.adapters.store_keys import KeyRing
    from sayso.record.ports import Clock, Sealer, Store

ORIGIN = "origin"


def open_record(
    folder: Path, *, database: str | None = None, clock: Clock | None = None, make: bool = True
) -> Record:
    """Open the record of a workspace for writing.

    Args:
        folder: The workspace.
        database: Address of a PostgreSQL database; a file of the workspace where not said.
        clock: The clock; this computer's where not said.
        make: Whether a record is made where there is none.

    Raises:
        RecordMissing: If there is none, and none is to be made.
        RecordBusy: If another process writes to it.
        RecordUnreadable: If it is damaged, or was written by a newer Sayso.
        RecordRewritten: If it is not the one that was seen here before.
    """
    from sayso.adapters.store_signing import LogSigner

    place, time = RecordPlace(folder), clock or SystemClock()
    if not make and database is None and not place.database.exists():
        raise RecordMissing(
            f"There is no record in {folder}.",
            hint="`sayso record import TABLE --charter FILE` begins one.",
        )
    place.make(time.now().date())
    keys = open_keys(place)
    try:
        store = open_store(place, database, time, keys)
    except BaseException:
        keys.close()
        raise
    try:
        origin = store.meta(ORIGIN)
        if origin is None:
            origin = _new_origin(folder)
            store.set_meta(ORIGIN, origin)
        forget_again(place, store, keys)
        signer = LogSigner(origin, place.signing_key(time.now().date()))
        return Record(place, store, keys, signer, time)
    except BaseException:
        store.close()
        keys.close()
        raise


def open_keys(place: RecordPlace) -> KeyRing:
    """The keys of people."""
    from sayso.adapters.store_keys import KeyRing

    return KeyRing(place.keys, place.secret("keys"))


def open_store(
    place: RecordPlace,
    database: str | None,
    clock: Clock,
    sealer: Sealer,
    *,
    read_only: bool = False,
) -> Store:
    """The store: a file of the workspace, or a database."""
    if database is not None:
        from sayso.adapters.store_postgres import open_postgres

        return open_postgres(database, clock, sealer, read_only=read_only)
    from sayso.adapters.store_sqlite import open_sqlite, read_sqlite_record

    return (read_sqlite_record if read_only else open_sqlite)(place.database, clock, sealer)


def forget_again(place: RecordPlace, store: Store, keys: KeyRing) -> None:
    """Destroy the keys of everyone who was erased, whatever copy of them came back."""
    said = store.of_record((SubjectErased.KIND,))
    names = {e.event.data.subject for e in said if isinstance(e.event.data, SubjectErased)}
    left = (names | set(place.read_erased())) - keys.erased
    if left:
        keys.erase(sorted(left))


def _new_origin(folder: Path) -> str:
    """A name for a log that no other log has."""
    name = re.sub(r"[^a-z0-9]+", "-", (read_settings(folder).name or "record").lower()).strip("-")
    return f"sayso/{name or 'record'}/{os.urandom(6).hex()}"
