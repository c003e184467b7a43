"""Every error the product raises on purpose."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class SaysoError(Exception):
    """What went wrong, and what to do next.

    Attributes:
        code: Stable name, documented, the same through every door.
        hint: One sentence a person can act on.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class InvalidReference(SaysoError):
    """The text does not name a charter version."""

    code = "invalid-reference"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} does not name a charter version.",
            hint="Write slug@version, for example loan-review@3.",
        )


class CharterNotFound(SaysoError):
    """No charter of that name is in the workspace."""

    code = "charter-not-found"

    def __init__(self, slug: str, known: Sequence[str]) -> None:
        near = get_close_matches(slug, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "See the files in charters/."
        super().__init__(f"No charter is called {slug!r}.", hint=hint)
        self.slug = slug


class CharterInvalid(SaysoError):
    """A charter file has errors; they are listed together by ``sayso check``."""

    code = "charter-invalid"


class TableUnreadable(SaysoError):
    """The table could not be opened or read."""

    code = "table-unreadable"


class TableEmpty(SaysoError):
    """The table has no rows to read."""

    code = "table-empty"


class AnswersUnreadable(SaysoError):
    """Answers that were to come from a file or a terminal, and did not."""

    code = "answers-unreadable"


class ColumnUnclear(SaysoError):
    """A column that matters could not be told, and we do not guess."""

    code = "column-unclear"


class ColumnMissing(SaysoError):
    """A named column is not in the table."""

    code = "column-missing"

    def __init__(self, column: str, known: Sequence[str], *, flag: str) -> None:
        near = get_close_matches(column, known, n=2, cutoff=0.5)
        shown = ", ".join(near or list(known)[:8])
        super().__init__(
            f"The table has no column {column!r} ({flag}).",
            hint=f"Closest: {shown}." if near else f"Its columns: {shown}.",
        )


class RowsConflict(SaysoError):
    """Rows with one case id say different things."""

    code = "rows-conflict"


class ValueOutOfRange(SaysoError):
    """A cell holds a value its column cannot have."""

    code = "value-out-of-range"


class PeopleTooFew(SaysoError):
    """Too few people to report on without exposing one of them."""

    code = "people-too-few"


class FileNotWritable(SaysoError):
    """The result could not be written."""

    code = "file-not-writable"
