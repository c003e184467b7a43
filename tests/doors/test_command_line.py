"""The command line, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.measure.case_table import ROLE_NAMES
from tests.declare.good_charter import GOOD, broken


def sayso(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sayso", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_help_loads_no_heavy_library():
    heavy = ["numpy", "duckdb", "scipy", "sqlglot", "jinja2", "psycopg"]
    code = (
        "import sys\nfrom sayso.cli.main import run\nrun(['--help'])\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


def test_every_role_has_its_flag():
    shown = sayso("audit", "--help").stdout
    assert not [r for r in ROLE_NAMES if f"--{r.replace('_', '-')}" not in shown]


def test_check_says_problems_and_exits_by_their_weight(tmp_path: Path):
    good = tmp_path / "first-visit-part.yaml"
    good.write_text(GOOD.replace("next: 2026-12-07", "next: 2099-12-07"))
    assert sayso("check", str(good)).returncode == 0
    good.write_text(broken("owner: head-of-field-service", "owner: [ann, bob]"))
    done = sayso("check", str(tmp_path))
    assert done.returncode == 1
    assert ":6:8: SAY204 owner: two names; exactly one is accountable. Keep one." in done.stdout
    told = json.loads(sayso("check", str(good), "--json").stdout)
    assert told[0]["code"] == "SAY204"
    assert sayso("check", str(tmp_path / "nothing.yaml")).returncode == 2


def test_accept_and_diff(tmp_path: Path):
    (tmp_path / "charters").mkdir()
    (tmp_path / "charters" / "first-visit-part.yaml").write_text(GOOD)
    people = tmp_path / "people.yaml"
    people.write_text("- {role: head-of-field-service, person: Ada, from: 2025-01-01}\n")
    done = sayso("accept", "first-visit-part", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Ada" in done.stdout
    assert "first-visit-part@3" in people.read_text()
    assert "has accepted" in sayso("accept", "first-visit-part@3", cwd=tmp_path).stdout
    wrong = sayso("accept", "first-visit-part@3", "--as", "Eve", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "Ada, not Eve" in wrong.stderr
    new = tmp_path / "first-visit-part.yaml"
    new.write_text(broken("default: leave", "default: bring"))
    told = sayso("diff", "first-visit-part@3", str(new), cwd=tmp_path).stdout
    assert told.strip() == "What happens if nobody chooses is now bring; it was leave."


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "visits.csv"
    lines = ["visit_id,disp_id,part_sent,rec,part_used"]
    lines += [
        f"{i},p{i % 9},{'yes' if i % 3 else 'no'},{'yes' if i % 2 else 'no'},{'yes' if i % 5 else 'no'}"
        for i in range(400)
    ]
    file.write_text("\n".join(lines))
    return file


@pytest.mark.feature("U4")
def test_one_command_on_a_table_writes_a_report(table: Path):
    done = sayso("audit", str(table), cwd=table.parent)
    assert done.returncode == 0, done.stderr
    assert "part_sent" in done.stdout
    assert "Nothing left this computer." in done.stdout
    report = (table.parent / "audit.html").read_text()
    assert report.startswith("<!doctype html>")
    assert sorted(p.name for p in table.parent.iterdir()) == ["audit.html", "visits.csv"]


def test_json_says_the_same(table: Path):
    told = json.loads(sayso("audit", str(table), "--json", cwd=table.parent).stdout)
    assert {"verdict", "headline", "findings", "figures", "cannot_tell"} <= set(told)
    assert not (table.parent / "audit.html").exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("audit", "vists.csv"), "Did you mean 'visits.csv'"),
        (("audit", "visits.csv", "--choice", "part_snt"), "part_sent"),
        (("audit", "visits.csv", "--charter", "none.yaml"), "none.yaml"),
        (("audit",), "--help"),
        (("nothing",), "--help"),
    ],
)
def test_mistakes_are_said_without_a_traceback(table: Path, arguments: tuple[str, ...], part: str):
    done = sayso(*arguments, cwd=table.parent)
    assert done.returncode == 2
    assert part in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_draft_charter_from_a_table_can_be_checked(table: Path):
    done = sayso("charter", "draft", str(table), "--out", "visits.yaml", cwd=table.parent)
    assert done.returncode == 0, done.stderr
    checked = sayso("check", "visits.yaml", cwd=table.parent)
    assert "SAY1" not in checked.stdout
    assert "SAY201" in checked.stdout
