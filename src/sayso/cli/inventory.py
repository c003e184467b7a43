"""``sayso inventory``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumns:
    """Which column holds what; ``none`` says that there is no such column."""

    system: str | None = None
    """The AI system."""
    decision: str | None = None
    """The decision it is for."""
    owner: str | None = None
    """Who is accountable."""
    differently: str | None = None
    """What is decided differently because of it."""
    started: str | None = None
    """When it started."""
    cost: str | None = None
    """What it costs."""
    table: str | None = None
    """A table of its past decisions, to be audited."""


def inventory(
    file: str,
    /,
    *,
    columns: ListColumns | None = None,
    drafts: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Hold a list of AI systems against the decisions they are for.

    Args:
        file: The list: a CSV file, or any table that an audit reads.
        columns: Which column holds what.
        drafts: A folder; begins a charter there for each system that names a decision.
        json: Say everything as JSON.
    """
    from sayso.cli.progress import slow_progress
    from sayso.workspace.inventory import run_inventory

    named = {role: column for role, column in asdict(columns or ListColumns()).items() if column}
    run_inventory(file, named, drafts=drafts, as_json=json, tell=print, progress=slow_progress())
    return 0
