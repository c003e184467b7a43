"""What a family of rules trades off: one consideration against another, over a table of cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.consequence_reading import Extremes, threshold_choices
from sayso.align.people_and_cases import LEAST_CASES, LEAST_PEOPLE
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.bounds import Bounds, bounded_estimate
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.align.considerations import Consideration

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Flags = NDArray[np.bool_]

A_HUNDRED = 100
MOST_CUTS = 41
SAME = 1e-9

ONE_CONSIDERATION = CannotTell(
    "Only one consideration has values here, so there is nothing to trade off.",
    "Give a second objective a range and a measure that names `choice`.",
)
NO_RULES = CannotTell(
    "What the rules would go by is not known, or is the same, in all these cases.",
    "Name the column of the AI's stated chance, or choose another input.",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A family of rules.

    Attributes:
        names: One a rule, such as "0.4".
        choices: Number of the option that each rule chooses in each case, shape (rules, cases).
        thresholds: Where each rule changes its choice; empty where the family has none.
    """

    names: tuple[str, ...]
    choices: Places
    thresholds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """One rule on the map.

    Attributes:
        name: The rule; "" for today's choices.
        threshold: Where it changes its choice; None where it has none.
        amounts: What it brings on each consideration per 100 cases, in the consideration's unit.
            Where outcomes are not seen, the middle of what is possible, which claims nothing.
        dominated: Whether another point is at least as good on everything and better on something
            in these cases, wherever the outcomes that nobody saw lie.
        today: Whether these are the choices that were made.
        agreed: Whether the mean weights favour it, of the family.
    """

    name: str
    threshold: float | None
    amounts: tuple[Estimate, ...]
    dominated: bool
    today: bool
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The map.

    Attributes:
        considerations: Axes, in order.
        points: The family's rules in order, then today's choices where they are known.
        favourites: For each person the number of the point they would favour, in rising order and
            never in that of people; refused under five people.
        bounded: Whether some outcomes are not seen, so that places are ranges.
        cases: Cases looked at.
        people: People whose weights are known.
    """

    considerations: tuple[Consideration, ...]
    points: tuple[FrontierPoint, ...]
    favourites: tuple[int, ...] | NotEnoughData
    bounded: bool
    cases: int
    people: int

    @property
    def undominated(self) -> tuple[FrontierPoint, ...]:
        """The frontier itself."""
        return tuple(point for point in self.points if not point.dominated)


def threshold_rules(
    amounts: Floats, *, above: int, below: int, missing: int, most: int = MOST_CUTS
) -> Rules | CannotTell:
    """Rules that choose one option from a threshold up and another below it.

    Args:
        amounts: What they go by, such as the AI's stated chance, NaN where not known, shape
            (cases,).
        above: The option from the threshold up.
        below: The option below it.
        missing: The option where the amount is not known.
        most: Most thresholds, >= 2; those at evenly spaced ranks are taken.

    Returns:
        From "always above" to "never", each with other choices than the one before.
    """
    cuts = np.unique(amounts[np.isfinite(amounts)])
    if len(cuts) < 2:
        return NO_RULES
    if len(cuts) > most - 1:
        # Ranks, not values: where cases crowd, a small step of the threshold moves many of them.
        ordered = np.sort(amounts[np.isfinite(amounts)])
        cuts = np.unique(ordered[np.linspace(0, len(ordered) - 1, most - 1).astype(int)])
    cuts = np.append(cuts, np.inf)
    choices = threshold_choices(amounts, cuts, above=above, below=below, missing=missing)
    return Rules(tuple(f"{cut:g}" for cut in cuts), choices, tuple(float(c) for c in cuts))


def frontier(
    rules: Rules,
    extremes: Extremes,
    considerations: Sequence[Consideration],
    weights: Floats,
    *,
    today: Places,
    deciders: Places,
) -> Frontier | NotEnoughData | CannotTell:
    """Place each rule by what it brings on each consideration.

    Args:
        rules: The family.
        extremes: The least and the most each option can bring, 0..1; the same where outcomes are
            known or believed.
        considerations: Axes.
        weights: Each person's weights, shape (people, considerations); people may be none.
        today: Number of the option chosen in each case, -1 where not known; empty without.
        deciders: Number of the decider of each case, -1 where not known; empty without.

    Returns:
        Points with ranges over cases, clustered by decider from five deciders on.

    Source:
        Pareto dominance; bounds where an outcome is not seen: Manski (1990), each option at its
        best or at its worst; ranges of bounded points: Imbens and Manski (2004).
    """
    cases = extremes.low.shape[0]
    if len(considerations) < 2:
        return ONE_CONSIDERATION
    if cases < LEAST_CASES:
        return NotEnoughData(LEAST_CASES, cases, "cases")
    chosen = [*rules.choices]
    known_today = today.size == cases and bool((today >= 0).any())
    if known_today:
        chosen.append(today)
    low = np.array([_brought(extremes.low, row, worst=True) for row in chosen])
    high = np.array([_brought(extremes.high, row, worst=False) for row in chosen])
    dominated = _dominated(np.array(chosen), low, high)
    middle = (low[: len(rules.choices)] + high[: len(rules.choices)]).mean(1) / 2
    people = len(weights)
    agreed = int((middle @ weights.mean(0)).argmax()) if people else None
    favourites = (
        tuple(sorted(int(place) for place in (weights @ middle.T).argmax(1)))
        if people >= LEAST_PEOPLE
        else NotEnoughData(LEAST_PEOPLE, people, "people")
    )
    clusters = _clusters(deciders, cases)
    points = tuple(
        FrontierPoint(
            name=rules.names[place] if place < len(rules.names) else "",
            threshold=rules.thresholds[place] if place < len(rules.thresholds) else None,
            amounts=tuple(
                _amount(low[place, :, k], high[place, :, k], consideration, clusters)
                for k, consideration in enumerate(considerations)
            ),
            dominated=bool(dominated[place]),
            today=place == len(rules.names),
            agreed=place == agreed and people >= LEAST_PEOPLE,
        )
        for place in range(len(chosen))
    )
    return Frontier(
        considerations=tuple(considerations),
        points=points,
        favourites=favourites,
        bounded=bool((high - low > SAME).any()),
        cases=cases,
        people=people,
    )


def _brought(extreme: Floats, chosen: Places, *, worst: bool) -> Floats:
    """What these choices bring, shape (cases, considerations); unknown ones could be any."""
    taken = extreme[np.arange(len(chosen)), np.maximum(chosen, 0)]
    anything = extreme.min(1) if worst else extreme.max(1)
    return np.where((chosen >= 0)[:, None], taken, anything)


def _dominated(chosen: Places, low: Floats, high: Floats) -> Flags:
    """Which rules another beats for certain in these cases; where both choose alike they tie."""
    found = np.zeros(len(chosen), dtype=np.bool_)
    for place in range(len(chosen)):
        alike = (chosen == chosen[place]) & (chosen >= 0)
        least = np.where(alike[:, :, None], 0.0, low - high[place]).mean(1)
        found[place] = bool(((least > -SAME).all(1) & (least > SAME).any(1)).any())
    return found


@dataclass(frozen=True, slots=True)
class _Clusters:
    """Whose case each is: cases of one decider are alike, those of nobody stand alone."""

    of: Places
    loads: Floats
    people: int
    population: Population


def _clusters(deciders: Places, cases: int) -> _Clusters:
    named = np.unique(deciders[deciders >= 0]) if deciders.size == cases else np.zeros(0, np.intp)
    if len(named) < LEAST_PEOPLE:
        return _Clusters(np.arange(cases), np.ones(cases), len(named), Population.THESE)
    own = np.where(deciders >= 0, deciders, deciders.max() + 1 + np.arange(cases))
    of = np.unique(own, return_inverse=True)[1].reshape(-1)
    loads = np.bincount(of).astype(float)
    return _Clusters(of, loads, len(named), Population.LIKE_THESE)


def _amount(
    low: Floats, high: Floats, consideration: Consideration, clusters: _Clusters
) -> Estimate:
    """What one rule brings on one consideration per 100 cases, with its range."""
    ends = sorted(
        (
            [consideration.worst + v * (consideration.best - consideration.worst) for v in side]
            for side in (low, high)
        ),
        key=lambda side: float(np.mean(side)),
    )
    least, most = (A_HUNDRED * np.array(side) for side in ends)
    errors = [_error(side, clusters) for side in (least, most)]
    bounds = Bounds(float(least.mean()), float(most.mean()), errors[0], errors[1])
    reach = (consideration.worst, consideration.best)
    if bounds.high - bounds.low > SAME:
        return bounded_estimate(
            bounds, n=len(low), people=clusters.people, population=clusters.population
        )
    return t_estimate(
        bounds.low,
        bounds.low_error,
        freedom_of(clusters.loads),
        n=len(low),
        people=clusters.people,
        population=clusters.population,
        bounds=Range(A_HUNDRED * min(reach), A_HUNDRED * max(reach)),
    )


def _error(amounts: Floats, clusters: _Clusters) -> float:
    totals = np.bincount(clusters.of, weights=amounts)
    left = (totals.sum() - totals) / (clusters.loads.sum() - clusters.loads)
    return jackknife_error(left)
