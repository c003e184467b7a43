"""Receivers of webhooks on this computer, and a workspace that has something to tell."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sayso.workspace.hooks import Hook, add_hook
from sayso.workspace.hooks_delivery import Courier
from sayso.workspace.hooks_post import Postman
from sayso.workspace.record import Record
from tests.record.workspaces import NOW, Hand


@dataclass
class Received:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def plain(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A program that takes events.

    Attributes:
        url: Its address.
        port: Its port.
        came: Every request that reached it.
        answers: Says what to answer to each: a status, or ``None`` to say nothing until ``free``.
    """

    url: str = ""
    port: int = 0
    came: list[Received] = field(default_factory=list[Received])
    answers: Callable[[int], int | None] = lambda number: 200
    free: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.came]

    @property
    def kinds(self) -> list[str]:
        return [one.plain["type"] for one in self.came]


@contextmanager
def receiving(trust: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver, over TLS where a certificate is given."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append(Received(self.path, named, body))
            status = receiver.answers(len(receiver.came))
            if status is None:
                receiver.free.wait(20)
                self.close_connection = True
                return
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("location", f"{receiver.url}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that breaks off is part of the trial."""

    server = Quiet(("127.0.0.1", 0), Handler)
    scheme = "http"
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    receiver.port = server.server_port
    receiver.url = f"{scheme}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.01))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.free.set()
        server.shutdown()
        thread.join()
        server.server_close()


def hook_to(folder: Path, url: str, **options: Any) -> Hook:
    """A hook that is told of everything, on this computer."""
    said: dict[str, Any] = {
        "decisions": ["*"],
        "kinds": ["*"],
        "whole": False,
        "private": True,
        "since": 0,
        "now": NOW,
        **options,
    }
    return add_hook(folder, url, **said)


def courier(folder: Path, record: Record | None, **options: Any) -> Courier:
    """Takes events, without waiting for anything."""
    said: dict[str, Any] = {"clock": Hand(), "waits": (0.0, 0.0), "look": 0.01, **options}
    return Courier(folder, lambda: record, **said)


def deliver(taker: Courier, hook: Hook, most: int = 300) -> None:
    """Take a hook as far as the record goes."""

    async def go_along() -> None:
        for _ in range(most):
            if await taker.step(hook) == taker._look:
                return

    asyncio.run(go_along())


def quick(seconds: float = 0.3, **options: Any) -> Postman:
    """A postman without patience."""
    return Postman(seconds=seconds, **options)
