"""What was read: counts and treatments, each of which the report states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a column's meaning is."""

    SURE = "sure"
    PROBABLY = "probably"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGuess:
    """What one column of the user's table was taken to mean.

    Attributes:
        role: A name of ``case_table.ROLES``.
        column: The user's column, or the charter's expression.
        certainty: How sure; a flag or a charter makes it sure.
        filled: Share of rows with a value, in 0..1.
    """

    role: str
    column: str
    certainty: Certainty
    filled: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Something done to, or seen in, the rows that a reader must know.

    Attributes:
        code: Stable name; ``present`` has the sentence for it.
        count: Rows concerned.
        detail: What a sentence needs besides, such as a column or an option.
    """

    code: str
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was read of a table.

    Attributes:
        name: File or table name as the user gave it, without folders.
        rows_read: Rows in the source, after ``source.where``.
        rows_used: Rows in the case table.
        deciders: People; 0 where the table does not name them.
        teams: Teams; 0 where there are none.
        since: First decision; None without dates.
        until: Last decision.
        calendar: Whether since and until are dates, not a running number.
        shown_since: First decision with advice in view, where it starts at a date after cases
            without it; None otherwise.
        sha256: Of the input's bytes; empty for frames and databases.
        roles: What each column was taken to mean.
        treatments: What was done to the rows.
        inputs: Columns left as inputs of the case.
    """

    name: str
    rows_read: int
    rows_used: int
    deciders: int
    teams: int
    since: datetime | None
    until: datetime | None
    calendar: bool
    shown_since: datetime | None
    sha256: str
    roles: tuple[RoleGuess, ...]
    treatments: tuple[Treatment, ...]
    inputs: tuple[str, ...] = ()

    def column_of(self, role: str) -> str | None:
        """The user's column for a role."""
        return next((guess.column for guess in self.roles if guess.role == role), None)

    def counted(self, code: str) -> int:
        """Rows under a treatment code, 0 where it did not happen."""
        return sum(t.count for t in self.treatments if t.code == code)
