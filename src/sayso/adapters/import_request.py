"""What to read, and what the person said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sayso.declare.charter import Charter


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What to read, and what the person said of it.

    Attributes:
        source: A path, a database URL, or a pandas or polars frame.
        charter: The decision's charter.
        columns: Role to column by flag; ``none`` for "there is no such column".
        on_duplicate: "refuse", "last" or "first".
        randomised: Stated probability that the advice was shown.
        table: Table in a database that holds several.
        as_of: What counts as now, in UTC without a zone.
        memory_limits: What the engine may take before it spills to disk; the next is tried where
            a table is too wide for one.
        progress: Told in words what is being done.
    """

    source: Any  # a frame of a library that we do not depend on
    charter: Charter | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    on_duplicate: str = "refuse"
    randomised: float | None = None
    table: str | None = None
    as_of: datetime
    memory_limits: tuple[str, ...] = ("250MB", "1GB", "3GB")
    progress: Callable[[str], None] | None = None
