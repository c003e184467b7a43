"""The demo's company: its declared truth follows from its model, and its table from a seed."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import yaml

from sayso.workspace.demo_company import DEPOTS, TRUTH, derive_truth, table_text, write_demo


def read(seed: int) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table_text(seed))))


@pytest.fixture(scope="module")
def many_rows() -> list[dict[str, str]]:
    return [row for seed in range(8) for row in read(seed)]


def share(rows: list[dict[str, str]], column: str, equals: str) -> float:
    return float(np.mean([row[column] == row[equals] for row in rows]))


def test_the_declared_truth_follows_from_the_model():
    derived = derive_truth()
    assert (derived.influence, derived.agreement_shown, derived.override_rate) == pytest.approx(
        (TRUTH.influence, TRUTH.agreement_shown, TRUTH.override_rate), abs=1e-4
    )
    assert (derived.quality, derived.depot_gap, derived.calibration_slope) == pytest.approx(
        (TRUTH.quality, TRUTH.depot_gap, TRUTH.calibration_slope), abs=1e-4
    )
    assert derived.quality_cost == pytest.approx(TRUTH.quality_cost, abs=0.01)
    assert dict(derived.right_by_reason) == pytest.approx(dict(TRUTH.right_by_reason), abs=1e-3)
    assert dict(derived.value_by_reason) == pytest.approx(dict(TRUTH.value_by_reason), abs=0.5)


def test_simulated_agreement_comes_out_as_derived(many_rows: list[dict[str, str]]):
    shown = [row for row in many_rows if row["rec_shown_at"]]
    before = [row for row in many_rows if row["rec"] and not row["rec_shown_at"]]
    after = share(shown, "part_sent", "rec")
    assert after == pytest.approx(TRUTH.agreement_shown, abs=0.01)
    assert after - share(before, "part_sent", "rec") == pytest.approx(TRUTH.influence, abs=0.015)


def test_first_views_tell_the_same_influence(many_rows: list[dict[str, str]]):
    viewed = [row for row in many_rows if row["first_view"] and row["rec_shown_at"]]
    moved = share(viewed, "part_sent", "rec") - share(viewed, "first_view", "rec")
    assert moved == pytest.approx(TRUTH.influence, abs=0.02)


@pytest.mark.parametrize("reason", dict(TRUTH.right_by_reason))
def test_simulated_overruling_is_right_as_often_as_derived(
    many_rows: list[dict[str, str]], reason: str
):
    code = "" if reason == "none given" else reason
    overruled = [
        (row["part_sent"] == "bring") == (row["part_used"] == "true")
        for row in many_rows
        if row["rec_shown_at"]
        and row["part_sent"] != row["rec"]
        and row["note_code"] == code
        and row["part_used"]
    ]
    error = (0.25 / len(overruled)) ** 0.5
    assert float(np.mean(overruled)) == pytest.approx(
        dict(TRUTH.right_by_reason)[reason], abs=4 * error
    )


def test_one_seed_gives_one_table_and_another_seed_another():
    assert table_text(7) == table_text(7)
    assert table_text(7) != table_text(8)


def test_the_company_has_enough_people_and_two_depots_too_small_to_show():
    people: dict[str, set[str]] = {}
    for row in read(7):
        people.setdefault(row["depot"], set()).add(row["disp_id"])
    assert sum(len(names) for names in people.values()) >= 40
    assert len(people) == len(DEPOTS) == 6
    assert sum(len(names) < 5 for names in people.values()) == 2


def test_advice_is_shown_only_since_its_launch_and_after_the_first_view():
    rows = read(7)
    shown = [row for row in rows if row["rec_shown_at"]]
    assert min(row["closed_at"] for row in shown) >= "2026-03-09"
    assert all(row["rec_shown_at"] <= row["closed_at"] for row in shown)
    assert all(row["first_view_at"] < row["rec_shown_at"] for row in shown if row["first_view_at"])
    since = [row for row in rows if row["closed_at"] >= "2026-03-09"]
    asked = float(np.mean([row["first_view_asked"] == "true" for row in since]))
    assert asked == pytest.approx(0.2, abs=0.03)


def test_the_demo_writes_its_table_its_charter_and_its_people(tmp_path: Path):
    written = write_demo(tmp_path / "here", 7)
    assert written.table.read_text("utf-8").count("\n") > 5_000
    charter = yaml.safe_load(written.charter.read_text("utf-8"))
    header = written.table.read_text("utf-8").splitlines()[0].split(",")
    assert set(charter["source"]["columns"].values()) <= set(header)
    assert "SIMULATED" in written.charter.read_text("utf-8")
    people = yaml.safe_load(written.people.read_text("utf-8"))
    assert charter["owner"] in {entry["role"] for entry in people}
