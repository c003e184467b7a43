"""Ruling 12: the best of several worthless reasons is luck; Holm over all of them knows."""

import numpy as np

from sayso.domain.answer import Estimate
from sayso.measure.catalog.override import OVERRIDE
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset(
    {"advice", "choice", "choice_loss", "advice_loss", "choice_right", "advice_right",
     "reason_code"}
)  # fmt: skip
REPORTS = 60


def rows(draw: np.random.Generator) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for i in range(6 * 60):
        right = bool(draw.random() < 0.5)
        made.append(
            {
                "decider": f"p{draw.integers(20)}",
                "advice": "no",
                "choice": "yes",
                "reason_code": f"reason {i % 6}",
                "outcome_matured": True,
                "choice_right": right,
                "advice_right": not right,
                "choice_loss": float(not right),
                "advice_loss": float(right),
            }
        )
    return made


def test_one_worthless_reason_in_some_report_stands_out_and_hardly_any_survives():
    draw = np.random.default_rng(1)
    setting = Setting(has=HAS, options=("yes", "no"), deciders=20)
    stood_out = survived = 0
    for _ in range(REPORTS):
        figures = [
            f
            for f in OVERRIDE.read(cases_from(rows(draw)), setting)
            if f.measure == "override-value" and f.group("reason") is not None
        ]
        stood_out += any(isinstance(f.answer, Estimate) and f.answer.low > 0 for f in figures)
        survived += any(f.note("survives") is True for f in figures)
    assert stood_out / REPORTS > 0.05, "by its own range the best reason pays off"
    assert survived / REPORTS <= 0.07
