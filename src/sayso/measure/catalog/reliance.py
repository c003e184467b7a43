"""Listened when the advice was right, held firm when it was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error, share
from sayso.measure.estimators.ranges import refuse, t_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

LEAST_CASES = 30


def _reliance(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """RAIR, RSR and their sum from cases with the advice in view.

    Source:
        Schemmer et al. (2023); refusals and the reading of the sum: RULINGS 9.
    """
    seen = rows.where(rows.numbers("in_view") == 1.0)
    correctable, listened, defensible, held = by_decider(
        seen, "correctable", "listened", "defensible", "held_firm"
    )
    parts = ((listened, correctable), (held, defensible))
    total = _sum(parts, setting)
    return (
        _figure("reliance-listened", _refused(*parts[0], setting), Unit.SHARE),
        _figure("reliance-held-firm", _refused(*parts[1], setting), Unit.SHARE),
        Figure(
            measure="reliance-sum",
            answer=total,
            grade=Grade.DESCRIPTION,
            unit=Unit.COEFFICIENT,
            word=word_for(total, line=setting.line, grade=Grade.ASSOCIATION, reference=1.0),
            line=setting.line,
        ),
    )


def _refused(events: Floats, cases: Floats, setting: Setting) -> Answer:
    if setting.outcome_seen_for is not None:
        return SEEN_AFTER_ONE
    count = round(float(cases.sum()))
    if count < LEAST_CASES:
        return NotEnoughData(LEAST_CASES, count, "such cases")
    return share(events, cases, population=setting.population)


def _sum(parts: tuple[tuple[Floats, Floats], ...], setting: Setting) -> Answer:
    """The two shares added, with a jackknife of their own: they share the same people."""
    for events, cases in parts:
        one = _refused(events, cases, setting)
        if not isinstance(one, Estimate):
            return one
    loads = parts[0][1] + parts[1][1]
    used = loads > 0
    value = sum(float(x.sum() / n.sum()) for x, n in parts)
    if setting.population is Population.THESE:
        variance = sum((p := float(x.sum() / n.sum())) * (1 - p) / float(n.sum()) for x, n in parts)
        error, freedom = variance**0.5, float("inf")
    else:
        freedom = freedom_of(loads[used])
        missing = refuse(people=int(used.sum()), freedom=freedom, events=None, non_events=None)
        if missing:
            return missing
        if any(np.any(n.sum() - n[used] <= 0) for _, n in parts):
            return NotEnoughData(2, 1, "people with such cases")
        left = sum((x.sum() - x[used]) / (n.sum() - n[used]) for x, n in parts)
        error = jackknife_error(np.asarray(left, dtype=np.float64))
    return t_estimate(
        value,
        error,
        freedom,
        n=round(float(loads.sum())),
        people=int(used.sum()),
        population=setting.population,
        bounds=Range(0.0, 2.0),
    )


def _acceptance(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    seen = rows.where(rows.numbers("in_view") == 1.0)
    wrong, taken, right, refused = by_decider(
        seen, "wrong_advice", "wrong_taken", "right_advice", "right_refused"
    )
    return (
        _figure("over-acceptance", _refused(taken, wrong, setting), Unit.SHARE),
        _figure("under-acceptance", _refused(refused, right, setting), Unit.SHARE),
    )


def _figure(key: str, answer: Answer, unit: Unit) -> Figure:
    return Figure(measure=key, answer=answer, grade=Grade.DESCRIPTION, unit=unit)


RELIANCE = Measure(
    key="reliance-listened",
    question="Do people listen when the advice is right, and hold firm when it is wrong?",
    needs=("advice_loss", "choice_loss", "prior_loss"),
    sql=query("reliance"),
    estimate=_reliance,
)
ACCEPTANCE = Measure(
    key="over-acceptance",
    question="How often is wrong advice taken, and right advice refused?",
    needs=("advice_right", "choice_right"),
    sql=query("reliance"),
    estimate=_acceptance,
    gap=Gap(
        question="Was the advice right?",
        cheapest_way="Nothing says which choice turned out right. Say in a charter when each "
        "option is a mistake, or add a column with the right option.",
        measure="over-acceptance",
        # A quantity is nearer or further off, never right; the outcome alone says which.
        stays_open=lambda s: not s.quantity,
    ),
)
