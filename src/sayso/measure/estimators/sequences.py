"""Ranges and tests that stay true however often they are looked at.

All of them are read from a small state that is stored, merged with ``+`` and taken up again, so a
look costs the new cases only. A sequence speaks of the running average of the people and cases
seen, never of people like these: of new people it is wrong in up to half of all years (RULINGS 8).
It must be fed in the order in which its terms can be known: decisions by when they were taken,
outcomes by when they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_OF_EACH = 20
LEAST_BEST_AT = 10.0


def _spend(alpha: float) -> float:
    """2 ln(1/alpha) + ln(1 + 2 ln(1/alpha)), where a mixture of normals is tightest."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha}")
    twice = 2 * log(1 / alpha)
    return twice + log(1 + twice)


def mixture_width(best_at: float, *, alpha: float) -> float:
    """The mixture's rho that makes the bound tightest when the variance sum is ``best_at``.

    Args:
        best_at: Variance sum at which the bound should be tightest, > 0.
        alpha: Share of all futures in which the bound may ever fail.

    Source:
        Howard, Ramdas, McAuliffe and Sekhon (2021), Annals of Statistics 49:1055-1080.

    Examples:
        >>> round(mixture_width(100.0, alpha=0.05), 5)
        12.60056
    """
    if best_at <= 0:
        raise ValueError(f"best_at must be positive, got {best_at}")
    return best_at / _spend(alpha)


def normal_bound(variance: float, rho: float, *, alpha: float) -> float:
    """How far a sum may stray on either side, at any time, with that variance so far.

    Args:
        variance: Variance sum so far, >= 0.
        rho: From ``mixture_width``.
        alpha: Share of all futures in which it may ever be passed.

    Examples:
        >>> rho = mixture_width(100.0, alpha=0.05)
        >>> round(normal_bound(100.0, rho, alpha=0.05), 5)
        30.35209
    """
    whole = variance + rho
    return sqrt(whole * log(whole / (alpha**2 * rho)))


def normal_log_wealth(total: float, variance: float, rho: float) -> float:
    """Log of what the mixture has won against "the mean is zero".

    Args:
        total: Sum so far.
        variance: Variance sum so far.
        rho: From ``mixture_width``.

    Examples:
        >>> rho = mixture_width(100.0, alpha=0.05)
        >>> round(normal_log_wealth(10.0, 100.0, rho), 6)
        -0.651005
    """
    return 0.5 * log(rho / (variance + rho)) + total**2 / (2 * (variance + rho))


@dataclass(frozen=True, slots=True)
class Running:
    """A mean so far, under one version of a model; any split of the cases merges to the same.

    Attributes:
        version: The version whose cases are counted. A new one starts anew: what one model has
            earned says nothing of the next.
        n: Terms.
        mean: Their mean; 0 before the first.
        m2: Sum of squared distances from it.
    """

    version: str
    n: int = 0
    mean: float = 0.0
    m2: float = 0.0

    def __post_init__(self) -> None:
        if self.n < 0 or self.m2 < 0:
            raise ValueError(f"counts and squares cannot be negative: {self.n}, {self.m2}")

    def __add__(self, other: Running) -> Running:
        """Both together.

        Raises:
            ValueError: If they belong to two versions.
        """
        one_version(self.version, other.version)
        if min(self.n, other.n) == 0:
            return self if other.n == 0 else other
        n, apart = self.n + other.n, other.mean - self.mean
        return Running(
            self.version,
            n,
            self.mean + apart * other.n / n,
            self.m2 + other.m2 + apart**2 * self.n * other.n / n,
        )

    @property
    def spread(self) -> float:
        """Standard deviation of the terms; 0 before the second."""
        return sqrt(self.m2 / self.n) if self.n else 0.0


def running(version: str, terms: Floats) -> Running:
    """The state after these terms, shape (terms,)."""
    if not len(terms):
        return Running(version)
    mean = float(terms.mean())
    return Running(version, len(terms), mean, float(((terms - mean) ** 2).sum()))


@dataclass(frozen=True, slots=True)
class Counted:
    """A share so far, under one version of a model.

    Attributes:
        version: The version whose cases are counted.
        events: Cases that count, 0 <= events <= cases.
        cases: All cases.
    """

    version: str
    events: int = 0
    cases: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.events <= self.cases:
            raise ValueError(f"needs 0 <= events <= cases, got {self.events} of {self.cases}")

    def __add__(self, other: Counted) -> Counted:
        """Both together; refused for two versions."""
        one_version(self.version, other.version)
        return Counted(self.version, self.events + other.events, self.cases + other.cases)

    @property
    def fewest(self) -> int:
        """Events or the others, whichever are fewer."""
        return min(self.events, self.cases - self.events)


def one_version(one: str, other: str) -> None:
    """Refuse to mix two versions of a model."""
    if one != other:
        raise ValueError(f"what {one!r} has shown cannot be carried over to {other!r}")


def taken_up(state: Counted, version: str) -> Counted:
    """The stored state where it is of this version, else a fresh one: never carried over."""
    return state if state.version == version else Counted(version)


def shares_held(state: Counted, *, alpha: float, best_at: float) -> Range:
    """Every share that the cases so far leave standing, at any time.

    Args:
        state: What was counted.
        alpha: Share of all futures in which the true share is ever outside.
        best_at: Number of cases at which the range should be tightest, >= 10 and large enough
            for alpha; below, the mixture does not exist.

    Returns:
        A range in [0, 1]; the whole of it before the first case.

    Raises:
        ValueError: If best_at is too small.

    Source:
        Howard et al. (2021), beta-binomial mixture; checked against confseq's own tests.

    Examples:
        >>> shares_held(Counted("m", 700, 1000), alpha=0.05, best_at=100.0)
        Range(low=0.651629, high=0.745949)
    """
    spend = _spend(alpha)
    if best_at < LEAST_BEST_AT or best_at <= spend:
        raise ValueError(
            f"best_at must be at least {LEAST_BEST_AT:g} and above {spend:.1f} at alpha {alpha}, "
            f"got {best_at}"
        )
    if state.cases == 0:
        return Range(0.0, 1.0)
    weight = best_at / spend - 1
    yes, no = state.events, state.cases - state.events

    def excess(p: float) -> float:
        a, b = weight * p, weight * (1 - p)
        won = special.betaln(a + yes, b + no) - special.betaln(a, b)
        return float(won - special.xlogy(yes, p) - special.xlogy(no, 1 - p)) - log(1 / alpha)

    share = yes / state.cases
    edge = 1e-12

    def end(limit: float, inside: float) -> float:
        if excess(limit) <= 0:
            return round(limit)
        return float(optimize.brentq(excess, limit, inside, xtol=1e-14))

    middle = min(max(share, edge), 1 - edge)
    low = 0.0 if yes == 0 else end(edge, middle)
    high = 1.0 if no == 0 else end(1 - edge, middle)
    return Range(min(low, share), max(high, share))


def mean_reach(terms: int, spread: float, rho: float, *, alpha: float) -> float:
    """Half the width of the range for a running mean, at any time from the start on.

    Args:
        terms: How many so far, > 0.
        spread: Their standard deviation.
        rho: From ``mean_rho``.
        alpha: Share of all futures in which the range may ever fail, as the terms grow many.

    Source:
        Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Annals of Statistics 52:2613.

    Examples:
        >>> round(mean_reach(1000, 0.5, 0.1, alpha=0.05), 6)
        0.048032
    """
    grown = terms * rho**2 + 1
    return spread * sqrt(2 * grown / (terms * rho) ** 2 * log(sqrt(grown) / alpha))


def mean_rho(best_at: float, *, alpha: float) -> float:
    """The rho that makes ``mean_reach`` shortest at so many terms."""
    if best_at < LEAST_BEST_AT:
        raise ValueError(f"best_at must be at least {LEAST_BEST_AT:g}, got {best_at}")
    return sqrt(_spend(alpha) / best_at)


@dataclass(frozen=True, slots=True)
class Arms:
    """Two arms so far, each case in one of them by a coin of known chance.

    Attributes:
        treated: Cases with, such as advice in view.
        control: Cases without.
        chance: Chance of ``treated``, the same for every case, 0 < chance < 1.
    """

    treated: Counted
    control: Counted
    chance: float

    def __post_init__(self) -> None:
        one_version(self.treated.version, self.control.version)
        if not 0 < self.chance < 1:
            raise ValueError(f"the chance must lie between 0 and 1, got {self.chance}")

    def __add__(self, other: Arms) -> Arms:
        """Both together; refused for two versions or two coins."""
        if self.chance != other.chance:
            raise ValueError(f"two coins do not merge: {self.chance} and {other.chance}")
        return Arms(self.treated + other.treated, self.control + other.control, self.chance)

    def terms(self, centre: float = 0.5) -> Running:
        """One term a case whose mean, given all that came before, is the difference of shares.

        A case counts (y - centre) / chance with and -(y - centre) / (1 - chance) without.

        Args:
            centre: Fixed before the first case. At one half no share, however small, makes rare
                large terms.
        """
        state = Running(self.treated.version)
        for arm, weight in (
            (self.treated, 1 / self.chance),
            (self.control, -1 / (1 - self.chance)),
        ):
            for count, y in ((arm.events, 1.0), (arm.cases - arm.events, 0.0)):
                state += Running(state.version, count, weight * (y - centre) if count else 0.0)
        return state


def share_so_far(state: Counted, *, best_at: float, people: int) -> Answer:
    """A share whose ranges hold at every look, from the first case on.

    Args:
        state: What was counted.
        best_at: Cases at which the ranges should be tightest.
        people: Deciders behind them; the ranges speak of these people and cases.
    """
    if state.cases == 0:
        return NotEnoughData(1, 0)
    return _estimate(
        state.events / state.cases,
        lambda level: shares_held(state, alpha=1 - level, best_at=best_at),
        n=state.cases,
        people=people,
        events=state.events,
        non_events=state.cases - state.events,
    )


def mean_so_far(
    state: Running, *, events: int, non_events: int, best_at: float, people: int
) -> Answer:
    """A mean whose ranges hold at every look, once there are twenty of either kind.

    Args:
        state: The terms so far.
        events: Terms of the rarer kind that makes the mean differ, such as known mistakes.
        non_events: The others.
        best_at: Terms at which the ranges should be tightest.
        people: Deciders behind them.

    Returns:
        The running mean; refused before the start, where such ranges fail up to two times in
        three (RULINGS 8).
    """
    missing = not_started(events, non_events)
    if missing is not None:
        return missing

    def around(level: float) -> Range:
        alpha = 1 - level
        reach = mean_reach(state.n, state.spread, mean_rho(best_at, alpha=alpha), alpha=alpha)
        return Range(state.mean - reach, state.mean + reach)

    return _estimate(
        state.mean, around, n=state.n, people=people, events=events, non_events=non_events
    )


def difference_so_far(state: Arms, *, best_at: float, people: int, centre: float = 0.5) -> Answer:
    """With minus without, in these cases, whose ranges hold at every look.

    Args:
        state: Both arms so far.
        best_at: Cases, both arms together, at which the ranges should be tightest.
        people: Deciders behind them.
        centre: See ``Arms.terms``.

    Returns:
        A difference of shares in -1..1; refused before both arms have twenty of either kind.
    """
    fewest = min(state.treated.fewest, state.control.fewest)
    missing = not_started(fewest, fewest)
    if missing is not None:
        return missing
    found = mean_so_far(
        state.terms(centre), events=fewest, non_events=fewest, best_at=best_at, people=people
    )
    if not isinstance(found, Estimate):
        return found

    def cut(around: Range) -> Range:
        low, high = max(-1.0, around.low), min(1.0, around.high)
        return Range(min(low, value), max(high, value))

    value = min(1.0, max(-1.0, found.value))
    return Estimate(
        value=value,
        r95=cut(found.r95),
        r90=cut(found.r90),
        r50=cut(found.r50),
        n=found.n,
        people=people,
        population=Population.THESE,
        events=fewest,
        non_events=fewest,
    )


def not_started(events: int, non_events: int) -> NotEnoughData | None:
    """What a sequence for a mean still waits for; None once it may start."""
    for count, name in ((events, "cases of this kind"), (non_events, "cases of the other kind")):
        if count < LEAST_OF_EACH:
            return NotEnoughData(LEAST_OF_EACH, count, name)
    return None


def _estimate(
    value: float,
    around: Callable[[float], Range],
    *,
    n: int,
    people: int,
    events: int,
    non_events: int,
) -> Estimate:
    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=n,
        people=people,
        population=Population.THESE,
        events=events,
        non_events=non_events,
    )
