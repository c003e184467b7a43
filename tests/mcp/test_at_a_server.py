"""The desk at a server, and what an agent's token opens there besides the tools."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client

from sayso.cli.serve import application
from sayso.domain.errors import RecordRefused, SaysoError, ServerAway
from sayso.mcp.server import result_of
from sayso.mcp.tools import BY_NAME, TOOLS
from sayso.record.asked import VERBS
from sayso.workspace.api_office import Office
from sayso.workspace.api_rights import OF_AGENTS
from sayso.workspace.desk_local import LocalDesk
from sayso.workspace.desk_server import PATHS, ServerDesk
from tests.mcp.places import ANN, MODEL, SLUG, asks, new_id, place, token
from tests.mcp.test_sessions import SAYSO, over_pipe, whole_case
from tests.record.workspaces import Hand

KEY = "four words nobody says"
ADDRESS = "http://decisions.example"


class Wire(httpx.BaseTransport):
    """A network that ends in an app of this process."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app=app, client=("203.0.113.7", 50000))
        self._loop = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def asked() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=await answer.aread()
            )

        return self._loop.run(asked())

    def close(self) -> None:
        self._loop.close()


class Server:
    """A server that others reach: its pages ask for a key, its doors for tokens."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder, clock=Hand())
        self.wire = Wire(application(self.office, access_key=KEY))
        self.http = httpx.Client(transport=self.wire, base_url=ADDRESS)

    def desk(self, text: str) -> ServerDesk:
        return ServerDesk(ADDRESS, text, transport=self.wire)

    def close(self) -> None:
        self.http.close()
        self.wire.close()
        self.office.close()


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    made = Server(place(tmp_path / "w"))
    yield made
    made.close()


def told(desk: Any, name: str, **fields: Any) -> dict[str, Any]:
    plain = result_of(desk, BY_NAME[name], fields).structured_content
    assert isinstance(plain, dict)
    return plain


def journey() -> list[tuple[str, dict[str, Any]]]:
    """Calls that are answered, and calls that are refused."""

    def frame() -> dict[str, Any]:
        return {"decision": SLUG, "case": "c-1", "charter_version": 3, "id": new_id()}

    choice = {**frame(), "answer": "bring", "reason_code": "other"}
    return [
        ("list_decisions", {}),
        ("read_charter", {"decision": SLUG}),
        ("read_charter", {"decision": SLUG, "version": 9}),
        ("read_charter", {"decision": "nowhere"}),
        ("may_i_decide_alone", {"decision": SLUG, "inputs": {"fault_code": "E-12"}}),
        ("read_case", {"decision": SLUG, "case": "c-1"}),
        ("open_case", {**frame(), "charter_version": 2}),
        ("open_case", {**frame(), "inputs": {"fault_code": "E-12"}}),
        ("open_case", frame()),
        ("give_advice", {**frame(), "answer": "bring", "model": "7"}),
        ("give_advice", {**frame(), "answer": "bring", "confidence": 7}),
        ("record_choice", {**frame(), "answer": "neither"}),
        ("record_choice", choice),
        ("record_choice", choice),
        ("contest", {**frame(), "target": "choice", "text": "No."}),
        ("report_workaround", {**frame(), "text": "It went round."}),
        ("record_outcome", {**frame(), "outcome": "red"}),
        ("record_outcome", {**frame(), "outcome": True}),
        ("read_case", {"decision": SLUG, "case": "c-1"}),
    ]


@pytest.mark.feature("I3")
def test_an_agent_is_told_the_same_here_and_at_a_server(tmp_path: Path):
    first = place(tmp_path / "0")
    text = token(first)
    office = Office(first, clock=Hand())
    assert office.record.key
    office.close()
    shutil.copytree(first, tmp_path / "1")
    office, server, calls = Office(first, clock=Hand()), Server(tmp_path / "1"), journey()
    here = [told(LocalDesk(office, text), name, **fields) for name, fields in calls]
    with server.desk(text) as desk:
        there = [told(desk, name, **fields) for name, fields in calls]
    office.close()
    server.close()

    def timeless(answer: dict[str, Any]) -> str:
        # The clocks of both are read a different number of times.
        return re.sub(r"2026-11-24T09:00:\S+Z", "then", str(answer))

    assert {name for name, _ in calls} == {tool.name for tool in TOOLS}
    assert [timeless(answer) for answer in there] == [timeless(answer) for answer in here]


def test_a_persons_token_is_refused_before_anything_is_asked(server: Server):
    text = token(server.office.folder, "human:Ann", acting_for=None)
    before = server.office.record.store.head().size
    frame = {"decision": SLUG, "case": "c-1", "charter_version": 3}
    with server.desk(text) as desk:
        assert told(desk, "open_case", **frame)["error"]["code"] == "not-yours-to-decide"
    assert server.office.record.store.head().size == before


@pytest.mark.feature("I3")
def test_the_server_has_the_door_of_agents_beside_its_others(server: Server):
    assert server.http.post("/mcp", json={}).status_code == 401
    text = token(server.office.folder)
    ask = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_decisions"}}
    headers = {"authorization": f"Bearer {text}", "accept": "application/json, text/event-stream"}
    answer = server.http.post("/mcp", json=ask, headers=headers).json()
    assert answer["result"]["structuredContent"]["decisions"][0]["slug"] == SLUG


def test_a_record_that_a_server_keeps_open_is_named(server: Server):
    folder = server.office.folder
    assert server.office.record.key
    text = token(folder)
    other = Office(folder, clock=Hand())
    said = told(LocalDesk(other, text), "read_case", decision=SLUG, case="c-1")
    other.close()
    assert said["error"]["code"] == "record-busy"


def test_a_token_of_nobody_is_refused_by_its_code(server: Server):
    with server.desk("sayso_x") as desk:
        assert told(desk, "list_decisions")["error"]["code"] == "token-unknown"


@pytest.mark.parametrize(
    "address", ["", "decisions.example", "ftp://x", "https://", "https://me:pw@x", "http://x?y=1"]
)
def test_what_is_no_address_of_a_server_is_named(address: str):
    with pytest.raises(ServerAway, match="no address"):
        ServerDesk(address, "t")


def strange(*answers: httpx.Response) -> ServerDesk:
    given = iter(answers)
    return ServerDesk(ADDRESS, "t", transport=httpx.MockTransport(lambda request: next(given)))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b'{"decisions": NaN}'),
        httpx.Response(200, content=b"x" * (5 << 20)),
        httpx.Response(302, headers={"location": "https://evil.example"}, content=b"{}"),
        httpx.Response(500, content=b"{}"),
    ],
)
def test_a_server_that_answers_as_no_sayso_does_is_named(answer: httpx.Response):
    with strange(answer) as desk, pytest.raises(ServerAway, match="no Sayso"):
        desk.decisions()


def test_a_server_that_does_not_answer_is_named():
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    desk = ServerDesk(ADDRESS, "t", transport=httpx.MockTransport(away))
    with desk, pytest.raises(ServerAway, match=r"No answer from http://decisions\.example"):
        desk.case(SLUG, "c-1")


def test_a_case_of_any_name_is_asked_for_by_that_name():
    asked: list[httpx.URL] = []

    def listens(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={})

    with ServerDesk(f"{ADDRESS}/", "t", transport=httpx.MockTransport(listens)) as desk:
        desk.case(SLUG, "a/../b?c=d#e&f")
        desk.charter("../me", None)
    assert asked[0].params["case"] == "a/../b?c=d#e&f"
    assert asked[0].path == "/v1/case"
    assert asked[1].raw_path == b"/v1/decisions/..%2Fme/charter"


def test_every_verb_has_an_address():
    assert set(PATHS) == set(VERBS)


def everything(server: Server, text: str) -> Callable[..., httpx.Response]:
    headers = {"authorization": f"Bearer {text}"}

    def ask(method: str, path: str, **options: Any) -> httpx.Response:
        return server.http.request(method, path, headers=headers, **options)

    return ask


def frame(**fields: Any) -> dict[str, Any]:
    at = "2026-11-24T09:00:00Z"
    plain = {"id": new_id(), "decision": SLUG, "charter_version": 3, "case": "c-1", "at": at}
    return {**plain, **fields}


FIELDS: dict[str, dict[str, Any]] = {
    "prior": {"answer": "bring"},
    "signal": {"source": "head", "says": "bring"},
    "reason": {"text": "x"},
    "answer-contest": {"contest": "CONTEST", "text": "Approved."},
    "answer-workaround": {"workaround": "WORKAROUND", "text": "Approved."},
    "correct": {"of": "x", "field": "answer", "now": "leave", "because": "x"},
}


@pytest.mark.feature("I3")
@pytest.mark.parametrize("verb", sorted(set(VERBS) - OF_AGENTS))
def test_the_widest_token_of_an_agent_asks_nothing_of_people_over_rest(server: Server, verb: str):
    ask = everything(server, token(server.office.folder, verbs=("*",), decisions=("*",)))
    asks(server.office.record, "open", inputs={"fault_code": "E-41"})
    before = server.office.record.store.head().size
    answer = ask("POST", f"/v1/{PATHS[verb]}", json=frame(**FIELDS.get(verb, {})))
    assert answer.status_code == 403, answer.text
    assert server.office.record.store.head().size == before


@pytest.mark.feature("I3")
def test_an_agents_token_opens_no_page_and_changes_no_charter(server: Server):
    folder = server.office.folder
    ask = everything(server, token(folder, verbs=("*",), decisions=("*",)))
    file = folder / "charters" / f"{SLUG}.yaml"
    before = {path: path.read_bytes() for path in (file, folder / "people.yaml")}
    for path in ("/", f"/d/{SLUG}", f"/d/{SLUG}/owner", f"/d/{SLUG}/charter", "/start"):
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            answer = ask(method, path, **({} if method == "GET" else {"data": {"person": "me"}}))
            asked_for_the_key = answer.headers.get("location", "").startswith("/key")
            assert answer.status_code >= 400 or asked_for_the_key, (method, path)
    for path in (f"/v1/decisions/{SLUG}/charter", "/v1/decisions", "/v1/case", "/v1/me"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert ask(method, path, json={}).status_code in (404, 405)
    assert {path: path.read_bytes() for path in before} == before


SECRETS = ({"answer": "bring", "confidence": 0.91}, {"answer": "leave", "confidence": 0.12})
HIDDEN: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "sealed": [],
    "withheld": [("prior", {"answer": "leave"}), ("ask-advice", {})],
    "chosen": [("prior", {"answer": "leave"}), ("choice", {"answer": "leave"})],
}


@pytest.mark.feature("C2")
@pytest.mark.parametrize("lived", HIDDEN.values(), ids=HIDDEN.keys())
def test_the_widest_token_of_an_agent_reads_nothing_over_rest_of_advice_that_is_not_shown(
    tmp_path: Path, lived: list[tuple[str, dict[str, Any]]]
):
    first = place(tmp_path / "0", asked=1, held=1)
    text = token(first, verbs=("*",), decisions=("*",))
    office = Office(first, clock=Hand())
    assert office.record.key
    office.close()
    shutil.copytree(first, tmp_path / "1")
    ids = [new_id() for _ in range(8)]
    heard: list[list[tuple[int, bytes]]] = []
    for number, secret in enumerate(SECRETS):
        server = Server(tmp_path / str(number))
        ask, record, numbers = everything(server, text), server.office.record, itertools.count()

        def does(verb: str, by: Any = ANN, **fields: Any) -> None:
            asks(record, verb, by, id=ids[next(numbers)], **fields)  # noqa: B023

        does("open", MODEL, inputs={"fault_code": "E-12"})
        does("advice", MODEL, source=f"parts-model@{number}", **secret)
        for verb, fields in lived:
            does(verb, **fields)
        answers = [
            ask("GET", f"/v1/case?decision={SLUG}&case=c-1"),
            ask("GET", "/v1/events?since=0&most=500"),
            ask("GET", f"/v1/receipts/{ids[1]}"),
            ask("GET", f"/v1/export?decision={SLUG}"),
            ask("GET", "/v1/export"),
            ask("POST", "/v1/advice/ask", json=frame(id=ids[6], case="c-9")),
        ]
        if not lived:
            answers.append(ask("POST", "/v1/advice/ask", json=frame(id=ids[7])))
            assert answers[-1].json()["code"] == "prior-first"
        heard.append([(answer.status_code, _timeless(answer.content)) for answer in answers])
        server.close()
    assert heard[0] == heard[1]
    assert b"parts-model@" not in b"".join(body for _, body in heard[0])


def _timeless(content: bytes) -> bytes:
    return re.sub(rb"2026-11-24T09:00:00\.\d+Z", b"then", content)


@pytest.mark.deep
@pytest.mark.feature("I3")
def test_an_agent_records_a_whole_case_at_a_running_server(tmp_path: Path):
    folder = place(tmp_path / "w")
    text = token(folder, now=datetime.now(UTC))
    serving = subprocess.Popen(
        [SAYSO, "serve", "--folder", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert serving.stdout is not None
        address = next(line for line in serving.stdout if "http" in line).strip()
        over_pipe(whole_case, "--server", address, mode="legacy", SAYSO_TOKEN=text)

        async def reads(client: Client) -> None:
            result = await client.call_tool("read_case", {"decision": SLUG, "case": "c-1"})
            assert result.structured_content["outcome_known"] is True

        over_pipe(reads, "--server", address, mode="auto", SAYSO_TOKEN=text)
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(30)
        if serving.stdout is not None:
            serving.stdout.close()


def test_what_a_desk_raises_is_always_ours(server: Server):
    with server.desk("sayso_x") as desk, pytest.raises(SaysoError) as error:
        desk.actor()
    assert isinstance(error.value, RecordRefused)
