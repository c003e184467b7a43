"""Are the choices that the advice moves better choices?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.arms import arms_of
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE, capped, with_sampling
from sayso.measure.estimators.designs import check_assignment
from sayso.measure.estimators.jackknife import (
    difference_of_means,
    difference_within,
    ratio,
    share,
)
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Notes = tuple[tuple[str, float | int | str | bool], ...]


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"quality": query("quality")}
    if setting.show_probability is not None and setting.holds("shown"):
        wanted |= {"assignment": query("assignment"), "balance": query("balance")}
    return wanted


def _quality(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    figures = [_headline(rows, setting)]
    return (*figures, *_accuracy(rows["quality"], setting))


def _headline(rows: Mapping[str, Rows], setting: Setting) -> Figure:
    quality = rows["quality"]
    stated = setting.show_probability
    if (
        stated is not None
        and "assignment" in rows
        and not setting.quantity
        and check_assignment(rows["assignment"], rows["balance"], stated).random
    ):
        return _randomised(quality, setting)
    if setting.holds("prior_loss"):
        return _against_first_views(quality, setting)
    never = CannotTell(
        "Nothing here says how the same cases would have gone without the advice.",
        "Ask for a first view in some cases, or hide the advice by a coin in some.",
    )
    return _figure(never, Grade.ASSOCIATION, setting, ())


def _randomised(rows: Rows, setting: Setting) -> Figure:
    """What seeing the advice saves per case: costs where they are declared, else mistakes."""
    known, matured = (
        arms_of(rows, "in_view", "lost", "known"),
        arms_of(rows, "in_view", "at_stake", "matured"),
    )
    wrong = arms_of(rows, "in_view", "choice_wrong", "choice_right")
    saved = (-known.events[0], -known.events[1])
    happened = (
        min(wrong.total(0)[0], wrong.total(1)[0]),
        min(wrong.total(0)[1], wrong.total(1)[1]),
    )
    lost = [known.total(arm)[0] for arm in (0, 1)]
    cases = [matured.total(arm)[1] for arm in (0, 1)]
    stake = [matured.total(arm)[0] for arm in (0, 1)]
    answer: Answer
    if setting.population is Population.LIKE_THESE:
        answer = difference_within(
            saved, known.cases, line=_line(setting), happened=happened, bounds=_bounds(setting)
        )
    else:
        squares = arms_of(rows, "in_view", "lost_squares", "known")
        answer = difference_of_means(
            (-lost[0], -lost[1]),
            (squares.total(0)[0], squares.total(1)[0]),
            (known.total(0)[1], known.total(1)[1]),
            people=known.people,
            happened=happened,
            line=_line(setting),
        )
    worst = None
    if min(cases) > 0:
        worst = Range(
            lost[1] / cases[1] - (lost[0] + stake[0]) / cases[0],
            (lost[1] + stake[1]) / cases[1] - lost[0] / cases[0],
        )
    missing = [1 - known.total(arm)[1] / cases[arm] if cases[arm] else 0.0 for arm in (0, 1)]
    notes: Notes = (("missing_shown", missing[0]), ("missing_hidden", missing[1]))
    return _figure(answer, Grade.RANDOMISED, setting, notes, worst)


def _against_first_views(rows: Rows, setting: Setting) -> Figure:
    """Choices against the same people's first views, where both are known."""
    seen = rows.where(rows.numbers("in_view") == 1.0)
    saved, squares, compared, asked, may_save, may_lose, mended, spoiled = by_decider(
        seen, "saved", "saved_squares", "compared", "with_prior", "may_save", "may_lose",
        "mended", "spoiled",
    )  # fmt: skip
    if setting.quantity:
        answer = _per_case(saved, compared, setting)
        return _figure(answer, Grade.ASSOCIATION, setting, ())
    total = float(compared.sum())
    answer: Answer
    if setting.population is Population.LIKE_THESE:
        answer = ratio(
            saved, compared, compared, line=_line(setting), bounds=_bounds(setting),
            events=round(float(mended.sum())), non_events=round(float(spoiled.sum())),
        )  # fmt: skip
    elif total < 2:
        answer = NotEnoughData(setting.minimum_cases, round(total), "known outcomes")
    else:
        value = float(saved.sum()) / total
        variance = (float(squares.sum()) / total - value**2) / (total - 1)
        answer = t_estimate(
            value,
            max(0.0, variance) ** 0.5,
            float("inf"),
            n=round(total),
            people=len(compared),
            population=Population.THESE,
            line=_line(setting),
            bounds=_bounds(setting),
        )
    whole, value = float(asked.sum()), float(saved.sum())
    worst = None
    if whole:
        least, most = value - float(may_lose.sum()), value + float(may_save.sum())
        worst = Range(least / whole, most / whole)
    return _figure(answer, Grade.ASSOCIATION, setting, (), worst)


def _line(setting: Setting) -> float | None:
    """No line is declared in money, so there the word is held against zero."""
    return setting.loss_line if setting.loss_unit or setting.quantity else setting.line


def _bounds(setting: Setting) -> Range | None:
    return None if setting.loss_unit else Range(-1.0, 1.0)


def _per_case(totals: Floats, cases: Floats, setting: Setting) -> Answer:
    if setting.deciders == 0:
        return NotEnoughData(5, 0, "named deciders")
    return ratio(totals, cases, cases)


def _figure(
    answer: Answer, grade: Grade, setting: Setting, notes: Notes, worst: Range | None = None
) -> Figure:
    line = _line(setting)
    word = word_for(answer, line=line, grade=grade)
    if worst is not None:
        worst = with_sampling(worst, answer)
        word = capped(word, worst, line)
        notes = (*notes, ("worst_low", worst.low), ("worst_high", worst.high))
    return Figure(
        measure="quality",
        answer=answer,
        grade=grade,
        unit=Unit.AMOUNT
        if setting.quantity
        else Unit.MONEY
        if setting.loss_unit
        else Unit.NET_SHARE,
        word=word,
        line=line,
        notes=notes,
    )


def _accuracy(rows: Rows, setting: Setting) -> list[Figure]:
    """How often first views, choices and advice turned out right, where each is known."""
    if setting.quantity:
        return []
    found: list[Figure] = []
    for who, right, known in (
        ("first view", "prior_right", "prior_known"),
        ("choice", "choice_right", "known"),
        ("advice", "advice_right", "advice_known"),
    ):
        events, cases = by_decider(rows, right, known)
        if float(cases.sum()) == 0:
            continue
        found.append(
            Figure(
                measure="accuracy",
                groups=(("who", who),),
                answer=SEEN_AFTER_ONE
                if setting.outcome_seen_for is not None
                else share(events, cases, population=setting.population),
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
            )
        )
    return found


QUALITY = JointMeasure(
    key="quality",
    question="Are the choices better for the advice?",
    needs=("choice_loss",),
    applies=lambda s: s.holds("advice") or s.holds("advice_number"),
    queries=_queries,
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_quality,
)
