"""What a charter and a table say of the consequences, and what must be known to read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.align.consequences import Consequences
    from sayso.domain.answer import CannotTell

    Floats = NDArray[np.float64]


class NoteCode(StrEnum):
    """Something done, seen or supposed on the way; ``present.consequences`` has its sentence."""

    SAMPLED = "sampled"
    LEFT_OUT = "left-out"
    OUTSIDE_RANGE = "outside-range"
    NO_DIFFERENCE = "no-difference"
    NO_RANGE = "no-range"
    NOT_IN_TABLE = "not-in-table"
    KNOWN_AFTERWARDS = "known-afterwards"
    MANY_VALUES = "many-values"
    NO_INPUTS = "no-inputs"
    STATE_OF_THINGS = "state-of-things"
    UNSEEN = "unseen"
    UNKNOWN_OUTCOMES = "unknown-outcomes"
    COSTS_ONLY = "costs-only"


@dataclass(frozen=True, slots=True)
class Note:
    """One of them.

    Attributes:
        code: Which.
        count: Cases concerned.
        of: Cases looked at.
        detail: What the sentence needs besides: a consideration, an input, a condition.
    """

    code: NoteCode
    count: int = 0
    of: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Extremes:
    """The least and the most that each option can bring, shape (cases, options, considerations)."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequencesReading:
    """Consequences with what they rest on.

    Attributes:
        consequences: Of live cases.
        notes: What a reader must know of them.
        lacks: Why weights cannot be compared in these cases, where only the cost of mistakes is
            known: information and models can be priced, agreement cannot. None where all is known.
        known: Declared inputs of each case that are known before the choice, by name: numbers with NaN (dates
            in days since 1970, yes as 1), texts with None; shape (cases,).
        said: The AI's stated chance that ``said_for`` is right, NaN where there is none, shape
            (cases,).
        said_for: The option it speaks of; "" where it speaks of none.
        unseen: Cases whose outcome the choice taken keeps from being seen, shape (cases,).
        spoken_for: Inputs that stand in for another column of the table: who decided, where, when,
            what was advised.
    """

    consequences: Consequences
    notes: tuple[Note, ...] = ()
    lacks: CannotTell | None = None
    known: dict[str, NDArray[np.float64] | NDArray[np.object_]] = field(
        default_factory=dict[str, "NDArray[np.float64] | NDArray[np.object_]"]
    )
    said: Floats = field(default_factory=lambda: np.zeros(0))
    said_for: str = ""
    unseen: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    spoken_for: frozenset[str] = frozenset()

    def noted(self, code: NoteCode) -> tuple[Note, ...]:
        """The notes of one kind."""
        return tuple(note for note in self.notes if note.code is code)

    @property
    def extremes(self) -> Extremes:
        """Bounds without the belief that unseen cases are like seen ones.

        Where the outcome cannot be seen, each option brings at least what it brings in its worst
        state and at most what it brings in its best; elsewhere it brings what is expected.
        """
        expected = self.consequences.expected
        unseen = self.unseen[:, None, None]
        return Extremes(
            np.where(unseen, self.consequences.values.min(2), expected),
            np.where(unseen, self.consequences.values.max(2), expected),
        )


def threshold_choices(
    amounts: Floats,
    thresholds: Floats,
    *,
    above: int,
    below: int,
    missing: int | NDArray[np.intp],
) -> NDArray[np.intp]:
    """What each threshold would choose in each case.

    Args:
        amounts: What is held against the thresholds: ``said`` or a numeric input, NaN where not
            known, shape (cases,).
        thresholds: Shape (thresholds,).
        above: The option chosen where the amount is at least the threshold.
        below: The option chosen where it is less.
        missing: The option chosen where the amount is not known: one for all, or one a case.

    Returns:
        Numbers of options, shape (thresholds, cases).

    Examples:
        >>> threshold_choices(np.array([0.2, 0.6, np.nan]), np.array([0.5, 0.7]),
        ...                   above=0, below=1, missing=2)
        array([[1, 0, 2],
               [1, 1, 2]])
    """
    if np.isnan(thresholds).any():
        raise ValueError("a threshold is missing")
    known = ~np.isnan(amounts)
    reached = np.where(known, amounts, 0.0)[None, :] >= thresholds[:, None]
    chosen = np.where(reached, above, below)
    return np.where(known[None, :], chosen, missing).astype(np.intp)
