"""Calibration: published scores."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sayso.measure.estimators.isotonic import binned_error, corp, murphy, null_miscalibration
from tests.oracles.card_game import filtered_games


def grouped(said: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values, place = np.unique(said, return_inverse=True)
    return values, np.bincount(place).astype(float), np.bincount(place, events).astype(float)


@pytest.mark.oracle("C1")
@pytest.mark.feature("M10")
def test_corp_of_rain_in_niamey(reference_data: Path):
    # Dimitriadis, Gneiting and Jordan (2021), README of reliabilitydiag: EMOS.
    with (reference_data / "niamey_precip" / "precip_niamey_2016.csv").open() as file:
        rows = list(csv.DictReader(file))
    said = np.array([float(r["EMOS"]) for r in rows])
    rain = np.array([float(r["obs"]) for r in rows])
    got = corp(*grouped(said, rain))
    assert (
        got.score, got.miscalibration, got.discrimination, got.uncertainty
    ) == pytest.approx((0.2320, 0.0183, 0.0305, 0.2442), abs=5e-5)  # fmt: skip


def test_that_worked_example_is_better_calibrated_than_chance_would_look(reference_data: Path):
    # RULINGS 18: the mean under y ~ p is .0230, 5 to 95 %: .0144 to .0351; EMOS has .0183.
    with (reference_data / "niamey_precip" / "precip_niamey_2016.csv").open() as file:
        said = np.array([float(r["EMOS"]) for r in csv.DictReader(file)])
    values, cases, _ = grouped(said, np.zeros(len(said)))
    null = null_miscalibration(values, cases, 0.0183, redraws=2000, seed=1)
    assert (null.mean, null.low, null.high) == pytest.approx((0.0230, 0.0144, 0.0351), abs=1e-3)
    assert null.p > 0.5


@pytest.mark.oracle("C3")
def test_murphys_parts_of_a_toy_forecast():
    said = np.array([0.1] * 3 + [0.4] * 4 + [0.8] * 3)
    events = np.array([0, 0, 1, 0, 1, 0, 1, 1, 1, 0], dtype=float)
    got = murphy(*grouped(said, events))
    assert (got.score, got.reliability, got.resolution, got.uncertainty) == pytest.approx(
        (0.259, 0.0256667, 0.0166667, 0.25), abs=1e-7
    )


@pytest.mark.oracle("I11")
@pytest.mark.parametrize(("group", "expected"), [("level_A", 0.00269), ("level_BP", 0.03109)])
def test_plain_calibration_error_by_the_ais_number(
    reference_data: Path, group: str, expected: float
):
    games = filtered_games(reference_data, group)
    said = np.array([g.ai_conf / 100 for g in games])
    chance = np.array([g.true_prob for g in games])
    values, cases, events = grouped(said, chance)
    # By distinct stated value: the authors' numbers take few of them.
    got = float(np.abs(events - cases * values).sum() / cases.sum())
    assert got == pytest.approx(expected, abs=1e-5)


@pytest.mark.oracle("I9")
@pytest.mark.parametrize(("group", "expected"), [("level_A", 0.090327), ("level_B", 0.036482)])
def test_cellwise_calibration_over_both_confidences(
    reference_data: Path, group: str, expected: float
):
    # Table S1: |mean true probability - AI's number| by cell of human bin and AI's number.
    cells: dict[tuple[int, float], list[tuple[float, float]]] = {}
    for g in filtered_games(reference_data, group):
        if g.human_conf == 50:
            human = 2 if g.prior == "Red" else 1
        else:
            human = min(3, int(g.human_conf // 25))
        cells.setdefault((human, g.ai_conf), []).append((g.true_prob, g.ai_conf / 100))
    apart = [abs(sum(t for t, _ in c) / len(c) - c[0][1]) * len(c) for c in cells.values()]
    total = sum(len(c) for c in cells.values())
    assert sum(apart) / total == pytest.approx(expected, abs=1e-6)


def test_the_binned_error_of_perfect_forecasts_is_zero():
    said = np.array([0.05, 0.55, 0.95])
    cases = np.array([100.0, 100.0, 100.0])
    assert binned_error(said, cases, cases * said, bins=10) == pytest.approx(0)
