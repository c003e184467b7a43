"""What every request passes before any page sees it, and what every answer carries."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    # Links of a round carry their token. "no-referrer" would also make browsers say "Origin: null"
    # with our own forms, and over plain HTTP that is all they say of where a form comes from.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Wall:
    """The outermost layer: host names, sizes, foreign forms, headers, and defects of ours."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str] | None,
        refuse: Callable[[int], Response],
    ) -> None:
        """Build the wall around an app.

        Args:
            app: What it protects.
            hosts: Names this server goes by; None for any.
            refuse: The page for a status.
        """
        self.app = app
        self.hosts = hosts
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        if not self._known(headers) or _foreign(scope, headers):
            status = 400 if not self._known(headers) else 403
            await self.refuse(status)(scope, receive, headed)
            return
        body = await _read(headers, receive)
        if body is None:
            await self.refuse(413)(scope, receive, headed)
            return
        try:
            await self.app(scope, _again(body, receive), headed)
        except Exception:
            # The address is left out: a round's link is in it.
            logging.getLogger("sayso.console").exception("A page failed.")
            if not begun:
                await self.refuse(500)(scope, receive, headed)

    def _known(self, headers: Headers) -> bool:
        """Whether we are called by our own name: a foreign one may lead a browser here."""
        return self.hosts is None or _name(headers.get("host", "")) in self.hosts


def _name(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _foreign(scope: Scope, headers: Headers) -> bool:
    """Whether a page of somebody else sends this.

    Browsers say so themselves, in one header or the other; what says neither is no browser.
    """
    if scope["method"] in SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


async def _read(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body; None where it is larger than any form of ours."""
    said = headers.get("content-length", "0")
    if not said.isdigit() or int(said) > MOST_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give out a body that was read before, then whatever comes."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
