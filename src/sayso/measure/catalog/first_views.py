"""From first view to choice: agreed anyway, moved to the advice, moved away, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error, ratio, share
from sayso.measure.estimators.ranges import refuse, t_estimate
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


def net_apart(shown: Rows, hidden: Rows, *, population: Population, line: float) -> Answer:
    """Net moves with the advice in view less those without: second thoughts move people too.

    Args:
        shown: Rows of queries/first_views.sql in view.
        hidden: Rows where the advice stayed hidden.
        population: Of whom it speaks.
        line: Smallest net share that matters.

    Returns:
        A difference of net shares in -2..2, clustered by decider for people like these.

    Source:
        RULINGS 4.
    """
    names = dict.fromkeys((*shown.text("decider"), *hidden.text("decider")))
    index = {name: place for place, name in enumerate(names)}
    count = len(index)

    def sums(rows: Rows, name: str) -> Floats:
        place = np.array([index[d] for d in rows.text("decider")], dtype=np.intp)
        return np.bincount(place, rows.numbers(name), count).astype(float)

    nets = [sums(r, "moved_to") - sums(r, "moved_away") for r in (shown, hidden)]
    cases = [sums(r, "cases") for r in (shown, hidden)]
    loads = cases[0] + cases[1]
    value = float(nets[0].sum() / cases[0].sum() - nets[1].sum() / cases[1].sum())
    n = round(float(loads.sum()))
    if population is Population.THESE:
        moved = [sums(r, "moved_to") + sums(r, "moved_away") for r in (shown, hidden)]
        variance = sum(
            (m.sum() / c.sum() - (x.sum() / c.sum()) ** 2) / max(1.0, c.sum() - 1)
            for m, x, c in zip(moved, nets, cases, strict=True)
        )
        error, freedom = float(variance) ** 0.5, float("inf")
    else:
        freedom = freedom_of(loads)
        missing = refuse(people=count, freedom=freedom, events=None, non_events=None)
        if missing:
            return missing
        rest = [c.sum() - c for c in cases]
        if any(float(r.min()) <= 0 for r in rest):
            return NotEnoughData(2, 1, "people with such cases")
        left = [(x.sum() - x) / r for x, r in zip(nets, rest, strict=True)]
        error = jackknife_error(left[0] - left[1])
    return t_estimate(
        value, error, freedom, n=n, people=count, population=population, line=line,
        bounds=Range(-2.0, 2.0),
    )  # fmt: skip


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
