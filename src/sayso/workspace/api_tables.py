"""The decided cases of the live record: as a table, and as the audit's figures."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import TableEmpty, ThingNotFound, TooManyRequests
from sayso.workspace.api_rights import EXPORT, FIGURES
from sayso.workspace.live_audit import audit_record
from sayso.workspace.segments import export_case_table

if TYPE_CHECKING:
    from collections.abc import Generator

    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office

# Each takes seconds and memory, and the record's own work goes before.
_ONE = Lock()
_SECONDS = 3


def export_of(office: Office, login: Login, decision: str) -> bytes:
    """The decided cases of a decision as Parquet.

    Raises:
        NotAllowed: If they may not be handed out.
        ThingNotFound: If none is decided.
        TooManyRequests: If another table is being made.
    """
    office.check(login, EXPORT, decision)
    with _alone(), tempfile.TemporaryDirectory() as place:
        table = Path(place) / f"{decision}.parquet"
        if not export_case_table(office.record, decision, table).cases:
            raise _none(decision)
        return table.read_bytes()


def figures_of(office: Office, login: Login, decision: str) -> dict[str, Any]:  # the audit's JSON
    """What the audit says of the decided cases of a decision.

    Raises:
        NotAllowed: If figures may not be read.
        ThingNotFound: If none is decided.
        TooManyRequests: If another table is being made.
        SaysoError: If the table is too small to say anything of without exposing somebody.
    """
    office.check(login, FIGURES, decision)
    with _alone():
        try:
            return audit_record(office.record, decision).to_json()
        except TableEmpty as error:
            raise _none(decision) from error


@contextmanager
def _alone() -> Generator[None]:
    """One at a time, and nobody waits: those who did would keep threads from whoever reads a case."""
    if not _ONE.acquire(blocking=False):
        raise TooManyRequests(
            "Another table is being made.",
            hint="Wait as long as Retry-After says, and ask again.",
            after_seconds=_SECONDS,
        )
    try:
        yield
    finally:
        _ONE.release()


def _none(decision: str) -> ThingNotFound:
    return ThingNotFound(
        f"No case of {decision[:60]!r} is decided yet.", hint="Ask again when one is."
    )
