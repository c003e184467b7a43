"""How assumptions stood is kept when a table is read, and shown without reading it again."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from sayso.cli.main import run
from sayso.measure.estimators.standing import Standing
from sayso.present.decision_page import decision_data, decision_page
from sayso.workspace.decision import read_decision
from tests.workspace.test_assumptions import CHARTER, E41, mostly, table

TODAY = date(2026, 11, 24)
PLAIN = "  - {id: sup, says: Suppliers deliver, owner: head-of-stores}"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose table was audited: E-41 stopped needing the part in July."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "charters").mkdir()
    text = CHARTER.format(assumptions=f"{E41}\n{PLAIN}")
    (folder / "charters" / "bring-part.yaml").write_text(text, "utf-8")
    place = table(folder, lambda d, i: mostly(d, i) if d < 181 else (d + i // 2) % 4 == 0)
    out = str(folder / "a.html")
    charter = str(folder / "charters" / "bring-part.yaml")
    assert run(["audit", str(place), "--charter", charter, "--out", out]) == 0
    return folder


@pytest.fixture
def workspace(read_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(read_once, tmp_path / "w")
    return tmp_path / "w"


@pytest.mark.feature("M14")
def test_the_page_of_a_decision_says_how_its_assumptions_stood_and_on_which_day(
    workspace: Path,
) -> None:
    facts = read_decision(workspace, "bring-part", TODAY)
    page = decision_page(facts, TODAY)["assumptions"]
    assert page["claim"] == "One of two assumptions has stopped being true"
    broken, untested = page["items"]
    assert (broken["state"], broken["kind"]) == ("No longer true", "needs")
    assert "in visits.csv: not true since 1 July 2026; 236 such cases" in broken["sub"]
    assert (untested["state"], untested["kind"]) == ("Not tested", "learning")
    data = decision_data(facts, TODAY)["assumptions"]
    assert [one["state"] for one in data] == ["No longer true", "Not tested"]


def test_without_a_table_read_an_assumption_has_a_test_or_none(workspace: Path) -> None:
    (workspace / ".sayso" / "standings" / "bring-part.json").unlink()
    page = decision_page(read_decision(workspace, "bring-part", TODAY), TODAY)["assumptions"]
    assert page["claim"] == "One of two assumptions has no test"
    assert [one["state"] for one in page["items"]] == ["Has a test", "Not tested"]


@pytest.mark.parametrize(
    "change", [("0.65", "0.20"), ("E-41'", "E-40'"), ("avg(used)", "avg(age)")]
)
def test_a_test_that_was_changed_since_is_not_said_to_have_stood(
    workspace: Path, change: tuple[str, str]
) -> None:
    file = workspace / "charters" / "bring-part.yaml"
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    assert "e41" not in read_decision(workspace, "bring-part", TODAY).stood


def test_words_and_owner_may_change_and_it_still_stood(workspace: Path) -> None:
    file = workspace / "charters" / "bring-part.yaml"
    file.write_text(file.read_text("utf-8").replace("data-science", "stores"), "utf-8")
    assert read_decision(workspace, "bring-part", TODAY).stood["e41"].standing is Standing.NO_LONGER


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"form": "v2", "on": "2026-01-01", "table": "t"}', "\xff", "[" * 9999],
)
def test_a_damaged_file_counts_as_none(workspace: Path, text: str) -> None:
    place = workspace / ".sayso" / "standings" / "bring-part.json"
    place.write_bytes(text.encode("latin-1"))
    assert read_decision(workspace, "bring-part", TODAY).stood == {}


def test_what_is_kept_is_for_its_owner_alone_and_names_nobody(workspace: Path) -> None:
    place = workspace / ".sayso" / "standings" / "bring-part.json"
    assert place.stat().st_mode & 0o077 == 0
    assert "p1" not in place.read_text("utf-8")
    assert (workspace / ".sayso" / ".gitignore").read_text("utf-8") == "*\n"


def test_a_charter_outside_a_workspace_leaves_nothing_behind(tmp_path: Path) -> None:
    place = table(tmp_path, mostly, days=40)
    charter = tmp_path / "c.yaml"
    charter.write_text(CHARTER.format(assumptions=E41), "utf-8")
    out = str(tmp_path / "a.html")
    assert run(["audit", str(place), "--charter", str(charter), "--out", out]) == 0
    assert not (tmp_path / ".sayso").exists()
