"""Reading typed fields from a YAML tree, collecting every problem instead of stopping at one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sayso.declare.charter import Money
from sayso.declare.problem import Place, Problem
from sayso.declare.yaml_tree import Entries, Entry, Items, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DAYS = re.compile(r"(\d+)\s*([dw])")
_MONEY = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([A-Za-z€$£%]+)")
_PER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(?:per|in)\s*(\d+)")
_NOTHING = ("", "~", "null")
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Fields:
    """The problems and places met while a file is read."""

    problems: list[Problem] = field(default_factory=list[Problem])
    places: dict[str, Place] = field(default_factory=dict[str, Place])

    def refuse(self, place: Place, code: str, message: str, hint: str) -> None:
        """Keep an error."""
        self.problems.append(Problem(place, code, message, hint))

    def wrong(self, node: Node, path: str, wanted: str, example: str) -> None:
        """Keep the error that a value has another form than its field."""
        self.refuse(
            node.place, "SAY110", f"{path}: {shown(node)} is not {wanted}.", f"Write {example}."
        )

    def mapping(self, node: Node | None, path: str, known: Sequence[str]) -> Entries | None:
        """A mapping with only known keys."""
        if node is None or _empty(node):
            return None
        if not isinstance(node, Entries):
            self.wrong(node, path or "the file", "a mapping", "`key: value` lines")
            return None
        for entry in node.entries:
            where = f"{path}.{entry.key}" if path else entry.key
            self.places[where] = entry.value.place
            if entry.key not in known:
                near = get_close_matches(entry.key, known, n=1, cutoff=0.5)
                hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
                self.refuse(entry.place, "SAY109", f"{where}: no such key.", hint)
        return node

    def pairs(self, node: Node | None, path: str) -> tuple[Entry, ...]:
        """A mapping whose keys are the person's own."""
        if node is None or _empty(node):
            return ()
        if not isinstance(node, Entries):
            self.wrong(node, path, "a mapping", "`name: value` lines")
            return ()
        for entry in node.entries:
            self.places[f"{path}.{entry.key}"] = entry.value.place
        return node.entries

    def items(self, node: Node | None, path: str) -> tuple[Node, ...]:
        """A list; a single value counts as a list of one."""
        if node is None or _empty(node):
            return ()
        if isinstance(node, Scalar):
            return (node,)
        if not isinstance(node, Items):
            self.wrong(node, path, "a list", "[one, two]")
            return ()
        for i, item in enumerate(node.items):
            self.places[f"{path}[{i}]"] = item.place
        return node.items

    def text(self, node: Node | None, path: str) -> str | None:
        """A text."""
        if node is None or _empty(node):
            return None
        if not isinstance(node, Scalar):
            self.wrong(node, path, "a text", "one line of text")
            return None
        return node.text

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        """A list of texts."""
        found = (self.text(n, f"{path}[{i}]") for i, n in enumerate(self.items(node, path)))
        return tuple(t for t in found if t is not None)

    def parsed(
        self,
        node: Node | None,
        path: str,
        read: Callable[[str], T | None],
        wanted: str,
        example: str,
    ) -> T | None:
        """A value that a function reads from text; None from it is an error."""
        text = self.text(node, path)
        if node is None or text is None:
            return None
        value = read(text.strip())
        if value is None:
            self.wrong(node, path, wanted, example)
        return value

    def number(self, node: Node | None, path: str) -> float | None:
        """A finite number."""
        return self.parsed(node, path, read_number, "a number", "0.6")

    def whole(self, node: Node | None, path: str) -> int | None:
        """A whole number of at least 1."""
        return self.parsed(
            node,
            path,
            lambda t: int(t) if t.isascii() and t.isdigit() and 0 < int(t) < 10**6 else None,
            "a whole number from 1 on",
            "3",
        )

    def share(self, node: Node | None, path: str) -> float | None:
        """A share in 0..1, or "5 per 100"."""
        return self.parsed(node, path, read_share, "a share", "5 per 100, or 0.05")

    def day(self, node: Node | None, path: str) -> date | None:
        """A date."""
        return self.parsed(node, path, _day, "a date", "2026-12-07")

    def days(self, node: Node | None, path: str) -> int | None:
        """A span in days."""
        return self.parsed(node, path, _days, "a number of days or weeks", "21d")

    def money(self, node: Node | None, path: str) -> Money | None:
        """An amount with its unit."""
        return self.parsed(node, path, _money, "an amount with its unit", "190 EUR")

    def one_of(self, node: Node | None, path: str, kind: type[E]) -> E | None:
        """One of a few words."""
        words = [str(w) for w in kind]
        text = self.text(node, path)
        if node is None or text is None:
            return None
        if text in words:
            return kind(text)
        near = get_close_matches(text, words, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Write one of: {', '.join(words)}."
        self.refuse(node.place, "SAY111", f"{path}: {text!r} is not allowed.", hint)
        return None

    def span(self, node: Node | None, path: str) -> tuple[float, float] | None:
        """Two numbers."""
        parts = self.items(node, path)
        numbers = [self.number(p, f"{path}[{i}]") for i, p in enumerate(parts)]
        if node is None or not parts:
            return None
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            self.wrong(node, path, "two numbers", "[0, 1]")
            return None
        return numbers[0], numbers[1]


def shown(node: Node) -> str:
    """A value as a message quotes it."""
    match node:
        case Scalar():
            return repr(node.text[:60])
        case Items():
            return "a list"
        case Entries():
            return "a mapping"


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text.strip().lower() in _NOTHING


def read_number(text: str) -> float | None:
    """A finite number in plain writing."""
    value = float(text) if _NUMBER.fullmatch(text) else None
    return value if value is not None and math.isfinite(value) else None


def read_share(text: str) -> float | None:
    """A share in 0..1, also as "5 per 100"."""
    match = _PER.fullmatch(text)
    if match:
        share = float(match[1]) / float(match[2]) if float(match[2]) else -1.0
    else:
        number = read_number(text)
        share = -1.0 if number is None else number
    return share if 0 <= share <= 1 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _days(text: str) -> int | None:
    match = _DAYS.fullmatch(text)
    return int(match[1]) * (7 if match[2] == "w" else 1) if match else None


def _money(text: str) -> Money | None:
    match = _MONEY.fullmatch(text)
    return Money(float(match[1]), match[2]) if match else None
