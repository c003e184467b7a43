"""The fingerprint of a charter: the same for the same meaning, however the file is laid out."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.declare.charter import Charter


def fingerprint(charter: Charter) -> str:
    """Which charter this is, as ``v1:`` and the SHA-256 of its canonical JSON.

    Comments, layout and the order of keys in the file do not count. Lists count in their order,
    but for inputs and source columns, whose order says nothing.

    Args:
        charter: The charter.

    Returns:
        ``v1:`` and 64 hexadecimal digits.
    """
    text = json.dumps(
        _plain(asdict(charter)), sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return f"v1:{sha256(text.encode()).hexdigest()}"


_UNORDERED = frozenset({"inputs", "columns", "within"})


def _plain(value: object, name: str = "") -> object:
    """The value as JSON can hold it, with one spelling for each meaning."""
    if isinstance(value, dict):
        return {str(k): _plain(v, str(k)) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - asdict returns Any
    if isinstance(value, list | tuple):
        items = [_plain(v) for v in value]  # pyright: ignore[reportUnknownVariableType] - asdict returns Any
        return sorted(items, key=repr) if name in _UNORDERED else items
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)
