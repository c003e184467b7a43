"""What a measure answers with: a value with its ranges, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Population(StrEnum):
    """Of whom an estimate speaks."""

    THESE = "these people and cases"
    LIKE_THESE = "people like these"


@dataclass(frozen=True, slots=True)
class Range:
    """A closed range, ``low <= high``."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"a range needs low <= high, got {self.low} and {self.high}")

    def contains(self, value: float) -> bool:
        """Whether the value lies in the range, ends included."""
        return self.low <= value <= self.high

    def inside(self, line: float) -> bool:
        """Whether the whole range is strictly nearer to zero than the line."""
        return -line < self.low and self.high < line

    def past(self, line: float) -> bool:
        """Whether the whole range is strictly beyond the line, on one side."""
        return self.low > line or self.high < -line


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with the ranges we would defend, in the measure's unit.

    Attributes:
        value: The best estimate. Shares lie in 0..1.
        r95: Two-sided 95 % range, of the same method as the other two.
        r90: Two-sided 90 % range; the evidence word Likely reads it.
        r50: Two-sided 50 % range; only pictures read it.
        n: Cases counted.
        people: Deciders counted; 0 where the table does not name them.
        population: Of whom the ranges speak.
        events: Cases counted by the share's numerator; None where that has no meaning.
        non_events: The rest of them; None where that has no meaning.
        p_line: Two-sided p-value of "the value is not past the line", for the Holm step; None
            where the measure has no line.
    """

    value: float
    r95: Range
    r90: Range
    r50: Range
    n: int
    people: int
    population: Population
    events: int | None = None
    non_events: int | None = None
    p_line: float | None = None

    @property
    def low(self) -> float:
        """Lower end of the 95 % range."""
        return self.r95.low

    @property
    def high(self) -> float:
        """Upper end of the 95 % range."""
        return self.r95.high


@dataclass(frozen=True, slots=True)
class NotEnoughData:
    """Why there is no value yet. Never 0, never NaN, never None.

    Attributes:
        need: How many are needed.
        have: How many there are.
        of: What is counted, as a person would say it: "cases", "people", "known outcomes".
    """

    need: int
    have: int
    of: str = "cases"


@dataclass(frozen=True, slots=True)
class CannotTell:
    """This table cannot answer, however long it grows.

    Attributes:
        reason: Why, in one sentence.
        cheapest_way: The least costly way to find out, in one sentence.
    """

    reason: str
    cheapest_way: str


Answer = Estimate | NotEnoughData | CannotTell
