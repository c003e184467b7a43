"""How would the option that shows its outcome have turned out in all the other cases?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.unseen import Assumption, Sums, ends, unseen_share
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def _unseen(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    option = setting.outcome_seen_for or ""
    if not len(rows):
        return (_figure(Assumption.NOTHING, option, NotEnoughData(1, 0), ()),)
    sums = Sums(
        rows.numbers("cases"),
        rows.numbers("seen"),
        rows.numbers("wrong"),
        rows.codes("decider")[0],
        rows.codes("cell")[0],
    )
    population = setting.population if setting.deciders else Population.THESE
    figures: list[Figure] = []
    for assumption in Assumption:
        answer = unseen_share(sums, assumption, population=population)
        notes: tuple[tuple[str, float], ...] = ()
        if isinstance(answer, Estimate):
            low, high = _plain(sums, assumption)
            notes = (("low", low), ("high", high))
        figures.append(_figure(assumption, option, answer, notes))
    return tuple(figures)


def _plain(sums: Sums, assumption: Assumption) -> tuple[float, float]:
    """The ends in these cases, without what sampling adds."""
    kinds = int(sums.cell.max()) + 1
    cases, seen, wrong = (
        np.bincount(sums.cell, values, kinds).astype(np.float64)
        for values in (sums.cases, sums.seen, sums.wrong)
    )
    return ends(cases, seen, wrong, assumption)


def _figure(
    assumption: Assumption,
    option: str,
    answer: Estimate | NotEnoughData,
    notes: tuple[tuple[str, float], ...],
) -> Figure:
    return Figure(
        measure="unseen-wrong",
        groups=(("option", option), ("assuming", assumption.value)),
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.SHARE,
        word=Word.NOT_YET if isinstance(answer, NotEnoughData) else None,
        notes=notes,
    )


UNSEEN_WRONG = Measure(
    key="unseen-wrong",
    question="How would the option that shows its outcome have turned out in the other cases?",
    needs=("choice", "choice_right"),
    applies=lambda s: s.outcome_seen_for is not None and not s.quantity,
    params=lambda s: {"option": s.outcome_seen_for or ""},
    sql=query("unseen"),
    estimate=_unseen,
)
