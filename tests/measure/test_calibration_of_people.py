"""People who say how sure they are of a first view are held to what happened, as the AI is."""

import numpy as np
import pytest

from sayso.domain.answer import Estimate
from sayso.domain.figure import Figure
from sayso.measure.catalog.calibration import CALIBRATION_AI, CALIBRATION_PEOPLE
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from


def stated(sureness: float) -> list[dict[str, object]]:
    """First views whose stated odds are so many times too far from even."""
    draw = np.random.default_rng(4)
    rows: list[dict[str, object]] = []
    for i in range(6000):
        odds = draw.normal(0, 0.8)
        rows.append(
            {
                "decider": f"p{i % 12}",
                "prior_said": float(1 / (1 + np.exp(-sureness * odds))),
                "prior_happened": bool(draw.random() < 1 / (1 + np.exp(-odds))),
                "outcome_matured": True,
            }
        )
    return rows


def slope(rows: list[dict[str, object]]) -> Figure:
    setting = Setting(has=frozenset({"prior_said", "prior_happened"}), deciders=12)
    assert CALIBRATION_PEOPLE.can_read(setting)
    assert not CALIBRATION_AI.can_read(setting)
    figures = CALIBRATION_PEOPLE.read(cases_from(rows), setting)
    assert {f.group("of") for f in figures} == {"people"}
    assert not any(f.group("decider") for f in figures)
    (found,) = (f for f in figures if f.measure == "calibration-slope")
    return found


@pytest.mark.feature("M11")
def test_people_surer_than_they_should_be_are_said_to_be_together_and_never_by_name():
    found = slope(stated(2.0))
    assert isinstance(found.answer, Estimate)
    assert found.answer.r95.contains(0.5)
    assert found.answer.high < 1


@pytest.mark.feature("M11")
def test_people_who_are_right_about_how_sure_they_are_are_not():
    found = slope(stated(1.0))
    assert isinstance(found.answer, Estimate)
    assert found.answer.r95.contains(1)
