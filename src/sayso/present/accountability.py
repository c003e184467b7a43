"""Who owns what, in sentences first."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from sayso.declare.accountability import MOST_OWNED, SHARE_COUNTS_FROM
from sayso.declare.owners import is_group
from sayso.declare.people import Accountability
from sayso.present.numbers import on_day
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.accountability import Claim, Ownership, Standing

MOST_LISTED = 40
NOTHING = "No decision is declared here{when}. `sayso start` begins with one that worries you."
TOO_MUCH = (
    f"Too much is more than {MOST_OWNED} decisions, or more than a third of all where there are "
    f"{SHARE_COUNTS_FROM} or more."
)
ONE = {
    Accountability.ACCEPTED: "The one decision here has someone accountable.",
    Accountability.NAMED: "The one decision here names somebody who has not accepted.",
    Accountability.NOBODY: "Nobody stands for the one decision here.",
    Accountability.VACANT: "Nobody stands for the one decision here.",
}
TO_COME = "That day is still to come: this is what the files say of it now."


def sentences(found: Ownership) -> tuple[str, ...]:
    """What is known of who stands for what, each sentence true of the files and no more."""
    if not found.standings:
        return (NOTHING.format(when=""), *_missing(found))
    said = [_headline(found)]
    said += [_late(s, found.on) for s in found.late]
    undated = [s for s in found.having(Accountability.NAMED) if s.named_since is None]
    if undated:
        names = _listed([s.decision for s in undated])
        said.append(f"Since when acceptance is owed is not on record for {names}.")
    said += [_vacant(s) for s in found.having(Accountability.VACANT)]
    said += [
        f"{s.decision} names the role {s.role}, which people.yaml does not know; it knows {s.near}."
        for s in found.having(Accountability.NOBODY)
        if s.near is not None
    ]
    for load in found.loads:
        n = len(load.decisions)
        said.append(f"{load.person} is named for {n} of {len(found.standings)} decisions.")
    if found.loads:
        said.append(TOO_MUCH)
    said += [_claim(c) for c in found.claims]
    return (*said, *_missing(found))


def _headline(found: Ownership) -> str:
    total = len(found.standings)
    if total == 1:
        return ONE[found.standings[0].state]
    has = len(found.having(Accountability.ACCEPTED))
    named = len(found.having(Accountability.NAMED))
    nobody = total - has - named
    parts = [f"{has or 'none'} {'have' if has > 1 else 'has'} someone accountable"]
    if named:
        verb = "names" if named == 1 else "name"
        parts.append(f"{named} {verb} somebody who has not accepted")
    if nobody:
        parts.append(f"nobody stands for {nobody}")
    return f"Of {total} decisions, {'; '.join(parts)}."


def _late(one: Standing, on: date) -> str:
    since = one.named_since
    days = (on - since).days if since is not None else 0
    return (
        f"{one.person}, {one.role}, has been named for {one.ref} for at least {days} days, and has not "
        "accepted."
    )


def _vacant(one: Standing) -> str:
    since = (
        f"vacant since {on_day(one.vacant_since)}"
        if one.vacant_since is not None
        else "held by nobody yet"
    )
    then = ""
    if one.next_holder is not None:
        who, day = one.next_holder
        then = f"; {who} takes it on {on_day(day)}"
    return f"The role {one.role} is {since}{then}: nobody stands for {one.decision}."


def _claim(one: Claim) -> str:
    claimants = _listed(one.claimants)
    if one.why == "named together":
        return f"{one.decisions[0]} names {claimants} together, so nobody stands for it."
    if len(one.decisions) == 1 or one.why.startswith("the role"):
        return f"{claimants} hold {one.why} at once, for {_listed(one.decisions)}."
    return f"{_listed(one.decisions)} decide {one.why}, and {claimants} each claim that."


def _missing(found: Ownership) -> list[str]:
    said: list[str] = []
    if found.not_kept:
        names = _listed([str(r) for r in found.not_kept])
        said.append(f"{names} was in force on that day, and its text is not kept here.")
    if found.unread:
        n = len(found.unread)
        files = "One file cannot be read" if n == 1 else f"{n} places cannot be read"
        said.append(f"{files}: {found.unread[0]}")
    return said


def next_step(found: Ownership) -> str | None:
    """The one thing to do next; None where every decision has somebody accountable."""
    for one in found.having(Accountability.NOBODY, Accountability.VACANT):
        if one.role is None:
            return f"Agree on one role for {one.decision}, and write it behind `owner:`."
        role = one.role
        if is_group(role):
            return f"{role} is a group. Agree on one role for {one.decision}, and write it behind `owner:`."
        line = f"- {{role: {role}, person: NAME, from: {found.on}}}"
        if one.state is Accountability.VACANT and one.next_holder is None:
            return f"Somebody has to hold {role} again: add `{line}` to people.yaml."
        if one.state is Accountability.NOBODY and not any(
            one.decision in c.decisions and c.why == "named together" for c in found.claims
        ):
            return f"Say who holds {role}: add `{line}` to people.yaml."
        if one.state is Accountability.NOBODY:
            return f"Keep one name behind `owner:` of {one.decision}."
    for one in found.having(Accountability.NAMED):
        return f"{one.person}: `sayso accept {one.ref}`."
    return None


def ownership_text(found: Ownership, *, today: date) -> str:
    """Everything ``sayso who`` says.

    Args:
        found: Who owns what.
        today: The day that counts as today.
    """
    lines: list[str] = []
    if found.on != today:
        lines += [f"  On {on_day(found.on)}:", ""]
    lines.append(_wrapped(" ".join(sentences(found))))
    if found.on > today:
        lines.append(_wrapped(TO_COME))
    if found.standings:
        lines += ["", *_table(found)]
    step = next_step(found) if found.on == today else None
    if step is not None:
        lines += ["", _wrapped(f"Next: {step}")]
    return plain("\n".join(lines))


def _table(found: Ownership) -> list[str]:
    shown = found.standings[:MOST_LISTED]
    wide = min(32, max(len(str(s.ref)) for s in shown))
    # Where no version was ever activated, that it was not says nothing.
    activates = any(s.active for s in found.standings)
    lines: list[str] = []
    for one in shown:
        who = f"{one.person}, {one.role}" if one.person is not None else (one.role or "no role")
        state = str(one.state) if one.active or not activates else f"{one.state}; not activated"
        lines.append(f"    {_short(str(one.ref), wide):<{wide}}  {_short(who, 36):<36}  {state}")
    more = len(found.standings) - len(shown)
    return [*lines, f"    ... and {more} more"] if more else lines


def ownership_json(found: Ownership) -> dict[str, Any]:  # JSON holds values of every type
    """Everything ``sayso who`` says, as plain values."""
    return {
        "on": found.on.isoformat(),
        "sentences": list(sentences(found)),
        "decisions": [
            {
                "decision": s.decision,
                "charter": str(s.ref),
                "question": s.charter.question,
                "active": s.active,
                "role": s.role,
                "state": str(s.state),
                "person": s.person,
                "named_since": _day(s.named_since),
                "accept_by": _day(s.accept_by),
                "vacant_since": _day(s.vacant_since),
            }
            for s in found.standings
        ],
        "owns_too_much": [
            {"person": load.person, "decisions": list(load.decisions)} for load in found.loads
        ],
        "claimed_twice": [
            {"decisions": list(c.decisions), "claimants": list(c.claimants), "why": c.why}
            for c in found.claims
        ],
        "not_accepted_in_time": [str(s.ref) for s in found.late],
        "not_kept": [str(r) for r in found.not_kept],
        "unread": list(found.unread),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _listed(texts: Sequence[str]) -> str:
    names = list(texts)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _wrapped(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ",
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
