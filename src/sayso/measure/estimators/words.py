"""Evidence words from ranges and a line fixed beforehand; Holm over the whole report."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.measure.estimators.ranges import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.domain.grade import Grade

LEAST_EVENTS = 10
# What a figure is held against where that is not 0, by its key.
REFERENCES = {"override-right": 0.5, "reliance-sum": 1.0, "calibration-slope": 1.0, "bunching": 0.5}


def word_for(answer: Answer, *, line: float | None, grade: Grade, reference: float = 0.0) -> Word:
    """The evidence word of an answer.

    No word is computed from a share of bootstrap draws: weekly looks at such a share say
    Likely of nothing in 43 % of years (RULINGS 2).

    Args:
        answer: What the measure said.
        line: Smallest distance from the reference that matters, > 0, fixed before the figures
            were seen; None where none is declared (money).
        grade: Design behind it; only randomised and descriptive figures may be Clear.
        reference: What the value is held against, in the value's unit.

    Source:
        RULINGS 2 and UX 5.3.
    """
    match answer:
        case CannotTell():
            return Word.CANNOT_TELL
        case NotEnoughData():
            return Word.NOT_YET
        case Estimate():
            pass
    low95, high95 = answer.low - reference, answer.high - reference
    not_zero = low95 > 0 or high95 < 0
    if line is None:
        return Word.NOT_ZERO if not_zero else Word.EITHER
    if -line < low95 and high95 < line:
        few = any(c is not None and c < LEAST_EVENTS for c in (answer.events, answer.non_events))
        return Word.NOT_YET if few else Word.TOO_SMALL
    if low95 > line or high95 < -line:
        return Word.CLEAR if grade.may_be_clear else Word.LIKELY
    if answer.r90.low - reference > line or answer.r90.high - reference < -line:
        return Word.LIKELY
    return Word.SMALL if not_zero else Word.EITHER


_ONE_LOWER = {
    Word.CLEAR: Word.LIKELY,
    Word.LIKELY: Word.SMALL,
    Word.NOT_ZERO: Word.EITHER,
}


def one_lower(word: Word) -> Word:
    """The word a step weaker, for claims that do not survive the family; others stay."""
    return _ONE_LOWER.get(word, word)


def settled(word: Word, answer: Estimate, *, stands: bool, family: int, reference: float) -> Word:
    """The word of a claim once it is one of several, of which the strongest is picked.

    "There, but perhaps too small to matter" says that something is not zero, and one of six that
    are zero would be said to be there in a report of four; so zero must lie outside the range at
    the family's level too.

    Args:
        word: What it says alone.
        answer: The claim.
        stands: Whether it survives Holm on its distance past the line.
        family: Claims in the family, at least 1.
        reference: What the value is held against.
    """
    found = word if stands else one_lower(word)
    if found is not Word.SMALL or family < 2:
        return found
    wide = t_quantile(1 - 0.05 / family, inf) / t_quantile(0.95, inf)
    away = answer.value - reference
    near = answer.value - answer.low if away > 0 else answer.high - answer.value
    return found if abs(away) > wide * near else Word.EITHER


def holm(p_values: Sequence[float], *, level: float = 0.05) -> tuple[bool, ...]:
    """Which of a family of claims survive Holm's step-down at the level.

    Args:
        p_values: One a claim, in 0..1.
        level: Family-wise error, 0 < level < 1.

    Source:
        Holm (1979), Scand. J. Statist. 6:65-70.

    Examples:
        >>> holm([0.01, 0.04, 0.03])
        (True, False, False)
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    kept = [False] * len(p_values)
    for rank, index in enumerate(order):
        if p_values[index] > level / (len(p_values) - rank):
            break
        kept[index] = True
    return tuple(kept)
