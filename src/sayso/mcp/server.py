"""The protocol's server: its tools, each answered at one desk."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as Listed

from sayso import __version__
from sayso.domain.errors import SaysoError
from sayso.mcp.calls import answered, refused_as
from sayso.mcp.tools import BY_NAME, INSTRUCTIONS, TOOLS, Tool

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from sayso.record.strict_json import Json
    from sayso.workspace.desk import Desk

UNEXPECTED: dict[str, Json] = {
    "error": {
        "code": "unexpected",
        "field": "",
        "message": "This is a defect in sayso.",
        "hint": "Tell the person you act for; nothing says that it was recorded.",
    }
}


def server_at(desk: Desk) -> Server[Any]:
    """A server whose tools ask at one desk, as the one who stands behind its token."""

    async def tools(
        context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[listed(tool) for tool in TOOLS])

    async def call(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        tool = BY_NAME.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, "There is no such tool; tools/list names them.")
        # Waits for the disk, and so in a thread of its own.
        return await anyio.to_thread.run_sync(result_of, desk, tool, params.arguments or {})

    server: Server[Any] = Server(
        "sayso",
        version=__version__,
        title="Sayso",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=_form_of,
        on_list_tools=tools,
        on_call_tool=call,
    )
    # What agents send is about people; none of it goes to whoever collects traces here.
    server.middleware.clear()
    return server


def _form_of(name: str) -> dict[str, Any] | None:
    tool = BY_NAME.get(name)
    return None if tool is None else tool.form


def result_of(desk: Desk, tool: Tool, sent: dict[str, Any]) -> CallToolResult:
    """A call's answer; every error becomes one here."""
    try:
        return _result(answered(desk, tool, sent))
    except SaysoError as error:
        return _result(refused_as(error), failed=True)
    except Exception:
        logging.getLogger("sayso.mcp").exception("A tool failed.")
        return _result(UNEXPECTED, failed=True)


def listed(tool: Tool) -> Listed:
    """A tool as the protocol lists it."""
    return Listed(
        name=tool.name,
        title=tool.title,
        description=tool.says,
        input_schema=tool.form,
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.verb,
            destructive_hint=False,
            idempotent_hint=not tool.verb,
            open_world_hint=False,
        ),
    )


def _result(plain: dict[str, Json], *, failed: bool = False) -> CallToolResult:
    text = json.dumps(plain, ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=plain, is_error=failed
    )
