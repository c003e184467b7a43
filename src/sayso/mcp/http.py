"""The door for agents elsewhere: the protocol over HTTP, each request on its own.

No session is kept: who asks is found out from the token in every request, so that one token can
never go on in the session of another, and a revoked one is refused in the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from sayso.domain.errors import SaysoError
from sayso.mcp.calls import MOST_BYTES, refused_as
from sayso.mcp.server import server_at
from sayso.workspace.desk_access import bearer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from sayso.workspace.desk import Desk
    from sayso.workspace.desk_local import LocalDesks


def mcp_app(desks: LocalDesks) -> ASGIApp:
    """The door to one workspace; each request is let in by its token alone.

    Args:
        desks: The desks of the workspace.
    """
    return agents_app(lambda said: desks.desk(bearer(said)))


def agents_app(desk_of: Callable[[str | None], Desk]) -> ASGIApp:
    """The door as an app; it needs no start and no end of its own.

    Args:
        desk_of: The desk for what a request says in ``Authorization``; raises ``SaysoError`` where
            that opens none.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (await _answer(scope))(scope, receive, send)

    async def _answer(scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return Response(status_code=400)
        if scope["method"] != "POST":
            # There is no stream to listen to, and no session to end.
            return Response(status_code=405, headers={"allow": "POST"})
        said = Headers(scope=scope).get("authorization")
        try:
            desk = await anyio.to_thread.run_sync(desk_of, said)
        except SaysoError as error:
            return JSONResponse(
                refused_as(error), status_code=401, headers={"www-authenticate": "Bearer"}
            )
        return _once(desk)

    return app


def _once(desk: Desk) -> ASGIApp:
    """A server for one request."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(
            server_at(desk), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    return app
