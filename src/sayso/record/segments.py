"""Segments: the case table as it was sealed, and the one list that says which files count.

A segment holds rows of ended cases as they stood at a place of the record. A case that changed later
has a row in a newer segment too; the row from the latest place counts. Nothing here is the record: a
segment that is gone or damaged is made again from the events.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORM = 1
# Kinds of cells, by the type that they have in Python.
YES_NO, WHOLE, REAL, MOMENT, TEXT = "bool", "int", "float", "datetime", "str"
Kinds = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One sealed file.

    Attributes:
        name: Its name in the folder of its decision.
        sha256: Of its bytes, in hexadecimal digits.
        rows: Cases in it.
        first: Place of the first event of its first case.
        last: Place of the first event of its last case; rows lie in the order of these.
        kinds: What each column's cells are, by column.
    """

    name: str
    sha256: str
    rows: int
    first: int
    last: int
    kinds: Kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Which segments count, and up to which place of which record.

    Attributes:
        decision: The decision.
        origin: The record's name.
        until: The first place that is not sealed.
        root: The record's root at that size, in hexadecimal digits; another record, or this one
            restored from an older copy, has another.
        sealed_at: When it was written, as the record's clock says; orders nothing.
        segments: From old to new.
    """

    decision: str
    origin: str
    until: int
    root: str
    sealed_at: str
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The manifest as it is kept."""
        plain = asdict(self)
        for one in plain["segments"]:
            one["kinds"] = {name: sorted(kinds) for name, kinds in one["kinds"].items()}
        return json.dumps({"form": FORM, **plain}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def parse(cls, text: str) -> Manifest | None:
        """Read a manifest; None where it is none, or of another form: it is then made again."""
        try:
            plain = cast("dict[str, Any]", json.loads(text))
            if plain.pop("form") != FORM:
                return None
            parts = cast("list[dict[str, Any]]", plain.pop("segments"))
            for one in parts:
                one["kinds"] = {name: frozenset(kinds) for name, kinds in one["kinds"].items()}
            segments = tuple(Segment(**one) for one in parts)
            return cls(**plain, segments=segments)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


@dataclass(frozen=True, slots=True)
class CaseTable:
    """A case table that was written, and what it was made of.

    Attributes:
        decision: The decision.
        cases: Ended cases, one row each.
        origin: The record's name.
        size: Events that it stands for: all before this place.
        root: The record's root at that size, in hexadecimal digits.
    """

    decision: str
    cases: int
    origin: str
    size: int
    root: str

    @property
    def text(self) -> str:
        """What the file says of itself."""
        return json.dumps({"form": FORM, **asdict(self)}, ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> CaseTable | None:
        """Read what a file says of itself; None where it is no such text."""
        try:
            plain: dict[str, Any] = json.loads(text)
            if plain.pop("form") != FORM:
                return None
            return cls(**plain)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def kind_of(kinds: Iterable[str]) -> str:
    """What a column is, where its cells are of these kinds: one of them, or text.

    Examples:
        >>> kind_of({"int", "float"}), kind_of({"bool", "str"}), kind_of(())
        ('float', 'str', 'str')
    """
    found = set(kinds)
    if found == {WHOLE, REAL}:
        return REAL
    return found.pop() if len(found) == 1 else TEXT


def joined(many: Iterable[Mapping[str, frozenset[str]]]) -> Kinds:
    """The kinds of each column over several files."""
    found: Kinds = {}
    for kinds in many:
        for name, here in kinds.items():
            found[name] = found.get(name, frozenset()) | here
    return found


def unclear(kinds: Mapping[str, frozenset[str]]) -> bool:
    """Whether a column is text only since its cells are of several kinds."""
    return any(len(here) > 1 and kind_of(here) == TEXT for here in kinds.values())


def to_merge(segments: tuple[Segment, ...], cases: int, *, small: int, most: int) -> set[str]:
    """Which segments are to be made one.

    Args:
        segments: All of them.
        cases: Cases that they hold between them.
        small: Rows up to which a segment is small.
        most: Small segments that may stay.

    Returns:
        Names; all where over a quarter of the rows no longer count, the small ones where there
        are too many, else none.
    """
    rows = sum(s.rows for s in segments)
    if len(segments) > 1 and rows - cases > rows // 4:
        return {s.name for s in segments}
    little = {s.name for s in segments if s.rows <= small}
    return little if len(little) > most else set()
