"""The one place from which the record grows: a queue, and a thread that commits it in groups.

Places in the tree follow the order of commits, so there is one sequencer. It takes what has queued
up, decides it in one transaction together with the tree, commits, and only then answers. A commit
costs a wait for the disk; taking many writes into one is what makes that wait cheap.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sayso.adapters.store_batch import Batch, Standing, moment
from sayso.adapters.store_tables import HEAD, NODES, RECORDS
from sayso.domain.errors import RecordUnreadable, RecordUnsure, RecordUnwritable
from sayso.record.refusal import Refusal
from sayso.record.tree import edge_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

    from sayso.adapters.store_batch import Answer
    from sayso.record.ports import Clock, Sealer, Write

MOST_IN_ONE = 256
_HEAD = sa.select(HEAD)
_TAKEN = Refusal(
    "key-reused", "The id leads to one that is taken.", "Make a new id for a new command.", "id"
)


@dataclass(frozen=True, slots=True)
class _Waiting:
    writes: tuple[Write, ...]
    done: Future[list[Answer]]


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], None]
    done: Future[None]


class _Later(Enum):
    """Nothing more has queued up yet."""

    LATER = 0


_LATER = _Later.LATER


class Sequencer:
    """Takes writes from any thread, and answers each once it is on disk."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        sealer: Sealer,
        *,
        before: Callable[[Connection], None],
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Start the thread.

        Args:
            engine: Gives the one connection that writes.
            clock: Says when things are taken in.
            sealer: Seals personal text.
            before: Run first in each transaction; takes whatever lock keeps others out.
            random: Gives salts.
        """
        self._engine = engine
        self._clock = clock
        self._sealer = sealer
        self._before = before
        self._random = random
        self._standing: Standing | None = None
        self._queue: SimpleQueue[_Waiting | _Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._live, name="sayso-sequencer", daemon=True)
        self._thread.start()

    def submit(self, writes: Sequence[Write]) -> Future[list[Answer]]:
        """Queue writes that belong together; the answers come when all of them are on disk."""
        done: Future[list[Answer]] = Future()
        self._put(_Waiting(tuple(writes), done))
        return done

    def run(self, work: Callable[[Connection], None]) -> None:
        """Do something else in a transaction of its own, in turn; returns when it is on disk."""
        done: Future[None] = Future()
        self._put(_Job(work, done))
        done.result()

    @property
    def waiting(self) -> int:
        """How much has queued up and is not being committed yet."""
        return self._queue.qsize()

    def close(self) -> None:
        """Commit what has queued up, and stop."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _put(self, item: _Waiting | _Job) -> None:
        with self._gate:
            if self._closed:
                raise RecordUnwritable("The record is closed.", hint="Open it again.")
            self._queue.put(item)

    def _live(self) -> None:
        """Run, and if that should ever end by a defect, leave nobody waiting."""
        try:
            self._run()
        finally:
            with self._gate:
                self._closed = True
            with suppress(Empty):
                while True:
                    left = self._queue.get_nowait()
                    if left is not None:
                        left.done.set_exception(
                            RecordUnwritable("The record is closed.", hint="Open it again.")
                        )

    def _run(self) -> None:
        item = self._queue.get()
        while item is not None:
            if isinstance(item, _Job):
                self._do(item)
                item = self._queue.get()
            else:
                group, after = self._group(item)
                self._commit(group)
                item = self._queue.get() if after is _LATER else after

    def _group(self, first: _Waiting) -> tuple[list[_Waiting], _Job | _Later | None]:
        """What has queued up behind a write, and what was found after that."""
        group, many = [first], len(first.writes)
        while many < MOST_IN_ONE:
            try:
                item = self._queue.get_nowait()
            except Empty:
                break
            if not isinstance(item, _Waiting):
                return group, item
            group.append(item)
            many += len(item.writes)
        return group, _LATER

    def _do(self, job: _Job) -> None:
        try:
            with self._engine.begin() as connection:
                self._before(connection)
                job.work(connection)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the thread lives on
            job.done.set_exception(_told(error))
        else:
            job.done.set_result(None)
        self._standing = None

    def _commit(self, group: list[_Waiting]) -> None:
        writes = [write for waiting in group for write in waiting.writes]
        try:
            answers = self._transaction(writes)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the thread lives on
            # What is known may be ahead of what is stored, so it is read again.
            self._standing = None
            if len(group) > 1 and not isinstance(error, RecordUnsure):
                # Nothing was stored. Each is tried alone, so that one of them spoils it for none.
                for waiting in group:
                    self._commit([waiting])
                return
            if isinstance(error, IntegrityError) and len(writes) == 1:
                group[0].done.set_result([_TAKEN])
                return
            for waiting in group:
                waiting.done.set_exception(_told(error))
            return
        for waiting in group:
            here, answers = answers[: len(waiting.writes)], answers[len(waiting.writes) :]
            waiting.done.set_result(here)

    def _transaction(self, writes: Sequence[Write]) -> list[Answer]:
        with self._engine.connect() as connection:
            transaction = connection.begin()
            try:
                self._before(connection)
                standing, frozen, last = self._stand(connection)
                now = self._clock.now()
                batch = Batch(
                    connection,
                    standing,
                    now if last is None else max(now, last),
                    self._sealer,
                    self._random,
                    frozen=frozen,
                )
                answers = batch.answer(writes)
                batch.store()
            except BaseException:
                # Where the server is gone there is nothing left to roll back.
                with suppress(SQLAlchemyError):
                    transaction.rollback()
                raise
            try:
                transaction.commit()
            except SQLAlchemyError as error:
                # The driver may still be inside the transaction that could not be committed.
                with suppress(SQLAlchemyError, sqlite3.Error):
                    connection.connection.rollback()
                raise RecordUnsure(
                    f"Committing failed: {getattr(error, 'orig', None) or error}.",
                    hint="Send the same command again, with the same id.",
                ) from error
            standing.keep(batch.edge, batch.states)
        return answers

    def _stand(self, connection: Connection):  # noqa: ANN202 - three values of this class alone
        """What the record says now, from memory where nobody else has written since."""
        row = connection.execute(_HEAD).one()
        last = None if row.recorded_at is None else moment(row.recorded_at)
        known = self._standing
        if known is None or known.edge.size != row.size or known.edge.root != bytes(row.root):
            edge = edge_at(row.size, lambda level, place: stored_node(connection, level, place))
            if edge.root != bytes(row.root):
                raise RecordUnreadable(
                    "The tree over the record does not give its stored root.",
                    hint="Run `sayso verify`; nothing is added to a damaged record.",
                )
            known = self._standing = Standing(edge)
        return known, bool(row.frozen), last


def stored_node(connection: Connection, level: int, place: int) -> bytes:
    """One full subtree's stored hash.

    Raises:
        RecordUnreadable: If it is not there.
    """
    query = (
        sa.select(RECORDS.c.leaf).where(RECORDS.c.place == place)
        if level == 0
        else sa.select(NODES.c.hash).where(NODES.c.level == level, NODES.c.place == place)
    )
    found = connection.execute(query).scalar()
    if found is None:
        raise RecordUnreadable(
            f"Subtree {place} of level {level} is not there.", hint="Run `sayso verify`."
        )
    return bytes(found)


def _told(error: Exception) -> Exception:
    """What whoever waits is told."""
    if isinstance(error, SQLAlchemyError):
        return RecordUnwritable(
            f"The record cannot be written: {getattr(error, 'orig', None) or error}.",
            hint="Nothing was stored. Check the disk, and send the same command again.",
        )
    return error
