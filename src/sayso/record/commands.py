"""What can be asked of a case: one frozen value for each verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.record.terms import Actor, Answer, Details, OverrideKind, Scalar, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case came up."""

    inputs: Details = ()
    team: str | None = None
    subject: str | None = None
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealPrior:
    """My own first view, before the advice."""

    answer: Answer
    confidence: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SkipPrior:
    """No first view from me."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAdvice:
    """The advice; stored, and handed out only by ``AskAdvice``."""

    answer: Answer
    source: str
    confidence: float | None = None
    details: Details = ()


@dataclass(frozen=True, slots=True)
class AskAdvice:
    """Show me the advice, if this case allows it."""


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """I opened the advice that was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeSignal:
    """A superior or a committee said something before the choice."""

    source: str
    says: Answer | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The choice."""

    answer: Answer
    confidence: float | None = None
    details: Details = ()
    seconds: float | None = None
    reason_code: str | None = None
    reason_text: str | None = None
    override_kind: OverrideKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReason:
    """A reason for the choice, given afterwards."""

    code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nobody answered; what happens by default happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstain:
    """I decline to decide."""

    reason_code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """I hand this to a role above."""

    to: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Expire:
    """The time to decide ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContest:
    """I object."""

    target: Target
    text: str
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContest:
    """The answer to a contest."""

    contest: str
    text: str
    changed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWorkaround:
    """This was decided round the system."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWorkaround:
    """The answer to a workaround."""

    workaround: str
    text: str
    changed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """How it turned out."""

    outcome: Scalar
    value: float | None = None
    best: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """One field of an earlier entry was wrong."""

    of: str
    field: str
    now: Scalar = None
    because: str


Ask = (
    OpenCase
    | SealPrior
    | SkipPrior
    | GiveAdvice
    | AskAdvice
    | OpenAdvice
    | SeeSignal
    | Choose
    | GiveReason
    | Ignore
    | Abstain
    | Escalate
    | Expire
    | FileContest
    | AnswerContest
    | ReportWorkaround
    | AnswerWorkaround
    | RecordOutcome
    | Correct
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing asked of one case.

    Attributes:
        id: UUID of version 7 made by the client; asking again with the same id does nothing twice.
        decision: The decision's slug.
        charter_version: The version that the client works under.
        case: The case.
        by: Who asks.
        at: When, as the client's clock says.
        ask: What.
    """

    id: str
    decision: str
    charter_version: int
    case: str
    by: Actor
    at: datetime
    ask: Ask
