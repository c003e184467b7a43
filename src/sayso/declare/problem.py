"""A problem in a file, with its place, as a compiler would say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops a charter from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where, and what to do.

    Attributes:
        place: Where it stands.
        code: Stable name; ``problem_codes.CODES`` says what each means.
        message: One sentence with the offending value.
        hint: What to do next.
        severity: Whether it stops the charter from being used.
    """

    place: Place
    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message} {self.hint}"
