"""A measure: one reducing query and one pure estimator."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sayso.domain.figure import Figure
    from sayso.measure.engine import Engine
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
    """

    question: str
    cheapest_way: str
    measure: str


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

    def read(self, engine: Engine, setting: Setting) -> tuple[Figure, ...]:
        """Answer the question over the whole case table."""
        return self.estimate(engine.fetch(self.sql, self.params(setting)), setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointMeasure(Measure):
    """A measure that reads several queries, because one must choose among their answers.

    Attributes:
        more: Further queries by name; each is fetched only where ``wants`` says so.
        wants: Which of the further queries a setting calls for.
        join: Pure function from all rows, by name, to figures; ``sql`` is under "".
    """

    more: Mapping[str, str]
    wants: Callable[[Setting], tuple[str, ...]]
    join: Callable[[Mapping[str, Rows], Setting], tuple[Figure, ...]]

    def read(self, engine: Engine, setting: Setting) -> tuple[Figure, ...]:
        """Answer the question over the whole case table."""
        params = self.params(setting)
        queries = {"": self.sql} | {name: self.more[name] for name in self.wants(setting)}
        return self.join(
            {name: engine.fetch(sql, named(sql, params)) for name, sql in queries.items()}, setting
        )


def named(sql: str, params: Mapping[str, object]) -> dict[str, object]:
    """Those of the parameters that the text names."""
    return {name: value for name, value in params.items() if f"${name}" in sql}
