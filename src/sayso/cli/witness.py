"""``sayso witness``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

ALARM = 1


def witness(
    request: str = "-",
    /,
    *,
    key: str,
    keep: Path,
    next_: Annotated[bool, Parameter(name="--next", negative="")] = False,
) -> int:
    """Keep a head of somebody else's record, if it follows on the last one; else raise the alarm.

    Args:
        request: What `sayso record checkpoint --since N` wrote; standard input where not said.
        key: The record's key, pinned when you first met it, or a file with it.
        keep: The folder in which heads are kept, on a machine that the record's keepers cannot write.
        next_: Only say the size to ask from next.
    """
    from sayso.present.record import witness_text
    from sayso.record.witness import Alarmed
    from sayso.workspace.witness import keep_head, read_key, read_request, seen_size

    pinned = read_key(key)
    if next_:
        print(seen_size(keep, pinned))
        return 0
    found = keep_head(keep, read_request(request), pinned)
    print(witness_text(found))
    return ALARM if isinstance(found, Alarmed) else 0
