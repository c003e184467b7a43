"""When a series changed: CUSUM and adaptive windows as it runs, dated changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, NotEnoughData, Population, Range
from sayso.measure.estimators.ranges import t_estimate, t_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_WEEKS = 4
# In fewer weeks nothing tells a step from wandering; in a part of the series, in fewer than these.
LEAST_TO_DATE = 26
LEAST_PART = 52
MOST_CARRIED = 39.0
# Beyond this ranges of two halves hold in 82 of 100 where each week keeps 0.8 of the last.
MOST_WANDERING = 2.2
WANDERS_TOO_MUCH = CannotTell(
    "Weeks follow each other so closely here that two halves differ even where nothing changed.",
    "Look at the dated changes, or again after some more quarters.",
)
DRAWS = 1000
DRAWS_TO_CHOOSE = 200
WANDERS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Cusum:
    """Sums of distances above and below a target, so far.

    Attributes:
        high: How far the values ran above, less what is allowed; >= 0.
        low: How far they ran below.
    """

    high: float = 0.0
    low: float = 0.0

    def after(self, value: float, *, target: float, slack: float) -> Cusum:
        """The sums with one more value.

        Args:
            value: The next one.
            target: Where the series should be.
            slack: Distance that is allowed each time; half the change worth finding.

        Source:
            Page (1954), Biometrika 41:100-115.

        Examples:
            >>> Cusum().after(102.0, target=99.0, slack=1.0)
            Cusum(high=2.0, low=0.0)
        """
        return Cusum(
            max(0.0, value - (target + slack) + self.high),
            max(0.0, (target - slack) - value + self.low),
        )

    def signals(self, limit: float) -> bool:
        """Whether either sum passed the limit."""
        return self.high > limit or self.low > limit


MOST_IN_ROW = 5
LOOK_EVERY = 32
LEAST_IN_WINDOW = 5
LEAST_SEEN = 10


@dataclass(slots=True)
class Window:
    """A window that grows while the mean stays and is cut where it changed (ADWIN).

    Buckets of 1, 2, 4, ... values are kept, at most five of a size, so that a window of any
    length costs a few dozen numbers.

    Attributes:
        delta: Chance of a false cut at a look, 0 < delta < 1.
        rows: For each size, (sum, sum of squared distances) of its buckets, the oldest first.
        seen: Values so far, dropped ones included.
    """

    delta: float = 0.002
    rows: list[list[tuple[float, float]]] = field(
        default_factory=lambda: list[list[tuple[float, float]]]([[]])
    )
    seen: int = 0

    def take(self, value: float) -> bool:
        """Add a value; True where the window was cut because the mean had changed.

        Source:
            Bifet and Gavalda (2007), SIAM Data Mining.
        """
        self.rows[0].append((value, 0.0))
        self.seen += 1
        for size, row in enumerate(self.rows):
            if len(row) <= MOST_IN_ROW:
                break
            if size + 1 == len(self.rows):
                self.rows.append([])
            self.rows[size + 1].append(_merged(row.pop(0), row.pop(0), 2**size, 2**size))
        if self.seen % LOOK_EVERY or self.width <= LEAST_SEEN:
            return False
        return self._cut()

    @property
    def width(self) -> int:
        """Values in the window."""
        return sum(len(row) << size for size, row in enumerate(self.rows))

    @property
    def mean(self) -> float:
        """Mean of the window; 0 before the first value."""
        return self._total()[0] / self.width if self.width else 0.0

    def _total(self) -> tuple[float, float, int]:
        total, squares, width = 0.0, 0.0, 0
        for size, row in enumerate(self.rows):
            for one in row:
                total, squares = _merged((total, squares), one, width, 2**size)
                width += 2**size
        return total, squares, width

    def _cut(self) -> bool:
        changed = again = False
        while True:
            again = self._drop_oldest_where_changed()
            changed = changed or again
            if not again:
                return changed

    def _drop_oldest_where_changed(self) -> bool:
        total, squares, width = self._total()
        if width <= LEAST_SEEN:
            return False
        spent = log(2 * log(width) / self.delta)
        variance = squares / width
        old, n0 = 0.0, 0
        for size in range(len(self.rows) - 1, -1, -1):
            for one, _ in self.rows[size]:
                old, n0 = old + one, n0 + 2**size
                n1 = width - n0
                if n1 < LEAST_IN_WINDOW + 1:
                    return False
                if n0 < LEAST_IN_WINDOW + 1:
                    continue
                part = 1 / (n0 - LEAST_IN_WINDOW + 1) + 1 / (n1 - LEAST_IN_WINDOW + 1)
                reach = sqrt(2 * part * variance * spent) + 2 / 3 * part * spent
                if abs(old / n0 - (total - old) / n1) > reach:
                    self._drop_oldest()
                    return True
        return False

    def _drop_oldest(self) -> None:
        while not self.rows[-1]:
            self.rows.pop()
        self.rows[-1].pop(0)
        while len(self.rows) > 1 and not self.rows[-1]:
            self.rows.pop()


def _merged(
    one: tuple[float, float], other: tuple[float, float], n: int, m: int
) -> tuple[float, float]:
    """Sum and squared distances of two buckets of n and m values."""
    if n == 0:
        return other
    apart = one[0] / n - other[0] / m
    return one[0] + other[0], one[1] + other[1] + apart**2 * n * m / (n + m)


@dataclass(frozen=True, slots=True)
class Series:
    """One value a week, gaps left out.

    Attributes:
        week: Weeks in ascending order, shape (weeks,).
        total: Sum of the values in each week.
        cases: Cases in each week, > 0.
    """

    week: Floats
    total: Floats
    cases: Floats

    def __post_init__(self) -> None:
        if (self.cases <= 0).any():
            raise ValueError("a week without cases is a gap and has no place in a series")
        if (np.diff(self.week) <= 0).any():
            raise ValueError("weeks must ascend")

    def part(self, low: int, high: int) -> Series:
        """The weeks from one place to another, the latter left out."""
        return Series(self.week[low:high], self.total[low:high], self.cases[low:high])

    def __len__(self) -> int:
        return len(self.week)


@dataclass(frozen=True, slots=True)
class Change:
    """A dated change of level.

    Attributes:
        week: First week of the new level.
        answer: New level less the old, its range simultaneous over all weeks it could have been.
        before: The old level.
        after: The new one.
        p: Chance of a change as large, anywhere, in a series that only wanders.
        wander: How much of a week's distance carries over to the next.
    """

    week: float
    answer: Answer
    before: float
    after: float
    p: float
    wander: float


def late_less_early(series: Series, *, line: float | None, bounds: Range | None) -> Answer:
    """Mean of the later half of the weeks less that of the earlier, weeks as the unit.

    Args:
        series: At least four weeks in each half.
        line: Smallest difference that matters.
        bounds: What the difference can be at all.
    """
    if len(series) < 2 * LEAST_WEEKS:
        return NotEnoughData(2 * LEAST_WEEKS, len(series), "weeks")
    middle = len(series) // 2
    value, error, wander = _step(series, middle)
    parts = (series.part(0, middle), series.part(middle, len(series)))
    away = [p.total - p.cases * float(p.total.sum() / p.cases.sum()) for p in parts]
    wide = carried_over(np.concatenate(away), levels=2)
    if len(series) >= LEAST_TO_DATE and wide**2 > MOST_WANDERING:
        return WANDERS_TOO_MUCH
    # Chance within weeks hides wandering from a look at the next week alone.
    error *= max(1.0, wide / _long_run(wander))
    return _difference(series, value, error, line=line, bounds=bounds)


def carried_over(away: Floats, *, levels: int) -> float:
    """By how much neighbouring weeks that are alike widen a mean's error; 1 where they are not.

    Args:
        away: Each week's sum less what its level would bring, in order, shape (weeks,).
        levels: Levels that were taken out, which pull neighbours apart.
    """
    squares = float((away**2).sum())
    if squares == 0:
        return 1.0
    # Chance within weeks hides much of what carries over from the next week alone, so further
    # ones are looked at too.
    count = len(away)
    alike = [
        float((away[k:] * away[:-k]).sum()) / squares + (levels + 1) / count
        for k in range(1, 1 + round(count**0.45))
    ]
    return sqrt(min(max(1.0, 1 + 2 * sum(alike)), MOST_CARRIED))


def changes(
    series: Series,
    *,
    alpha: float,
    seed: int,
    line: float | None = None,
    bounds: Range | None = None,
) -> tuple[Change, ...]:
    """The changes of level that a series which only wanders would show in ``alpha`` of all cases.

    A series wanders where each week stays near the last; taken for independent weeks, such a one
    is called changed more often than not (RULINGS 15). How much it wanders is read beside the
    change, and corrected for what looking for the largest change takes away from it.

    Args:
        series: One value a week.
        alpha: For each stretch looked at.
        seed: Of the draws that say what wandering alone shows.
        line: Smallest difference that matters.
        bounds: What a difference can be at all.

    Source:
        Page (1954); Vostrikova (1981) for cutting again on either side.
    """
    draw = np.random.default_rng(seed)
    found: list[Change] = []
    waiting = [(0, len(series), alpha)]
    while waiting:
        low, high, level = waiting.pop()
        one = _largest(series.part(low, high), draw, line, bounds)
        if one is not None and one[1].p <= level:
            place, change = one
            found.append(change)
            waiting += [(low, low + place, alpha), (low + place, high, alpha)]
        elif (third := (high - low) // 3) * 2 >= LEAST_PART and level == alpha:
            # Two steps that undo each other look like wandering from afar.
            waiting += [(low, high - third, alpha / 2), (low + third, high, alpha / 2)]
    once: dict[float, Change] = {}
    for change in sorted(found, key=lambda c: (c.week, c.p)):
        near = [week for week in once if abs(week - change.week) <= LEAST_WEEKS]
        if not near:
            once[change.week] = change
    return tuple(once.values())


def _largest(
    series: Series, draw: np.random.Generator, line: float | None, bounds: Range | None
) -> tuple[int, Change] | None:
    count = len(series)
    if count < LEAST_TO_DATE:
        return None
    values, weights = series.total / series.cases, series.cases / series.cases.sum()
    steps, errors, wander = _all_cuts(values[None, :], weights)
    sizes = np.abs(steps[0]) / np.where(errors[0] > 0, errors[0], np.inf)
    if not (errors[0] > 0).any():
        return None
    place = int(np.argmax(sizes)) + LEAST_WEEKS
    at = place - LEAST_WEEKS
    p, used = _luck(float(sizes[at]), float(wander[0, at]), weights, draw)
    widened = float(errors[0, at]) * _long_run(used) / _long_run(float(wander[0, at]))
    cuts = count - 2 * LEAST_WEEKS + 1
    answer = _difference(series, float(steps[0, at]), widened, line=line, bounds=bounds, cuts=cuts)
    before, after = series.part(0, place), series.part(place, count)
    return place, Change(
        float(series.week[place]),
        answer,
        float(before.total.sum() / before.cases.sum()),
        float(after.total.sum() / after.cases.sum()),
        p,
        used,
    )


def _long_run(wander: float) -> float:
    """By how much wandering widens a mean's error."""
    return sqrt((1 + wander) / (1 - wander))


def _step(series: Series, place: int) -> tuple[float, float, float]:
    values, weights = series.total / series.cases, series.cases / series.cases.sum()
    steps, errors, wander = _all_cuts(values[None, :], weights)
    at = place - LEAST_WEEKS
    return float(steps[0, at]), float(errors[0, at]), float(wander[0, at])


def _all_cuts(values: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Step, its error and the wandering around it, for every series and every cut.

    Args:
        values: Shape (series, weeks).
        weights: Share of cases in each week, shape (weeks,).

    Returns:
        Three arrays of shape (series, cuts); a cut leaves four weeks on either side.
    """
    count = values.shape[1]
    cuts = np.arange(LEAST_WEEKS, count - LEAST_WEEKS + 1)
    w = np.cumsum(weights)
    x = np.cumsum(values * weights, axis=1)
    left, right = w[cuts - 1], w[-1] - w[cuts - 1]
    before = x[:, cuts - 1] / left
    after = (x[:, -1:] - x[:, cuts - 1]) / right
    # Squares and neighbours around both levels from running sums: a table of series, cuts and
    # weeks would not fit into memory. Centred first, so that nothing large cancels.
    centre = x[:, -1:] / w[-1]
    y, before_c, after_c = values - centre, before - centre, after - centre
    plain = _ran(y)
    total, squared, beside = plain[:, cuts], _ran(y**2)[:, cuts], _ran(y[:, 1:] * y[:, :-1])
    rest, rest_squared = plain[:, -1:] - total, _ran(y**2)[:, -1:] - squared
    squares = (
        squared - 2 * before_c * total + cuts * before_c**2
        + rest_squared - 2 * after_c * rest + (count - cuts) * after_c**2
    )  # fmt: skip
    first, last = y[:, :1], y[:, -1:]
    left_edge, right_edge = y[:, cuts - 1], y[:, cuts]
    neighbours = (
        beside[:, cuts - 1]
        - before_c * (2 * total - first - left_edge)
        + (cuts - 1) * before_c**2
        + (left_edge - before_c) * (right_edge - after_c)
        + (beside[:, -1:] - beside[:, cuts])
        - after_c * (2 * rest - right_edge - last)
        + (count - cuts - 1) * after_c**2
    )
    squares = np.maximum(squares, 0.0)
    own = neighbours / np.where(squares > 0, squares, 1.0)
    # Two means were taken out, which pulls the correlation of neighbours down by about 3 / weeks.
    wander = np.clip(own + (1 + 3 * np.maximum(own, 0)) * 2 / count, 0.0, 0.95)
    n = weights**2
    effective = np.cumsum(n)
    loads = effective[cuts - 1] / left**2 + (effective[-1] - effective[cuts - 1]) / right**2
    variance = squares / (count - 2)
    errors = np.sqrt(variance * loads * (1 + wander) / (1 - wander))
    return after - before, errors, wander


def _ran(values: Floats) -> Floats:
    """Sums of the first 0, 1, 2, ... values of each series."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _luck(
    size: float, wander: float, weights: Floats, draw: np.random.Generator
) -> tuple[float, float]:
    """Chance of a change as large where a series only wanders, and how much it then wanders.

    The largest change takes wandering away with it; so the series that are drawn wander by so
    much that three of four leave at least what was seen beside their largest change.
    """
    wanders = WANDERS[-1]
    for wanders in WANDERS:
        _, left = _by_luck(wanders, DRAWS_TO_CHOOSE, weights, draw)
        if float(np.quantile(left, 0.25)) >= wander:
            break
    largest, _ = _by_luck(wanders, DRAWS, weights, draw)
    return (1 + int((largest >= size).sum())) / (DRAWS + 1), wanders


def _by_luck(
    wanders: float, draws: int, weights: Floats, draw: np.random.Generator
) -> tuple[Floats, Floats]:
    """The largest step of each drawn series in its errors, and the wandering seen beside it."""
    noise = draw.normal(size=(draws, len(weights)))
    made = np.empty_like(noise)
    made[:, 0] = noise[:, 0]
    for week in range(1, len(weights)):
        made[:, week] = wanders * made[:, week - 1] + sqrt(1 - wanders**2) * noise[:, week]
    steps, errors, left = _all_cuts(made, weights)
    ratio = np.abs(steps) / errors
    top = np.argmax(ratio, axis=1)
    rows = np.arange(draws)
    return ratio[rows, top], left[rows, top]


def _difference(
    series: Series,
    value: float,
    error: float,
    *,
    line: float | None,
    bounds: Range | None,
    cuts: int = 1,
) -> Answer:
    freedom = float(len(series) - 2)
    if cuts > 1:
        # All weeks it could have been are one family, since the largest was picked.
        wide = 1 - 0.05 / cuts
        error *= t_quantile(wide, freedom) / t_quantile(0.95, freedom)
    return t_estimate(
        value,
        error,
        freedom,
        n=round(float(series.cases.sum())),
        people=0,
        population=Population.THESE,
        line=line,
        bounds=bounds,
    )
