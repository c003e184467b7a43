"""Ids that clients make: UUIDs of version 7, ordered by time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sayso.record.refusal import Refusal

_SHAPE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII
)
_TAIL = (1 << 62) - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RANDOM_BYTES = 10
_MS = timedelta(milliseconds=1)


def uuid7(moment: datetime, random: bytes) -> str:
    """A UUID of version 7.

    Args:
        moment: Aware; since 1970.
        random: Ten random bytes, of which 74 bits are used.

    Source:
        RFC 9562, section 5.7.

    Examples:
        >>> uuid7(EPOCH, bytes(10))
        '00000000-0000-7000-8000-000000000000'
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"needs {RANDOM_BYTES} random bytes, got {len(random)}")
    ms = (moment - EPOCH) // _MS
    if not 0 <= ms < 1 << 48:
        raise ValueError(f"{moment} does not fit into a UUID of version 7")
    bits = int.from_bytes(random, "big")
    return _spelled(ms, bits >> 62 & 0xFFF, bits & _TAIL)


def following(first: str, place: int) -> str:
    """The id of the event that stands ``place`` after the first of one command.

    The client makes one id a command; the ids of what else the command leads to are made from it,
    so that sending the command again leads to the same ids. They are hashes and not counted on: a
    client that counts its own ids up would meet them, and be told that its next id is taken.

    Examples:
        >>> following("00000000-0000-7000-8000-000000000000", 0)
        '00000000-0000-7000-8000-000000000000'
        >>> following("00000000-0000-7000-8000-000000000000", 1)[:15]
        '00000000-0000-7'
    """
    if not place:
        return first
    ms = int(first.replace("-", "")[:12], 16)
    digest = sha256(f"sayso/following/v1\n{first}\n{place}".encode()).digest()
    bits = int.from_bytes(digest[:RANDOM_BYTES], "big")
    return _spelled(ms, bits >> 62 & 0xFFF, bits & _TAIL)


def _spelled(ms: int, high: int, low: int) -> str:
    digits = f"{ms << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def check_id(text: str, field: str = "id") -> Refusal | None:
    """Whether a text is such an id in its one spelling."""
    if _SHAPE.fullmatch(text):
        return None
    return Refusal(
        "id-wrong",
        f"{text[:60]!r} is no UUID of version 7.",
        "Make one for each command, in lower case, and send it again when you retry.",
        field,
    )


def made_at(text: str) -> datetime:
    """The millisecond that an id was made at, as its maker's clock said."""
    return EPOCH + timedelta(milliseconds=int(text.replace("-", "")[:12], 16))
