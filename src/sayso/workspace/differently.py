"""Has what was to be decided differently happened?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sayso.declare.charter import Charter
    from sayso.domain.figure import Figure
    from sayso.measure.engine import Engine
    from sayso.measure.setting import Setting


def read_differently(
    engine: Engine, charter: Charter | None, setting: Setting, *, today: date
) -> tuple[Figure, ...]:
    """One figure for each line of the charter's ``differently``."""
    del engine, charter, setting, today
    return ()
