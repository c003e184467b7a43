"""The access key: who has shown it, and how often it may be tried."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COOKIE = "sayso_key"
LASTS_SECONDS = 12 * 3600
TRIES, ALL_TRIES, WINDOW_SECONDS = 5, 100, 900
MOST_VISITS = 1000


class TooManyTries(Exception):
    """The key was guessed at too often; for a while nothing is compared."""


class Door:
    """Who has shown the access key since the server began; without a key, it stands open.

    Visits live in memory only: a restart asks everybody for the key again.
    """

    def __init__(self, key: str | None, seconds: Callable[[], float]) -> None:
        self._key = None if key is None else _digest(key)
        self._seconds = seconds
        self._visits: dict[bytes, float] = {}
        self._wrong: list[tuple[float, str]] = []
        self._lock = Lock()

    @property
    def locked(self) -> bool:
        """Whether a key is needed at all."""
        return self._key is not None

    def knows(self, visit: str | None) -> bool:
        """Whether the key was shown by whoever carries this visit's name."""
        if self._key is None:
            return True
        if visit is None:
            return False
        with self._lock:
            until = self._visits.get(_digest(visit))
        return until is not None and self._seconds() < until

    def opened(self, key: str, address: str) -> str | None:
        """Try a key.

        Args:
            key: What was typed.
            address: Where from.

        Returns:
            The name of the visit it opens; None where it is not the key.

        Raises:
            TooManyTries: If it was tried too often, from here or from anywhere.
        """
        now = self._seconds()
        with self._lock:
            self._wrong = [try_ for try_ in self._wrong if now - try_[0] < WINDOW_SECONDS]
            here = sum(1 for _, place in self._wrong if place == address)
            if here >= TRIES or len(self._wrong) >= ALL_TRIES:
                raise TooManyTries
            if self._key is None or not hmac.compare_digest(_digest(key), self._key):
                self._wrong.append((now, address))
                return None
            self._wrong = [try_ for try_ in self._wrong if try_[1] != address]
            self._visits = {v: end for v, end in self._visits.items() if now < end}
            while len(self._visits) >= MOST_VISITS:
                del self._visits[next(iter(self._visits))]
            visit = secrets.token_urlsafe(32)
            self._visits[_digest(visit)] = now + LASTS_SECONDS
            return visit

    def close(self, visit: str | None) -> None:
        """Forget a visit."""
        with self._lock:
            self._visits.pop(_digest(visit or ""), None)


def _digest(text: str) -> bytes:
    # Digests have one length, so that comparing them tells nothing of the key's.
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
