"""What every store of the record has to do; run it against your own.

Each check takes a ``Place``, where a store can be opened, closed and opened again. A store that
passes all of ``CHECKS`` keeps the record as the others do.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordUnwritable
from sayso.record.case_events import ContestFiled, SignalSeen
from sayso.record.events import Event
from sayso.record.ids import following, uuid7
from sayso.record.ports import Write, Written
from sayso.record.record_events import RecordFrozen
from sayso.record.refusal import Refusal
from sayso.record.terms import Actor, ActorKind, Target
from sayso.record.tree import (
    consistency_proof,
    edge_at,
    grow,
    inclusion_proof,
    leaf_of,
    verify_consistency,
    verify_inclusion,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.record.events import Data
    from sayso.record.ports import Clock, Found, Sealer, Store

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANN = Actor(ActorKind.HUMAN, "ann")


@dataclass
class SetClock:
    """A clock that says what it is told."""

    at: datetime = START

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at


@dataclass
class Plain:
    """Seals nothing away, and forgets whom it is told to forget."""

    erased: set[str] = field(default_factory=set[str])

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """The text in hexadecimal digits."""
        del bound
        return None if subject in self.erased else plain.hex()

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """The text again."""
        del bound
        return None if subject in self.erased else bytes.fromhex(token)


@dataclass
class Place:
    """Somewhere a store can be opened again and again.

    Attributes:
        open: Opens the store that is there, or a new one.
        fresh: Opens an empty store somewhere else.
        clock: The clock of the stores.
        sealer: Their sealer.
    """

    open: Callable[[Clock, Sealer], Store]
    fresh: Callable[[Clock, Sealer], Store]
    clock: SetClock = field(default_factory=SetClock)
    sealer: Plain = field(default_factory=Plain)

    def opened(self) -> Store:
        """The store."""
        return self.open(self.clock, self.sealer)

    def another(self) -> Store:
        """An empty store."""
        return self.fresh(self.clock, self.sealer)


def write_of(
    number: int,
    *data: Data,
    case: str | None = "visit-1",
    by: Actor = ANN,
    decide: Callable[[Found], tuple[Event, ...] | Refusal] | None = None,
) -> Write:
    """A write of events as they are, under an id that the number makes."""
    made = uuid7(START, (number << 8).to_bytes(10, "big"))
    events = tuple(
        Event(
            id=following(made, place),
            decision="first-visit-part",
            charter_version=1,
            case=case,
            by=by,
            at=START,
            data=one,
        )
        for place, one in enumerate(data or (SignalSeen(source=f"s{number}"),))
    )
    return Write(
        id=made,
        digest=sha256(repr((number, data, case, by)).encode()).digest(),
        decision="first-visit-part",
        case=case,
        decide=decide or (lambda found: events),
    )


def done(answer: Written | Refusal) -> Written:
    """An answer that has to be that something was recorded."""
    assert isinstance(answer, Written), f"refused: {answer}"
    return answer


def refused(answer: Written | Refusal) -> str:
    """The code of an answer that has to be a refusal."""
    assert isinstance(answer, Refusal), f"not refused: {answer}"
    return answer.code


def whole(store: Store) -> int:
    """The size of a store whose tree is the tree over what it holds.

    Every leaf is made again from salt and bytes, every place is there once, and the head is the
    root over them.
    """
    head = store.head()
    rows = list(store.kept(0, head.size + 1000))
    assert [row.index for row in rows] == list(range(head.size)), "places have gaps"
    leaves = [leaf_of(row.salt, row.body) for row in rows]
    assert leaves == [row.leaf for row in rows], "a stored leaf is not that of its bytes"
    assert grow(leaves).root == head.root, "the head is not the root over the records"
    assert edge_at(head.size, store.node).root == head.root, "the subtrees do not give the head"
    assert len({row.salt for row in rows}) == len(rows), "a salt was used twice"
    return head.size


def keeps_what_it_takes_in_order(place: Place) -> None:
    """What is appended is read back, in the order in which it was answered."""
    store = place.opened()
    for number in range(20):
        answer = done(store.append(write_of(number)))
        assert (answer.first, answer.count, answer.again) == (number, 1, False)
    sources = [
        e.event.data.source for e in store.events(0, 50) if isinstance(e.event.data, SignalSeen)
    ]
    assert sources == [f"s{n}" for n in range(20)]
    assert [e.index for e in store.events(7, 3)] == [7, 8, 9]
    assert whole(store) == 20
    store.close()


def is_the_same_after_opening_again(place: Place) -> None:
    """Closing and opening loses nothing, and the tree goes on where it was."""
    store = place.opened()
    store.set_meta("origin", "here/1")
    for number in range(5):
        done(store.append(write_of(number)))
    before = store.head()
    store.close()
    again = place.opened()
    assert again.head() == before
    assert again.meta("origin") == "here/1"
    assert again.meta("other") is None
    done(again.append(write_of(9)))
    assert whole(again) == 6
    again.close()


def records_a_command_once(place: Place) -> None:
    """The same command again is answered as before; another under its id is refused."""
    store = place.opened()
    first = done(store.append(write_of(1, SignalSeen(source="a"), SignalSeen(source="b"))))
    done(store.append(write_of(2)))
    for _ in range(2):
        again = done(store.append(write_of(1, SignalSeen(source="a"), SignalSeen(source="b"))))
        assert again.again
        assert (again.first, again.count, again.recorded_at) == (0, 2, first.recorded_at)
        assert refused(store.append(write_of(1, SignalSeen(source="c")))) == "key-reused"
        other = write_of(
            1, SignalSeen(source="a"), SignalSeen(source="b"), by=Actor(ActorKind.HUMAN, "ben")
        )
        assert refused(store.append(other)) == "key-reused"
        store.close()
        store = place.opened()
    twice = store.append_all((write_of(5), write_of(5)))
    assert [done(answer).again for answer in twice] == [False, True]
    assert whole(store) == 4
    store.close()


def refuses_without_a_trace(place: Place) -> None:
    """A write that is refused, or whose deciding fails, stores nothing and harms no other."""
    store = place.opened()
    no = Refusal("choice-twice", "no", "no")

    def fails(found: Found) -> Refusal:
        raise ZeroDivisionError(found.now)

    group = (write_of(1), write_of(2, decide=lambda found: no), write_of(3))
    answers = store.append_all(group)
    assert [type(answer) for answer in answers] == [Written, Refusal, Written]
    try:
        store.append(write_of(4, decide=fails))
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError("a failure while deciding was swallowed")
    # A refused id is free again: nothing was stored under it.
    done(store.append(write_of(2)))
    assert whole(store) == 3
    store.close()


def refuses_ids_that_lead_to_others(place: Place) -> None:
    """A command whose second event would take an id that is taken is refused, and alone."""
    store = place.opened()
    done(store.append(write_of(1)))
    target = write_of(1).id
    number = int(target.replace("-", ""), 16) - 1
    digits = f"{number:032x}"
    sly_id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    events = tuple(
        Event(
            id=one,
            decision="first-visit-part",
            charter_version=1,
            case="visit-1",
            by=ANN,
            at=START,
            data=SignalSeen(source="sly"),
        )
        for one in (sly_id, target)
    )
    trick = replace(write_of(0, decide=lambda found: events), id=sly_id)
    both = [threading.Thread(target=_quietly, args=(store, w)) for w in (trick, write_of(2))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert refused(store.append(trick)) == "key-reused"
    assert done(store.append(write_of(2))).again
    assert whole(store) == 2
    store.close()


def _quietly(store: Store, write: Write) -> None:
    store.append(write)


def takes_many_writers_at_once(place: Place) -> None:
    """Whoever writes at once gets a place of their own, and sees what came before in their case."""
    store = place.opened()
    seen: list[int] = []

    def one_after_the_other(found: Found) -> tuple[Event, ...]:
        before = 0 if found.state is None else len(found.state.contests)
        seen.append(before)
        due = found.now + timedelta(days=1)
        return (
            Event(
                id=uuid7(START, (10_000 + before << 8).to_bytes(10, "big")),
                decision="first-visit-part",
                charter_version=1,
                case="shared",
                by=ANN,
                at=START,
                data=ContestFiled(target=Target.CHARTER, text="x", answer_due=due),
            ),
        )

    def work(start: int) -> None:
        for number in range(start, start + 10):
            done(store.append(write_of(number, case=f"visit-{start}")))

    def contest(number: int) -> None:
        base = write_of(number, case="shared", decide=one_after_the_other)
        store.append(base)

    threads = [threading.Thread(target=work, args=(100 * i,)) for i in range(1, 9)]
    for thread in threads:
        thread.start()
    for number in range(5):
        contest(20_000 + number)
    for thread in threads:
        thread.join()
    assert seen == [0, 1, 2, 3, 4], f"a write did not see the one before it: {seen}"
    assert whole(store) == 85
    store.close()


def never_goes_back_in_time(place: Place) -> None:
    """A clock that is set back does not put a later record before an earlier one."""
    store = place.opened()
    done(store.append(write_of(1)))
    place.clock.at -= timedelta(hours=1)
    later = done(store.append(write_of(2)))
    assert later.recorded_at == START
    store.close()
    again = place.opened()
    assert done(again.append(write_of(3))).recorded_at == START
    place.clock.at += timedelta(hours=2)
    assert done(again.append(write_of(4))).recorded_at == START + timedelta(hours=1)
    again.close()


def stops_when_it_is_frozen(place: Place) -> None:
    """After the record is frozen nothing is added, and what is there can be read."""
    store = place.opened()
    done(store.append(write_of(1)))
    done(store.append(write_of(2, RecordFrozen(why="moved"), case=None)))
    assert store.head().frozen
    assert refused(store.append(write_of(3))) == "record-frozen"
    assert done(store.append(write_of(1))).again
    store.close()
    again = place.opened()
    assert refused(again.append(write_of(3))) == "record-frozen"
    assert whole(again) == 2
    again.close()


def proves_places_and_growth(place: Place) -> None:
    """Its stored subtrees give proofs of any place and of any growth."""
    store = place.opened()
    roots = {0: store.head().root}
    for number in range(23):
        done(store.append(write_of(number)))
        roots[number + 1] = store.head().root
    for size in (1, 7, 23):
        for index in range(size):
            row = next(iter(store.kept(index, index + 1)))
            proof = inclusion_proof(index, size, store.node)
            leaf = leaf_of(row.salt, row.body)
            assert verify_inclusion(leaf, index, size, proof, roots[size])
        for old in range(size + 1):
            proof = consistency_proof(old, size, store.node)
            assert verify_consistency(old, size, proof, roots[old], roots[size])
    store.close()


def moves_to_another_store(place: Place) -> None:
    """Its records fill another store, which then has the same head and the same answers."""
    store, other = place.opened(), place.another()
    for number in range(11):
        done(store.append(write_of(number, case=f"visit-{number % 3}")))
    head = other.load(store.kept(0, 11))
    assert head == store.head()
    assert whole(other) == 11
    assert list(other.kept(0, 11)) == list(store.kept(0, 11))
    assert done(other.append(write_of(4, case="visit-1"))).again
    done(other.append(write_of(50)))
    try:
        other.load(store.kept(0, 1))
    except RecordUnwritable:
        pass
    else:
        raise AssertionError("a store that is not empty was filled")
    store.close()
    other.close()


def counts_what_one_person_filed(place: Place) -> None:
    """It says how much somebody filed in the last day, here and in the same group."""
    store = place.opened()
    counts: list[int] = []

    def contest(found: Found) -> tuple[Event, ...]:
        counts.append(found.filed("ann"))
        number = 500 + len(counts)
        return (
            Event(
                id=uuid7(START, (number << 8).to_bytes(10, "big")),
                decision="first-visit-part",
                charter_version=1,
                case=f"visit-{number}",
                by=ANN,
                at=START,
                data=ContestFiled(target=Target.CHARTER, text="x", answer_due=found.now),
            ),
        )

    store.append_all([write_of(600 + n, case=f"v{n}", decide=contest) for n in range(3)])
    store.append(write_of(700, case="v9", decide=contest))
    place.clock.at += timedelta(days=2)
    store.append(write_of(701, case="v9", decide=contest))
    assert counts == [0, 1, 2, 3, 0], counts
    store.close()


def forgets_whom_it_is_told_to_forget(place: Place) -> None:
    """A person's text goes with their key, and the tree does not change."""
    store = place.opened()
    secret = SignalSeen(source="head", text="she said so")
    done(store.append(write_of(1, secret)))
    root = store.head().root
    rows = b"".join(row.body for row in store.kept(0, 1))
    assert b"she said so" not in rows, "personal text lies in the open"
    place.sealer.erased.add("ann")
    found = store.events(0, 1)[0]
    assert found.erased == ("text",)
    assert store.head().root == root
    assert whole(store) == 1
    assert refused(store.append(write_of(2, secret))) == "subject-erased"
    assert whole(store) == 1
    store.close()


CHECKS: tuple[Callable[[Place], None], ...] = (
    keeps_what_it_takes_in_order,
    is_the_same_after_opening_again,
    records_a_command_once,
    refuses_without_a_trace,
    refuses_ids_that_lead_to_others,
    takes_many_writers_at_once,
    never_goes_back_in_time,
    stops_when_it_is_frozen,
    proves_places_and_growth,
    moves_to_another_store,
    counts_what_one_person_filed,
    forgets_whom_it_is_told_to_forget,
)
