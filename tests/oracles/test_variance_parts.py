"""Variance in parts as lme4 gives it: crossed, nested and incomplete."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sayso.measure.estimators.parts import Parts
from sayso.measure.estimators.reml import by_reml


def columns(path: Path, answer: str, *names: str) -> tuple[np.ndarray, list[np.ndarray]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answers = np.array([float(r[answer]) for r in rows])
    codes = [np.unique([r[n] for r in rows], return_inverse=True)[1] for n in names]
    return answers, codes


def variances(answers: np.ndarray, codes: list[np.ndarray]) -> list[float]:
    got = by_reml(answers, codes)
    assert isinstance(got, Parts)
    return [*(p.variance for p in got.groupings), got.rest.variance]


@pytest.mark.oracle("N4")
@pytest.mark.feature("M8")
def test_penicillin_is_crossed(reference_data: Path):
    path = reference_data / "variance_components" / "penicillin.csv"
    got = variances(*columns(path, "diameter", "plate", "sample"))
    assert got == pytest.approx([0.71691, 3.73113, 0.30241], abs=1e-3)


@pytest.mark.oracle("N5")
def test_pastes_are_nested(reference_data: Path):
    # lme4: batch 1.6573, cask within batch 8.4337, residual 0.6780.
    path = reference_data / "variance_components" / "pastes.csv"
    got = variances(*columns(path, "strength", "batch", "sample"))
    assert got == pytest.approx([1.6573, 8.4337, 0.6780], abs=1e-3)


@pytest.mark.deep
@pytest.mark.oracle("N5")
def test_instructors_are_crossed_incompletely(reference_data: Path):
    # 73,421 ratings of 1,128 lecturers by 2,972 students; lme4: students .10541, lecturers
    # .26256, residual 1.38495 beside departments by service.
    path = reference_data / "variance_components" / "insteval.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = [
        np.unique([key(r) for r in rows], return_inverse=True)[1]
        for key in (lambda r: r["s"], lambda r: r["d"], lambda r: r["dept"] + ":" + r["service"])
    ]
    got = variances(np.array([float(r["y"]) for r in rows]), codes)
    assert got[:2] == pytest.approx([0.10541, 0.26256], abs=2e-4)
    assert got[3] == pytest.approx(1.38495, abs=2e-5)
