"""Small charters and tables from which consequences are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from sayso.align.consequence_reading import ConsequencesReading
from sayso.declare.charter import (
    Charter,
    InputType,
    Mistake,
    Money,
    Objective,
    Outcome,
    Source,
)
from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.workspace.consequences import read_consequences

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SOLVED = Objective(
    name="solved", weight=0.6, measure="if(choice = 'leave' and used, 0, 1)", range=(0, 1)
)
KEPT = Objective(
    name="kept",
    weight=0.4,
    measure="if(choice = 'bring' and not used, price, 0)",
    range=(200, 0),
    unit="EUR",
)
CHARTER = Charter(
    decision="part",
    version=1,
    options=("bring", "leave"),
    inputs=(("code", InputType.CATEGORY), ("price", InputType.NUMBER)),
    matters=(SOLVED, KEPT),
    outcome=Outcome(name="used", due_days=21),
    source=Source(
        columns=(
            ("case", "id"),
            ("choice", "did"),
            ("decider", "who"),
            ("decided_at", "day"),
            ("outcome", "used"),
        )
    ),
)
COSTS = (
    Mistake(option="bring", when="not used", costs=Money(190, "EUR")),
    Mistake(option="leave", when="used", costs=Money(310, "EUR")),
)


def rows(n: int = 300, *, seed: int = 1) -> pd.DataFrame:
    """Visits over 100 days: the part is used in 8 of 10 of code A and in 2 of 10 of code B."""
    random = np.random.default_rng(seed)
    code = random.choice(["A", "B"], n)
    days = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.linspace(0, 100, n), unit="D")
    return pd.DataFrame(
        {
            "id": [f"V{i}" for i in range(n)],
            "day": days.floor("s"),
            "who": random.choice([f"d{i}" for i in range(12)], n),
            "code": code,
            "price": random.choice([100.0, 150.0], n),
            "did": random.choice(["bring", "leave"], n),
            "used": random.random(n) < np.where(code == "A", 0.8, 0.2),
        }
    )


def ask(
    table: Any = None, charter: Charter = CHARTER, **options: Any
) -> ConsequencesReading | NotEnoughData | CannotTell:
    """What the table says, at a fixed moment and seed."""
    source = rows() if table is None else table
    return read_consequences(charter, source, **{"as_of": NOW, "seed": 5, **options})


@cache
def plain() -> ConsequencesReading:
    """What the plain table and charter say, read once."""
    found = ask()
    assert isinstance(found, ConsequencesReading)
    return found


def read(table: Any = None, charter: Charter = CHARTER, **options: Any) -> ConsequencesReading:
    """The same where it must say something."""
    if table is None and charter is CHARTER and not options:
        return plain()
    found = ask(table, charter, **options)
    assert isinstance(found, ConsequencesReading), found
    return found


def measured(*measures: str | None, **changes: Any) -> Charter:
    """The charter with other measures, and with other changes."""
    matters = tuple(replace(o, measure=m) for o, m in zip((SOLVED, KEPT), measures, strict=False))
    return replace(CHARTER, matters=matters or CHARTER.matters, **changes)
