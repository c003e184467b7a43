"""Noise in several people's answers to the same cases: level, pattern, and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import freedom_of
from sayso.measure.estimators.mean_squares import chi_squared, degrees_of, jackknifed
from sayso.measure.estimators.moments import by_moments, left_out
from sayso.measure.estimators.parts import Method, Parts, compact, one_a_row
from sayso.measure.estimators.ranges import refuse
from sayso.measure.estimators.reml import by_reml, fits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_EXACT = 20_000
LEAST_RARER = 5


@dataclass(frozen=True, slots=True)
class Noise:
    """Variances in the answer's unit squared; of options, summed over them.

    Attributes:
        level: Between people's averages.
        pattern: The rest: people's own patterns, and occasions.
        system: Both together; of options, the chance that two people differ.
        case: Between cases, which is no noise.
        level_raw: Level before a negative value became 0; None where there is none.
        complete: Whether everyone answered every case.
        method: "reml" where exact, else "moments"; the same in a complete table.
    """

    level: Answer
    pattern: Answer
    system: Answer
    case: Answer
    level_raw: float | None
    complete: bool
    method: Method


def noise(
    answers: Floats,
    cases: Places,
    people: Places,
    *,
    population: Population,
    chosen: bool = False,
) -> Noise | NotEnoughData | CannotTell:
    """Where answers to the same cases come from.

    People's mean square around their level follows a chi-squared with as many degrees as there
    are people less one, so its range inverts that; leaving out people and adding Student's t
    covers 83 to 87 % with five to twelve of them where level is most of the noise. Degrees are
    fewer where loads are unequal, or where leaving people out says so.

    Args:
        answers: One column a quantity or option (1 where chosen, else 0), shape (rows, columns).
        cases: Case of each row, from 0; one row a case and person.
        people: Person of each row, from 0.
        population: Of whom the ranges speak.
        chosen: Whether columns are options. Then five choices a person are needed that are not
            the commonest: with fewer the ranges hold in under 90 of 100.

    Source:
        Searle, Casella and McCulloch (1992), section 3.6; sums of mean squares as in Graybill
        and Wang (1980), JASA 75:869-873.
    """
    cases, people = compact(cases), compact(people)
    loads = np.bincount(people).astype(np.float64)
    missing = refuse(people=len(loads), freedom=freedom_of(loads), events=None, non_events=None)
    if missing:
        return missing
    if len(answers) < 2 or not np.any(answers.std(0) > 0):
        return NotEnoughData(2, 1, "different answers")
    if chosen:
        rarer = int(len(answers) - _most_common(answers))
        if rarer < LEAST_RARER * len(loads):
            return NotEnoughData(LEAST_RARER * len(loads), rarer, "choices of a rarer kind")
    whole = len(loads) * (int(cases.max()) + 1)
    complete = len(answers) == whole
    exact = not complete and len(answers) <= MOST_EXACT and fits([cases, people])
    kept: list[Parts] = []
    left: list[tuple[Floats, Floats]] = []
    for column in answers.T:
        if column.std() == 0:
            continue
        parts = (
            by_reml(column, [cases, people])
            if exact
            else by_moments(one_a_row(column), [cases, people], over=())
        )
        by_case, by_person = (left_out(one_a_row(column), [cases, people], o) for o in (0, 1))
        if isinstance(parts, CannotTell):
            return parts
        if isinstance(by_case, CannotTell) or isinstance(by_person, CannotTell):
            return NotEnoughData(2, 1, "cases that several people decided")
        kept.append(parts)
        left.append((by_case.values, by_person.values))
    raw = np.sum([[p.groupings[0].raw, p.groupings[1].raw, p.rest.raw] for p in kept], axis=0)
    without = [np.sum([one[o] for one in left], axis=0) for o in (0, 1)]
    pieces = _Pieces(raw, without[0], without[1], cases, people, loads)
    made = [
        _estimate(value, ends, len(answers), len(loads), population)
        for value, ends in (
            (max(0.0, float(raw[1])), partial(pieces.grouping, 1)),
            (float(raw[2]), pieces.rest),
            (max(float(raw[1] + raw[2]), 0.0), pieces.system),
            (max(0.0, float(raw[0])), partial(pieces.grouping, 0)),
        )
    ]
    return Noise(
        *made,
        level_raw=float(raw[1]) if raw[1] < 0 else None,
        complete=complete,
        method="reml" if exact else "moments",
    )


def _most_common(answers: Floats) -> float:
    """Answers of the commonest kind; a single column stands for two options."""
    counts = answers.sum(0)
    return float(max(counts.max(), len(answers) - counts.sum()))


class _Pieces:
    """Mean squares of a table, with what each varies by."""

    def __init__(
        self,
        raw: Floats,
        without_cases: Floats,
        without_people: Floats,
        cases: Places,
        people: Places,
        loads: Floats,
    ) -> None:
        self._raw, self._left = raw, (without_cases, without_people)
        of_case = np.bincount(cases).astype(np.float64)
        rows = float(len(cases))
        # Answers behind one level's mean, net of what the other grouping takes.
        self._behind = (
            (rows - float((1 / loads)[people].sum())) / max(len(of_case) - 1, 1),
            (rows - float((1 / of_case)[cases].sum())) / max(len(loads) - 1, 1),
        )
        self._degrees = (freedom_of(of_case), freedom_of(loads))

    def _square(self, place: int) -> tuple[float, float]:
        """Variance of a level's mean, and its degrees of freedom."""
        behind = self._behind[place]
        square = max(0.0, float(self._raw[place] + self._raw[2] / behind))
        left = self._left[place]
        most = self._degrees[place]
        # How much a mean square of few varies is itself hardly known, so it takes half at most.
        spread = jackknifed(left[:, place] + left[:, 2] / behind)
        return square, max(most / 2, degrees_of(square, spread, most))

    def _rest(self) -> tuple[float, float]:
        spread = sum(jackknifed(left[:, 2]) for left in self._left)
        return float(self._raw[2]), degrees_of(float(self._raw[2]), spread, float("inf"))

    def grouping(self, place: int, level: float) -> tuple[float, float]:
        """Range of one grouping's variance."""
        square, degrees = self._square(place)
        low, high = chi_squared(square, degrees, level)
        taken = float(self._raw[2]) / self._behind[place]
        return max(0.0, low - taken), max(0.0, high - taken)

    def rest(self, level: float) -> tuple[float, float]:
        """Range of the rest."""
        return chi_squared(*self._rest(), level)

    def system(self, level: float) -> tuple[float, float]:
        """Range of people's part and the rest together."""
        square, degrees = self._square(1)
        rest, rest_degrees = self._rest()
        share = max(0.0, 1 - 1 / self._behind[1])
        value = square + share * rest
        one, other = chi_squared(square, degrees, level), chi_squared(rest, rest_degrees, level)
        down = np.hypot(square - one[0], share * (rest - other[0]))
        up = np.hypot(one[1] - square, share * (other[1] - rest))
        return max(0.0, value - float(down)), value + float(up)


def _estimate(
    value: float,
    ends: _Ends,
    n: int,
    people: int,
    population: Population,
) -> Estimate:
    def around(level: float) -> Range:
        low, high = ends(level)
        return Range(min(low, value), max(high, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=n,
        people=people,
        population=population,
    )


if TYPE_CHECKING:
    from collections.abc import Callable

    _Ends = Callable[[float], tuple[float, float]]
