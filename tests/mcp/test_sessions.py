"""A real client of the protocol, over a pipe and over HTTP."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from sayso.cli.main import run
from sayso.domain.errors import TokenUnset
from sayso.mcp.http import mcp_app
from sayso.mcp.tools import TOOLS
from sayso.workspace.api_office import Office
from sayso.workspace.desk_token import token_of
from sayso.workspace.tokens import list_tokens, revoke_token
from tests.mcp.places import SLUG, place, token

SAYSO = str(Path(sys.executable).with_name("sayso"))
ROUTINE = {"fault_code": "E-12"}
Journey = Callable[[Client], Awaitable[None]]


async def whole_case(client: Client) -> None:
    """A case from its opening to its outcome."""

    async def calls(name: str, **fields: Any) -> dict[str, Any]:
        result = await client.call_tool(name, fields)
        assert not result.is_error, result.structured_content
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    assert [tool.name for tool in (await client.list_tools()).tools] == [t.name for t in TOOLS]
    assert "data" in (client.instructions or "")
    frame = {"decision": SLUG, "case": "c-1", "charter_version": 3}
    await calls("open_case", **frame, inputs=ROUTINE)
    await calls("give_advice", **frame, answer="bring", confidence=0.9)
    assert (await calls("may_i_decide_alone", decision=SLUG, inputs=ROUTINE))["alone"] is True
    await calls("record_choice", **frame, answer="bring")
    done = await calls("record_outcome", **frame, outcome=True)
    assert done["case"]["outcome_known"] is True
    twice = await client.call_tool("record_choice", {**frame, "answer": "bring"})
    assert twice.is_error
    with pytest.raises(MCPError):
        await client.call_tool("approve", {})


def over_pipe(journey: Journey, *arguments: str, mode: str = "auto", **env: str) -> None:
    async def session() -> None:
        server = StdioServerParameters(
            command=SAYSO, args=["mcp", *arguments], env={"PATH": os.environ["PATH"], **env}
        )
        with anyio.fail_after(60):
            async with Client(server, mode=mode) as client:
                await journey(client)

    anyio.run(session)


def over_http(office: Office, text: str | None, journey: Journey, mode: str = "auto") -> None:
    async def session() -> None:
        headers = {} if text is None else {"authorization": f"Bearer {text}"}
        transport = httpx2.ASGITransport(app=mcp_app(office))
        with anyio.fail_after(60):
            async with httpx2.AsyncClient(transport=transport, headers=headers) as http:
                wire = streamable_http_client("http://127.0.0.1/mcp", http_client=http)
                async with Client(wire, mode=mode) as client:
                    await journey(client)

    anyio.run(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return place(tmp_path / "w")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.feature("I3")
def test_an_agent_records_a_whole_case_over_a_pipe(folder: Path):
    # Programs of today begin with a handshake; the newer form is tried over HTTP beside it.
    text = token(folder, now=now())
    over_pipe(whole_case, "--folder", str(folder), mode="legacy", SAYSO_TOKEN=text)
    office = Office(folder)
    state = office.record.store.state_of(SLUG, "c-1")
    office.close()
    assert state is not None
    assert state.outcome is not None


@pytest.mark.feature("I3")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_agent_records_a_whole_case_over_http(folder: Path, mode: str):
    office = Office(folder)
    over_http(office, token(folder, now=now()), whole_case, mode)
    office.close()


def test_the_token_may_be_in_a_file_that_others_cannot_read(folder: Path, tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(token(folder, now=now()) + "\n", "utf-8")
    file.chmod(0o600)
    assert token_of(file) == file.read_text("utf-8").strip()
    file.chmod(0o640)
    with pytest.raises(TokenUnset, match="Others can read"):
        token_of(file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", None])
def test_a_file_without_a_token_is_named(tmp_path: Path, content: bytes | None):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(stat.S_IRUSR)
    with pytest.raises(TokenUnset, match="token"):
        token_of(file)


@pytest.mark.parametrize(("text", "code"), [("", "token-unset"), ("sayso_x", "token-unknown")])
def test_without_a_token_nothing_is_served_over_a_pipe(
    folder: Path,
    text: str,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("SAYSO_TOKEN", text)
    assert run(["mcp", "--folder", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert code in said.err


def answer_to(
    office: Office, method: str = "POST", content: bytes = b"{}", **headers: str
) -> httpx2.Response:
    async def asked() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=mcp_app(office))
        async with httpx2.AsyncClient(transport=transport) as http:
            url = "http://127.0.0.1/mcp"
            return await http.request(method, url, headers=headers, content=content)

    return anyio.run(asked)


@pytest.mark.feature("I3")
@pytest.mark.parametrize("said", [None, "", "Bearer", "Bearer  ", "Basic eDp5", "Bearer sayso_x"])
def test_over_http_nobody_is_let_in_without_a_token_not_even_here(folder: Path, said: str | None):
    office = Office(folder)
    answer = answer_to(office, **({} if said is None else {"authorization": said}))
    office.close()
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] in {"token-missing", "token-unknown"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")],
)
def test_a_web_page_is_not_let_in_even_with_a_token(folder: Path, name: str, said: str):
    office = Office(folder)
    text = token(folder, now=now())
    answer = answer_to(office, **{"authorization": f"Bearer {text}", name: said})
    office.close()
    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"


def unclear(arguments: str) -> bytes:
    params = f'{{"name": "open_case", "arguments": {arguments}}}'
    return f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {params}}}'.encode()


@pytest.mark.parametrize(
    ("content", "status", "wanted"),
    [
        (unclear('{"case": "a", "case": "b"}'), 400, "key-twice"),
        (unclear('{"inputs": {"age": NaN}}'), 400, "not-finite"),
        (unclear('{"inputs": {"age": 9007199254740993}}'), 400, "number-too-large"),
        (unclear('{"team": "\\ud800"}'), 400, "text-unreadable"),
        (unclear(f'{{"team": "{"x" * 300_000}"}}'), 413, "too-large"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_and_stores_nothing(
    folder: Path, content: bytes, status: int, wanted: str
):
    office = Office(folder)
    text = token(folder, now=now())
    said = {"authorization": f"Bearer {text}", "content-type": "application/json"}
    before = office.record.store.head().size
    answer = answer_to(office, content=content, **said)
    assert office.record.store.head().size == before
    office.close()
    assert answer.status_code == status
    assert answer.json()["error"]["data"]["error"]["code"] == wanted


@pytest.mark.parametrize("content", [b"", b"[", b"[]", b"1", b"{}", b"[" * 100_000, b"\xff"])
def test_what_is_no_request_of_the_protocol_is_answered_by_it(folder: Path, content: bytes):
    office = Office(folder)
    text = token(folder, now=now())
    said = {"authorization": f"Bearer {text}", "content-type": "application/json"}
    answer = answer_to(office, content=content, accept="application/json", **said)
    office.close()
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_stream_to_listen_to_and_no_session_to_take_over(folder: Path, method: str):
    office = Office(folder)
    answer = answer_to(office, method)
    office.close()
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_token_that_is_revoked_in_the_middle_is_refused_in_the_next_request(folder: Path):
    office = Office(folder)
    text = token(folder, now=now())

    async def journey(client: Client) -> None:
        await client.list_tools()
        revoke_token(folder, list_tokens(folder)[0].id, now())
        with pytest.raises(MCPError):
            await client.call_tool("list_decisions", {})

    over_http(office, text, journey)
    office.close()


def test_a_defect_of_ours_is_told_without_its_insides(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    office = Office(folder)

    def broken(*given: object) -> object:
        raise RuntimeError("the secret seed is 12")

    monkeypatch.setattr(office, "decisions", broken)

    async def journey(client: Client) -> None:
        result = await client.call_tool("list_decisions", {})
        assert result.is_error
        assert "seed" not in str(result)
        assert result.structured_content["error"]["code"] == "unexpected"

    over_http(office, token(folder, now=now()), journey)
    office.close()
