"""Seconds with and without advice, advice taken faster than it can be read, and long streaks.

Figures are of all people together and never of one: fast may be skilled, and work may be done
elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.catalog.follows import LEAST_PEOPLE_PICKED, MOST_CASES_LOOKED_AT
from sayso.measure.estimators.designs import check_assignment
from sayso.measure.estimators.jackknife import difference_within, ratio, share
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.estimators.streaks import expected_in_streaks
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, JointMeasure, Measure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

STREAK = 10


def _attention(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    timed = rows["attention"]
    if not len(timed):
        return ()
    seen = timed.where(timed.numbers("in_view") == 1.0)
    hidden = timed.where(timed.numbers("in_view") == 0.0)
    figures: list[Figure] = []
    if len(seen):
        figures += _stamps(seen, setting)
    for arm, part in (("with advice", seen), ("without", hidden)):
        if len(part) and float(part.numbers("cases").sum()) >= setting.minimum_cases:
            figures.append(_figure("seconds", _mean(part, setting), (("arm", arm),), Unit.SECONDS))
    if len(seen) and len(hidden):
        grade = Grade.ASSOCIATION
        stated = setting.show_probability
        if stated is not None and "assignment" in rows:
            random = check_assignment(rows["assignment"], rows["balance"], stated).random
            grade = Grade.RANDOMISED if random else grade
        answer = _apart(timed, setting)
        figures.append(
            Figure(
                measure="seconds-with-advice",
                answer=answer,
                grade=grade,
                unit=Unit.SECONDS,
                word=word_for(answer, line=None, grade=grade),
            )
        )
    return tuple(figures)


def _stamps(seen: Rows, setting: Setting) -> list[Figure]:
    """Advice taken faster than the floor, and how often fast and slow turned out wrong."""
    fast, taken = by_decider(seen, "fast", "taken")
    stamped = share(fast, taken, population=setting.population, line=setting.line)
    figures = [
        Figure(
            measure="rubber-stamp",
            answer=stamped,
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE,
            word=word_for(stamped, line=setting.line, grade=Grade.DESCRIPTION),
            line=setting.line,
        )
    ]
    if setting.holds("choice_right") and setting.outcome_seen_for is None:
        for pace in ("fast", "slow"):
            wrong, known = by_decider(seen, f"{pace}_wrong", f"{pace}_known")
            answer = share(wrong, known, population=setting.population)
            figures.append(_figure("taken-wrong", answer, (("pace", pace),), Unit.SHARE))
    return figures


def _mean(part: Rows, setting: Setting) -> Answer:
    seconds, cases = by_decider(part, "seconds", "cases")
    if setting.population is Population.LIKE_THESE:
        return ratio(seconds, cases, cases)
    mean, error = _moments(part)
    return t_estimate(
        mean,
        error,
        float("inf"),
        n=round(float(cases.sum())),
        people=len(cases),
        population=Population.THESE,
    )


def _moments(part: Rows) -> tuple[float, float]:
    """Mean of all cases and its standard error, from each row's count, mean and spread."""
    cases, means = part.numbers("cases"), part.numbers("mean_seconds")
    total = float(cases.sum())
    mean = float((cases * means).sum()) / total
    spread = float(part.numbers("spread_seconds").sum() + (cases * (means - mean) ** 2).sum())
    return mean, (spread / max(1.0, total - 1) / total) ** 0.5


def _apart(timed: Rows, setting: Setting) -> Answer:
    """Seconds with the advice in view less those without, within each decider."""
    people, names = timed.codes("decider")
    view = timed.numbers("in_view") == 1.0

    def sums(name: str, arm: NDArray[np.bool_]) -> Floats:
        return np.bincount(people[arm], timed.numbers(name)[arm], len(names)).astype(np.float64)

    cases = sums("cases", view), sums("cases", ~view)
    least = min(float(c.sum()) for c in cases)
    if least < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, round(least), "cases with and without advice")
    if setting.population is Population.LIKE_THESE:
        seconds = sums("seconds", view), sums("seconds", ~view)
        return difference_within(seconds, cases, happened=(least, least), bounds=None)
    (one, one_error), (other, other_error) = (_moments(timed.where(v)) for v in (view, ~view))
    return t_estimate(
        one - other,
        (one_error**2 + other_error**2) ** 0.5,
        float("inf"),
        n=round(sum(float(c.sum()) for c in cases)),
        people=len(names),
        population=Population.THESE,
    )


def _figure(key: str, answer: Answer, groups: tuple[tuple[str, str], ...], unit: Unit) -> Figure:
    return Figure(measure=key, groups=groups, answer=answer, grade=Grade.DESCRIPTION, unit=unit)


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"attention": query("attention")}
    if setting.holds("shown") and setting.show_probability is not None:
        wanted |= {name: query(name) for name in ("assignment", "balance")}
    return wanted


ATTENTION = JointMeasure(
    key="rubber-stamp",
    question="How long does a decision take, and is advice taken faster than it can be read?",
    needs=("seconds",),
    applies=lambda s: s.holds("advice") or s.holds("advice_number"),
    queries=_queries,
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_attention,
    gap=Gap(
        question="Is the advice read before it is taken?",
        cheapest_way="Store the seconds from opening a case to choosing, in every case.",
        measure="rubber-stamp",
        stays_open=lambda s: s.holds("advice") or s.holds("advice_number"),
    ),
)


def _streaks(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Advice taken in runs of ten or more, less what the same people's rates bring by chance.

    A run may also come from easy cases in a row: this does not say why.
    """
    cases, taken, found = (rows.numbers(n) for n in ("cases", "taken", "in_streaks"))
    chance = np.array(
        [
            expected_in_streaks(int(n), int(k), STREAK)
            for n, k in zip(cases.tolist(), taken.tolist(), strict=True)
        ]
    )
    total = float(taken.sum())
    if total < setting.minimum_cases:
        few = NotEnoughData(setting.minimum_cases, round(total))
        return (_figure("streaks", few, (), Unit.SHARE),)
    excess = ratio(found - chance, taken, taken, population=setting.population, line=setting.line)
    return (
        _figure("streaks", share(found, taken, population=setting.population), (), Unit.SHARE),
        Figure(
            measure="streaks-beyond-chance",
            answer=excess,
            grade=Grade.DESCRIPTION,
            unit=Unit.NET_SHARE,
            word=word_for(excess, line=setting.line, grade=Grade.ASSOCIATION),
            line=setting.line,
            notes=(("length", STREAK), ("chance", float(chance.sum()) / total)),
        ),
    )


STREAKS = Measure(
    key="streaks",
    question="Is advice taken in long rows, beyond what chance brings?",
    needs=("choice", "advice", "decider", "decided_at"),
    sql=query("streaks"),
    params=lambda s: {
        "seed": str(s.seed),
        "people": LEAST_PEOPLE_PICKED,
        "wide": MOST_CASES_LOOKED_AT,
    },
    estimate=_streaks,
)
