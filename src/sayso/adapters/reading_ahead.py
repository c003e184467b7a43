"""The next queries run while the figures of this one are worked out."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING

from sayso.measure.engine import key_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sayso.adapters.duckdb_engine import DuckDBEngine
    from sayso.measure.engine import Ask, AskKey
    from sayso.measure.rows import Rows

# Answers that wait to be read: one is enough to keep the database busy, and more take memory.
MOST_WAITING = 1
# While so many rows are worked on, the next query waits: both at once would make the peak.
MANY_ROWS = 200_000


class ReadingAhead:
    """An engine that has begun with what will be asked.

    A thread runs the queries in the order given and stops where answers pile up. One query runs at
    a time, whoever asks for it, so that the connection is never used by two.
    """

    def __init__(self, engine: DuckDBEngine, asks: Sequence[Ask]) -> None:
        """Begin.

        Args:
            engine: What runs the queries.
            asks: What will be asked, in order; the same twice is run once.
        """
        self._engine = engine
        self._turn, self._news = Lock(), Condition()
        self._asks = {key_of(sql, params): (sql, params) for sql, params in asks}
        self._places = {key: place for place, key in enumerate(self._asks)}
        self._answers: dict[AskKey, Rows | BaseException] = {}
        self._taken, self._wanted, self._ended = 0, -1, False
        self._thread = Thread(target=self._run, name="queries", daemon=True)
        self._thread.start()

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters, or take what it gave; that is handed out once."""
        key = key_of(sql, params)
        place = self._places.pop(key, None)
        if place is None:
            with self._turn:
                return self._engine.fetch(sql, params)
        with self._news:
            self._wanted = max(self._wanted, place)
            self._news.notify_all()
            self._news.wait_for(lambda: key in self._answers)
            self._taken += 1
            self._news.notify_all()
            answer = self._answers.pop(key)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def end(self) -> None:
        """Stop, whatever is under way."""
        with self._news:
            self._ended = True
            self._news.notify_all()
        while self._thread.is_alive():
            self._engine.interrupt()
            self._thread.join(0.05)

    def _run(self) -> None:
        large = False
        for place, (key, (sql, params)) in enumerate(self._asks.items()):
            with self._news:
                self._news.wait_for(
                    lambda place=place, large=large: self._may_run(place, large=large)
                )
                if self._ended:
                    return
            try:
                with self._turn:
                    answer = self._engine.fetch(sql, params)
                large = len(answer) > MANY_ROWS
            except BaseException as error:  # noqa: BLE001 - whoever asks for it raises it
                answer = error
            with self._news:
                self._answers[key] = answer
                self._news.notify_all()
            # Or this thread would hold on to it while the next query runs.
            del answer

    def _may_run(self, place: int, *, large: bool) -> bool:
        ahead = not large and place < self._taken + MOST_WAITING
        return self._ended or place <= self._wanted or ahead


@contextmanager
def reading_ahead(engine: DuckDBEngine, asks: Sequence[Ask]) -> Generator[ReadingAhead]:
    """An engine that has begun with what will be asked, for as long as it is read."""
    ahead = ReadingAhead(engine, asks)
    try:
        yield ahead
    finally:
        ahead.end()


__all__ = ["ReadingAhead", "reading_ahead"]
