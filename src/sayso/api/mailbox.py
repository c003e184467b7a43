"""Answers of the record, brought from its own thread to the one that serves.

One answer arrives for every write that waits, and they come in groups, as they were committed. The
loop is woken once for a group, not once for each.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future


class Mailbox:
    """Brings answers to whoever waits for them on a loop."""

    def __init__(self) -> None:
        self._come: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._lock = Lock()
        self._woken = False

    async def answer(self, coming: Future[Any]) -> Any:  # whatever the future brings
        """Wait for an answer.

        Whoever waits may give up, as when a client goes away; the write goes on all the same, since
        nothing is handed back from here to the record.
        """
        loop = asyncio.get_running_loop()
        here: asyncio.Future[Any] = loop.create_future()
        coming.add_done_callback(lambda done: self._arrived(loop, here, done))
        return await here

    def _arrived(
        self, loop: asyncio.AbstractEventLoop, here: asyncio.Future[Any], done: Future[Any]
    ) -> None:
        with self._lock:
            self._come.append((here, done))
            wake, self._woken = not self._woken, True
        if wake:
            # A loop that has ended has nobody waiting.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        with self._lock:
            group = list(self._come)
            self._come.clear()
            self._woken = False
        for here, done in group:
            if here.done():
                continue
            error = done.exception()
            if error is None:
                here.set_result(done.result())
            else:
                here.set_exception(error)
