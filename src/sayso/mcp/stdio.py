"""The door for an agent on this computer: the protocol over standard input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from mcp.server.stdio import stdio_server

from sayso.mcp.server import server_at

if TYPE_CHECKING:
    from sayso.workspace.desk import Desk


def serve_stdio(desk: Desk) -> None:
    """Answer until the agent's program closes the pipe."""

    async def run() -> None:
        server = server_at(desk)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(run)
