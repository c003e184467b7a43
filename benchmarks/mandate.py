"""How long "may I decide this alone?" takes: at the desk, as a tool, over REST, as a tool over HTTP.

    python -m benchmarks.mandate [--calls 2000] [--out FILE]

A workspace of 20 decisions with a record. Each way is asked the same question many times, one after
another, by one caller; the median and the 99th of 100 are told, as JSON. Over HTTP, `sayso serve`
is a process of its own and the connection is kept open; both share this computer's processors.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx2
from mcp.types import (
    CLIENT_CAPABILITIES_META_KEY,
    CLIENT_INFO_META_KEY,
    PROTOCOL_VERSION_META_KEY,
)
from mcp.types.version import LATEST_MODERN_VERSION as PROTOCOL

from sayso.mcp.server import result_of
from sayso.mcp.tools import BY_NAME
from sayso.workspace.api_office import Office
from sayso.workspace.desk_local import LocalDesk
from sayso.workspace.tokens import make_token

GATE_MS = 2.0
DECISIONS = 20
CHARTER = """\
decision: {slug}
version: 1
question: Should the technician bring the part on the first visit?
options: [bring, leave]
owner: head-of-field-service
rights: {{decide: [dispatchers]}}
inputs: {{fault_code: category, unit_age_years: number, stock_low: boolean}}
advice:
  source: parts-model
  mode: delegate
  ceiling: delegate
  routine: "fault_code IN ('E-12', 'E-13') and unit_age_years < 8 and not stock_low"
"""
INPUTS = {"fault_code": "E-12", "unit_age_years": 3, "stock_low": False}
ASKED = {"decision": "decision-7", "inputs": INPUTS}


@dataclass(frozen=True)
class Row:
    """One way of asking.

    Attributes:
        name: Which.
        calls: How often it was asked.
        median_ms: The middle one.
        p99_ms: One in a hundred took longer.
    """

    name: str
    calls: int
    median_ms: float
    p99_ms: float


def row_of(name: str, calls: int, ask: Callable[[], object]) -> Row:
    """Ask many times, a tenth of them unmeasured before."""
    for _ in range(calls // 10):
        ask()
    took: list[float] = []
    for _ in range(calls):
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1000)
    return Row(name, calls, round(median(took), 3), round(quantiles(took, n=100)[98], 3))


def workspace(folder: Path) -> str:
    """A workspace; says an agent's token."""
    (folder / "charters").mkdir(parents=True)
    for number in range(DECISIONS):
        slug = f"decision-{number}"
        (folder / "charters" / f"{slug}.yaml").write_text(CHARTER.format(slug=slug), "utf-8")
    (folder / "people.yaml").write_text("- {role: dispatchers, person: Ann}\n", "utf-8")
    now = datetime.now(UTC)
    made = make_token(
        folder, "agent:helper", decisions=("*",), verbs=("read",), now=now, acting_for="Ann"
    )
    return made.text


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """``sayso serve`` in a process of its own, while the block lasts; says its address."""
    command = [str(Path(sys.executable).with_name("sayso")), "serve", "--port", "0"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*command, "--folder", str(folder)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert process.stdout is not None
    try:
        yield next(line for line in process.stdout if "http" in line).strip().rstrip("/")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def as_a_tool(http: httpx2.Client, address: str) -> Callable[[], object]:
    """A call of the tool over HTTP."""
    headers = {
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": PROTOCOL,
        "mcp-method": "tools/call",
        "mcp-name": "may_i_decide_alone",
    }
    about = {
        PROTOCOL_VERSION_META_KEY: PROTOCOL,
        CLIENT_INFO_META_KEY: {"name": "benchmark", "version": "1"},
        CLIENT_CAPABILITIES_META_KEY: {},
    }
    params = {"name": "may_i_decide_alone", "arguments": ASKED, "_meta": about}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}

    def ask() -> None:
        answer = http.post(f"{address}/mcp", json=body, headers=headers).json()
        assert answer["result"]["structuredContent"]["alone"] is True, answer

    return ask


def over_rest(http: httpx2.Client, address: str) -> Callable[[], object]:
    """The question over REST."""

    def ask() -> None:
        assert http.post(f"{address}/v1/mandate", json=ASKED).json()["alone"] is True

    return ask


def measured(calls: int) -> list[Row]:
    """Every way of asking."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "w"
        token = workspace(folder)
        office = Office(folder)
        desk = LocalDesk(office, token)
        tool = BY_NAME["may_i_decide_alone"]
        rows = [
            row_of("at the desk", calls, lambda: desk.mandate("decision-7", INPUTS)),
            row_of("as a tool", calls, lambda: result_of(desk, tool, ASKED)),
        ]
        office.close()
        headers = {"authorization": f"Bearer {token}"}
        with serving(folder) as address, httpx2.Client(headers=headers, trust_env=False) as http:
            rows.append(row_of("over REST", calls, over_rest(http, address)))
            rows.append(row_of("as a tool over HTTP", calls, as_a_tool(http, address)))
    return rows


def main() -> None:
    """Measure, and print or write the rows."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks.mandate", description=__doc__)
    flags.add_argument("--calls", default=2000, type=int)
    flags.add_argument("--out", type=Path)
    asked = flags.parse_args()
    rows = measured(asked.calls)
    text = json.dumps({"gate_ms": GATE_MS, "rows": [asdict(row) for row in rows]}, indent=2)
    if asked.out is None:
        print(text)
    else:
        asked.out.write_text(text + "\n", "utf-8")
    slow = [row.name for row in rows if row.median_ms > GATE_MS]
    if slow:
        sys.exit(f"Slower than {GATE_MS} ms at the median: {', '.join(slow)}.")


if __name__ == "__main__":
    main()
