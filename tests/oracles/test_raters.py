"""Agreement of several people on the same cases: published tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sayso.measure.estimators.components import balanced, crossed
from sayso.measure.estimators.raters import (
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    icc,
    krippendorff_alpha,
    light_kappa,
)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.oracle("N7")
def test_intraclass_correlations_of_shrout_and_fleiss_1979(reference_data: Path):
    rows = table(reference_data / "agreement" / "shrout_fleiss1979.csv")
    got = icc(np.array([[float(r[f"J{j}"]) for j in (1, 2, 3, 4)] for r in rows]))
    assert (
        got.one_1, got.two_1, got.three_1, got.one_k, got.two_k, got.three_k
    ) == pytest.approx((0.1657, 0.2898, 0.7148, 0.4428, 0.6201, 0.9093), abs=5e-5)  # fmt: skip


@pytest.mark.oracle("N8")
@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.7434), ("interval", 0.8491)])
def test_alpha_of_krippendorff_2011(reference_data: Path, level: str, expected: float):
    rows = table(reference_data / "agreement" / "krippendorff2011.csv")
    cells = [[r[o] for o in "ABCD"] for r in rows]
    values = sorted({float(c) for row in cells for c in row if c != "NA"})
    counts = np.array([[row.count(f"{v:.0f}") for v in values] for row in cells], dtype=float)
    got = krippendorff_alpha(counts, np.array(values), level)  # type: ignore[arg-type]
    assert got == pytest.approx(expected, abs=5e-5)


def diagnoses(folder: Path) -> np.ndarray:
    rows = table(folder / "agreement" / "fleiss1971_diagnoses.csv")
    names = sorted({v for r in rows for v in r.values()})
    return np.array([[names.index(v) for v in r.values()] for r in rows], dtype=float)


@pytest.mark.oracle("N10")
@pytest.mark.feature("M9")
def test_kappa_of_fleiss_1971(reference_data: Path):
    ratings = diagnoses(reference_data)
    counts = np.array([[(row == c).sum() for c in range(5)] for row in ratings], dtype=float)
    got = fleiss_kappa(counts)
    assert got.kappa == pytest.approx(0.430, abs=5e-4)
    assert got.z == pytest.approx(17.7, abs=0.05)
    # R irr on the same table, as MEASURES 1.9 quotes it.
    assert conger_kappa(ratings) == pytest.approx(0.442, abs=5e-4)
    assert light_kappa(ratings) == pytest.approx(0.459, abs=5e-4)


def test_kappa_of_7477_pairs_of_eyes(reference_data: Path):
    rows = table(reference_data / "agreement" / "vision_table.csv")
    names = sorted({r["r.eye"] for r in rows})
    counts = np.zeros((4, 4))
    for r in rows:
        counts[names.index(r["r.eye"]), names.index(r["l.eye"])] = float(r["Freq"])
    assert cohen_kappa(counts) == pytest.approx(0.595, abs=5e-4)
    assert cohen_kappa(counts, weights="squared") == pytest.approx(0.702, abs=5e-4)


@pytest.mark.oracle("N6")
def test_two_committees_decide_the_same_papers(reference_data: Path):
    # Cortes and Lawrence: 22 accepted by both, 43 of 166 decided differently.
    rows = table(reference_data / "nips_experiment" / "nips2014_2x2.csv")
    counts = np.zeros((2, 2))
    for r in rows:
        place = [["accept", "reject"].index(r[c]) for c in ("committee_1", "committee_2")]
        counts[place[0], place[1]] = float(r["papers"])
    assert 1 - np.trace(counts) / counts.sum() == pytest.approx(0.25904, abs=1e-5)
    assert cohen_kappa(counts) == pytest.approx(0.33027, abs=1e-5)
    assert counts[0, 0] / (counts[0].sum() + counts[:, 0].sum()) * 2 == pytest.approx(
        0.50575, abs=1e-5
    )


@pytest.mark.oracle("N1")
def test_components_of_the_toy_table():
    got = balanced(np.array([[5.0, 7, 9], [3, 6, 6], [8, 9, 13], [2, 4, 8]]))
    assert (got.level, got.pattern, got.system, got.case) == pytest.approx(
        (4.83333333333, 1, 5.83333333333, 5.66666666667), abs=1e-9
    )


@pytest.mark.oracle("N4")
@pytest.mark.feature("M8")
def test_components_of_penicillin_are_lme4s(reference_data: Path):
    rows = table(reference_data / "variance_components" / "penicillin.csv")
    plates = sorted({r["plate"] for r in rows})
    samples = sorted({r["sample"] for r in rows})
    got = crossed(
        np.array([float(r["diameter"]) for r in rows]),
        np.array([plates.index(r["plate"]) for r in rows], dtype=np.intp),
        np.array([samples.index(r["sample"]) for r in rows], dtype=np.intp),
    )
    assert (got.case, got.level, got.pattern) == pytest.approx(
        (0.71691, 3.73113, 0.30241), abs=1e-3
    )


def test_reml_of_a_complete_table_is_its_analysis_of_variance():
    draw = np.random.default_rng(3)
    answers = draw.normal(0, 2, (12, 1)) + draw.normal(0, 1, (1, 7)) + draw.normal(0, 0.7, (12, 7))
    cases, people = np.divmod(np.arange(84), 7)
    one = balanced(answers)
    other = crossed(answers.ravel(), cases.astype(np.intp), people.astype(np.intp))
    assert (other.case, other.level, other.pattern) == pytest.approx(
        (one.case, one.level, one.pattern), rel=1e-4
    )


def test_two_people_differ_twice_the_system_variance_of_yes_and_no():
    # RULINGS 20: exact for the raw components of a complete table.
    draw = np.random.default_rng(4)
    answers = (draw.random((30, 6)) < draw.random((30, 1))).astype(float)
    yes = answers.sum(1)
    differ = float((yes * (6 - yes)).sum()) / (30 * 15)
    got = balanced(answers)
    assert 2 * (got.level_raw + got.pattern) == pytest.approx(differ, abs=1e-12)
