"""Sending what waits: which records go next, what an answer means, and when to try again.

Nothing here sleeps or starts a thread: ``step`` does one round and says how long to wait, so that
every fault can be tried with a clock set by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sayso.sdk.server import COMES_BEFORE, ENDS, MOST_BYTES, MOST_WRITES, answers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.sdk.server import Answer, Reply, Server
    from sayso.sdk.waiting import SpoolReader, Waiting

MOST_KNOWN = 1_000
FIRST_WAIT = 0.1
LONGEST_WAIT = 30.0
NOTHING_TO_DO = 0.5
# What these say may change once another program's spool has been sent: a case is opened in one
# place, and its outcome comes from another. Asked again over about two minutes, then believed.
OUT_OF_ORDER = frozenset(
    {"case-not-opened", "choice-first", "outcome-before-choice", "advice-none"}
)
ORDER_TRIES = 8
ORDER_WAIT = 1.0
# These say that the request is at fault, or the login, not any one write.
_NOT_THE_WRITES = frozenset({401, 403, 404, 405, 408, 425, 429})


class Delivery:
    """The rounds of sending one spool; holds what it learned from the last answers."""

    def __init__(self, reader: SpoolReader, server: Server, random: Callable[[], float]) -> None:
        """Take over the reading end of a spool.

        Args:
            reader: The reading end.
            server: Where to.
            random: Draws a number in [0, 1), so that many programs do not come back at once.
        """
        self._reader, self._server, self._random = reader, server, random
        self._failures = 0
        self._most = MOST_WRITES
        self.trouble = ""

    def step(self, now: float, now_us: int) -> float:
        """Send one batch.

        Args:
            now: The moment, in seconds of a clock that never goes back.
            now_us: The moment, in microseconds since 1970.

        Returns:
            Seconds to wait before the next; 0 where more may wait.
        """
        known = self._reader.look(now_us, MOST_KNOWN)
        batch, soonest = _next(known, now, self._most)
        if not batch:
            self._reader.settle()
            return NOTHING_TO_DO if soonest is None else min(NOTHING_TO_DO, soonest - now)
        reply = self._server.batch([one.body for one in batch])
        answers = answers_of(reply, len(batch))
        if answers is None:
            return self._failed(batch, reply)
        self._most = MOST_WRITES
        slow = self._take(batch, answers, now)
        self._reader.settle()
        if slow:
            return self._later(max(slow, reply.wait))
        self._failures, self.trouble = 0, ""
        return 0.0

    def _take(self, batch: list[Waiting], answers: list[Answer], now: float) -> float:
        """Note what each answer means; seconds to hold back, where the server is in trouble."""
        unsure: set[tuple[str, str]] = set()
        hold = 0.0
        for one, answer in zip(batch, answers, strict=True):
            if answer.taken:
                self._look_for_breach(one, answer)
                one.outcome = "sent"
            elif one.case in unsure:
                # It was refused while an elder record of its case was not in: ask again.
                continue
            elif answer.for_good and self._restated(one, answer):
                unsure.add(one.case)
            elif answer.for_good and answer.code in OUT_OF_ORDER and one.tries < ORDER_TRIES:
                one.not_before = now + ORDER_WAIT * 2 ** min(one.tries, 5)
                one.tries += 1
                unsure.add(one.case)
            elif answer.for_good:
                self._reader.refuse(one, dict(answer.problem))
                one.outcome = "refused"
            else:
                unsure.add(one.case)
                one.not_before = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(one.setbacks, 16))
                one.setbacks += 1
                hold = FIRST_WAIT
                self.trouble = f"{answer.status} {answer.code}".strip()
        # What others still get through does not wait for one that is held up.
        return 0.0 if any(a.taken for a in answers) else hold

    def _look_for_breach(self, one: Waiting, answer: Answer) -> None:
        """Say where advice was shown, as nothing could be sealed, and the record says otherwise.

        It takes a charter whose text was changed without another version.
        """
        case = answer.body.get("case")
        if one.plain.get("verb") != "ask-advice" or not isinstance(case, dict):
            return
        if case.get("shown") is None:
            problem = {
                "code": "shown-though-withheld",
                "detail": "The advice was shown, as the charter sealed nothing; the record says that "
                "it was withheld.",
                "hint": "Leave the case out of comparisons, and give a changed charter a new version.",
            }
            self._reader.refuse(one, problem)

    def _restated(self, one: Waiting, answer: Answer) -> bool:
        """An outcome is a fact under any charter: say it under the version its case has."""
        if answer.code != "charter-stale" or one.plain.get("verb") != "outcome":
            return False
        reply = self._server.get("/v1/case", {"decision": one.case[0], "case": one.case[1]})
        version = reply.body.get("charter_version")
        if reply.status != 200 or not isinstance(version, int):
            return False
        if version == one.plain.get("charter_version"):
            return False
        one.plain["charter_version"] = version
        one.body = json.dumps(one.plain, ensure_ascii=False, separators=(",", ":")).encode()
        return True

    def _failed(self, batch: list[Waiting], reply: Reply) -> float:
        """The batch as a whole was not answered."""
        problem = reply.body
        self.trouble = f"{reply.status or 'no answer'} {problem.get('code', '')}".strip()
        mine = 400 <= reply.status < 500 and reply.status not in _NOT_THE_WRITES
        if mine and len(batch) > 1:
            # One of them is too large or of no form; halving finds it.
            self._most = max(1, len(batch) // 2)
            return 0.0
        if mine:
            self._reader.refuse(batch[0], dict(problem))
            batch[0].outcome = "refused"
            self._reader.settle()
            return 0.0
        return self._later(reply.wait)

    def _later(self, least: float) -> float:
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 16))
        self._failures += 1
        return max(least, longest * (0.5 + self._random() / 2))


def _next(known: list[Waiting], now: float, most: int) -> tuple[list[Waiting], float | None]:
    """The records that go next, in the order of their cases; and when the first held one may."""
    held: set[tuple[str, str]] = set()
    before: set[tuple[str, str]] = set()
    batch: list[Waiting] = []
    size, soonest = 0, None
    for one in known:
        if one.case in held:
            continue
        if one.not_before > now:
            held.add(one.case)
            soonest = one.not_before if soonest is None else min(soonest, one.not_before)
            continue
        if one.case in before and one.plain.get("verb") in ENDS:
            held.add(one.case)
            continue
        size += len(one.body) + 1
        if batch and (size > MOST_BYTES or len(batch) >= most):
            break
        batch.append(one)
        if one.plain.get("verb") in COMES_BEFORE:
            before.add(one.case)
    return batch, soonest
