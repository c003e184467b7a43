"""Commands a second over HTTP: the record with all its rules beside a bare store.

    python -m benchmarks.http_record [--clients 64] [--seconds 6] [--out FILE]

As many clients as asked, each on a connection of its own, send one request after another: cases are
opened, their first view and advice recorded, and decided. The bare store gets the same bodies. Both
are processes of their own and take turns, three times each; the middle one counts. The clients share
this computer's processors with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from sayso.record.ids import uuid7
from sayso.workspace.tokens import make_token

GATE, GATE_MS = 0.4, 40.0
TURNS = 3
CHARTER = """\
decision: claims-triage
version: 1
question: Who looks at this claim?
options: [expert, desk]
owner: head-of-claims
rights: {decide: [adjusters]}
inputs: {amount: number, kind: category}
advice: {source: triage, mode: advise, ceiling: advise}
"""


@dataclass(frozen=True)
class Row:
    """One server under load.

    Attributes:
        name: Which.
        clients: Connections at a time.
        per_second: Commands acknowledged a second.
        median_ms: The middle wait for an answer.
        p99_ms: One in a hundred waited longer.
        ratio: Commands a second over those of the bare store; 1 for itself.
    """

    name: str
    clients: int
    per_second: float
    median_ms: float
    p99_ms: float
    ratio: float


def bodies(client: int) -> Iterator[tuple[str, dict[str, object]]]:
    """What a client sends, case after case, as path and body."""
    run, number = os.urandom(4).hex(), 0
    while True:
        frame = {
            "decision": "claims-triage",
            "charter_version": 1,
            "case": f"{run}-{client}-{number}",
        }
        for path, fields in (
            ("/v1/cases", {"inputs": {"amount": 120.0 + number % 900, "kind": "water"}}),
            ("/v1/advice", {"answer": "desk", "confidence": 0.7, "source": "triage@1"}),
            ("/v1/choices", {"answer": "desk" if number % 4 else "expert"}),
        ):
            at = datetime.now(UTC).isoformat()
            yield (
                path,
                {"id": uuid7(datetime.now(UTC), os.urandom(10)), "at": at, **frame, **fields},
            )
        number += 1


async def one_client(
    client: int, port: int, token: str, until: float, took: list[float], bare: bool
) -> None:
    """Send and wait, until the time is up; by hand, since a client of comfort costs more than us."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for path, plain in bodies(client):
        if time.perf_counter() >= until:
            break
        body = json.dumps(plain).encode()
        writer.write(
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()
            + body
        )
        started = time.perf_counter()
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        took.append(time.perf_counter() - started)
        if not head.startswith((b"HTTP/1.1 201", b"HTTP/1.1 200")):
            raise RuntimeError(f"{'bare' if bare else path}: {head[:40]!r} {answer[:400]!r}")
    writer.close()


async def load(clients: int, port: int, token: str, seconds: float, bare: bool) -> list[float]:
    """Everything that was waited for."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(one_client(c, port, token, until, took, bare) for c in range(clients)))
    return took


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def process(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A server, until the block ends."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (folder / "server.log").open("ab") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=env)
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 0.2).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


def measured(clients: int, seconds: float) -> list[Row]:
    """Both servers in turns."""
    found: dict[str, list[tuple[float, float, float]]] = {"bare store": [], "the record": []}
    with tempfile.TemporaryDirectory() as made:
        for turn in range(TURNS):
            for name, start in (("bare store", bare_store), ("the record", record)):
                folder = Path(made) / f"{name}-{turn}".replace(" ", "-")
                folder.mkdir()
                port = free_port()
                command, token = start(folder, port)
                with process(command, port, folder):
                    asyncio.run(load(clients, port, token, 1.0, name == "bare store"))
                    took = asyncio.run(load(clients, port, token, seconds, name == "bare store"))
                waits = [t * 1000 for t in took]
                found[name].append(
                    (len(took) / seconds, median(waits), quantiles(waits, n=100)[98])
                )
    bare = median(each[0] for each in found["bare store"])
    return [
        Row(
            name=name,
            clients=clients,
            per_second=round(median(each[0] for each in turns)),
            median_ms=round(median(each[1] for each in turns), 1),
            p99_ms=round(median(each[2] for each in turns), 1),
            ratio=round(median(each[0] for each in turns) / bare, 2),
        )
        for name, turns in found.items()
    ]


def bare_store(folder: Path, port: int) -> tuple[list[str], str]:
    """The bare store's command."""
    return [sys.executable, "-m", "benchmarks.http_store", str(folder / "bare.db"), str(port)], "-"


def record(folder: Path, port: int) -> tuple[list[str], str]:
    """The record's command, and a token for it."""
    (folder / "charters").mkdir()
    (folder / "charters" / "claims-triage.yaml").write_text(CHARTER, "utf-8")
    (folder / "people.yaml").write_text("- {role: adjusters, person: Ann}\n", "utf-8")
    made = make_token(
        folder,
        "service:claims",
        decisions=("*",),
        verbs=("*",),
        now=datetime.now(UTC),
        acting_for="Ann",
    )
    sayso = str(Path(sys.executable).with_name("sayso"))
    return [sayso, "serve", "--port", str(port), "--folder", str(folder)], made.text


def main() -> None:
    """Measure, and print or write the rows."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks.http_record", description=__doc__)
    flags.add_argument("--clients", default=64, type=int)
    flags.add_argument("--seconds", default=6.0, type=float)
    flags.add_argument("--out", type=Path)
    asked = flags.parse_args()
    rows = measured(asked.clients, asked.seconds)
    text = json.dumps([asdict(row) for row in rows], indent=2)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
