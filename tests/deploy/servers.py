"""A server of its own process, programs that load it, and mistakes that are put into it on purpose."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from sayso.record.ids import uuid7
from sayso.workspace.record_opening import open_record

ROOT = Path(__file__).parents[2]
SLUG = "first-visit-part"
_numbers = itertools.count(1)


def opening(case: str | None = None, **fields: Any) -> dict[str, Any]:
    """A case to open, as a program sends it."""
    now, number = datetime.now(UTC), next(_numbers)
    return {
        "id": uuid7(now, number.to_bytes(9, "big") + b"\2"),
        "decision": SLUG,
        "charter_version": 3,
        "case": case or f"visit-{number}",
        "at": now.isoformat().replace("+00:00", "Z"),
        **fields,
    }


@dataclass
class Run:
    """A server that runs.

    Attributes:
        process: Its process.
        address: Where it answers, without a slash at the end.
        errors: What it wrote to standard error so far.
        said: What it wrote to standard output so far.
    """

    process: subprocess.Popen[str]
    address: str
    errors: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])
    readers: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end; says the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        for reader in self.readers:
            reader.join(10)
        return code

    def lines(self) -> list[dict[str, Any]]:
        """The log so far; every line of it has to be JSON."""
        return [json.loads(line) for line in self.errors]


@contextmanager
def serving(
    folder: Path,
    *flags: str,
    seeded: str = "",
    variables: Mapping[str, str] | None = None,
) -> Iterator[Run]:
    """Serve a workspace until the end of the block.

    Args:
        folder: The workspace.
        flags: More flags of ``sayso serve``.
        seeded: Python that is run first, such as one that puts a mistake in.
        variables: More variables of the environment.
    """
    program = f"import sys\n{seeded}\nfrom sayso.cli.main import main\nmain()\n"
    words = ["serve", "--folder", str(folder), "--port", "0", *flags]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SAYSO_")}
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**clean, "PYTHONUNBUFFERED": "1", **(variables or {})},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    run = Run(process, "")

    def read(stream: Any, into: list[str]) -> None:
        into.extend(iter(stream.readline, ""))
        stream.close()

    run.readers = [threading.Thread(target=read, args=(process.stderr, run.errors))]
    run.readers[0].start()
    try:
        for line in iter(process.stdout.readline, ""):
            run.said.append(line)
            if "http://" in line:
                run.address = line.strip().rstrip("/")
            if "Ctrl-C" in line:
                break
        run.readers.append(threading.Thread(target=read, args=(process.stdout, run.said)))
        run.readers[1].start()
        assert run.address, "".join(run.errors)
        yield run
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        for reader in run.readers:
            reader.join(10)


@dataclass
class Load:
    """Programs that open cases until they are told to end.

    Attributes:
        answered: Ids that were answered with 201 or 200.
        refused: Statuses other than that.
        broken: How often a connection broke or was refused.
    """

    address: str
    answered: set[str] = field(default_factory=set[str])
    refused: list[int] = field(default_factory=list[int])
    broken: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: list[threading.Thread] = field(default_factory=list[threading.Thread])
    enough: threading.Event = field(default_factory=threading.Event)
    wanted: int = 0

    def start(self, programs: int, *, again: bool = False) -> Load:
        """Begin; with ``again``, what was not answered is sent again until it is."""
        for _ in range(programs):
            self.threads.append(threading.Thread(target=self._run, args=(again,)))
            self.threads[-1].start()
        return self

    def wait_for(self, many: int) -> None:
        """Wait until so many more were answered."""
        with self.lock:
            self.wanted = len(self.answered) + many
            self.enough.clear()
        assert self.enough.wait(60), f"{len(self.answered)} answered, {self.refused[-3:]}"

    def end(self) -> None:
        """Tell them to end, and wait."""
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _run(self, again: bool) -> None:
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as http:
            body = opening()
            while not self.over.is_set():
                status = self._once(http, body)
                if status in (200, 201) or not again:
                    body = opening()
                else:
                    self.over.wait(0.05)
                if status is None and not again:
                    return

    def _once(self, http: httpx.Client, body: dict[str, Any]) -> int | None:
        try:
            status = http.post("/v1/cases", json=body).status_code
        except httpx.TransportError:
            with self.lock:
                self.broken += 1
            return None
        with self.lock:
            if status in (200, 201):
                self.answered.add(body["id"])
                if len(self.answered) >= self.wanted:
                    self.enough.set()
            else:
                self.refused.append(status)
        return status


def on_record(folder: Path, database: str | None = None) -> list[str]:
    """Ids of everything on record, in its order; the record is whole."""
    from sayso.testing.stores import whole

    with open_record(folder, database=database) as record:
        size = whole(record.store)
        return [kept.filed.id for kept in record.store.kept(0, size) if kept.filed is not None]
