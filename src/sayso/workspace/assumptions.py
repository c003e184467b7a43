"""Do the charter's assumptions still hold? Each one's own check, over all cases and by period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.workspace.check_sql import CheckSql, check_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Assumption, Charter
    from sayso.domain.answer import Population
    from sayso.measure.estimators.assumption import Judged
    from sayso.measure.estimators.periods import Period

    Floats = NDArray[np.float64]
    Notes = tuple[tuple[str, float | int | str | bool], ...]

NO_RANGE = CannotTell(
    "The charter does not say between which values it holds.", "Add `holds:` with two numbers."
)


def read_assumptions(table: OpenTable, charter: Charter | None) -> tuple[Figure, ...]:
    """Figures on every assumption of a charter.

    Each has ``assumption``: where its check stands over all cases since it is believed, and in
    its notes where it is assumed to lie and how it stands. With dates, ``assumption-over-time``
    by period; where it stopped holding, ``assumption-since``: where it stands from then on.

    Args:
        table: The table, open.
        charter: What assumes; None for nothing.
    """
    if charter is None:
        return ()
    return tuple(f for one in charter.assumptions for f in _read(one, table, charter))


def _read(one: Assumption, table: OpenTable, charter: Charter) -> list[Figure]:
    sql = check_sql(one.check, one.where, table, charter)
    if isinstance(sql, CannotTell) or one.holds is None:
        why = sql if isinstance(sql, CannotTell) else NO_RANGE
        return [_figure(one, why, None, ())]
    since = _believed_since(one, table)
    inside = sql if since is None else replace(sql, where=f"{sql.where} AND {_from(since)}")
    return _judged(one, Range(min(one.holds), max(one.holds)), inside, table)


def _believed_since(one: Assumption, table: OpenTable) -> date | None:
    """The day from which cases count; all do where none is dated or none came later."""
    until = table.profile.until if table.profile.calendar else None
    if one.since is None or until is None or until.date() < one.since:
        return None
    return one.since


def _from(day: date) -> str:
    return f"decided_at >= TIMESTAMP '{datetime.combine(day, time()):%Y-%m-%d %H:%M:%S}'"


def _judged(one: Assumption, holds: Range, sql: CheckSql, table: OpenTable) -> list[Figure]:
    from sayso.measure.estimators.assumption import judge_assumption

    periods = _periods(sql, table)
    sums = _Sums.read(sql, () if isinstance(periods, NotEnoughData) else periods, table)
    whole = sums.answer(0)
    if isinstance(periods, NotEnoughData):
        judged = judge_assumption(whole, (), (), holds)
        return [_figure(one, whole, judged, ())]
    means = [sums.mean(i) for i in range(len(periods))]
    from_then = [sums.answer(i) for i in range(len(periods))]
    judged = judge_assumption(whole, means, from_then, holds)
    notes: Notes = ()
    found: list[Figure] = []
    if judged.since is not None:
        since = periods[judged.since].since
        notes = (("stopped", since.isoformat()), ("cases_since", sums.cases_from(judged.since)))
        then = from_then[judged.since]
        if isinstance(then, Estimate):
            then = replace(then, p_line=judged.p_value)
        found.append(_figure(one, then, judged, notes, measure="assumption-since"))
    elif isinstance(whole, Estimate):
        whole = replace(whole, p_line=judged.p_value)
    found.insert(0, _figure(one, whole, judged, notes))
    return found + [
        _in_period(one, period, sums.answer(i, only=True)) for i, period in enumerate(periods)
    ]


def _periods(sql: CheckSql, table: OpenTable) -> tuple[Period, ...] | NotEnoughData:
    import numpy as np

    from sayso.measure.estimators.periods import periods_of

    if not table.profile.calendar:
        return NotEnoughData(6, 0, "periods")
    rows = table.engine.fetch(
        "SELECT day, count(v) AS cases, sum(v) AS total, "  # noqa: S608 - from the allowlist
        "count(CASE WHEN v <> 0 AND v <> 1 THEN 1 END) AS other FROM "
        f"(SELECT CAST(CAST(decided_at AS DATE) AS VARCHAR) AS day, {sql.value} AS v FROM cases "
        f"WHERE {sql.where} AND decided_at IS NOT NULL) AS checked "
        "WHERE v IS NOT NULL GROUP BY day ORDER BY day",
        {},
    )
    if not len(rows):
        return NotEnoughData(1, 0)
    days = [date.fromisoformat(str(day)) for day in rows.text("day")]
    yes_or_no = float(np.nansum(rows.numbers("other"))) == 0
    return periods_of(days, rows.numbers("cases"), rows.numbers("total") if yes_or_no else None)


class _Sums:
    """A check's sums by period and decider; the one place where they are added up."""

    def __init__(
        self, cases: Floats, totals: Floats, *, yes_or_no: bool, population: Population
    ) -> None:
        self._cases = cases
        self._totals = totals
        self._yes_or_no = yes_or_no
        self._population = population

    @classmethod
    def read(cls, sql: CheckSql, periods: Sequence[Period], table: OpenTable) -> _Sums:
        """Sums of shape (periods, deciders); one period where there are none."""
        import numpy as np

        arms = "".join(f" WHEN NOT ({_from(p.since)}) THEN {i}" for i, p in enumerate(periods[1:]))
        last = max(0, len(periods) - 1)
        place = f"CASE WHEN decided_at IS NULL THEN NULL{arms} ELSE {last} END" if arms else "0"
        rows = table.engine.fetch(
            "SELECT period, decider, count(v) AS cases, sum(v) AS total, "  # noqa: S608 - as above
            "count(CASE WHEN v <> 0 AND v <> 1 THEN 1 END) AS other FROM "
            f"(SELECT {place} AS period, decider, {sql.value} AS v FROM cases "
            f"WHERE {sql.where}) AS checked WHERE v IS NOT NULL AND period IS NOT NULL "
            "GROUP BY period, decider ORDER BY period, decider NULLS LAST",
            {},
        )
        person, names = rows.codes("decider")
        shape = (max(1, len(periods)), max(1, len(names)))
        cases, totals = np.zeros(shape), np.zeros(shape)
        at = rows.numbers("period").astype(np.intp)
        np.add.at(cases, (at, person), rows.numbers("cases"))
        np.add.at(totals, (at, person), rows.numbers("total"))
        other = float(rows.numbers("other").sum()) if len(rows) else 0.0
        return cls(cases, totals, yes_or_no=other == 0, population=table.setting.population)

    def mean(self, period: int) -> float:
        """The check's plain value in a period."""
        return float(self._totals[period].sum() / self._cases[period].sum())

    def cases_from(self, period: int) -> int:
        """Cases decided from a period on."""
        return round(float(self._cases[period:].sum()))

    def answer(self, period: int, *, only: bool = False) -> Answer:
        """The check from a period on, or in that period only, clustered by decider."""
        from sayso.measure.estimators.jackknife import ratio, share

        span = slice(period, period + 1 if only else None)
        cases, totals = self._cases[span].sum(axis=0), self._totals[span].sum(axis=0)
        if self._yes_or_no:
            return share(totals, cases, population=self._population)
        return ratio(totals, cases, cases, population=self._population)


def _figure(
    one: Assumption,
    answer: Answer,
    judged: Judged | None,
    notes: Notes,
    *,
    measure: str = "assumption",
) -> Figure:
    from sayso.measure.estimators.assumption import Judged, word_of
    from sayso.measure.estimators.standing import Standing

    stands = judged or Judged(Standing.NOT_TESTED)
    said: list[tuple[str, float | int | str | bool]] = [
        ("says", one.says),
        ("state", str(stands.standing)),
    ]
    if one.holds is not None:
        said += [("holds_low", min(one.holds)), ("holds_high", max(one.holds))]
    if one.owner is not None:
        said.append(("owner", one.owner))
    if one.since is not None:
        said.append(("since", one.since.isoformat()))
    return Figure(
        measure=measure,
        groups=(("assumption", one.id),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=_unit(one, answer),
        word=word_of(stands, answer),
        notes=(*said, *notes),
    )


def _in_period(one: Assumption, period: Period, answer: Answer) -> Figure:
    return Figure(
        measure="assumption-over-time",
        groups=(("assumption", one.id), ("period", period.since.isoformat())),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=_unit(one, answer),
        notes=(("until", period.until.isoformat()), ("unit", period.unit)),
    )


def _unit(one: Assumption, answer: Answer) -> Unit:
    """A share where the check is yes or no; an amount only of what the charter's unit is of."""
    if not isinstance(answer, Estimate) or answer.events is not None:
        return Unit.SHARE
    quantity = any(name in (one.check or "") for name in ("choice", "advice", "prior"))
    return Unit.AMOUNT if quantity else Unit.COEFFICIENT
