"""How writes get to the record: through a spool and a thread, or straight into a workspace."""

from __future__ import annotations

import os
import time
import weakref
from typing import TYPE_CHECKING, Any, Protocol

from sayso.domain.errors import RecordRefused
from sayso.sdk.sender import Sender
from sayso.sdk.server import COMES_BEFORE, ENDS, MOST_BYTES, MOST_WRITES, answers_of
from sayso.sdk.spool import Spool
from sayso.sdk.waiting import Counts, counts_of, refused_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sayso.sdk.server import Answer, HttpServer, Server
    from sayso.sdk.spool import SpoolRules
    from sayso.sdk.write import Write

AGAIN = 0.05
_LOOK = 0.01


class Road(Protocol):
    """How writes get to the record."""

    @property
    def server(self) -> Server:
        """Whoever answers questions."""
        ...

    def keep(self, write: Write) -> None:
        """Take a write; when this returns it is kept.

        Raises:
            SaysoError: If it was not.
        """
        ...

    def answers(self, writes: Sequence[Write], seconds: float) -> list[Answer] | None:
        """Ask now, and wait for the answers; None where they did not come in time."""
        ...

    def counts(self) -> Counts:
        """What became of everything."""
        ...

    def refused(self) -> list[dict[str, Any]]:  # JSON
        """What was refused for good, each with its problem."""
        ...

    def trouble(self) -> str:
        """Why sending does not get on; empty where it does."""
        ...

    def flush(self, seconds: float) -> bool:
        """Wait until nothing waits; False where something still does."""
        ...

    def close(self, seconds: float) -> None:
        """Wait a little for what is waiting, then end; what still waits stays in the spool."""
        ...


class SpooledRoad:
    """Through a spool on disk, sent by a thread."""

    def __init__(
        self, folder: Path, server: HttpServer, asked: HttpServer, rules: SpoolRules
    ) -> None:
        """Begin to send what the folder holds.

        Args:
            folder: The spool.
            server: Takes batches; has time.
            asked: The same, for questions that somebody waits for.
            rules: How the spool is kept.

        Raises:
            SpoolUnusable: If the folder cannot be used.
        """
        self._folder, self._http, self._asked = folder, server, asked
        self._spool = Spool(folder, rules)
        self._sender = Sender(folder, server)
        mine = weakref.ref(self)

        def in_child() -> None:
            road = mine()
            if road is not None:
                road.after_fork()

        os.register_at_fork(after_in_child=in_child)
        self._sender.start()

    @property
    def server(self) -> Server:
        """Whoever answers questions."""
        return self._asked

    def keep(self, write: Write) -> None:
        """Append to the spool.

        Raises:
            SpoolFull: If there is no room, and the spool is to say so.
            SpoolUnusable: If the file cannot be written.
        """
        self._spool.append(write.body)
        self._sender.nudge()

    def answers(self, writes: Sequence[Write], seconds: float) -> list[Answer] | None:
        """Send straight away, beside the spool: what is sent twice is recorded once."""
        if self._asked.is_quiet:
            return None
        until = time.monotonic() + seconds
        found: list[Answer] = []
        for part in _apart(writes):
            answers = self._answered([w.body for w in part], until)
            if answers is None:
                return None
            found += answers
        return found

    def _answered(self, bodies: list[bytes], until: float) -> list[Answer] | None:
        while True:
            reply = self._asked.batch(bodies)
            answers = answers_of(reply, len(bodies))
            if answers is not None and all(a.taken or a.for_good for a in answers):
                return answers
            left = until - time.monotonic()
            if left <= 0:
                if reply.status == 0:
                    self._asked.leave_alone()
                return None
            time.sleep(min(AGAIN, left))

    def counts(self) -> Counts:
        """What became of everything that any process ever wrote to the spool."""
        return counts_of(self._folder)

    def refused(self) -> list[dict[str, Any]]:
        """What the server will never take, each with its problem."""
        return refused_in(self._folder)

    def trouble(self) -> str:
        """Why sending does not get on; empty where it does."""
        return self._sender.trouble

    def flush(self, seconds: float) -> bool:
        """Wait until nothing waits; False where something still does."""
        until = time.monotonic() + seconds
        while self.counts().waiting:
            self._sender.nudge()
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK)
        return True

    def close(self, seconds: float) -> None:
        """Wait a little for what is waiting, then end; what still waits stays in the spool."""
        self._spool.close()
        self.flush(seconds)
        self._sender.stop()
        self._http.close()
        self._asked.close()

    def after_fork(self) -> None:
        """In a child: everything but the folder is the parent's."""
        self._spool.after_fork()
        self._sender.after_fork()
        self._http.after_fork()
        self._asked.after_fork()


class StraightRoad:
    """Straight into the record of a workspace: a write that returns is on record."""

    def __init__(self, server: Server) -> None:
        """Use whatever answers at once."""
        self._server = server
        self._sent = 0

    @property
    def server(self) -> Server:
        """Whoever answers questions."""
        return self._server

    def keep(self, write: Write) -> None:
        """Record.

        Raises:
            RecordRefused: If it is refused; nothing of it is stored.
        """
        answers = self.answers([write], 0)
        if answers is None or not answers[0].taken:
            problem = {} if answers is None else answers[0].problem
            raise refusal_of(problem)
        self._sent += not answers[0].body.get("again", False)

    def answers(self, writes: Sequence[Write], seconds: float) -> list[Answer] | None:
        """Record, and say what each led to."""
        return answers_of(self._server.batch([w.body for w in writes]), len(writes))

    def counts(self) -> Counts:
        """What was recorded here."""
        return Counts(written=self._sent, sent=self._sent)

    def refused(self) -> list[dict[str, Any]]:
        """Nothing: a refusal is raised at once."""
        return []

    def trouble(self) -> str:
        """Nothing: trouble is raised at once."""
        return ""

    def flush(self, seconds: float) -> bool:
        """Nothing ever waits."""
        return True

    def close(self, seconds: float) -> None:
        """Let go of the record."""
        close = getattr(self._server, "close", None)
        if close is not None:
            close()


def _apart(writes: Sequence[Write]) -> list[list[Write]]:
    """Writes of one case, the end of the case apart from what has to come before it."""
    parts: list[list[Write]] = [[]]
    for write in writes:
        behind = write.verb in ENDS and any(w.verb in COMES_BEFORE for w in parts[-1])
        size = sum(len(w.body) + 1 for w in (*parts[-1], write))
        if parts[-1] and (behind or len(parts[-1]) >= MOST_WRITES or size > MOST_BYTES):
            parts.append([])
        parts[-1].append(write)
    return parts


def refusal_of(problem: Any) -> RecordRefused:  # problem+json
    """A problem of the server as an error."""
    code = str(problem.get("code", "record-unwritable"))
    return RecordRefused(
        code,
        str(problem.get("detail", "The record gave no reason.")).removeprefix(f"[{code}] "),
        hint=str(problem.get("hint", "")),
        field=str(problem.get("field", "")),
    )
