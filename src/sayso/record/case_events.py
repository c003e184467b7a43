"""What can be recorded of a case: one frozen value for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.record.terms import Answer, Change, Details, OverrideKind, Scalar, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """A case of the decision came up."""

    KIND: ClassVar[str] = "case.opened"
    PERSONAL: ClassVar[dict[str, str]] = {"inputs": "subject"}

    inputs: Details = ()
    team: str | None = None
    subject: str | None = None
    decide_by: datetime | None = None
    prior_asked: bool
    prior_ask_probability: float
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldbackDrawn:
    """Whether advice is shown in this case, drawn when it was opened.

    Kept apart from the opening, since nobody may see it before the case allows.
    """

    KIND: ClassVar[str] = "holdback.drawn"
    PERSONAL: ClassVar[dict[str, str]] = {}

    show: bool
    show_probability: float
    excluded: bool = False
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorSealed:
    """The decider's own first view, before any advice was shown."""

    KIND: ClassVar[str] = "prior.sealed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    answer: Answer
    confidence: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorSkipped:
    """A first view was asked for and not given."""

    KIND: ClassVar[str] = "prior.skipped"
    PERSONAL: ClassVar[dict[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceComputed:
    """The advice, whether or not anybody will see it."""

    KIND: ClassVar[str] = "advice.computed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    answer: Answer
    confidence: float | None = None
    source: str
    details: Details = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceShown:
    """The advice was handed out."""

    KIND: ClassVar[str] = "advice.shown"
    PERSONAL: ClassVar[dict[str, str]] = {}

    advice: str
    after_choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceOpened:
    """Somebody opened the advice that was shown."""

    KIND: ClassVar[str] = "advice.opened"
    PERSONAL: ClassVar[dict[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceWithheld:
    """The advice was asked for, and withheld until the choice is final."""

    KIND: ClassVar[str] = "advice.withheld"
    PERSONAL: ClassVar[dict[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSeen:
    """What a superior or a committee said before the choice."""

    KIND: ClassVar[str] = "signal.seen"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    source: str
    says: Answer | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade:
    """What was finally decided.

    Attributes:
        advice: The advice it was made in sight of, if any had been shown.
        changes: Where it differs from that advice, part by part; empty where it does not.
        override_kind: How it differs.
    """

    KIND: ClassVar[str] = "choice.made"
    PERSONAL: ClassVar[dict[str, str]] = {"reason_text": "by"}

    answer: Answer
    confidence: float | None = None
    details: Details = ()
    seconds: float | None = None
    reason_code: str | None = None
    reason_text: str | None = None
    advice: str | None = None
    changes: tuple[Change, ...] = ()
    override_kind: OverrideKind | None = None
    outcome_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGiven:
    """A reason that was given after the choice."""

    KIND: ClassVar[str] = "reason.given"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIgnored:
    """The advice was left unanswered, and what happens by default happened."""

    KIND: ClassVar[str] = "case.ignored"
    PERSONAL: ClassVar[dict[str, str]] = {}

    outcome_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAbstained:
    """The decider declined to decide."""

    KIND: ClassVar[str] = "case.abstained"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    reason_code: str | None = None
    text: str | None = None
    outcome_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalated:
    """The decider handed the case to a role above; the case goes on there."""

    KIND: ClassVar[str] = "case.escalated"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    to: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExpired:
    """The time to decide ran out."""

    KIND: ClassVar[str] = "case.expired"
    PERSONAL: ClassVar[dict[str, str]] = {}

    outcome_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestFiled:
    """Somebody affected objects, and is owed an answer by a day."""

    KIND: ClassVar[str] = "contest.filed"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    target: Target
    of: str | None = None
    text: str
    answer_due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestAnswered:
    """The answer to a contest, and what it changed."""

    KIND: ClassVar[str] = "contest.answered"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    contest: str
    text: str
    changed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundReported:
    """A choice was made round the system; said without blame, and owed an answer by a day."""

    KIND: ClassVar[str] = "workaround.reported"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    text: str
    answer_due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundAnswered:
    """The answer to a workaround, and what it changed."""

    KIND: ClassVar[str] = "workaround.answered"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    workaround: str
    text: str
    changed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded:
    """How it turned out.

    Attributes:
        self_reported: Whether the decider says so; figures name such outcomes.
    """

    KIND: ClassVar[str] = "outcome.recorded"
    PERSONAL: ClassVar[dict[str, str]] = {}

    outcome: Scalar
    value: float | None = None
    best: Answer | None = None
    self_reported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """One field of an earlier event was wrong; both values stay."""

    KIND: ClassVar[str] = "corrected"
    PERSONAL: ClassVar[dict[str, str]] = {"because": "by"}

    of: str
    field: str
    was: Scalar = None
    now: Scalar = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseImported:
    """A past case from a table: how it was taken is not on record, only what the table says."""

    KIND: ClassVar[str] = "case.imported"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "decider"}

    row: Details
    inputs: Details = ()
    table: str
    decider: str | None = None
    text: str | None = None
