"""JSON as it is hashed and counted: one spelling for a value, and nothing ambiguous let in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite

from sayso.record.refusal import Refusal

LARGEST = 1 << 20
DEEPEST = 32
# Beyond this a double no longer holds every whole number, and readers disagree.
SAFE = (1 << 53) - 1

# Made once: making one takes as long as spelling a small value.
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class _Bad:
    """A value that may not pass, left in its place so that its path can be told."""

    code: str
    why: str


def read_object(content: bytes, *, most: int = LARGEST) -> dict[str, Json] | Refusal:
    """Read one JSON object, refusing whatever two readers could read differently.

    Args:
        content: UTF-8.
        most: Bytes allowed.

    Returns:
        The object, or a refusal that names the field: NaN and infinities, keys written twice,
        whole numbers beyond 2^53 - 1, half characters, too deep, too large.

    Examples:
        >>> read_object(b'{"a": {"b": NaN}}').field
        'a.b'
        >>> read_object(b'{"a": 1, "a": 2}').code
        'key-twice'
    """
    if len(content) > most:
        return Refusal(
            "too-large",
            f"{len(content)} bytes were sent; {most} are kept in one record.",
            "Send less in one piece, or a reference to it.",
        )
    try:
        text = content.decode("utf-8")
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        return Refusal("not-json", f"This is no JSON: {_short(error)}.", "Send one JSON object.")
    if not isinstance(value, dict):
        return Refusal("not-json", "This is JSON, but no object.", "Send one JSON object.")
    return _first_bad(value, "", 0) or value


def canonical(value: Json) -> bytes:
    """The one spelling of a value: sorted keys, no blanks, UTF-8.

    Raises:
        ValueError: If it holds a number that is not finite.
    """
    return _ENCODER.encode(value).encode("utf-8")


def spelled(value: Json) -> str:
    """The one spelling of a value as text, for what is put together from parts.

    Raises:
        ValueError: If it holds a number that is not finite.
    """
    return _ENCODER.encode(value)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        found[key] = _Bad("key-twice", "is written twice") if key in found else value
    return found


def _whole(digits: str) -> object:
    # The length is looked at first: turning a million digits into a number takes minutes.
    if len(digits) > 17 or abs(int(digits)) > SAFE:
        return _Bad("number-too-large", "is a whole number beyond 9007199254740991")
    return int(digits)


def _real(digits: str) -> object:
    value = float(digits)
    return value if isfinite(value) else _Bad("not-finite", "is too large for a number")


def _constant(name: str) -> object:
    return _Bad("not-finite", f"is {name}")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_whole, parse_float=_real, parse_constant=_constant
)


def _first_bad(value: object, path: str, depth: int) -> Refusal | None:
    if depth > DEEPEST:
        return Refusal("not-json", f"{path} is nested too deeply.", "Send a flatter object.", path)
    match value:
        case _Bad(code, why):
            return Refusal(code, f"{path} {why}.", "Send a value that has one reading.", path)
        case str():
            return None if _storable(value) else _unreadable(path)
        case dict():
            for key, inner in value.items():
                name = str(key)
                where = f"{path}.{name}" if path else name
                if not _storable(name):
                    return _unreadable(path or "a key")
                bad = _first_bad(inner, where, depth + 1)
                if bad is not None:
                    return bad
        case list():
            for place, inner in enumerate(value):
                bad = _first_bad(inner, f"{path}.{place}", depth + 1)
                if bad is not None:
                    return bad
        case _:
            return None
    return None


def _storable(text: str) -> bool:
    """Whether a text can be written as UTF-8 and kept in any database."""
    if text.isascii():
        return "\x00" not in text
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _unreadable(path: str) -> Refusal:
    return Refusal(
        "text-unreadable",
        f"{path.encode('utf-8', 'replace').decode()} holds half a character or a zero byte.",
        "Send the text as UTF-8 without zero bytes.",
        path,
    )


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]
