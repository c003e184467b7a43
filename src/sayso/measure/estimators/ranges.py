"""Ranges around a value: Student's t on the raw or the logit scale, Wilson, and refusals."""

from __future__ import annotations

from math import exp, isfinite, log, sqrt

from scipy import special

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range

LEAST_PEOPLE = 5
LEAST_FREEDOM = 3.0
LEAST_EVENTS = 10


def t_quantile(level: float, freedom: float) -> float:
    """Two-sided critical value of Student's t.

    Args:
        level: Coverage, 0 < level < 1.
        freedom: Degrees of freedom, positive; ``inf`` gives the normal.

    Examples:
        >>> round(t_quantile(0.95, 10), 4)
        2.2281
        >>> round(t_quantile(0.95, float("inf")), 4)
        1.96
    """
    tail = 0.5 + level / 2
    return float(special.ndtri(tail) if not isfinite(freedom) else special.stdtrit(freedom, tail))


def t_p_value(distance: float, error: float, freedom: float) -> float:
    """Two-sided p-value of a distance past a line; 1 where it is not past it."""
    if distance <= 0:
        return 1.0
    if error == 0:
        return 0.0
    ratio = distance / error
    lower = special.ndtr(-ratio) if not isfinite(freedom) else special.stdtr(freedom, -ratio)
    return min(1.0, 2 * float(lower))


def t_estimate(  # one argument for each stored fact
    value: float,
    error: float,
    freedom: float,
    *,
    n: int,
    people: int,
    population: Population,
    line: float | None = None,
    events: int | None = None,
    non_events: int | None = None,
    bounds: Range | None = None,
) -> Estimate:
    """An estimate on the raw scale with t ranges.

    Args:
        value: Best estimate.
        error: Its standard error, >= 0.
        freedom: Degrees of freedom.
        n: Cases.
        people: Deciders.
        population: Of whom it speaks.
        line: Smallest value that matters, for the Holm step.
        events: Numerator cases.
        non_events: The others.
        bounds: What the value can be at all; ranges are cut there.
    """

    def around(level: float) -> Range:
        reach = t_quantile(level, freedom) * error
        low, high = value - reach, value + reach
        if bounds is not None:
            low, high = max(low, bounds.low), min(high, bounds.high)
        return Range(min(low, value), max(high, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=n,
        people=people,
        population=population,
        events=events,
        non_events=non_events,
        p_line=None if line is None else t_p_value(abs(value) - line, error, freedom),
    )


def logit(share: float) -> float:
    """Log odds of a share strictly between 0 and 1."""
    return log(share / (1 - share))


def expit(odds: float) -> float:
    """The share with those log odds, without overflow."""
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


def wilson(successes: float, trials: float, *, level: float = 0.95) -> Range:
    """Wilson's score range of a share, without continuity correction.

    Args:
        successes: 0 <= successes <= trials.
        trials: Positive.
        level: Coverage.

    Raises:
        ValueError: If a count or the level is out of range.

    Source:
        Wilson (1927), JASA 22:209-212; checked against Newcombe (1998), table I.

    Examples:
        >>> wilson(81, 263)
        Range(low=0.2553, high=0.3662)
    """
    if not 0 <= successes <= trials or trials <= 0:
        raise ValueError(f"successes must lie in 0..{trials} with trials > 0, got {successes}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    share = successes / trials
    z = t_quantile(level, float("inf"))
    shrink = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / shrink
    reach = z / shrink * sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    return Range(min(max(0.0, centre - reach), share), max(min(1.0, centre + reach), share))


def wilson_estimate(successes: int, trials: int, *, people: int) -> Estimate | NotEnoughData:
    """A share of these cases, no claim about anyone else."""
    if trials == 0:
        return NotEnoughData(1, 0)
    return Estimate(
        value=successes / trials,
        r95=wilson(successes, trials),
        r90=wilson(successes, trials, level=0.9),
        r50=wilson(successes, trials, level=0.5),
        n=trials,
        people=people,
        population=Population.THESE,
        events=successes,
        non_events=trials - successes,
    )


def refuse(
    *, people: int, freedom: float, events: int | None, non_events: int | None
) -> NotEnoughData | None:
    """The one set of thresholds for claims about people like these (RULINGS 1).

    Returns:
        What is missing first, or None when a claim is allowed.
    """
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    if freedom < LEAST_FREEDOM:
        # A few people decide nearly everything, so there are effectively fewer than four.
        return NotEnoughData(int(LEAST_FREEDOM) + 1, int(freedom) + 1, "people with enough cases")
    return refuse_events(events, non_events)


def refuse_events(events: int | None, non_events: int | None) -> NotEnoughData | None:
    """Fewer than ten of either kind is too few for a range that holds."""
    for count, name in ((events, "cases of this kind"), (non_events, "cases of the other kind")):
        if count is not None and count < LEAST_EVENTS:
            return NotEnoughData(LEAST_EVENTS, count, name)
    return None
