"""Values written as YAML, so that every reader reads back what was meant.

Python's, the command line's and a person's editor do not agree on what ``no``, ``1:30`` or ``1e3``
is. A text that anybody could take for something else is therefore quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = "str | bool | float | date | Sequence[Value] | Mapping[str, Value] | None"

WIDTH = 100
LONGEST_KEY = 1000
_WORDS = frozenset(
    ("true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf")
)
_AMOUNT = re.compile(r"[0-9]+[dw]|[0-9]+(\.[0-9]+)? ([A-Za-z€$£%]+|(per|in) [0-9]+)", re.ASCII)
_INSIDE = frozenset(" -_./()'%€$£&+*;=<>“”‘’…!@^~")
_INSIDE_BLOCK = _INSIDE | frozenset(",?")


def as_yaml(value: Value, *, indent: int = 0) -> str:
    """A value as it stands behind ``key:``, on the same line where it fits.

    Args:
        value: What shall be read back. A number is finite.
        indent: Column of the key.

    Returns:
        One line, or lines that begin with a line break.

    Raises:
        ValueError: If a number is not finite, or a text holds half a character (a lone surrogate).

    Examples:
        >>> as_yaml("yes"), as_yaml("bring it"), as_yaml(["a", "no"])
        ('"yes"', 'bring it', '[a, "no"]')
        >>> print("matters:" + as_yaml([{"name": "time", "weight": 0.6}]))
        matters:
          - {name: time, weight: 0.6}
    """
    if isinstance(value, str):
        return _text(value, _INSIDE_BLOCK)
    if not _nested(value):
        line = as_flow(value)
        if len(line) <= WIDTH or not _many(value):
            return line
    return "\n" + "\n".join(_lines(value, indent + 2))


def as_flow(value: Value) -> str:
    """A value on one line, with braces and brackets.

    Raises:
        ValueError: As ``as_yaml``.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value, _INSIDE)
        case int() | float():
            return number(value)
        case date():
            return value.isoformat()
        case Mapping():
            pairs = (_pair(_text(key, _INSIDE), as_flow(v)) for key, v in value.items())
            return f"{{{', '.join(pairs)}}}"
        case _:
            return f"[{', '.join(as_flow(inner) for inner in value)}]"


def number(value: float) -> str:
    """A number in plain writing, without exponent, that reads back the same.

    Raises:
        ValueError: If it is not finite.

    Examples:
        >>> number(0.6), number(310.0), number(1e-7)
        ('0.6', '310', '0.0000001')
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written: it is not finite")
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def _nested(value: Value) -> bool:
    """Whether a list or mapping holds mappings, so that one a line reads better."""
    match value:
        case str() | date() | None:
            return False
        case Mapping():
            return bool(value) and all(_many(v) and isinstance(v, Mapping) for v in value.values())
        case Sequence():
            return any(isinstance(v, Mapping) for v in value)
        case _:
            return False


def _many(value: Value) -> bool:
    """Whether there is anything to put on lines of its own."""
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str) and bool(value)


def _lines(value: Value, indent: int) -> list[str]:
    space = " " * indent
    if isinstance(value, Mapping):
        return [f"{space}{line}" for key, v in value.items() for line in _entry(key, v, indent)]
    lines: list[str] = []
    assert isinstance(value, Sequence)
    for item in value:
        flow = as_flow(item)
        if len(flow) + indent + 2 <= WIDTH or not _many(item):
            lines.append(f"{space}- {flow}")
        else:
            inner = _lines(item, indent + 2)
            lines += [f"{space}- {inner[0].lstrip(' ')}", *inner[1:]]
    return lines


def _entry(key: str, value: Value, indent: int) -> list[str]:
    """A key with its value; a key too long for a reader to look ahead is marked."""
    name, flow = _text(key, _INSIDE), as_flow(value)
    if len(name) > LONGEST_KEY:
        return [f"? {name}", f": {flow}"]
    if len(name) + len(flow) + indent + 2 <= WIDTH or not _many(value):
        return [f"{name}: {flow}"]
    # The caller indents every line; those below the key carry their whole indent already.
    return [f"{name}:", *(line[indent:] for line in _lines(value, indent + 2))]


def _pair(name: str, flow: str) -> str:
    return f"? {name} : {flow}" if len(name) > LONGEST_KEY else f"{name}: {flow}"


def _text(text: str, inside: frozenset[str]) -> str:
    if _AMOUNT.fullmatch(text):
        return text
    plain = (
        text[:1].isalpha()
        and not text.endswith(" ")
        and text.lower() not in _WORDS
        and all(c.isalnum() or c in inside for c in text)
    )
    return text if plain else f'"{"".join(_escaped(c) for c in text)}"'


_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"half a character, {code:#x}, cannot be written")
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
