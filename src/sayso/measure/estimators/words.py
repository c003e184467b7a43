"""Evidence words from ranges and a line fixed beforehand; Holm over the whole report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.domain.grade import Grade

LEAST_EVENTS = 10


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
