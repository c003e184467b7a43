"""From which day a charter version is in force, and what keeps it from being."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.holders import Accountability

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.domain.charter_ref import CharterRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One charter version that came into force.

    Attributes:
        charter: The version.
        on: First day in force.
        fingerprint: What it said on that day; "" where nobody kept it.
    """

    charter: CharterRef
    on: date
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What is known of a charter version that somebody wants in force.

    Attributes:
        charter: The version.
        errors: Its errors, as ``sayso check`` says them.
        state: Whether somebody stands for it.
        owner: The accountable role; None for none.
        person: Who holds the role; None for nobody.
        marked: Deciders who marked its assumptions.
        needed: Deciders who must have.
        unanswered: Ids of the suggestions about this decision that nobody answered.
        in_force: The version that is in force; None for none.
    """

    charter: CharterRef
    errors: tuple[str, ...]
    state: Accountability
    owner: str | None
    person: str | None
    marked: int
    needed: int
    unanswered: tuple[str, ...]
    in_force: CharterRef | None


def why_not_active(ready: Readiness) -> tuple[str, ...]:
    """Everything that keeps a version from coming into force; nothing where it may.

    Args:
        ready: What is known of it.
    """
    reasons = list(ready.errors)
    if ready.in_force is not None and ready.in_force.version > ready.charter.version:
        reasons.append(f"{ready.in_force} is in force; a version gives way to a later one only.")
    role = ready.owner or "nobody"
    match ready.state:
        case Accountability.ACCEPTED:
            pass
        case Accountability.NAMED:
            reasons.append(f"{ready.person}, {role}, has not accepted {ready.charter}.")
        case Accountability.VACANT:
            reasons.append(f"Nobody holds the role {role} now, so nobody has accepted.")
        case Accountability.NOBODY if ready.owner is None:
            reasons.append("The charter names no owner, so nobody has accepted.")
        case Accountability.NOBODY:
            reasons.append(f"people.yaml knows no role {role}, so nobody has accepted.")
    missing = ready.needed - ready.marked
    if missing > 0:
        more = "one decider has" if missing == 1 else f"{missing} deciders have"
        reasons.append(
            f"{more[:1].upper()}{more[1:]} still to mark its assumptions "
            f"({ready.marked} of {ready.needed} did)."
        )
    if ready.unanswered:
        names = ", ".join(ready.unanswered)
        many = len(ready.unanswered)
        what = "suggestion is" if many == 1 else "suggestions are"
        reasons.append(f"{many} {what} not answered: {names}.")
    return tuple(reasons)


def in_force(activations: Sequence[Activation], decision: str, *, on: date) -> CharterRef | None:
    """The version of a decision in force on a day; None where none was activated by then.

    A later version gives way to none before it, in whichever order the days stand: the greatest
    version that had come into force counts.

    Args:
        activations: What activations.yaml says.
        decision: The decision's name.
        on: The day.
    """
    come = [a.charter for a in activations if a.charter.slug == decision and a.on <= on]
    return max(come, default=None)
