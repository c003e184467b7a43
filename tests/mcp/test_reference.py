"""The reference says what the server lists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import Tool

from sayso.mcp.server import server_at
from sayso.workspace.api_office import Office
from sayso.workspace.api_rights import OF_AGENTS
from sayso.workspace.desk_local import LocalDesk
from tests.mcp.places import SLUG, Agent, place, token
from tests.record.workspaces import Hand

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "reference" / "mcp.md").read_text("utf-8")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> list[Tool]:
    """The tools as a client is told of them."""
    folder = place(tmp_path_factory.mktemp("reference") / "w")
    office = Office(folder, clock=Hand())

    async def listed() -> list[Tool]:
        async with Client(server_at(LocalDesk(office, token(folder)))) as client:
            return (await client.list_tools()).tools

    found = anyio.run(listed)
    office.close()
    return found


def part(name: str) -> str:
    return PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def test_the_reference_lists_the_tools_in_their_order(tools: list[Tool]):
    headings = re.findall(r"^## ([a-z_]+)$", PAGE, re.MULTILINE)
    assert headings == [tool.name for tool in tools]


def test_the_reference_says_of_each_tool_what_the_server_says(tools: list[Tool]):
    for tool in tools:
        assert tool.description
        assert tool.description in part(tool.name)


def test_the_reference_lists_every_field_with_what_it_holds(tools: list[Tool]):
    for tool in tools:
        rows = re.findall(r"^\| `(\w+)`(\??) \| [^|]+ \| (.+) \|$", part(tool.name), re.MULTILINE)
        form: dict[str, Any] = tool.input_schema
        needed = set(form["required"])
        assert rows == [
            (name, "" if name in needed else "?", about["description"])
            for name, about in form["properties"].items()
        ], tool.name
        assert form["additionalProperties"] is False


def test_tools_that_only_read_say_so_and_none_destroys(tools: list[Tool]):
    reads = {tool.name for tool in tools if tool.annotations and tool.annotations.read_only_hint}
    assert reads == {"list_decisions", "read_charter", "may_i_decide_alone", "read_case"}
    assert not [t for t in tools if t.annotations is None or t.annotations.destructive_hint]


def names(answer: Any) -> set[str]:
    """Names of fields that are ours, not those inside marked text."""
    match answer:
        case {"data": _, "note": _}:
            return set()
        case dict():
            return set(answer) | {n for value in answer.values() for n in names(value)}
        case list():
            return {n for value in answer for n in names(value)}
        case _:
            return set()


def test_the_reference_names_every_field_of_an_answer(tmp_path: Path):
    office = Office(place(tmp_path / "w"), clock=Hand())
    agent = Agent(office, token(office.folder))
    agent.calls("list_decisions")
    agent.calls("read_charter", decision=SLUG)
    agent.calls("may_i_decide_alone", decision=SLUG, inputs={})
    agent.does("open_case")
    agent.calls("read_case", decision=SLUG, case="c-1")
    office.close()
    assert names(agent.heard) - set(re.findall(r"`(\w+)`", PAGE)) == set()


def test_the_guide_makes_a_token_that_agents_get():
    guide = (DOCS / "how-to" / "agents.md").read_text("utf-8")
    verbs = set(re.findall(r"--verb (\w+)", guide))
    assert verbs <= OF_AGENTS
    assert {"read", "open", "advice", "choice", "contest", "workaround", "outcome"} <= verbs
