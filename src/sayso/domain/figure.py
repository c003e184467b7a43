"""A figure: one answer to one measure for one group, ready to be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData

if TYPE_CHECKING:
    from sayso.domain.evidence import Word
    from sayso.domain.grade import Grade


class Unit(StrEnum):
    """What a value is counted in; decides how it is printed."""

    SHARE = "share"
    NET_SHARE = "net share"
    AMOUNT = "amount"
    MONEY = "money"
    COEFFICIENT = "coefficient"
    COUNT = "count"
    SECONDS = "seconds"


class Status(StrEnum):
    """Why a figure has, or has not, a value."""

    OK = "ok"
    NOT_ENOUGH = "not_enough"
    CANNOT_TELL = "cannot_tell"
    CONFIDENTIAL = "confidential"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One answer, with everything needed to say it truly.

    Attributes:
        measure: Key of the measure in the catalogue, such as ``influence``.
        groups: What the figure is about, as (name, value) pairs in a fixed order, such as
            (("kind", "E-41"),); empty for the whole table.
        answer: The estimate, or why there is none.
        grade: Strength of the design.
        unit: What the value is counted in.
        word: Evidence word; None for figures that carry no claim of their own.
        line: The smallest value that matters, in the same unit; None where none is declared.
        hidden: True when the figure is withheld to protect people; then no value leaves.
        notes: Machine-readable facts that sentences need, as (name, value) pairs.
    """

    measure: str
    groups: tuple[tuple[str, str], ...] = ()
    answer: Answer
    grade: Grade
    unit: Unit
    word: Word | None = None
    line: float | None = None
    hidden: bool = False
    notes: tuple[tuple[str, float | int | str | bool], ...] = ()

    @property
    def status(self) -> Status:
        """Why there is, or is not, a value."""
        if self.hidden:
            return Status.CONFIDENTIAL
        match self.answer:
            case Estimate():
                return Status.OK
            case NotEnoughData():
                return Status.NOT_ENOUGH
            case CannotTell():
                return Status.CANNOT_TELL

    @property
    def estimate(self) -> Estimate | None:
        """The estimate when there is one that may be shown."""
        return self.answer if isinstance(self.answer, Estimate) and not self.hidden else None

    def note(self, name: str) -> float | int | str | bool | None:
        """The noted fact of that name, if any."""
        return dict(self.notes).get(name)

    def group(self, name: str) -> str | None:
        """The group's value under that name, if any."""
        return dict(self.groups).get(name)

    def worded(self, word: Word) -> Figure:
        """The same figure under another evidence word."""
        return replace(self, word=word)
