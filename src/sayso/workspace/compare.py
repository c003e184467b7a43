"""Compare two charters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.diff import diff
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import CharterInvalid, InvalidReference
from sayso.workspace.charters import find_charter, reading_of

if TYPE_CHECKING:
    from sayso.declare.charter import Charter


def compare_charters(old: str, new: str) -> tuple[str, ...]:
    """Say what changed from one charter to another.

    Args:
        old: A file, or ``slug@version`` in ``charters/``.
        new: Likewise.

    Raises:
        SaysoError: If one of them cannot be read.
    """
    return diff(_charter(old), _charter(new))


def _charter(text: str) -> Charter:
    path = Path(text)
    if not path.exists():
        try:
            return find_charter(CharterRef.parse(text), Path("charters"))
        except InvalidReference as error:
            raise CharterInvalid(
                f"There is no file {text!r}, and it names no version.",
                hint="Give a file, or slug@version.",
            ) from error
    reading = reading_of(path)
    if reading.charter is None:
        raise CharterInvalid(
            str(reading.problems[0]), hint=f"Run `sayso check {path}` for all of them."
        )
    return reading.charter
