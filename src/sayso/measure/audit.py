"""The audit: which measures a table allows, and their figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter import FewDeciders
from sayso.domain.errors import PeopleTooFew
from sayso.measure.engine import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sayso.domain.figure import Figure
    from sayso.measure.engine import Ask, AskKey, Engine
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

    def __init__(self, engine: Engine, uses: Mapping[str, int] | None = None) -> None:
        """Share an engine.

        Args:
            engine: What runs the queries.
            uses: How often each text will be asked for; what it gave is let go after that. What
                is not named is kept.
        """
        self._engine = engine
        self._left = dict(uses or {})
        self._kept: dict[str, dict[AskKey, Rows]] = {}
        self.scans = 0

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        """Run sql with named parameters, or return what it gave before."""
        key = key_of(sql, params)
        kept = self._kept.setdefault(sql, {})
        if key not in kept:
            kept[key] = self._engine.fetch(sql, params)
            self.scans += 1
        found = kept[key]
        if sql in self._left:
            self._left[sql] -= 1
            if self._left[sql] <= 0:
                del self._kept[sql]
        return found


def asked(planned: Plan, setting: Setting) -> list[Ask]:
    """Every query of a plan, in the order in which the measures ask for it."""
    return [ask for measure in planned.measures for ask in measure.asks(setting)]


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
    uses = Counter(sql for sql, _ in asked(planned, setting))
    shared = SharedScans(engine, uses)
    figures: list[Figure] = []
    for done, measure in enumerate(planned.measures):
        if progress is not None:
            progress(done, len(planned.measures))
        figures.extend(measure.read(shared, setting))
    return tuple(figures)
