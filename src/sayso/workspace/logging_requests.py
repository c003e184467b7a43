"""One line for each request: which route, what it was answered, how long it took."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any

from sayso.workspace.logging_lines import said

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where a door leaves the form of the address it answered, with braces for what was in it.
ROUTE = "sayso.route"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Logged:
    """An app whose requests are logged; the address itself is never looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log that it was answered."""
        began, status = monotonic(), 0

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            took = round((monotonic() - began) * 1000, 1)
            method = str(scope.get("method", ""))
            fields = {
                "method": method if method in _METHODS else "other",
                "route": _route(scope),
                "status": status,
                "milliseconds": took,
            }
            said("requests", logging.INFO, "A request was answered.", fields)


def _route(scope: Scope) -> str:
    """The form of the address; the pages' router leaves it too."""
    mine: Any = scope.get(ROUTE)
    pages: Any = getattr(scope.get("route"), "path", None)
    return str(mine or pages or "none")
