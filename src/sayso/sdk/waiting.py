"""Reading the spool: what waits to be sent, how far each file was answered, and the counts.

Only one reader at a time moves cursors; it holds the spool's lock. A cursor is written after the
server has answered, never before: what is sent twice is recorded once, what is skipped is lost.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING, Any

from sayso.sdk.frame import unframed
from sayso.sdk.spool import SEGMENT, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "sending.lock"
CURSOR = ".cursor"
TOTALS = "totals.json"
REFUSED = "refused.jsonl"
READ_AT_ONCE = 1 << 16
MANNERS = 16
# A record from the future is a clock that was set back; one from just now waits for its elders.
JUST_NOW_US = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far one file was answered.

    Attributes:
        offset: Bytes that are done with.
        number: The number of the last record in them.
        sent: Records that the server has taken.
        refused: Records that the server will never take; they lie in the file of refused ones.
        torn: Whether the file ends in the half of a record, whose writer was never answered.
        damaged: Records that cannot be read any more; their bytes lie in the file of refused ones.
        bent: Damaged lines since the last that could be read; the next that can be read tells by its
            number how many records they were.
        dropped: Records whose numbers are missing and that no damaged line stands for.
    """

    offset: int = 0
    number: int = 0
    sent: int = 0
    refused: int = 0
    torn: int = 0
    damaged: int = 0
    bent: int = 0
    dropped: int = 0

    def past(self, number: int | None) -> Cursor:
        """The counts after one more line: the number of its record, or None where it is damaged."""
        if number is None:
            return replace(self, bent=self.bent + 1)
        missing = max(0, number - self.number - 1)
        lost = ("damaged", self.damaged) if self.bent else ("dropped", self.dropped)
        return replace(self, number=number, bent=0, **{lost[0]: lost[1] + missing})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of everything that was ever written to a spool.

    ``written = sent + refused + damaged + dropped + waiting``, and ``dropped`` is 0.

    Attributes:
        written: Records that were kept.
        sent: Records that the server has taken, each once however often it was sent.
        waiting: Records that are still to be sent.
        refused: Records that the server will never take; `refused()` says why.
        torn: Records that were half written when their program ended; nobody was told they were kept.
        damaged: Records that the disk gave back altered.
        dropped: Records that are missing.
    """

    written: int = 0
    sent: int = 0
    waiting: int = 0
    refused: int = 0
    torn: int = 0
    damaged: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Waiting:
    """A record that waits to be sent.

    Attributes:
        where: Its file.
        end: Where it ends in that file.
        number: Its place in the file.
        written_us: When it was written.
        body: The write, as JSON.
        plain: The same, read.
        outcome: None while it waits; then whether it was ``sent``, ``refused`` or ``damaged``.
        not_before: The earliest moment to send it, in seconds of the sender's clock.
        tries: How often the server said that something else has to come first.
        setbacks: How often the server could not take it just then.
    """

    where: str
    end: int
    number: int
    written_us: int
    body: bytes
    plain: dict[str, Any]  # JSON
    outcome: str | None = None
    not_before: float = 0.0
    tries: int = 0
    setbacks: int = 0

    @property
    def case(self) -> tuple[str, str]:
        """The case it belongs to; those of one case are sent in order."""
        return str(self.plain.get("decision")), str(self.plain.get("case"))


@dataclass(slots=True)
class _File:
    """One file of the spool, as far as it was read.

    Attributes:
        name: Its name.
        cursor: How far it was answered.
        read_to: How far it was read.
        number: The number of the last record that was read.
        queue: What was read and not yet passed by the cursor.
        at_end: Whether there was nothing more to read.
        over: Whether its writer will write no more, and all of it was read.
        held: An empty file is kept under a lock until it is removed, as its writer may be about
            to take it.
    """

    name: str
    cursor: Cursor
    read_to: int
    number: int
    queue: list[Waiting] = field(default_factory=list)
    at_end: bool = False
    over: bool = False
    held: int = -1


class SpoolReader:
    """The reading end; whoever holds it holds the spool's lock."""

    def __init__(self, folder: Path, lock: int) -> None:
        """Take over a spool; ``reader_of`` makes one."""
        self.folder = folder
        self._inside = folder / SEGMENTS
        self._lock = lock
        self._files: dict[str, _File] = {}

    def close(self) -> None:
        """Let somebody else send."""
        for file in self._files.values():
            if file.held >= 0:
                os.close(file.held)
        self._files.clear()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def look(self, now_us: int, most: int) -> list[Waiting]:
        """Everything that waits and is known, in the order in which it was written.

        What was written after the look began is left for the next: an elder record in another
        file could otherwise have been missed. The order of one file is kept in any case.

        Args:
            now_us: The moment, in microseconds since 1970.
            most: When no more is read.
        """
        names = sorted(e.name for e in os.scandir(self._inside) if e.name.endswith(SEGMENT))
        finished = _totals(self.folder)[1]
        for name in names:
            if name in finished:
                self._remove(name)
            elif name not in self._files:
                cursor = read_cursor(self._inside / name)
                self._files[name] = _File(name, cursor, cursor.offset, cursor.number)
        known = sum(len(f.queue) for f in self._files.values())
        for file in self._files.values():
            if not file.over and (known < most or not file.queue):
                known += self._read(file)
        return list(_merged(list(self._files.values()), now_us))

    def settle(self) -> None:
        """Move the cursors past what was answered, and clear away files that are done with."""
        for file in list(self._files.values()):
            cursor, done = file.cursor, 0
            for one in file.queue:
                if one.outcome is None:
                    break
                cursor = _past(cursor, one)
                done += 1
            if done:
                _write_whole(_cursor_path(self._inside / file.name), asdict(cursor))
                del file.queue[:done]
                file.cursor = cursor
            if file.over and not file.queue:
                self._finish(file)

    def refuse(self, one: Waiting, problem: object) -> None:
        """Put a record that will never be taken where a person finds it, with the reason."""
        line = json.dumps({"write": one.plain or one.body.hex(), "problem": problem}) + "\n"
        handle = os.open(self.folder / REFUSED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            content = line.encode()
            while content:
                content = content[os.write(handle, content) :]
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read(self, file: _File) -> int:
        path = self._inside / file.name
        file.at_end = False
        # Whether its writer lives is asked before reading: what is read after it died is all of it.
        handle = os.open(path, os.O_RDONLY)
        try:
            ended = _is_left(handle)
            content = os.pread(handle, READ_AT_ONCE, file.read_to)
            while content and b"\n" not in content:
                more = os.pread(handle, READ_AT_ONCE, file.read_to + len(content))
                if not more:
                    break
                content += more
            size = os.fstat(handle).st_size
            if ended and size == 0:
                file.held, handle = handle, -1
        finally:
            if handle >= 0:
                os.close(handle)
        lines = content.split(b"\n")
        rest, found = lines.pop(), 0
        for line in lines:
            file.read_to += len(line) + 1
            file.queue.append(self._one(file, line))
            found += 1
            if found % MANNERS == 0:
                # Lets the interpreter go, which a thread otherwise keeps for five milliseconds.
                time.sleep(0)
        file.at_end = file.read_to + len(rest) >= size
        if ended and file.at_end:
            file.over = True
            if rest:
                file.cursor = replace(file.cursor, torn=1)
        return found

    def _one(self, file: _File, line: bytes) -> Waiting:
        frame = unframed(line)
        plain = None if frame is None else _object(frame.body)
        if frame is None or plain is None:
            found = Waiting(file.name, file.read_to, file.number, 0, line, {})
            self.refuse(found, {"code": "spool-damaged", "detail": "The line cannot be read."})
            found.outcome = "damaged"
            return found
        file.number = frame.number
        return Waiting(file.name, file.read_to, frame.number, frame.written_us, frame.body, plain)

    def _finish(self, file: _File) -> None:
        """Add a file's counts to the totals, then remove it; a crash in between adds them once."""
        totals, finished = _totals(self.folder)
        here = {e.name for e in os.scandir(self._inside)}
        kept = [name for name in finished if name in here]
        _write_whole(
            self.folder / TOTALS,
            {**asdict(_added(totals, file.cursor)), "finished": [*kept, file.name]},
        )
        self._remove(file.name)

    def _remove(self, name: str) -> None:
        for path in (self._inside / name, _cursor_path(self._inside / name)):
            path.unlink(missing_ok=True)
        file = self._files.pop(name, None)
        if file is not None and file.held >= 0:
            os.close(file.held)


def reader_of(folder: Path) -> SpoolReader | None:
    """The reading end of a spool; None while somebody else holds it."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return SpoolReader(folder, handle)


def counts_of(folder: Path) -> Counts:
    """What became of everything, as the files say now."""
    for _ in range(20):
        before = _totals(folder)
        counted = _counted(folder, before)
        # A file that was cleared away meanwhile would be counted twice, or not at all.
        if counted is not None and _totals(folder) == before:
            return counted
    raise TimeoutError(f"{folder} changes faster than it can be counted")


def refused_in(folder: Path) -> list[dict[str, Any]]:  # JSON
    """What the server will never take, each with its problem, once."""
    found: dict[str, dict[str, Any]] = {}
    with suppress(FileNotFoundError):
        for line in (folder / REFUSED).read_bytes().splitlines():
            plain = _object(line)
            if plain is not None:
                write = plain.get("write")
                key = str(write.get("id")) if isinstance(write, dict) else str(write)
                found[key] = plain
    return list(found.values())


def read_cursor(segment: Path) -> Cursor:
    """How far a file was answered; from its beginning where nothing says."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        return Cursor(**json.loads(_cursor_path(segment).read_bytes()))
    return Cursor()


def _counted(folder: Path, totals: tuple[Counts, tuple[str, ...]]) -> Counts | None:
    found, finished = totals
    for entry in sorted(os.scandir(folder / SEGMENTS), key=lambda e: e.name):
        if not entry.name.endswith(SEGMENT) or entry.name in finished:
            continue
        path = folder / SEGMENTS / entry.name
        cursor = read_cursor(path)
        try:
            with path.open("rb") as content:
                content.seek(cursor.offset)
                rest = content.read()
        except FileNotFoundError:
            return None
        if read_cursor(path) != cursor:
            return None
        now, waiting = cursor, 0
        for line in rest.split(b"\n")[:-1]:
            frame = unframed(line)
            now = now.past(None if frame is None else frame.number)
            waiting += frame is not None
        found = _added(found, now, waiting)
    return found


def _added(to: Counts, cursor: Cursor, waiting: int = 0) -> Counts:
    damaged = cursor.damaged + cursor.bent
    done = cursor.sent + cursor.refused + damaged + cursor.dropped
    return Counts(
        written=to.written + done + waiting,
        sent=to.sent + cursor.sent,
        waiting=to.waiting + waiting,
        refused=to.refused + cursor.refused,
        torn=to.torn + cursor.torn,
        damaged=to.damaged + damaged,
        dropped=to.dropped + cursor.dropped,
    )


def _past(cursor: Cursor, one: Waiting) -> Cursor:
    return replace(
        cursor.past(None if one.outcome == "damaged" else one.number),
        offset=one.end,
        sent=cursor.sent + (one.outcome == "sent"),
        refused=cursor.refused + (one.outcome == "refused"),
    )


def _merged(files: list[_File], now_us: int) -> Iterator[Waiting]:
    """Records of all files, the earliest first; one file never overtakes itself."""
    heads = [(f.queue[0].written_us, i, 0) for i, f in enumerate(files) if f.queue]
    heapify(heads)
    while heads:
        written, i, place = heads[0]
        if len(files) > 1 and 0 <= written - now_us < JUST_NOW_US:
            # The earliest of all is too young, so are the others.
            return
        queue = files[i].queue
        one = queue[place]
        if one.outcome is None:
            yield one
        if place + 1 < len(queue):
            heapreplace(heads, (queue[place + 1].written_us, i, place + 1))
        elif files[i].at_end or files[i].over:
            heappop(heads)
        else:
            # What follows in this file was not read yet, and may be older than the rest.
            return


def _totals(folder: Path) -> tuple[Counts, tuple[str, ...]]:
    # Cut short by a power cut, it is begun anew: what is not known to be finished is sent again.
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        plain = json.loads((folder / TOTALS).read_bytes())
        finished = tuple(plain.pop("finished"))
        return Counts(**plain), finished
    return Counts(), ()


def _cursor_path(segment: Path) -> Path:
    return segment.with_suffix(CURSOR)


def _write_whole(path: Path, plain: object) -> None:
    """A reader, or a crash, sees the old text or the new one."""
    new = path.with_suffix(path.suffix + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, json.dumps(plain).encode())
    finally:
        os.close(handle)
    os.replace(new, path)


def _is_left(handle: int) -> bool:
    """Whether no writer holds a file any more."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        plain = json.loads(content)
    except ValueError:
        return None
    return plain if isinstance(plain, dict) else None
