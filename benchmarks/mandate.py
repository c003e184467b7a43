"""How long "may I decide this alone?" takes: at the desk, as a tool, and as a tool over HTTP.

    python -m benchmarks.mandate [--calls 2000] [--out FILE]

A workspace of 20 decisions with a record. Each way is asked the same question many times, one after
another, by one caller; the median and the 99th of 100 are told, as JSON. Over HTTP, client and
server share this computer's processors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx2
import uvicorn
from mcp.types import (
    CLIENT_CAPABILITIES_META_KEY,
    CLIENT_INFO_META_KEY,
    PROTOCOL_VERSION_META_KEY,
)
from mcp.types.version import LATEST_MODERN_VERSION as PROTOCOL

from sayso.mcp.http import mcp_app
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


class Serving:
    """The tools over HTTP on a port of this computer, while the block lasts."""

    def __init__(self, office: Office) -> None:
        config = uvicorn.Config(mcp_app(office), port=0, log_level="warning", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/mcp"

    def __exit__(self, *what: object) -> None:
        self.server.should_exit = True
        self.thread.join()


def over_http(address: str, token: str) -> Callable[[], object]:
    """A call of the tool over HTTP, with the connection kept open."""
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": PROTOCOL,
        "mcp-method": "tools/call",
        "mcp-name": "may_i_decide_alone",
    }
    http = httpx2.Client(headers=headers, trust_env=False)
    about = {
        PROTOCOL_VERSION_META_KEY: PROTOCOL,
        CLIENT_INFO_META_KEY: {"name": "benchmark", "version": "1"},
        CLIENT_CAPABILITIES_META_KEY: {},
    }
    params = {"name": "may_i_decide_alone", "arguments": ASKED, "_meta": about}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}

    def ask() -> None:
        answer = http.post(address, json=body).json()
        assert answer["result"]["structuredContent"]["alone"] is True, answer

    return ask


def measured(calls: int) -> list[Row]:
    """Every way of asking."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "w"
        token = workspace(place)
        office = Office(place)
        desk = LocalDesk(office, token)
        rows = [
            row_of("at the desk", calls, lambda: desk.mandate("decision-7", INPUTS)),
            row_of(
                "as a tool", calls, lambda: result_of(desk, BY_NAME["may_i_decide_alone"], ASKED)
            ),
        ]
        with Serving(office) as address:
            rows.append(row_of("as a tool over HTTP", calls, over_http(address, token)))
        office.close()
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
