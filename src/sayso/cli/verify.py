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
) -> int:
    """Make the tree over the record again, and hold it against what others remember.

    Args:
        export: A folder from `sayso record export`; this workspace's record where not said.
        against: Heads that a witness kept: files, or folders of them.
        key: The record's key as it was pinned elsewhere, or a file with it.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.present.record import verdict_text
    from sayso.workspace.record_care import verify_workspace
    from sayso.workspace.record_tables import verify_export
    from sayso.workspace.witness import read_key

    pinned = None if key is None else read_key(key).text
    if export is not None:
        found = verify_export(Path(export), against=against, key=pinned)
    else:
        found = verify_workspace(HERE, database=database, against=against, key=pinned)
    print(verdict_text(found, pinned=key is not None and bool(against)))
    return 0 if found.whole else FAULTY
