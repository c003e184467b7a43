"""What the record needs from outside, as it asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from sayso.record.case_state import CaseState
    from sayso.record.events import Event, Recorded
    from sayso.record.filing import Filed
    from sayso.record.refusal import Refusal


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class Sealer(Protocol):
    """Seals text with its person's key, and opens it while there is one."""

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """Seal a text, making the person's key where there is none.

        Args:
            subject: The person's pseudonym.
            plain: The text.
            bound: What the sealed text belongs to; it opens nowhere else.

        Returns:
            The sealed text; None where the person was erased.
        """
        ...

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """Open a sealed text; None where the key is gone or the text was moved or altered."""
        ...


class Signer(Protocol):
    """Signs checkpoints."""

    @property
    def name(self) -> str:
        """The name of the key, as it stands in the signature line."""
        ...

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes of Ed25519."""
        ...

    def sign(self, text: bytes) -> bytes:
        """An Ed25519 signature over the text, 64 bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a write finds when its turn comes, inside the transaction that it is part of.

    Attributes:
        state: The case; None where it was never opened, or the write concerns no case.
        now: The moment that it will be recorded at.
        filed: How many contests and workarounds a person filed in the last day.
    """

    state: CaseState | None
    now: datetime
    filed: Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Something to be recorded, as soon as its turn comes.

    Attributes:
        id: The client's id of the command; the first event has it too.
        digest: SHA-256 of the whole command, so that another one under the same id is noticed.
        decision: The decision; empty where it concerns the whole record.
        case: The case; None where it concerns none.
        decide: Says what is recorded. It may be called again, so it changes nothing.
        spelled: Fields of its one event whose canonical JSON is known already.
    """

    id: str
    digest: bytes
    decision: str
    case: str | None
    decide: Callable[[Found], tuple[Event, ...] | Refusal]
    spelled: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was recorded; it is on disk when this is returned.

    Attributes:
        first: Place of the first event.
        count: Events.
        recorded_at: When they were taken in.
        again: Whether the same command had been recorded before.
        state: The case after it.
    """

    first: int
    count: int
    recorded_at: datetime
    again: bool
    state: CaseState | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One record as it lies in the store.

    Attributes:
        index: Its place.
        salt: What its bytes are hashed with.
        body: Its bytes.
        leaf: The stored hash; ``verify`` makes it again.
        digest: Of the command that it came first from; empty for the events after that.
        count: Events of that command.
        filed: What it is filed under; None in a copy, where only the bytes count.
    """

    index: int
    salt: bytes
    body: bytes
    leaf: bytes
    digest: bytes
    count: int
    filed: Filed | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """A case as far as it had come.

    Attributes:
        first: Place of its first event; tells cases of one record apart, and orders them.
        last: Place of the last event that is told of here.
        state: Where it stood after that.
    """

    first: int
    last: int
    state: CaseState


@dataclass(frozen=True, slots=True)
class Head:
    """The newest committed state of the tree.

    Attributes:
        size: Events.
        root: The hash over all of them.
        recorded_at: When the last one was taken in; None for an empty record.
        frozen: Whether nothing more is added.
    """

    size: int
    root: bytes
    recorded_at: datetime | None
    frozen: bool


class Store(Protocol):
    """Keeps the record: appends, reads, and the tree over it.

    Every store passes the tests of ``sayso.testing.stores``.
    """

    @property
    def waiting(self) -> int:
        """Writes, or groups that belong together, that have queued up."""
        ...

    def append(self, write: Write) -> Written | Refusal:
        """Record something and return when it is on disk.

        Raises:
            RecordUnwritable: If nothing was recorded, and it may be sent again.
            RecordUnsure: If it may or may not have been recorded; sending it again finds out.
        """
        ...

    def append_all(self, writes: Sequence[Write]) -> list[Written | Refusal]:
        """Record many in one transaction, in their order; all are on disk on return, or none."""
        ...

    def submit_all(self, writes: Sequence[Write]) -> Future[list[Written | Refusal | Exception]]:
        """Queue many for one transaction; the answers come when all are on disk, or none."""
        ...

    def state_of(self, decision: str, case: str) -> CaseState | None:
        """A case as far as it has come; None where it was never opened."""
        ...

    def states(self, decision: str) -> Iterator[CaseState]:
        """Every case of a decision, in the order in which they were opened."""
        ...

    def decisions(self) -> list[str]:
        """Decisions that have cases, by name."""
        ...

    def changed(self, decision: str, since: int, until: int) -> Iterator[str]:
        """Cases of a decision that something was recorded of, in the order of the first of it.

        Args:
            decision: The decision.
            since: The first place looked at.
            until: The first place not looked at.
        """
        ...

    def standing(self, decision: str, cases: Sequence[str], until: int) -> Iterator[Stood]:
        """Some cases of a decision, as far as they had come at a place, in no order."""
        ...

    def events(self, since: int, most: int) -> list[Recorded]:
        """Events in their order.

        Args:
            since: The first place.
            most: How many at most.
        """
        ...

    def of_record(self, kinds: Sequence[str]) -> list[Recorded]:
        """Events of some kinds that concern no single case, in their order."""
        ...

    def find(self, event_id: str) -> Kept | None:
        """The record of an event."""
        ...

    def kept(self, since: int, until: int) -> Iterator[Kept]:
        """Records as they lie, from one place up to another."""
        ...

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        """Every stored subtree above the leaves: level, place, hash."""
        ...

    def node(self, level: int, place: int) -> bytes:
        """One full subtree's stored hash; level 0 is the leaves."""
        ...

    def head(self) -> Head:
        """The newest committed state."""
        ...

    def meta(self, name: str) -> str | None:
        """A setting of the store itself, such as the log's origin."""
        ...

    def set_meta(self, name: str, value: str) -> None:
        """Keep a setting of the store itself."""
        ...

    def count(self, decision: str, since: datetime | None, until: datetime | None) -> int:
        """Cases of a decision that were opened or read in, by when they were taken in."""
        ...

    def load(self, rows: Iterable[Kept]) -> Head:
        """Fill an empty store with records from another, and make the tree anew.

        Raises:
            RecordUnwritable: If the store is not empty.
        """
        ...

    def check(self) -> list[str]:
        """What the engine itself finds wrong with its files; empty where it finds nothing."""
        ...

    def close(self) -> None:
        """Finish what is under way, and let go of the files."""
        ...
