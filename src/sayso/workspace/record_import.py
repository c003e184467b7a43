"""Past cases of a table, read into the record: one event a case, sealed as segments on the way."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import CharterInvalid, FileNotWritable
from sayso.record.case_events import CaseImported
from sayso.record.events import Event
from sayso.record.ids import EPOCH, uuid7
from sayso.record.moments import SKEW, read_instant
from sayso.record.names import check_name
from sayso.record.ports import Stood, Write, Written
from sayso.record.record_events import TableImported
from sayso.record.refusal import Refusal
from sayso.record.strict_json import spelled
from sayso.workspace.audit import load_charter
from sayso.workspace.record import SAYSO, Record
from sayso.workspace.record_tables import pseudonym
from sayso.workspace.segments import FULL, SegmentShelf, shelf_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from concurrent.futures import Future

    from sayso.adapters.store_import import PastCase
    from sayso.declare.charter import Charter
    from sayso.record.ports import Found
    from sayso.record.terms import Actor, Details

GROUP = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table.

    Attributes:
        cases: Cases taken in.
        before: Cases that had been taken in before, from the same rows.
        left_out: Codes of refusals, with how many rows each.
    """

    cases: int
    before: int
    left_out: tuple[tuple[str, int], ...]


def import_table(
    record: Record,
    source: str,
    charter_file: str,
    *,
    columns: Mapping[str, str] | None = None,
    table: str | None = None,
    by: Actor = SAYSO,
    progress: Callable[[str], None] | None = None,
) -> Imported:
    """Read past cases into the record, one event a case.

    Their order, seals and coins are not on record, only what the table says, and they say so. The
    same rows read in again are noticed, and taken in once.

    Args:
        record: The record.
        source: A file, folder, glob or database URL, as for an audit.
        charter_file: The decision's charter.
        columns: Role to column.
        table: Table in a database that holds several.
        by: Who reads them in.
        progress: Told in words what is being done.

    Raises:
        SaysoError: If the table cannot be read or understood; nothing was taken in then.
    """
    from sayso.adapters.store_import import past_cases
    from sayso.adapters.table_source import ImportRequest

    charter = load_charter(charter_file)
    if charter is None:
        raise CharterInvalid("No charter is named.", hint="Name its file with --charter.")
    kept = record.charters.version(charter.decision, charter.version)
    if kept is None or kept.charter != charter:
        raise CharterInvalid(
            f"{charter_file} is not the {charter.ref} of this workspace.",
            hint="Put the charter into charters/ first: the record reads its versions there.",
        )
    request = ImportRequest(
        source=source,
        charter=charter,
        columns=dict(columns or {}),
        table=table,
        as_of=record.now().replace(tzinfo=None),
        progress=progress,
    )
    name = Path(source).name
    reading = _Reading(charter, name, by, record.place.secret("people"))
    past = enumerate(past_cases(request, charter))
    taken = again = 0
    left_out: dict[str, int] = {}
    sealing = _Sealing(shelf_of(record), charter.decision)
    waiting: Future[list[Written | Refusal | Exception]] | None = None
    more = True
    with _no_search_for_cycles():
        while more:
            # The next group is made while the one before it is on its way to the disk.
            writes = [reading.write(place, one) for place, one in islice(past, GROUP)]
            more = bool(writes)
            here = record.store.submit_all(writes) if writes else None
            for answer in [] if waiting is None else waiting.result():
                match answer:
                    case Written():
                        again += answer.again
                        taken += not answer.again
                        sealing.take(answer)
                    case Refusal():
                        left_out[answer.code] = left_out.get(answer.code, 0) + 1
                    case _:
                        raise answer
            waiting = here
            sealing.seal_full()
            if progress is not None:
                progress(f"{taken + again:,} cases taken in")
    if taken:
        skipped = sum(left_out.values())
        said = TableImported(table=name, name=source, cases=taken, skipped=skipped)
        record.note(said, by, decision=charter.decision, version=charter.version)
    return Imported(taken, again, tuple(sorted(left_out.items())))


@dataclass(slots=True)
class _Sealing:
    """Segments of what was read in, made while its cases are still at hand.

    Attributes:
        known: Cases since the last segment, as they stand.
        until: The place after the last of them.
    """

    shelf: SegmentShelf
    decision: str
    known: dict[str, Stood] = field(default_factory=dict[str, Stood])
    until: int = 0

    def take(self, answer: Written) -> None:
        """Remember a case that was taken in now."""
        if answer.state is not None and not answer.again:
            place = answer.first
            self.known[answer.state.case] = Stood(place, place, answer.state)
            self.until = place + 1

    def seal_full(self) -> None:
        """Make a segment, once there are enough cases for one."""
        if len(self.known) >= FULL:
            # Segments are made from the record at any time, so a full disk stops nothing here.
            with suppress(FileNotWritable):
                self.shelf.seal(self.decision, known=self.known, until=self.until)
            self.known.clear()


@contextmanager
def _no_search_for_cycles() -> Generator[None]:
    """Read in without looking for cycles of objects: there are none, and it is a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A table that is being read in.

    Attributes:
        table: Its name.
        by: Who reads it in.
        secret: What names of people are turned into pseudonyms with.
        people: The pseudonyms that were made so far.
    """

    charter: Charter
    table: str
    by: Actor
    secret: bytes
    people: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, place: int, past: PastCase) -> Write:
        """One row as the store takes it; the same row always under the same id."""
        charter, text = self.charter, past.text
        case = f"{self.table}#{place}" if past.case is None else past.case
        content = (
            f"[{spelled(case)},{spelled(charter.decision)},{charter.version}"
            f",{past.spelled_row},{past.spelled_inputs},{_spelled(past.decider)},{_spelled(text)}]"
        )
        digest = sha256(content.encode()).digest()
        at = _decided(past.row) or EPOCH
        event = Event(
            id=uuid7(max(at, EPOCH), digest[:10]),
            decision=charter.decision,
            charter_version=charter.version,
            case=case,
            by=self.by,
            at=at,
            data=CaseImported(
                row=past.row,
                inputs=past.inputs,
                table=self.table,
                # Who decided is kept under a keyed pseudonym; what they wrote is sealed with
                # their key.
                decider=self._pseudonym(past.decider),
                text=None if past.decider is None else text,
            ),
        )

        def decided(found: Found) -> tuple[Event, ...] | Refusal:
            if found.state is not None:
                return Refusal("case-twice", f"The case {case!r} is on record.", "Leave it out.")
            if event.at > found.now + SKEW:
                return Refusal(
                    "clock-ahead", f"The case {case!r} was decided in the future.", "Mend it."
                )
            if not past.finite:
                return Refusal("not-finite", f"The case {case!r} holds infinity.", "Mend it.")
            return check_name(case, "case") or (event,)

        known = {"row": past.spelled_row}
        return Write(
            id=event.id,
            digest=digest,
            decision=charter.decision,
            case=case,
            decide=decided,
            spelled=known | {"inputs": past.spelled_inputs} if past.inputs else known,
        )

    def _pseudonym(self, person: str | None) -> str | None:
        if person is None:
            return None
        found = self.people.get(person)
        if found is None:
            found = self.people[person] = pseudonym(self.secret, person)
        return found


def _spelled(text: str | None) -> str:
    return "null" if text is None else spelled(text)


def _decided(row: Details) -> datetime | None:
    cells = dict(row)
    for name in ("decided_at", "opened_at"):
        if name in cells:
            found = read_instant(str(cells[name]), name)
            if isinstance(found, datetime):
                return found
    return None
