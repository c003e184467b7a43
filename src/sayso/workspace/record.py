"""The record of a workspace: everything that can be done with it, one verb a method."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordMissing, RecordRefused, RecordRewritten
from sayso.record.asked import command_bytes, read_command
from sayso.record.case_life import decide
from sayso.record.checkpoint import Checkpoint, NotACheckpoint, read_checkpoint, signed
from sayso.record.circumstances import Circumstances
from sayso.record.coins import draw
from sayso.record.commands import FileContest, OpenCase, ReportWorkaround
from sayso.record.condition import holds
from sayso.record.events import Event
from sayso.record.ids import uuid7
from sayso.record.mandate import may_decide_alone
from sayso.record.ports import Write, Written
from sayso.record.receipt import Receipt
from sayso.record.record_events import SeedCommitted, SeedRevealed
from sayso.record.refusal import Refusal
from sayso.record.sight import CaseView, Reader, may_see, view_of
from sayso.record.terms import Actor, ActorKind
from sayso.record.tree import consistency_proof, edge_at, inclusion_proof
from sayso.record.witness import request_text
from sayso.workspace.record_charters import CharterShelf
from sayso.workspace.record_place import RecordPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from sayso.adapters.store_keys import KeyRing
    from sayso.adapters.store_signing import LogSigner
    from sayso.record.case_state import CaseState
    from sayso.record.checkpoint import LogKey
    from sayso.record.coins import Seed
    from sayso.record.commands import Command
    from sayso.record.events import Data, Recorded
    from sayso.record.ports import Clock, Found, Store
    from sayso.record.strict_json import Json

SAYSO = Actor(ActorKind.SERVICE, "sayso")


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command led to.

    Attributes:
        id: Its first event.
        index: That event's place in the record.
        recorded_at: When it was taken in.
        again: Whether the same command had been recorded before.
        case: The case after it, as those who take part may see it.
    """

    id: str
    index: int
    recorded_at: datetime
    again: bool
    case: CaseView


class Record:
    """An open record; close it, or use it in a ``with`` block."""

    def __init__(
        self,
        place: RecordPlace,
        store: Store,
        keys: KeyRing,
        signer: LogSigner,
        clock: Clock,
        *,
        read_only: bool = False,
    ) -> None:
        """Take over an open store; ``open_record`` makes one.

        A record that is only read remembers no head: whoever writes to it meanwhile does.

        Raises:
            RecordRewritten: If the store is not the one that was seen here before.
        """
        self.place, self.store, self.keys = place, store, keys
        self.charters = CharterShelf(place.folder)
        self._signer, self._clock, self._read_only = signer, clock, read_only
        self._hold_against_seen()
        self._seed = self._seed_in_use()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def key(self) -> LogKey:
        """The public key and the name of the record, for whoever checks it to pin."""
        return self._signer.key

    def now(self) -> datetime:
        """The moment."""
        return self._clock.now()

    def ask(self, verb: str, plain: Mapping[str, Json], by: Actor) -> Done:
        """Do what a host, a page or an agent asks, as JSON.

        Args:
            verb: What is asked; one of ``sayso.record.asked.VERBS``.
            plain: The command's fields.
            by: Who asks, as the door has found out.

        Raises:
            RecordRefused: If it is refused; nothing of it is stored.
            RecordUnwritable: If nothing could be stored, and it may be sent again.
            RecordUnsure: If it may or may not be stored; sending it again finds out.
        """
        command = read_command(verb, plain, by)
        if isinstance(command, Refusal):
            raise refused(command)
        return self.do(command)

    def do(self, command: Command) -> Done:
        """Do what a command asks; returns when it is on disk.

        Raises:
            RecordRefused: If it is refused; nothing of it is stored.
            RecordUnwritable: If nothing could be stored, and it may be sent again.
            RecordUnsure: If it may or may not be stored; sending it again finds out.
        """
        write = self.write_of(command)
        answer = write if isinstance(write, Refusal) else self.store.append(write)
        return self.told(command, answer)

    def write_of(self, command: Command) -> Write | Refusal:
        """A command as the store takes it; for whoever sends many, or waits elsewhere."""
        try:
            digest = sha256(command_bytes(command)).digest()
        except ValueError:
            return Refusal(
                "not-finite", "A value cannot be kept.", "Send finite numbers and whole characters."
            )

        def decided(found: Found) -> tuple[Event, ...] | Refusal:
            return decide(found.state, command, self._circumstances(command, found))

        return Write(
            id=command.id,
            digest=digest,
            decision=command.decision,
            case=command.case,
            decide=decided,
        )

    def told(self, command: Command, answer: Written | Refusal) -> Done:
        """What whoever asked is told.

        Raises:
            RecordRefused: If it was refused.
        """
        if isinstance(answer, Refusal):
            raise refused(answer)
        state = answer.state or self.store.state_of(command.decision, command.case)
        if state is None:
            raise RecordMissing(
                f"The case {command.case!r} is not on record.", hint="Run `sayso verify`."
            )
        reader = Reader.AGENT if command.by.kind is ActorKind.AGENT else Reader.PARTY
        return Done(
            command.id, answer.first, answer.recorded_at, answer.again, view_of(state, reader)
        )

    def case(self, decision: str, case: str, reader: Reader = Reader.PARTY) -> CaseView:
        """A case as those who take part may see it.

        Raises:
            RecordRefused: If it was never opened.
        """
        state = self.store.state_of(decision, case)
        if state is None:
            raise refused(
                Refusal(
                    "case-not-opened",
                    f"The case {case!r} of {decision!r} was never opened.",
                    "Open it first.",
                    "case",
                )
            )
        return view_of(state, reader)

    def events(self, since: int, most: int, reader: Reader) -> tuple[list[Recorded], int]:
        """Events that a reader may see, and where to go on from.

        Args:
            since: The first place.
            most: Places looked at, at most.
            reader: Who looks.
        """
        page = self.store.events(since, most)
        states: dict[tuple[str, str], CaseState | None] = {}
        seen: list[Recorded] = []
        for recorded in page:
            event, state = recorded.event, None
            if event.case is not None:
                key = (event.decision, event.case)
                if key not in states:
                    states[key] = self.store.state_of(*key)
                state = states[key]
            if may_see(event, state, reader):
                seen.append(recorded)
        return seen, since + len(page)

    def checkpoint(self) -> str:
        """The newest head, signed; remembered here, so that an older record is noticed."""
        head = self.store.head()
        note = signed(Checkpoint(self.key.name, head.size, head.root), self._signer)
        if not self._read_only:
            self.place.write_seen(note, self.now().date())
        return note

    def witness_request(self, old: int) -> str:
        """What a witness that saw a size last takes: a proof of growth, and the newest head.

        Raises:
            RecordRefused: If the record never had that size.
        """
        head = self.store.head()
        if not 0 <= old <= head.size:
            raise refused(
                Refusal(
                    "field-wrong",
                    f"The record has {head.size} events, not {old}.",
                    "Ask from the size that was seen last.",
                    "old",
                )
            )
        note = signed(Checkpoint(self.key.name, head.size, head.root), self._signer)
        return request_text(old, consistency_proof(old, head.size, self.store.node), note)

    def receipt(self, event_id: str) -> Receipt:
        """Proof that an event is on record, and where.

        Raises:
            RecordRefused: If there is no such event.
        """
        kept = self.store.find(event_id)
        if kept is None:
            raise refused(
                Refusal("nothing-owed", f"No event is called {event_id[:60]!r}.", "Check the id.")
            )
        head = self.store.head()
        note = signed(Checkpoint(self.key.name, head.size, head.root), self._signer)
        proof = inclusion_proof(kept.index, head.size, self.store.node)
        return Receipt(kept.index, kept.salt, proof, note)

    def note(self, data: Data, by: Actor, *, decision: str = "", version: int = 0) -> Written:
        """Record something that concerns no single case.

        Raises:
            RecordRefused: If it is refused.
        """
        return self.note_unless(lambda found: None, data, by, decision=decision, version=version)

    def note_unless(
        self,
        refuse: Callable[[Found], Refusal | None],
        data: Data,
        by: Actor,
        *,
        decision: str = "",
        version: int = 0,
    ) -> Written:
        """Record something that concerns no single case, unless something speaks against it then.

        Args:
            refuse: Asked when its turn comes; a refusal, or None.
            data: What happened.
            by: Who did it.
            decision: The decision it concerns.
            version: The charter's version.

        Raises:
            RecordRefused: If it is refused.
        """
        at = self.now()
        made = uuid7(at, os.urandom(10))
        event = Event(
            id=made, decision=decision, charter_version=version, case=None, by=by, at=at, data=data
        )
        write = Write(
            id=made,
            digest=sha256(made.encode()).digest(),
            decision=decision,
            case=None,
            decide=lambda found: refuse(found) or (event,),
        )
        answer = self.store.append(write)
        if isinstance(answer, Refusal):
            raise refused(answer)
        return answer

    def rotate_seed(self) -> str:
        """Put another seed into use, and the old one on record; says its name."""
        old = self._seed
        if self.store.head().frozen:
            return old.id
        self._seed = self.place.make_seed(self.now().date())
        self.note(SeedCommitted(seed=self._seed.id, commitment=self._seed.commitment), SAYSO)
        self.note(SeedRevealed(seed=old.id, value=old.value.hex()), SAYSO)
        return self._seed.id

    def kept_heads(self) -> Iterator[Checkpoint]:
        """Heads that were remembered here."""
        note = self.place.read_seen()
        if note is not None:
            yield self._read_note(note)

    def close(self) -> None:
        """Finish what is under way, remember the head, and let go of the files."""
        try:
            if self.store.head().size:
                self.checkpoint()
        finally:
            self.store.close()
            self.keys.close()

    def _circumstances(self, command: Command, found: Found) -> Circumstances:
        """What a command is held against, when its turn comes."""
        state = found.state
        kept = (
            self.charters.in_force(command.decision, found.now.date())
            if state is None
            else self.charters.version(command.decision, state.version)
        )
        charter = None if kept is None else kept.charter
        asker = command.by.person or command.by.name
        speaking = isinstance(command.ask, FileContest | ReportWorkaround)
        drawn = None
        if charter is not None and isinstance(command.ask, OpenCase):
            advice = charter.advice
            but = None if advice is None or advice.consent is None else advice.consent.excluding
            # Where it cannot be told whether the consent covers a case, it does not.
            out = but is not None and holds(but, charter, dict(command.ask.inputs)) is not False
            drawn = draw(self._seed, charter, command.case, excluded=out)
        return Circumstances(
            now=found.now,
            charter=charter,
            fingerprint="" if kept is None else self.charters.fingerprint(kept),
            drawn=drawn,
            may_decide_alone=charter is not None
            and state is not None
            and may_decide_alone(state, charter),
            filed_today=found.filed(asker) if speaking else 0,
        )

    def _seed_in_use(self) -> Seed:
        """The seed that coins are tossed from; its hash is on record before its first use."""
        seed = self.place.read_seed() or self.place.make_seed(self.now().date())
        events = self.store.of_record((SeedCommitted.KIND,))
        committed = {
            e.event.data.commitment for e in events if isinstance(e.event.data, SeedCommitted)
        }
        if (
            seed.commitment not in committed
            and not self._read_only
            and not self.store.head().frozen
        ):
            self.note(SeedCommitted(seed=seed.id, commitment=seed.commitment), SAYSO)
        return seed

    def _hold_against_seen(self) -> None:
        note = self.place.read_seen()
        if note is None:
            return
        seen, head = self._read_note(note), self.store.head()
        if seen.size > head.size:
            raise RecordRewritten(
                f"The record had {seen.size} events when it was seen last, and has {head.size}.",
                hint="If a backup was put in its place, run `sayso record restore` with it; "
                "else bring back the newer one.",
            )
        if edge_at(seen.size, self.store.node).root != seen.root:
            raise RecordRewritten(
                f"The first {seen.size} events are not those that were seen before.",
                hint="Run `sayso verify`, and hold the record against a witness.",
            )

    def _read_note(self, note: str) -> Checkpoint:
        from sayso.adapters.store_signing import is_signed

        try:
            return read_checkpoint(note, self.key, is_signed)
        except NotACheckpoint as error:
            raise RecordRewritten(
                f"The head that was seen last cannot be read: {error}.",
                hint=f"Bring {self.place.seen} back from a copy; hold the record against a witness.",
            ) from error


def refused(refusal: Refusal) -> RecordRefused:
    """A refusal as an error, for the doors."""
    return RecordRefused(refusal.code, refusal.message, hint=refusal.hint, field=refusal.field)
