"""Who holds a role on a day, and whether they stand for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sayso.declare.charter import Charter
    from sayso.domain.charter_ref import CharterRef


class Accountability(StrEnum):
    """Whether somebody stands for a decision."""

    NOBODY = "nobody"
    NAMED = "named, not accepted"
    ACCEPTED = "accepted"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One person in one role, over the half-open span [since, until).

    Attributes:
        role: The role.
        person: Their name.
        since: First day; None from ever.
        until: First day no longer; None for still.
        accepted: Charter versions they accepted, with the day.
    """

    role: str
    person: str
    since: date | None = None
    until: date | None = None
    accepted: tuple[tuple[CharterRef, date], ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether they hold the role on a day."""
        began = self.since is None or self.since <= day
        return began and (self.until is None or day < self.until)


def accountable(
    holders: tuple[Holder, ...], charter: Charter, *, on: date
) -> tuple[Accountability, str | None]:
    """Who stands for a charter on a day, and how firmly.

    Args:
        holders: What people.yaml says.
        charter: The charter version in force.
        on: The day asked for.

    Returns:
        The state, and the person where one is named.
    """
    if charter.owner is None:
        return Accountability.NOBODY, None
    ever = [h for h in holders if h.role == charter.owner]
    now = next((h for h in ever if h.holds_on(on)), None)
    if now is None:
        return (Accountability.VACANT if ever else Accountability.NOBODY), None
    accepted = any(ref == charter.ref and day <= on for ref, day in now.accepted)
    return (Accountability.ACCEPTED if accepted else Accountability.NAMED), now.person
