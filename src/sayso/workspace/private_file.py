"""Files that say nothing beyond their text: for their owner alone, whole, and of one day."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

UNFINISHED = ".unfinished-"
LOCK = ".lock"
HINT = "Check that the disk has room and that this folder may be written."


def write_private(path: Path, text: str, *, day: date) -> None:
    """Write a file that only its owner reads; a reader, or a crash, sees the old or the new one.

    File and folder get the time of one fixed day, so that neither tells when, or in which order,
    people answered.

    Args:
        path: The file; its folder is there.
        text: What it says.
        day: The day its times show.

    Raises:
        FileNotWritable: If the folder does not take the file.
    """
    stamp = datetime.combine(day, time(), UTC).timestamp()
    name = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.utime(name, (stamp, stamp))
        os.replace(name, path)
        _keep_entry(path.parent)
        os.utime(path.parent, (stamp, stamp))
    except OSError as error:
        _remove(name)
        raise FileNotWritable(f"Cannot write {path}: {error.strerror}.", hint=HINT) from error
    except BaseException:
        _remove(name)
        raise


def sweep(folder: Path) -> None:
    """Remove what a crash left half written; the folder's lock is held."""
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Nobody else, thread or process, changes this folder meanwhile.

    Raises:
        FileNotWritable: If the lock cannot be had.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FileNotWritable(f"Cannot lock {folder}: {error.strerror}.", hint=HINT) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keep_entry(folder: Path) -> None:
    """A renamed file survives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(name: str | None) -> None:
    if name is not None:
        with suppress(FileNotFoundError):
            os.unlink(name)
