"""The server as the SDK sees it: batches of writes, charters, one case."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Few enough that reading the answers does not hold up the program that records meanwhile.
MOST_WRITES = 100
# The server takes 4 MiB; the frame around the writes is small.
MOST_BYTES = 4 * 1024 * 1024 - 4096

# Were one of the first held up for a moment and one of the second, behind it, taken, the record would
# say that the first view was skipped, or the advice not seen. So they do not travel together. All
# others are refused behind one that is missing, or do not mind, and are sent again.
COMES_BEFORE = frozenset({"prior", "skip-prior", "advice", "ask-advice", "open-advice", "signal"})
ENDS = frozenset({"choice", "ignore", "abstain", "expire"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one write.

    Attributes:
        status: As of HTTP.
        body: The write's answer, with the case as it then stands.
        problem: Why not, where it was not taken.
    """

    status: int
    body: Mapping[str, Any]  # JSON
    problem: Mapping[str, Any]  # JSON

    @property
    def taken(self) -> bool:
        """Whether it is on record."""
        return self.status in (200, 201)

    @property
    def for_good(self) -> bool:
        """Whether sending it again would change nothing."""
        return 400 <= self.status < 500 and self.status not in (401, 408, 425, 429)

    @property
    def code(self) -> str:
        """The problem's stable code; empty where there is none."""
        return str(self.problem.get("code", ""))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server says to a request.

    Attributes:
        status: As of HTTP; 0 where nothing came back.
        body: What it says.
        etag: What it is called, so that it is not sent again unchanged.
        wait: Seconds that it asks to be left alone.
    """

    status: int
    body: Mapping[str, Any]  # JSON
    etag: str = ""
    wait: float = 0.0


class Server(Protocol):
    """Whoever answers batches and questions."""

    def batch(self, writes: Sequence[bytes]) -> Reply:
        """Send writes; ``answers`` in the reply stand in their order."""
        ...

    def get(self, path: str, query: Mapping[str, str], etag: str = "") -> Reply:
        """Ask for something."""
        ...


def answers_of(reply: Reply, count: int) -> list[Answer] | None:
    """One answer for each write of a batch; None where the reply holds no such thing."""
    listed: object = reply.body.get("answers")
    if reply.status != 200 or not isinstance(listed, list) or len(listed) != count:
        return None
    found: list[Answer] = []
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("status"), int):
            return None
        problem = one.get("problem")
        found.append(Answer(one["status"], one, problem if isinstance(problem, dict) else {}))
    return found


class HttpServer:
    """The server behind an address."""

    def __init__(self, url: str, token: str | None, *, seconds: float, quiet: float = 0.0) -> None:
        """Speak to a server.

        Args:
            url: Its address, without ``/v1``.
            token: The token; None on loopback, for the one person at this computer.
            seconds: How long a request may take.
            quiet: Seconds in which nothing is asked after a question had no answer.
        """
        self.url = url.rstrip("/")
        self._token = token
        self._seconds, self._quiet, self._quiet_until = seconds, quiet, float("-inf")
        self._client: Any = None  # httpx.Client, loaded on first use

    def batch(self, writes: Sequence[bytes]) -> Reply:
        """Send writes; a reply of status 0 where nothing came back."""
        content = b'{"writes":[' + b",".join(writes) + b"]}"
        return self._asked(
            "POST", "/v1/batch", content=content, headers={"Content-Type": "application/json"}
        )

    def get(self, path: str, query: Mapping[str, str], etag: str = "") -> Reply:
        """Ask for something; a reply of status 0 where nothing came back."""
        if self.is_quiet:
            return Reply(0, {"detail": "no answer a moment ago"})
        headers = {"If-None-Match": etag} if etag else {}
        reply = self._asked("GET", path, params=dict(query), headers=headers)
        if reply.status == 0:
            self.leave_alone()
        return reply

    @property
    def is_quiet(self) -> bool:
        """Whether it had no answer a moment ago, so that nobody should wait for one now."""
        return time.monotonic() < self._quiet_until

    def leave_alone(self) -> None:
        """Ask nothing for a while: each caller would wait as long as the last, and for nothing."""
        self._quiet_until = time.monotonic() + self._quiet

    def after_fork(self) -> None:
        """In a child: connections are the parent's."""
        self._client = None

    def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _asked(self, method: str, path: str, **what: Any) -> Reply:
        import httpx

        if self._client is None:
            login = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
            # Proxies of the environment are not asked: a token goes where it was meant to go.
            self._client = httpx.Client(
                headers={**login, "User-Agent": "sayso-sdk"}, timeout=self._seconds, trust_env=False
            )
        try:
            got = self._client.request(method, self.url + path, **what)
        except httpx.HTTPError as error:
            return Reply(0, {"detail": f"{type(error).__name__}: {error}"[:200]})
        try:
            body = {} if got.status_code == 304 else json.loads(got.content)
        except ValueError:
            # A page of some proxy in between is no answer of the server.
            return Reply(0, {"detail": f"{got.status_code} without JSON"})
        wait = got.headers.get("Retry-After", "")
        return Reply(
            got.status_code,
            body if isinstance(body, dict) else {},
            got.headers.get("ETag", ""),
            float(wait) if wait.isdecimal() else 0.0,
        )
