"""How many outcomes are due, and how many of those are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.jackknife import share
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def _closure(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Known among matured; not yet due is neither missing nor good."""
    figures = [
        _share("closure", rows, "closed", "matured", setting),
        _share("maturity", rows, "matured", "cases", setting),
    ]
    arms = rows.numbers("in_view")
    if set(arms) == {0.0, 1.0}:
        for name, value in (("shown", 1.0), ("hidden", 0.0)):
            figures.append(_missing("arm", name, rows.where(arms == value), setting))
    if len(setting.options) > 1:
        # Outcomes missing after one choice more than after another bend every figure on quality.
        for option in setting.options:
            part = rows.equal("choice", option)
            if len(part):
                figures.append(_missing("choice", option, part, setting))
    return tuple(figures)


def _missing(by: str, name: str, rows: Rows, setting: Setting) -> Figure:
    matured, closed = by_decider(rows, "matured", "closed")
    return Figure(
        measure="missing-outcome",
        groups=((by, name),),
        answer=share(matured - closed, matured, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


def _share(key: str, rows: Rows, part: str, whole: str, setting: Setting) -> Figure:
    events, cases = by_decider(rows, part, whole)
    return Figure(
        measure=key,
        answer=share(events, cases, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


CLOSURE = Measure(
    key="closure",
    question="Of the outcomes that are due, how many are known?",
    needs=(),
    applies=lambda s: s.holds("outcome") or s.holds("outcome_number"),
    sql=query("closure"),
    estimate=_closure,
    gap=Gap(
        question="How did it turn out?",
        cheapest_way="The file has no outcome. Add one column that says how each case turned "
        "out, and when that is due.",
        measure="closure",
    ),
)
