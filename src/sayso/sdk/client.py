"""What a program holds on to: it opens cases, knows charters, and counts what it recorded."""

from __future__ import annotations

import atexit
import weakref
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sayso.sdk.async_case import AsyncCase
from sayso.sdk.case import Case
from sayso.sdk.outcome_job import record_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from sayso.sdk.handed import Scalar
    from sayso.sdk.outcome_job import Columns, Kind, OutcomeJob
    from sayso.sdk.road import Road
    from sayso.sdk.shelf import CharterSeen, Shelf
    from sayso.sdk.waiting import Counts

AT_THE_END = 2.0


class Client:
    """A connection to a record; ``sayso.connect`` makes one."""

    def __init__(self, road: Road, shelf: Shelf, jobs: Path, *, wait: float) -> None:
        """Use a road to the record; ``sayso.connect`` makes one.

        Args:
            road: How writes get to the record.
            shelf: Charters.
            jobs: Where outcome jobs note how far they are.
            wait: Seconds to wait where an answer of the server is needed.
        """
        self._road, self._shelf, self._jobs, self._wait = road, shelf, jobs, wait
        self._closed = False
        mine = weakref.ref(self)

        def at_exit() -> None:
            client = mine()
            if client is not None:
                client.close()

        self._at_exit = at_exit
        atexit.register(at_exit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def case(
        self,
        decision: str,
        *,
        id: str,  # noqa: A002 - the word of every door
        inputs: Mapping[str, Scalar] | None = None,
        team: str | None = None,
        subject: str | None = None,
        decide_by: datetime | None = None,
        decider: str | None = None,
        version: int | None = None,
    ) -> Case:
        """A new case; it is opened with the first thing that is said of it, or by ``with``.

        Args:
            decision: The decision's slug.
            id: The host's own id of the case.
            inputs: What is known before the choice.
            team: The team.
            subject: The person it is about, as a pseudonym; their inputs can be erased.
            decide_by: The moment after which it expires.
            decider: Whose case it is, where the token acts for several people.
            version: The charter's version; the one in force where not said. With it nothing is
                known of the charter, so every question whether advice may be shown is asked.
        """
        opening = {
            "inputs": dict(inputs) if inputs else None,
            "team": team,
            "subject": subject,
            "decide_by": decide_by,
        }
        return self._case(decision, id, opening, decider, version)

    def case_async(self, decision: str, **what: Any) -> AsyncCase:
        """A new case whose methods are awaited; takes what ``case`` takes."""
        return AsyncCase(self.case(decision, **what))

    def opened_case(
        self,
        decision: str,
        *,
        id: str,  # noqa: A002
        decider: str | None = None,
        version: int | None = None,
    ) -> Case:
        """A case that was opened before, here or elsewhere.

        Args:
            decision: The decision's slug.
            id: The case.
            decider: Whose writes these are, where the token acts for several people.
            version: The charter's version that it was opened under; asked of the server where not
                said, and the one in force where that cannot be reached.
        """

        def terms() -> tuple[int, bool]:
            if version is not None:
                return version, True
            reply = self._road.server.get("/v1/case", {"decision": decision, "case": id})
            found = reply.body.get("charter_version")
            if reply.status == 200 and isinstance(found, int):
                return found, True
            return self.charter(decision).version, True

        return Case(
            self._road, decision, id, terms=terms, opening=None, decider=decider, wait=self._wait
        )

    def charter(self, decision: str) -> CharterSeen:
        """The charter in force, with its age: how long ago the server last said so.

        Raises:
            CharterNotFound: If the server knows no such decision.
            ServerAway: If it is away, and the charter was never seen here.
        """
        return self._shelf.charter(decision, now=datetime.now(UTC))

    def counts(self) -> Counts:
        """What became of everything that was written to this spool, by whatever process.

        ``written = sent + refused + damaged + dropped + waiting``, and ``dropped`` is 0.
        """
        return self._road.counts()

    def refused(self) -> list[dict[str, Any]]:  # JSON
        """Writes that the server will never take, each beside its problem."""
        return self._road.refused()

    @property
    def trouble(self) -> str:
        """Why sending does not get on, in a few words; empty where it does."""
        return self._road.trouble()

    def flush(self, seconds: float = 30.0) -> bool:
        """Wait until nothing waits; False where something still does."""
        return self._road.flush(seconds)

    def outcomes(
        self,
        rows: str | Path | Iterable[Mapping[str, object]],
        *,
        decision: str,
        columns: Columns | None = None,
        kind: Kind | None = None,
        job: str | None = None,
        version: int | None = None,
    ) -> OutcomeJob:
        """Record how cases turned out, from a CSV file or rows; run again, it goes on.

        Args:
            rows: A CSV file with a header, or rows by column.
            decision: The decision's slug.
            columns: Which column holds what; those of the same name where not said.
            kind: How the outcomes of a CSV file are read: as ``boolean``, ``number`` or
                ``category``. Needed there, as a file holds nothing but text.
            job: What the job is called; the file's path where not said.
            version: The charter's version of the cases; the one in force where not said. Cases of
                another version are told from the server's answer, and sent under theirs.
        """
        return record_outcomes(
            self._road,
            rows,
            decision=decision,
            version=version or self.charter(decision).version,
            columns=columns,
            kind=kind,
            job=job,
            jobs=self._jobs,
        )

    def close(self, seconds: float = AT_THE_END) -> None:
        """Wait a little for what is waiting, then end.

        What still waits, and what is recorded afterwards, is kept and sent the next time.
        """
        if not self._closed:
            self._closed = True
            atexit.unregister(self._at_exit)
            self._road.close(seconds)

    def _case(
        self,
        decision: str,
        id: str,  # noqa: A002
        opening: Mapping[str, object],
        decider: str | None,
        version: int | None,
    ) -> Case:
        def terms() -> tuple[int, bool]:
            if version is not None:
                return version, True
            charter = self.charter(decision)
            return charter.version, charter.seals

        return Case(
            self._road, decision, id, terms=terms, opening=opening, decider=decider, wait=self._wait
        )
