"""Who holds which role, since when, and what they accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.fields import Fields
from sayso.declare.holders import Accountability, Holder, accountable
from sayso.declare.problem import Place, Problem
from sayso.declare.yaml_tree import Items, read_tree
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import InvalidReference

if TYPE_CHECKING:
    from datetime import date


__all__ = [
    "CODES",
    "Accountability",
    "Holder",
    "PeopleReading",
    "accepted_text",
    "accountable",
    "read_people",
]

CODES = {
    "SAY301": "Two people hold one role on the same day.",
    "SAY302": "A person whose last day is not after the first.",
}


@dataclass(frozen=True, slots=True)
class PeopleReading:
    """What people.yaml says, with every problem in it."""

    holders: tuple[Holder, ...]
    problems: tuple[Problem, ...]
    places: tuple[Place, ...] = ()


def read_people(text: str, file: str) -> PeopleReading:
    """Read people.yaml: a list of {role, person, from, to, accepted}.

    Args:
        text: The file's text.
        file: Its name, for places.
    """
    tree = read_tree(text, file)
    f = Fields(problems=list(tree.problems))
    if tree.root is None:
        return PeopleReading((), tree.problems)
    if not isinstance(tree.root, Items):
        f.wrong(tree.root, "people", "a list", "- {role: ..., person: ..., from: 2026-01-31}")
    holders: list[Holder] = []
    places: list[Place] = []
    for i, item in enumerate(f.items(tree.root, "people") if isinstance(tree.root, Items) else ()):
        path = f"people[{i}]"
        entries = f.mapping(item, path, ("role", "person", "from", "to", "accepted"))
        if entries is None:
            continue
        role = f.text(entries.get("role"), f"{path}.role")
        person = f.text(entries.get("person"), f"{path}.person")
        if role is None or person is None:
            f.refuse(
                item.place, "SAY112", f"{path}: needs role and person.", "Add the missing one."
            )
            continue
        accepted: list[tuple[CharterRef, date]] = []
        for j, entry in enumerate(f.items(entries.get("accepted"), f"{path}.accepted")):
            where = f"{path}.accepted[{j}]"
            pair = f.mapping(entry, where, ("charter", "on"))
            if pair is None:
                continue
            ref = f.parsed(
                pair.get("charter"), f"{where}.charter", _ref, "a charter version", "slug@3"
            )
            on = f.day(pair.get("on"), f"{where}.on")
            if ref is not None and on is not None:
                accepted.append((ref, on))
        holder = Holder(
            role=role,
            person=person,
            since=f.day(entries.get("from"), f"{path}.from"),
            until=f.day(entries.get("to"), f"{path}.to"),
            accepted=tuple(accepted),
        )
        if holder.since and holder.until and holder.until <= holder.since:
            f.refuse(
                item.place,
                "SAY302",
                f"{path}: {person} leaves on {holder.until}, before the first day.",
                "`to` is the first day no longer held.",
            )
        holders.append(holder)
        places.append(item.place)
    f.problems += _overlaps(holders, places)
    return PeopleReading(tuple(holders), tuple(sorted(f.problems)), tuple(places))


def _ref(text: str) -> CharterRef | None:
    try:
        return CharterRef.parse(text)
    except InvalidReference:
        return None


def _overlaps(holders: list[Holder], places: list[Place]) -> list[Problem]:
    found: list[Problem] = []
    for i, one in enumerate(holders):
        for j, other in enumerate(holders[:i]):
            if one.role != other.role:
                continue
            starts_before = one.since is None or other.until is None or one.since < other.until
            ends_after = other.since is None or one.until is None or other.since < one.until
            if starts_before and ends_after:
                found.append(
                    Problem(
                        places[i],
                        "SAY301",
                        f"{one.role}: {one.person} and {other.person} hold it at once.",
                        f"End the one on line {places[j].line} with `to:`.",
                    )
                )
    return found


def accepted_text(text: str, holder_place: Place, ref: CharterRef, on: date) -> str:
    """The text of people.yaml with one acceptance more; nothing else is touched.

    Args:
        text: The file's text.
        holder_place: Where the holder's entry begins.
        ref: The version accepted.
        on: The day.
    """
    lines = text.splitlines(keepends=True)
    at = holder_place.line - 1
    entry = f"{{charter: {ref}, on: {on}}}"
    line = lines[at]
    begin = holder_place.column - 1
    if line[begin : begin + 1] == "{":
        close = _closing(line, begin)
        head, tail = line[:close], line[close:]
        inside = "accepted: ["
        place = head.find(inside, begin)
        if place >= 0:
            end = _closing(head, place + len(inside) - 1)
            gap = ", " if head[place + len(inside) : end].strip() else ""
            lines[at] = head[:end] + gap + entry + head[end:] + tail
        else:
            lines[at] = f"{head.rstrip()}, {inside}{entry}]{tail}"
        return "".join(lines)
    last = at
    while last + 1 < len(lines) and (
        not lines[last + 1].strip() or lines[last + 1].startswith(" " * begin)
    ):
        last += 1
    while last > at and not lines[last].strip():
        last -= 1
    block = [i for i in range(at, last + 1) if lines[i].strip().startswith("accepted:")]
    pad = " " * begin
    if block:
        inside = lines[block[0]].rstrip("\n")
        if inside.rstrip().endswith("]"):
            cut = inside.rstrip()[:-1]
            gap = "" if cut.rstrip().endswith("[") else ", "
            lines[block[0]] = f"{cut}{gap}{entry}]\n"
        else:
            lines.insert(last + 1, f"{pad}  - {entry}\n")
        return "".join(lines)
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    lines.insert(last + 1, f"{pad}accepted: [{entry}]\n")
    return "".join(lines)


def _closing(line: str, opening: int) -> int:
    """The bracket that closes the one at ``opening``, on the same line."""
    depth = 0
    for i in range(opening, len(line)):
        depth += (line[i] in "{[") - (line[i] in "}]")
        if depth == 0:
            return i
    return len(line.rstrip("\n"))
