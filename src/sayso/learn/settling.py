"""When a round may be settled: by the rule that was declared before anybody answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

from sayso.align.round import RoundState, SettleBy
from sayso.learn.proposal import OPEN_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.learn.proposal import Objection, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is known of a round that somebody wants to settle.

    Attributes:
        id: The round.
        decision: The decision's name.
        state: Where it stands.
        settle: Who settles, as declared beforehand.
        quorum: Share of the invited that must have answered, in 0..1.
        invited: People asked.
        sent: People who answered.
        least: Answers below which nothing is shown.
        opened: First day.
        closes: First day on which no answer is taken.
        owner: The accountable role; None for none.
        holder: Who holds it on the day; None for nobody.
        veto: Roles that may stop a proposal.
        lies: Whether people's answers still lie in the round's folder.
    """

    id: str
    decision: str
    state: RoundState
    settle: SettleBy
    quorum: float
    invited: int
    sent: int
    least: int
    opened: date
    closes: date
    owner: str | None
    holder: str | None
    veto: tuple[str, ...] = ()
    lies: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The round may be settled.

    Attributes:
        role: The accountable role that settles it.
    """

    role: str


def may_settle(
    proposal: Proposal,
    facts: RoundFacts,
    objections: Sequence[Objection],
    *,
    by: str,
    today: date,
) -> Allowed | tuple[str, ...]:
    """Whether a round may be settled by a proposal today, or every reason why not.

    Whoever proposes cannot approve: the holder of the accountable role alone settles, whatever
    the rule. The rule says when.

    Args:
        proposal: What would settle it.
        facts: The round.
        objections: What was said against the proposal.
        by: The role of whoever settles.
        today: The day.
    """
    reasons = list(why_not(facts, by=by))
    if facts.owner is not None and by != facts.owner:
        reasons.append(f"{facts.owner} settles; {by} may only propose.")
    match facts.settle:
        case SettleBy.OWNER | SettleBy.QUORUM:
            pass
        case SettleBy.CONSENT:
            reasons += _consent(proposal, objections, today)
        case SettleBy.VETO:
            reasons += _veto(proposal, facts, objections, today)
    if reasons or facts.owner is None:
        return tuple(reasons)
    return Allowed(facts.owner)


def why_not(facts: RoundFacts, *, by: str) -> tuple[str, ...]:
    """What stands in the way of any proposal, whatever it says.

    Args:
        facts: The round.
        by: The role of whoever settles; another than the accountable one may propose all the same.
    """
    reasons = list(_not_shown(facts))
    if facts.owner is None:
        reasons.append("Nobody is accountable: the charter names no owner.")
    elif by == facts.owner:
        if facts.holder is None:
            reasons.append(f"Nobody holds the role {facts.owner}, so nobody can settle.")
        if facts.settle is SettleBy.QUORUM and facts.state is not RoundState.OPEN:
            reasons += _quorum(facts)
    return tuple(reasons)


def _not_shown(facts: RoundFacts) -> list[str]:
    match facts.state:
        case RoundState.OPEN:
            answered = f"{facts.sent} of {facts.invited} answered"
            return [f"The round is open until {facts.closes}: {answered}, and nobody sees results."]
        case RoundState.WITHHELD:
            few = f"{facts.sent} answered and {facts.least} are needed"
            return [f"{few}, so nothing can be shown; hold another round."]
        case RoundState.SETTLED:
            return ["The round is settled."]
        case RoundState.SHOWN:
            return []


def _consent(proposal: Proposal, objections: Sequence[Objection], today: date) -> list[str]:
    """Consent is that nobody objects; so it needs days in which somebody could."""
    reasons = [
        f"Objection {o.number} is not answered: {o.because}" for o in objections if not o.answer
    ]
    return reasons + _still_open(proposal, today, "anybody may object")


def _still_open(proposal: Proposal, today: date, who: str) -> list[str]:
    if today >= proposal.open_until:
        return []
    days = f"a proposal lies open for {OPEN_DAYS} days"
    return [f"Until {proposal.open_until} {who}: {days}."]


def _quorum(facts: RoundFacts) -> list[str]:
    # 0.6 of 5 is 3, whatever floating point makes of it.
    needed = ceil(facts.quorum * facts.invited - 1e-9)
    if facts.sent >= needed:
        return []
    return [f"{facts.sent} of {facts.invited} answered; the quorum is {needed}."]


def _veto(
    proposal: Proposal, facts: RoundFacts, objections: Sequence[Objection], today: date
) -> list[str]:
    if not facts.veto:
        return []
    # A veto that comes after its days is an objection like any other.
    until = proposal.drafted + timedelta(days=OPEN_DAYS)
    reasons = [
        f"{o.veto} stops it: {o.because}"
        for o in objections
        if o.veto in facts.veto and not o.answer and o.on < until
    ]
    return reasons + _still_open(proposal, today, "a role with a veto may stop it")
