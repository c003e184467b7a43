"""Bets against a mean: e-values that hold at every look, and which of many streams they find."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from typing import TYPE_CHECKING

import numpy as np

from sayso.measure.estimators.sequences import one_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BETS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8)


@dataclass(frozen=True, slots=True)
class Wealth:
    """What bets against "the mean is at most this" have won, under one version of a model.

    Each bet stakes a fixed part, so its winnings are a product over cases: they merge with ``+``
    whatever the order. The bets start with equal money, and their average is an e-process, since
    a mixture of games that nobody can win on average is one too.

    Attributes:
        version: The version whose cases are counted.
        null: The mean that is bet against, 0 < null < 1; terms lie in 0..1.
        logs: Log winnings of each bet of ``BETS``, for a mean above ``null``.
        n: Terms.
    """

    version: str
    null: float
    logs: tuple[float, ...] = (0.0,) * len(BETS)
    n: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.null < 1:
            raise ValueError(f"the mean bet against must lie between 0 and 1, got {self.null}")

    def __add__(self, other: Wealth) -> Wealth:
        """Both together; refused for two versions or two nulls."""
        one_version(self.version, other.version)
        if self.null != other.null:
            raise ValueError(f"bets against {self.null} and {other.null} do not merge")
        logs = tuple(a + b for a, b in zip(self.logs, other.logs, strict=True))
        return Wealth(self.version, self.null, logs, self.n + other.n)

    def after(self, terms: Floats) -> Wealth:
        """The winnings after these terms, shape (terms,), each in 0..1.

        Raises:
            ValueError: If a term lies outside 0..1: the bet could then lose more than it has.
        """
        if len(terms) and not (float(terms.min()) >= 0 and float(terms.max()) <= 1):
            raise ValueError("terms of a bet must lie in 0..1")
        won = tuple(log_winnings(terms, self.null, bet / self.null) for bet in BETS)
        return self + Wealth(self.version, self.null, won, len(terms))

    @property
    def value(self) -> float:
        """The e-value: 1 / alpha or more rejects at alpha, whenever it is looked at."""
        top = max(self.logs)
        return exp(min(700.0, top + log(sum(exp(w - top) for w in self.logs) / len(self.logs))))

    def rejects(self, *, alpha: float) -> bool:
        """Whether "the mean is at most ``null``" is refused; wrongly so with chance <= alpha.

        Source:
            Ville (1939).
        """
        return self.value >= 1 / alpha


def log_winnings(terms: Floats, null: float, bet: float) -> float:
    """Log of the product of 1 + bet (x - null); -inf where a term took everything.

    Args:
        terms: In 0..1, shape (terms,).
        null: The mean bet against.
        bet: Stake a unit, in -1/(1 - null)..1/null.

    Source:
        Waudby-Smith and Ramdas (2024), JRSS B 86:1-27.

    Examples:
        >>> won = log_winnings(np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 1.0]), 0.5, 1.0)
        >>> round(exp(won), 6)
        6.407227
    """
    factors = 1 + bet * (terms - null)
    if len(factors) and float(factors.min()) < 0:
        raise ValueError(f"a stake of {bet} can lose more than there is")
    return float(np.log(factors).sum()) if not (factors == 0).any() else -inf


def averaged(e_values: Sequence[float]) -> float:
    """One e-value of several that may depend on each other; a product would not be one."""
    if not e_values:
        raise ValueError("needs at least one e-value")
    return sum(e_values) / len(e_values)


def kept_at(e_values: Sequence[float], *, level: float) -> tuple[bool, ...]:
    """Which of many streams are found, with the share of false ones at most the level.

    Args:
        e_values: One a stream, however they depend on each other.
        level: Share of false findings among the findings, on average.

    Source:
        Wang and Ramdas (2022), JRSS B 84:822-852 (e-BH).

    Examples:
        >>> kept_at([70.0, 30.0, 8.0, 1.0], level=0.05)
        (False, False, False, False)
        >>> kept_at([70.0, 45.0, 8.0, 1.0], level=0.05)
        (True, True, False, False)
    """
    order = sorted(range(len(e_values)), key=lambda i: -e_values[i])
    kept = 0
    for rank, index in enumerate(order, 1):
        if e_values[index] >= len(e_values) / (rank * level):
            kept = rank
    found = set(order[:kept])
    return tuple(i in found for i in range(len(e_values)))
