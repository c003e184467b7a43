"""A store in an SQL database: what both engines share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sayso.adapters.store_batch import columns_of, micros, moment, put_in
from sayso.adapters.store_sequencer import Sequencer, stored_node
from sayso.adapters.store_tables import (
    HEAD,
    META,
    NEWEST,
    NODES,
    OPENINGS,
    RECORDS,
    bring_up_to_date,
    schema_version,
)
from sayso.domain.errors import RecordUnreadable, RecordUnwritable
from sayso.record.case_state import apply
from sayso.record.filing import Filed, filed_under
from sayso.record.ports import Head, Kept, Stood
from sayso.record.record_events import RecordFrozen
from sayso.record.refusal import Refusal
from sayso.record.tree import EMPTY, Edge, append, leaf_of
from sayso.record.wire import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Executable

    from sayso.adapters.store_batch import Answer
    from sayso.record.case_state import CaseState
    from sayso.record.events import Recorded
    from sayso.record.ports import Clock, Sealer, Write, Written
    from sayso.record.tree import Node

PAGE, CHUNK = 2_000, 400
_ROW = tuple(RECORDS.c)


class SqlStore:
    """Keeps the record in a database; writes through one sequencer, reads beside it."""

    def __init__(
        self,
        writer: Engine | None,
        reader: Engine,
        clock: Clock,
        sealer: Sealer,
        *,
        before: Callable[[Connection], None],
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        """Bring the schema up to date and start the sequencer.

        Args:
            writer: The engine whose one connection writes; None for reading alone.
            reader: The engine for reading.
            clock: Says when things are taken in.
            sealer: Seals personal text.
            before: Run first in each writing transaction.
            let_go: Called last when the store is closed.

        Raises:
            RecordUnreadable: If a newer Sayso wrote it, or it is no record.
        """
        self._writer, self._reader = writer, reader
        self._clock, self._sealer = clock, sealer
        self._let_go = let_go
        self._sequencer: Sequencer | None = None
        try:
            self._begin(before)
        except BaseException as error:
            # Nobody else will: there is no store to close.
            reader.dispose()
            if writer is not None:
                writer.dispose()
            if isinstance(error, DBAPIError):
                raise RecordUnreadable(
                    f"The record cannot be opened: {error.orig}.",
                    hint="Check the address of the database, and the right to write it.",
                ) from error
            raise

    def _begin(self, before: Callable[[Connection], None]) -> None:
        if self._writer is None:
            self._check_schema()
            return
        with self._writer.begin() as connection:
            before(connection)
            bring_up_to_date(connection)
            if connection.execute(sa.select(HEAD.c.size)).first() is None:
                row = {"one": 1, "size": 0, "root": EMPTY, "frozen": False}
                connection.execute(sa.insert(HEAD), row)
        self._sequencer = Sequencer(self._writer, self._clock, self._sealer, before=before)

    def submit(self, write: Write) -> Future[list[Answer]]:
        """Queue a write; its answer comes once it is on disk."""
        return self._writing().submit((write,))

    def submit_all(self, writes: Sequence[Write]) -> Future[list[Answer]]:
        """Queue many for one transaction; the answers come when all are on disk, or none."""
        return self._writing().submit(writes)

    @property
    def waiting(self) -> int:
        """Writes, or groups that belong together, that have queued up."""
        return 0 if self._sequencer is None else self._sequencer.waiting

    def append(self, write: Write) -> Written | Refusal:
        """Record something and return when it is on disk.

        Raises:
            RecordUnwritable: If nothing was recorded, and it may be sent again.
            RecordUnsure: If it may or may not have been recorded; sending it again finds out.
        """
        return self.append_all((write,))[0]

    def append_all(self, writes: Sequence[Write]) -> list[Written | Refusal]:
        """Record many in one transaction, in their order; all are on disk on return, or none."""
        answers: list[Written | Refusal] = []
        for answer in self.submit_all(writes).result():
            if isinstance(answer, Exception):
                raise answer
            answers.append(answer)
        return answers

    def state_of(self, decision: str, case: str) -> CaseState | None:
        """A case as far as it has come; None where it was never opened."""
        c = RECORDS.c
        query = sa.select(*_ROW).where(c.decision == decision, c.kase == case).order_by(c.place)
        state = None
        for recorded in map(self._read, self._few(query)):
            state = apply(state, recorded.event)
        return state

    def states(self, decision: str) -> Iterator[CaseState]:
        """Every case of a decision, in the order in which they were opened."""
        c = RECORDS.c
        query = (
            sa.select(*_ROW).where(c.decision == decision, c.kase.is_not(None)).order_by(c.place)
        )
        found: dict[str, CaseState] = {}
        for recorded in map(self._read, self._all(query)):
            case = str(recorded.event.case)
            found[case] = apply(found.get(case), recorded.event)
        yield from found.values()

    def decisions(self) -> list[str]:
        """Decisions that have cases, by name."""
        c = RECORDS.c
        query = sa.select(c.decision).where(c.kind.in_(OPENINGS)).distinct()
        return sorted(str(row.decision) for row in self._few(query))

    def changed(self, decision: str, since: int, until: int) -> Iterator[str]:
        """Cases of a decision that something was recorded of, in the order of the first of it."""
        c = RECORDS.c
        query = (
            sa.select(c.kase)
            .where(c.place >= since, c.place < until, c.kase.is_not(None))
            # Hidden from the index by case: of a long record, few places are looked at.
            .where(c.decision.concat("") == decision)
            .group_by(c.kase)
            .order_by(sa.func.min(c.place))
        )
        return (str(row.kase) for row in self._all(query))

    def standing(self, decision: str, cases: Sequence[str], until: int) -> Iterator[Stood]:
        """Some cases of a decision, as far as they had come at a place, in no order."""
        c = RECORDS.c
        for start in range(0, len(cases), CHUNK):
            names = cases[start : start + CHUNK]
            query = (
                sa.select(c.place, c.body)
                .where(c.decision == decision, c.kase.in_(names), c.place < until)
                .order_by(c.place)
            )
            found: dict[str, Stood] = {}
            for recorded in map(self._read, self._few(query)):
                case, place = str(recorded.event.case), recorded.index
                before = found.get(case)
                state = apply(None if before is None else before.state, recorded.event)
                found[case] = Stood(place if before is None else before.first, place, state)
            yield from found.values()

    def events(self, since: int, most: int) -> list[Recorded]:
        """Events in their order, from a place on."""
        c = RECORDS.c
        query = sa.select(*_ROW).where(c.place >= since).order_by(c.place).limit(most)
        return [self._read(row) for row in self._few(query)]

    def of_record(self, kinds: Sequence[str]) -> list[Recorded]:
        """Events of some kinds that concern no single case, in their order."""
        c = RECORDS.c
        query = sa.select(*_ROW).where(c.kase.is_(None), c.kind.in_(kinds)).order_by(c.place)
        return [self._read(row) for row in self._few(query)]

    def check(self) -> list[str]:
        """What the engine itself finds wrong with its files; empty where it finds nothing."""
        if self._reader.dialect.name != "sqlite":
            return []
        try:
            with self._reader.connect() as connection:
                rows = connection.exec_driver_sql("PRAGMA integrity_check(20)").fetchall()
        except DBAPIError as error:
            return [str(error.orig)]
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def find(self, event_id: str) -> Kept | None:
        """The record of an event."""
        rows = self._few(sa.select(*_ROW).where(RECORDS.c.id == event_id))
        return _kept(rows[0]) if rows else None

    def kept(self, since: int, until: int) -> Iterator[Kept]:
        """Records as they lie, from one place up to another."""
        c = RECORDS.c
        query = sa.select(*_ROW).where(c.place >= since, c.place < until).order_by(c.place)
        return map(_kept, self._all(query))

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        """Every stored subtree above the leaves: level, place, hash."""
        query = sa.select(NODES).order_by(NODES.c.level, NODES.c.place)
        return ((row.level, row.place, bytes(row.hash)) for row in self._all(query))

    def node(self, level: int, place: int) -> bytes:
        """One full subtree's stored hash; level 0 is the leaves.

        Raises:
            RecordUnreadable: If it is not there.
        """
        with self._reader.connect() as connection:
            return stored_node(connection, level, place)

    def head(self) -> Head:
        """The newest committed state."""
        row = self._few(sa.select(HEAD))[0]
        at = None if row.recorded_at is None else moment(row.recorded_at)
        return Head(row.size, bytes(row.root), at, bool(row.frozen))

    def meta(self, name: str) -> str | None:
        """A setting of the store itself, such as the log's origin."""
        rows = self._few(sa.select(META.c.value).where(META.c.name == name))
        return str(rows[0].value) if rows else None

    def set_meta(self, name: str, value: str) -> None:
        """Keep a setting of the store itself."""

        def keep(connection: Connection) -> None:
            connection.execute(sa.delete(META).where(META.c.name == name))
            connection.execute(sa.insert(META), {"name": name, "value": value})

        self._writing().run(keep)

    def count(self, decision: str, since: datetime | None, until: datetime | None) -> int:
        """Cases of a decision that were opened or read in, by when they were taken in."""
        c = RECORDS.c
        query = sa.select(sa.func.count().label("n")).where(
            c.decision == decision, c.kind.in_(OPENINGS)
        )
        if since is not None:
            query = query.where(c.recorded_at >= micros(since))
        if until is not None:
            query = query.where(c.recorded_at < micros(until))
        return int(self._few(query)[0].n)

    def load(self, rows: Iterable[Kept]) -> Head:
        """Fill an empty store with records from another, and make the tree anew.

        Raises:
            RecordUnwritable: If the store is not empty.
            RecordUnreadable: If a row cannot be read.
        """
        if self.head().size:
            raise RecordUnwritable(
                "The record is not empty.", hint="Restore into a new place, and compare."
            )
        self._writing().run(lambda connection: self._fill(connection, rows))
        return self.head()

    def close(self) -> None:
        """Finish what is under way, and let go of the files."""
        if self._sequencer is not None:
            self._sequencer.close()
        # Readers first: whoever closes last writes the log back, and that is the writer alone.
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()
        self._let_go()

    def _fill(self, connection: Connection, rows: Iterable[Kept]) -> None:
        edge, last, frozen = Edge(), None, False
        records: list[dict[str, Any]] = []
        nodes: list[Node] = []
        for row in rows:
            found = from_bytes(row.body, row.index, self._sealer)
            if isinstance(found, Refusal) or row.index != edge.size:
                raise RecordUnreadable(
                    f"Record {row.index} cannot be taken in.", hint="Use another copy."
                )
            last, event = found.recorded_at, found.event
            frozen = frozen or isinstance(event.data, RecordFrozen)
            records.append(
                {
                    "place": row.index,
                    **columns_of(filed_under(event, last)),
                    "salt": row.salt,
                    "body": row.body,
                    # Made from what is taken in, never from what the other store said.
                    "leaf": leaf_of(row.salt, row.body),
                    "digest": row.digest,
                    "many": row.count,
                }
            )
            edge = append(edge, leaf_of(row.salt, row.body), nodes)
            if len(records) == PAGE:
                put_in(connection, records, nodes)
                records.clear()
                nodes.clear()
        put_in(connection, records, nodes)
        at = None if last is None else micros(last)
        connection.execute(
            sa.update(HEAD).values(size=edge.size, root=edge.root, recorded_at=at, frozen=frozen)
        )

    def _writing(self) -> Sequencer:
        if self._sequencer is None:
            raise RecordUnwritable("The record was opened for reading.", hint="Open it to write.")
        return self._sequencer

    def _check_schema(self) -> None:
        with self._reader.connect() as connection:
            version = schema_version(connection)
        if version != NEWEST:
            raise RecordUnreadable(
                f"The record has schema {version}; this Sayso reads {NEWEST}.",
                hint="Open it once to write with this Sayso, or use a newer one.",
            )

    def _all(self, query: Executable) -> Iterator[Any]:  # rows of whatever is selected
        """Rows one page after the other, however many there are."""
        try:
            with (
                self._reader.connect() as connection,
                connection.execution_options(yield_per=PAGE).execute(query) as found,
            ):
                yield from found
        except SQLAlchemyError as error:
            raise _unreadable(error) from error

    def _few(self, query: Executable) -> Sequence[Any]:  # rows of whatever is selected
        """Rows that fit into memory."""
        try:
            with self._reader.connect() as connection:
                return connection.execute(query).fetchall()
        except SQLAlchemyError as error:
            raise _unreadable(error) from error

    def _read(self, row: Any) -> Recorded:
        found = from_bytes(bytes(row.body), row.place, self._sealer)
        if isinstance(found, Refusal):
            raise RecordUnreadable(found.message, hint=found.hint)
        return found


def _unreadable(error: SQLAlchemyError) -> RecordUnreadable:
    return RecordUnreadable(
        f"The record cannot be read: {getattr(error, 'orig', None) or error}.",
        hint="Run `sayso verify`.",
    )


def _kept(row: Any) -> Kept:
    filed = Filed(row.id, row.kind, row.decision, row.kase, row.person, moment(row.recorded_at))
    return Kept(
        row.place,
        bytes(row.salt),
        bytes(row.body),
        bytes(row.leaf),
        bytes(row.digest),
        row.many,
        filed,
    )
