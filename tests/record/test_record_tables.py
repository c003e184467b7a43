"""Past cases in, everything out, counts compared; and the commands that do it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

import sayso
from sayso.adapters.store_export import write_cases
from sayso.adapters.store_signing import is_signed
from sayso.cli.main import run
from sayso.domain.answer import Estimate
from sayso.domain.errors import CharterInvalid, RecordRefused, RecordUnreadable
from sayso.measure.case_table import ROLES
from sayso.record.commands import AskAdvice, Choose, GiveAdvice, OpenCase, RecordOutcome, SkipPrior
from sayso.record.projection import COLUMNS, case_row
from sayso.record.receipt import Receipt, check_receipt
from sayso.workspace.audit import load_charter
from sayso.workspace.record_care import verify_workspace
from sayso.workspace.record_import import import_table
from sayso.workspace.record_tables import export, reconcile, verify_export
from sayso.workspace.witness import keep_head, read_key
from tests.record.case_life_cases import BEN, HOST
from tests.record.workspaces import does, opened, workspace

CHARTER = """\
decision: first-visit-part
version: 3
question: Should the technician bring the part on the first visit?
options: [bring, leave]
inputs: {fault_code: category, stock_low: boolean, age: number}
outcome: {name: part_used, kind: boolean, due: 21d}
mistakes:
  bring: {when: "not part_used", costs: 190 EUR}
  leave: {when: "part_used", costs: 310 EUR}
advice: {source: parts-model, mode: advise}
source:
  columns: {case: visit_id, choice: "if(part_sent = 'yes', 'bring', 'leave')", advice: "if(p_need > 0.5, 'bring', 'leave')",
            advice_confidence: p_need, outcome: part_used, decider: disp, team: depot, decided_at: closed_at,
            shown: shown, reason_text: note}
"""
ROWS = 240


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return table_in(tmp_path / "w")


@pytest.fixture(scope="module")
def read_in_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = table_in(tmp_path_factory.mktemp("once") / "w")
    imported(place)
    return place


@pytest.fixture
def past(read_in_once: Path, tmp_path: Path) -> Path:
    """A workspace whose record holds the table."""
    return shutil.copytree(read_in_once, tmp_path / "w")


def table_in(home: Path) -> Path:
    place = workspace(home, CHARTER)
    with (place / "visits.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(
            [
                "visit_id",
                "part_sent",
                "p_need",
                "part_used",
                "disp",
                "depot",
                "closed_at",
                "shown",
                "note",
                "fault_code",
                "stock_low",
                "age",
            ]
        )
        for i in range(ROWS):
            sent, need = i % 3 != 0, round((i * 37 % 100) / 100, 2)
            writer.writerow(
                [
                    f"v{i}",
                    "yes" if sent else "no",
                    need,
                    (i % 5 < 3) if i % 7 else "",
                    f"Dispatcher {i % 9}",
                    f"depot {i % 4}",
                    f"2026-{1 + i % 10:02}-15 12:00:00",
                    i % 2 == 0,
                    "=HYPERLINK(1)" if i == 4 else f"note {i}" if i % 11 == 0 else "",
                    f"E-{i % 6}",
                    i % 4 == 0,
                    i % 13,
                ]
            )
    return place


def charter_of(folder: Path) -> str:
    return str(folder / "charters" / "first-visit-part.yaml")


def imported(folder: Path):
    with opened(folder) as record:
        return import_table(record, str(folder / "visits.csv"), charter_of(folder))


@pytest.mark.feature("C16")
def test_a_table_is_read_in_once_however_often_it_is_read(folder: Path):
    first, again = imported(folder), imported(folder)
    assert (first.cases, first.before, first.left_out) == (ROWS, 0, ())
    assert (again.cases, again.before) == (0, ROWS)
    with opened(folder) as record:
        assert record.store.count("first-visit-part", None, None) == ROWS
        rows = [case_row(state) for state in record.store.states("first-visit-part")]
    row = next(r for r in rows if r["case"] == "v11")
    assert row["choice"] == "bring"
    assert row["outcome"] is True
    assert row["decided_at"] == datetime(2026, 2, 15, 12, tzinfo=UTC)
    assert row["in_stock_low"] is False
    assert row["in_age"] == 11
    assert row["reason_text"] == "note 11"
    assert str(row["decider"]).startswith("p-")
    assert verify_workspace(folder).whole


def test_names_of_people_are_not_in_the_record(past: Path):
    content = (past / "record" / "record.db").read_bytes()
    assert b"Dispatcher" not in content
    assert b"note 11" not in content


def test_rows_that_say_something_else_of_a_case_are_left_out_and_counted(past: Path):
    text = (past / "visits.csv").read_text("utf-8").replace("v7,yes", "v7,no")
    future = "w1,yes,0.4,,Dispatcher 1,depot 1,2031-01-01 00:00:00,True,,E-1,False,3\n"
    (past / "visits.csv").write_text(text + future, "utf-8")
    again = imported(past)
    assert (again.cases, again.before) == (0, ROWS - 1)
    assert again.left_out == (("case-twice", 1), ("clock-ahead", 1))


def test_a_charter_that_is_not_the_workspaces_is_refused(folder: Path, tmp_path: Path):
    other = tmp_path / "other.yaml"
    other.write_text(CHARTER.replace("[bring, leave]", "[leave, bring]"), "utf-8")
    with opened(folder) as record, pytest.raises(CharterInvalid, match="not the"):
        import_table(record, str(folder / "visits.csv"), str(other))


def test_past_cases_get_outcomes_later_and_nothing_else(past: Path):
    with opened(past) as record:
        does(record, "v7", RecordOutcome(outcome=False), by=BEN)
        for ask, code in (
            (RecordOutcome(outcome=True), "outcome-twice"),
            (Choose(answer="leave"), "case-ended"),
            (OpenCase(), "case-twice"),
            (AskAdvice(), "case-ended"),
        ):
            with pytest.raises(RecordRefused) as caught:
                does(record, "v7", ask)
            assert caught.value.refusal == code
        with pytest.raises(RecordRefused, match="outcome-twice"):
            does(record, "v8", RecordOutcome(outcome=True))


@pytest.mark.deep
def test_the_exported_cases_give_the_figures_of_the_table(past: Path, tmp_path: Path):
    with opened(past) as record:
        done = export(record, tmp_path / "out")
    assert done.cases == (("first-visit-part", ROWS),)
    charter = load_charter(charter_of(past))
    assert charter is not None
    plain = replace(charter, source=None)
    one = sayso.audit(str(past / "visits.csv"), charter=charter)
    other = sayso.audit(str(tmp_path / "out" / "cases-first-visit-part.parquet"), charter=plain)
    for measure in ("agreement", "override-rate", "adoption"):
        first, second = one.reading.figure(measure), other.reading.figure(measure)
        assert (first is None) == (second is None)
        if first is None or second is None:
            continue
        answers = first.answer, second.answer
        assert all(isinstance(a, Estimate) for a in answers), measure
        # People have other names here, so they are added up in another order.
        spelled = [
            (a.value, a.low, a.high, a.n, a.people) for a in answers if isinstance(a, Estimate)
        ]
        assert spelled[0] == pytest.approx(spelled[1], rel=1e-12), measure


def test_a_spreadsheet_runs_nothing_of_an_export(past: Path, tmp_path: Path):
    with opened(past) as record:
        export(record, tmp_path / "out")
    name = "cases-first-visit-part"
    with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert next(r for r in rows if r["case"] == "v4")["reason_text"] == "'=HYPERLINK(1)"
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT reason_text, shown FROM '{tmp_path / 'out' / name}.parquet' WHERE \"case\" = 'v4'"  # noqa: S608
        ).fetchone()
    assert found == ("=HYPERLINK(1)", True)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", 'a,"b"\nc', "", "plain"])
def test_cells_come_back_from_parquet_as_they_were_and_harmless_from_csv(text: str, tmp_path: Path):
    first = {"choice": text, "in_b": 1.5, "shown": True, "team": None}
    write_cases(tmp_path, "t", [first, {"choice": "x", "in_b": None}])
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(tmp_path / "t.parquet"))
        rows = table.select("choice, b, shown, team").fetchall()
    assert rows == [(text, 1.5, True, None), ("x", None, None, None)]
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as lines:
        cell = next(csv.DictReader(lines))["choice"]
    assert cell.lstrip("'") == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "＝"))


def test_the_columns_of_the_projection_are_those_of_the_case_table():
    roles = {role.name for role in ROLES}
    more = {"decision", "charter_version", "ended", "contested", "worked_around"}
    assert set(COLUMNS) - roles == more


# --- proving an export ---


@pytest.mark.feature("T2")
def test_an_auditor_proves_or_disproves_an_export_without_us(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        for n in range(8):
            does(record, f"visit-{n}", OpenCase())
            does(record, f"visit-{n}", Choose(answer="bring"))
        done = does(record, "visit-1", RecordOutcome(outcome=True), by=BEN)
        keep_head(tmp_path / "heads", record.witness_request(0), record.key)
        receipt, key = record.receipt(done.id).text, record.key.text
        body = record.store.find(done.id)
        assert body is not None
        does(record, "visit-2", RecordOutcome(outcome=True), by=BEN)
        export(record, tmp_path / "out")
    heads = (tmp_path / "heads",)
    good = verify_export(tmp_path / "out", against=heads, key=key)
    assert (good.whole, good.heads) == (True, 2)
    check_receipt(Receipt.parse(receipt), body.body, read_key(key), is_signed)
    events = tmp_path / "out" / "events.jsonl"
    lines = events.read_text("utf-8").splitlines(keepends=True)
    forged = [json.loads(line) for line in lines]
    forged[3]["body"] = forged[3]["body"].replace("visit", "wisit")
    bends = {
        "a line is gone": lines[:4] + lines[5:],
        "the last line is gone": lines[:-1],
        "two are swapped": [lines[1], lines[0], *lines[2:]],
        "a line is bent": [json.dumps(line) + "\n" for line in forged],
        "a line is twice": [*lines, lines[-1]],
    }
    for name, bent in bends.items():
        events.write_text("".join(bent), "utf-8")
        assert not verify_export(tmp_path / "out", against=heads, key=key).whole, name
    events.write_text("no json\n", "utf-8")
    with pytest.raises(RecordUnreadable):
        verify_export(tmp_path / "out", key=key)
    with pytest.raises(RecordUnreadable):
        verify_export(tmp_path / "nothing")


def test_an_open_cases_advice_is_not_exported_and_the_export_still_verifies(
    folder: Path, tmp_path: Path
):
    with opened(folder) as record:
        does(record, "visit-1", OpenCase())
        does(record, "visit-1", GiveAdvice(answer="leave", source="tell-tale@9"), by=HOST)
        done = export(record, tmp_path / "out")
        key = record.key.text
    assert done.held_back == 2
    text = "".join(
        f.read_text("utf-8")
        for f in (tmp_path / "out").glob("*[!t]")
        if f.is_file() and f.suffix != ".parquet"
    )
    assert "tell-tale" not in text
    assert "show_probability" not in text.splitlines()[0]
    assert verify_export(tmp_path / "out", key=key).whole


@pytest.mark.feature("C18")
def test_the_hosts_count_is_held_against_the_record_and_kept(folder: Path):
    with opened(folder) as record:
        for n in range(3):
            does(record, f"visit-{n}", OpenCase())
        found = reconcile(record, "first-visit-part", 5)
        assert (found.recorded, found.missing) == (3, 2)
        assert reconcile(record, "first-visit-part", 2).missing == -1
        later = reconcile(record, "first-visit-part", 3, since=record.now())
        assert later.recorded == 0
        with pytest.raises(RecordRefused, match="decision-unknown"):
            reconcile(record, "first-visit", 5)
        kinds = [r.event.data.KIND for r in record.store.events(0, 50)]
    assert kinds.count("count.reconciled") == 3


# --- the commands ---


def says(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert run(words) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_the_commands_tell_what_they_did(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(folder)
    assert "record-missing" in says(capsys, "verify", code=2)
    said = says(capsys, "record", "import", "visits.csv", "--charter", charter_of(folder))
    assert "240 cases taken in" in said
    again = says(capsys, "record", "import", "visits.csv", "--charter", charter_of(folder))
    assert "240 cases had been taken in before" in again
    missing = says(capsys, "record", "reconcile", "first-visit-part", "--count", "250")
    assert "240 of 250 cases of the host are on record (96 of 100)" in missing
    assert "no day" in says(
        capsys, "record", "reconcile", "first-visit-part", "--count", "1", "--since", "soon", code=2
    )
    key = says(capsys, "record", "checkpoint", "--key").strip()
    request = says(capsys, "record", "checkpoint", "--since", "0")
    (tmp_path / "request").write_text(request, "utf-8")
    keep = str(tmp_path / "heads")
    witness = ("witness", str(tmp_path / "request"), "--key", key, "--keep", keep)
    assert "243 events" in says(capsys, *witness)
    assert says(capsys, "witness", "--key", key, "--keep", keep, "--next").strip() == "243"
    assert "ALARM other-size" in says(capsys, *witness, code=1)
    out = str(tmp_path / "out")
    assert "240 decided cases as a table" in says(capsys, "record", "export", "--out", out)
    proved = says(capsys, "verify", out, "--against", keep, "--key", key)
    assert "It grew from 2 heads kept before" in proved
    assert "agrees with itself" not in proved
    assert "agrees with itself" in says(capsys, "verify")
    copy = str(tmp_path / "copy.gz")
    assert "243 events" in says(capsys, "record", "backup", copy)
    assert "record-unwritable" in says(capsys, "record", "restore", copy, code=2)
    held = says(capsys, "record", "hold", "--by", "ben", "--why", "claim 7")
    erase = ("record", "erase", "p-1", "--by", "ben", "--approved-by", "cara", "--authority", "x")
    assert "on-hold" in says(capsys, *erase, code=2)
    says(capsys, "record", "hold", "--by", "ben", "--lift", held.split(": ")[1].strip(" .\n"))
    assert "Erased" in says(capsys, *erase)
    assert "field-missing" in says(capsys, "record", "hold", "--by", "ben", code=2)
    with opened(folder) as record:
        event = record.store.events(3, 1)[0].event.id
    assert says(capsys, "record", "receipt", event).startswith("c2sp.org/tlog-proof@v1\n")
    assert "nothing-owed" in says(capsys, "record", "receipt", "x", code=2)
    assert "column-unclear" in says(
        capsys,
        "record",
        "import",
        "visits.csv",
        "--charter",
        charter_of(folder),
        "--column",
        "x",
        code=2,
    )
    frozen = says(capsys, "record", "freeze", "--by", "ben", "--why", "moved")
    assert frozen.startswith("sayso/record/")
    content = bytearray((folder / "record" / "record.db").read_bytes())
    place = content.index(b"depot 2")
    content[place + 6] ^= 1
    (folder / "record" / "record.db").write_bytes(content)
    damaged = says(capsys, "verify", code=1)
    assert "Its bytes do not give its stored hash" in damaged
    assert "The record is not whole" in damaged


def test_asking_for_help_loads_no_database_library():
    code = (
        "import sys; from sayso.cli.main import run; run(['--help']);"
        "bad = {'sqlalchemy', 'alembic', 'cryptography', 'duckdb', 'numpy'} & set(sys.modules);"
        "assert not bad, bad"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr


def test_a_first_view_that_was_skipped_is_told_in_the_table(folder: Path):
    text = CHARTER.replace("mode: advise}", "mode: advise, prior: {sample: 1}}")
    (folder / "charters" / "first-visit-part.yaml").write_text(text, "utf-8")
    with opened(folder) as record:
        does(record, "v", OpenCase(), SkipPrior(), Choose(answer="bring"))
        state = record.store.state_of("first-visit-part", "v")
    assert state is not None
    row = case_row(state)
    assert (row["prior_asked"], row["prior_ask_probability"], row["prior_skipped"]) == (
        True,
        1,
        True,
    )
