"""Where the advice is wrong, are choices wrong more often than without it? And is it read?"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.designs import check_assignment
from sayso.measure.estimators.jackknife import (
    difference_of_shares,
    difference_within,
    freedom_of,
    jackknife_error,
    ratio,
    share,
)
from sayso.measure.estimators.ranges import refuse, refuse_events, t_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]


def risk_ratio(
    events: tuple[Floats, Floats], cases: tuple[Floats, Floats], *, population: Population
) -> Answer:
    """How many times as often something happens with as without, on the scale of logarithms.

    Args:
        events: Cases that count, (with, without), each shape (deciders,).
        cases: Cases, (with, without).
        population: THESE takes cases as independent; LIKE_THESE leaves out one decider at a time.

    Returns:
        A ratio, 1 for no difference; or what is missing.

    Source:
        Katz, Baptista, Azen and Pike (1978), Biometrics 34:469-474, for these cases; RULINGS 1
        for people like these.

    Examples:
        >>> one = np.array([30.0]), np.array([20.0])
        >>> of = np.array([100.0]), np.array([100.0])
        >>> got = risk_ratio(one, of, population=Population.THESE)
        >>> round(got.value, 2), round(got.low, 2), round(got.high, 2)
        (1.5, 0.92, 2.46)
    """
    x1, x0, n1, n0 = (float(v.sum()) for v in (*events, *cases))
    for x, n in ((x1, n1), (x0, n0)):
        missing = refuse_events(round(x), round(n - x))
        if missing:
            return missing
    loads = cases[0] + cases[1]
    value, used = log(x1 / n1) - log(x0 / n0), loads > 0
    people = int(used.sum())
    if population is Population.LIKE_THESE:
        freedom = freedom_of(loads[used])
        missing = refuse(people=people, freedom=freedom, events=None, non_events=None)
        if missing:
            return missing
        rest = [
            (s.sum() - s)[used] for s in (events[0], cases[0], events[1], cases[1])
        ]  # fmt: skip
        if any(float(r.min()) <= 0 for r in rest):
            return NotEnoughData(2, 1, "people with such cases")
        error = jackknife_error(np.log(rest[0] / rest[1]) - np.log(rest[2] / rest[3]))
    else:
        freedom = float("inf")
        error = (1 / x1 - 1 / n1 + 1 / x0 - 1 / n0) ** 0.5
    found = t_estimate(
        value, error, freedom, n=round(n1 + n0), people=people, population=population
    )

    def turned(span: Range) -> Range:
        return Range(min(exp(span.low), exp(value)), max(exp(span.high), exp(value)))

    return Estimate(
        value=exp(value),
        r95=turned(found.r95),
        r90=turned(found.r90),
        r50=turned(found.r50),
        n=found.n,
        people=found.people,
        population=population,
    )


def _bias(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    cases = rows["wrong_advice"]
    figures: list[Figure] = []
    if setting.outcome_seen_for is None and setting.holds("choice_right", "advice_right"):
        figures += _commission(cases, rows, setting)
        if setting.holds("prior_right"):
            figures.append(
                _from_first_views(
                    cases, setting, "commission-from-first-view",
                    ("viewed", "viewed_choice", "viewed_first"),
                )
            )  # fmt: skip
        if "right_advice" in cases.columns:
            figures += _omission(cases, rows, setting)
    planted, taken = by_decider(_view(cases, 1.0), "planted", "planted_taken")
    if float(planted.sum()) > 0:
        answer = share(taken, planted, population=setting.population, line=setting.line)
        figures.append(
            Figure(
                measure="planted-taken",
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
                word=word_for(answer, line=setting.line, grade=Grade.DESCRIPTION),
                line=setting.line,
            )
        )
    return tuple(figures)


def _view(rows: Rows, value: float) -> Rows:
    return rows.where(rows.numbers("in_view") == value) if len(rows) else rows


def _omission(cases: Rows, rows: Mapping[str, Rows], setting: Setting) -> list[Figure]:
    """Choices that went wrong although the advice was right: in view, and against its absence."""
    of, missed = by_decider(_view(cases, 1.0), "right_advice", "missed")
    found = share(missed, of, population=setting.population)
    figures = [
        Figure(measure="omission", answer=found, grade=Grade.DESCRIPTION, unit=Unit.SHARE),
    ]
    arms = _arms(cases, ("right_advice", "missed"))
    if float(arms.of[1].sum()) > 0:
        answer, grade = _apart(arms, "cases of right advice in each arm", rows, setting)
        figures.append(_worded("omission-apart", answer, grade, setting))
    if setting.holds("prior_right"):
        figures.append(
            _from_first_views(
                cases, setting, "omission-from-first-view",
                ("right_viewed", "missed_viewed", "missed_first"),
            )
        )  # fmt: skip
    return figures


def _commission(cases: Rows, rows: Mapping[str, Rows], setting: Setting) -> list[Figure]:
    """Wrong choices under wrong advice, in view against hidden; nothing where none is hidden."""
    arms = _arms(cases, ("wrong_advice", "wrong_choice"))
    if float(arms.of[1].sum()) == 0:
        return []
    apart, grade = _apart(arms, "cases of wrong advice in each arm", rows, setting)
    times = apart
    if min(float(n.sum()) for n in arms.of) >= setting.minimum_cases:
        times = risk_ratio(arms.wrong, arms.of, population=setting.population)
    return [
        _worded("commission", apart, grade, setting),
        Figure(measure="commission-ratio", answer=times, grade=grade, unit=Unit.COEFFICIENT),
    ]


@dataclass(frozen=True, slots=True)
class _Arms:
    """Cases of each decider, and how many of them went wrong, (in view, hidden)."""

    of: tuple[Floats, Floats]
    wrong: tuple[Floats, Floats]


def _arms(cases: Rows, columns: tuple[str, str]) -> _Arms:
    people, names = cases.codes("decider")
    view = cases.numbers("in_view") == 1.0

    def sums(name: str) -> tuple[Floats, Floats]:
        shown, hidden = (
            np.bincount(people[arm], cases.numbers(name)[arm], len(names)).astype(np.float64)
            for arm in (view, ~view)
        )
        return shown, hidden

    return _Arms(*(sums(name) for name in columns))


def _apart(
    arms: _Arms, what: str, rows: Mapping[str, Rows], setting: Setting
) -> tuple[Answer, Grade]:  # how far apart the arms are, and what stands behind it
    grade = Grade.ASSOCIATION
    stated = setting.show_probability
    if stated is not None and "assignment" in rows:
        random = check_assignment(rows["assignment"], rows["balance"], stated).random
        grade = Grade.RANDOMISED if random else grade
    least = min(float(n.sum()) for n in arms.of)
    if least < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, round(least), what), grade
    if setting.population is Population.LIKE_THESE:
        return difference_within(arms.wrong, arms.of, line=setting.line), grade
    wrong, of = ((float(a.sum()), float(b.sum())) for a, b in (arms.wrong, arms.of))
    people = len(arms.of[0])
    return difference_of_shares(wrong, of, people=people, line=setting.line), grade


def _from_first_views(
    cases: Rows, setting: Setting, key: str, columns: tuple[str, str, str]
) -> Figure:
    """With the advice in view, wrong choices less wrong first views of the same cases."""
    viewed, after, before = by_decider(_view(cases, 1.0), *columns)
    answer: Answer = NotEnoughData(setting.minimum_cases, round(float(viewed.sum())))
    if float(viewed.sum()) >= setting.minimum_cases:
        answer = ratio(
            after - before, viewed, viewed,
            population=setting.population, line=setting.line, bounds=Range(-1.0, 1.0),
        )  # fmt: skip
    return _worded(key, answer, Grade.ASSOCIATION, setting)


def _worded(key: str, answer: Answer, grade: Grade, setting: Setting) -> Figure:
    return Figure(
        measure=key,
        answer=answer,
        grade=grade,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=grade),
        line=setting.line,
    )


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"wrong_advice": query("wrong_advice")}
    if setting.holds("shown") and setting.show_probability is not None:
        wanted |= {name: query(name) for name in ("assignment", "balance")}
    return wanted


AUTOMATION_BIAS = JointMeasure(
    key="commission",
    question="Where the advice is wrong, are choices wrong more often than without it?",
    needs=("choice", "advice"),
    applies=lambda s: (
        (s.outcome_seen_for is None and s.holds("choice_right", "advice_right"))
        or s.holds("advice_source")
    ),
    queries=_queries,
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_bias,
    gap=Gap(
        question="Would people notice wrong advice?",
        cheapest_way="With the accountable person’s consent, plant wrong advice in a few cases "
        "that are put right before anything happens, with “planted” as its source.",
        measure="planted-taken",
        stays_open=lambda s: s.holds("advice") or s.holds("advice_number"),
    ),
)
