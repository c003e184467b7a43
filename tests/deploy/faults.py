"""What is done to a server while programs write to it, and what was left afterwards."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import httpx

from sayso.domain.errors import RecordRefused
from sayso.record.commands import Choose, OpenCase
from sayso.testing.stores import whole
from sayso.workspace.hooks import progress_of
from tests.deploy.servers import Load, Run, on_record, opening, serving
from tests.hooks.receivers import hook_to, receiving
from tests.record.workspaces import NOW, Hand, does, opened, workspace

if TYPE_CHECKING:
    from tests.record.test_faults_postgres import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What was left after faults.

    Attributes:
        times: How often the fault was tried.
        answered: Commands that were answered.
        lost: Answered commands that are not on record.
        twice: Commands that are on record twice.
        strange: Answers other than success and 503.
        noticed: How often ``/readyz`` said so while it lasted.
    """

    times: int
    answered: int
    lost: int
    twice: int
    strange: int
    noticed: int


def is_ready(run: Run) -> bool:
    """What the server says of itself."""
    try:
        return httpx.get(f"{run.address}/readyz", timeout=10, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def wait_until(run: Run, ready: bool, seconds: float = 30) -> bool:
    """Wait until the server says that it is ready, or that it is not; False where it never does."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if is_ready(run) is ready:
            return True
        pause.wait(0.1)
    return False


def left(folder: Path, load: Load, database: str | None, *, times: int, noticed: int) -> Left:
    """Hold the record against what was answered."""
    kept = on_record(folder, database)
    return Left(
        times=times,
        answered=len(load.answered),
        lost=len(load.answered - set(kept)),
        twice=len(kept) - len(set(kept)),
        strange=sum(status != 503 for status in load.refused),
        noticed=noticed,
    )


def postgres_killed(folder: Path, server: Server, times: int, seeded: str = "") -> Left:
    """Kill PostgreSQL under a server that is written to, and start it again; the server stays."""
    noticed = 0
    workspace(folder)
    with serving(folder, seeded=seeded, variables={"SAYSO_DATABASE": server.url}) as run:
        load = Load(run.address).start(4, again=True)
        for _ in range(times):
            load.wait_for(40)
            server.kill()
            noticed += wait_until(run, ready=False)
            server.start()
            assert wait_until(run, ready=True), "".join(run.errors[-3:])
        load.wait_for(20)
        load.end()
        assert run.stop() == 0
    return left(folder, load, server.url, times=times, noticed=noticed)


def disk_full(folder: Path, times: int, seeded: str = "") -> Left:
    """Let the server's files grow no further, and then again; reading goes on meanwhile."""
    noticed = 0
    workspace(folder)
    with serving(folder, seeded=seeded) as run:
        first = httpx.post(f"{run.address}/v1/cases", json=opening("the-first"), trust_env=False)
        assert first.status_code == 201
        load = Load(run.address).start(2, again=True)
        hard = resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE)[1]
        for _ in range(times):
            load.wait_for(20)
            # Where the write-ahead log begins anew, there is room for a few more.
            limit = (65_536, hard)
            resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, limit)
            noticed += wait_until(run, ready=False, seconds=8)
            asked = f"{run.address}/v1/case?decision=first-visit-part&case=the-first"
            assert httpx.get(asked, timeout=20, trust_env=False).status_code == 200
            resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
            assert wait_until(run, ready=True), "".join(run.errors[-3:])
        load.wait_for(20)
        load.end()
        assert run.stop() == 0
    return left(folder, load, None, times=times, noticed=noticed)


def server_killed(folder: Path, times: int) -> tuple[Left, set[str]]:
    """Kill a server that is written to and delivers; what is on record, and what no receiver got."""
    workspace(folder)
    answered: set[str] = set()
    with receiving() as receiver:
        hook = hook_to(folder, receiver.url, kinds=["case.opened"])
        load = Load("")
        for _ in range(times):
            with serving(folder) as run:
                load = Load(run.address).start(3)
                load.wait_for(30)
                run.stop(signal.SIGKILL)
                load.end()
                answered |= load.answered
        load.answered = answered
        found = left(folder, load, None, times=times, noticed=0)
        with opened(folder) as record:
            size = record.store.head().size
        with serving(folder) as run:
            pause = threading.Event()
            for _ in range(600):
                with suppress(KeyError):
                    if progress_of(folder, hook.id).next >= size:
                        break
                pause.wait(0.05)
            assert run.stop() == 0
        return found, answered - set(receiver.ids)


class Stepped(Hand):
    """A clock that jumps: to hours, days and years from where it was, and back."""

    def __init__(self, steps: list[timedelta]) -> None:
        super().__init__()
        self.steps = steps

    def now(self) -> datetime:
        """The moment, after the next jump."""
        if self.steps:
            self.at = NOW + self.steps.pop()
        return super().now()


def clock_steps(folder: Path, times: int, check: Callable[[list[datetime]], bool]) -> bool:
    """Write under a clock that jumps; whether the moments on record pass a check."""
    draws = Random(times)
    hours = [0, 1, -1, 24, -24, 24 * 365 * 10, -24 * 365 * 10, 1 / 3600, -1 / 3600]
    workspace(folder)
    with opened(folder) as record:
        does(record, "visit-0", OpenCase())
    clock = Stepped([timedelta(hours=draws.choice(hours)) for _ in range(times)])
    with opened(folder, clock=clock) as record:
        number = 0
        while clock.steps:
            number += 1
            # Under a clock that is behind its own, a command is refused by name.
            with suppress(RecordRefused):
                does(record, f"visit-{number}", OpenCase(), Choose(answer="bring"))
        size = whole(record.store)
        return check([r.recorded_at for r in record.store.events(0, size)])
