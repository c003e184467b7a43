"""The demo's second and third decision: leaders who disagree, and advice whose momentum faded."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sayso.present.rounds.report import round_json
from sayso.workspace.audit import audit
from sayso.workspace.check import check_paths
from sayso.workspace.demo import run_demo
from sayso.workspace.demo_claims import (
    LEADERS,
    claims_text,
    gain_of_paying,
    genuine_odds,
    write_claims,
)
from sayso.workspace.demo_orders import TABLE, write_orders
from sayso.workspace.demo_round import hold_round
from sayso.workspace.round_reading import round_report

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("claims")
    write_claims(place, 7)
    return place


@pytest.fixture(scope="module")
def told(claims: Path) -> dict[str, Any]:
    round_id = hold_round(claims, 7, DAY)
    return round_json(round_report(claims, round_id, DAY))


def test_every_charter_of_the_demo_can_be_read(tmp_path: Path, claims: Path):
    write_orders(tmp_path, 7)
    for place in (claims, tmp_path):
        found = check_paths((str(place / "charters"),))
        assert not [p for p in found if p.severity == "error"], found


def figure(told: dict[str, Any], measure: str) -> dict[str, Any]:
    return next(f for f in told["figures"] if f["measure"] == measure)


def test_the_share_of_cases_that_flip_is_what_the_leaders_weights_make_it(told: dict[str, Any]):
    """Worked from the model: two leaders differ where the signs of their gains do."""
    rows = list(csv.DictReader(io.StringIO(claims_text(7))))

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows])

    def flag(name: str) -> np.ndarray:
        return np.array([row[name] == "true" for row in rows])

    odds = genuine_odds(
        column("amount_eur"),
        column("unit_age_years"),
        flag("regular_customer"),
        flag("dealer_report"),
    )
    chance = 1 / (1 + np.exp(-odds))
    pays = np.array(
        [
            gain_of_paying(chance, column("amount_eur"), np.array(leader.weights)) > 0
            for leader in LEADERS
        ]
    )
    pairs = [(i, j) for i in range(len(LEADERS)) for j in range(i)]
    truth = float(np.mean([pays[i] != pays[j] for i, j in pairs]))
    found = figure(told, "round-flips")
    assert found["low"] <= truth <= found["high"]
    assert found["value"] == pytest.approx(truth, abs=0.04)


def test_the_leaders_want_different_things_more_than_they_read_cases_differently(
    told: dict[str, Any],
):
    wanting, reading = (
        figure(told, "round-differing-wanting"),
        figure(told, "round-differing-reading"),
    )
    assert wanting["value"] > 0.4 > reading["value"]


def test_the_round_names_owners_without_saying_who_named_whom(told: dict[str, Any]):
    text = json.dumps(told)
    assert "named at least three owners" in text
    assert "pseudonym" not in text


def test_the_third_decisions_advice_fades_and_its_report_says_so(tmp_path: Path):
    charter = write_orders(tmp_path, 7)
    found = audit(tmp_path / TABLE, charter=charter).to_json()
    influence = next(f for f in found["findings"] if f["section"] == "influence")
    assert "fades between the halves" in " ".join(influence["more"])
    halves = {
        f["groups"]["period"]: f["value"]
        for f in found["figures"]
        if f["measure"] == "influence" and "period" in f["groups"]
    }
    assert halves["first half"] > halves["second half"] + 0.03


def test_the_demo_shows_the_audit_the_round_and_the_one_that_faded(tmp_path: Path):
    said: list[str] = []
    place = tmp_path / "sayso-demo"
    run_demo(str(place), tell=said.append, today=DAY)
    text = "\n".join(said)
    for file in ("audit.html", "round.html", "people.yaml", "sayso.toml", TABLE):
        assert (place / file).is_file(), file
    assert "Eight of its leaders answered" in text
    assert "your weights lead to different answers" in text
    assert "fades between the halves" in " ".join(text.split())
    assert "sayso serve --folder" in text
    assert (place / "round.html").stat().st_size < 150_000
