"""A desk at a server: every question goes to its ``/v1``, with the token."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sayso.domain.errors import RecordRefused, ServerAway
from sayso.record.ids import RANDOM_BYTES, uuid7
from sayso.record.refusal import Refusal
from sayso.record.strict_json import read_object
from sayso.workspace.desk_answers import actor_of_json
from sayso.workspace.serve import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import httpx

    from sayso.record.strict_json import Json
    from sayso.record.terms import Actor

SECONDS = 30.0
# The longest answer that is read: a charter's text, in it a case of many owed answers.
MOST_BYTES = 4 << 20
# Where each verb of a case is asked.
PATHS = {
    "open": "cases",
    "prior": "priors",
    "skip-prior": "prior-skips",
    "advice": "advice",
    "ask-advice": "advice/ask",
    "open-advice": "advice/open",
    "signal": "signals",
    "choice": "choices",
    "reason": "reasons",
    "ignore": "ignored",
    "abstain": "abstentions",
    "escalate": "escalations",
    "expire": "expiries",
    "contest": "contests",
    "answer-contest": "contests/answer",
    "workaround": "workarounds",
    "answer-workaround": "workarounds/answer",
    "outcome": "outcomes",
    "correct": "corrections",
}


class ServerDesk:
    """A desk at a server; close it, or use it in a ``with`` block."""

    def __init__(
        self, address: str, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take an address such as ``https://decisions.example``; nothing is sent yet.

        Args:
            address: The server.
            token: What is shown with every question.
            transport: How requests travel; the network where not said.

        Raises:
            ServerAway: If that is no address of a server.
        """
        import httpx

        try:
            parts = urlsplit(address)
            named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            named, parts = False, urlsplit("")
        if not named or "@" in parts.netloc or parts.query or parts.fragment:
            raise ServerAway(
                f"{address[:80]!r} is no address of a server.",
                hint="Write it as https://decisions.example.",
            )
        self._address = address.rstrip("/")
        self._http = httpx.Client(
            base_url=f"{self._address}/v1/",
            headers={"authorization": f"Bearer {token}", "accept": "application/json"},
            timeout=SECONDS,
            # The token is for this server alone: no other one, and no proxy in between, is told.
            follow_redirects=False,
            trust_env=not is_loopback(parts.hostname or ""),
            transport=transport,
        )
        self._actor: Actor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def actor(self) -> Actor:
        """Who asks, as the server says; asked once, since a token never changes hands."""
        if self._actor is None:
            said = actor_of_json(self._asked("GET", "me").get("actor"))
            if said is None:
                raise self._strange("it does not say who asks")
            self._actor = said
        return self._actor

    def new_id(self) -> str:
        """An id for a command whose sender made none."""
        return uuid7(datetime.now(UTC), os.urandom(RANDOM_BYTES))

    def decisions(self) -> dict[str, Json]:
        """The decisions that the token reaches."""
        return self._asked("GET", "decisions")

    def charter(self, decision: str, version: int | None) -> dict[str, Json]:
        """A charter, the version in force where none is named."""
        which = None if version is None else {"version": str(version)}
        return self._asked("GET", f"decisions/{quote(decision, safe='')}/charter", which)

    def mandate(self, decision: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Whether the AI may decide a case with these inputs alone."""
        plain = {"decision": decision, "inputs": dict(inputs)}
        return self._asked("POST", "mandate", body=plain)

    def case(self, decision: str, case: str) -> dict[str, Json]:
        """A case as those who take part may see it."""
        return self._asked("GET", "case", {"decision": decision, "case": case})

    def write(self, verb: str, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Ask one thing of one case."""
        return self._asked("POST", PATHS[verb], body=dict(plain))

    def save(self, path: str, which: Mapping[str, str], file: Path) -> None:
        """Write what the server answers into a file, however much it is.

        Args:
            path: The route, below /v1/.
            which: What it asks for.
            file: Where to.

        Raises:
            RecordRefused: If the server refuses.
            ServerAway: If it does not answer, or stops half way.
            OSError: If the file cannot be written.
        """
        import httpx

        try:
            with self._http.stream("GET", path, params=which) as answer:
                if answer.is_success:
                    with file.open("wb") as out:
                        for piece in answer.iter_bytes():
                            out.write(piece)
                    return
                plain = read_object(answer.read(), most=MOST_BYTES)
        except httpx.HTTPError as error:
            raise ServerAway(
                f"No answer from {self._address}: {type(error).__name__}.",
                hint="See whether it runs, and ask again.",
            ) from error
        if isinstance(plain, Refusal):
            raise self._strange(f"status {answer.status_code} and no JSON")
        raise self._refused(answer.status_code, plain)

    def _asked(
        self,
        method: str,
        path: str,
        which: Mapping[str, str] | None = None,
        body: Mapping[str, Json] | None = None,
    ) -> dict[str, Json]:
        import httpx

        try:
            answer = self._http.request(method, path, params=which, json=body)
        except httpx.HTTPError as error:
            raise ServerAway(
                f"No answer from {self._address}: {type(error).__name__}.",
                hint="See whether it runs, and send the same again with the same id.",
            ) from error
        if len(answer.content) > MOST_BYTES:
            raise self._strange(f"{len(answer.content)} bytes")
        plain = read_object(answer.content, most=MOST_BYTES)
        if isinstance(plain, Refusal):
            raise self._strange(f"status {answer.status_code} and no JSON")
        if answer.is_success:
            return plain
        raise self._refused(answer.status_code, plain)

    def _refused(self, status: int, plain: dict[str, Json]) -> RecordRefused | ServerAway:
        """The server's refusal, as it would have been here."""
        code = str(plain.get("code", ""))
        if not code:
            return self._strange(f"status {status} without a code")
        detail, hint = (str(plain.get(key, "")) for key in ("detail", "hint"))
        field = plain.get("field")
        return RecordRefused(code, detail, hint=hint, field=str(field or ""))

    def _strange(self, what: str) -> ServerAway:
        return ServerAway(
            f"{self._address} answers as no Sayso of this version does: {what}.",
            hint="Check the address, and that both are of one version.",
        )
