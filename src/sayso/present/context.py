"""What a report needs besides its figures; no clock and no environment is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """How and when a report was made.

    Attributes:
        command: The command that repeats it; empty when it was made from Python.
        version: Sayso's version.
        made_on: Day it was made.
        seed: Seed of every random draw.
        team_names: Whether teams are named; else they are lettered.
        system_fonts: Whether the page leaves its own fonts out.
        guess: What the person guessed before looking, per 100; None where they skipped.
        charter_file: The charter's file as it was named, quoted for a command; empty for none.
        table_arguments: The table and the columns named for it, quoted for a command.
    """

    command: str
    version: str
    made_on: date
    seed: int = 0
    team_names: bool = False
    system_fonts: bool = False
    guess: int | None = None
    charter_file: str = ""
    table_arguments: str = ""
