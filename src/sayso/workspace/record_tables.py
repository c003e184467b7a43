"""The record in and out of tables: past cases read in, everything handed out, counts compared."""

from __future__ import annotations

import gc
import hmac
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import CharterInvalid, ColumnUnclear, FileNotWritable, RecordUnreadable
from sayso.record.case_events import CaseImported
from sayso.record.checkpoint import LogKey, NotACheckpoint
from sayso.record.events import Event
from sayso.record.ids import EPOCH, uuid7
from sayso.record.moments import SKEW, read_instant
from sayso.record.names import check_name
from sayso.record.ports import Kept, Write, Written
from sayso.record.projection import COLUMNS, case_row
from sayso.record.record_events import CountReconciled, TableImported
from sayso.record.refusal import Refusal
from sayso.record.sight import Reader, may_see
from sayso.record.strict_json import spelled
from sayso.record.verifying import verify_record
from sayso.workspace.audit import load_charter
from sayso.workspace.files import write_whole
from sayso.workspace.record import SAYSO, Record, refused
from sayso.workspace.record_care import read_heads

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from sayso.adapters.store_import import PastCase
    from sayso.declare.charter import Charter
    from sayso.record.case_state import CaseState
    from sayso.record.ports import Found
    from sayso.record.terms import Actor, Details
    from sayso.record.verifying import Verdict

GROUP = 5_000
EVENTS, HEAD, KEY = "events.jsonl", "checkpoint", "key"


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
                    case Refusal():
                        left_out[answer.code] = left_out.get(answer.code, 0) + 1
                    case _:
                        raise answer
            waiting = here
            if progress is not None:
                progress(f"{taken + again:,} cases taken in")
    if taken:
        skipped = sum(left_out.values())
        said = TableImported(table=name, name=source, cases=taken, skipped=skipped)
        record.note(said, by, decision=charter.decision, version=charter.version)
    return Imported(taken, again, tuple(sorted(left_out.items())))


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


def pseudonym(secret: bytes, person: str) -> str:
    """What stands for a person in the record; the same in every table of one workspace."""
    return "p-" + hmac.digest(secret, person.encode("utf-8", "replace"), "sha256").hex()[:24]


def _decided(row: Details) -> datetime | None:
    cells = dict(row)
    for name in ("decided_at", "opened_at"):
        if name in cells:
            found = read_instant(str(cells[name]), name)
            if isinstance(found, datetime):
                return found
    return None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The host's own count of cases against the record's.

    Attributes:
        recorded: Cases on record.
        host: Cases that the host counts.
    """

    recorded: int
    host: int

    @property
    def missing(self) -> int:
        """Cases of the host that are not on record; negative where the record has more."""
        return self.host - self.recorded


def reconcile(
    record: Record,
    decision: str,
    host_count: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: Actor = SAYSO,
) -> Coverage:
    """Hold the host's own count against the record, and keep both on record.

    Args:
        record: The record.
        decision: The decision's slug.
        host_count: Cases that the host counts.
        since: First moment counted, by when cases were taken in.
        until: First moment not counted.
        by: Who says the host's count.

    Raises:
        RecordRefused: If the decision is not declared, or the record is frozen.
    """
    kept = record.charters.in_force(decision, record.now().date())
    if kept is None:
        raise refused(
            Refusal(
                "decision-unknown",
                f"No charter in force declares {decision[:60]!r}.",
                "Correct the name.",
                "decision",
            )
        )
    recorded = record.store.count(decision, since, until)
    said = CountReconciled(since=since, until=until, host_count=host_count, recorded=recorded)
    record.note(said, by, decision=decision, version=kept.charter.version)
    return Coverage(recorded, host_count)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was handed out.

    Attributes:
        events: Places in the record.
        held_back: Events of open cases that nobody may see yet; their hashes are there.
        cases: Cases by decision.
    """

    events: int
    held_back: int
    cases: tuple[tuple[str, int], ...]


def export(record: Record, folder: Path) -> Exported:
    """Hand out everything: every event with what proves its place, and every case as a table.

    Of an open case, what its decider may not see yet is left out, with its hash in its place, so
    that the tree can be made again all the same. Sealed personal text stays sealed.

    Args:
        record: The record.
        folder: Where to; made where it is not there.

    Raises:
        FileNotWritable: If the folder does not take it.
    """
    from sayso.adapters.store_export import write_cases

    head = record.store.head()
    note = record.checkpoint()
    held = 0
    states: dict[tuple[str, str], CaseState | None] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / EVENTS).open("w", encoding="utf-8", newline="\n") as out:
            for row, recorded in _pairs(record, head.size):
                event, state = recorded, None
                if event.case is not None:
                    key = (event.decision, event.case)
                    if key not in states:
                        states[key] = record.store.state_of(*key)
                    state = states[key]
                line: dict[str, Any] = {"index": row.index, "leaf": row.leaf.hex()}
                if may_see(event, state, Reader.AUDITOR):
                    line |= {"salt": row.salt.hex(), "body": row.body.decode("utf-8")}
                else:
                    held += 1
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write to {folder}: {error.strerror}.", hint="Name another folder with --out."
        ) from error
    write_whole(folder / HEAD, note)
    write_whole(folder / KEY, record.key.text + "\n")
    counts = [
        (decision, write_cases(folder, f"cases-{decision}", _rows(record, decision)))
        for decision in sorted({key[0] for key in states})
    ]
    return Exported(head.size, held, tuple(counts))


def _pairs(record: Record, size: int) -> Iterator[tuple[Kept, Event]]:
    from sayso.record.wire import from_bytes

    for row in record.store.kept(0, size):
        found = from_bytes(row.body, row.index, record.keys)
        if isinstance(found, Refusal):
            raise RecordUnreadable(found.message, hint="Run `sayso verify`.")
        yield row, found.event


def _rows(record: Record, decision: str) -> Iterator[dict[str, Any]]:
    """Decided cases as rows; open ones are not told before their time."""
    for state in record.store.states(decision):
        if state.final:
            row = case_row(state)
            # Inputs go out under the charter's names, where these are not a column's.
            yield {_own(name): value for name, value in row.items()}


def _own(name: str) -> str:
    plain = name.removeprefix("in_")
    return name if plain in COLUMNS else plain


def verify_export(folder: Path, *, against: Sequence[Path] = (), key: str | None = None) -> Verdict:
    """Make the tree again from an export, without the record's server or database.

    Args:
        folder: The export.
        against: Heads that were kept elsewhere.
        key: The record's key as it was pinned elsewhere; without it, the export's own is taken,
            and only shows that the export agrees with itself.

    Raises:
        RecordUnreadable: If a file of the export cannot be read.
    """
    try:
        pinned = LogKey.parse((folder / KEY).read_text("utf-8") if key is None else key)
        lines = (folder / EVENTS).open(encoding="utf-8")
    except (OSError, UnicodeDecodeError, NotACheckpoint) as error:
        raise RecordUnreadable(
            f"{folder} is no export of a record: {error}.",
            hint="Name a folder from `sayso record export`.",
        ) from error
    with lines:
        heads = read_heads((folder / HEAD, *against), pinned)
        try:
            return verify_record((_line(line) for line in lines), _Sealed(), heads=heads)
        except (ValueError, KeyError, TypeError) as error:
            raise RecordUnreadable(
                f"{folder / EVENTS} is damaged: {error}.", hint="Use another copy."
            ) from error


class _Sealed:
    """Opens nothing: an auditor has no keys of people, and needs none."""

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """Nothing is sealed."""
        del subject, plain, bound

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """Nothing is opened."""
        del subject, token, bound


def _line(text: str) -> Kept:
    plain = json.loads(text)
    return Kept(
        index=int(plain["index"]),
        salt=bytes.fromhex(plain.get("salt", "")),
        body=str(plain.get("body", "")).encode("utf-8"),
        leaf=bytes.fromhex(plain["leaf"]),
        digest=b"",
        count=0,
    )


def roles_of(pairs: Sequence[str]) -> dict[str, str]:
    """Roles and columns as a person typed them, each as ``role=column``.

    Raises:
        ColumnUnclear: If one has another form.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        role, parted, column = pair.partition("=")
        if not parted or not role.strip():
            raise ColumnUnclear(
                f"{pair!r} names no role.", hint="Write it as --column choice=approved."
            )
        found[role.strip()] = column.strip()
    return found


def moment_of(text: str) -> datetime:
    """A moment that a person typed: a day is its first moment in UTC.

    Raises:
        RecordRefused: If it is neither.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise refused(
            Refusal("field-wrong", f"{text[:40]!r} is no day.", "Write it as 2026-03-09.")
        ) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
