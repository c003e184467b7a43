"""A door of one workspace without a network, and programs that knock at it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from sayso.api.app import make_api
from sayso.record.ids import uuid7
from sayso.workspace.api_office import Office
from sayso.workspace.tokens import make_token
from tests.record.workspaces import NOW, Hand

SLUG = "first-visit-part"
PATHS = {
    "open": "/v1/cases",
    "prior": "/v1/priors",
    "skip-prior": "/v1/prior-skips",
    "advice": "/v1/advice",
    "ask-advice": "/v1/advice/ask",
    "open-advice": "/v1/advice/open",
    "signal": "/v1/signals",
    "choice": "/v1/choices",
    "reason": "/v1/reasons",
    "ignore": "/v1/ignored",
    "abstain": "/v1/abstentions",
    "escalate": "/v1/escalations",
    "expire": "/v1/expiries",
    "contest": "/v1/contests",
    "answer-contest": "/v1/contests/answer",
    "workaround": "/v1/workarounds",
    "answer-workaround": "/v1/workarounds/answer",
    "outcome": "/v1/outcomes",
    "correct": "/v1/corrections",
}
# What a verb needs besides its frame.
FIELDS: dict[str, dict[str, Any]] = {
    "prior": {"answer": "bring"},
    "advice": {"answer": "bring", "source": "parts-model"},
    "signal": {"source": "committee"},
    "choice": {"answer": "bring"},
    "reason": {"text": "it rattles"},
    "escalate": {"to": "head-of-field-service"},
    "contest": {"target": "charter", "text": "this is wrong"},
    "answer-contest": {"contest": "x", "text": "it is not"},
    "workaround": {"text": "decided by telephone"},
    "answer-workaround": {"workaround": "x", "text": "noted"},
    "outcome": {"outcome": True},
    "correct": {"of": "x", "field": "answer", "now": "leave", "because": "a slip"},
}
_numbers = itertools.count(1)


def new_id() -> str:
    return uuid7(NOW, next(_numbers).to_bytes(9, "big") + b"\1")


def write(verb: str, case: str = "visit-1", **fields: Any) -> dict[str, Any]:
    """A write as a program sends it."""
    frame = {
        "id": new_id(),
        "decision": SLUG,
        "charter_version": 3,
        "case": case,
        "at": "2026-11-24T09:00:00Z",
    }
    return {**frame, **FIELDS.get(verb, {}), **fields}


class Door:
    """The door of a workspace; requests come from this computer unless said otherwise."""

    def __init__(self, folder: Path, *, public: bool = False, **options: Any) -> None:
        self.folder = folder
        clock = options.pop("clock", None) or Hand()
        self.office = Office(folder, clock=clock, database=options.pop("database", None))
        self.app = make_api(self.office, for_this_computer=not public, **options)
        self.host = "sayso.example" if public else "127.0.0.1:8080"
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.office.close()
        self._loop.close()

    def token(self, actor: str = "human:ann", **made: Any) -> str:
        options: dict[str, Any] = {"decisions": ["*"], "verbs": ["*"], "now": NOW}
        return make_token(self.folder, actor, **{**options, **made}).text

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        client: tuple[str, int] = ("127.0.0.1", 50000),
        **options: Any,
    ) -> httpx.Response:
        return self.ask_all([(method, path, token, headers or {}, options)], client=client)[0]

    def ask_all(
        self,
        requests: list[tuple[str, str, str | None, Mapping[str, str], dict[str, Any]]],
        *,
        client: tuple[str, int] = ("127.0.0.1", 50000),
    ) -> list[httpx.Response]:
        """Ask many things at once."""

        async def all_of_them() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app, client=client)
            async with httpx.AsyncClient(
                transport=transport, base_url=f"http://{self.host}"
            ) as http:

                async def one(
                    method: str,
                    path: str,
                    token: str | None,
                    said: Mapping[str, str],
                    options: dict[str, Any],
                ) -> httpx.Response:
                    shown = {} if token is None else {"authorization": f"Bearer {token}"}
                    return await http.request(method, path, headers={**shown, **said}, **options)

                return await asyncio.gather(*(one(*request) for request in requests))

        return self._loop.run(all_of_them())

    def get(self, path: str, token: str | None = None, **options: Any) -> httpx.Response:
        return self.ask("GET", path, token=token, **options)

    def post(
        self, path: str, plain: Any, token: str | None = None, **options: Any
    ) -> httpx.Response:
        return self.ask("POST", path, token=token, json=plain, **options)

    def write(
        self, verb: str, case: str = "visit-1", token: str | None = None, **fields: Any
    ) -> httpx.Response:
        return self.post(PATHS[verb], write(verb, case, **fields), token)

    def does(self, case: str, *verbs: str, token: str | None = None) -> dict[str, Any]:
        """Writes that have to be taken; says what the last one led to."""
        told: dict[str, Any] = {}
        for verb in verbs:
            answer = self.write(verb, case, token)
            assert answer.status_code == 201, (verb, answer.text)
            told = answer.json()
        return told

    def size(self) -> int:
        return self.office.record.store.head().size

    def case_of(self, *, sealed: bool, shown: bool = True, starts: str = "visit") -> str:
        """A case that was opened and whose coins fell so."""
        for number in range(10_000):
            case = f"{starts}-{next(_numbers)}-{number}"
            told = self.write("open", case, inputs={"stock_low": False}).json()
            state = self.office.record.store.state_of(SLUG, case)
            assert state is not None
            assert state.draw is not None
            if told["case"]["prior_asked"] is sealed and state.draw.show is shown:
                return case
        raise AssertionError("no coin fell so")


def code(answer: httpx.Response) -> str:
    """The code of a refusal, which is a problem in every part."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    plain = json.loads(answer.content)
    assert set(plain) == {"type", "title", "status", "code", "detail", "field", "hint"}
    assert plain["status"] == answer.status_code
    assert plain["hint"]
    assert plain["title"]
    assert plain["type"] == f"urn:sayso:{plain['code']}"
    return plain["code"]
