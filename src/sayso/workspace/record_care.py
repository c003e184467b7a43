"""Care of the record: verifying, erasing, holds, the end of it, and copies."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sayso.domain.errors import FileNotWritable, RecordMissing, RecordRewritten, RecordUnreadable
from sayso.record.checkpoint import Checkpoint, LogKey, NotACheckpoint, read_checkpoint
from sayso.record.ports import Kept
from sayso.record.record_events import (
    HoldLifted,
    HoldPlaced,
    RecordFrozen,
    RecordRestored,
    SubjectErased,
)
from sayso.record.refusal import Refusal
from sayso.record.tree import leaf_of
from sayso.record.verifying import verify_record
from sayso.workspace.record import SAYSO, Record, SystemClock, refused
from sayso.workspace.record_opening import (
    ORIGIN,
    forget_again,
    open_keys,
    open_record,
    open_store,
)
from sayso.workspace.record_place import RecordPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sayso.record.ports import Clock, Found, Store, Written
    from sayso.record.terms import Actor
    from sayso.record.verifying import Verdict

BACKUP = 1


def erase(record: Record, subject: str, by: Actor, *, approved_by: str, authority: str) -> Written:
    """Make a person's text unreadable for good; that they decided, and what, stays.

    Args:
        record: The record.
        subject: The person's pseudonym.
        by: Who asks for it.
        approved_by: The second person, who is not the first.
        authority: On what ground, in a few words.

    Raises:
        RecordRefused: If one person acts alone, or a legal hold covers the person.
    """

    def refuse(found: Found) -> Refusal | None:
        del found
        if not approved_by.strip() or approved_by == by.name:
            return Refusal(
                "second-person",
                "One person alone erases nobody.",
                "Name somebody else who approves it.",
                "approved_by",
            )
        held = [h for h in holds_in_force(record) if h.subject in (None, subject)]
        if held:
            return Refusal(
                "on-hold",
                f"A legal hold keeps it: {held[0].why}.",
                "Lift the hold first, if whoever placed it agrees.",
            )
        return None

    said = SubjectErased(subject=subject, authority=authority, approved_by=approved_by)
    written = record.note_unless(refuse, said, by)
    # On record first: if we die here, opening the record again destroys the key.
    record.place.add_erased(subject, record.now().date())
    record.keys.erase((subject,))
    return written


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold that is in force."""

    id: str
    subject: str | None
    why: str


def holds_in_force(record: Record) -> tuple[Hold, ...]:
    """Every legal hold that was placed and not lifted."""
    found: dict[str, Hold] = {}
    for recorded in record.store.of_record((HoldPlaced.KIND, HoldLifted.KIND)):
        data = recorded.event.data
        if isinstance(data, HoldPlaced):
            found[recorded.event.id] = Hold(recorded.event.id, data.subject, data.why)
        elif isinstance(data, HoldLifted):
            found.pop(data.hold, None)
    return tuple(found.values())


def hold(record: Record, by: Actor, *, why: str, subject: str | None = None) -> str:
    """Place a legal hold: nothing of a person, or of anyone, is erased while it lasts.

    Returns:
        Its id, to lift it by.
    """
    written = record.note(HoldPlaced(subject=subject, why=why), by)
    return record.store.events(written.first, 1)[0].event.id


def lift(record: Record, hold_id: str, by: Actor) -> Written:
    """Lift a legal hold.

    Raises:
        RecordRefused: If there is none of that id.
    """

    def refuse(found: Found) -> Refusal | None:
        del found
        if any(h.id == hold_id for h in holds_in_force(record)):
            return None
        return Refusal("nothing-owed", f"No hold {hold_id[:60]!r} is in force.", "Check its id.")

    return record.note_unless(refuse, HoldLifted(hold=hold_id), by)


def place_or_lift(
    record: Record, by: Actor, *, why: str, subject: str | None, lift_id: str | None
) -> str:
    """Place a hold, or lift the one that is named; says what was done.

    Raises:
        RecordRefused: If the ground is not said, or there is no such hold.
    """
    if lift_id is not None:
        lift(record, lift_id, by)
        return "Lifted."
    if not why.strip():
        raise refused(Refusal("field-missing", "No ground is said.", "Say it with --why.", "why"))
    return f"Placed: {hold(record, by, why=why, subject=subject)}."


def freeze(record: Record, by: Actor, *, why: str) -> str:
    """End the record: nothing is added after this; says the last signed head."""
    record.note(RecordFrozen(why=why), by)
    return record.checkpoint()


def read_heads(files: Iterable[Path], key: LogKey) -> tuple[Checkpoint, ...]:
    """Heads that were kept elsewhere, their signatures checked.

    Args:
        files: Files with one head each, or folders of them.
        key: The record's key, pinned beforehand.

    Raises:
        RecordUnreadable: If a file is none, or is signed by another key.
    """
    from sayso.adapters.store_signing import is_signed

    found: list[Checkpoint] = []
    for file in (one for f in files for one in (sorted(f.glob("[!.]*")) if f.is_dir() else [f])):
        try:
            found.append(read_checkpoint(file.read_text("utf-8"), key, is_signed))
        except (OSError, UnicodeDecodeError, NotACheckpoint) as error:
            raise RecordUnreadable(
                f"{file} is no head of {key.name}: {error}.",
                hint="Give heads that a witness of this record kept.",
            ) from error
    return tuple(found)


def verify_workspace(
    folder: Path,
    *,
    database: str | None = None,
    against: Sequence[Path] = (),
    key: str | None = None,
    clock: Clock | None = None,
) -> Verdict:
    """Make the whole tree again and hold it against what is stored and what others remember.

    Args:
        folder: The workspace.
        database: Address of a PostgreSQL database.
        against: Heads that were kept elsewhere.
        key: The record's key as it was pinned elsewhere; this workspace's where not said.
        clock: The clock.

    Raises:
        RecordMissing: If there is no record.
        RecordUnreadable: If it cannot be opened at all.
    """
    from sayso.adapters.store_signing import LogSigner
    from sayso.record.verifying import Fault, Verdict

    place, time = RecordPlace(folder), clock or SystemClock()
    if database is None and not place.database.exists():
        raise RecordMissing(f"There is no record in {folder}.", hint="Name the workspace.")
    keys = open_keys(place)
    try:
        # Beneath ``open_record``, which refuses a record that needs to be looked at.
        store = open_store(place, database, time, keys, read_only=True)
    except BaseException:
        keys.close()
        raise
    try:
        origin = store.meta(ORIGIN) or ""
        pinned = (
            LogSigner(origin, place.signing_key(time.now().date())).key
            if key is None
            else LogKey.parse(key)
        )
        heads = list(read_heads(against, pinned))
        seen = place.read_seen()
        if seen is not None:
            heads += read_heads((place.seen,), pinned)
        head = store.head()
        try:
            found = verify_record(
                store.kept(0, head.size + 1_000_000_000),
                keys,
                head=head,
                nodes=store.nodes(),
                heads=heads,
            )
        except RecordUnreadable as error:
            fault = Fault("database", error.message)
            return Verdict(head.size, head.root, (fault,), 0)
        own = tuple(Fault("database", said) for said in store.check())
        return Verdict(found.size, found.root, found.faults + own, found.heads)
    finally:
        store.close()
        keys.close()


def back_up(record: Record, file: Path) -> int:
    """Write a copy of every record, from which either kind of store can be filled.

    Keys of people and the workspace's secrets are not in it. Writing goes on meanwhile; the copy
    holds what was there when it began.

    Returns:
        How many records it holds.

    Raises:
        FileNotWritable: If the place does not take the file.
    """
    head = record.store.head()
    note = record.checkpoint() if head.size else ""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with gzip.open(unfinished, "wt", encoding="utf-8", compresslevel=3) as out:
            first = {"sayso-record": BACKUP, "size": head.size, "root": head.root.hex()}
            out.write(json.dumps({**first, "origin": record.key.name, "note": note}) + "\n")
            for row in record.store.kept(0, head.size):
                line = [row.salt.hex(), row.body.decode("utf-8"), row.digest.hex(), row.count]
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        with unfinished.open("rb") as done:
            os.fsync(done.fileno())
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise FileNotWritable(
            f"Cannot write {file}: {error.strerror}.", hint="Name another place."
        ) from error
    return head.size


def restore(
    folder: Path,
    file: Path,
    *,
    database: str | None = None,
    although_older: bool = False,
    clock: Clock | None = None,
) -> int:
    """Fill an empty record from a copy, and destroy again the keys of everyone erased since.

    A record whose newest head was seen here and is not in the copy has lost what came after; that
    is refused unless it is said, and then it is on record, under a new name of the log.

    Args:
        folder: The workspace.
        file: A copy from ``back_up``.
        database: Address of an empty PostgreSQL database.
        although_older: Restore although the record was newer when it was seen last.
        clock: The clock.

    Returns:
        How many records were restored.

    Raises:
        RecordUnreadable: If the copy is damaged, or is no copy.
        RecordUnwritable: If the place is not empty.
        RecordRewritten: If the record was newer when it was seen last.
    """
    place, time = RecordPlace(folder), clock or SystemClock()
    first = _first_line(file)
    size, root = int(first["size"]), bytes.fromhex(str(first["root"]))
    place.make(time.now().date())
    keys = open_keys(place)
    try:
        store = open_store(place, database, time, keys)
        try:
            origin = str(first["origin"])
            lost = _lost(place, size, origin, store, although_older)
            store.load(_rows(file, size, root))
            store.set_meta(ORIGIN, f"{origin}/again" if lost else origin)
            forget_again(place, store, keys)
        finally:
            store.close()
    finally:
        keys.close()
    if lost is not None:
        # A new name: heads of the old one and of this one do not follow on each other.
        place.seen.unlink(missing_ok=True)
        with open_record(folder, database=database, clock=clock) as record:
            said = RecordRestored(size=size, seen=lost.size, seen_root=lost.root.hex())
            record.note(said, SAYSO)
    return size


def _lost(
    place: RecordPlace, size: int, origin: str, store: Store, although_older: bool
) -> Checkpoint | None:
    """The newest head that was seen here, if the copy does not reach it."""
    from sayso.adapters.store_signing import LogSigner, is_signed

    del store
    note = place.read_seen()
    if note is None:
        return None
    key = LogSigner(origin, place.signing_key(SystemClock().now().date())).key
    try:
        seen = read_checkpoint(note, key, is_signed)
    except NotACheckpoint as error:
        raise RecordRewritten(
            f"The head that was seen last is of another record: {error}.",
            hint="Restore into a workspace of its own.",
        ) from error
    if seen.size <= size:
        return None
    if not although_older:
        raise RecordRewritten(
            f"The copy holds {size} events; {seen.size} were seen here.",
            hint="Use a newer copy, or say --although-older: what is lost is then on record.",
        )
    return seen


def _first_line(file: Path) -> dict[str, Any]:  # JSON
    with _opened(file) as lines:
        try:
            first: object = json.loads(next(lines))
            if isinstance(first, dict):
                plain = cast("dict[str, Any]", first)
                if (
                    plain.get("sayso-record") == BACKUP
                    and {"size", "root", "origin"} <= set(plain)
                    and int(plain["size"]) >= 0
                    and bytes.fromhex(str(plain["root"]))
                ):
                    return plain
        except (StopIteration, ValueError, TypeError, OSError, EOFError, zlib.error):
            pass
    raise RecordUnreadable(
        f"{file} is no copy of a record, or of a newer Sayso.", hint="Name another file."
    )


class _opened:
    """Lines of a copy; a damaged file is said with its name."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Iterator[str]:
        try:
            self._lines = gzip.open(self._file, "rt", encoding="utf-8")
        except OSError as error:
            raise RecordUnreadable(
                f"Cannot read {self._file}: {error.strerror}.", hint="Name another file."
            ) from error
        return iter(self._lines)

    def __exit__(self, *what: object) -> None:
        self._lines.close()


def _rows(file: Path, size: int, root: bytes) -> Iterator[Kept]:
    """Records of a copy, whose tree has the root that it says, or none at all."""
    from sayso.record.tree import Edge, append

    edge = Edge()
    with _opened(file) as lines:
        try:
            next(lines)
            for place, line in enumerate(lines):
                salt_text, body_text, digest, count = json.loads(line)
                salt, body = bytes.fromhex(salt_text), str(body_text).encode("utf-8")
                leaf = leaf_of(salt, body)
                edge = append(edge, leaf, [])
                if place == size - 1 and edge.root != root:
                    break
                yield Kept(place, salt, body, leaf, bytes.fromhex(digest), int(count))
        except (ValueError, TypeError, OSError, EOFError, zlib.error) as error:
            raise RecordUnreadable(
                f"{file} is damaged: {type(error).__name__}.", hint="Use another copy."
            ) from error
    if edge.size != size or edge.root != root:
        raise RecordUnreadable(
            f"{file} does not hold the {size} events that it names.", hint="Use another copy."
        )
