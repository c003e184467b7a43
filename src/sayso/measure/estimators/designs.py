"""Which design a table earns, and the comparisons that only one design has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.change import carried_over
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error
from sayso.measure.estimators.ranges import t_estimate, t_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows

    Floats = NDArray[np.float64]

LEAST_P = 0.001
LEAST_WEEKS = 5
MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whether advice was shown as the stated coin would show it.

    Attributes:
        random: Whether every check passed.
        failed: The first check that did not: "share", "balance", "choices", "late" or "".
    """

    random: bool
    failed: str = ""


def check_assignment(arms: Rows, balance: Rows, stated: float) -> Assignment:
    """Earn the randomised grade; a column's name never does (RULINGS 15).

    Args:
        arms: Rows of queries/assignment.sql.
        balance: Rows of queries/balance.sql.
        stated: Probability of being shown, 0 < stated < 1.
    """
    shown = arms.numbers("shown")
    cases, unmade = arms.numbers("cases"), arms.numbers("unmade")
    late = arms.numbers("late")
    if set(shown) != {0.0, 1.0} or not 0 < stated < 1:
        return Assignment(random=False, failed="share")
    if late.sum() > 0:
        # Fetched after the choice: then showing did not come before choosing.
        return Assignment(random=False, failed="late")
    total = float(cases.sum())
    distance = float(cases[shown == 1].sum()) - total * stated
    if _two_sided(distance, float(np.sqrt(total * stated * (1 - stated)))) < LEAST_P:
        return Assignment(random=False, failed="share")
    made = float(unmade.sum()) / total
    if 0 < made < 1:
        rates = unmade / cases
        error = float(np.sqrt(made * (1 - made) * (1 / cases).sum()))
        if _two_sided(float(rates[0] - rates[1]), error) < LEAST_P:
            return Assignment(random=False, failed="choices")
    cells, apart = balance.numbers("cells"), balance.numbers("distance")
    looked = cells > 1
    # Each set of cells is a test of its own; Bonferroni keeps the joint level.
    for k, q in zip(cells[looked], apart[looked], strict=True):
        if float(special.chdtrc(k, q)) < LEAST_P / max(1, int(looked.sum())):
            return Assignment(random=False, failed="balance")
    return Assignment(random=True)


def _two_sided(distance: float, error: float) -> float:
    return 2 * float(special.ndtr(-abs(distance) / error)) if error > 0 else 1.0


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Agreement before and since the advice is shown, by week.

    Attributes:
        difference: Since minus before.
        before: Share before.
        since: Share since.
        n_before: Cases before.
        n_since: Cases since.
        placebo: Share of other cut dates with a gap as large.
    """

    difference: Answer
    before: float
    since: float
    n_before: int
    n_since: int
    placebo: Answer


def before_after(weekly: Rows, *, line: float) -> BeforeAfter | None:
    """Compare the weeks since advice came into view with those before.

    Weeks are the clusters, since what else changed in a week moves all its cases. The range is
    capped at Likely by its grade, and placebo dates say how often an idle date looks the same.

    Args:
        weekly: Rows of queries/agreement_by_week.sql.
        line: Smallest difference that matters.

    Returns:
        The comparison; None where advice did not start at a date.
    """
    week, shown = weekly.numbers("week"), weekly.numbers("in_view")
    cases, agreed = weekly.numbers("cases"), weekly.numbers("agreed")
    weeks = np.unique(week)
    n = np.array([[cases[(week == w) & (shown == arm)].sum() for w in weeks] for arm in (0, 1)])
    x = np.array([[agreed[(week == w) & (shown == arm)].sum() for w in weeks] for arm in (0, 1)])
    seen = np.flatnonzero(n[1] >= n[0])
    if len(seen) == 0 or seen[0] == 0:
        return None
    start = int(seen[0])
    # The starting week may hold both; the design asks that the others hold one.
    if n[1, :start].sum() > (1 - MOSTLY) * n[:, :start].sum():
        return None
    if n[1, start:].sum() < MOSTLY * n[:, start:].sum():
        return None
    parts = [(x[0, : start + 1], n[0, : start + 1]), (x[1, start:], n[1, start:])]
    parts = [(xs[ns > 0], ns[ns > 0]) for xs, ns in parts]
    shares = [float(xs.sum() / ns.sum()) for xs, ns in parts]
    counts = [int(ns.sum()) for _, ns in parts]
    return BeforeAfter(
        _weeks_apart(parts, shares, line),
        shares[0],
        shares[1],
        counts[0],
        counts[1],
        _placebo(x.sum(0), n.sum(0), start, abs(shares[1] - shares[0])),
    )


def _weeks_apart(
    parts: list[tuple[Floats, Floats]], shares: list[float], line: float
) -> Estimate | NotEnoughData:
    least = min(len(ns) for _, ns in parts)
    if least < LEAST_WEEKS:
        return NotEnoughData(LEAST_WEEKS, least, "weeks before and since")
    events = min(int(min(xs.sum(), ns.sum() - xs.sum())) for xs, ns in parts)
    if events < 10:
        return NotEnoughData(10, events, "cases of this kind")
    errors = [jackknife_error((xs.sum() - xs) / (ns.sum() - ns)) for xs, ns in parts]
    # Weeks that carry over say less than so many weeks apart (RULINGS 15).
    wide = carried_over(
        np.concatenate([xs - ns * (xs.sum() / ns.sum()) for xs, ns in parts]), levels=len(parts)
    )
    errors = [wide * e for e in errors]
    freedoms = [max(1.0, freedom_of(ns) / wide**2) for _, ns in parts]
    variance = sum(e**2 for e in errors)
    welch = sum(e**4 / f for e, f in zip(errors, freedoms, strict=True))
    freedom = variance**2 / welch if welch > 0 else sum(freedoms)
    return t_estimate(
        shares[1] - shares[0],
        variance**0.5,
        max(1.0, freedom),
        n=int(sum(float(ns.sum()) for _, ns in parts)),
        people=0,
        population=Population.THESE,
        line=line,
        bounds=Range(-1.0, 1.0),
    )


def _placebo(x: Floats, n: Floats, start: int, gap: float) -> Answer:
    """Cut each period at every inner date and see how often the gap is as large."""
    found = total = 0
    for low, high in ((0, start), (start, len(n))):
        for cut in range(low + 3, high - 2):
            before, after = n[low:cut].sum(), n[cut:high].sum()
            if before and after:
                total += 1
                apart = x[cut:high].sum() / after - x[low:cut].sum() / before
                found += abs(apart) >= gap
    if total < 4:
        return NotEnoughData(4, total, "other dates to compare with")
    # All dates there are, counted: neighbouring cuts share their cases, so a range that takes
    # them for a sample of dates would be no range of anything.
    value = found / total
    whole = Range(value, value)
    return Estimate(
        value=value,
        r95=whole,
        r90=whole,
        r50=whole,
        n=total,
        people=0,
        population=Population.THESE,
        events=int(found),
        non_events=total - int(found),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Choices under one advised option: counts, shape (options,), with and without.

    Attributes:
        shown: Cases with advice in view, by chosen option.
        hidden: Cases without.
    """

    shown: Floats
    hidden: Floats


def adjusted(tables: list[Table], agreed: list[int], *, people: int, line: float) -> Answer:
    """Agreement with minus without, weighted to one mix of advised options.

    Args:
        tables: One table an advised option.
        agreed: For each, the place of the advised option among the chosen ones.
        people: Deciders behind them.
        line: Smallest difference that matters.

    Returns:
        A difference in -1..1 in these cases, by Neyman's error within advised options.
    """
    usable = [
        (t, i)
        for t, i in zip(tables, agreed, strict=True)
        if min(t.shown.sum(), t.hidden.sum()) > 1
    ]
    total = sum(float(t.shown.sum() + t.hidden.sum()) for t, _ in usable)
    if total == 0:
        return NotEnoughData(2, 0, "cases in both arms")
    value = variance = 0.0
    for table, i in usable:
        n1, n0 = float(table.shown.sum()), float(table.hidden.sum())
        p1, p0 = float(table.shown[i]) / n1, float(table.hidden[i]) / n0
        weight = (n1 + n0) / total
        value += weight * (p1 - p0)
        variance += weight**2 * (p1 * (1 - p1) / (n1 - 1) + p0 * (1 - p0) / (n0 - 1))
    return t_estimate(
        value,
        variance**0.5,
        float("inf"),
        n=round(total),
        people=people,
        population=Population.THESE,
        line=line,
        bounds=Range(-1.0, 1.0),
    )


def flips(tables: list[Table], *, people: int, most: bool) -> Answer:
    """The least, or the most, share of choices that the advice can have changed.

    Total variation between the arms is a lower bound of the share changed, by coupling; the
    margins allow up to 1 - max(0, max_k (P1k + P0k - 1)) (RULINGS 5).

    Args:
        tables: One table an advised option.
        people: Deciders behind them.
        most: Whether the upper bound is wanted.
    """
    usable = [t for t in tables if min(t.shown.sum(), t.hidden.sum()) > 1]
    total = sum(float(t.shown.sum() + t.hidden.sum()) for t in usable)
    if total == 0:
        return NotEnoughData(2, 0, "cases in both arms")
    value = variance = luck = 0.0
    for table in usable:
        n1, n0 = float(table.shown.sum()), float(table.hidden.sum())
        p1, p0 = table.shown / n1, table.hidden / n0
        spread = np.sqrt(p1 * (1 - p1) / (n1 - 1) + p0 * (1 - p0) / (n0 - 1))
        weight = (n1 + n0) / total
        if most:
            value += weight * (1 - max(0.0, float(np.max(p1 + p0 - 1))))
            variance += (weight * float(spread[int(np.argmax(p1 + p0))])) ** 2
        else:
            value += weight * float(np.abs(p1 - p0).sum()) / 2
            # Distances without a sign are so large on average where nothing differs.
            luck += weight * float(np.sqrt(2 / np.pi) * spread.sum()) / 2
            # Half the sum of the cells' errors bounds the error of half the sum of distances.
            variance += (weight * float(spread.sum()) / 2) ** 2
    error = variance**0.5

    def around(level: float) -> Range:
        reach = t_quantile(level, float("inf")) * error
        low = value - luck - reach
        return Range(min(max(0.0, low), value), min(1.0, max(value + reach, value)))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=round(total),
        people=people,
        population=Population.THESE,
    )
