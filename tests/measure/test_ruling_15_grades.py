"""Ruling 15: a grade is earned by checks, not given by a column's name."""

import numpy as np
import pytest

from sayso.domain.answer import CannotTell, Estimate
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from
from tests.measure.trials import audited, trial


def fair(_: int, __: int, shown: bool, advice: str, draw: np.random.Generator) -> str:
    return advice if draw.random() < (0.8 if shown else 0.7) else "yes"


def test_a_coin_that_is_one_is_randomised():
    figures, _ = audited(trial(fair, cases=3000, people=20, seed=1), people=20)
    assert figures["influence"].grade is Grade.RANDOMISED


def by_choice(rows: list[dict[str, object]]) -> None:
    """Advice opened by those who chose to: every opened case is of one kind."""
    for row in rows:
        row["alike_wide"] = "m" if row["shown"] else "n"


def one_arm_expires(rows: list[dict[str, object]]) -> None:
    for i, row in enumerate(rows):
        if row["shown"] and i % 5 == 0:
            row["choice"] = None


def afterwards(rows: list[dict[str, object]]) -> None:
    rows[0]["justification"] = True


@pytest.mark.feature("M19")
@pytest.mark.parametrize("spoil", [by_choice, one_arm_expires, afterwards])
def test_a_coin_that_fails_a_check_is_not(spoil):
    rows = trial(fair, cases=3000, people=20, seed=2)
    spoil(rows)
    figures, _ = audited(rows, people=20)
    assert figures["influence"].grade is not Grade.RANDOMISED
    assert isinstance(figures["influence"].answer, CannotTell)


def test_a_stated_chance_that_the_rows_do_not_show_is_not_believed():
    figures, _ = audited(trial(fair, cases=3000, people=20, seed=3), people=20, stated=0.9)
    assert figures["influence"].grade is not Grade.RANDOMISED


def drifting(draw: np.random.Generator) -> list[dict[str, object]]:
    """No effect; agreement drifts from week to week (sd 5 points, autocorrelation .8)."""
    level, rows = 0.0, []
    for week in range(21):
        level = 0.8 * level + draw.normal(0, 0.03)
        for i in range(120):
            rows.append(
                {
                    "decider": f"p{i % 20}",
                    "advice": "yes",
                    "choice": "yes" if draw.random() < 0.7 + level else "no",
                    "shown": week >= 9,
                    "week": float(week),
                }
            )
    return rows


def test_weeks_that_drift_make_a_gap_that_is_never_clear_and_often_matched_by_idle_dates():
    draw = np.random.default_rng(4)
    setting = Setting(
        has=frozenset({"advice", "choice", "shown", "week"}), options=("yes", "no"), deciders=20
    )
    words, idle = [], []
    for _ in range(25):
        figures = {f.measure: f for f in INFLUENCE.read(cases_from(drifting(draw)), setting)}
        words.append(figures["influence"].word)
        placebo = figures["influence-placebo"].answer
        if isinstance(placebo, Estimate):
            idle.append(placebo.value)
    assert Word.CLEAR not in words
    assert np.mean(idle) > 0.2, "idle dates show gaps as large"
