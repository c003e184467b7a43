"""Programs that record and are made to end; each runs in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Literal

import sayso
from sayso.sdk.spool import Spool

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.sdk.programs"])
PER_CASE = 5


def program(work: Callable[..., None], *arguments: object) -> multiprocessing.Process:
    """A process that runs a function of this module."""
    made = _context.Process(target=work, args=arguments, daemon=True)
    made.start()
    return made  # pyright: ignore[reportReturnType]


def pipe() -> tuple[Connection, Connection]:
    """Two ends of a pipe: the one to read from, the one to write to."""
    return _context.Pipe(duplex=False)


def record_for_ever(
    url: str,
    spool: str,
    start: int,
    out: Connection,
    sync: Literal["write", "fsync"],
    most: int,
    buffered: bool,
) -> None:
    """Record, telling the number of each write once it was kept; every fifth opens a case.

    Args:
        url: The server.
        spool: The folder of the spool.
        start: The first number.
        out: Where numbers are told.
        sync: How the spool is written.
        most: How many are recorded before waiting for the end.
        buffered: A seeded bug: writes are gathered in memory first, as by a buffered file.
    """
    if buffered:
        _buffer()
    client = sayso.connect(url, spool=spool, sync=sync)
    case = None
    for number in range(start, start + most):
        if case is None or number % PER_CASE == 0:
            case = client.case("claims-triage", id=f"c-{number // PER_CASE}", version=2)
            case.open()
        else:
            case.signal(f"n-{number}")
        out.send(number)
    signal.pause()


def _buffer() -> None:
    append = Spool.append
    gathered: list[bytes] = []

    def later(spool: Spool, body: bytes) -> None:
        gathered.append(body)
        if len(gathered) == 50:
            for one in gathered:
                append(spool, one)
            gathered.clear()

    Spool.append = later  # pyright: ignore[reportAttributeAccessIssue]


def record_some(url: str, spool: str, name: str, count: int) -> None:
    """Record some cases and end as a program does that says nothing of the end."""
    client = sayso.connect(url, spool=spool)
    for number in range(count):
        with client.case("claims-triage", id=f"{name}-{number}", version=2) as case:
            case.choose("desk")


def fork_and_record(url: str, spool: str, out: Connection) -> None:
    """Record, fork, and record in the child and in the parent."""
    client = sayso.connect(url, spool=spool)
    client.case("claims-triage", id="before", version=2).choose("desk")
    client.flush()
    child = os.fork()
    name = "child" if child == 0 else "parent"
    client.case("claims-triage", id=name, version=2).choose("desk")
    sent = client.flush(20)
    if child == 0:
        os._exit(0 if sent else 1)
    _, status = os.waitpid(child, 0)
    out.send((sent, os.waitstatus_to_exitcode(status)))
    client.close()


__all__ = ["fork_and_record", "pipe", "program", "record_for_ever", "record_some"]
