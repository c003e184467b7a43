"""Events as a door of programs tells them, in plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sayso.record.moments import instant_text
from sayso.record.wire import plain_data
from sayso.workspace.desk_answers import actor_json

if TYPE_CHECKING:
    from sayso.record.events import Recorded
    from sayso.record.strict_json import Json


def event_json(recorded: Recorded) -> dict[str, Json]:
    """An event in its place."""
    event = recorded.event
    return {
        "index": recorded.index,
        "recorded_at": instant_text(recorded.recorded_at),
        "id": event.id,
        "kind": event.data.KIND,
        "decision": event.decision,
        "charter_version": event.charter_version,
        "case": event.case,
        "by": actor_json(event.by),
        "at": instant_text(event.at),
        "data": cast("dict[str, Json]", plain_data(event.data)),
        "erased": list(recorded.erased),
    }
