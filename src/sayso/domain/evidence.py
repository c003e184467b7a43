"""The evidence words, and the verdict on influence."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """The only words for strength of evidence; their algorithm is in measure/estimators/words."""

    CLEAR = "Clear"
    LIKELY = "Likely"
    SMALL = "There, but perhaps too small to matter"
    EITHER = "Could go either way"
    TOO_SMALL = "Too small to matter"
    NOT_YET = "Not enough yet"
    NOT_ZERO = "Clear that it is not zero"
    CANNOT_TELL = "This data cannot tell"


class Verdict(StrEnum):
    """What the advice does to choices, against the line that matters."""

    CANNOT_TELL = "cannot tell"
    TOO_EARLY = "too early to tell"
    TOO_SMALL = "too small to matter net"
    DECORATIVE = "decorative"
    CHANGES_CHOICES = "changes choices"


class Quality(StrEnum):
    """Whether changed choices are better choices; its own range and word."""

    BETTER = "for the better"
    WORSE = "for the worse"
    UNKNOWN = "not known which"
