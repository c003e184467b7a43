"""In which kinds of case is the advice opened, moved to or followed, and in which not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import difference_of_shares, difference_within, share
from sayso.measure.estimators.words import holm
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

MOST_KINDS = 30
# What is counted, of which cases, and the column without which it is not known.
_USES = (
    ("opened", "opened", "cases", "advice_opened_at"),
    ("moved to", "moved", "apart", "prior"),
    ("followed", "followed", "cases", None),
)


def _map(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Each kind's share, and whether it stands apart from the other kinds by Holm at 5 %.

    Where every decider sees one kind only, kinds and people cannot be told apart; then no note
    says that a kind stands apart, or that it does not.
    """
    people, names = rows.codes("decider")
    kind, kinds = rows.codes("kind")
    if not 1 < len(kinds) <= MOST_KINDS:
        return ()
    figures: list[Figure] = []
    for use, part, whole, column in _USES:
        if column is not None and not setting.holds(column):
            continue
        events, cases = (
            _table(rows.numbers(c), people, kind, (len(names), len(kinds))) for c in (part, whole)
        )
        if float(cases.sum()) < setting.minimum_cases:
            continue
        apart = [_against_rest(events, cases, k, setting) for k in range(len(kinds))]
        tested = [a.p_line if isinstance(a, Estimate) else None for a in apart]
        kept = holm([p if p is not None else 1.0 for p in tested])
        for k, name in enumerate(kinds):
            answer: Answer = share(events[:, k], cases[:, k], population=setting.population)
            if cases[:, k].sum() < setting.minimum_cases:
                answer = NotEnoughData(setting.minimum_cases, round(float(cases[:, k].sum())))
            difference = apart[k]
            notes: tuple[tuple[str, float | int | str | bool], ...] = ()
            if isinstance(difference, Estimate):
                alike = difference.r95.inside(setting.line)
                notes = (
                    ("apart", kept[k]), ("alike", alike), ("less_rest", difference.value),
                )  # fmt: skip
            figures.append(
                Figure(
                    measure="selective-use",
                    groups=(("use", use), ("kind", str(name))),
                    answer=answer,
                    grade=Grade.DESCRIPTION,
                    unit=Unit.SHARE,
                    notes=notes,
                )
            )
    return tuple(figures)


def _table(
    values: Floats, people: NDArray[np.intp], kind: NDArray[np.intp], shape: tuple[int, int]
) -> Floats:
    made = np.zeros(shape)
    np.add.at(made, (people, kind), values)
    return made


def _against_rest(events: Floats, cases: Floats, k: int, setting: Setting) -> Answer:
    """One kind less all others, within each decider; 0 is the line."""
    rest = np.arange(events.shape[1]) != k
    pairs = (events[:, k], events[:, rest].sum(axis=1)), (cases[:, k], cases[:, rest].sum(axis=1))
    if setting.population is Population.LIKE_THESE:
        return difference_within(*pairs, line=0.0)
    totals = tuple((float(a.sum()), float(b.sum())) for a, b in pairs)
    return difference_of_shares(totals[0], totals[1], people=len(cases), line=0.0)


SELECTIVE_USE = Measure(
    key="selective-use",
    question="In which kinds of case is the advice opened or followed?",
    needs=("kind",),
    applies=lambda s: (
        (s.holds("advice") or s.holds("advice_number"))
        and (s.holds("choice") or s.holds("choice_number"))
    ),
    sql=query("selective_use"),
    estimate=_map,
)
