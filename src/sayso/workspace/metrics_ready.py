"""Whether a write would reach the disk now: the only proof is a write that does."""

from __future__ import annotations

import logging
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from sayso.domain.errors import SaysoError
from sayso.workspace.logging_lines import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.record.ports import Store

# Anybody may ask, so asking often must cost nothing.
GOOD_FOR = 1.0
# A disk that has not answered for so long does not take writes, whatever it did before.
PATIENCE = 3.0
MARK = "ready"


class Readiness:
    """Tries the record, and remembers for a moment what it found."""

    def __init__(
        self, store: Callable[[], Store], *, seconds: Callable[[], float] = monotonic
    ) -> None:
        """Begin without having looked.

        Args:
            store: Gives the store, or raises where it cannot be opened.
            seconds: Seconds that only grow.
        """
        self._store, self._seconds = store, seconds
        self._looking = Lock()
        self._began = 0.0
        self._last: tuple[float, bool] | None = None

    def is_ready(self) -> bool:
        """Whether the record takes writes.

        While one look is under way others are told what the last one found: a disk that hangs does
        not take every thread of the server with it.
        """
        last = self._last
        if last is not None and self._seconds() - last[0] < GOOD_FOR:
            return last[1]
        if not self._looking.acquire(blocking=False):
            patient = self._seconds() - self._began < PATIENCE
            return patient and last is not None and last[1]
        self._began = self._seconds()
        try:
            found = self._look()
            if last is None or found != last[1]:
                level = logging.INFO if found else logging.ERROR
                said("ready", level, "Writes are taken." if found else "No write is taken.")
            self._last = self._seconds(), found
            return found
        finally:
            self._looking.release()

    def _look(self) -> bool:
        try:
            store = self._store()
            if store.head().frozen:
                return False
            store.set_meta(MARK, "yes")
        except SaysoError as error:
            said("ready", logging.WARNING, "The record was tried.", {"code": error.code})
            return False
        return True
