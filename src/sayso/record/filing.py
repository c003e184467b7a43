"""What a store files an event under, beside its bytes, so that it can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.record.events import Event


@dataclass(frozen=True, slots=True)
class Filed:
    """The columns of a record that its bytes say too; ``verify`` holds one against the other.

    Attributes:
        person: Who did it: the person behind the act, else the name of the agent or the service.
    """

    id: str
    kind: str
    decision: str
    case: str | None
    person: str
    recorded_at: datetime


def filed_under(event: Event, recorded_at: datetime) -> Filed:
    """What an event is filed under."""
    return Filed(
        id=event.id,
        kind=event.data.KIND,
        decision=event.decision,
        case=event.case,
        person=person_of(event),
        recorded_at=recorded_at,
    )


def person_of(event: Event) -> str:
    """Whom an event is filed under: the person behind it, else the agent or the service."""
    return event.by.person or event.by.name
