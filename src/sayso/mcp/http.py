"""The door for agents elsewhere: the protocol over HTTP, each request on its own.

No session is kept: who asks is found out from the token in every request, so that one token can
never go on in the session of another, and a revoked one is refused in the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import PARSE_ERROR
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response

from sayso.domain.errors import (
    NotAllowed,
    RecordRefused,
    SaysoError,
    TokenMissing,
    TokenUnknown,
)
from sayso.mcp.calls import MOST_BYTES, refused_as
from sayso.mcp.server import server_at
from sayso.record.refusal import Refusal
from sayso.record.strict_json import read_object
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
        body = await _body(receive)
        found = read_object(body, most=MOST_BYTES)
        if isinstance(found, Refusal) and found.code != "not-json":
            # What is no JSON at all is answered by the protocol.
            await _unclear(found)(scope, receive, send)
            return
        manager = StreamableHTTPSessionManager(
            server_at(desk), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            await manager.handle_request(scope, _again(body, receive), send)

    return app


def _unclear(refusal: Refusal) -> Response:
    """The answer to a request that two readers could read differently, or that is too large."""
    error = RecordRefused(refusal.code, refusal.message, hint=refusal.hint, field=refusal.field)
    said = {"code": PARSE_ERROR, "message": refusal.code, "data": refused_as(error)}
    status = 413 if refusal.code == "too-large" else 400
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": said}, status_code=status)


async def _body(receive: Receive) -> bytes:
    """What was sent, up to one byte more than is read."""
    parts: list[bytes] = []
    left = MOST_BYTES + 1
    while left > 0:
        message = await receive()
        part = message.get("body", b"")[:left]
        parts.append(part)
        left -= len(part)
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
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
