"""What is owed, by when, and by which role; nobody is named but who is accountable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.align.round import RoundState, SettleBy
from sayso.declare.holders import Accountability

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sayso.declare.accountability import Ownership, Standing
    from sayso.declare.marks import Suggestion
    from sayso.domain.charter_ref import CharterRef
    from sayso.learn.proposal import Proposal
    from sayso.learn.settling import RoundFacts


class DutyKind(StrEnum):
    """What is owed."""

    NAME = "name an owner"
    FILL = "fill the role"
    ACCEPT = "accept"
    SETTLE = "settle the round"
    ANSWER_OBJECTION = "answer an objection"
    ANSWER_SUGGESTION = "answer a suggestion"
    CHECK = "check the effect"
    LOOK_AGAIN = "look again"
    ACTIVATE = "activate"
    RAISE_VERSION = "raise the version"
    FORGET = "delete the answers"


# After a round is settled its answers serve nobody any more; the report keeps what it said.
ANSWERS_DAYS = 90
# Questions that people put to those who are accountable, and rules they are waiting for.
OWED_TO_PEOPLE = (DutyKind.SETTLE, DutyKind.ANSWER_OBJECTION, DutyKind.ANSWER_SUGGESTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing that is owed.

    Attributes:
        kind: What.
        decision: The decision's name.
        about: What it is about: a version, a round, a proposal or a suggestion.
        role: The role that owes it; "" where no role does.
        due: The day by which it is owed; None where no day is known.
        since: The day from which it is owed; None where no day is known.
        escalated_from: The role that owed it before; "" where it was not escalated.
        note: What else has to be known, in one sentence; "" for nothing.
    """

    kind: DutyKind
    decision: str
    about: str
    role: str
    due: date | None = None
    since: date | None = None
    escalated_from: str = ""
    note: str = ""

    def overdue_days(self, today: date) -> int:
        """Days past its day; 0 where it is not overdue."""
        return max(0, (today - self.due).days) if self.due is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Everything from which duties follow, as it stands on a day.

    Attributes:
        ownership: Who owns what.
        rounds: The rounds.
        proposals: The proposals.
        suggestions: What deciders suggested.
        latest: The latest version that is written, by decision.
        edited: Versions whose text is no longer the one that was activated.
    """

    ownership: Ownership
    rounds: Sequence[RoundFacts] = ()
    proposals: Sequence[Proposal] = ()
    suggestions: Sequence[Suggestion] = ()
    latest: Sequence[CharterRef] = ()
    edited: Sequence[CharterRef] = ()


def duties_of(open_: Open, *, today: date) -> tuple[Duty, ...]:
    """Everything owed on a day: the longest overdue first, then the next due, then the undated.

    Args:
        open_: How things stand.
        today: The day.
    """
    owner = {s.decision: s.role or "" for s in open_.ownership.standings}
    found = [
        *(duty for s in open_.ownership.standings for duty in _standing(s, today)),
        *_rounds(open_, owner),
        *_forgetting(open_, owner, today),
        *_proposals(open_, owner),
        *(
            Duty(
                kind=DutyKind.ANSWER_SUGGESTION,
                decision=s.charter.slug,
                about=s.id,
                role=owner.get(s.charter.slug, ""),
                due=s.due,
                since=s.on,
                note=s.says,
            )
            for s in open_.suggestions
            if s.fate is None
        ),
        *_versions(open_, owner),
    ]
    return tuple(sorted(found, key=lambda d: (d.due is None, d.due or date.max, d.kind, d.about)))


def overdue(duties: Sequence[Duty], *, today: date) -> tuple[Duty, ...]:
    """Those past their day."""
    return tuple(d for d in duties if d.overdue_days(today) > 0)


def _standing(one: Standing, today: date) -> Iterator[Duty]:
    """Who has to be named, or to accept; and when the charter is looked at again."""
    look = one.charter.look_again
    above = look.to or "" if look is not None else ""
    about, role = str(one.ref), one.role or ""
    match one.state:
        case Accountability.NOBODY:
            yield Duty(kind=DutyKind.NAME, decision=one.decision, about=about, role=above)
        case Accountability.VACANT:
            yield Duty(
                kind=DutyKind.FILL,
                decision=one.decision,
                about=role,
                role=above,
                due=one.vacant_since,
                since=one.vacant_since,
            )
        case Accountability.NAMED:
            yield Duty(
                kind=DutyKind.ACCEPT,
                decision=one.decision,
                about=about,
                role=role,
                due=one.accept_by,
                since=one.named_since,
                note="" if one.named_since is not None else "Since when is not on record.",
            )
        case Accountability.ACCEPTED:
            pass
    if look is None or look.next is None:
        return
    # Before its day it is not owed, and a list of all that will be owed is read by nobody.
    if look.next > today:
        return
    late = look.escalate_after_days
    escalates = late is not None and look.to is not None and look.to != role
    up = escalates and today > look.next + timedelta(days=late or 0)
    yield Duty(
        kind=DutyKind.LOOK_AGAIN,
        decision=one.decision,
        about=about,
        role=(look.to or role) if up else role,
        due=look.next,
        since=look.next,
        escalated_from=role if up else "",
    )


def _rounds(open_: Open, owner: dict[str, str]) -> Iterator[Duty]:
    """Rounds that wait for their rule."""
    waiting = {p.round for p in open_.proposals if p.settled is None}
    for one in open_.rounds:
        if one.state is not RoundState.SHOWN or one.id in waiting:
            continue
        yield Duty(
            kind=DutyKind.SETTLE,
            decision=one.decision,
            about=one.id,
            role=owner.get(one.decision, ""),
            due=one.closes,
            since=one.closes,
        )


def _forgetting(open_: Open, owner: dict[str, str], today: date) -> Iterator[Duty]:
    """Rounds settled long ago whose answers still lie there."""
    settled = {p.round: p.settled for p in open_.proposals if p.settled is not None}
    for one in open_.rounds:
        day = settled.get(one.id)
        if day is None or not one.lies or one.state is not RoundState.SETTLED:
            continue
        due = day + timedelta(days=ANSWERS_DAYS)
        # Before its day it is not owed: somebody may still ask for the report of another table.
        if due < today:
            yield Duty(
                kind=DutyKind.FORGET,
                decision=one.decision,
                about=one.id,
                role=owner.get(one.decision, ""),
                due=due,
                since=day,
            )


def _proposals(open_: Open, owner: dict[str, str]) -> Iterator[Duty]:
    """Proposals that wait for their day, an answer or a check."""
    for one in open_.proposals:
        role = owner.get(one.decision, "")
        if one.settled is None:
            waits = one.settle in (SettleBy.CONSENT, SettleBy.VETO)
            day = one.open_until if waits else one.drafted
            yield Duty(
                kind=DutyKind.SETTLE,
                decision=one.decision,
                about=one.round,
                role=role,
                due=day,
                since=one.drafted,
                note=f"{one.id} is proposed.",
            )
        elif one.told is None:
            said = one.checks[-1] if one.checks else None
            yield Duty(
                kind=DutyKind.CHECK,
                decision=one.decision,
                about=one.id,
                role=role,
                due=one.check_on,
                since=one.settled,
                note="" if said is None else f"On {said.on} the table said: {said.change}.",
            )
        for objection in one.unanswered:
            yield Duty(
                kind=DutyKind.ANSWER_OBJECTION,
                decision=one.decision,
                about=f"{one.id}, objection {objection.number}",
                role=role,
                due=objection.due,
                since=objection.on,
                note=objection.because,
            )


def _versions(open_: Open, owner: dict[str, str]) -> Iterator[Duty]:
    """Versions that are written and not in force, or no longer say what was activated."""
    active = {s.decision: s.ref for s in open_.ownership.standings if s.active}
    for ref in open_.latest:
        now = active.get(ref.slug)
        if now is not None and now.version < ref.version:
            yield Duty(
                kind=DutyKind.ACTIVATE,
                decision=ref.slug,
                about=str(ref),
                role=owner.get(ref.slug, ""),
                note=f"{now} is in force until then.",
            )
    for ref in open_.edited:
        yield Duty(
            kind=DutyKind.RAISE_VERSION,
            decision=ref.slug,
            about=str(ref),
            role=owner.get(ref.slug, ""),
            note="Its file no longer says what was activated.",
        )
