"""Who holds the accountable role of a decision: naming them, and their acceptance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sayso.declare.owners import is_group, owner_names
from sayso.declare.people import Accountability, read_people
from sayso.domain.errors import CharterInvalid
from sayso.present.pages import FormProblem
from sayso.workspace.accept import accept_charter
from sayso.workspace.charters import text_of
from sayso.workspace.decision import CHARTERS, PEOPLE, read_decision
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

LONGEST = 200


def name_owner(folder: Path, slug: str, typed: str, *, today: date) -> tuple[FormProblem, ...]:
    """Write into people.yaml who holds a decision's accountable role from today on.

    Args:
        folder: The workspace.
        slug: The decision's name.
        typed: The person's name, as it was typed.
        today: The day.

    Returns:
        What is wrong with the name; nothing where it was written.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the charter names no role, somebody holds it, or people.yaml cannot be
            read or added to.
    """
    facts = read_decision(folder, slug, today)
    role = facts.charter.owner if facts.charter else None
    if role is None:
        raise CharterInvalid(
            "The charter names no role that is accountable.", hint="Fill in its owner first."
        )
    if facts.person is not None:
        raise CharterInvalid(f"{facts.person} holds {role}.", hint="One person holds a role.")
    person = " ".join(typed.split())
    if (wrong := _wrong(person)) is not None:
        return (FormProblem("person", wrong),)
    file = folder / PEOPLE
    before = text_of(file) if file.exists() else ""
    known = read_people(before, PEOPLE) if before.strip() else None
    if before and not before.endswith("\n"):
        before += "\n"
    line = f"- {{role: {json.dumps(role, ensure_ascii=False)}, person: "
    line += f"{json.dumps(person, ensure_ascii=False)}, from: {today.isoformat()}}}\n"
    after = read_people(before + line, PEOPLE)
    if after.problems or len(after.holders) != 1 + (len(known.holders) if known else 0):
        why = after.problems[0].message if after.problems else "It is not a list of lines."
        raise CharterInvalid(
            f"{PEOPLE} cannot be added to: {why}", hint=f"Add by hand: {line.strip()}"
        )
    write_whole(file, before + line)
    return ()


def accept_owner(folder: Path, slug: str, *, certain: bool, today: date) -> tuple[FormProblem, ...]:
    """Write into people.yaml that whoever is named accepts the charter as it reads now.

    Args:
        folder: The workspace.
        slug: The decision's name.
        certain: Whether they said that it is they who accept.
        today: The day.

    Returns:
        What is wrong in the form; nothing where it was written.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If nobody is named.
    """
    facts = read_decision(folder, slug, today)
    if facts.standing is Accountability.ACCEPTED:
        return ()
    if not certain and facts.person is not None:
        return (
            FormProblem("certain", f"Say that you are {facts.person}; nobody accepts for another."),
        )
    ref = str(facts.charter.ref) if facts.charter else slug
    accept_charter(
        ref,
        person=facts.person,
        charters=str(folder / CHARTERS),
        people=str(folder / PEOPLE),
        today=today,
    )
    return ()


def _wrong(person: str) -> str | None:
    if not person:
        return "Write one name."
    if len(person) > LONGEST:
        return f"Write a name of at most {LONGEST} characters."
    if not person.isprintable():
        return "Write a name without control characters."
    if len(owner_names(person)) > 1:
        return "Write one name. If it goes wrong on Friday, whose phone rings?"
    if is_group(person):
        return "Write one person's name; where a group is named, nobody's phone rings."
    return None
