"""Events: what happened, in which case, by whom and when.

An event is never changed. What was wrong is corrected by a later event that names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from sayso.record.case_events import (
    AdviceComputed,
    AdviceOpened,
    AdviceShown,
    AdviceWithheld,
    CaseAbstained,
    CaseEscalated,
    CaseExpired,
    CaseIgnored,
    CaseImported,
    CaseOpened,
    ChoiceMade,
    ContestAnswered,
    ContestFiled,
    Corrected,
    HoldbackDrawn,
    OutcomeRecorded,
    PriorSealed,
    PriorSkipped,
    ReasonGiven,
    SignalSeen,
    WorkaroundAnswered,
    WorkaroundReported,
)
from sayso.record.record_events import (
    CharterActivated,
    CountReconciled,
    GatePassed,
    HoldLifted,
    HoldPlaced,
    ProposalSettled,
    RecordFrozen,
    RecordRestored,
    ReviewHeld,
    SeedCommitted,
    SeedRevealed,
    SubjectErased,
    TableImported,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.record.terms import Actor

FORMAT = 1

CaseData = (
    CaseOpened
    | HoldbackDrawn
    | PriorSealed
    | PriorSkipped
    | AdviceComputed
    | AdviceShown
    | AdviceOpened
    | AdviceWithheld
    | SignalSeen
    | ChoiceMade
    | ReasonGiven
    | CaseIgnored
    | CaseAbstained
    | CaseEscalated
    | CaseExpired
    | ContestFiled
    | ContestAnswered
    | WorkaroundReported
    | WorkaroundAnswered
    | OutcomeRecorded
    | Corrected
    | CaseImported
)
RecordData = (
    TableImported
    | CountReconciled
    | CharterActivated
    | ReviewHeld
    | GatePassed
    | ProposalSettled
    | SeedCommitted
    | SeedRevealed
    | SubjectErased
    | HoldPlaced
    | HoldLifted
    | RecordRestored
    | RecordFrozen
)
Data = CaseData | RecordData

CASE_DATA: tuple[type[CaseData], ...] = get_args(CaseData)
RECORD_DATA: tuple[type[RecordData], ...] = get_args(RecordData)
BY_KIND: dict[str, type[Data]] = {one.KIND: one for one in (*CASE_DATA, *RECORD_DATA)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    Attributes:
        id: UUID of version 7, made by whoever reports it.
        decision: The decision's slug; empty where it concerns the whole record.
        charter_version: The version it was done under; 0 where there is none.
        case: The case; None where it concerns no single case.
        by: Who did it.
        at: When, as the reporter's clock says.
        data: What happened.
    """

    id: str
    decision: str
    charter_version: int
    case: str | None
    by: Actor
    at: datetime
    data: Data


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place in the record.

    Attributes:
        index: Its place, from 0; the order in which things count.
        recorded_at: When it was taken in, as our clock says; never before the one before it.
        event: The event.
        erased: Fields that can no longer be read, since their person was erased.
    """

    index: int
    recorded_at: datetime
    event: Event
    erased: tuple[str, ...] = ()
