"""The range of a share when every single case agrees."""

from __future__ import annotations

from sayso.domain.answer import Estimate, Population, Range


def whole_share(cases: int, *, people: int) -> Estimate:
    """A share of 1, with the least it can be in cases like these.

    The thresholds of ten events and ten non-events are for claims about how often something
    happens; that it happened in every one of these cases is a fact about them, and how far it
    reaches is the exact range.

    Args:
        cases: Cases, all of which count; at least 1.
        people: Deciders behind them.

    Raises:
        ValueError: If there are no cases.

    Source:
        Clopper and Pearson (1934), at x = n: the low end is the (1 - level) / 2 quantile, to the
        power of 1 / n. With 30 cases it is 0.884, the "rule of three" for two sides.

    Examples:
        >>> whole_share(30, people=6).low
        0.8843
    """
    if cases < 1:
        raise ValueError(f"a share needs cases, got {cases}")

    def around(level: float) -> Range:
        return Range(((1 - level) / 2) ** (1 / cases), 1.0)

    return Estimate(
        value=1.0,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=cases,
        people=people,
        population=Population.THESE,
        events=cases,
        non_events=0,
    )
