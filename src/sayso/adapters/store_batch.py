"""One batch of writes, decided and put in place inside one transaction."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sayso.adapters.store_tables import HEAD, NODES, RECORDS, SPEAKING
from sayso.record.case_state import CaseState, apply
from sayso.record.filing import person_of
from sayso.record.ids import EPOCH
from sayso.record.ports import Found, Written
from sayso.record.record_events import RecordFrozen
from sayso.record.refusal import Refusal
from sayso.record.tree import SALT_BYTES, Edge, Node, append_all, leaf_of
from sayso.record.wire import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from sayso.record.events import Event
    from sayso.record.filing import Filed
    from sayso.record.ports import Sealer, Write

MICRO = timedelta(microseconds=1)
MOST_STATES = 20_000
CaseKey = tuple[str, str]

# Built once: putting a statement together takes longer than running it.
_C = RECORDS.c
_COMMANDS = sa.select(_C.id, _C.place, _C.digest, _C.many, _C.recorded_at).where(
    _C.id.in_(sa.bindparam("ids", expanding=True))
)
_CASES = (
    sa.select(_C.place, _C.body)
    .where(_C.decision == sa.bindparam("decision"))
    .where(_C.kase.in_(sa.bindparam("cases", expanding=True)))
    .order_by(_C.place)
)
_HEAD = sa.update(HEAD).values(
    {name: sa.bindparam(name) for name in ("size", "root", "recorded_at", "frozen")}
)


def micros(moment: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (moment - EPOCH) // MICRO


def moment(us: int) -> datetime:
    """The moment of microseconds since 1970."""
    return EPOCH + us * MICRO


def put_in(connection: Connection, records: list[dict[str, Any]], nodes: Sequence[Node]) -> None:
    """Insert records and subtrees; the driver takes them as they are."""
    dialect = connection.dialect
    if records:
        connection.exec_driver_sql(_insert(RECORDS, dialect.name), records)
    if nodes:
        rows = [{"level": n.level, "place": n.place, "hash": n.hash} for n in nodes]
        connection.exec_driver_sql(_insert(NODES, dialect.name), rows)


@cache
def _insert(table: sa.Table, dialect: str) -> str:
    """An insertion as the driver reads it: what SQLAlchemy does for each row takes too long."""
    mark = ":{}" if dialect == "sqlite" else "%({})s"
    columns = [column.name for column in table.columns]
    marks = ", ".join(mark.format(name) for name in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - fixed names


def columns_of(filed: Filed) -> dict[str, Any]:
    """The columns of a row that an event is found by."""
    return {
        "id": filed.id,
        "kind": filed.kind,
        "decision": filed.decision,
        "kase": filed.case,
        "person": filed.person,
        "recorded_at": micros(filed.recorded_at),
    }


@dataclass
class Standing:
    """What is known between two batches; thrown away whenever somebody else may have written.

    Attributes:
        edge: The right edge of the tree as it was committed.
        states: Cases, those used last at the end.
    """

    edge: Edge
    states: OrderedDict[CaseKey, CaseState] = field(default_factory=OrderedDict)

    def keep(self, edge: Edge, states: dict[CaseKey, CaseState]) -> None:
        """Take over what a batch has committed."""
        self.edge = edge
        for key, state in states.items():
            self.states[key] = state
            self.states.move_to_end(key)
        while len(self.states) > MOST_STATES:
            self.states.popitem(last=False)


Answer = Written | Refusal | Exception


class Batch:
    """Decides writes one after the other, each seeing what those before it lead to.

    Nothing is stored until ``store``; a write that is refused, or whose ``decide`` fails, leaves
    no trace.
    """

    def __init__(
        self,
        connection: Connection,
        standing: Standing,
        now: datetime,
        sealer: Sealer,
        random: Callable[[int], bytes],
        *,
        frozen: bool,
    ) -> None:
        self._connection = connection
        self._standing = standing
        self._sealer = sealer
        self._random = random
        self.now = now
        self.edge = standing.edge
        self._size = standing.edge.size
        self._writes, self._salts, self._drawn = 1, b"", 0
        self.frozen = frozen
        self.states: dict[CaseKey, CaseState] = {}
        self._rows: list[dict[str, Any]] = []
        self._by_id: dict[str, dict[str, Any]] = {}
        self._filed: dict[str, int] = {}

    def answer(self, writes: Sequence[Write]) -> list[Answer]:
        """What each write leads to, in their order."""
        self._writes = max(len(writes), 1)
        self._look_up(writes)
        return [self._one(write) for write in writes]

    def store(self) -> None:
        """Put records, subtrees and head in place, for the caller to commit."""
        if not self._rows:
            return
        nodes: list[Node] = []
        self.edge = append_all(self.edge, (row["leaf"] for row in self._rows), nodes)
        put_in(self._connection, self._rows, nodes)
        self._connection.execute(
            _HEAD,
            {
                "size": self.edge.size,
                "root": self.edge.root,
                "recorded_at": micros(self.now),
                "frozen": self.frozen,
            },
        )

    def _look_up(self, writes: Sequence[Write]) -> None:
        """Read, in one query each, which commands came before and which cases are needed."""
        ids = list({write.id for write in writes})
        for chunk in _chunks(ids):
            rows = self._connection.execute(_COMMANDS, {"ids": chunk})
            self._by_id |= {str(row["id"]): dict(row) for row in rows.mappings()}
        needed: dict[str, dict[str, None]] = {}
        for write in writes:
            if write.case is None or (write.decision, write.case) in self.states:
                continue
            key = (write.decision, write.case)
            kept = self._standing.states.get(key)
            if kept is not None:
                self.states[key] = kept
            else:
                needed.setdefault(write.decision, {})[write.case] = None
        for decision, cases in needed.items():
            for chunk in _chunks(cases):
                self._read_cases(decision, chunk)

    def _read_cases(self, decision: str, cases: list[str]) -> None:
        rows = self._connection.execute(_CASES, {"decision": decision, "cases": cases})
        for place, body in rows:
            found = from_bytes(bytes(body), place, self._sealer)
            if isinstance(found, Refusal):
                raise TypeError(f"record {place} cannot be read: {found.message}")
            event = found.event
            key = (event.decision, str(event.case))
            self.states[key] = apply(self.states.get(key), event)

    def _one(self, write: Write) -> Answer:
        before = self._by_id.get(write.id)
        if before is not None:
            return self._again(write, before)
        if self.frozen:
            return Refusal(
                "record-frozen",
                "The record was frozen, and nothing is added to it.",
                "Go on in the record that follows it.",
            )
        state = None if write.case is None else self.states.get((write.decision, write.case))
        try:
            said = write.decide(Found(state, self.now, self._filed_by))
        except Exception as error:  # noqa: BLE001 - one write's defect is its own, not the batch's
            return error
        return said if isinstance(said, Refusal) else self._take(write, said, state)

    def _again(self, write: Write, before: dict[str, Any]) -> Written | Refusal:
        if not before["digest"] or bytes(before["digest"]) != write.digest:
            return Refusal(
                "key-reused",
                f"{write.id} came before with other content.",
                "Make a new id for a new command; send a command again as it was.",
                "id",
            )
        state = None if write.case is None else self.states.get((write.decision, write.case))
        return Written(before["place"], before["many"], moment(before["recorded_at"]), True, state)

    def _take(
        self, write: Write, said: tuple[Event, ...], state: CaseState | None
    ) -> Written | Refusal:
        rows: list[dict[str, Any]] = []
        now = micros(self.now)
        # Only what one event says can be known beforehand: several may share a field's name.
        known = write.spelled if len(said) == 1 else None
        for event in said:
            if event.id in self._by_id:
                return Refusal("key-reused", f"{event.id} is taken.", "Make a new id.", "id")
            body = to_bytes(event, self.now, self._sealer, known)
            if isinstance(body, Refusal):
                return body
            salt = self._salt()
            rows.append(
                {
                    "place": self._size + len(rows),
                    "id": event.id,
                    "kind": event.data.KIND,
                    "decision": event.decision,
                    "kase": event.case,
                    "person": person_of(event),
                    "recorded_at": now,
                    "salt": salt,
                    "body": body,
                    "leaf": leaf_of(salt, body),
                    "digest": b"" if rows else write.digest,
                    "many": 0 if rows else len(said),
                }
            )
            if event.case is not None:
                state = apply(state, event)
        first = self._size
        self._size += len(rows)
        self._rows += rows
        for row in rows:
            self._by_id[row["id"]] = row
            if row["kind"] in SPEAKING and row["person"] in self._filed:
                self._filed[row["person"]] += 1
        if state is not None and write.case is not None:
            self.states[write.decision, write.case] = state
        self.frozen = self.frozen or any(isinstance(e.data, RecordFrozen) for e in said)
        return Written(first, len(said), self.now, False, state)

    def _salt(self) -> bytes:
        """A salt of its own for each event, drawn from the system many at a time."""
        if self._drawn == len(self._salts):
            self._salts, self._drawn = self._random(SALT_BYTES * self._writes), 0
        self._drawn += SALT_BYTES
        return self._salts[self._drawn - SALT_BYTES : self._drawn]

    def _filed_by(self, person: str) -> int:
        found = self._filed.get(person)
        if found is None:
            c = RECORDS.c
            since = micros(self.now - timedelta(days=1))
            stored = self._connection.execute(
                sa.select(sa.func.count()).where(
                    c.person == person, c.recorded_at > since, c.kind.in_(SPEAKING)
                )
            ).scalar_one()
            new = sum(r["person"] == person and r["kind"] in SPEAKING for r in self._rows)
            found = self._filed[person] = int(stored) + new
        return found


def _chunks(items: Iterable[Any]) -> Iterable[list[Any]]:
    """Pieces that fit into one statement's parameters."""
    every = list(items)
    for start in range(0, len(every), 400):
        yield every[start : start + 400]
