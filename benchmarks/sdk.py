"""What recording adds to a call: the SDK beside MLflow's tracing and an OpenTelemetry span.

    python -m benchmarks.sdk [--calls 4000] [--out FILE]

Each way is timed call by call, in rounds that take turns, so that all meet the same machine; the
time of a call that records nothing is taken off. The SDK sends to `sayso serve` in a process of its
own meanwhile, from a thread of this one. Beside it: MLflow with its own store of files, and a span
of OpenTelemetry, written to a file one by one and in batches. Peers that are not installed are left out.
What each still has when the program is killed differs, and is told with the row.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

import sayso

GATE_US = {"sayso, write": 50.0, "sayso, fsync": 2_000.0}
ROUND = 100
# One paced call for so many others, and the seconds between them.
PACED, PAUSE = 5, 0.002
CHARTER = """\
decision: claims-triage
version: 1
question: Who looks at this claim?
options: [expert, desk]
owner: head-of-claims
inputs: {amount: number, kind: category}
advice: {source: triage, mode: advise, ceiling: advise}
"""


@dataclass(frozen=True)
class Row:
    """One way to record a call.

    Attributes:
        name: Which.
        calls: How often it was timed.
        median_us: The middle one, in microseconds, one call right after the other.
        p99_us: One in a hundred took longer.
        paced_median_us: The middle one where two milliseconds pass between calls, as in a program
            that does something else: caches are cold, and even a bare ``write()`` takes longer.
        survives: What is left when the program is killed with kill -9.
    """

    name: str
    calls: int
    median_us: float
    p99_us: float
    paced_median_us: float
    survives: str


@dataclass(frozen=True)
class Way:
    """A way to record a call, by its number."""

    name: str
    record: Callable[[int], object]
    survives: str


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """`sayso serve` in a process of its own."""
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "claims-triage.yaml").write_text(CHARTER, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sayso", "serve", "--folder", str(folder), "--port", str(port)]
    with (folder / "serve.txt").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"the server did not start:\n{(folder / 'serve.txt').read_text()}")
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def sdk(url: str, folder: Path, sync: str, stack: ExitStack) -> Iterator[Way]:
    """The SDK: one write of a case, and a whole case of four writes."""
    client = stack.enter_context(
        sayso.connect(url, spool=folder / f"spool-{sync}", sync=sync)  # type: ignore[arg-type]
    )
    client.charter("claims-triage")
    name = f"{sync}-{os.getpid()}"

    def one(number: int) -> None:
        client.case("claims-triage", id=f"{name}-{number}", inputs={"amount": number}).open()

    def whole(number: int) -> None:
        with client.case("claims-triage", id=f"{name}-w-{number}", inputs={"amount": number}) as c:
            c.advice("expert", source="triage@1", confidence=0.8)
            c.choose("expert", seconds=3.0)

    kept = "everything" if sync == "write" else "everything, meant to survive a power cut too"
    yield Way(f"sayso, {sync}", one, kept)
    yield Way(f"sayso, {sync}, a whole case of 4 writes", whole, kept)


def opentelemetry(folder: Path, stack: ExitStack) -> Iterator[Way]:
    """A span with the same content, exported to a file."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import (
        BatchSpanProcessor,
        ConsoleSpanExporter,
        SimpleSpanProcessor,
    )

    for name, processor, survives in (
        ("each", SimpleSpanProcessor, "everything"),
        ("batch", BatchSpanProcessor, "nothing that was not exported; drops when full"),
    ):
        out = stack.enter_context((folder / f"spans-{name}.json").open("w"))
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(processor(ConsoleSpanExporter(out=out)))
        stack.callback(provider.shutdown)
        tracer = provider.get_tracer("benchmark")

        def span(number: int, tracer=tracer) -> None:
            with tracer.start_as_current_span("decision") as one:
                one.set_attribute("case", str(number))
                one.set_attribute("amount", number)

        yield Way(f"OpenTelemetry, {name}", span, survives)


def mlflow(folder: Path) -> Iterator[Way]:
    """A span of MLflow with the same content, into its store of files."""
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    import mlflow as peer

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    peer.set_tracking_uri(f"file://{folder / 'mlruns'}")
    peer.set_experiment("decisions")

    def span(number: int) -> None:
        with peer.start_span("decision") as one:
            one.set_inputs({"case": str(number), "amount": number})

    yield Way("MLflow tracing", span, "nothing that was not exported")


def nothing(number: int) -> None:
    """A call that records nothing."""


def timed(
    record: Callable[[int], object], start: int, count: int, pause: float = 0.0
) -> list[float]:
    """Microseconds of each call."""
    found: list[float] = []
    for number in range(start, start + count):
        began = time.perf_counter_ns()
        record(number)
        found.append((time.perf_counter_ns() - began) / 1000)
        if pause:
            time.sleep(pause)
    return found


def measure(calls: int, folder: Path) -> list[Row]:
    """Time every way, in rounds that take turns."""
    with ExitStack() as stack:
        url = stack.enter_context(served(folder / "workspace"))
        ways = [Way("nothing", nothing, "")]
        for sync in ("write", "fsync"):
            ways += sdk(url, folder, sync, stack)
        for peers in (lambda: opentelemetry(folder, stack), lambda: mlflow(folder)):
            try:
                ways += list(peers())
            except ImportError as error:
                print(f"left out: {error}", file=sys.stderr)
        found: dict[str, list[float]] = {way.name: [] for way in ways}
        paced: dict[str, list[float]] = {way.name: [] for way in ways}
        for way in ways:
            timed(way.record, -ROUND, ROUND)
        for start in range(0, calls, ROUND):
            for way in ways:
                found[way.name] += timed(way.record, start, ROUND)
                few = calls + start // PACED, ROUND // PACED
                paced[way.name] += timed(way.record, *few, PAUSE)
    floor, cold = median(found.pop("nothing")), median(paced["nothing"])
    return [
        Row(
            name=way.name,
            calls=len(found[way.name]),
            median_us=round(median(found[way.name]) - floor, 1),
            p99_us=round(quantiles(found[way.name], n=100)[98] - floor, 1),
            paced_median_us=round(median(paced[way.name]) - cold, 1),
            survives=way.survives,
        )
        for way in ways
        if way.name in found
    ]


def main() -> None:
    """Measure, and tell the rows as JSON."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks.sdk", description=__doc__)
    flags.add_argument("--calls", type=int, default=4000)
    flags.add_argument("--out", type=Path)
    asked = flags.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(asked.calls, Path(folder))
    text = json.dumps([asdict(row) for row in rows], indent=2)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text + "\n", "utf-8")
    for row in rows:
        if row.median_us > GATE_US.get(row.name, float("inf")):
            print(f"{row.name} is above {GATE_US[row.name]} us at the median", file=sys.stderr)


if __name__ == "__main__":
    main()
