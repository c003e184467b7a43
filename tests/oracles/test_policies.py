"""Policies and the lens, against a textbook and against our own recomputed figures.

Boston mortgages: Stock and Watson, Introduction to Econometrics, chapter 11. House prices: data of
Guo, Wu, Hartline and Hullman (2025), arXiv 2502.06152.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sayso.measure.estimators.policy import lens, linear_policy, probit_policy

if TYPE_CHECKING:
    from pathlib import Path

CUES = ("Year_Built", "Gr_Liv_Area", "Garage_Cars", "Fireplaces", "Year_Remod", "Overall_Qual")


@pytest.mark.oracle("P6")
def test_mortgages_denied_by_payments_over_income(reference_data: Path):
    with (reference_data / "hmda_boston" / "hmda.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row["pirat"])] for row in rows])
    y = np.array([row["deny"] == "yes" for row in rows], dtype=float)
    assert linear_policy(x, y) == pytest.approx([-0.080, 0.604], abs=5e-4)
    assert probit_policy(x, y) == pytest.approx([-2.194, 2.968], abs=5e-4)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        pytest.param(
            "human_response", (0.3009, 0.8944, 0.3375, 0.9733, 0.0169),
            marks=pytest.mark.oracle("P1"),
        ),
        pytest.param(
            "hai_response", (0.4948, 0.8944, 0.5273, 0.9893, 0.0741),
            marks=pytest.mark.oracle("P2"),
        ),
    ],
)  # fmt: skip
def test_the_lens_of_house_prices(reference_data: Path, answer: str, wanted: tuple[float, ...]):
    with (reference_data / "house_price_ai" / "trials.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = np.array([[float(row[c]) for c in (*CUES, answer, "SalePrice")] for row in rows])
    table = table - table.mean(axis=0)
    found = lens(table.T @ table)
    assert found is not None
    got = (
        found.achievement, found.world, found.consistency, found.knowledge, found.unmodelled,
    )  # fmt: skip
    assert got == pytest.approx(wanted, abs=5e-5)
    assert abs(found.remainder) < 1e-10
    if answer == "human_response":
        assert found.model == pytest.approx(0.8705, abs=5e-5)
