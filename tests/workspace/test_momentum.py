"""The demo's third decision fades, and everything that speaks of it says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sayso.domain.answer import Estimate
from sayso.present.findings import findings
from sayso.workspace.audit import AuditOptions, load_charter, read_table
from sayso.workspace.demo_orders import write_orders
from sayso.workspace.inventory import run_inventory

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.workspace.audit import Audit

TABLE = "part_orders.csv"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("orders")
    write_orders(folder, 7)
    return folder


def audited(place: Path, day: datetime) -> Audit:
    charter = load_charter(place / "charters" / "reorder-early.yaml")
    return read_table(str(place / TABLE), charter, AuditOptions(as_of=day))


def test_the_declared_fading_is_found_said_and_asked_about(place: Path):
    audit = audited(place, datetime(2026, 9, 1, tzinfo=UTC))
    figure = audit.reading.figure("momentum")
    assert figure is not None
    assert figure.note("state") == "fading"
    assert isinstance(figure.answer, Estimate)
    told = findings(audit.reading, audit.context)
    claims = {s.key: s.claim.text for s in told.sections}
    assert claims["momentum"] == "Seeing the advice moves fewer choices from quarter to quarter"
    assert claims["keep"] == "Keep, change or retire?"
    first, _, last = audit.reading.all_of("influence-by-quarter", "quarter")
    assert isinstance(first.answer, Estimate)
    assert isinstance(last.answer, Estimate)
    assert first.answer.low > last.answer.high


def test_before_its_day_of_looking_again_nothing_is_asked(place: Path):
    audit = audited(place, datetime(2026, 7, 1, tzinfo=UTC))
    told = findings(audit.reading, audit.context)
    assert "keep" not in {s.key for s in told.sections}


def test_what_was_to_differ_is_watched_by_quarter(place: Path):
    reading = audited(place, datetime(2026, 9, 1, tzinfo=UTC)).reading
    assert len([f for f in reading.figures if f.measure == "differently-by-quarter"]) == 3
    assert [f for f in reading.figures if f.measure == "differently-momentum"]


def test_an_inventory_says_what_fades(place: Path, capsys: pytest.CaptureFixture[str]):
    systems = place / "systems.csv"
    systems.write_text(f"system,decision,owner,table\nStock model,Reorder early,,{TABLE}\n")
    told: list[str] = []
    run_inventory(str(systems), {}, tell=told.append)
    assert "since launch" in " ".join(" ".join(told).split())
