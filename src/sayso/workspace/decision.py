"""What is on record of the decisions of a workspace, as their pages tell it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.declare.coherence import Placed, coherence
from sayso.declare.lint import lint
from sayso.declare.people import Accountability, accountable, read_people
from sayso.declare.problem import Severity
from sayso.domain.errors import CharterInvalid, CharterNotFound, RoundUnreadable
from sayso.present.decision import DecisionFacts, Finding, RoundSeen, Settled
from sayso.present.settling import check_text
from sayso.workspace.charters import charter_files, reading_of, text_of
from sayso.workspace.proposals import list_proposals
from sayso.workspace.round_store import round_ids
from sayso.workspace.rounds import status_of
from sayso.workspace.standings import read_standings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from sayso.declare.charter_file import CharterReading
    from sayso.declare.people import Holder
    from sayso.declare.problem import Problem

CHARTERS, PEOPLE = "charters", "people.yaml"
# It informs a plan, and leaves nothing open.
INFORMS = frozenset({"SAY233"})
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything on record of the decisions of a workspace.

    Attributes:
        decisions: One each, by name.
        apart: Points in which charters do not fit together.
        broken: What could not be read, one sentence each.
    """

    decisions: tuple[DecisionFacts, ...]
    apart: int
    broken: tuple[str, ...]


def read_decision(folder: Path, slug: str, today: date) -> DecisionFacts:
    """What is on record of one decision.

    Args:
        folder: The workspace.
        slug: The decision's name.
        today: The day.

    Raises:
        CharterNotFound: If there is no such decision.
    """
    decisions = read_decisions(folder, today).decisions
    for one in decisions:
        if one.slug == slug:
            return one
    raise CharterNotFound(slug, [one.slug for one in decisions])


def read_decisions(folder: Path, today: date) -> Found:
    """What is on record of every decision; one file that cannot be read hides no other.

    Args:
        folder: The workspace.
        today: The day.
    """
    broken: list[str] = []
    holders = _holders(folder, broken)
    rounds = _rounds(folder, today, broken)
    settled = _settled(folder, broken)
    newest: dict[str, tuple[CharterReading, str]] = {}
    unread: list[DecisionFacts] = []
    placed: list[Placed] = []
    inside = folder / CHARTERS
    for file in charter_files(inside) if inside.is_dir() else []:
        name = str(file.relative_to(folder))
        try:
            reading = reading_of(file)
        except CharterInvalid as error:
            broken.append(str(error))
            continue
        charter = reading.charter
        if charter is None:
            findings = _findings(reading.problems)
            if _NAME.fullmatch(file.stem):
                unread.append(
                    DecisionFacts(slug=file.stem, file=name, charter=None, findings=findings)
                )
            else:
                broken.append(f"{name} cannot be read: {findings[0].says}")
            continue
        placed.append(Placed(charter, reading.places))
        kept = newest.get(charter.decision)
        if kept is None or kept[0].charter is None or kept[0].charter.version < charter.version:
            newest[charter.decision] = (reading, name)
    decisions = [
        _with_standings(folder, _facts(reading, name, holders, rounds, settled, today))
        for reading, name in newest.values()
    ]
    # A file that cannot be read may be the next version of one that can; both are told then.
    decisions += [one for one in unread if one.slug not in newest]
    broken += [f"{one.file} cannot be read." for one in unread if one.slug in newest]
    return Found(
        decisions=tuple(sorted(decisions, key=lambda d: d.slug)),
        apart=len(coherence(placed)),
        broken=tuple(broken),
    )


def _facts(
    reading: CharterReading,
    file: str,
    holders: tuple[Holder, ...],
    rounds: dict[str, list[RoundSeen]],
    settled: dict[str, list[Settled]],
    today: date,
) -> DecisionFacts:
    charter = reading.charter
    assert charter is not None
    problems = (*reading.problems, *lint(charter, reading.places, today=today))
    standing, person = accountable(holders, charter, on=today)
    return DecisionFacts(
        slug=charter.decision,
        file=file,
        charter=charter,
        standing=standing,
        person=person if standing is not Accountability.NOBODY else None,
        findings=_findings(problems),
        rounds=tuple(rounds.get(charter.decision, ())),
        settled=tuple(settled.get(charter.decision, ())),
    )


def _with_standings(folder: Path, facts: DecisionFacts) -> DecisionFacts:
    """What is known, with how assumptions stood when a table was last read."""
    assert facts.charter is not None
    return replace(facts, stood=read_standings(folder, facts.charter))


def _findings(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """The open points; a message begins with its field."""
    found: list[Finding] = []
    for problem in sorted(p for p in problems if p.code not in INFORMS):
        field, colon, says = problem.message.partition(": ")
        if not colon or " " in field:
            field, says = "", problem.message
        found.append(
            Finding(
                field=field,
                code=problem.code,
                says=says[:1].upper() + says[1:],
                hint=problem.hint,
                error=problem.severity is Severity.ERROR,
            )
        )
    return tuple(found)


def _holders(folder: Path, broken: list[str]) -> tuple[Holder, ...]:
    file = folder / PEOPLE
    if not file.is_file():
        return ()
    try:
        reading = read_people(text_of(file), PEOPLE)
    except CharterInvalid as error:
        broken.append(str(error))
        return ()
    broken += [str(problem) for problem in reading.problems]
    return reading.holders


def _rounds(folder: Path, today: date, broken: list[str]) -> dict[str, list[RoundSeen]]:
    """The rounds by decision, in their order."""
    found: dict[str, list[RoundSeen]] = defaultdict(list)
    for round_id in round_ids(folder):
        try:
            status = status_of(folder, round_id, today)
        except RoundUnreadable as error:
            broken.append(str(error))
            continue
        found[status.round.charter.slug].append(
            RoundSeen(
                round=status.round, state=status.state, sent=status.sent, settled=status.settled
            )
        )
    return found


def _settled(folder: Path, broken: list[str]) -> dict[str, list[Settled]]:
    """The rules that were settled, by decision, in their order."""
    found: dict[str, list[Settled]] = defaultdict(list)
    proposals, unread = list_proposals(folder)
    broken += unread
    for one in proposals:
        if one.settled is not None:
            seen = check_text(one, one.told) if one.told is not None else ""
            found[one.decision].append(
                Settled(says=one.rule, on=one.settled, check=one.check_on, seen=seen)
            )
    return found
