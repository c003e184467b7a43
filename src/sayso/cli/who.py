"""``sayso who``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def who(
    *,
    as_of: date | None = None,
    folder: str = ".",
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say who owns what: nobody, named, accepted or vacant.

    Args:
        as_of: The day, as 2026-01-31; today where not said.
        folder: The workspace.
        json: Say everything as JSON.
    """
    from sayso.workspace.accountability import run_who
    from sayso.workspace.clock import today

    now = today()
    print(run_who(Path(folder), on=as_of or now, today=now, as_json=json))
    return 0
