"""Has what was to be decided differently happened?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, CannotTell, Estimate
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.workspace.check_sql import check_sql
from sayso.workspace.differently_over_time import by_quarter

if TYPE_CHECKING:
    from datetime import date, datetime

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter, Different


def read_differently(
    table: OpenTable, charter: Charter | None, *, today: date
) -> tuple[Figure, ...]:
    """Each line of the charter's ``differently``, over cases with advice in view, and over time.

    Args:
        table: The table, open.
        charter: What was to change; None for nothing.
        today: The day that counts as today.
    """
    if charter is None:
        return ()
    since = table.profile.shown_since
    stands = tuple(
        figure_of(line, table, charter, since=since, today=today) for line in charter.differently
    )
    over_time = (by_quarter(line, table, charter, since=since) for line in charter.differently)
    return stands + tuple(figure for each in over_time for figure in each)


def figure_of(
    line: Different, table: OpenTable, charter: Charter, *, since: datetime | None, today: date
) -> Figure:
    """Where one line of ``differently`` stands, over the cases decided from a moment on.

    Args:
        line: What was to change.
        table: The table, open.
        charter: The charter whose names the line uses.
        since: The first moment that counts; None for every case.
        today: The day that counts as today.
    """
    from sayso.measure.estimators.difference import judge_change

    answer = _stands(line, table, charter, since)
    change = judge_change(answer, start=line.start, target=line.target, by=line.by, today=today)
    notes: list[tuple[str, float | int | str | bool]] = [("state", str(change))]
    notes += [(n, v) for n, v in (("start", line.start), ("target", line.target)) if v is not None]
    if line.by is not None:
        notes.append(("by", line.by.isoformat()))
    share = not isinstance(answer, Estimate) or answer.events is not None
    return Figure(
        measure="differently",
        groups=(("check", line.says),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE if share else Unit.AMOUNT,
        notes=tuple(notes),
    )


def _stands(line: Different, table: OpenTable, charter: Charter, since: datetime | None) -> Answer:
    """Where the check stands now, clustered by decider."""
    from sayso.measure.catalog.first_views import by_decider
    from sayso.measure.estimators.jackknife import ratio, share

    sql = check_sql(line.check, line.where, table, charter)
    if isinstance(sql, CannotTell):
        return sql
    from_launch = "" if since is None else " AND decided_at >= $since"
    # Both conditions come from the expression allowlist, written again from their trees.
    checked = f"SELECT decider, {sql.value} AS v FROM cases WHERE {sql.where}{from_launch}"  # noqa: S608
    sums = (
        "SELECT decider, count(v) AS cases, sum(v) AS total, "
        "count(CASE WHEN v <> 0 AND v <> 1 THEN 1 END) AS other "
    )
    rows = table.engine.fetch(
        f"{sums} FROM ({checked}) AS checked GROUP BY decider ORDER BY decider NULLS LAST",
        {"since": since},
    )
    totals, cases, other = by_decider(
        rows.where(rows.numbers("cases") > 0), "total", "cases", "other"
    )
    if float(other.sum()) == 0:
        return share(totals, cases, population=table.setting.population)
    return ratio(totals, cases, cases, population=table.setting.population)
