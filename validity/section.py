"""One part of the validity report: rows for a machine, a page for a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Row = Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one simulation found.

    Attributes:
        key: Name of its rows in docs/validity.json.
        title: Its heading.
        before: What was simulated, above the table.
        columns: Headings of the table, by the rows' keys, in order.
        rows: What was found; each row holds every column, and may hold more.
        after: What it means and does not, below the table.
    """

    key: str
    title: str
    before: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    after: str = ""

    @property
    def page(self) -> str:
        """The section in Markdown."""
        lines = [
            "| " + " | ".join(self.columns.values()) + " |",
            "|" + "--:|" * len(self.columns),
            *(
                "| " + " | ".join(_cell(row, key) for key in self.columns) + " |"
                for row in self.rows
            ),
        ]
        parts = [f"## {self.title}", self.before, "\n".join(lines), self.after]
        return "\n\n".join(part for part in parts if part) + "\n"


def _cell(row: Row, key: str) -> str:
    """A value, with its simulation error where the row holds one as ``<key>_error``."""
    value, error = row[key], row.get(f"{key}_error")
    if value is None:
        return ""
    if isinstance(error, float):
        return f"{value:.1f} ± {error:.1f}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
