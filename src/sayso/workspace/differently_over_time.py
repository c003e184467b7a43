"""What was to be decided differently, quarter by quarter since launch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.workspace.check_sql import check_sql

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter, Different

MOST_QUARTERS = 12


def by_quarter(
    line: Different, table: OpenTable, charter: Charter, *, since: datetime | None
) -> tuple[Figure, ...]:
    """Where one line of ``differently`` stood in each quarter of 13 weeks, and the change.

    Args:
        line: What was to change.
        table: The table, open.
        charter: The charter whose names the line uses.
        since: The launch; None for the first decision.

    Returns:
        Nothing where the check is no share, or there are fewer than two quarters.
    """
    import numpy as np

    from sayso.measure.catalog.momentum import state_of
    from sayso.measure.estimators.jackknife import share
    from sayso.measure.estimators.trend import ratio_change
    from sayso.measure.estimators.words import word_for

    setting = table.setting
    if not setting.holds("week"):
        return ()
    sql = check_sql(line.check, line.where, table, charter)
    if isinstance(sql, CannotTell):
        return ()
    from_launch = "" if since is None else " AND decided_at >= $since"
    # Both conditions come from the expression allowlist, written again from their trees.
    checked = (
        f"SELECT decider, week, {sql.value} AS v FROM cases "  # noqa: S608
        f"WHERE week IS NOT NULL AND {sql.where}{from_launch}"
    )
    rows = table.engine.fetch(
        "SELECT decider, floor((week - first) / 13e0) AS quarter, count(v) AS cases, "  # noqa: S608
        "sum(v) AS total, count(CASE WHEN v <> 0 AND v <> 1 THEN 1 END) AS other "
        f"FROM ({checked}) AS checked CROSS JOIN "
        f"(SELECT min(week) AS first FROM ({checked}) AS again) AS launch "
        "GROUP BY decider, floor((week - first) / 13e0) ORDER BY decider NULLS LAST, 2",
        {"since": since},
    )
    if not len(rows) or float(rows.numbers("other").sum()) > 0:
        return ()
    people, names = rows.codes("decider")
    quarter = rows.numbers("quarter").astype(np.intp)
    cases, total = (np.zeros((len(names), int(quarter.max()) + 1)) for _ in range(2))
    np.add.at(cases, (people, quarter), np.nan_to_num(rows.numbers("cases")))
    np.add.at(total, (people, quarter), np.nan_to_num(rows.numbers("total")))
    while cases.shape[1] > 1 and cases[:, -1].sum() < setting.minimum_cases:
        cases, total = cases[:, :-1], total[:, :-1]
    if not 2 <= cases.shape[1] <= MOST_QUARTERS:
        return ()
    change = ratio_change(total, cases, population=setting.population, line=setting.line)
    group = (("check", line.says),)
    figures = [
        Figure(
            measure="differently-momentum",
            groups=group,
            answer=change,
            grade=Grade.DESCRIPTION,
            unit=Unit.NET_SHARE,
            word=word_for(change, line=setting.line, grade=Grade.BEFORE_AFTER),
            line=setting.line,
            notes=(("state", state_of(change, setting)),),
        )
    ]
    for q in range(cases.shape[1]):
        answer = share(total[:, q], cases[:, q], population=setting.population)
        figures.append(
            Figure(
                measure="differently-by-quarter",
                groups=(*group, ("quarter", str(q + 1))),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
            )
        )
    return tuple(figures)
