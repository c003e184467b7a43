"""A server on this computer for the SDK's tests: a real record behind HTTP, and faults to order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sayso.sdk.in_process import WorkspaceServer
from tests.record.workspaces import workspace

OPEN_CHARTER = """\
decision: claims-triage
version: 2
question: Who looks at this claim?
options: [expert, desk]
default: desk
owner: head-of-claims
inputs: {amount: number}
outcome: {name: reopened, kind: boolean, due: 30d}
reasons: [amount is high, other]
advice: {source: triage, mode: advise, ceiling: advise}
"""
SEALING = OPEN_CHARTER.replace("ceiling: advise}", "ceiling: advise, prior: {sample: 1.0}}")
HOLDING = OPEN_CHARTER.replace(
    "ceiling: advise}",
    "ceiling: advise, holdback: 1.0, consent: {by: head-of-claims, on: 2026-01-01}}",
)


@dataclass
class Served:
    """A running server, what it was asked, and what it does wrong.

    Attributes:
        batches: The ids of the writes of each batch that reached it.
        fault: Called with each batch; says whether to answer (None), a status to answer with, or
            ``lost``: to do it and never say so.
        gets: The addresses that were read.
    """

    url: str
    record: WorkspaceServer
    batches: list[list[str]] = field(default_factory=list[list[str]])
    gets: list[str] = field(default_factory=list[str])
    fault: Callable[[list[dict[str, Any]]], int | str | None] = lambda writes: None

    def events(self) -> list[Any]:
        """Everything on record."""
        record = self.record._office.record  # pyright: ignore[reportPrivateUsage]
        return [kept.event for kept in record.store.events(0, 100_000) if kept.event.case]

    def kinds(self, case: str) -> list[str]:
        """What is on record of a case, in order."""
        return [e.data.KIND for e in self.events() if e.case == case]


@contextmanager
def serving(folder: Path, charter: str = OPEN_CHARTER, port: int = 0) -> Iterator[Served]:
    """A server over a workspace; made where it is not there."""
    if not folder.exists():
        workspace(folder, charter)
    record = WorkspaceServer(folder, None)
    served = Served("", record)
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            writes = json.loads(content)["writes"]
            with one_at_a_time:
                served.batches.append([w["id"] for w in writes])
                fault = served.fault(writes)
            if isinstance(fault, int):
                return self.tell(fault, {"code": "made-up", "status": fault})
            bodies = [json.dumps(w).encode() for w in writes]
            reply = record.batch(bodies)
            if fault == "lost":
                self.close_connection = True
                self.connection.close()
                return None
            return self.tell(reply.status, reply.body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            served.gets.append(self.path)
            reply = record.get(parts.path, dict(parse_qsl(parts.query)))
            etag = f'"{hash(json.dumps(reply.body))}"'
            if self.headers.get("If-None-Match") == etag:
                return self.tell(304, None, etag)
            return self.tell(reply.status, reply.body, etag)

        def tell(self, status: int, body: object, etag: str = "") -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Quiet(("127.0.0.1", port), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        record.close()
