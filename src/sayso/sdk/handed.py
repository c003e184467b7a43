"""What a program is handed when it asks for advice: the advice, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | float | bool | None
Answer = str | float


@dataclass(frozen=True, slots=True)
class Shown:
    """The advice, which may be shown.

    Attributes:
        answer: What is advised.
        source: Who advises, as ``model@version``.
        confidence: How sure, in 0 to 1; None where it was not said.
        details: Named parts of the advice.
    """

    answer: Answer
    source: str
    confidence: float | None = None
    details: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    shown: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Sealed:
    """A first view is asked for in this case, and comes before the advice."""

    shown: Literal[False] = False
    why: str = "A first view is asked for before the advice."


@dataclass(frozen=True, slots=True)
class Withheld:
    """The advice is withheld until the case is decided."""

    shown: Literal[False] = False
    why: str = "The advice is withheld in this case until it is decided."


@dataclass(frozen=True, slots=True)
class NoAdvice:
    """There is no advice yet."""

    shown: Literal[False] = False
    why: str = "There is no advice yet."


@dataclass(frozen=True, slots=True)
class Unreached:
    """Only the server knows whether this advice may be shown, and it did not answer in time.

    Attributes:
        waited: Seconds that the program waited.
    """

    waited: float
    shown: Literal[False] = False
    why: str = "The server did not say in time whether the advice may be shown."


Handed = Shown | Sealed | Withheld | NoAdvice | Unreached


@dataclass(frozen=True, slots=True)
class NotAsked:
    """No first view is asked for in this case, so none was recorded."""

    why: str = "No first view is asked for in this case."
