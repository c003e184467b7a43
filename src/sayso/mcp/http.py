"""The door for agents elsewhere: the protocol over HTTP, each request on its own.

No session is kept: who asks is found out from the token in every request, so that one token can
never go on in the session of another, and a revoked one is refused in the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response

from sayso.domain.errors import NotAllowed, SaysoError, TokenMissing, TokenUnknown
from sayso.mcp.calls import MOST_BYTES, refused_as
from sayso.mcp.server import server_at
from sayso.workspace.desk_local import LocalDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sayso.workspace.api_office import Office
    from sayso.workspace.desk import Desk

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def mcp_app(office: Office) -> ASGIApp:
    """The door to one workspace as an app; it needs no start and no end of its own.

    Each request is let in by its token alone, also at this computer: without one it would be the
    person here who asks, and an agent is never that person.

    Args:
        office: Where everything that is asked is permitted, or not.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(scope)(scope, receive, _headed(send))

    def _answer(scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return Response(status_code=400)
        if scope["method"] != "POST":
            # There is no stream to listen to, and no session to end.
            return Response(status_code=405, headers={"allow": "POST"})
        headers = Headers(scope=scope)
        try:
            if _foreign(headers):
                raise NotAllowed(
                    "Web pages may not ask here.", hint="Connect the agent's own program."
                )
            return _once(LocalDesk(office, bearer(headers.getlist("authorization"))))
        except NotAllowed as error:
            return JSONResponse(refused_as(error), status_code=403)
        except SaysoError as error:
            wanted = {"www-authenticate": "Bearer"}
            return JSONResponse(refused_as(error), status_code=401, headers=wanted)

    return app


def bearer(authorization: Sequence[str]) -> str:
    """The token in what a request says in ``Authorization``.

    Raises:
        TokenMissing: If it says nothing.
        TokenUnknown: If it says something else, or more than one thing.
    """
    if not authorization:
        raise TokenMissing
    kind, _, text = authorization[0].partition(" ")
    if len(authorization) > 1 or kind.lower() != "bearer" or not text.strip():
        raise TokenUnknown
    return text.strip()


def _foreign(headers: Headers) -> bool:
    """Whether a web page sends this; browsers say so themselves, in one header or the other."""
    return "origin" in headers or headers.get("sec-fetch-site", "none") != "none"


def _headed(send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return headed


def _once(desk: Desk) -> ASGIApp:
    """A server for one request."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(
            server_at(desk), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    return app
