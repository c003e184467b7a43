"""Record that the accountable person accepts a charter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.people import accepted_text, read_people
from sayso.domain.errors import CharterInvalid
from sayso.workspace import clock
from sayso.workspace.charters import find_charter, ref_of, text_of
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from datetime import date


def accept_charter(
    text: str,
    *,
    person: str | None = None,
    charters: str = "charters",
    people: str = "people.yaml",
    today: date | None = None,
) -> str:
    """Write the acceptance into people.yaml and say so.

    Args:
        text: The charter version, ``slug@version``, or its slug for the latest.
        person: Who accepts; the one who holds the owner's role where not said.
        charters: Folder of charters.
        people: Who holds which role.
        today: The day of acceptance.

    Raises:
        SaysoError: If the charter, the role or the person is not there.
    """
    ref, day = ref_of(text, Path(charters)), today or clock.today()
    charter = find_charter(ref, Path(charters))
    if charter.owner is None:
        raise CharterInvalid(f"{ref} names no owner.", hint="Add `owner:` to the charter.")
    file = Path(people)
    reading = read_people(text_of(file), str(file))
    if reading.problems:
        raise CharterInvalid(str(reading.problems[0]), hint=f"Run `sayso check {people}`.")
    holding = [
        (holder, place)
        for holder, place in zip(reading.holders, reading.places, strict=True)
        if holder.role == charter.owner and holder.holds_on(day)
    ]
    if not holding:
        raise CharterInvalid(
            f"Nobody holds the role {charter.owner} on {day}.",
            hint=f"Add `- {{role: {charter.owner}, person: NAME, from: {day}}}` to {people}.",
        )
    holder, place = holding[0]
    if person is not None and person != holder.person:
        raise CharterInvalid(
            f"{charter.owner} is {holder.person}, not {person}.",
            hint="Only who is accountable can accept.",
        )
    if any(known == ref for known, _ in holder.accepted):
        return f"{holder.person} has accepted {ref} before."
    write_whole(file, accepted_text(text_of(file), place, ref, day))
    return f"{holder.person}, {charter.owner}, accepts {ref} on {day}."
