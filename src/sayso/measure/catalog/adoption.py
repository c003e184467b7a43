"""How far advice gets: computed, in view before the choice, opened, moved towards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.jackknife import share
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

# Key, numerator, denominator, and the column without which the step is not known.
_STEPS: tuple[tuple[str, str, str, str | None], ...] = (
    ("coverage", "computed", "cases", None),
    ("exposure", "exposed", "cases", "shown"),
    ("attention", "opened", "exposed", "advice_opened_at"),
    ("use", "used", "usable", "prior"),
    ("justification", "late", "computed", "advice_at"),
)


def _ladder(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    names: tuple[str, ...] = ("cases", "computed", "exposed", "opened", "usable", "used", "late")
    sums: dict[str, Floats] = dict(zip(names, by_decider(rows, *names), strict=True))
    return tuple(
        Figure(
            measure=key,
            answer=share(sums[part], sums[whole], population=setting.population),
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE,
        )
        for key, part, whole, column in _STEPS
        if column is None
        or setting.holds(column)
        or (column == "prior" and setting.holds("prior_number"))
    )


ADOPTION = Measure(
    key="coverage",
    question="In how many cases is there advice, in view, read and used?",
    needs=(),
    applies=lambda s: s.holds("advice") or s.holds("advice_number"),
    sql=query("adoption"),
    estimate=_ladder,
)
