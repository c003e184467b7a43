"""Writing to the spool: one ``write()`` a record, kept before the call returns.

A spool is a folder that several processes may share. Each process appends to files of its own
(``segments/*.seg``), held under a lock while it lives; whoever sends takes a file away once all of
it was answered. A record counts as kept when ``write()`` has returned: the kernel has it, and the
end of the process does not matter any more. With ``fsync`` it has waited for the disk too.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sayso.domain.errors import SpoolFull, SpoolUnusable
from sayso.sdk.frame import Frame, framed

if TYPE_CHECKING:
    from pathlib import Path

WhenFull = Literal["block", "raise"]
Sync = Literal["write", "fsync"]

SEGMENTS = "segments"
SEGMENT = ".seg"
PATIENCE = 0.05
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolRules:
    """How a spool is kept.

    Attributes:
        when_full: Whether a write waits for room, or raises.
        sync: Whether a record is handed to the kernel, or to the disk, before the call returns.
        most_bytes: What all files together may hold, give or take one file for each process.
        segment_bytes: When a new file is begun.
    """

    when_full: WhenFull = "block"
    sync: Sync = "write"
    most_bytes: int = 256 << 20
    segment_bytes: int = 4 << 20

    def __post_init__(self) -> None:
        if self.when_full not in ("block", "raise"):
            raise ValueError(f"when_full is block or raise, got {self.when_full!r}")
        if self.sync not in ("write", "fsync"):
            raise ValueError(f"sync is write or fsync, got {self.sync!r}")
        if not 0 < self.segment_bytes <= self.most_bytes:
            raise ValueError("a file of the spool is no larger than all of them")


class Spool:
    """The writing end; one for each process, safe for its threads and after a fork."""

    def __init__(self, folder: Path, rules: SpoolRules) -> None:
        """Use a folder, and make it where it is not there.

        Raises:
            SpoolUnusable: If it cannot be made.
        """
        self.folder, self.rules = folder, rules
        self._inside = folder / SEGMENTS
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._inside.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise SpoolUnusable(
                f"Cannot make the spool {folder}: {error.strerror}.",
                hint="Name a folder that may be written with spool=.",
            ) from error
        self._lock = threading.Lock()
        self._handle = -1
        self._size = self._number = self._written = 0
        self._room = 0

    @property
    def written(self) -> int:
        """Records that this process has kept."""
        return self._written

    def append(self, body: bytes) -> None:
        """Keep one record; when this returns, the end of the process does not lose it.

        Args:
            body: The write, as JSON on one line.

        Raises:
            SpoolFull: If there is no room, and the spool is to say so.
            SpoolUnusable: If the file cannot be written.
        """
        while not self._kept(body):
            if self.rules.when_full == "raise":
                raise SpoolFull(
                    f"The spool {self.folder} holds {self.rules.most_bytes} bytes, or the disk is "
                    "full; this was not recorded.",
                    hint="Check that the server answers; give the spool more room with spool_bytes=.",
                )
            time.sleep(PATIENCE)

    def close(self) -> None:
        """Let go of the file; what it holds is sent by whoever looks next."""
        with self._lock:
            self._let_go()

    def _kept(self, body: bytes) -> bool:
        with self._lock:
            line = framed(Frame(self._number + 1, time.time_ns() // 1000, body))
            if len(line) > self._room and not self._has_room(len(line)):
                # A file that is held is never taken away, so a full spool would stay full.
                self._let_go()
                return False
            if self._handle < 0 or self._size >= self.rules.segment_bytes:
                self._let_go()
                if not self._begin():
                    return False
                line = framed(Frame(1, time.time_ns() // 1000, body))
            return self._put(line)

    def _put(self, line: bytes) -> bool:
        try:
            done = os.write(self._handle, line)
            if done == len(line) and self.rules.sync == "fsync":
                os.fdatasync(self._handle)
        except OSError as error:
            self._take_back()
            if error.errno in _NO_ROOM:
                return False
            raise SpoolUnusable(
                f"Cannot write to the spool {self.folder}: {error.strerror}.",
                hint="This was not recorded. Check the disk.",
            ) from error
        if done != len(line):
            self._take_back()
            return False
        self._number += 1
        self._size += done
        self._room -= done
        self._written += 1
        return True

    def _take_back(self) -> None:
        """Cut off what was half written; where that fails too, go on in another file."""
        try:
            os.ftruncate(self._handle, self._size)
        except OSError:
            self._let_go()

    def _has_room(self, wanted: int) -> bool:
        """Look what the whole folder holds; other processes write to it, and sending clears it."""
        held = 0
        with os.scandir(self._inside) as entries:
            for entry in entries:
                if entry.name.endswith(SEGMENT):
                    with suppress(FileNotFoundError):
                        held += entry.stat().st_size
        # Looked at again after one file's worth, so that processes do not each take all the room.
        left = self.rules.most_bytes - held
        self._room = max(0, min(left, self.rules.segment_bytes))
        return wanted <= left

    def _begin(self) -> bool:
        """Begin a file, and hold it under a lock for as long as this process may write to it."""
        while True:
            name = f"{time.time_ns() // 1000:016d}-{os.getpid()}-{os.urandom(4).hex()}{SEGMENT}"
            try:
                handle = os.open(
                    self._inside / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600
                )
            except OSError as error:
                if error.errno in _NO_ROOM:
                    return False
                raise SpoolUnusable(
                    f"Cannot write to the spool {self.folder}: {error.strerror}.",
                    hint="Check that the folder is there and may be written.",
                ) from error
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Between the two calls, whoever sends may have taken it for a dead one's empty file.
            if os.fstat(handle).st_nlink:
                break
            os.close(handle)
        self._handle, self._size, self._number = handle, 0, 0
        if self.rules.sync == "fsync":
            _keep_entry(self._inside)
        return True

    def _let_go(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def after_fork(self) -> None:
        """In a child: the file is the parent's; the child begins its own."""
        self._lock = threading.Lock()
        self._let_go()
        self._size = self._number = self._written = self._room = 0


def _keep_entry(folder: Path) -> None:
    """A new file survives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
