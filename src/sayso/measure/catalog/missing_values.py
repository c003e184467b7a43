"""Is an empty cell treated as if it said something?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, Population
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import difference_of_shares, difference_within, share
from sayso.measure.estimators.words import holm, one_lower, word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

MOST_OPTIONS = 5


def _missing(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Choices, and outcomes, where an input is empty less where it is filled."""
    found: list[Figure] = []
    for name in dict.fromkeys(rows.text("input")):
        part = rows.equal("input", name)
        empty = part.numbers("missing") == 1.0
        sizes = [float(part.numbers("cases")[side].sum()) for side in (empty, ~empty)]
        if name is None or min(sizes) < setting.minimum_cases:
            continue
        options = setting.options[:1] if len(setting.options) == 2 else setting.options
        found += [_choice(name, option, part, setting) for option in options[:MOST_OPTIONS]]
        if float(part.numbers("known").sum()) > 0:
            found.append(_outcome(name, part, setting))
    return _family(found)


def _family(figures: list[Figure]) -> tuple[Figure, ...]:
    """One family over all inputs and answers: what does not survive drops a word (Holm)."""
    p_values = [f.estimate.p_line or 0.0 if f.estimate is not None else 1.0 for f in figures]
    kept = holm(p_values)
    return tuple(
        f if stands or f.word is None else f.worded(one_lower(f.word))
        for f, stands in zip(figures, kept, strict=True)
    )


def _choice(name: str, option: str, part: Rows, setting: Setting) -> Figure:
    chosen = np.array([c == option for c in part.text("choice")], dtype=float)
    return _figure(name, ("option", option), part, part.numbers("cases") * chosen, "cases", setting)


def _outcome(name: str, part: Rows, setting: Setting) -> Figure:
    return _figure(name, ("outcome", "yes"), part, part.numbers("came"), "known", setting)


def _figure(
    name: str,
    what: tuple[str, str],
    part: Rows,
    events: Floats,
    weights: str,
    setting: Setting,
) -> Figure:
    person, people = part.codes("decider")
    empty = part.numbers("missing") == 1.0
    cases = part.numbers(weights)

    def summed(values: Floats, side: NDArray[np.bool_]) -> Floats:
        return np.bincount(person[side], values[side], minlength=len(people)).astype(float)

    happened = (summed(events, empty), summed(events, ~empty))
    whole = (summed(cases, empty), summed(cases, ~empty))
    answer: Answer
    if setting.population is Population.LIKE_THESE:
        answer = difference_within(happened, whole, line=setting.line)
    else:
        totals = [float(x.sum()) for x in (*happened, *whole)]
        answer = difference_of_shares(
            (totals[0], totals[1]),
            (totals[2], totals[3]),
            people=setting.deciders,
            line=setting.line,
        )
    where = share(happened[0], whole[0], population=setting.population)
    holds = (
        (("holds_low", where.low), ("holds_high", where.high))
        if isinstance(where, Estimate)
        else ()
    )
    return Figure(
        measure="missing-as-value",
        groups=(("input", name), what),
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.ASSOCIATION),
        line=setting.line,
        notes=holds,
    )


MISSING_VALUES = Measure(
    key="missing-as-value",
    question="Is an empty cell treated as if it said something?",
    needs=("choice",),
    applies=lambda s: bool(s.inputs) and not s.quantity,
    sql=query("missing_values"),
    estimate=_missing,
)
