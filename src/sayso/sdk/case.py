"""One case as a program records it: a verb a method, in the words of the record."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from sayso.sdk.handed import (
    Handed,
    NoAdvice,
    NotAsked,
    Sealed,
    Shown,
    Unreached,
    Withheld,
)
from sayso.sdk.road import refusal_of
from sayso.sdk.write import Write, write_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from types import TracebackType
    from typing import Literal, Self

    from sayso.sdk.handed import Answer, Scalar
    from sayso.sdk.road import Road


class Case:
    """A case; ``Client.case`` opens one, ``Client.opened_case`` goes on with one.

    Every method but three returns when the write is kept. The three that need an answer of the
    server (`prior_asked`, `prior`, `ask_advice`, and so `advice`) wait for it as long as the
    client was told, and only where the charter may seal something.
    """

    def __init__(
        self,
        road: Road,
        decision: str,
        id: str,  # noqa: A002 - the word of every door
        *,
        terms: Callable[[], tuple[int, bool]],
        opening: Mapping[str, object] | None,
        decider: str | None,
        wait: float,
    ) -> None:
        """Prepare a case; nothing is written yet.

        Args:
            road: How writes get to the record.
            decision: The decision's slug.
            id: The case.
            terms: The charter's version, and whether it may seal anything; asked once.
            opening: What the opening says; None where the case was opened before.
            decider: Whom the writes are by, where the token acts for several people.
            wait: Seconds to wait where an answer is needed.
        """
        self.decision, self.id = decision, id
        self._road, self._terms_of, self._opening = road, terms, opening
        self._decider, self._wait = decider, wait
        self._lock = threading.RLock()
        self._terms: tuple[int, bool] | None = None
        self._unanswered: list[Write] = []
        self._given: Shown | None = None
        self._seen: Mapping[str, Any] | None = None
        self._asking: Write | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is recorded at the end: what was not said is not known."""

    def open(self) -> None:
        """Open the case, where it is new and not opened yet; the other methods do so too."""
        with self._lock:
            opening, self._opening = self._opening, None
            if opening is not None:
                try:
                    self._write("open", dict(opening))
                except BaseException:
                    self._opening = opening
                    raise

    # --- before the choice ---

    @property
    def prior_asked(self) -> bool:
        """Whether a first view is asked for; waits for the server where the charter may ask.

        False where the server cannot be reached in time: the decider is then not asked, and the
        advice is held back too. Should the coin have asked, the record says that the first view
        was skipped, which is what happened.
        """
        with self._lock:
            self.open()
            if self._certain():
                return False
            if self._seen is None:
                self._ask([])
            return self._seen is not None and bool(self._seen.get("prior_asked"))

    def prior(
        self, answer: Answer, *, confidence: float | None = None, seconds: float | None = None
    ) -> str | NotAsked:
        """My own first view, before the advice.

        Returns:
            The id of the write; or that no first view is asked for, so none was recorded. Where
            the server could not be reached it is kept, and recorded if it was asked for.
        """
        with self._lock:
            asked = self.prior_asked
            if self._certain() or (self._seen is not None and not asked):
                return NotAsked()
            return self._write(
                "prior", {"answer": answer, "confidence": confidence, "seconds": seconds}
            )

    def skip_prior(self) -> str | NotAsked:
        """No first view from me, though one is asked for."""
        with self._lock:
            asked = self.prior_asked
            if self._certain() or (self._seen is not None and not asked):
                return NotAsked()
            return self._write("skip-prior", {})

    def advice(
        self,
        answer: Answer,
        *,
        source: str,
        confidence: float | None = None,
        details: Mapping[str, Scalar] | None = None,
    ) -> Handed:
        """Give the advice, and ask at once whether it may be shown.

        Show a decider nothing but what this returns: the model's own answer would break the seal.

        Args:
            answer: What is advised.
            source: Who advises, as ``model@version``.
            confidence: How sure, in 0 to 1.
            details: Named parts of the advice.

        Returns:
            ``Shown`` with the advice; or ``Sealed``, ``Withheld`` or ``Unreached``, which say why
            there is none to show.
        """
        with self._lock:
            self.give_advice(answer, source=source, confidence=confidence, details=details)
            return self.ask_advice()

    def give_advice(
        self,
        answer: Answer,
        *,
        source: str,
        confidence: float | None = None,
        details: Mapping[str, Scalar] | None = None,
    ) -> str:
        """Give the advice; it is kept, and shown to nobody yet."""
        with self._lock:
            said: dict[str, object] = {
                "answer": answer,
                "source": source,
                "confidence": confidence,
                "details": dict(details) if details else None,
            }
            made = self._write("advice", said)
            # The first advice counts; the record refuses a second.
            if self._given is None:
                self._given = Shown(_bare(answer), source, confidence, dict(details or {}))
            return made

    def ask_advice(self) -> Handed:
        """Ask for the advice; waits for the server where the charter may seal it.

        Raises:
            RecordRefused: If the case is not as it should be, for example opened under an old
                charter.
        """
        with self._lock:
            self.open()
            if self._certain() and self._given is not None:
                self._write("ask-advice", {})
                return self._given
            # Not put into the spool: sent later, it would say that advice was shown which nobody
            # saw. The same id is used until there is an answer.
            if self._asking is None:
                self._asking = self._made("ask-advice", {})
            began = time.monotonic()
            answers = self._ask([self._asking])
            if answers is None:
                return Unreached(round(time.monotonic() - began, 3))
            answer = answers[-1]
            self._asking = None
            if answer.code == "prior-first":
                return Sealed()
            if answer.code == "advice-none":
                return NoAdvice()
            if not answer.taken:
                raise refusal_of(answer.problem)
            return _handed(answer.body.get("case", {}))

    def open_advice(self) -> str:
        """I opened the advice that was shown."""
        return self._write("open-advice", {})

    def signal(self, source: str, *, says: Answer | None = None, text: str | None = None) -> str:
        """A superior or a committee said something before the choice."""
        return self._write("signal", {"source": source, "says": says, "text": text})

    # --- the choice ---

    def choose(
        self,
        answer: Answer,
        *,
        reason: str | None = None,
        reason_text: str | None = None,
        confidence: float | None = None,
        details: Mapping[str, Scalar] | None = None,
        seconds: float | None = None,
        override_kind: Literal["refines", "substitutes"] | None = None,
    ) -> str:
        """The choice.

        Args:
            answer: What was decided.
            reason: A code from the charter's list.
            reason_text: The reason in words.
            confidence: How sure, in 0 to 1.
            details: Named parts of the choice.
            seconds: How long it took since the case was seen.
            override_kind: How it differs from advice that was shown, where the usual reading is
                wrong.
        """
        return self._write(
            "choice",
            {
                "answer": answer,
                "reason_code": reason,
                "reason_text": reason_text,
                "confidence": confidence,
                "details": dict(details) if details else None,
                "seconds": seconds,
                "override_kind": override_kind,
            },
        )

    def reason(self, code: str | None = None, *, text: str | None = None) -> str:
        """A reason for the choice, given afterwards."""
        return self._write("reason", {"code": code, "text": text})

    def ignore(self) -> str:
        """Nobody answered; what happens by default happened."""
        return self._write("ignore", {})

    def abstain(self, *, reason: str | None = None, text: str | None = None) -> str:
        """I decline to decide."""
        return self._write("abstain", {"reason_code": reason, "text": text})

    def escalate(self, to: str, *, text: str | None = None) -> str:
        """I hand this to a role above."""
        return self._write("escalate", {"to": to, "text": text})

    def expire(self) -> str:
        """The time to decide ran out."""
        return self._write("expire", {})

    # --- afterwards ---

    def contest(
        self,
        target: Literal["choice", "advice", "metric", "assumption", "charter"],
        text: str,
        *,
        of: str | None = None,
    ) -> str:
        """I object; the id that is returned is what an answer names."""
        return self._write("contest", {"target": target, "text": text, "of": of})

    def answer_contest(self, contest: str, text: str, *, changed: str | None = None) -> str:
        """The answer to a contest."""
        return self._write("answer-contest", {"contest": contest, "text": text, "changed": changed})

    def workaround(self, text: str) -> str:
        """This was decided round the system; the id is what an answer names."""
        return self._write("workaround", {"text": text})

    def answer_workaround(self, workaround: str, text: str, *, changed: str | None = None) -> str:
        """The answer to a workaround."""
        return self._write(
            "answer-workaround", {"workaround": workaround, "text": text, "changed": changed}
        )

    def outcome(
        self,
        outcome: str | float | bool,
        *,
        value: float | None = None,
        best: Answer | None = None,
        at: datetime | None = None,
    ) -> str:
        """How it turned out."""
        return self._write("outcome", {"outcome": outcome, "value": value, "best": best}, at=at)

    def correct(self, of: str, field: str, now: Scalar, *, because: str) -> str:
        """One field of an earlier entry was wrong.

        Args:
            of: The id of the write that was wrong.
            field: Its field.
            now: What it says now.
            because: Why.
        """
        return self._write("correct", {"of": of, "field": field, "now": now, "because": because})

    # --- how ---

    def _certain(self) -> bool:
        """Whether nothing in this case can be sealed, so that no answer is needed."""
        return self._known()[1] is False

    def _known(self) -> tuple[int, bool]:
        if self._terms is None:
            self._terms = self._terms_of()
        return self._terms

    def _made(self, verb: str, fields: dict[str, object], at: datetime | None = None) -> Write:
        if self._decider is not None:
            fields["for"] = self._decider
        return write_of(
            verb, fields, decision=self.decision, version=self._known()[0], case=self.id, at=at
        )

    def _write(self, verb: str, fields: dict[str, object], at: datetime | None = None) -> str:
        with self._lock:
            if verb != "open":
                self.open()
            write = self._made(verb, fields, at)
            self._road.keep(write)
            self._unanswered.append(write)
            return write.id

    def _ask(self, more: list[Write]) -> list[Any] | None:
        """Send what this case has not had answers to, and more, and learn how the case stands."""
        writes = [*self._unanswered, *more]
        if not writes:
            return self._look()
        answers = self._road.answers(writes, self._wait)
        if answers is None:
            return None
        before = answers[: len(self._unanswered)]
        self._unanswered.clear()
        for answer in answers:
            if answer.taken and isinstance(answer.body.get("case"), dict):
                self._seen = answer.body["case"]
        opened = next((a for a, w in zip(before, writes, strict=False) if w.verb == "open"), None)
        if opened is not None and not opened.taken:
            raise refusal_of(opened.problem)
        return answers

    def _look(self) -> list[Any] | None:
        reply = self._road.server.get("/v1/case", {"decision": self.decision, "case": self.id})
        if reply.status == 200:
            self._seen = reply.body
            return []
        if 400 <= reply.status < 500 and reply.status != 429:
            raise refusal_of(reply.body)
        return None


def _handed(case: Mapping[str, Any]) -> Handed:
    shown = case.get("shown")
    if case.get("advice") == "shown" and isinstance(shown, dict):
        return Shown(
            shown["answer"], shown["source"], shown.get("confidence"), shown.get("details") or {}
        )
    return Sealed() if case.get("advice") == "sealed" else Withheld()


def _bare(answer: Any) -> Answer:  # a number of numpy is none of Python's
    item = getattr(answer, "item", None)
    return answer if item is None else item()
