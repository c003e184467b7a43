"""Simulated trials: advice shown by a coin, with an effect that is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sayso.domain.figure import Figure
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.reading import Judgement
from sayso.measure.setting import Setting
from sayso.measure.verdict import judge
from tests.measure.case_rows import cases_from

Follow = Callable[[int, int, bool, str, np.random.Generator], str]

HAS = frozenset({"choice", "advice", "shown", "late_half", "kind", "alike_wide", "decider"})


def trial(follow: Follow, *, cases: int, people: int, seed: int) -> list[dict[str, object]]:
    """Rows of a fair coin; ``follow`` chooses from case, person, shown, advice and a generator."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for i in range(cases):
        shown, who = bool(draw.random() < 0.5), int(draw.integers(people))
        advice = "yes" if draw.random() < 0.5 else "no"
        rows.append(
            {
                "decider": f"p{who}",
                "advice": advice,
                "choice": follow(i, who, shown, advice, draw),
                "shown": shown,
                "late_half": i >= cases / 2,
                "kind": "k" if draw.random() < 0.5 else "l",
                "alike_wide": "m" if draw.random() < 0.5 else "n",
            }
        )
    return rows


def audited(
    rows: list[dict[str, object]], *, people: int, stated: float = 0.5
) -> tuple[dict[str, Figure], Judgement]:
    """Whole-table figures by measure, and the verdict."""
    setting = Setting(has=HAS, options=("yes", "no"), deciders=people, show_probability=stated)
    figures = INFLUENCE.read(cases_from(rows), setting)
    return {f.measure: f for f in figures if not f.groups}, judge(figures, setting)
