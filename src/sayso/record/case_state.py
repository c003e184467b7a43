"""Where a case stands, folded from its events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

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
from sayso.record.terms import Change, OverrideKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sayso.record.events import Event
    from sayso.record.terms import Actor, Details

T = TypeVar("T")


class End(StrEnum):
    """How a case ended without a choice."""

    IGNORED = "ignored"
    ABSTAINED = "abstained"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """One entry of a case: what was said, when and by whom."""

    id: str
    at: datetime
    by: Actor
    data: T


@dataclass(frozen=True, slots=True)
class Owed:
    """A contest or a workaround, which is owed an answer.

    Attributes:
        id: Its event.
        by: Who spoke.
        due: The day by which an answer is owed.
        answered_at: When it was answered.
    """

    id: str
    by: Actor
    at: datetime
    due: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """A case, as far as it has come.

    Attributes:
        opening: How it was opened.
        draw: Whether advice is shown; nobody but the record may see this before its time.
        seen_before: Whether advice had been shown when the choice was made.
        withheld_at: When it was first asked for and withheld.
        escalated_to: The role it was handed to.
        imported: The row of a table, where it is a past case.
    """

    decision: str
    version: int
    case: str
    opening: Kept[CaseOpened] | None = None
    draw: HoldbackDrawn | None = None
    prior: Kept[PriorSealed] | None = None
    skipped: bool = False
    advice: Kept[AdviceComputed] | None = None
    shown: Kept[AdviceShown] | None = None
    opened_at: datetime | None = None
    withheld_at: datetime | None = None
    signal: Kept[SignalSeen] | None = None
    choice: Kept[ChoiceMade] | None = None
    reason: Kept[ReasonGiven] | None = None
    end: End | None = None
    ended_at: datetime | None = None
    outcome_due: datetime | None = None
    escalated_to: str | None = None
    escalated_by: Actor | None = None
    contests: tuple[Owed, ...] = ()
    workarounds: tuple[Owed, ...] = ()
    outcome: Kept[OutcomeRecorded] | None = None
    imported: Kept[CaseImported] | None = None
    corrections: int = 0

    @property
    def sealed(self) -> bool:
        """Whether a first view is still to come before any advice."""
        asked = self.opening is not None and self.opening.data.prior_asked
        return asked and self.prior is None and not self.skipped and not self.final

    @property
    def final(self) -> bool:
        """Whether the case is decided, or ended without a choice."""
        return self.choice is not None or self.end is not None or self.imported is not None

    @property
    def ended_on(self) -> datetime | None:
        """When it was decided or ended."""
        if self.choice is not None:
            return self.choice.at
        return self.ended_at if self.imported is None else self.imported.at


def fold(events: Iterable[Event]) -> CaseState | None:
    """The state of one case after its events, in the order of the record; None for none."""
    state: CaseState | None = None
    for event in events:
        state = apply(state, event)
    return state


def apply(state: CaseState | None, event: Event) -> CaseState:  # one line a kind of event
    """The case after one more event.

    Raises:
        ValueError: If the event concerns no case.
    """
    if event.case is None:
        raise ValueError(f"{event.data.KIND} concerns no case")
    at, data = event.at, event.data
    if state is None:
        first = _kept(event, data) if isinstance(data, CaseImported) else None
        state = CaseState(
            decision=event.decision,
            version=event.charter_version,
            case=event.case,
            imported=first,
        )
        if first is not None:
            return state
    match data:
        case CaseOpened():
            return replace(state, opening=_kept(event, data))
        case HoldbackDrawn():
            return replace(state, draw=data)
        case PriorSealed():
            return replace(state, prior=_kept(event, data))
        case PriorSkipped():
            return replace(state, skipped=True)
        case AdviceComputed():
            return replace(state, advice=_kept(event, data))
        case AdviceShown():
            return state if state.shown is not None else replace(state, shown=_kept(event, data))
        case AdviceOpened():
            return replace(state, opened_at=state.opened_at or at)
        case AdviceWithheld():
            return replace(state, withheld_at=state.withheld_at or at)
        case SignalSeen():
            return replace(state, signal=_kept(event, data))
        case ChoiceMade():
            return replace(state, choice=_kept(event, data), outcome_due=data.outcome_due)
        case ReasonGiven():
            return replace(state, reason=_kept(event, data))
        case CaseIgnored() | CaseAbstained() | CaseExpired():
            end = _ENDS[type(data)]
            return replace(state, end=end, ended_at=at, outcome_due=data.outcome_due)
        case CaseEscalated():
            return replace(state, escalated_to=data.to, escalated_by=event.by)
        case ContestFiled():
            filed = Owed(event.id, event.by, at, data.answer_due)
            return replace(state, contests=(*state.contests, filed))
        case ContestAnswered():
            return replace(state, contests=_answered(state.contests, data.contest, at))
        case WorkaroundReported():
            told = Owed(event.id, event.by, at, data.answer_due)
            return replace(state, workarounds=(*state.workarounds, told))
        case WorkaroundAnswered():
            return replace(state, workarounds=_answered(state.workarounds, data.workaround, at))
        case OutcomeRecorded():
            return replace(state, outcome=_kept(event, data))
        case Corrected():
            return _corrected(state, data)
        case CaseImported():
            return replace(state, imported=_kept(event, data))
        case _:
            raise ValueError(f"{data.KIND} concerns no case")


_ENDS = {CaseIgnored: End.IGNORED, CaseAbstained: End.ABSTAINED, CaseExpired: End.EXPIRED}


def _kept(event: Event, data: T) -> Kept[T]:
    return Kept(event.id, event.at, event.by, data)


def _answered(owed: tuple[Owed, ...], one: str, at: datetime) -> tuple[Owed, ...]:
    return tuple(replace(o, answered_at=at) if o.id == one else o for o in owed)


def _corrected(state: CaseState, said: Corrected) -> CaseState:
    """The entry that was wrong, with the field as it is now; the events keep both."""
    changed = replace(state, corrections=state.corrections + 1)
    for name in ("prior", "choice", "outcome"):
        kept = getattr(state, name)
        if kept is not None and kept.id == said.of:
            data = replace(kept.data, **{said.field: said.now})
            if isinstance(data, ChoiceMade):
                data = with_override(data, state.advice)
            return replace(changed, **{name: replace(kept, data=data)})
    return changed


def with_override(choice: ChoiceMade, advice: Kept[AdviceComputed] | None) -> ChoiceMade:
    """A choice with how it differs from the advice that it was made in sight of.

    The answer, and each detail that both name, are held against each other. A choice that differs
    in details alone refines the advice; so does another quantity, unless the decider says that it
    substitutes; another option substitutes it, unless the decider says that it refines.
    """
    if advice is None or choice.advice is None:
        return replace(choice, changes=(), override_kind=None)
    said = advice.data
    changes: list[Change] = []
    if said.answer != choice.answer:
        changes.append(Change("answer", said.answer, choice.answer))
    advised = dict(said.details)
    changes += [
        Change(name, advised[name], value)
        for name, value in choice.details
        if name in advised and advised[name] != value
    ]
    if not changes:
        return replace(choice, changes=(), override_kind=None)
    whole = changes[0].part == "answer" and isinstance(choice.answer, str)
    usual = OverrideKind.SUBSTITUTES if whole else OverrideKind.REFINES
    return replace(choice, changes=tuple(changes), override_kind=choice.override_kind or usual)


def details_of(pairs: Iterable[tuple[str, object]]) -> Details:
    """Names and values in the one order in which they are kept."""
    return tuple(sorted(pairs, key=lambda pair: pair[0]))  # pyright: ignore[reportReturnType]
