"""Telling hooks of what is recorded: in the order of the record, at least once, whatever happens.

Each hook goes along the places of the record by itself, so that a receiver that is slow or away holds
up no other. A place is left behind only when its event has arrived, or was put with the dead letters;
where the server ends in between, the same event is sent again, with the same id.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sayso.domain.errors import SaysoError
from sayso.domain.errors_hooks import HookRefused
from sayso.record.moments import instant_text
from sayso.record.sight import Reader
from sayso.workspace.hooks import (
    FILE,
    MOST_DEAD,
    STATES,
    DeadLetter,
    change_progress,
    list_hooks,
    progress_of,
)
from sayso.workspace.hooks_message import message_of
from sayso.workspace.hooks_post import ARRIVED, Postman
from sayso.workspace.logging_lines import said
from sayso.workspace.pseudonyms import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from sayso.record.events import Recorded
    from sayso.record.ports import Clock
    from sayso.workspace.hooks import Hook, Progress
    from sayso.workspace.record import Record

T = TypeVar("T")
PAGE = 100
LOOK = 1.0
# Seconds between tries; about seven hours in all.
WAITS = (5.0, 30.0, 120.0, 600.0, 3600.0, 7200.0, 14400.0)
LOCK = ".delivering"


class Courier:
    """Takes events of one record to its hooks."""

    def __init__(
        self,
        folder: Path,
        record: Callable[[], Record | None],
        clock: Clock,
        *,
        postman: Postman | None = None,
        waits: Sequence[float] = WAITS,
        look: float = LOOK,
    ) -> None:
        """Prepare.

        Args:
            folder: The workspace.
            record: Gives the open record; None where there is none yet.
            clock: The clock.
            postman: Sends messages.
            waits: Seconds between the tries of one message.
            look: Seconds between looks for something new.
        """
        self._folder, self._record, self._clock = folder, record, clock
        self._postman, self._waits, self._look = postman or Postman(), tuple(waits), look
        self._reads = ThreadPoolExecutor(2, "sayso-hooks-read")

    async def run(self, over: asyncio.Event) -> None:
        """Take events to every hook, also to those that are added meanwhile, until it is over."""
        tasks: dict[str, asyncio.Task[None]] = {}
        stamp: object = None
        try:
            while not over.is_set():
                newest = self._stamp()
                if newest != stamp:
                    with suppress(SaysoError):
                        self._begin(tasks, list_hooks(self._folder))
                        stamp = newest
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), self._look)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            # Whoever closes the record finds nobody reading it. A name that is being looked up is
            # not waited for.
            self._reads.shutdown(wait=True)

    async def step(self, hook: Hook) -> float:
        """Take one hook as far as it goes without waiting.

        Returns:
            Seconds until the next step.

        Raises:
            HookRefused: If the hook is not there any more.
            SaysoError: If the record, or the hook's file, cannot be read or written now.
        """
        progress = progress_of(self._folder, hook.id)
        record = await self._aside(self._record)
        if record is None:
            return self._look
        if progress.again:
            await self._send_again(hook, record, progress.again[0])
            return 0.0
        if len(progress.dead) >= MOST_DEAD:
            return self._look
        page, after = await self._aside(record.events, progress.next, PAGE, Reader.PARTY)
        if after == progress.next:
            return self._look
        for recorded in page:
            if recorded.index < progress.next or not hook.wants(recorded):
                continue
            why = await self._sent(hook, recorded)
            if why != ARRIVED and progress.tries < len(self._waits):
                self._keep(hook, tries=progress.tries + 1, why=why, at=recorded.index)
                return self._waits[progress.tries]
            progress = self._pass_by(hook, recorded, why)
            if len(progress.dead) >= MOST_DEAD:
                return self._look
        self._keep(hook, at=after)
        return 0.0

    def _begin(self, tasks: dict[str, asyncio.Task[None]], hooks: Sequence[Hook]) -> None:
        there = {hook.id: hook for hook in hooks}
        for name in set(tasks) - set(there):
            tasks.pop(name).cancel()
        for name, hook in there.items():
            if name not in tasks:
                tasks[name] = asyncio.create_task(self._go_along(hook))

    async def _go_along(self, hook: Hook) -> None:
        while True:
            try:
                wait = await self.step(hook)
            except HookRefused:
                return
            except SaysoError as error:
                fields = {"hook": hook.id, "code": error.code}
                said("hooks", logging.WARNING, "A hook waits for the record.", fields)
                wait = max(self._look, 1.0)
            except Exception:
                # One hook's defect is its own; it is tried again, and the others go on.
                logging.getLogger("sayso.hooks").exception(
                    "A hook failed.", extra={"hook": hook.id}
                )
                wait = 60.0
            await asyncio.sleep(wait)

    async def _send_again(self, hook: Hook, record: Record, place: int) -> None:
        found, _ = await self._aside(record.events, place, 1, Reader.PARTY)
        why = await self._sent(hook, found[0]) if found else "not-there"
        at = instant_text(self._clock.now())

        def change(progress: Progress) -> Progress:
            again = tuple(one for one in progress.again if one != place)
            dead = tuple(
                replace(letter, why=why, at=at) if letter.index == place else letter
                for letter in progress.dead
                if letter.index != place or why != ARRIVED
            )
            return replace(progress, again=again, dead=dead)

        self._change(hook, change)

    async def _sent(self, hook: Hook, recorded: Recorded) -> str:
        why = await self._postman.post(hook, message_of(hook, recorded, self._clock.now()))
        if why != ARRIVED:
            fields = {"hook": hook.id, "why": why}
            said("hooks", logging.WARNING, "A receiver did not take an event.", fields)
        return why

    def _pass_by(self, hook: Hook, recorded: Recorded, why: str) -> Progress:
        """Leave an event behind: it has arrived, or has been tried often enough."""
        letter = DeadLetter(index=recorded.index, why=why, at=instant_text(self._clock.now()))
        if why != ARRIVED:
            said("hooks", logging.ERROR, "An event was given up.", {"hook": hook.id, "why": why})
        return self._change(
            hook,
            lambda p: replace(
                p,
                next=recorded.index + 1,
                tries=0,
                why="",
                dead=p.dead if why == ARRIVED else (*p.dead, letter),
            ),
        )

    def _keep(self, hook: Hook, *, at: int, tries: int = 0, why: str = "") -> None:
        self._change(hook, lambda p: replace(p, next=at, tries=tries, why=why))

    def _change(self, hook: Hook, change: Callable[[Progress], Progress]) -> Progress:
        return change_progress(self._folder, hook.id, change, self._clock.now().date())

    async def _aside(self, work: Callable[..., T], *arguments: object) -> T:
        """Do what waits for the disk off the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._reads, work, *arguments)

    def _stamp(self) -> object:
        with suppress(OSError):
            about = os.stat(self._folder / FOLDER / FILE)
            return about.st_ino, about.st_ctime_ns, about.st_size
        return None


@contextmanager
def delivering(folder: Path, record: Callable[[], Record | None], clock: Clock) -> Generator[None]:
    """Deliver from a thread of its own until the end of the block.

    Of several servers on one workspace, one delivers; should it end, another takes over.

    Args:
        folder: The workspace.
        record: Gives the open record; None where there is none yet.
        clock: The clock.
    """
    over, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def live() -> None:
        try:
            with _alone(folder, over) as mine:
                if mine:
                    loop.run_until_complete(Courier(folder, record, clock).run(ended))
        finally:
            loop.close()

    thread = threading.Thread(target=live, name="sayso-hooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ended.set)
        thread.join()


@contextmanager
def _alone(folder: Path, over: threading.Event) -> Generator[bool]:
    """Wait until nobody else delivers; False where it was over before."""
    handle: int | None = None
    try:
        while handle is None and not over.is_set():
            handle = _taken(folder)
            if handle is None:
                over.wait(LOOK)
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def _taken(folder: Path) -> int | None:
    """The lock of whoever delivers; None where there is no hook yet, or somebody else has it."""
    try:
        handle = os.open(folder / FOLDER / STATES / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
