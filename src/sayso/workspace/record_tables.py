"""The record in and out of tables: past cases read in, everything handed out, counts compared."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import ColumnUnclear, FileNotWritable, RecordUnreadable
from sayso.record.case_events import AdviceComputed, HoldbackDrawn
from sayso.record.checkpoint import LogKey, NotACheckpoint
from sayso.record.events import Event
from sayso.record.ports import Kept
from sayso.record.projection import case_row
from sayso.record.record_events import CountReconciled
from sayso.record.refusal import Refusal
from sayso.record.segments import CaseTable
from sayso.record.sight import Reader, may_see
from sayso.record.verifying import verify_record
from sayso.workspace.files import write_whole
from sayso.workspace.record import SAYSO, Record, refused
from sayso.workspace.record_care import read_heads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sayso.record.terms import Actor
    from sayso.record.verifying import Verdict

GROUP = 5_000
EVENTS, HEAD, KEY = "events.jsonl", "checkpoint", "key"
TABLE = "cases-"


def pseudonym(secret: bytes, person: str) -> str:
    """What stands for a person in the record; the same in every table of one workspace."""
    return "p-" + hmac.digest(secret, person.encode("utf-8", "replace"), "sha256").hex()[:24]


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / EVENTS).open("w", encoding="utf-8", newline="\n") as out:
            for row, event in _pairs(record, head.size):
                state = None
                # Only these two say more than was seen when they happened.
                if event.case is not None and isinstance(
                    event.data, AdviceComputed | HoldbackDrawn
                ):
                    state = record.store.state_of(event.decision, event.case)
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
    counts: list[tuple[str, int]] = []
    for decision in record.store.decisions():
        of = CaseTable(decision, 0, record.key.name, head.size, head.root.hex())
        rows = case_rows(record, decision, head.size)
        many = write_cases(
            folder, f"{TABLE}{decision}", rows, lambda n, of=of: replace(of, cases=n).text
        )
        counts.append((decision, many))
    return Exported(head.size, held, tuple(counts))


def _pairs(record: Record, size: int) -> Iterator[tuple[Kept, Event]]:
    from sayso.record.wire import from_bytes

    for row in record.store.kept(0, size):
        found = from_bytes(row.body, row.index, record.keys)
        if isinstance(found, Refusal):
            raise RecordUnreadable(found.message, hint="Run `sayso verify`.")
        yield row, found.event


def case_rows(record: Record, decision: str, until: int) -> Iterator[dict[str, Any]]:
    """Ended cases as rows, made from the events; open ones are not told before their time."""
    cases = record.store.changed(decision, 0, until)
    while some := list(islice(cases, GROUP)):
        stood = sorted(record.store.standing(decision, some, until), key=lambda one: one.first)
        yield from (case_row(one.state) for one in stood if one.state.final)


def verify_export(folder: Path, *, against: Sequence[Path] = (), key: str | None = None) -> Verdict:
    """Make the tree again from an export's events, without the record's server or database.

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
            return verify_record((line_of(line) for line in lines), Closed(), heads=heads)
        except (ValueError, KeyError, TypeError) as error:
            raise RecordUnreadable(
                f"{folder / EVENTS} is damaged: {error}.", hint="Use another copy."
            ) from error


class Closed:
    """Opens nothing: an auditor has no keys of people, and needs none."""

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """Nothing is sealed."""
        del subject, plain, bound

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """Nothing is opened."""
        del subject, token, bound


def line_of(text: str) -> Kept:
    """A line of an export."""
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
