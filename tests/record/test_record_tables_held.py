"""Tables that were made from the record do not pass where they differ from its events."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from sayso.cli.main import run
from sayso.record.commands import (
    AskAdvice,
    Choose,
    FileContest,
    GiveAdvice,
    OpenCase,
    RecordOutcome,
)
from sayso.record.terms import Target
from sayso.workspace import segments
from sayso.workspace.record_tables import EVENTS, Closed, export
from sayso.workspace.record_tables_held import hold_export, hold_segments
from sayso.workspace.segments import seal_segments
from tests.record.case_life_cases import BEN, BOT
from tests.record.workspaces import does, opened, workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = workspace(tmp_path / "w")
    with opened(place) as record:
        for n in range(6):
            case = f"visit-{n}"
            inputs = (("age", n), ("code", "E-12"), ("low", n % 2 == 0))
            does(record, case, OpenCase(inputs=inputs, subject="p-7" if n == 3 else None))
            does(record, case, GiveAdvice(answer="leave", source="parts-model@7"), by=BOT)
            if n < 5:
                does(record, case, Choose(answer="bring", reason_text="it rattles", seconds=4.5))
        does(record, "visit-1", RecordOutcome(outcome=True), by=BEN)
        does(record, "visit-2", FileContest(target=Target.CHOICE, text="no"), by=BEN)
        does(record, "visit-2", AskAdvice())
        seal_segments(record)
        export(record, tmp_path / "out")
    return place


def altered(file: Path, change: str) -> None:
    other = file.with_suffix(".other")
    with duckdb.connect() as connection:
        connection.read_parquet(str(file)).create("t")
        connection.execute(change)
        connection.table("t").write_parquet(str(other))
    other.replace(file)


def test_an_export_that_nobody_touched_passes(folder: Path, tmp_path: Path):
    assert hold_export(tmp_path / "out" / EVENTS, Closed()) == []
    assert hold_segments(folder) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE t SET choice = 'leave' WHERE \"case\" = 'visit-4'", "visit-4"),
        ("UPDATE t SET shown = true WHERE \"case\" = 'visit-0'", "shown"),
        ("UPDATE t SET outcome = NULL", "outcome"),
        ("UPDATE t SET decided_at = decided_at + INTERVAL 1 SECOND", "decided_at"),
        ("UPDATE t SET age = age + 1 WHERE \"case\" = 'visit-2'", "age"),
        ("DELETE FROM t WHERE \"case\" = 'visit-4'", "No row 5"),
        ("INSERT INTO t SELECT * FROM t LIMIT 1", "Row 6"),
        ("ALTER TABLE t ADD COLUMN colour VARCHAR DEFAULT 'red'", "colour"),
    ],
)
def test_an_exported_table_that_says_something_else_than_the_events_is_found(
    folder: Path, tmp_path: Path, change: str, said: str
):
    altered(tmp_path / "out" / "cases-first-visit-part.parquet", change)
    faults = hold_export(tmp_path / "out" / EVENTS, Closed())
    assert said in " ".join(f.message for f in faults)


def test_a_spreadsheet_that_was_edited_and_a_table_that_is_gone_are_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    sheet = tmp_path / "out" / "cases-first-visit-part.csv"
    sheet.write_text(sheet.read_text("utf-8").replace("bring", "leave", 1), "utf-8")
    assert run(["verify", str(tmp_path / "out")]) == 1
    assert "not what the Parquet file beside it says" in capsys.readouterr().out
    sheet.with_suffix(".parquet").unlink()
    assert run(["verify", str(tmp_path / "out")]) == 1
    assert "missing" in capsys.readouterr().out


def test_segments_that_were_rewritten_with_their_manifest_are_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(folder)
    place = folder / "record" / segments.SEGMENTS / "first-visit-part"
    (file,) = place.glob("*.parquet")
    before = file.read_bytes()
    altered(file, "UPDATE t SET choice = 'leave' WHERE \"case\" = 'visit-4'")
    assert run(["verify"]) == 0
    assert run(["verify", "--segments"]) == 1
    assert "not those that were sealed" in capsys.readouterr().out
    manifest = place / segments.MANIFEST
    old, new = (sha256(content).hexdigest() for content in (before, file.read_bytes()))
    manifest.write_text(manifest.read_text("utf-8").replace(old, new), "utf-8")
    assert run(["verify", "--segments"]) == 1
    assert "visit-4" in capsys.readouterr().out


def test_what_only_reads_the_record_works_beside_a_program_that_writes_to_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(folder)
    with opened(folder) as record:
        seen = record.place.read_seen()
        done = does(record, "visit-5", Choose(answer="leave"))
        assert run(["record", "export", "--out", str(tmp_path / "beside")]) == 0
        assert run(["record", "checkpoint"]) == 0
        assert run(["record", "receipt", done.id]) == 0
        assert run(["record", "backup", str(tmp_path / "copy.gz")]) == 0
        # What reads signs no head in the name of what writes.
        assert record.place.read_seen() == seen
    assert run(["verify", str(tmp_path / "beside")]) == 0
