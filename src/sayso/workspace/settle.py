"""Settle a round: the rule, the effect expected of it, and the day it is checked."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.align.round import RoundState, SettleBy
from sayso.declare.charter_text import next_version
from sayso.declare.diff import diff
from sayso.declare.lint import lint
from sayso.declare.people import accepted_text, read_people
from sayso.declare.problem import Severity
from sayso.declare.versions import asks_for_version
from sayso.declare.yaml_value import Value, as_yaml
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    CharterChanged,
    CharterInvalid,
    FileNotWritable,
    SaysoError,
    SettleRefused,
)
from sayso.learn.proposal import (
    Proposal,
    Settlement,
    Wanted,
    next_id,
    read_settlement,
)
from sayso.learn.settling import Allowed, RoundFacts, may_settle, why_not
from sayso.present.settling import told_text
from sayso.workspace.charter_versions import alone
from sayso.workspace.charters import text_of
from sayso.workspace.proposals import (
    draft_of,
    draft_place,
    draft_text,
    file_of,
    list_proposals,
    proposal_ids,
    proposal_text,
    read_text,
)
from sayso.workspace.round_store import END, end_text, place_of, read_end
from sayso.workspace.rounds import charter_of, status_of
from sayso.workspace.together import changing, write_together
from sayso.workspace.versions import kept_versions, place_of_version, version_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sayso.declare.charter import Charter, Different, Objective
    from sayso.declare.people import Holder
    from sayso.declare.problem import Place, Problem
    from sayso.workspace.rounds import RoundStatus
    from sayso.workspace.versions import KeptVersion

PEOPLE, TOLD = "people.yaml", "settled.json"
FIELDS = {
    "rule": "The rule",
    "why": "Why",
    "check": "The check",
    "where": "The cases of the check",
    "start": "Where it stands now",
    "target": "Where it is to stand",
    "check_on": "The day of the check",
    "weights": "The weights",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an attempt to settle.

    Attributes:
        proposal: The proposal, settled or laid open.
        is_settled: Whether the round is settled by it.
        waits_for: Where it is not: every reason, in sentences.
        told: What everyone who answered is told; "" while it is not settled.
    """

    proposal: Proposal
    is_settled: bool
    waits_for: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What is read before anything is written."""

    facts: RoundFacts
    status: RoundStatus
    now: KeptVersion
    people: str
    holders: tuple[Holder, ...]
    places: tuple[Place, ...]
    waiting: Proposal | None


def settle_round(
    folder: Path,
    round_id: str,
    typed: Settlement,
    *,
    today: date,
    by: str | None = None,
    person: str | None = None,
    although_changed: bool = False,
    seen: str | None = None,
) -> Settled:
    """Settle a round by its declared rule, or lay the proposal open where that has to come first.

    Writes the proposal, the next charter version, the old one's text under old/, the owner's
    acceptance of the new one and what everyone is told, all of them or none. Fields left empty are
    taken from what was typed before.

    Args:
        folder: The workspace.
        round_id: The round.
        typed: What was typed; empty fields go on from the draft.
        today: The day.
        by: The role that does this; the accountable one where None. Another role only proposes.
        person: Who does it, to be held against people.yaml; None for whoever holds the role.
        although_changed: Settle although the charter changed after the answers were given.
        seen: Fingerprint of the charter that the person had before them; None to go without.

    Raises:
        RoundNotFound: If there is no such round.
        CharterNotFound: If its charter is gone.
        CharterChanged: If the charter is not the one that was seen.
        SettleRefused: If it cannot be settled as asked; every reason is said, what was typed kept.
        FileNotWritable: If the workspace cannot be written; nothing is changed then.
    """
    place_of(folder, round_id)
    with changing(folder):
        draft = typed.over(draft_of(folder, round_id))
        try:
            return _tried(
                folder, round_id, draft,
                today=today, by=by, person=person, although_changed=although_changed, seen=seen,
            )  # fmt: skip
        except SaysoError:
            if not typed.empty:
                with suppress(FileNotWritable):
                    place = draft_place(folder, round_id)
                    write_together(folder, {place: draft_text(draft)}, day=today)
            raise


def _tried(
    folder: Path,
    round_id: str,
    draft: Settlement,
    *,
    today: date,
    by: str | None,
    person: str | None,
    although_changed: bool,
    seen: str | None,
) -> Settled:
    standing = _standing(folder, round_id, today)
    facts = standing.facts
    if seen is not None and seen != standing.now.fingerprint:
        raise CharterChanged(
            f"{standing.now.ref} is no longer the charter that you saw.",
            hint="Look at it again; what you typed is kept.",
        )
    role = by or facts.owner or ""
    refused = _refused(folder, round_id, standing, person, role, although_changed=although_changed)
    wanted = read_settlement(draft, standing.now.charter, today=today)
    if not isinstance(wanted, Wanted):
        refused += [f"{FIELDS[p.field]}: {p.message}" for p in wanted]
    if refused or not isinstance(wanted, Wanted):
        raise _refusal(round_id, refused)
    proposal = _proposal(folder, standing, wanted, round_id, by=role, today=today)
    allowed = may_settle(proposal, facts, proposal.objections, by=role, today=today)
    if isinstance(allowed, Allowed):
        return _settle(folder, standing, proposal, today)
    if role == facts.owner and facts.settle not in (SettleBy.CONSENT, SettleBy.VETO):
        raise _refusal(round_id, allowed)
    texts = {file_of(folder, proposal.id): proposal_text(proposal)}
    write_together(folder, {**texts, **_without_draft(folder, round_id)}, day=today)
    return Settled(proposal=proposal, is_settled=False, waits_for=allowed)


def _refusal(round_id: str, reasons: Sequence[str]) -> SettleRefused:
    return SettleRefused(
        f"{round_id} is not settled.",
        reasons=reasons,
        hint=f"Whatever was typed is kept: `sayso settle {round_id}` goes on from it.",
    )


def round_facts(
    status: RoundStatus, charter: Charter, holders: tuple[Holder, ...], *, on: date
) -> RoundFacts:
    """What settling needs to know of a round.

    Args:
        status: Where it stands.
        charter: The decision's charter now.
        holders: What people.yaml says.
        on: The day.
    """
    round_ = status.round
    holder = next((h for h in holders if h.role == charter.owner and h.holds_on(on)), None)
    return RoundFacts(
        id=round_.id,
        decision=round_.charter.slug,
        state=status.state,
        settle=round_.settle,
        quorum=round_.quorum,
        invited=round_.invited,
        sent=status.sent,
        least=round_.least,
        opened=round_.opened,
        closes=round_.closes,
        owner=charter.owner,
        holder=None if holder is None else holder.person,
        veto=charter.rights.veto,
        lies=status.lies,
    )


def _standing(folder: Path, round_id: str, today: date) -> _Standing:
    status = status_of(folder, round_id, today)
    now = kept_versions(folder).latest(status.round.charter.slug)
    people = read_text(folder / PEOPLE)
    reading = read_people(people, PEOPLE) if people.strip() else None
    holders = () if reading is None or reading.problems else reading.holders
    waiting = [p for p in list_proposals(folder)[0] if p.round == round_id and p.settled is None]
    return _Standing(
        facts=round_facts(status, now.charter, holders, on=today),
        status=status,
        now=now,
        people=people,
        holders=holders,
        places=() if reading is None else reading.places,
        waiting=waiting[-1] if waiting else None,
    )


def _refused(
    folder: Path,
    round_id: str,
    standing: _Standing,
    person: str | None,
    role: str,
    *,
    although_changed: bool,
) -> list[str]:
    """What stands in the way before the texts are looked at."""
    facts, said = standing.facts, list[str]()
    if facts.state is RoundState.SETTLED:
        said.append(f"{round_id} was settled by {standing.status.settled}.")
    else:
        said += why_not(facts, by=role)
    if standing.people.strip() and not standing.holders:
        problems = read_people(standing.people, PEOPLE).problems
        said += [str(p) for p in problems[:1]]
    if person is not None and role == facts.owner and person != facts.holder:
        said.append(f"{facts.owner} is {facts.holder or 'nobody'}, not {person}.")
    if facts.state is RoundState.SHOWN and not although_changed:
        asked = charter_of(folder, round_id)
        if asks_for_version(asked, standing.now.charter):
            changes = " ".join(diff(asked, standing.now.charter))
            said.append(
                f"The charter changed after the answers were given to {asked.ref}: {changes} "
                "If they still hold, add --although-changed."
            )
    return said


def _proposal(
    folder: Path,
    standing: _Standing,
    wanted: Wanted,
    round_id: str,
    *,
    by: str,
    today: date,
) -> Proposal:
    """The proposal that is wanted: a new one, or the one that lies open, changed where it differs."""
    now, old = standing.now, standing.waiting
    new = Proposal(
        id=next_id(now.charter.decision, proposal_ids(folder)),
        base=now.ref,
        to=CharterRef(now.ref.slug, now.ref.version + 1),
        fingerprint=now.fingerprint,
        round=round_id,
        rule=wanted.rule,
        why=wanted.why,
        expected=wanted.expected,
        check_on=wanted.check_on,
        by=by,
        settle=standing.facts.settle,
        drafted=today,
        weights=wanted.weights,
    )
    if old is None:
        return new
    same = (
        old.rule == new.rule
        and old.why == new.why
        and old.expected == new.expected
        and old.check_on == new.check_on
        and old.weights == new.weights
        and old.fingerprint == new.fingerprint
    )
    return old if same else old.changed(new, on=today)


def _settle(folder: Path, standing: _Standing, proposal: Proposal, today: date) -> Settled:
    now = standing.now
    done = replace(proposal, settled=today)
    told = told_text(done)
    text = _next_text(now, proposal, today)
    people, kept = folder / PEOPLE, place_of_version(now.file, now.ref)
    if kept.exists() and text_of(kept) != now.text:
        raise CharterInvalid(
            f"{kept} is another version {now.ref} already.",
            hint=f"Write a `version:` into {now.file} that was not used yet.",
        )
    place = place_of(folder, proposal.round)
    end = replace(read_end(place), settled=done.id)
    holder, where = next(
        (h, p)
        for h, p in zip(standing.holders, standing.places, strict=True)
        if h.role == standing.facts.owner and h.holds_on(today)
    )
    texts: dict[Path, str | None] = {
        kept: _breaks(now.file, now.text),
        file_of(folder, done.id): proposal_text(done),
        now.file: _breaks(now.file, text),
        place / TOLD: told_json(done, told),
        place / END: end_text(end),
        **_without_draft(folder, done.round),
    }
    if all(ref != done.to for ref, _ in holder.accepted):
        # Whoever writes the rule stands for the version that holds it.
        texts[people] = _breaks(people, accepted_text(standing.people, where, done.to, today))
    with alone(now.file.parent):
        for file, known in ((now.file, now.text), (people, standing.people)):
            if text_of(file) != known:
                raise CharterChanged(
                    f"{file} was changed meanwhile.", hint="Look at it, and settle once more."
                )
        write_together(folder, texts, day=today)
    return Settled(proposal=done, is_settled=True, told=told)


def _breaks(like: Path, text: str) -> str:
    """The text with the line breaks that a file has: reading has made them all alike."""
    return text.replace("\n", "\r\n") if b"\r\n" in like.read_bytes() else text


def told_json(proposal: Proposal, told: str) -> str:
    """What everyone who answered is told, as the round's folder holds it."""
    plain = {
        "format": 1,
        "proposal": proposal.id,
        "on": str(proposal.settled),
        "charter": str(proposal.to),
        "rule": proposal.rule,
        "why": proposal.why,
        "check_on": str(proposal.check_on),
        "told": told,
    }
    return json.dumps(plain, ensure_ascii=True, indent=2) + "\n"


def _next_text(now: KeptVersion, proposal: Proposal, today: date) -> str:
    """The next charter version: one line more under ``differently``, and the weights."""
    effect = proposal.expected
    line: dict[str, Value] = {"says": proposal.rule, "check": effect.check}
    if effect.where is not None:
        line["where"] = effect.where
    line |= {"from": effect.start, "to": effect.target, "by": proposal.check_on}
    changes: dict[str, str | None] = {
        "differently": as_yaml([*(_different(d) for d in now.charter.differently), line])
    }
    if proposal.weights:
        weights = dict(proposal.weights)
        changes["matters"] = as_yaml([_objective(o, weights) for o in now.charter.matters])
    text = next_version(now.text, changes)
    after = version_from(now.file, text)
    before = {(p.code, p.message) for p in _errors(now, today)}
    new = [p for p in _errors(after, today) if (p.code, p.message) not in before]
    if new or after.ref != proposal.to:
        said = str(new[0]) if new else f"it would be {after.ref}, not {proposal.to}."
        raise SettleRefused(
            f"The next charter version would not hold: {said}", hint="Change what was typed."
        )
    return text


def _errors(version: KeptVersion, today: date) -> list[Problem]:
    found = lint(version.charter, version.places, today=today)
    return [p for p in found if p.severity is Severity.ERROR]


def _different(one: Different) -> dict[str, Value]:
    said: dict[str, Value] = {"says": one.says}
    pairs = {"check": one.check, "where": one.where, "from": one.start, "to": one.target}
    said |= {k: v for k, v in {**pairs, "by": one.by}.items() if v is not None}
    return said


def _objective(one: Objective, weights: dict[str, float]) -> dict[str, Value]:
    said: dict[str, Value] = {"name": one.name, "weight": weights[one.name]}
    if one.measure is not None:
        said["measure"] = one.measure
    if one.range is not None:
        said["range"] = list(one.range)
    if one.unit is not None:
        said["unit"] = one.unit
    return said


def _without_draft(folder: Path, round_id: str) -> dict[Path, None]:
    place = draft_place(folder, round_id)
    return {place: None} if place.exists() else {}
