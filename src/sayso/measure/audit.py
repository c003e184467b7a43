"""The audit: which measures a table allows, and their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter import FewDeciders
from sayso.domain.errors import PeopleTooFew

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sayso.domain.figure import Figure
    from sayso.measure.engine import Engine
    from sayso.measure.measure import AnyMeasure, Gap
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

LEAST_DECIDERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be read, and what this table cannot tell.

    Attributes:
        measures: Measures whose needs are met, in the catalogue's order.
        gaps: What the others would have answered, with the cheapest way to find out.
    """

    measures: tuple[AnyMeasure, ...]
    gaps: tuple[Gap, ...]


def plan(setting: Setting, catalogue: Sequence[AnyMeasure]) -> Plan:
    """Decide which measures apply to a table.

    Raises:
        PeopleTooFew: If the table names fewer than five people and no charter allows a report.
    """
    few = 0 < setting.deciders < LEAST_DECIDERS
    if few and setting.few_deciders is FewDeciders.REFUSE:
        raise PeopleTooFew(
            f"This table names {setting.deciders} {'person' if setting.deciders == 1 else 'people'}; "
            f"a report on fewer than {LEAST_DECIDERS} would be a report on persons.",
            hint="If they agreed, or the data are public, say so in the charter: "
            "privacy: {few_deciders: consented} or public-data.",
        )
    readable = tuple(m for m in catalogue if m.can_read(setting))
    gaps: dict[str, Gap] = {}
    for measure in catalogue:
        gap = measure.gap
        if measure not in readable and gap is not None and gap.stays_open(setting):
            gaps.setdefault(gap.question, gap)
    return Plan(measures=readable, gaps=tuple(gaps.values()))


class SharedScans:
    """An engine that runs each distinct query once, so that measures can share a scan."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[tuple[str, tuple[tuple[str, str], ...]], Rows] = {}

    @property
    def scans(self) -> int:
        """Queries that reached the engine."""
        return len(self._kept)

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters, or return what it gave before."""
        key = (sql, tuple(sorted((name, repr(value)) for name, value in params.items())))
        if key not in self._kept:
            self._kept[key] = self._engine.fetch(sql, params)
        return self._kept[key]


def run(
    planned: Plan,
    engine: Engine,
    setting: Setting,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Figure, ...]:
    """Read every planned measure.

    Args:
        planned: What to read.
        engine: Where the table ``cases`` lives.
        setting: What was fixed before any figure was seen.
        progress: Told how many measures are done, of how many.
    """
    shared = SharedScans(engine)
    figures: list[Figure] = []
    for done, measure in enumerate(planned.measures):
        if progress is not None:
            progress(done, len(planned.measures))
        figures.extend(measure.read(shared, setting))
    return tuple(figures)
