"""The plug point behind which SQL runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sayso.measure.rows import Rows

# A query's text and its named parameters.
Ask = tuple[str, Mapping[str, object]]


class Engine(Protocol):
    """Runs one reducing query over the table ``cases`` and returns its few rows."""

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters."""
        ...
