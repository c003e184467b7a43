"""The thread that sends the spool while the program does something else."""

from __future__ import annotations

import os
import random
import threading
import time
from typing import TYPE_CHECKING

from sayso.sdk.delivery import NOTHING_TO_DO, Delivery
from sayso.sdk.waiting import reader_of

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.sdk.server import Server
    from sayso.sdk.waiting import SpoolReader

# How often the thread looks for something new; what is written meanwhile goes in one batch.
GATHER = 0.03


class Sender:
    """Sends one spool from a thread of its own; one process of all that share a spool does."""

    def __init__(self, folder: Path, server: Server) -> None:
        """Prepare; ``start`` begins."""
        self._folder, self._server = folder, server
        self._new = False
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._reader: SpoolReader | None = None
        self.trouble = ""

    def start(self) -> None:
        """Begin, where it has not begun in this process."""
        with self._starting:
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._run, name="sayso-sender", daemon=True)
                self._thread.start()

    def nudge(self) -> None:
        """Say that there is something new.

        A flag that the thread looks at: waking it would cost the caller more than the record does.
        """
        if self._thread is None:
            self.start()
        self._new = True

    def stop(self) -> None:
        """End after the batch that is under way."""
        self._over.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def after_fork(self) -> None:
        """In a child: the thread stayed with the parent, and so did the lock."""
        self._new, self._over = False, threading.Event()
        self._starting = threading.Lock()
        self._thread, self.trouble = None, ""
        # Else the child would hold the lock after the end of its parent, and nobody would send.
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _run(self) -> None:
        delivery = None
        try:
            while not self._over.is_set():
                if self._reader is None:
                    self._reader = reader_of(self._folder)
                if self._reader is None:
                    # Another process sends; should it end, this one takes over.
                    self._over.wait(NOTHING_TO_DO)
                    continue
                if delivery is None:
                    delivery = Delivery(self._reader, self._server, random.random)
                self._new = False
                self._pause(self._round(delivery))
        finally:
            if self._reader is not None:
                self._reader.close()

    def _round(self, delivery: Delivery) -> float:
        try:
            seconds = delivery.step(time.monotonic(), time.time_ns() // 1000)
        except OSError as error:
            # The disk of the spool is full or away; what waits is still there.
            self.trouble = f"{type(error).__name__}: {os.strerror(error.errno or 0)}"
            return NOTHING_TO_DO
        except Exception as error:  # noqa: BLE001 - a thread that ends unseen would send nothing more
            self.trouble = f"{type(error).__name__}: {error}"
            return NOTHING_TO_DO
        self.trouble = delivery.trouble
        return seconds

    def _pause(self, seconds: float) -> None:
        while seconds > 0 and not self._over.is_set():
            if self._new and not self.trouble:
                seconds = min(seconds, GATHER)
            self._over.wait(min(seconds, GATHER))
            seconds -= GATHER
