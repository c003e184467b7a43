"""Programs that write to a record and are made to fail; each runs in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from sayso.adapters.store_sqlite import open_sqlite
from sayso.domain.errors import RecordUnsure, RecordUnwritable
from sayso.record.ports import Written
from sayso.testing.stores import Plain, SetClock, whole, write_of

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.record.faults"])


def child(work: Callable[..., None], *arguments: object) -> multiprocessing.Process:
    """A process that runs a function of this module."""
    made = _context.Process(target=work, args=arguments, daemon=True)
    made.start()
    return made  # pyright: ignore[reportReturnType]


def pipe() -> tuple[Connection, Connection]:
    """Two ends of a pipe: the one to read from, the one to write to."""
    return _context.Pipe(duplex=False)


def write_for_ever(path: str, start: int, out: Connection, group: int, early: bool) -> None:
    """Append without end, telling the number of each write that was answered.

    Args:
        path: The record's file.
        start: The first number.
        out: Where numbers are told.
        group: Writes in one transaction.
        early: A seeded bug: tell before the write is answered, and never get so far.
    """
    store = open_sqlite(Path(path), SetClock(), Plain())
    number = start
    while True:
        if early:
            out.send(number)
            signal.pause()
        writes = [write_of(n, case=f"visit-{n % 7}") for n in range(number, number + group)]
        answers = store.append_all(writes)
        assert all(isinstance(answer, Written) for answer in answers)
        number += group
        out.send(number - 1)


def fill_the_disk(path: str, out: Connection, room: int) -> None:
    """Write until no more fits, read, then get room again and write on; tell what happened."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_sqlite(Path(path), SetClock(), Plain())
    for number in range(5):
        store.append(write_of(number))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    largest = max(f.stat().st_size for f in Path(path).parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, hard))
    acknowledged, refused = list(range(5)), 0
    for number in range(5, 400):
        try:
            store.append(write_of(number, case="x" * 150))
            acknowledged.append(number)
        except (RecordUnwritable, RecordUnsure):
            refused += 1
            if refused == 5:
                break
    readable = len(store.events(0, 1000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    for number in range(1000, 1005):
        store.append(write_of(number))
        acknowledged.append(number)
    size = whole(store)
    ids = {write_of(n).id for n in acknowledged}
    kept = {row.filed.id for row in store.kept(0, size) if row.filed is not None}
    store.close()
    out.send((len(acknowledged), refused, readable, len(ids - kept), size))


def append_some(path: str, count: int) -> None:
    """Append one after the other, saying a line for each that was answered."""
    store = open_sqlite(Path(path), SetClock(), Plain())
    for number in range(count):
        store.append(write_of(number))
        os.write(1, b"acknowledged\n")
    store.close()


def broken_commits(store: object, *, after: bool) -> Callable[[], None]:
    """Make the next commit of a store fail, before or after it is done; returns the cure."""
    dialect = store._writer.dialect  # pyright: ignore[reportAttributeAccessIssue]
    commit = dialect.do_commit
    left = [1]

    def do_commit(connection: object) -> None:
        if left and left.pop():
            if after:
                commit(connection)
            raise sqlite3.OperationalError("disk I/O error")
        commit(connection)

    dialect.do_commit = do_commit

    def cure() -> None:
        dialect.do_commit = commit

    return cure


if __name__ == "__main__":
    append_some(sys.argv[1], int(sys.argv[2]))

__all__ = ["append_some", "broken_commits", "child", "fill_the_disk", "pipe", "write_for_ever"]
