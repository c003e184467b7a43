"""How much one token gets at a time: an allowance that fills again by the second."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sayso.domain.errors import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable

A_SECOND = 10_000.0
AT_ONCE = 60_000.0
# Beyond this many tokens, allowances that are full again are forgotten.
MOST_KEPT = 10_000


class Allowances:
    """What each token has left; the cost of a request is one, of heavy ones more."""

    def __init__(
        self,
        seconds: Callable[[], float],
        *,
        a_second: float = A_SECOND,
        at_once: float = AT_ONCE,
    ) -> None:
        """Begin with everybody's allowance full.

        Args:
            seconds: Seconds that only grow.
            a_second: What comes back in a second.
            at_once: The most there is.
        """
        self._seconds = seconds
        self._rate, self._most = a_second, at_once
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, who: str, cost: float) -> None:
        """Take from an allowance.

        Raises:
            TooManyRequests: If there is not enough; it says when there will be.
        """
        now = self._seconds()
        left, then = self._left.get(who, (self._most, now))
        left = min(self._most, left + (now - then) * self._rate)
        cost = min(cost, self._most)
        if left < cost:
            raise TooManyRequests(
                "This token asks for more than one gets at a time.",
                hint="Wait as long as Retry-After says, and send the same again.",
                after_seconds=max(1, ceil((cost - left) / self._rate)),
            )
        if len(self._left) >= MOST_KEPT and who not in self._left:
            self._forget(now)
        self._left[who] = left - cost, now

    def _forget(self, now: float) -> None:
        self._left = {
            who: (left, then)
            for who, (left, then) in self._left.items()
            if left + (now - then) * self._rate < self._most
        }
