"""What overruling the advice brought, by reason and kind of case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.bounds import (
    SEEN_AFTER_ONE,
    Bounds,
    bounded_estimate,
    capped,
    imbens_manski,
)
from sayso.measure.estimators.jackknife import NET, ratio, share
from sayso.measure.estimators.words import holm, word_for
from sayso.measure.measure import Measure, query
from sayso.measure.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Groups = tuple[tuple[str, str], ...]

NO_REASON = "none given"


def _override(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    overruled = rows.where(rows.numbers("overruled") == 1.0)
    figures = [_rate(rows, setting)]
    if not setting.holds("choice_loss", "advice_loss"):
        return tuple(figures)
    figures += _value(overruled, setting, ())
    figures.append(_bounds(overruled, setting))
    reasons = _split(overruled, "reason", setting) if setting.holds("reason_code") else []
    figures += _with_holm(reasons)
    if setting.holds("kind"):
        figures += _split(overruled, "kind", setting)
    for name, value in (("overruled", 1.0), ("followed", 0.0)):
        part = rows.where(rows.numbers("overruled") == value)
        figures.append(_share("advice-wrong", part, "advice_wrong", "known", setting, name))
    figures += [
        _mean("loss-of-choices", rows, "choice_loss", setting),
        _mean("loss-of-advice", rows, "advice_loss", setting),
    ]
    return tuple(figures)


def _rate(rows: Rows, setting: Setting) -> Figure:
    people = rows.text("decider")
    cases = rows.numbers("cases")
    both = Rows(
        {
            "decider": np.array(people, dtype=object),
            "cases": cases,
            "overruled_cases": np.where(rows.numbers("overruled") == 1.0, cases, 0.0),
        }
    )
    events, total = by_decider(both, "overruled_cases", "cases")
    return Figure(
        measure="override-rate",
        answer=share(events, total, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


def _value(rows: Rows, setting: Setting, groups: Groups) -> list[Figure]:
    """How often the overruling choice was right, and what it brought per overruled case."""
    right, known, gain, right_advice = by_decider(
        rows, "choice_right", "known", "gain", "advice_right"
    )
    count = round(float(known.sum()))
    people = int(np.sum(known > 0))
    hidden = bool(groups) and setting.deciders > 0 and people < setting.minimum_people
    if count < setting.minimum_cases:
        missing = NotEnoughData(setting.minimum_cases, count, "known outcomes")
        return [
            _figure("override-value", missing, setting, groups, hidden),
            *(
                []
                if setting.quantity
                else [_figure("override-right", missing, setting, groups, hidden)]
            ),
        ]
    # Money without a line is held against zero, so that Holm over reasons still controls luck.
    line = _line(setting) or 0.0
    value = _mean_of(gain, known, setting, line=line, events=_moves(right, right_advice))
    figures = [_figure("override-value", value, setting, groups, hidden, _worst(rows, setting))]
    if not setting.quantity:
        worst = _worst_right(rows, setting)
        rate = share(right, known, population=setting.population, line=setting.line, reference=0.5)
        figures.append(_figure("override-right", rate, setting, groups, hidden, worst))
    return figures


def _moves(right: Floats, right_advice: Floats) -> tuple[int, int] | None:
    """Cases in which overruling was right, and in which the advice was: ten of each are needed."""
    both = round(float(right.sum())), round(float(right_advice.sum()))
    return both if sum(both) else None


def _line(setting: Setting) -> float | None:
    return setting.loss_line if setting.loss_unit or setting.quantity else setting.line


def _mean_of(
    totals: Floats,
    cases: Floats,
    setting: Setting,
    *,
    line: float | None = None,
    events: tuple[int, int] | None = None,
) -> Answer:
    few = events or (None, None)
    if setting.deciders == 0:
        # Nobody is named, so nothing can be clustered and no range would hold.
        return NotEnoughData(5, 0, "named deciders")
    return ratio(
        totals,
        cases,
        cases,
        population=Population.LIKE_THESE,
        line=line,
        events=few[0],
        non_events=few[1],
        bounds=_net(setting),
    )


def _worst(rows: Rows, setting: Setting) -> Range | None:
    """The value with every missing outcome set to each extreme, and its sampling."""
    if setting.quantity:
        return None
    bounds = _ends(rows, setting)
    return imbens_manski(bounds, 0.95) if isinstance(bounds, Bounds) else None


def _worst_right(rows: Rows, setting: Setting) -> Range | None:
    """The share right with every missing outcome wrong, and with every one right."""
    right, known, matured = by_decider(rows, "choice_right", "known", "matured")
    ends = [
        share(x, matured, population=setting.population) for x in (right, right + matured - known)
    ]
    low, high = ends
    if isinstance(low, Estimate) and isinstance(high, Estimate):
        return Range(low.low, high.high)
    return None


def _ends(rows: Rows, setting: Setting) -> Bounds | Answer:
    """The least and the most that overruling can have brought, per case that is due."""
    gain, may_gain, may_lose, matured = by_decider(rows, "gain", "may_gain", "may_lose", "matured")
    if matured.sum() == 0:
        return NotEnoughData(1, 0, "overruled cases")
    ends = [
        ratio(n, matured, matured, population=setting.population, bounds=_net(setting))
        for n in (gain - may_lose, gain + may_gain)
    ]
    low, high = ends
    if isinstance(low, Estimate) and isinstance(high, Estimate):
        return Bounds(low.value, high.value, _down(low), _up(high))
    return low if not isinstance(low, Estimate) else high


def _figure(
    key: str,
    answer: Answer,
    setting: Setting,
    groups: Groups,
    hidden: bool,
    worst: Range | None = None,
) -> Figure:
    if key == "override-right":
        unit, reference, line = Unit.SHARE, 0.5, setting.line
    else:
        unit, reference, line = _unit(setting), 0.0, _line(setting)
    word = word_for(answer, line=line, grade=Grade.DESCRIPTION, reference=reference)
    notes: tuple[tuple[str, float], ...] = ()
    if worst is not None and not setting.quantity:
        word = capped(word, Range(worst.low - reference, worst.high - reference), line)
        notes = (("worst_low", worst.low), ("worst_high", worst.high))
    return Figure(
        measure=key,
        groups=groups,
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=unit,
        word=word,
        line=line,
        hidden=hidden,
        notes=notes,
    )


def _split(rows: Rows, name: str, setting: Setting) -> list[Figure]:
    values = rows.text(name)
    found = sorted({v if v is not None else "" for v in values})
    if len(found) < 2 or len(found) > 30:
        return []
    figures: list[Figure] = []
    for value in found:
        part = rows.equal(name, value or None)
        label = value or (NO_REASON if name == "reason" else "none")
        figures += _value(part, setting, ((name, label),))
    return figures


def _with_holm(figures: list[Figure]) -> list[Figure]:
    """Mark which reasons survive Holm over all reasons, "none given" included (RULINGS 12)."""
    result: list[Figure] = []
    for key in ("override-value", "override-right"):
        mine = [f for f in figures if f.measure == key]
        tested = [f for f in mine if isinstance(f.answer, Estimate) and f.answer.p_line is not None]
        kept = holm([_p(f) for f in tested])
        survivors = {id(f) for f, k in zip(tested, kept, strict=True) if k}
        for figure in mine:
            survives = id(figure) in survivors
            result.append(_noted(figure, survives))
    return result


def _p(figure: Figure) -> float:
    answer = figure.answer
    return answer.p_line if isinstance(answer, Estimate) and answer.p_line is not None else 1.0


def _noted(figure: Figure, survives: bool) -> Figure:
    from dataclasses import replace

    return replace(figure, notes=(*figure.notes, ("survives", survives)))


def _share(key: str, rows: Rows, events: str, cases: str, setting: Setting, when: str) -> Figure:
    x, n = by_decider(rows, events, cases) if len(rows) else (np.zeros(0), np.zeros(0))
    return Figure(
        measure=key,
        groups=(("when", when),),
        answer=SEEN_AFTER_ONE
        if setting.outcome_seen_for is not None
        else share(x, n, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


def _mean(key: str, rows: Rows, total: str, setting: Setting) -> Figure:
    totals, known = by_decider(rows, total, "known")
    unit = Unit.AMOUNT if setting.quantity else Unit.MONEY if setting.loss_unit else Unit.SHARE
    answer: Answer = SEEN_AFTER_ONE
    if setting.outcome_seen_for is None:
        answer = (
            share(totals, known, population=setting.population)
            if unit is Unit.SHARE
            else _mean_of(totals, known, setting)
        )
    return Figure(measure=key, answer=answer, grade=Grade.DESCRIPTION, unit=unit)


def _bounds(rows: Rows, setting: Setting) -> Figure:
    """What overruling brought with missing outcomes at each extreme, in the value's unit."""
    found: Bounds | Answer = NotEnoughData(1, 0, "overruled cases")
    if not setting.quantity:
        found = _ends(rows, setting)
    notes: tuple[tuple[str, float | int], ...] = ()
    if isinstance(found, Bounds):
        known, matured = by_decider(rows, "known", "matured")
        missing = round(float((matured - known).sum()))
        notes = (("low", found.low), ("high", found.high), ("missing", missing))
        found = bounded_estimate(
            found,
            n=round(float(matured.sum())),
            people=int(np.sum(matured > 0)),
            population=setting.population,
        )
    return Figure(
        measure="override-value-bounds",
        answer=found,
        grade=Grade.DESCRIPTION,
        unit=_unit(setting),
        notes=notes,
    )


def _net(setting: Setting) -> Range | None:
    return NET if _unit(setting) is Unit.NET_SHARE else None


def _unit(setting: Setting) -> Unit:
    if setting.quantity:
        return Unit.AMOUNT
    return Unit.MONEY if setting.loss_unit else Unit.NET_SHARE


def _down(answer: Estimate) -> float:
    """The error towards the lower end, which is not that towards the upper."""
    return (answer.value - answer.low) / 1.959963984540054


def _up(answer: Estimate) -> float:
    return (answer.high - answer.value) / 1.959963984540054


OVERRIDE = Measure(
    key="override-rate",
    question="How often is the advice overruled, and does that pay?",
    needs=(),
    applies=lambda s: s.holds("advice", "choice") or s.holds("advice_number", "choice_number"),
    sql=query("overruled"),
    estimate=_override,
)
