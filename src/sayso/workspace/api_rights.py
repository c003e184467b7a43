"""Who may ask what through a door of programs: one pure function, and no unless it says yes.

A token says for which decisions and verbs it was made. That is the most it can ever do. What kind of
actor carries it, and which role its person has in the decision, take away from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.record.asked import VERBS
from sayso.record.terms import ActorKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.charter import Charter
    from sayso.declare.people import Holder

EVERYTHING = "*"
READ, FIGURES, EXPORT, CAPTURE = "read", "figures", "export", "capture"
# What a token may allow besides the verbs of a case.
READING = (READ, FIGURES, EXPORT, CAPTURE)
RIGHTS = (*VERBS, *READING)

# What those who decide a case do in it, and nobody else.
_DECIDING = frozenset(
    {
        "prior",
        "skip-prior",
        "choice",
        "reason",
        "ignore",
        "abstain",
        "escalate",
        "expire",
        "correct",
    }
)
_ADVISED = frozenset({"ask-advice", "open-advice"})
_ANSWERING = frozenset({"answer-contest", "answer-workaround"})
# What anybody may say for whom the token was made: nothing of it decides anything.
_SPEAKING = frozenset({"open", "advice", "signal", "contest", "workaround", "outcome", *READING})

# An agent never gives or skips a first view (that would unseal the advice), never answers, ends,
# corrects or explains what a person decided, and hands out no tables and no tokens.
OF_AGENTS = frozenset(
    {
        "open",
        "advice",
        "ask-advice",
        "choice",
        "escalate",
        "contest",
        "workaround",
        "outcome",
        READ,
        FIGURES,
    }
)
# A program that names no person does nothing that is one's own.
OF_PROGRAMS = frozenset(
    {
        "open",
        "advice",
        "ask-advice",
        "open-advice",
        "signal",
        "ignore",
        "expire",
        "contest",
        "workaround",
        "outcome",
        "correct",
        *READING,
    }
)


class Role(StrEnum):
    """What a person has to do with a decision, by its charter and people.yaml."""

    OWNER = "owner"
    DECIDER = "decider"
    CONSULTED = "consulted"
    INFORMED = "informed"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a decision.

    Attributes:
        roles: What they have to do with it.
        deciders_named: Whether it is written down who the deciders are. Where it is not, the
            token's own verbs say who decides.
    """

    roles: frozenset[Role]
    deciders_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked, and by whom.

    Attributes:
        kind: Who carries the token.
        for_person: Whether a person is named: the human, or the one that is acted for.
        right: A verb of a case, or one of ``READING``.
        decision_granted: Whether the token was made for this decision.
        right_granted: Whether the token was made for this verb.
        standing: Where the person stands in the decision; None where it concerns no decision.
    """

    kind: ActorKind
    for_person: bool
    right: str
    decision_granted: bool
    right_granted: bool
    standing: Standing | None


def why_not(asking: Asking) -> str | None:
    """Why this is not allowed, as a half-sentence after "It may not:"; None where it is.

    Args:
        asking: What is asked, and by whom.
    """
    right = asking.right
    if right not in RIGHTS:
        return f"nothing is called {right[:40]!r}"
    if not asking.decision_granted:
        return "the token was not made for this decision"
    if not asking.right_granted:
        return f"the token was not made for {right}"
    if asking.kind is ActorKind.AGENT:
        if not asking.for_person:
            return "an agent has to act for a person"
        if right not in OF_AGENTS:
            return f"{right} is for people"
    elif asking.kind is ActorKind.SERVICE and not asking.for_person and right not in OF_PROGRAMS:
        return f"{right} needs the person it is done for"
    elif asking.kind is ActorKind.HUMAN and not asking.for_person:
        return "nobody is named"
    if not asking.for_person or right in _SPEAKING:
        return None
    return _by_role(right, asking.standing)


def asks_role(right: str) -> bool:
    """Whether it matters for a right which role the person has."""
    return right not in _SPEAKING


def _by_role(right: str, standing: Standing | None) -> str | None:
    """Why the person's role does not allow this."""
    if standing is None:
        return f"{right} concerns one decision"
    if not standing.deciders_named:
        return None
    enough = {Role.OWNER, Role.DECIDER}
    if right in _ADVISED:
        enough |= {Role.CONSULTED}
    if right in _DECIDING | _ADVISED | _ANSWERING and standing.roles & enough:
        return None
    return f"{right} is for {' or '.join(sorted(enough))}, and the person is neither"


def standing_of(person: str, charter: Charter, holders: Sequence[Holder], day: date) -> Standing:
    """Where a person stands in a decision on a day.

    Args:
        person: The name, as people.yaml spells it.
        charter: The version that counts.
        holders: What people.yaml says.
        day: The day.
    """
    held = {h.role for h in holders if h.person == person and h.holds_on(day)} | {person}
    known = {h.role for h in holders} | {h.person for h in holders}
    by_role = {
        Role.OWNER: () if charter.owner is None else (charter.owner,),
        Role.DECIDER: charter.rights.decide,
        Role.CONSULTED: charter.rights.consult,
        Role.INFORMED: charter.rights.inform,
        Role.VETO: charter.rights.veto,
    }
    roles = frozenset(role for role, names in by_role.items() if held & set(names))
    decide = charter.rights.decide
    return Standing(roles, bool(decide) and all(name in known for name in decide))
