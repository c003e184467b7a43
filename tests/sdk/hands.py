"""A server and a clock that are worked by hand, for the rounds of sending."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sayso.sdk.delivery import Delivery
from sayso.sdk.server import Reply
from sayso.sdk.spool import Spool, SpoolRules
from sayso.sdk.waiting import SpoolReader, counts_of, reader_of


def body(number: int, case: str = "c-1", verb: str = "signal", **more: object) -> bytes:
    return json.dumps(
        {"verb": verb, "id": f"id-{number}", "decision": "d", "case": case, "n": number, **more}
    ).encode()


class HandServer:
    """Takes writes once by their id; fails as it is told to.

    Attributes:
        kept: What it has, in the order it came.
        plan: What happens to the next requests: a status for all, ``lost`` (done, never
            answered), ``away``; afterwards all is well.
        problems: The answer to a write, by its id, in place of taking it; used up one by one.
        version: What it says that a case's charter has.
        case: What it says of a case.
    """

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.plan: list[int | str] = []
        self.problems: dict[str, list[tuple[int, str]]] = {}
        self.asked: list[list[str]] = []
        self.sizes: list[int] = []
        self.version = 1
        self.case: dict[str, Any] = {}

    def ids(self) -> list[str]:
        return [one["id"] for one in self.kept]

    def batch(self, writes: Sequence[bytes]) -> Reply:
        plain = [json.loads(w) for w in writes]
        self.asked.append([one["id"] for one in plain])
        self.sizes.append(sum(len(w) + 1 for w in writes) + 20)
        planned = self.plan.pop(0) if self.plan else 200
        if planned == "away":
            return Reply(0, {})
        if isinstance(planned, int) and planned != 200:
            return Reply(planned, {"code": f"made-up-{planned}"})
        answers = [self._answer(one) for one in plain]
        return Reply(0, {}) if planned == "lost" else Reply(200, {"answers": answers})

    def get(self, path: str, query: Mapping[str, str], etag: str = "") -> Reply:
        return Reply(200, {"charter_version": self.version})

    def _answer(self, one: dict[str, Any]) -> dict[str, Any]:
        if self.problems.get(one["id"]):
            status, code = self.problems[one["id"]].pop(0)
            return {"status": status, "problem": {"code": code, "detail": "made up"}}
        if one["id"] in self.ids():
            return {"status": 200}
        self.kept.append(one)
        return {"status": 201, "case": self.case}


def spool_in(folder: Path, **rules: Any) -> Spool:
    return Spool(folder, SpoolRules(**rules))


def reader_in(folder: Path) -> SpoolReader:
    found = reader_of(folder)
    assert found is not None
    return found


class Hour:
    """Seconds and microseconds that go on only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def steps(self, delivery: Delivery, most: int = 200) -> list[float]:
        """Send until nothing is left to do, at once after each wait; the waits."""
        waits: list[float] = []
        for _ in range(most):
            wait = delivery.step(self.seconds, LONG_AFTER_US)
            self.seconds += wait
            waits.append(wait)
            if wait and not counts_of(delivery._reader.folder).waiting:  # pyright: ignore[reportPrivateUsage]
                return waits
        return waits


LONG_AFTER_US = 4_000_000_000_000_000
