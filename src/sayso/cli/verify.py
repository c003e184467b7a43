"""``sayso verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

FAULTY = 1
HERE = Path()


def verify(
    export: str | None = None,
    /,
    *,
    against: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    key: str | None = None,
    database: str | None = None,
    segments: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Make the tree over the record again, and hold it against what others remember.

    Args:
        export: A folder from `sayso record export`; this workspace's record where not said.
        against: Heads that a witness kept: files, or folders of them.
        key: The record's key as it was pinned elsewhere, or a file with it.
        database: Address of a PostgreSQL database that holds the record.
        segments: Hold the sealed tables that the audit reads against the events too.
    """
    from dataclasses import replace

    from sayso.present.record import verdict_text
    from sayso.workspace.record_care import verify_workspace
    from sayso.workspace.record_tables import EVENTS, Closed, verify_export
    from sayso.workspace.record_tables_held import hold_export, hold_segments
    from sayso.workspace.witness import read_key

    pinned = None if key is None else read_key(key).text
    if export is not None:
        found = verify_export(Path(export), against=against, key=pinned)
        more = hold_export(Path(export) / EVENTS, Closed()) if found.whole else []
    else:
        found = verify_workspace(HERE, database=database, against=against, key=pinned)
        more = hold_segments(HERE, database=database) if segments and found.whole else []
    found = replace(found, faults=(*found.faults, *more))
    print(verdict_text(found, pinned=key is not None and bool(against)))
    return 0 if found.whole else FAULTY
