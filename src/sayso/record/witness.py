"""A witness: somebody elsewhere who remembers heads, so that the past cannot be rewritten here.

Nothing that is kept beside the record is evidence against those who run it. A witness on another
machine keeps the last head it saw, takes a new one only with a proof that the old tree is its
beginning, and tells loudly when there is none. The request has the form of ``add-checkpoint`` of
C2SP ``tlog-witness``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.record.checkpoint import (
    MOST_BYTES,
    Checkpoint,
    LogKey,
    NotACheckpoint,
    decoded,
    encoded,
    read_checkpoint,
)
from sayso.record.tree import verify_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


class Alarm(StrEnum):
    """What a witness may find wrong."""

    NOT_SIGNED = "not-signed"
    OTHER_SIZE = "other-size"
    SHRUNK = "shrunk"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A head that follows on the one before it.

    Attributes:
        head: The head.
        note: It, as it was signed; this is what is kept.
        grown: Events since the last one.
    """

    head: Checkpoint
    note: str
    grown: int


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A head that does not follow.

    Attributes:
        alarm: What is wrong.
        message: One sentence that says it.
        ask_from: The size that the next request has to start from.
    """

    alarm: Alarm
    message: str
    ask_from: int


def request_text(old: int, proof: Sequence[bytes], note: str) -> str:
    """What a log hands a witness: the size it saw last, the proof from there, the new head."""
    return f"old {old}\n" + "".join(f"{encoded(one)}\n" for one in proof) + f"\n{note}"


def witness(
    kept: str | None,
    request: str,
    key: LogKey,
    verify: Callable[[bytes, bytes, bytes], bool],
) -> Witnessed | Alarmed:
    """Whether a new head follows on the last one that was kept.

    Args:
        kept: The last head, as it was signed; None at the first.
        request: Text from ``request_text``.
        key: The log's key, pinned beforehand.
        verify: Checks a signature.

    Returns:
        The head to keep, before anything is answered; or what is wrong, with nothing to keep.

    Raises:
        NotACheckpoint: If the kept head itself cannot be read; it was damaged here.
    """
    last = None if kept is None else read_checkpoint(kept, key, verify)
    seen = 0 if last is None else last.size
    try:
        old, proof, note = _read(request)
        head = read_checkpoint(note, key, verify)
    except NotACheckpoint as error:
        return Alarmed(Alarm.NOT_SIGNED, f"This is no head of {key.name}: {error}.", seen)
    if head.size < seen:
        message = f"The record had {seen} events, and now says {head.size}."
        return Alarmed(Alarm.SHRUNK, message, seen)
    if old != seen:
        message = f"The proof starts at {old}; {seen} was seen last."
        return Alarmed(Alarm.OTHER_SIZE, message, seen)
    follows = last is None or verify_consistency(seen, head.size, proof, last.root, head.root)
    if not follows:
        message = f"What the record said up to event {seen} is no longer what it says."
        return Alarmed(Alarm.REWRITTEN, message, seen)
    return Witnessed(head, note, head.size - seen)


def _read(request: str) -> tuple[int, tuple[bytes, ...], str]:
    if len(request) > 2 * MOST_BYTES:
        raise NotACheckpoint("the request is too long")
    top, parted, note = request.partition("\n\n")
    first, *rest = top.split("\n")
    old = _OLD.fullmatch(first)
    if not parted or old is None or len(rest) > MOST_HASHES:
        raise NotACheckpoint("the text is no request to a witness")
    return int(old[1]), tuple(decoded(line) for line in rest), note
