"""When something is said to be likely, how often does it happen?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.isotonic import corp, null_miscalibration
from sayso.measure.estimators.jackknife import jackknife_error, ratio, share
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.estimators.slope import slope
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

TENTHS = 10
MOST_GROUPS = 50
REDRAWS = 2000
REDRAWN_VALUES = 20_000
SLOPE_LINE = 0.1


@dataclass(frozen=True, slots=True)
class _Stated:
    """Rows of a calibration query: one a decider and stated value."""

    said: Floats
    cases: Floats
    events: Floats
    people: NDArray[np.intp]

    @property
    def count(self) -> int:
        """Deciders."""
        return int(self.people.max()) + 1

    def by_person(self, values: Floats, kept: NDArray[np.bool_]) -> Floats:
        """Sums by decider over some rows."""
        return np.bincount(self.people[kept], values[kept], self.count).astype(float)


def _reader(of: str) -> Callable[[Rows, Setting], tuple[Figure, ...]]:
    def read(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
        return _calibration(rows, setting, of)

    return read


def _calibration(rows: Rows, setting: Setting, of: str) -> tuple[Figure, ...]:
    if not len(rows):
        return ()
    people, _ = rows.codes("person")
    stated = _Stated(
        rows.numbers("said"),
        rows.numbers("cases"),
        rows.numbers("events"),
        people,
    )
    return (
        *_tenths(stated, setting, of),
        _slope(stated, setting, of),
        *_parts(stated, setting, of),
    )


def _tenths(stated: _Stated, setting: Setting, of: str) -> list[Figure]:
    """Event rates by tenth of what was said; a tenth under thirty cases joins its neighbour."""
    tenth = np.minimum((stated.said * TENTHS).astype(np.intp), TENTHS - 1)
    counts = np.bincount(tenth, stated.cases, TENTHS).astype(np.float64)
    figures: list[Figure] = []
    for group in _merged(counts, setting.minimum_cases):
        kept = np.isin(tenth, group)
        cases = float(stated.cases[kept].sum())
        said = float((stated.said * stated.cases)[kept].sum()) / cases
        label = f"{100 * said:.0f}"
        if any(f.group("said") == label for f in figures):
            label = f"{100 * said:.1f}"
        answer = _rate(stated, kept, setting)
        figures.append(
            Figure(
                measure="calibration",
                groups=(("of", of), ("said", label)),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
                notes=(("said", said), ("n", round(cases))),
            )
        )
    return figures


def _rate(stated: _Stated, kept: NDArray[np.bool_], setting: Setting) -> Answer:
    return share(
        stated.by_person(stated.events, kept),
        stated.by_person(stated.cases, kept),
        population=setting.population,
    )


def _merged(counts: Floats, least: int) -> list[list[int]]:
    groups: list[list[int]] = []
    current: list[int] = []
    for place, _ in enumerate(counts):
        current.append(place)
        if counts[current].sum() >= least:
            groups.append(current)
            current = []
    if groups and current:
        groups[-1].extend(current)
    return groups


def _slope(stated: _Stated, setting: Setting, of: str) -> Figure:
    answer = slope(
        stated.said,
        stated.cases,
        stated.events,
        stated.people,
        population=setting.population,
    )
    return Figure(
        measure="calibration-slope",
        groups=(("of", of),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.COEFFICIENT,
        # Where people chose which outcomes are seen, the others may have come out otherwise.
        word=word_for(
            answer,
            line=SLOPE_LINE,
            grade=Grade.DESCRIPTION if setting.outcome_seen_for is None else Grade.ASSOCIATION,
            reference=1.0,
        ),
        line=SLOPE_LINE,
    )


def _parts(stated: _Stated, setting: Setting, of: str) -> list[Figure]:
    """The Brier score and its miscalibration beside what perfect calibration would look like."""
    values, place = np.unique(stated.said, return_inverse=True)
    cases = np.bincount(place, stated.cases).astype(float)
    events = np.bincount(place, stated.events).astype(float)
    total = float(cases.sum())
    if total < setting.minimum_cases:
        missing = NotEnoughData(setting.minimum_cases, round(total), "known outcomes")
        return [_coefficient("brier", missing, of), _coefficient("miscalibration", missing, of)]
    loss = stated.events * (1 - stated.said) ** 2
    loss += (stated.cases - stated.events) * stated.said**2
    everyone = np.ones(len(loss), dtype=bool)
    loads = stated.by_person(stated.cases, everyone)
    score: Answer = ratio(
        stated.by_person(loss, everyone), loads, loads, population=Population.LIKE_THESE,
        bounds=Range(0.0, 1.0),
    )  # fmt: skip
    if setting.population is Population.THESE:
        mean = float(loss.sum()) / total
        squares = stated.events * (1 - stated.said) ** 4
        squares += (stated.cases - stated.events) * stated.said**4
        spread = max(0.0, float(squares.sum()) / total - mean**2) / total
        score = t_estimate(
            mean, spread**0.5, float("inf"), n=round(total), people=0,
            population=Population.THESE, bounds=Range(0.0, 1.0),
        )  # fmt: skip
    parts = corp(values, cases, events)
    if len(values) > REDRAWN_VALUES:
        beyond: Answer = CannotTell(
            "There are too many different stated values to redraw them all.",
            "Round what is said to whole hundredths.",
        )
        return [_coefficient("brier", score, of), _coefficient("miscalibration", beyond, of)]
    redraws = REDRAWS if len(values) <= 2000 else REDRAWS // 10
    null = null_miscalibration(
        values, cases, parts.miscalibration, redraws=redraws, seed=setting.seed
    )
    around = _net_of_luck(_around(stated, values, place, parts.miscalibration, setting), null.mean)
    notes = (
        ("null_mean", null.mean),
        ("null_low", null.low),
        ("null_high", null.high),
        ("p", null.p),
        ("discrimination", parts.discrimination),
        ("uncertainty", parts.uncertainty),
        ("score", parts.score),
    )
    return [
        _coefficient("brier", score, of),
        _coefficient("miscalibration", around, of, notes),
    ]


def _net_of_luck(answer: Answer, luck: float) -> Answer:
    """The lower ends less what perfect calibration would show, since miscalibration has no zero."""
    if not isinstance(answer, Estimate):
        return answer

    def lowered(span: Range) -> Range:
        return Range(max(0.0, span.low - luck), span.high)

    return replace(
        answer, r95=lowered(answer.r95), r90=lowered(answer.r90), r50=lowered(answer.r50)
    )


def _around(
    stated: _Stated, values: Floats, place: NDArray[np.intp], found: float, setting: Setting
) -> Answer:
    """Miscalibration with a range by leaving out a group of deciders, or of rows, at a time."""
    by_people = setting.population is Population.LIKE_THESE
    unit = stated.people if by_people else np.arange(len(stated.said))
    groups = min(MOST_GROUPS, int(unit.max()) + 1)
    if groups < 5:
        return NotEnoughData(5, groups, "people" if by_people else "different stated values")
    group = unit % groups
    left: list[float] = []
    for g in range(groups):
        kept = group != g
        cases = np.bincount(place[kept], stated.cases[kept], len(values)).astype(float)
        events = np.bincount(place[kept], stated.events[kept], len(values)).astype(float)
        some = cases > 0
        left.append(corp(values[some], cases[some], events[some]).miscalibration)
    return t_estimate(
        found,
        jackknife_error(np.array(left)),
        groups - 1,
        n=round(float(stated.cases.sum())),
        people=setting.deciders,
        population=setting.population,
        bounds=Range(0.0, 1.0),
    )


def _coefficient(
    key: str, answer: Answer, of: str, notes: tuple[tuple[str, float], ...] = ()
) -> Figure:
    return Figure(
        measure=key,
        groups=(("of", of),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.COEFFICIENT,
        notes=notes,
    )


CALIBRATION_AI = Measure(
    key="calibration",
    question="When the AI says something is likely, how often does it happen?",
    needs=("said", "happened"),
    sql=query("calibration"),
    estimate=_reader("ai"),
)
CALIBRATION_PEOPLE = Measure(
    key="calibration",
    question="When people say something is likely, how often does it happen?",
    needs=("prior_said", "prior_happened"),
    sql=query("calibration_people"),
    estimate=_reader("people"),
)
