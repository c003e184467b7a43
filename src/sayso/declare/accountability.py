"""Who owns what on a day: who stands for each decision, who has too many, what two people claim."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sayso.declare.activation import in_force
from sayso.declare.holders import Accountability, accountable
from sayso.declare.owners import owner_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.activation import Activation
    from sayso.declare.charter import Charter
    from sayso.declare.holders import Holder
    from sayso.domain.charter_ref import CharterRef

ACCEPT_WITHIN_DAYS = 14
MOST_OWNED = 7
SHARE_COUNTS_FROM = 6


@dataclass(frozen=True, slots=True)
class Version:
    """A charter version, with the day from which it was written down.

    Attributes:
        charter: What it says.
        written: The day; None where it is not on record.
        seen: The first day on which a record names it, so that it was there by then; None where
            no record does.
    """

    charter: Charter
    written: date | None = None
    seen: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who stands for one decision on a day.

    Attributes:
        charter: The version that counts on that day.
        active: Whether that version had been activated.
        role: The accountable role; None for none.
        state: How firmly somebody stands for it.
        person: Who holds the role; None for nobody.
        named_since: Where somebody is named and has not accepted: since when at the latest; None
            where no day is on record.
        vacant_since: Where the role is vacant: since when; None where nobody held it before.
        next_holder: Where the role is vacant: who takes it, and when; None for nobody.
        near: A role of people.yaml that is spelled alike, where it knows none of this name.
    """

    charter: Charter
    active: bool
    role: str | None
    state: Accountability
    person: str | None
    named_since: date | None = None
    vacant_since: date | None = None
    next_holder: tuple[str, date] | None = None
    near: str | None = None

    @property
    def decision(self) -> str:
        """The decision's name."""
        return self.charter.decision

    @property
    def ref(self) -> CharterRef:
        """The version that counts."""
        return self.charter.ref

    @property
    def accept_by(self) -> date | None:
        """The day by which whoever is named should have accepted; None where nothing is owed."""
        if self.state is not Accountability.NAMED or self.named_since is None:
            return None
        return self.named_since + timedelta(days=ACCEPT_WITHIN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A decision that two or more claim.

    Attributes:
        decisions: The decisions, by name.
        claimants: The roles or people who claim it.
        why: What makes it one decision claimed twice.
    """

    decisions: tuple[str, ...]
    claimants: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Load:
    """One person and the decisions they are named for."""

    person: str
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who owns what on a day.

    Attributes:
        on: The day.
        standings: One a decision, by name.
        loads: Who owns too much, the most first.
        claims: What two claim.
        not_kept: Versions that were in force on that day and whose text is not kept.
        unread: Files that could not be read, each with why.
    """

    on: date
    standings: tuple[Standing, ...]
    loads: tuple[Load, ...] = ()
    claims: tuple[Claim, ...] = ()
    not_kept: tuple[CharterRef, ...] = ()
    unread: tuple[str, ...] = ()

    def having(self, *states: Accountability) -> tuple[Standing, ...]:
        """The decisions in one of these states."""
        return tuple(s for s in self.standings if s.state in states)

    @property
    def late(self) -> tuple[Standing, ...]:
        """Where somebody is named and has not accepted in time."""
        return tuple(s for s in self.standings if s.accept_by is not None and s.accept_by < self.on)


def ownership_of(
    versions: Sequence[Version],
    holders: Sequence[Holder],
    activations: Sequence[Activation],
    *,
    on: date,
    unread: Sequence[str] = (),
) -> Ownership:
    """Who owns what on a day; spans are half-open, so a role changes hands on one day.

    Args:
        versions: Every charter version whose text is kept, in any order.
        holders: What people.yaml says.
        activations: What activations.yaml says.
        on: The day.
        unread: Files that could not be read, each with why.
    """
    counting, lost = versions_on(versions, activations, on=on)
    held = tuple(holders)
    standings = tuple(
        _standing(version, held, on, active=in_force(activations, name, on=on) is not None)
        for name, version in sorted(counting.items())
    )
    return Ownership(
        on=on,
        standings=standings,
        loads=_loads(standings),
        claims=_claims(standings, held, on),
        not_kept=lost,
        unread=tuple(unread),
    )


def versions_on(
    versions: Sequence[Version], activations: Sequence[Activation], *, on: date
) -> tuple[dict[str, Version], tuple[CharterRef, ...]]:
    """The version of each decision that counts on a day, and those whose text is not kept.

    The one in force counts. Of a decision that was never activated by then, the latest that was
    written counts; a version whose day is not on record counts as there from the start.

    Args:
        versions: Every version whose text is kept.
        activations: What activations.yaml says.
        on: The day.
    """
    by_name: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        by_name[version.charter.decision].append(version)
    found: dict[str, Version] = {}
    lost: list[CharterRef] = []
    for name in sorted({*by_name, *(a.charter.slug for a in activations)}):
        active = in_force(activations, name, on=on)
        if active is not None:
            kept = next((v for v in by_name[name] if v.charter.ref == active), None)
            if kept is None:
                lost.append(active)
            else:
                found[name] = kept
            continue
        there = [v for v in by_name[name] if v.written is None or v.written <= on]
        if there:
            found[name] = max(there, key=lambda v: v.charter.version)
    return found, tuple(lost)


def _standing(version: Version, holders: tuple[Holder, ...], on: date, *, active: bool) -> Standing:
    charter = version.charter
    role = charter.owner
    if role is None or len(owner_names(role)) > 1:
        # Two names are nobody: each may think that the other stands for it.
        return Standing(
            charter=charter, active=active, role=role, state=Accountability.NOBODY, person=None
        )
    state, person = accountable(holders, charter, on=on)
    mine = [h for h in holders if h.role == role]
    named = vacant = None
    following: tuple[str, date] | None = None
    near: str | None = None
    there = version.written or version.seen
    if state is Accountability.NAMED and there is not None:
        holder = next(h for h in mine if h.holds_on(on))
        named = max(there, holder.since or there)
    elif state is Accountability.VACANT:
        vacant = max((h.until for h in mine if h.until is not None and h.until <= on), default=None)
        later = [(h.since, h.person) for h in mine if h.since is not None and h.since > on]
        if later:
            day, who = min(later)
            following = (who, day)
    elif state is Accountability.NOBODY:
        alike = get_close_matches(role, sorted({h.role for h in holders}), n=1, cutoff=0.6)
        near = alike[0] if alike else None
    return Standing(
        charter=charter,
        active=active,
        role=role,
        state=state,
        person=person,
        named_since=named,
        vacant_since=vacant,
        next_holder=following,
        near=near,
    )


def is_too_much(owned: int, of: int) -> bool:
    """Whether one person is named for too many decisions.

    More than seven is too much; of six decisions or more, so is more than a third.

    Args:
        owned: Decisions they are named for.
        of: Decisions in all.

    Examples:
        >>> is_too_much(3, 6), is_too_much(2, 6), is_too_much(3, 5), is_too_much(8, 60)
        (True, False, False, True)
    """
    return owned > MOST_OWNED or (of >= SHARE_COUNTS_FROM and 3 * owned > of)


def _loads(standings: Sequence[Standing]) -> tuple[Load, ...]:
    by_person: dict[str, list[str]] = defaultdict(list)
    for one in standings:
        if one.person is not None:
            by_person[one.person].append(one.decision)
    loads = [
        Load(person, tuple(names))
        for person, names in by_person.items()
        if is_too_much(len(names), len(standings))
    ]
    return tuple(sorted(loads, key=lambda load: (-len(load.decisions), load.person)))


def _claims(
    standings: Sequence[Standing], holders: tuple[Holder, ...], on: date
) -> tuple[Claim, ...]:
    claims = [
        Claim(decisions=(s.decision,), claimants=owner_names(s.role), why="named together")
        for s in standings
        if s.role is not None and len(owner_names(s.role)) > 1
    ]
    for key, why in ((_question_key, "the same question"), (_case_key, "the same cases")):
        groups: dict[object, list[Standing]] = defaultdict(list)
        for one in standings:
            if (found := key(one.charter)) is not None:
                groups[found].append(one)
        for group in groups.values():
            roles = tuple(dict.fromkeys(s.role for s in group if s.role is not None))
            names = tuple(s.decision for s in group)
            known = any(set(names) <= set(c.decisions) for c in claims)
            if len(roles) > 1 and not known:
                claims.append(Claim(decisions=names, claimants=roles, why=why))
    for role in dict.fromkeys(s.role for s in standings if s.role is not None):
        people = tuple(
            dict.fromkeys(h.person for h in holders if h.role == role and h.holds_on(on))
        )
        if len(people) > 1:
            names = tuple(s.decision for s in standings if s.role == role)
            claims.append(Claim(decisions=names, claimants=people, why=f"the role {role}"))
    return tuple(claims)


def _question_key(charter: Charter) -> object:
    """What two charters share that ask the same; None where nothing is asked."""
    words = " ".join((charter.question or "").casefold().split()).rstrip("?!. ")
    return words or None


def _case_key(charter: Charter) -> object:
    """What two charters share that decide the same of the same cases; None without a source."""
    if charter.source is None:
        return None
    columns = dict(charter.source.columns)
    table, case, choice = charter.source.table, columns.get("case"), columns.get("choice")
    if not (table and case and choice):
        return None
    return table, case, choice, charter.source.where
