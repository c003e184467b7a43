"""What may be seen of a case, by whom, before it is decided.

Everything that leaves the record goes through here: the answer to a command, a stored case that is
looked up, and the stream of events. What is told of advice depends only on what was handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.record.case_events import (
    AdviceComputed,
    AdviceWithheld,
    Corrected,
    HoldbackDrawn,
    PriorSealed,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.record.case_state import CaseState, End
    from sayso.record.events import Event
    from sayso.record.terms import Answer, Details


class Reader(StrEnum):
    """Who looks: somebody who takes part in the case, an agent, or an auditor of decided cases.

    An agent takes part too, but may advise: it would see a first view before it is asked and could
    say it again as advice, and knowing the coin it could advise one way where that is shown and
    another where it is withheld.
    """

    PARTY = "party"
    AGENT = "agent"
    AUDITOR = "auditor"


class Advice(StrEnum):
    """Where the advice of a case stands, as those who take part may know it."""

    SEALED = "sealed"
    UNASKED = "unasked"
    WITHHELD = "withheld"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAdvice:
    """Advice that was handed out."""

    answer: Answer
    confidence: float | None
    source: str
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as those who take part may see it.

    Attributes:
        prior_asked: Whether a first view is asked for.
        prior_given: Whether it was given.
        advice: Where the advice stands; ``unasked`` says nothing of whether there is any.
        shown: The advice, once it was handed out.
    """

    decision: str
    charter_version: int
    case: str
    prior_asked: bool
    prior_given: bool
    prior_skipped: bool
    advice: Advice
    shown: ShownAdvice | None
    choice: Answer | None
    end: End | None
    escalated_to: str | None
    outcome_due: datetime | None
    outcome_known: bool
    owed: tuple[str, ...]


def view_of(state: CaseState, reader: Reader = Reader.PARTY) -> CaseView:
    """The case as those who take part may see it."""
    opening = state.opening
    return CaseView(
        decision=state.decision,
        charter_version=state.version,
        case=state.case,
        prior_asked=opening is not None and opening.data.prior_asked,
        prior_given=state.prior is not None,
        prior_skipped=state.skipped,
        advice=_standing(state, reader),
        shown=_shown(state),
        choice=None if state.choice is None else state.choice.data.answer,
        end=state.end,
        escalated_to=state.escalated_to,
        outcome_due=state.outcome_due,
        outcome_known=state.outcome is not None,
        owed=tuple(o.id for o in (*state.contests, *state.workarounds) if o.answered_at is None),
    )


def may_see(event: Event, state: CaseState | None, reader: Reader) -> bool:
    """Whether an event may be handed out, given where its case stands now.

    The advice is an event of its own, and so is the coin; both stay hidden from those who take
    part until the advice was handed out, and from auditors until the case is decided. A first view,
    and what was corrected in it, stays hidden from agents until then, and so does that advice was
    withheld, until there is advice. Everything else says no more than was visible when it happened.

    Args:
        event: The event.
        state: Its case; None where it concerns none.
        reader: Who looks.
    """
    if state is None:
        return True
    if isinstance(event.data, PriorSealed) or _corrects_prior(event, state):
        return reader is not Reader.AGENT or state.final
    if isinstance(event.data, AdviceWithheld):
        return not coin_is_secret(state, reader)
    if not isinstance(event.data, AdviceComputed | HoldbackDrawn):
        return True
    if reader is Reader.AUDITOR and state.final:
        return True
    if isinstance(event.data, HoldbackDrawn):
        return state.final and state.shown is not None
    return state.shown is not None


def _corrects_prior(event: Event, state: CaseState) -> bool:
    return (
        isinstance(event.data, Corrected)
        and state.prior is not None
        and event.data.of == state.prior.id
    )


def coin_is_secret(state: CaseState, reader: Reader) -> bool:
    """Whether a reader who may still give the advice must not learn yet if it will be shown."""
    return reader is Reader.AGENT and state.advice is None and not state.final


def _standing(state: CaseState, reader: Reader) -> Advice:
    if state.shown is not None:
        return Advice.SHOWN
    if state.sealed:
        return Advice.SEALED
    if state.withheld_at is None or coin_is_secret(state, reader):
        return Advice.UNASKED
    return Advice.WITHHELD


def _shown(state: CaseState) -> ShownAdvice | None:
    if state.shown is None or state.advice is None:
        return None
    said = state.advice.data
    return ShownAdvice(
        answer=said.answer, confidence=said.confidence, source=said.source, details=said.details
    )
