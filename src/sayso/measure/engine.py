"""The plug point behind which SQL runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sayso.measure.rows import Rows

# A query's text and its named parameters.
Ask = tuple[str, Mapping[str, object]]

# What tells one query from another: its text, and its parameters spelled.
AskKey = tuple[str, tuple[tuple[str, str], ...]]


def key_of(sql: str, params: Mapping[str, object]) -> AskKey:
    """What tells a query from another, so that the same is run once."""
    return sql, tuple(sorted((name, repr(value)) for name, value in params.items()))


class Engine(Protocol):
    """Runs one reducing query over the table ``cases`` and returns its few rows."""

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters."""
        ...
