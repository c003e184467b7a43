"""The case table of the live record: sealed segments, and the tail that is not sealed yet."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import FileNotWritable
from sayso.record.ports import Stood
from sayso.record.projection import case_row, personal_cells
from sayso.record.refusal import Refusal
from sayso.record.segments import CaseTable, Manifest, Segment, to_merge, unclear
from sayso.record.strict_json import canonical, read_object
from sayso.record.tree import edge_at
from sayso.workspace.private_file import locked, write_private
from sayso.workspace.record import Record, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb

    from sayso.adapters.segment_files import Line, Merging, Part
    from sayso.record.ports import Head, Sealer, Store
    from sayso.record.projection import Cell

SEGMENTS, MANIFEST, ENDING = "segments", "manifest.json", ".parquet"
# About so many cases make a segment, or a day.
FULL = 10_000
DAY = timedelta(days=1)
# Segments of up to so many rows are merged once there are more than so many of them.
SMALL, MOST_SMALL = 5 * FULL, 32


def seal_segments(record: Record) -> int:
    """Seal what has become due: about 10,000 cases of a decision, or a day.

    Writes go on beside it. A crash between any two steps leaves what was sealed before.

    Returns:
        Rows that were sealed.

    Raises:
        FileNotWritable: If the workspace does not take them; the record itself is unharmed.
    """
    shelf = shelf_of(record)
    return sum(shelf.seal(decision) for decision in record.store.decisions())


def export_case_table(record: Record, decision: str, file: Path) -> CaseTable:
    """Write the case table of a decision as Parquet: every ended case, as the record has it now.

    Args:
        record: The record.
        decision: The decision.
        file: Where to; it is there whole, or not at all.

    Raises:
        RecordRefused: If no charter declares the decision, and no case is on record of it.
        FileNotWritable: If the file, or the segments, cannot be written.
    """
    check_declared(record, decision)
    return shelf_of(record).table(decision, file)


def check_declared(record: Record, decision: str) -> None:
    """Whether there is such a decision.

    Raises:
        RecordRefused: If no charter declares it, and no case is on record of it.
    """
    known = record.charters.in_force(decision, record.now().date()) is not None
    if not known and decision not in record.store.decisions():
        raise refused(
            Refusal(
                "decision-unknown",
                f"No charter in force declares {decision[:60]!r}, and no case of it is on record.",
                "Correct the name.",
                "decision",
            )
        )


def shelf_of(record: Record) -> SegmentShelf:
    """The segments of an open record."""
    return SegmentShelf(
        record.place.folder / "record" / SEGMENTS,
        record.store,
        record.keys,
        record.key.name,
        record.now,
    )


class SegmentShelf:
    """The segments of one record; several processes may work on them, one at a time."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        keys: Sealer,
        origin: str,
        now: Callable[[], datetime],
    ) -> None:
        """Take the parts of a record.

        Args:
            folder: Where segments lie, a folder for each decision.
            store: The record's store.
            keys: Seals personal cells, and opens them.
            origin: The record's name.
            now: Says what time it is.
        """
        self._folder, self._store, self._keys = folder, store, keys
        self._origin, self._now = origin, now

    def seal(
        self, decision: str, *, known: Mapping[str, Stood] | None = None, until: int | None = None
    ) -> int:
        """Seal what has become due; says how many rows.

        Args:
            decision: The decision.
            known: Cases whose standing the caller has, as of ``until``; with them, it is due.
            until: The first place that is not sealed; where the record ends if not said.
        """
        head = self._store.head()
        end = head.size if until is None else min(until, head.size)
        with locked(self._place(decision)):
            before = self._manifest(decision, head)
            if known is None and not self._due(decision, before, end):
                return 0
            return self._seal(decision, before, end, known or {})

    def table(self, decision: str, file: Path) -> CaseTable:
        """Write the case table as the record has it now."""
        from sayso.adapters.segment_files import parquet

        head = self._store.head()
        with (
            locked(self._place(decision)),
            tempfile.TemporaryDirectory(prefix="sayso-") as made,
            parquet(Path(made)) as connection,
        ):
            manifest = self._manifest(decision, head)
            if self.faults(manifest):
                # Segments are made from the record, never the other way round.
                manifest = self._fresh(decision)
            if self._due(decision, manifest, head.size):
                self._seal(decision, manifest, head.size, {})
                manifest = self._manifest(decision, head)
            return self._write(connection, Path(made), manifest, head, file)

    def table_at(self, decision: str, head: Head, file: Path) -> None:
        """Write the case table as the segments have it, for holding them against the events."""
        from sayso.adapters.segment_files import parquet

        with (
            locked(self._place(decision)),
            tempfile.TemporaryDirectory(prefix="sayso-") as made,
            parquet(Path(made)) as connection,
        ):
            self._write(connection, Path(made), self._manifest(decision, head), head, file)

    def manifest(self, decision: str) -> Manifest:
        """Which segments count now."""
        return self._manifest(decision, self._store.head())

    def faults(self, manifest: Manifest) -> list[str]:
        """Segments whose bytes are not those that were sealed."""
        return self._damaged(manifest.decision, manifest.segments)

    def _damaged(self, decision: str, segments: Sequence[Segment]) -> list[str]:
        from sayso.adapters.segment_files import digest_of

        found: list[str] = []
        for one in segments:
            try:
                whole = digest_of(self._place(decision) / one.name) == one.sha256
            except OSError:
                whole = False
            if not whole:
                found.append(one.name)
        return found

    def _write(
        self,
        connection: duckdb.DuckDBPyConnection,
        scratch: Path,
        manifest: Manifest,
        head: Head,
        file: Path,
    ) -> CaseTable:
        from sayso.adapters.segment_files import Merging, Part, write_nothing, write_part

        decision = manifest.decision
        place = self._place(decision)
        parts = [Part(place / s.name, s.kinds) for s in manifest.segments]
        for lines in self._lines(decision, manifest.until, head.size, {}, seal=False):
            part = scratch / f"tail-{len(parts)}{ENDING}"
            parts.append(Part(part, write_part(connection, part, lines)))
        half = file.with_name(f".{file.name}.unfinished")
        try:
            if not parts:
                made = CaseTable(decision, 0, self._origin, head.size, head.root.hex())
                write_nothing(connection, half, made.text)
            else:
                merging = Merging(connection, parts)
                if merging.stale and unclear(merging.kinds):
                    # A row that no longer counts may have had cells of another kind.
                    self._seal(decision, self._fresh(decision), head.size, {})
                    again = self._manifest(decision, head)
                    return self._write(connection, scratch, again, head, file)
                made = CaseTable(decision, merging.cases, self._origin, head.size, head.root.hex())
                opened = self._opened(connection, scratch, decision, merging, head.size)
                merging.write_table(half, made.text, opened)
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)
        return made

    def _opened(
        self,
        connection: duckdb.DuckDBPyConnection,
        scratch: Path,
        decision: str,
        merging: Merging,
        until: int,
    ) -> list[Part]:
        """Personal cells of sealed rows, for the table alone; a person who was erased has none."""
        from sayso.adapters.segment_files import Line, Part, write_part

        parts: list[Part] = []
        after = -1
        while page := merging.sealed(after, FULL):
            after = page[-1][0]
            lines: list[Line] = []
            again: dict[str, tuple[int, list[str]]] = {}
            for first, case, text in page:
                cells: dict[str, Cell] = {}
                whole = True
                columns: list[str] = []
                for number, (whose, names, token) in enumerate(json.loads(text)):
                    columns += names
                    opened = self._open(whose, token, _bound(decision, first, number))
                    whole = whole and opened is not None
                    cells |= opened or {}
                if whole:
                    lines.append(Line(first, first, cells))
                else:
                    again[case] = (first, columns)
            # Whose key is gone is looked up in the record, which says what is left of it.
            for stood in self._store.standing(decision, list(again), until):
                first, columns = again[stood.state.case]
                row = case_row(stood.state)
                lines.append(Line(first, first, {name: row.get(name) for name in columns}))
            file = scratch / f"opened-{len(parts)}{ENDING}"
            parts.append(Part(file, write_part(connection, file, lines)))
        return parts

    def _open(self, whose: str, token: str | None, bound: bytes) -> dict[str, Any] | None:
        plain = None if token is None else self._keys.unseal(whose, token, bound)
        if plain is None:
            return None
        found = read_object(plain)
        return None if isinstance(found, Refusal) else found

    def _due(self, decision: str, manifest: Manifest, until: int) -> bool:
        if until <= manifest.until:
            return False
        old = not manifest.sealed_at or (
            self._now() - datetime.fromisoformat(manifest.sealed_at) >= DAY
        )
        if not old and until - manifest.until < FULL:
            return False
        changed = self._store.changed(decision, manifest.until, until)
        return sum(1 for _ in islice(changed, FULL)) >= (1 if old else FULL)

    def _seal(self, decision: str, before: Manifest, until: int, known: Mapping[str, Stood]) -> int:
        """Write new segments, then the manifest that names them, then remove what it does not."""
        from sayso.adapters.segment_files import parquet, write_part

        place = self._place(decision)
        segments = list(before.segments)
        rows = 0
        with (
            tempfile.TemporaryDirectory(dir=place, prefix=".unfinished-") as made,
            parquet(Path(made)) as connection,
        ):
            for lines in self._lines(decision, before.until, until, known, seal=True):
                new = place / _new_name()
                kinds = write_part(connection, new, lines)
                segments.append(_segment(new, len(lines), lines[0].first, lines[-1].first, kinds))
                rows += len(lines)
            segments = self._merged(connection, decision, tuple(segments))
        root = edge_at(until, self._store.node).root.hex()
        manifest = Manifest(
            decision=decision,
            origin=self._origin,
            until=until,
            root=root,
            sealed_at=self._now().isoformat(),
            segments=tuple(segments),
        )
        write_private(place / MANIFEST, manifest.text, day=self._now().date())
        _sweep(place, manifest)
        return rows

    def _merged(
        self,
        connection: duckdb.DuckDBPyConnection,
        decision: str,
        segments: tuple[Segment, ...],
    ) -> list[Segment]:
        """The segments, with small ones and those with many rows that no longer count made one."""
        from sayso.adapters.segment_files import Merging, Part

        if len(segments) < 2:
            return list(segments)
        place = self._place(decision)
        overlap = any(b.first <= a.last for a, b in pairwise(segments))
        if overlap and self._damaged(decision, segments):
            return list(segments)
        rows = sum(s.rows for s in segments)
        parts = [Part(place / s.name, s.kinds) for s in segments]
        cases = Merging(connection, parts).cases if overlap else rows
        names = to_merge(segments, cases, small=SMALL, most=MOST_SMALL)
        if not names or self._damaged(decision, segments):
            return list(segments)
        new = place / _new_name()
        chosen = [s for s in segments if s.name in names]
        merging = Merging(connection, [Part(place / s.name, s.kinds) for s in chosen])
        merging.write(new)
        first, last = min(s.first for s in chosen), max(s.last for s in chosen)
        one = _segment(new, merging.cases, first, last, merging.kinds)
        return [one, *(s for s in segments if s.name not in names)]

    def _lines(
        self, decision: str, since: int, until: int, known: Mapping[str, Stood], *, seal: bool
    ) -> Iterator[list[Line]]:
        """Rows of ended cases that something was recorded of, about 10,000 at a time."""
        places = {one.first for one in known.values()}
        if places and len(places) == until - since and min(places) >= since and max(places) < until:
            # Each place is the one event of a case at hand, so nothing has to be looked up.
            cases = iter(known)
        else:
            cases = self._store.changed(decision, since, until)
        while some := list(islice(cases, FULL)):
            stood = [known[case] for case in some if case in known]
            rest = [case for case in some if case not in known]
            stood += self._store.standing(decision, rest, until)
            lines = [self._line(decision, one, seal=seal) for one in stood if one.state.final]
            if lines:
                lines.sort(key=lambda line: line.first)
                yield lines

    def _line(self, decision: str, stood: Stood, *, seal: bool) -> Line:
        from sayso.adapters.segment_files import Line

        row = case_row(stood.state)
        personal = personal_cells(stood.state) if seal else ()
        if not personal:
            return Line(stood.first, stood.last, row)
        parts: list[tuple[str, Sequence[str], str | None]] = []
        for number, (whose, columns) in enumerate(personal):
            cells = {name: row.pop(name) for name in columns if row.get(name) is not None}
            plain = canonical(cells)  # pyright: ignore[reportArgumentType] - plain values
            token = self._keys.seal(whose, plain, _bound(decision, stood.first, number))
            parts.append((whose, columns, token))
        return Line(stood.first, stood.last, row, json.dumps(parts))

    def _manifest(self, decision: str, head: Head) -> Manifest:
        """The manifest, where it is of this record as it is; else one that names nothing."""
        try:
            text = (self._place(decision) / MANIFEST).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return self._fresh(decision)
        found = Manifest.parse(text)
        if (
            found is None
            or (found.decision, found.origin) != (decision, self._origin)
            or found.until > head.size
            or edge_at(found.until, self._store.node).root.hex() != found.root
        ):
            return self._fresh(decision)
        return found

    def _fresh(self, decision: str) -> Manifest:
        return Manifest(
            decision=decision, origin=self._origin, until=0, root="", sealed_at="", segments=()
        )

    def _place(self, decision: str) -> Path:
        place = self._folder / decision
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FileNotWritable(
                f"Cannot write {place}: {error.strerror}.",
                hint="Check that the folder may be written.",
            ) from error
        return place


def _segment(
    file: Path, rows: int, first: int, last: int, kinds: Mapping[str, frozenset[str]]
) -> Segment:
    from sayso.adapters.segment_files import keep

    return Segment(
        name=file.name, sha256=keep(file), rows=rows, first=first, last=last, kinds=dict(kinds)
    )


def _new_name() -> str:
    """A name that no segment has had: one that is being read is never written over."""
    return f"{os.urandom(8).hex()}{ENDING}"


def _sweep(place: Path, manifest: Manifest) -> None:
    """Remove what no manifest names any more; what is left over is removed the next time."""
    named = {one.name for one in manifest.segments}
    for file in place.glob(f"*{ENDING}"):
        if file.name not in named:
            with suppress(OSError):
                file.unlink()


def _bound(decision: str, first: int, number: int) -> bytes:
    """What a sealed cell belongs to, so that it opens nowhere else."""
    return f"segment/{decision}/{first}/{number}".encode()


__all__ = [
    "CaseTable",
    "SegmentShelf",
    "check_declared",
    "export_case_table",
    "seal_segments",
    "shelf_of",
]
