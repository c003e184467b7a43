"""Quality where outcomes are seen after one option only: differences and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.bounds import Bounds, bounded_estimate
from sayso.measure.estimators.designs import check_assignment
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


@dataclass(frozen=True, slots=True)
class Arm:
    """Shares of all cases of one arm, and their number.

    Attributes:
        cases: Cases.
        right: Share with the revealing option, which turned out right.
        wrong: Share with the revealing option, which turned out wrong.
        right_advised: Of ``right``, where the advice was the revealing option too.
        wrong_advised: Of ``wrong``, likewise.
        unseen_advised: Share with the other option chosen where the revealing one was advised.
    """

    cases: float
    right: float
    wrong: float
    right_advised: float
    wrong_advised: float
    unseen_advised: float


def _arm(rows: Rows, option: str) -> Arm:
    cases = rows.numbers("cases")
    total = float(cases.sum())
    chosen = np.array([c == option for c in rows.text("choice")], dtype=bool)
    advised = np.array([a == option for a in rows.text("advice")], dtype=bool)
    right, wrong = rows.numbers("turned_out_right"), rows.numbers("turned_out_wrong")

    def part(values: np.ndarray, kept: np.ndarray) -> float:
        return float(values[kept].sum()) / total

    return Arm(
        total,
        part(right, chosen),
        part(wrong, chosen),
        part(right, chosen & advised),
        part(wrong, chosen & advised),
        part(cases, ~chosen & advised),
    )


def _selective(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    """Differences that one revealing option identifies, and bounds of the advice alone.

    Source:
        Ben-Michael et al. (2025), PNAS 122(38) e2505106122; bounds intersected over arms.
    """
    option, stated = setting.outcome_seen_for, setting.show_probability
    if option is None or stated is None:
        return ()
    if not check_assignment(rows["assignment"], rows["balance"], stated).random:
        return ()
    table = rows["selective"]
    shown = _arm(table.where(table.numbers("shown") == 1.0), option)
    hidden = _arm(table.where(table.numbers("shown") == 0.0), option)
    missed = _difference(shown.wrong, hidden.wrong, shown, hidden)
    alarm = _difference(hidden.right, shown.right, hidden, shown)
    both = _both(shown, hidden)
    figures = [
        _figure("quality-loss", both, setting),
        _figure("quality-false-negative", missed, setting),
        _figure("quality-false-positive", alarm, setting),
    ]
    arms = (shown, hidden)
    low = max(a.wrong_advised for a in arms) - shown.wrong
    high = min(a.wrong_advised + a.unseen_advised for a in arms) - shown.wrong
    figures.append(_bound("advice-alone-false-negative", low, high, arms, setting))
    low = shown.right - min(a.right_advised + a.unseen_advised for a in arms)
    high = shown.right - max(a.right_advised for a in arms)
    figures.append(_bound("advice-alone-false-positive", low, high, arms, setting))
    return tuple(figures)


def _difference(one: float, other: float, first: Arm, second: Arm) -> Answer:
    for share, arm in ((one, first), (other, second)):
        events = round(share * arm.cases)
        if min(events, round(arm.cases) - events) < 10:
            return NotEnoughData(10, min(events, round(arm.cases) - events), "cases of this kind")
    variance = sum(p * (1 - p) / (a.cases - 1) for p, a in ((one, first), (other, second)))
    return _estimate(one - other, variance**0.5, first, second)


def _both(shown: Arm, hidden: Arm) -> Answer:
    """Misses plus false alarms, shown minus hidden: each case counts -1, 0 or 1."""
    value = (shown.wrong - shown.right) - (hidden.wrong - hidden.right)
    variance = sum(
        (a.wrong + a.right - (a.wrong - a.right) ** 2) / (a.cases - 1) for a in (shown, hidden)
    )
    return _estimate(value, variance**0.5, shown, hidden)


def _estimate(value: float, error: float, first: Arm, second: Arm) -> Answer:
    return t_estimate(
        value,
        error,
        float("inf"),
        n=round(first.cases + second.cases),
        people=0,
        population=Population.THESE,
    )


def _figure(key: str, answer: Answer, setting: Setting) -> Figure:
    return Figure(
        measure=key,
        answer=answer,
        grade=Grade.RANDOMISED,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.RANDOMISED),
        line=setting.line,
    )


def _bound(key: str, low: float, high: float, arms: tuple[Arm, Arm], setting: Setting) -> Figure:
    # An end is a share of one arm less one of the other, and no share's error is larger than that
    # of one half; the best of two arms was picked, so both count.
    error = sum(0.25 / a.cases for a in arms) ** 0.5
    answer = bounded_estimate(
        Bounds(min(low, high), max(low, high), error, error),
        n=round(sum(a.cases for a in arms)),
        people=0,
        population=Population.THESE,
    )
    return Figure(
        measure=key,
        answer=answer,
        grade=Grade.RANDOMISED,
        unit=Unit.NET_SHARE,
        line=setting.line,
        notes=(("low", low), ("high", high)),
    )


SELECTIVE = JointMeasure(
    key="quality-loss",
    question="Where outcomes are seen after one option only, what can still be said?",
    needs=("shown", "advice", "choice", "choice_right"),
    applies=lambda s: (
        s.outcome_seen_for is not None and s.show_probability is not None and len(s.options) == 2
    ),
    queries=lambda _: {name: query(name) for name in ("selective", "assignment", "balance")},
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_selective,
)
