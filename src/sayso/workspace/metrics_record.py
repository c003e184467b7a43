"""How large the record is, and what waits: figures that are looked up when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import SaysoError
from sayso.workspace.hooks_told import hook_metrics
from sayso.workspace.metrics import family
from sayso.workspace.record_place import RecordPlace

if TYPE_CHECKING:
    from sayso.workspace.api_office import Office


def record_metrics(office: Office) -> str:
    """Figures of the record, in the text format of Prometheus; only ``sayso_up`` where it is away.

    Args:
        office: The workspace and its record.
    """
    if not office.has_record:
        return _up(1)
    try:
        store = office.record.store
        head = store.head()
    except SaysoError:
        return _up(0)
    parts = [
        _up(1),
        family("sayso_record_events", "gauge", "Events on record.", {"": head.size}),
        family("sayso_record_frozen", "gauge", "1 where the record is frozen.", {"": head.frozen}),
        family(
            "sayso_queue_length", "gauge", "Writes that wait to be stored.", {"": store.waiting}
        ),
    ]
    held = [f.stat().st_size for f in RecordPlace(office.folder).database.parent.glob("record.db*")]
    if held:
        says = "Bytes of the record's files."
        parts.append(family("sayso_record_bytes", "gauge", says, {"": sum(held)}))
    parts.append(hook_metrics(office.folder, head.size))
    return "".join(parts)


def _up(found: int) -> str:
    return family("sayso_up", "gauge", "1 where the record can be read.", {"": found})
