"""The plug point behind which SQL runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows


class Engine(Protocol):
    """Runs one reducing query over the table ``cases`` and returns its few rows."""

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters."""
        ...
