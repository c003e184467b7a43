"""While the server is away one caller waits for it, and the next are told so at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.sdk.road import SpooledRoad
from sayso.sdk.server import HttpServer, Reply
from sayso.sdk.spool import SpoolRules
from sayso.sdk.write import write_of


class Away(HttpServer):
    """A server that answers nothing, and counts who asked."""

    def __init__(self, quiet: float) -> None:
        super().__init__("http://127.0.0.1:9", None, seconds=0.1, quiet=quiet)
        self.tried = 0
        self.status = 0

    def _asked(self, method: str, path: str, **what: object) -> Reply:
        self.tried += 1
        return Reply(self.status, {})


class Clock:
    """A clock that goes only while somebody sleeps."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("sayso.sdk.server.time", made)
    monkeypatch.setattr("sayso.sdk.road.time", made)
    return made


def test_after_one_has_waited_in_vain_nobody_waits_for_a_while(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sayso.sdk.road.Sender", _NoSender)
    asked = Away(quiet=5.0)
    road = SpooledRoad(tmp_path, Away(quiet=0.0), asked, SpoolRules())
    write = write_of("ask-advice", {}, decision="d", version=1, case="c")
    assert road.answers([write], 2.0) is None
    assert clock.at == pytest.approx(102.0)
    tried = asked.tried
    assert all(road.answers([write], 2.0) is None for _ in range(10))
    assert asked.get("/v1/case", {}).status == 0
    assert (asked.tried, clock.at) == (tried, pytest.approx(102.0))
    clock.at += 5.0
    assert road.answers([write], 2.0) is None
    assert asked.tried > tried


def test_a_server_that_answers_is_not_left_alone(clock: Clock):
    server = Away(quiet=5.0)
    server.status = 503
    assert [server.get("/v1/case", {}).status for _ in range(3)] == [503] * 3
    server.status = 0
    server.get("/v1/case", {})
    server.status = 200
    assert server.get("/v1/case", {}).status == 0
    clock.at += 5.1
    assert server.get("/v1/case", {}).status == 200


class _NoSender:
    """Sends nothing."""

    trouble = ""

    def __init__(self, *what: object) -> None:
        del what

    def start(self) -> None:
        """Nothing begins."""
