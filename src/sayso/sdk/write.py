"""One thing asked of one case, as JSON on one line, with an id of its own."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import RecordRefused
from sayso.record.ids import uuid7
from sayso.record.moments import instant_text
from sayso.record.strict_json import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Write:
    """What is kept and sent.

    Attributes:
        verb: What is asked, one of ``sayso.record.asked.VERBS``.
        id: What it is known by, however often it is sent.
        body: The whole of it, as JSON.
    """

    verb: str
    id: str
    body: bytes


def write_of(
    verb: str,
    fields: Mapping[str, object],
    *,
    decision: str,
    version: int,
    case: str,
    at: datetime | None = None,
    known_as: str | None = None,
) -> Write:
    """Make a write.

    Args:
        verb: What is asked, one of ``sayso.record.asked.VERBS``.
        fields: What it says; fields that are None are left out.
        decision: The decision's slug.
        version: The charter's version.
        case: The case.
        at: When it happened, with its zone; now where not said.
        known_as: Its id; a new one where not said.

    Raises:
        RecordRefused: If it holds what no record keeps: NaN, half a character, more than 1 MiB.
        TypeError: If a value is nothing that JSON holds.
    """
    moment = at or datetime.now(UTC)
    made = known_as or uuid7(datetime.now(UTC) if at is None else moment, os.urandom(10))
    plain: dict[str, object] = {
        "verb": verb,
        "id": made,
        "decision": decision,
        "charter_version": version,
        "case": case,
        "at": instant_text(moment),
    }
    for name, value in fields.items():
        if value is not None:
            plain[name] = value
    try:
        body = _ENCODER.encode(plain).encode()
    except UnicodeEncodeError as error:
        raise RecordRefused(
            "text-unreadable",
            f"The {verb} of case {case!a} holds half a character.",
            hint="Send the text as UTF-8.",
        ) from error
    except ValueError as error:
        raise RecordRefused(
            "not-finite",
            f"The {verb} of case {case!r} holds a number that is not finite.",
            hint="Send a number, or leave the field out.",
        ) from error
    if len(body) > LARGEST:
        raise RecordRefused(
            "too-large",
            f"The {verb} of case {case!r} has {len(body)} bytes; {LARGEST} are kept in one record.",
            hint="Send less in one piece, or a reference to it.",
        )
    return Write(verb, made, body)


def _plain(value: Any) -> object:  # what the encoder does not know
    if isinstance(value, datetime):
        return instant_text(value)
    # Numbers of numpy and its like hold a number of Python's.
    item = getattr(value, "item", None)
    if item is not None and getattr(value, "ndim", 0) == 0:
        return item()
    raise TypeError(f"{value!r:.60} of type {type(value).__name__} is no text, number or truth")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)
