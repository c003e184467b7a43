"""Segments are sealed beside a server, once a minute and when it stops."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from sayso.domain.errors import SaysoError
from sayso.workspace.logging_lines import said
from sayso.workspace.segments import seal_segments

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sayso.workspace.record import Record

MINUTE = 60.0
# A server that stops waits so long for a sealing that is under way; it is then done again later.
PATIENCE = 5.0
_PART, _SAID = "segments", "The case table was not sealed."


@contextmanager
def segments_kept(record: Callable[[], Record | None], *, every: float = MINUTE) -> Generator[None]:
    """Seal what is due now and then, for as long as the block lasts, and once at its end.

    Args:
        record: The open record; None while there is none.
        every: Seconds in between.
    """
    over = Event()

    def live() -> None:
        last = False
        while not last:
            last = over.wait(every)
            _seal(record)

    thread = Thread(target=live, name="sayso-segments", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE)


def _seal(record: Callable[[], Record | None]) -> None:
    """Seal once; what cannot be sealed now is sealed the next time, and the record is unharmed."""
    try:
        found = record()
        if found is not None:
            seal_segments(found)
    except SaysoError as error:
        said(_PART, logging.WARNING, _SAID, {"code": error.code})
    except Exception as error:  # noqa: BLE001 - the record goes on, whatever becomes of its copy
        said(_PART, logging.WARNING, _SAID, {"code": type(error).__name__})
