"""Who owns what in a workspace, on any day."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from sayso.declare.accountability import Ownership, Version, ownership_of
from sayso.declare.people import read_people
from sayso.domain.errors import SaysoError, WorkspaceUnreadable
from sayso.present.accountability import ownership_json, ownership_text
from sayso.workspace.activations import list_activations
from sayso.workspace.proposals import list_proposals, read_text
from sayso.workspace.round_store import place_of, read_frozen, round_ids
from sayso.workspace.together import finish_left
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.declare.activation import Activation
    from sayso.declare.people import Holder
    from sayso.domain.charter_ref import CharterRef
    from sayso.learn.proposal import Proposal
    from sayso.workspace.versions import KeptVersions

PEOPLE = "people.yaml"


def ownership(folder: Path, on: date) -> Ownership:
    """Who owns what on a day; half-open spans, so that a role changes hands on one day.

    What cannot be read is in ``unread``, and never stops the rest.

    Args:
        folder: The workspace; it may hold nothing yet.
        on: The day, past or to come.
    """
    finish_left(folder)
    kept = kept_versions(folder)
    activations, broken = list_activations(folder)
    proposals, damaged = list_proposals(folder)
    holders, wrong = people_of(folder)
    return ownership_of(
        dated(folder, kept, activations, proposals, holders),
        holders,
        activations,
        on=on,
        unread=(*kept.unread, *wrong, *broken, *damaged),
    )


def people_of(folder: Path) -> tuple[tuple[Holder, ...], tuple[str, ...]]:
    """Who holds which role, and what is wrong with people.yaml; nobody where there is none."""
    try:
        text = read_text(folder / PEOPLE)
    except WorkspaceUnreadable as error:
        return (), (error.message,)
    if not text.strip():
        return (), ()
    reading = read_people(text, PEOPLE)
    return reading.holders, tuple(str(p) for p in reading.problems)


def dated(
    folder: Path,
    kept: KeptVersions,
    activations: tuple[Activation, ...],
    proposals: tuple[Proposal, ...],
    holders: tuple[Holder, ...],
) -> tuple[Version, ...]:
    """Every version with the day it was written, or on which a record first names it.

    A version that only a file tells of has no day: a file's own time is that of its copying.
    """
    written = {p.to: p.settled for p in proposals if p.settled is not None}
    records = [(a.charter, a.on) for a in activations]
    records += [(p.base, p.drafted) for p in proposals]
    records += [pair for holder in holders for pair in holder.accepted]
    for round_id in round_ids(folder):
        with suppress(SaysoError):  # a damaged round is said by `sayso status`
            asked = read_frozen(place_of(folder, round_id)).round
            records.append((asked.charter, asked.opened))
    seen: dict[CharterRef, date] = {}
    for ref, day in records:
        seen[ref] = min(day, seen.get(ref, day))
    found: dict[CharterRef, Version] = {}
    for version in (*kept.now, *kept.before):
        ref = version.ref
        found.setdefault(ref, Version(version.charter, written.get(ref), seen.get(ref)))
    return tuple(found.values())


def run_who(folder: Path, *, on: date, today: date, as_json: bool) -> str:
    """What ``sayso who`` prints.

    Args:
        folder: The workspace.
        on: The day asked for.
        today: The day that counts as today.
        as_json: Everything as JSON.
    """
    found = ownership(folder, on)
    if as_json:
        return json.dumps(ownership_json(found), ensure_ascii=False, indent=2)
    return ownership_text(found, today=today)
