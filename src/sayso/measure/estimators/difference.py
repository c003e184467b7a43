"""Has something declared to change changed?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, Estimate

if TYPE_CHECKING:
    from datetime import date


class Change(StrEnum):
    """What became of a line under "differently"."""

    HAPPENED = "happened"
    DID_NOT = "did not"
    NOT_YET = "not yet"
    CANNOT_TELL = "cannot tell"


def judge_change(
    answer: Answer, *, start: float | None, target: float | None, by: date | None, today: date
) -> Change:
    """Compare where something stands with where it was and where it was to be.

    It happened where the 95 % range reaches the target and has left the start. It did not where
    the range falls short of the target after the day it was promised for.

    Args:
        answer: Where it stands.
        start: Where it was, in the answer's unit.
        target: Where it was to be.
        by: The day it was promised for; None for no day.
        today: The day that counts as today.

    Examples:
        >>> from sayso.domain.answer import NotEnoughData
        >>> from datetime import date
        >>> judge_change(NotEnoughData(30, 4), start=0.4, target=0.6, by=None,
        ...     today=date(2026, 1, 1)).value
        'cannot tell'
    """
    if not isinstance(answer, Estimate) or target is None:
        return Change.CANNOT_TELL
    upward = start is None or target >= start
    low, high = (answer.low, answer.high) if upward else (-answer.high, -answer.low)
    aim = target if upward else -target
    before = None if start is None else (start if upward else -start)
    if high >= aim and (before is None or low > before):
        return Change.HAPPENED
    if by is not None and today <= by:
        return Change.NOT_YET
    return Change.DID_NOT if high < aim else Change.CANNOT_TELL
