"""A measure: one reducing query and one pure estimator."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sayso.domain.figure import Figure
    from sayso.measure.engine import Ask, Engine
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def query(name: str) -> str:
    """The text of queries/NAME.sql."""
    return resources.files("sayso.measure.queries").joinpath(f"{name}.sql").read_text("utf-8")


def _no_params(_: Setting) -> Mapping[str, object]:
    return {}


def _always(_: Setting) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A question this table cannot answer, and the cheapest way to find out.

    Attributes:
        question: As a person would ask it.
        cheapest_way: One or two sentences; "{n}" style facts already filled in.
        measure: Key of the measure that could not be read.
        stays_open: Whether the question arises at all in a setting.
    """

    question: str
    cheapest_way: str
    measure: str
    stays_open: Callable[[Setting], bool] = field(default=_always)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Counts come from SQL, meaning comes from Python.

    Attributes:
        key: Public name, used in charters, URLs, reports and JSON.
        question: What it answers, as a person would ask it.
        needs: Columns of the case table that must hold values, all of them.
        applies: Further condition on the setting.
        sql: The reducing query over ``cases``.
        params: Named parameters of the query, from the setting.
        estimate: Pure function from the query's rows to figures. The first figure is the
            measure's headline and its key is the measure's key.
        gap: What to say where the needs are not met; None where silence is right.
    """

    key: str
    question: str
    needs: tuple[str, ...]
    sql: str
    estimate: Callable[[Rows, Setting], tuple[Figure, ...]]
    applies: Callable[[Setting], bool] = field(default=_always)
    params: Callable[[Setting], Mapping[str, object]] = field(default=_no_params)
    gap: Gap | None = None

    def can_read(self, setting: Setting) -> bool:
        """Whether the table holds what the measure needs."""
        return setting.holds(*self.needs) and self.applies(setting)

    def asks(self, setting: Setting) -> tuple[Ask, ...]:
        """What it asks the engine."""
        return ((self.sql, self.params(setting)),)

    def read(self, engine: Engine, setting: Setting) -> tuple[Figure, ...]:
        """Answer the question over the whole case table."""
        return self.estimate(engine.fetch(self.sql, self.params(setting)), setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointMeasure:
    """A measure that reads several queries, because their answers are judged together.

    Attributes:
        key: Public name.
        question: What it answers, as a person would ask it.
        needs: Columns of the case table that must hold values, all of them.
        queries: The queries that a setting calls for, by name.
        join: Pure function from all rows, by name, to figures.
        applies: Further condition on the setting.
        params: Named parameters, from the setting; each query gets those it names.
        gap: What to say where the needs are not met.
    """

    key: str
    question: str
    needs: tuple[str, ...]
    queries: Callable[[Setting], Mapping[str, str]]
    join: Callable[[Mapping[str, Rows], Setting], tuple[Figure, ...]]
    applies: Callable[[Setting], bool] = field(default=_always)
    params: Callable[[Setting], Mapping[str, object]] = field(default=_no_params)
    gap: Gap | None = None

    def can_read(self, setting: Setting) -> bool:
        """Whether the table holds what the measure needs."""
        return setting.holds(*self.needs) and self.applies(setting)

    def asks(self, setting: Setting) -> tuple[Ask, ...]:
        """What it asks the engine."""
        params = self.params(setting)
        return tuple(
            (sql, {k: v for k, v in params.items() if f"${k}" in sql})
            for sql in self.queries(setting).values()
        )

    def read(self, engine: Engine, setting: Setting) -> tuple[Figure, ...]:
        """Answer the question over the whole case table."""
        rows = [engine.fetch(sql, params) for sql, params in self.asks(setting)]
        return self.join(dict(zip(self.queries(setting), rows, strict=True)), setting)


AnyMeasure = Measure | JointMeasure
