"""Keeping heads of a record elsewhere: one file a head, the newest counts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable, RecordUnreadable
from sayso.record.checkpoint import LogKey, NotACheckpoint, read_checkpoint
from sayso.record.witness import Witnessed, witness
from sayso.workspace.private_file import locked

if TYPE_CHECKING:
    from sayso.record.witness import Alarmed


def read_key(text: str) -> LogKey:
    """The key of a record: the line itself, or a file that holds it.

    Raises:
        RecordUnreadable: If it is neither.
    """
    try:
        return LogKey.parse(text if "+" in text else Path(text).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, NotACheckpoint) as error:
        raise RecordUnreadable(
            f"{text[:80]!r} is no key of a record: {error}.",
            hint="Give the line that `sayso record checkpoint --key` prints, or a file with it.",
        ) from error


def seen_size(folder: Path, key: LogKey) -> int:
    """The size of the newest head that is kept; 0 before the first."""
    newest = _newest(folder, key)
    return 0 if newest is None else newest[0]


def keep_head(folder: Path, request: str, key: LogKey) -> Witnessed | Alarmed:
    """Take a head if it follows on the newest that is kept; it is on disk on return.

    Args:
        folder: Where heads are kept; made where it is not there.
        request: What the record hands a witness.
        key: The record's key, pinned beforehand.

    Raises:
        FileNotWritable: If the folder does not take it.
        RecordUnreadable: If a kept head is damaged.
    """
    from sayso.adapters.store_signing import is_signed

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {folder}: {error.strerror}.", hint="Name another folder with --keep."
        ) from error
    # Looking at what is kept and keeping the new one are one step: nobody comes between.
    with locked(folder):
        newest = _newest(folder, key)
        try:
            found = witness(None if newest is None else newest[1], request, key, is_signed)
        except NotACheckpoint as error:
            raise RecordUnreadable(
                f"The newest head in {folder} is damaged: {error}.", hint="Bring it back."
            ) from error
        if isinstance(found, Witnessed):
            _keep(folder / f"{found.head.size:020d}.checkpoint", found.note)
    return found


def read_request(source: str) -> str:
    """A request from a file, or from standard input where it is ``-``.

    Raises:
        RecordUnreadable: If it cannot be read.
    """
    try:
        if source == "-":
            return sys.stdin.buffer.read(1 << 20).decode("utf-8")
        return Path(source).read_bytes()[: 1 << 20].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordUnreadable(
            f"{source} cannot be read: {error}.", hint="Give the file that the record wrote."
        ) from error


def _newest(folder: Path, key: LogKey) -> tuple[int, str] | None:
    from sayso.adapters.store_signing import is_signed

    files = sorted(folder.glob("*.checkpoint"))
    if not files:
        return None
    try:
        note = files[-1].read_text("utf-8")
        return read_checkpoint(note, key, is_signed).size, note
    except (OSError, UnicodeDecodeError, NotACheckpoint) as error:
        raise RecordUnreadable(
            f"The kept head {files[-1]} cannot be read: {error}.",
            hint="A witness does not start again by itself: bring the file back, or look into it.",
        ) from error


def _keep(file: Path, note: str) -> None:
    try:
        unfinished = file.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            out.write(note)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
        handle = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot keep {file}: {error.strerror}.", hint="Name another folder with --keep."
        ) from error
