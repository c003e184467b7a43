"""``sayso status``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def status(
    *,
    as_of: date | None = None,
    folder: str = ".",
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say what is open, what is overdue, and what Sayso itself has changed.

    Args:
        as_of: The day, as 2026-01-31; today where not said.
        folder: The workspace.
        json: Say everything as JSON.
    """
    from sayso.workspace.clock import today
    from sayso.workspace.status import run_status

    now = today()
    print(run_status(Path(folder), on=as_of or now, today=now, as_json=json))
    return 0
