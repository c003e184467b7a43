"""Several readers, several ways: published analyses of two reader studies."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sayso.domain.answer import Estimate
from sayso.measure.estimators.raters import cohen_kappa, light_kappa
from sayso.measure.estimators.readers import Readers, alone_against, area, compare


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.oracle("C4")
@pytest.mark.feature("M23")
def test_van_dyke_is_read_as_obuchowski_and_rockette_with_hillis_freedom(reference_data: Path):
    rows = rows_of(reference_data / "mrmc" / "vandyke.csv")
    ways, readers, cases = (sorted({r[n] for r in rows}) for n in ("treatment", "reader", "case"))
    ratings = np.full((len(ways), len(readers), len(cases)), np.nan)
    happened = np.zeros(len(cases), dtype=bool)
    for r in rows:
        case = cases.index(r["case"])
        ratings[ways.index(r["treatment"]), readers.index(r["reader"]), case] = float(r["rating"])
        happened[case] = r["truth"] == "1"
    got = compare(ratings, happened)
    assert isinstance(got, Readers)
    assert got.areas.mean(1) == pytest.approx([0.89704, 0.94084], abs=1e-4)
    assert (got.f, got.freedom, got.p) == pytest.approx((4.4563, 15.260, 0.05167), abs=1e-3)
    assert got.p == pytest.approx(0.05167, abs=1e-4)
    assert isinstance(got.difference, Estimate)
    ends = got.difference.low, got.difference.high
    assert ends == pytest.approx((-0.08796, 0.00036), abs=1e-4)


@pytest.mark.oracle("C5")
def test_a_machine_is_read_beside_nine_radiologists(reference_data: Path):
    rows = rows_of(reference_data / "mrmc" / "nico_cad_roc.csv")
    cases = sorted({r["case"] for r in rows})
    readers = sorted({r["reader"] for r in rows})
    ratings = np.full((len(readers), len(cases)), np.nan)
    happened = np.zeros(len(cases), dtype=bool)
    for r in rows:
        ratings[readers.index(r["reader"]), cases.index(r["case"])] = float(r["rating"])
        happened[cases.index(r["case"])] = r["truth"] == "1"
    areas = [area(one, happened) for one in ratings]
    assert areas[0] == pytest.approx(0.81693, abs=1e-5)
    assert np.mean(areas[1:]) == pytest.approx(0.84866, abs=1e-5)
    got = alone_against(ratings[1:], ratings[0], happened)
    assert isinstance(got, Estimate)
    assert got.value == pytest.approx(0.81693 - 0.84866, abs=1e-5)
    # Within what the readers' spread leaves open, the machine is not told from the panel.
    assert got.low < 0 < got.high


@pytest.mark.oracle("N11")
def test_light_and_weighted_kappas(reference_data: Path):
    rows = rows_of(reference_data / "agreement" / "fleiss1971_diagnoses.csv")
    names = sorted({v for r in rows for v in r.values()})
    ratings = np.array([[names.index(v) for v in r.values()] for r in rows], dtype=float)
    assert light_kappa(ratings) == pytest.approx(0.459, abs=5e-4)
    eyes = rows_of(reference_data / "agreement" / "vision_table.csv")
    grades = sorted({r["r.eye"] for r in eyes})
    counts = np.zeros((4, 4))
    for r in eyes:
        counts[grades.index(r["r.eye"]), grades.index(r["l.eye"])] = float(r["Freq"])
    assert cohen_kappa(counts) == pytest.approx(0.595, abs=5e-4)
    assert cohen_kappa(counts, weights="squared") == pytest.approx(0.702, abs=5e-4)
