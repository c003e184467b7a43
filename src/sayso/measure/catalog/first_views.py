"""From first view to choice: agreed anyway, moved to the advice, moved away, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import ratio, share
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]


def by_decider(rows: Rows, *columns: str) -> tuple[Floats, ...]:
    """Sums of columns by decider, each of shape (deciders,)."""
    index, names = rows.codes("decider")
    return tuple(
        np.bincount(index, rows.numbers(name), minlength=len(names)).astype(float)
        for name in columns
    )


def net_of(rows: Rows, *, population: Population, line: float) -> Answer:
    """Moved to the advice minus moved away, per case with a first view.

    Args:
        rows: Rows of queries/first_views.sql.
        population: Of whom it speaks.
        line: Smallest net share that matters.

    Returns:
        A net share in -1..1: P(choice is the advice) - P(first view is the advice).
    """
    to, away, cases = by_decider(rows, "moved_to", "moved_away", "cases")
    total = float(cases.sum())
    if population is Population.LIKE_THESE or total < 2:
        return ratio(to - away, cases, cases, line=line, bounds=Range(-1.0, 1.0))
    net = float((to - away).sum()) / total
    variance = (float((to + away).sum()) / total - net**2) / (total - 1)
    return t_estimate(
        net,
        max(0.0, variance) ** 0.5,
        float("inf"),
        n=round(total),
        people=len(cases),
        population=population,
        line=line,
        bounds=Range(-1.0, 1.0),
    )


_PARTS = (
    ("first-view-agreed", "agreed"),
    ("first-view-moved-to", "moved_to"),
    ("first-view-moved-away", "moved_away"),
    ("first-view-held", "held"),
)


def _flow(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    seen = rows.where(rows.numbers("in_view") == 1.0)
    agreed, to, away, held, cases = by_decider(
        seen, "agreed", "moved_to", "moved_away", "held", "cases"
    )
    parts = {"agreed": agreed, "moved_to": to, "moved_away": away, "held": held}
    figures = [_share(key, parts[name], cases, setting) for key, name in _PARTS]
    figures.append(_share("first-view-other", cases - agreed - to - away - held, cases, setting))
    if not setting.quantity:
        # Among cases where the first view was not the advice; never set against moved away,
        # which conditions on other cases (RULINGS 4).
        figures.append(_share("switch-fraction", to, cases - agreed - away, setting))
    return tuple(figures)


def _share(key: str, events: Floats, cases: Floats, setting: Setting) -> Figure:
    return Figure(
        measure=key,
        answer=share(events, cases, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


FIRST_VIEWS = Measure(
    key="first-view-agreed",
    question="Where a first view was given, who moved to the advice and who held?",
    needs=(),
    applies=lambda s: (
        (s.holds("prior", "advice", "choice"))
        or s.holds("prior_number", "advice_number", "choice_number")
    ),
    sql=query("first_views"),
    estimate=_flow,
    gap=Gap(
        question="Had people already made up their mind?",
        cheapest_way="Ask for a first view before the advice appears, in 1 case of 5, for four "
        "weeks. About 15 seconds a case.",
        measure="first-view-agreed",
    ),
)
