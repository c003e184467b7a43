"""The record of a workspace as doors of programs reach it: each thing that is asked is permitted here.

Whatever a door does passes ``Login.check`` in one of these methods, with the decision and the case
it concerns, so that a door that forgets to ask still cannot hand anything out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from sayso.domain.errors import RequestInvalid, ThingNotFound, TokenMissing
from sayso.record.asked import VERBS, read_command
from sayso.record.record_events import SeedRevealed
from sayso.record.refusal import Refusal
from sayso.record.sight import Reader, may_see
from sayso.record.terms import ActorKind
from sayso.workspace.api_capture import (
    MINUTES,
    MOST_MINUTES,
    OF_PAGES,
    Capture,
    capture_text,
    expiry,
    is_capture,
    read_capture,
)
from sayso.workspace.api_login import AT_THIS_COMPUTER, Login
from sayso.workspace.api_people import PeopleShelf
from sayso.workspace.api_plain import event_json
from sayso.workspace.api_rights import CAPTURE, EVERYTHING, READ, Standing, asks_role, standing_of
from sayso.workspace.desk_answers import (
    actor_json,
    case_json,
    charter_json,
    decisions_json,
    done_json,
    mandate_json,
)
from sayso.workspace.metrics import AGAIN, RECORDED, Meter
from sayso.workspace.metrics_ready import Readiness
from sayso.workspace.record import Record, SystemClock, refused
from sayso.workspace.record_charters import CharterShelf
from sayso.workspace.record_opening import open_record
from sayso.workspace.record_place import RecordPlace
from sayso.workspace.tokens import TokenBook, check_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future
    from datetime import date, datetime
    from pathlib import Path

    from sayso.record.commands import Command
    from sayso.record.ports import Clock, Written
    from sayso.record.strict_json import Json
    from sayso.workspace.versions import KeptVersion

# Keys of a write that are read here and are no field of its verb.
FOR = "for"


@dataclass(frozen=True, slots=True)
class Sent:
    """A write that has queued up.

    Attributes:
        verb: Its verb.
        command: What was asked.
        answers: The answer, once it is on disk.
    """

    verb: str
    command: Command
    answers: Future[list[Written | Refusal | Exception]]


class Office:
    """What doors of programs stand on; close it, so that the record is let go of."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str | None = None,
        clock: Clock | None = None,
        still: float = 0.0,
    ) -> None:
        """Take a workspace; its record is opened when it is first needed.

        Args:
            folder: The workspace.
            database: Address of a PostgreSQL database that holds the record.
            clock: The clock; this computer's where not said.
            still: Seconds after a look in which charters and people are not looked at again;
                tokens are, in every request.
        """
        self.folder, self._still = folder, still
        self.tokens, self.meter = TokenBook(folder), Meter()
        self._readiness = Readiness(lambda: self.record.store)
        self._database, self._clock = database, clock or SystemClock()
        self._charters, self._people = (
            CharterShelf(folder, still=still),
            PeopleShelf(folder, still=still),
        )
        self._lock, self._record, self._closed = Lock(), None, False
        self._secrets: dict[str, bytes] = {}
        self._own_origins: dict[str, datetime] = {}

    @property
    def has_record(self) -> bool:
        """Whether there is a record already."""
        return self._database is not None or RecordPlace(self.folder).database.exists()

    @property
    def record(self) -> Record:
        """The record, opened at the first use.

        Raises:
            SaysoError: If it cannot be opened.
        """
        if self._record is not None:
            return self._record
        with self._lock:
            if self._closed:
                raise ThingNotFound("The server is ending.", hint="Ask it when it runs again.")
            if self._record is None:
                self._record = open_record(self.folder, database=self._database, clock=self._clock)
                self._record.charters.still = self._still
            return self._record

    def is_ready(self) -> bool:
        """Whether a write would reach the disk now; a small one is tried, at most every second.

        Where there is no record yet, the first write makes it; a question of anybody's does not.
        """
        return not self.has_record or self._readiness.is_ready()

    def open_if_there(self) -> None:
        """Open a record that is there, so that what is wrong with it is said at the start.

        Raises:
            SaysoError: If it cannot be opened.
        """
        if self.has_record:
            self.record.now()

    def close(self) -> None:
        """Finish what has queued up, and let go of the record."""
        with self._lock:
            self._closed = True
            record, self._record = self._record, None
        if record is not None:
            record.close()

    def login(self, shown: str | None, *, local: bool) -> Login:
        """Who stands behind what was shown.

        Args:
            shown: The token; None where nothing was shown.
            local: Whether the request came from this computer, to a server for it alone.

        Raises:
            TokenMissing: If nothing was shown, and something is needed.
            TokenUnknown: If it was not made here.
            TokenDead: If it, or what it was made with, was revoked or has expired.
        """
        if shown is None:
            if local:
                return Login(AT_THIS_COMPUTER)
            raise TokenMissing
        now = self._clock.now()
        if not is_capture(shown):
            return Login(self.tokens.look_up(shown, now))
        capture = read_capture(shown, self._secret("capture"), now)
        if capture.parent == AT_THIS_COMPUTER.id:
            # Made by the person at this computer; elsewhere that is nobody.
            return Login(AT_THIS_COMPUTER if local else self.tokens.alive("", now), capture)
        return Login(self.tokens.alive(capture.parent, now), capture)

    def check(
        self,
        login: Login,
        right: str,
        decision: str | None,
        *,
        case: str | None = None,
        named: str | None = None,
    ) -> None:
        """Let it pass, or say why not.

        Raises:
            NotAllowed: If it may not.
        """
        standing = None
        matters = asks_role(right) and not login.here
        if matters and decision is not None and login.token.grants(decision):
            standing = self._standing(login.person(named), decision)
        login.check(right, decision, case=case, named=named, standing=standing)

    def submit(self, login: Login, verb: str, plain: Mapping[str, Json]) -> Sent:
        """Queue a write; nothing waits, and what is refused is counted.

        Args:
            login: Who asks.
            verb: One of ``sayso.record.asked.VERBS``.
            plain: Its frame and its fields; ``for`` names the person where the token lets it.

        Raises:
            NotAllowed: If it may not be asked.
            RecordRefused: If it cannot be read.
        """
        with self.meter.counting(verb):
            return self._submit(login, verb, plain)

    def _submit(self, login: Login, verb: str, plain: Mapping[str, Json]) -> Sent:
        decision, case, named = plain.get("decision"), plain.get("case"), plain.get(FOR)
        if named is not None and not isinstance(named, str):
            raise refused(Refusal("field-wrong", "for is no text.", "Send a person's name.", FOR))
        if isinstance(decision, str) and verb in VERBS:
            place = case if isinstance(case, str) else None
            self.check(login, verb, decision, case=place, named=named)
        rest = {key: value for key, value in plain.items() if key != FOR} if FOR in plain else plain
        record = self.record
        command = read_command(verb, rest, login.actor(self._secret("people"), named))
        write = command if isinstance(command, Refusal) else record.write_of(command)
        if isinstance(command, Refusal) or isinstance(write, Refusal):
            raise refused(command if isinstance(command, Refusal) else write)  # pyright: ignore[reportArgumentType] - one of them is
        return Sent(verb, command, record.store.submit_all((write,)))

    def settled(self, sent: Sent, answer: Written | Refusal | Exception) -> dict[str, Json]:
        """What whoever wrote is told, once it is on disk.

        Raises:
            RecordRefused: If it was refused.
            RecordUnwritable: If nothing was stored.
            RecordUnsure: If it may be stored.
        """
        with self.meter.counting(sent.verb):
            if isinstance(answer, Exception):
                raise answer
            done = self.record.told(sent.command, answer)
        self.meter.count(sent.verb, AGAIN if done.again else RECORDED)
        return done_json(done)

    def write(self, login: Login, verb: str, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Write, and wait until it is on disk.

        Raises:
            SaysoError: If it may not be, is refused, or could not be stored.
        """
        sent = self.submit(login, verb, plain)
        return self.settled(sent, sent.answers.result()[0])

    def case(self, login: Login, decision: str, case: str) -> dict[str, Json]:
        """A case as those who take part may see it.

        Raises:
            NotAllowed: If it may not be read.
            RecordRefused: If it was never opened.
        """
        self.check(login, READ, decision, case=case)
        return case_json(self.record.case(decision, case, _reader(login)))

    def decisions(self, login: Login) -> dict[str, Json]:
        """The decisions that a token reaches."""
        self.check(login, READ, None)
        with self._lock:
            kept = self._charters.decisions(self._day())
        mine = [v for v in kept if login.token.grants(v.charter.decision)]
        return decisions_json(mine)

    def charter(self, login: Login, decision: str, version: int | None) -> dict[str, Json]:
        """A charter: the version in force, or one that is named.

        Raises:
            NotAllowed: If it may not be read.
            RecordRefused: If there is none.
        """
        self.check(login, READ, decision)
        kept = self._kept(decision, version)
        return charter_json(kept, self._charters.fingerprint(kept))

    def mandate(self, login: Login, decision: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Whether the AI may decide a case with these inputs alone.

        Raises:
            NotAllowed: If it may not be asked.
            RecordRefused: If there is no such decision, or an input is no single value.
        """
        self.check(login, READ, decision)
        kept = self._kept(decision, None)
        plain: dict[str, str | float | bool | None] = {}
        for name, value in inputs.items():
            if not isinstance(value, str | int | float | None):
                raise refused(
                    Refusal(
                        "field-wrong",
                        f"inputs.{name[:60]} is no single value.",
                        "Send a text, a number, true, false or null.",
                        f"inputs.{name[:60]}",
                    )
                )
            plain[name] = value
        return mandate_json(kept.charter, plain)

    def me(self, login: Login) -> dict[str, Json]:
        """Who asks, and what the token was made for."""
        token, capture = login.token, login.capture
        return {
            "actor": actor_json(login.actor(self._secret("people"), None)),
            "decisions": list(token.decisions if capture is None else (capture.decision,)),
            "verbs": list(token.verbs if capture is None else capture.verbs),
            "case": None if capture is None else capture.case,
        }

    def events(self, login: Login, since: int, most: int) -> dict[str, Json]:
        """Events that may be seen, and where to go on from.

        Args:
            login: Who asks.
            since: The first place.
            most: Places looked at, at most.

        Raises:
            NotAllowed: If they may not be read.
        """
        self.check(login, READ, None)
        seen, after = self.record.events(since, most, _reader(login))
        # A seed that is out of use still tells the coins of cases that are open under it; whoever
        # audits the coins finds it in the export.
        mine = [
            e
            for e in seen
            if self._reaches(login, e.event.decision) and not isinstance(e.event.data, SeedRevealed)
        ]
        return {"events": [event_json(e) for e in mine], "next": after}

    def receipt(self, login: Login, event_id: str) -> str:
        """Proof that an event is on record, for whoever may see the event.

        The salt of a hidden event would let its bytes be guessed, so it has no receipt yet, in the
        words in which an event that does not exist has none.

        Raises:
            NotAllowed: If receipts may not be read.
            RecordRefused: If there is no such event, or it may not be seen yet.
        """
        self.check(login, READ, None)
        record = self.record
        kept = record.store.find(event_id)
        if kept is not None:
            event = record.store.events(kept.index, 1)[0].event
            state = (
                None if event.case is None else record.store.state_of(event.decision, event.case)
            )
            if self._reaches(login, event.decision) and may_see(event, state, _reader(login)):
                return record.receipt(event_id).text
        raise ThingNotFound(f"No event is called {event_id[:60]!r}.", hint="Check the id.")

    def checkpoint(self, login: Login) -> str:
        """The newest signed head."""
        self.check(login, READ, None)
        return self.record.checkpoint()

    def key(self, login: Login) -> str:
        """The record's public key, to pin."""
        self.check(login, READ, None)
        return self.record.key.text + "\n"

    def capture(self, login: Login, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Make a token of one case, for a page of the host.

        Args:
            login: Who asks.
            plain: ``decision``, ``case``, ``verbs``, ``origin``, and where wanted ``for`` and
                ``minutes``.

        Raises:
            NotAllowed: If it may not be made, or lets the page do more than its maker may.
            RequestInvalid: If a field is missing or wrong.
        """
        strange = sorted(set(plain) - {"decision", "case", "verbs", "origin", FOR, "minutes"})
        if strange:
            raise RequestInvalid(
                f"There is no field {strange[0][:60]!r}.",
                hint="Leave it out.",
                field=strange[0][:60],
            )
        decision, case, origin = (_text(plain, key) for key in ("decision", "case", "origin"))
        named = None if plain.get(FOR) is None else _text(plain, FOR)
        minutes = plain.get("minutes", MINUTES)
        if type(minutes) is not int or not 1 <= minutes <= MOST_MINUTES:
            raise RequestInvalid(
                f"minutes is {minutes!r:.40}.", hint=f"Send 1 to {MOST_MINUTES}.", field="minutes"
            )
        verbs = _verbs(plain.get("verbs"))
        self.check(login, CAPTURE, decision, case=case, named=named)
        for verb in verbs:
            self.check(login, verb, decision, case=case, named=named)
        if not login.here and origin not in login.token.origins:
            raise RequestInvalid(
                f"This token was not made for pages of {origin[:80]!r}.",
                hint="Name the origin with `sayso token make --origin`.",
                field="origin",
            )
        check_origin(origin)
        now = self._clock.now()
        if login.here:
            self._own_origins[origin] = now + timedelta(minutes=MOST_MINUTES)
        ends = expiry(now, minutes, (login.token.expires,))
        capture = Capture(
            parent=login.token.id,
            person=login.person(named),
            decision=decision,
            case=case,
            verbs=verbs,
            origin=origin,
            expires=int(ends.timestamp()),
        )
        return {
            "token": capture_text(capture, self._secret("capture")),
            "expires": ends.isoformat().replace("+00:00", "Z"),
        }

    def takes_origin(self, origin: str) -> bool:
        """Whether pages of a web origin may ask here at all; what they may is in their token."""
        now = self._clock.now()
        own = self._own_origins.get(origin)
        return (own is not None and now < own) or self.tokens.takes_origin(origin, now)

    def _reaches(self, login: Login, decision: str) -> bool:
        """Whether an event's decision is in a token's reach; what concerns none is for those with all."""
        return login.token.decisions == (EVERYTHING,) or login.token.grants(decision)

    def _standing(self, person: str | None, decision: str) -> Standing:
        with self._lock:
            kept = self._charters.in_force(decision, self._day())
        if kept is None or person is None:
            # What is unknown is refused by its own name where it is looked up.
            return Standing(frozenset(), deciders_named=False)
        holders = self._people.holders()
        return standing_of(person, kept.charter, holders, self._day())

    def _kept(self, decision: str, version: int | None) -> KeptVersion:
        with self._lock:
            kept = (
                self._charters.in_force(decision, self._day())
                if version is None
                else self._charters.version(decision, version)
            )
        if kept is None:
            which = decision[:60] if version is None else f"{decision[:60]}@{version}"
            raise refused(
                Refusal(
                    "decision-unknown", f"No charter declares {which!r}.", "Correct it.", "decision"
                )
            )
        return kept

    def _day(self) -> date:
        return self._clock.now().date()

    def _secret(self, use: str) -> bytes:
        found = self._secrets.get(use)
        if found is None:
            place = RecordPlace(self.folder)
            place.make(self._day())
            found = self._secrets[use] = place.secret(use)
        return found


def _reader(login: Login) -> Reader:
    return Reader.AGENT if login.token.kind is ActorKind.AGENT else Reader.PARTY


def _text(plain: Mapping[str, Json], name: str) -> str:
    value = plain.get(name)
    if not isinstance(value, str) or not value:
        raise RequestInvalid(f"{name} is {value!r:.60}.", hint=f"Send {name}.", field=name)
    return value


def _verbs(value: Json) -> tuple[str, ...]:
    names: Sequence[Json] = value if isinstance(value, list) else ()
    if not names or any(name not in OF_PAGES for name in names):
        raise RequestInvalid(
            f"verbs is {value!r:.80}.",
            hint=f"Send a list of some of: {', '.join(OF_PAGES)}.",
            field="verbs",
        )
    return tuple(dict.fromkeys(map(str, names)))
