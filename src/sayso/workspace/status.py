"""What is open in a workspace, what is overdue, and what Sayso itself has changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.align.round import RoundState
from sayso.declare.marks import Suggestion
from sayso.domain.errors import SaysoError
from sayso.present.status import status_json, status_text
from sayso.steward.duties import Duty, Open, duties_of
from sayso.steward.own_effect import OwnEffect, own_effect_of
from sayso.workspace.accountability import ownership, people_of
from sayso.workspace.activations import list_activations
from sayso.workspace.marks import list_suggestions
from sayso.workspace.proposals import list_proposals
from sayso.workspace.round_store import round_ids
from sayso.workspace.rounds import charter_of, status_of
from sayso.workspace.settle import round_facts
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.declare.activation import Activation
    from sayso.domain.charter_ref import CharterRef
    from sayso.learn.proposal import Proposal
    from sayso.learn.settling import RoundFacts
    from sayso.workspace.versions import KeptVersions


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a workspace stands on a day.

    Attributes:
        on: The day.
        open: What duties follow from.
        duties: What is owed, the longest overdue first.
        effect: What Sayso itself has changed.
        unread: Files that could not be read, each with why.
    """

    on: date
    open: Open
    duties: tuple[Duty, ...]
    effect: OwnEffect
    unread: tuple[str, ...]


def status(folder: Path, on: date) -> Status:
    """How a workspace stands on a day; what cannot be read never stops the rest.

    Args:
        folder: The workspace; it may hold nothing yet.
        on: The day. Answers to rounds and forms of marks carry no time, so that a round's answers
            count on every day from its opening on.
    """
    owned = ownership(folder, on)
    kept = kept_versions(folder)
    proposals = tuple(
        p for p in (one.as_of(on) for one in list_proposals(folder)[0]) if p is not None
    )
    said, damaged = list_suggestions(folder)
    suggestions = tuple(_as_of(s, on) for s in said if s.on <= on)
    activations = tuple(a for a in list_activations(folder)[0] if a.on <= on)
    rounds, broken = _rounds(folder, kept, on)
    latest = tuple(kept.latest(slug).ref for slug in sorted({v.ref.slug for v in kept.now}))
    open_ = Open(
        ownership=owned,
        rounds=tuple(_unsettled(r, proposals) for r in rounds),
        proposals=proposals,
        suggestions=suggestions,
        latest=latest,
        edited=_edited(kept, activations),
    )
    return Status(
        on=on,
        open=open_,
        duties=duties_of(open_, today=on),
        effect=own_effect_of(proposals, suggestions, activations, today=on),
        unread=(*owned.unread, *damaged, *broken),
    )


def duties(folder: Path, today: date) -> tuple[Duty, ...]:
    """What is owed in a workspace: the longest overdue first, then the next due, then the undated.

    Args:
        folder: The workspace.
        today: The day.
    """
    return status(folder, today).duties


def own_effect(folder: Path, today: date) -> OwnEffect:
    """What Sayso itself has changed in the 90 days up to a day; nothing that was only intended.

    Args:
        folder: The workspace.
        today: The day.
    """
    return status(folder, today).effect


def _as_of(one: Suggestion, on: date) -> Suggestion:
    return one if one.fate is None or one.fate.on <= on else replace(one, fate=None)


def _rounds(
    folder: Path, kept: KeptVersions, on: date
) -> tuple[tuple[RoundFacts, ...], tuple[str, ...]]:
    holders, _ = people_of(folder)
    found: list[RoundFacts] = []
    unread: list[str] = []
    for round_id in round_ids(folder):
        try:
            stands = status_of(folder, round_id, on)
            slug = stands.round.charter.slug
            mine = [v for v in kept.now if v.ref.slug == slug]
            charter = kept.latest(slug).charter if mine else charter_of(folder, round_id)
        except SaysoError as error:
            unread.append(error.message)
            continue
        if stands.round.opened <= on:
            found.append(round_facts(stands, charter, holders, on=on))
    return tuple(found), tuple(unread)


def _unsettled(one: RoundFacts, proposals: tuple[Proposal, ...]) -> RoundFacts:
    """A round as it stood before the day it was settled on."""
    if one.state is not RoundState.SETTLED:
        return one
    if any(p.round == one.id and p.settled is not None for p in proposals):
        return one
    return replace(one, state=RoundState.SHOWN)


def _edited(kept: KeptVersions, activations: tuple[Activation, ...]) -> tuple[CharterRef, ...]:
    """Versions whose file no longer says what was activated."""
    was = {a.charter: a.fingerprint for a in activations if a.fingerprint}
    return tuple(v.ref for v in kept.now if was.get(v.ref, v.stands) != v.stands)


def run_status(folder: Path, *, on: date, today: date, as_json: bool) -> str:
    """What ``sayso status`` prints.

    Args:
        folder: The workspace.
        on: The day asked for.
        today: The day that counts as today.
        as_json: Everything as JSON.
    """
    found = status(folder, on)
    parts = (found.open, found.duties, found.effect, found.unread)
    if as_json:
        return json.dumps(status_json(*parts, on=on), ensure_ascii=False, indent=2)
    return status_text(*parts, on=on, today=today)
