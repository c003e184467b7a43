"""437 people estimate house prices before and after a model's price.

Data of Guo, Wu, Hartline and Hullman (2025), arXiv 2502.06152; figures of conformance.csv.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

import sayso
from sayso.domain.answer import Estimate

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def audited(folder: Path) -> sayso.Audit:
    return sayso.audit(
        folder / "house_price_ai" / "trials.csv",
        charter=ROOT / "examples" / "house_price_ai" / "charter.yaml",
    )


@pytest.fixture
def audit(reference_data: Path) -> sayso.Audit:
    return audited(reference_data)


def value(audit: sayso.Audit, measure: str, **groups: str) -> Estimate:
    figure = audit.reading.figure(measure, **groups)
    assert figure is not None
    assert isinstance(figure.answer, Estimate)
    return figure.answer


@pytest.mark.oracle("I19")
@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("mean clipped", 0.6034), ("median", 0.6569), ("outside", 0.1815), ("regression", 0.572228)],
)
def test_weight_of_advice(audit: sayso.Audit, statistic: str, expected: float):
    assert value(audit, "weight-of-advice", statistic=statistic).value == pytest.approx(
        expected, abs=5e-5
    )


@pytest.mark.oracle("I21")
@pytest.mark.parametrize(
    ("step", "expected"), [("first view", 104.9620), ("advice", 23.2735), ("choice", 54.2095)]
)
def test_mean_absolute_errors(audit: sayso.Audit, step: str, expected: float):
    assert value(audit, "mean-absolute-error", step=step).value == pytest.approx(expected, abs=1e-4)


@pytest.mark.feature("M5")
def test_each_step_adds_what_the_errors_say(audit: sayso.Audit):
    added = value(audit, "forecast-value-added", step="choice over advice").value
    assert added == pytest.approx(23.2735 - 54.2095, abs=2e-4)


def test_the_sentences_carry_the_figures(audit: sayso.Audit):
    said = " ".join(audit.findings)
    assert "0.57" in said
    assert "54.2" in said
    assert "drives" not in said
    assert "because" not in said
