"""Bring a charter version into force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.activation import Activation, Readiness, in_force, why_not_active
from sayso.declare.activation_file import activated_text
from sayso.declare.lint import lint
from sayso.declare.marks import deciders_known, marks_needed
from sayso.declare.people import accountable, read_people
from sayso.declare.problem import Severity
from sayso.domain.errors import ActivationRefused, WorkspaceUnreadable
from sayso.present.numbers import on_day
from sayso.workspace.activations import ACTIVATIONS, list_activations
from sayso.workspace.files import write_whole
from sayso.workspace.marks import marks_of, version_of
from sayso.workspace.proposals import read_text
from sayso.workspace.together import changing

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.domain.charter_ref import CharterRef
    from sayso.workspace.versions import KeptVersion

PEOPLE = "people.yaml"


def activate(folder: Path, text: str, *, today: date, deciders: int | None = None) -> str:
    """Bring a charter version into force today, and say so.

    Args:
        folder: The workspace.
        text: The version, ``slug@version``, or its slug for the latest.
        today: The day.
        deciders: How many people decide, where people.yaml does not say it.

    Raises:
        InvalidReference: If the text names no version.
        CharterNotFound: If charters/ does not hold that version.
        ActivationRefused: If something keeps it from coming into force; every reason is said.
        WorkspaceUnreadable: If activations.yaml is damaged.
    """
    with changing(folder):
        found = version_of(folder, text)
        ref = found.ref
        activations, broken = list_activations(folder)
        if broken:
            raise WorkspaceUnreadable(broken[0], hint=f"Mend {ACTIVATIONS}.")
        active = in_force(activations, ref.slug, on=today)
        known = next((a for a in activations if a.charter == ref), None)
        if known is not None and active == ref:
            return f"{ref} is in force since {on_day(known.on)}."
        reasons = why_not_active(readiness(folder, found, active, today=today, deciders=deciders))
        if reasons:
            raise ActivationRefused(
                "\n  ".join([f"{ref} cannot come into force yet.", *reasons]),
                hint=f"See `sayso check`, `sayso accept {ref}` and `sayso marks form {ref}`.",
            )
        one = Activation(charter=ref, on=today, fingerprint=found.stands)
        write_whole(folder / ACTIVATIONS, activated_text(read_text(folder / ACTIVATIONS), one))
    before = f" {active} is no longer." if active is not None else ""
    return f"{ref} is in force from {on_day(today)} on.{before}"


def readiness(
    folder: Path,
    version: KeptVersion,
    active: CharterRef | None,
    *,
    today: date,
    deciders: int | None = None,
) -> Readiness:
    """What is known of a version that somebody wants in force.

    Args:
        folder: The workspace.
        version: The version.
        active: The version in force now.
        today: The day.
        deciders: How many people decide, where people.yaml does not say it.
    """
    charter = version.charter
    people = read_text(folder / PEOPLE)
    reading = read_people(people, PEOPLE) if people.strip() else None
    holders = reading.holders if reading is not None else ()
    state, person = accountable(holders, charter, on=today)
    unclear = (*version.problems, *lint(charter, version.places, today=today))
    errors = [str(p) for p in sorted(unclear) if p.severity is Severity.ERROR]
    errors += [str(p) for p in (reading.problems if reading is not None else ())]
    marks = marks_of(folder, charter.ref)
    if marks.fingerprint not in ("", version.stands):
        errors.append(
            f"{charter.ref} changed since its assumptions were marked; raise its version."
        )
    known = [n for n in (deciders_known(charter, holders, on=today), deciders) if n is not None]
    return Readiness(
        charter=charter.ref,
        errors=tuple(errors),
        state=state,
        owner=charter.owner,
        person=person,
        marked=marks.marked,
        needed=marks_needed(max(known) if known else None),
        unanswered=tuple(s.id for s in marks.suggestions if s.fate is None),
        in_force=active,
    )
