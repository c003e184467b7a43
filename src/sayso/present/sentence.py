"""Sentences with their figures marked, so that every printed figure can be found in the data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from markupsafe import Markup, escape


class Tone(StrEnum):
    """Whose view a mark or a word shows; colour says nothing else."""

    PEOPLE = "people"
    AI = "ai"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cited:
    """A number in a sentence, with the figure it prints."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Toned:
    """Words in the colour of whose view they name."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and cited figures in the order they are read."""

    parts: tuple[str | Cited | Toned, ...]

    @property
    def text(self) -> str:
        """The plain sentence."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def keys(self) -> tuple[str, ...]:
        """Figures that the sentence prints."""
        return tuple(part.key for part in self.parts if isinstance(part, Cited))

    def __html__(self) -> str:
        """The sentence for a page; everything in it is escaped."""
        return "".join(_html(part) for part in self.parts)

    def __str__(self) -> str:
        return self.text


def _html(part: str | Cited | Toned) -> str:
    match part:
        case Cited(text, key):
            return str(Markup('<data value="{}">{}</data>').format(key, text))
        case Toned(text, tone):
            return str(Markup('<span class="t-{}">{}</span>').format(tone.value, text))
        case str():
            return str(escape(part))


def say(template: str, **values: str | Cited | Toned) -> Sentence:
    """A sentence from the catalogue with its places filled.

    Args:
        template: A whole sentence or paragraph; ``{name}`` marks a place.
        **values: One for each place.

    Raises:
        KeyError: If a place has no value.
    """
    parts: list[str | Cited | Toned] = []
    for words, place, _, _ in Formatter().parse(template):
        if words:
            parts.append(words)
        if place is not None:
            value = values[place]
            if value != "":
                parts.append(value)
    return Sentence(tuple(parts))


def joined(*sentences: Sentence) -> Sentence:
    """Whole sentences as one paragraph."""
    parts: list[str | Cited | Toned] = []
    for sentence in sentences:
        if parts:
            parts.append(" ")
        parts += sentence.parts
    return Sentence(tuple(parts))
