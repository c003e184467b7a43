"""An assumption that nobody wrote down, taken into a charter."""

import shlex
from datetime import date
from pathlib import Path

import pytest

from sayso.cli.main import run
from sayso.declare.charter_file import read_charter
from sayso.domain.errors import AssumptionNotFound, CharterInvalid, PeopleTooFew
from sayso.workspace.adopt import adopt_assumption
from sayso.workspace.audit import AuditOptions, audit, load_charter, read_table
from tests.measure.test_surfaced import rows

TODAY = date(2026, 11, 24)
CHARTER = """\
# The house's own words.
decision: bring
version: 3
question: Should the part be brought?
options: [bring, leave]
inputs: {fault: category, stock: category, age: number}
kinds: [fault]
outcome: {name: used, kind: boolean}
assumptions:
  - {id: e12, says: E-12 is common, owner: stores}   # Ours.
source:
  table: visits.csv
  columns: {case: id, decider: who, choice: choice, outcome: used}
look_again: {every: 90d}   # Kept.
"""
ONE_LINE = """\
{decision: bring, version: 3, options: [bring, leave], inputs: {fault: category}, kinds: [fault],
 source: {columns: {case: id, decider: who, choice: choice, outcome: used}}}
"""
NAME = "one-answer-fault-e-41"


def made(folder: Path, text: str = CHARTER) -> tuple[Path, Path]:
    charter, table = folder / "bring.yaml", folder / "visits.csv"
    charter.write_text(text, "utf-8")
    frame = rows()
    frame.loc[frame.fault == "E-41", "choice"] = "leave"
    frame.to_csv(table, index=False)
    return charter, table


@pytest.mark.feature("M24")
def test_it_stands_in_the_charter_with_its_test_and_a_question_who_watches_it(
    tmp_path: Path,
) -> None:
    charter, table = made(tmp_path)
    done = adopt_assumption(charter, NAME, table, today=TODAY)
    text = charter.read_text("utf-8")
    assert str(done.ref) == "bring@4"
    assert done.kept is not None
    assert done.kept.read_text("utf-8") == CHARTER
    reading = read_charter(text, "bring.yaml")
    assert reading.charter is not None
    first, one = reading.charter.assumptions
    assert first.owner == "stores"
    assert (one.id, one.check, one.where, one.holds, one.owner, one.since) == (
        NAME, "avg(choice = 'leave')", "fault = 'E-41'", (0.988, 1.0), None, TODAY,
    )  # fmt: skip
    assert "# Who watches it?" in text
    assert "# The house's own words." in text
    assert "# Kept." in text


def test_once_adopted_it_is_watched_and_proposed_no_more(tmp_path: Path) -> None:
    charter, table = made(tmp_path)
    adopt_assumption(charter, NAME, table, today=TODAY)
    found = audit(table, charter=charter)
    (figure,) = (f for f in found.reading.all_of("assumption") if f.group("assumption") == NAME)
    assert figure.note("holds_low") == 0.988
    assert NAME not in found.to_html().split('id="next"')[0].split("charter adopt")[-1]


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    charter, table = made(tmp_path)
    adopt_assumption(charter, NAME, table, today=TODAY)
    before = charter.read_text("utf-8")
    with pytest.raises(CharterInvalid, match="already"):
        adopt_assumption(charter, NAME, table, today=TODAY)
    assert charter.read_text("utf-8") == before


def test_a_name_that_the_table_does_not_show_is_refused_with_the_nearest(tmp_path: Path) -> None:
    charter, table = made(tmp_path)
    with pytest.raises(AssumptionNotFound, match="one-answer-fault-e-41"):
        adopt_assumption(charter, "one-answer-fault-e-4", table, today=TODAY)
    assert charter.read_text("utf-8") == CHARTER


def test_too_few_people_are_refused_as_in_an_audit(tmp_path: Path) -> None:
    charter, table = made(tmp_path)
    rows(people=3).to_csv(table, index=False)
    with pytest.raises(PeopleTooFew):
        adopt_assumption(charter, NAME, table, today=TODAY)


@pytest.mark.parametrize(
    "shape",
    [
        CHARTER.replace(
            "assumptions:\n  - {id: e12, says: E-12 is common, owner: stores}   # Ours.\n", ""
        ),
        ONE_LINE,
    ],
    ids=["without assumptions", "on one line"],
)
def test_a_charter_of_any_shape_takes_it_up(tmp_path: Path, shape: str) -> None:
    charter, table = made(tmp_path, shape)
    adopt_assumption(charter, NAME, table, today=TODAY)
    reading = read_charter(charter.read_text("utf-8"), "bring.yaml")
    assert reading.charter is not None
    assert reading.charter.assumptions[-1].where == "fault = 'E-41'"


@pytest.mark.feature("M24")
def test_the_command_in_the_report_works_as_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    charter, table = made(tmp_path)
    options = AuditOptions(columns={"outcome": "used"}, charter_file=str(charter))
    found = read_table(str(table), load_charter(charter), options)
    page = found.to_html()
    command = page.split("sayso charter adopt", 1)[1].split("</code>")[0]
    assert "--outcome used" in command
    assert run(["charter", "adopt", *shlex.split(command)]) == 0
    assert "bring@4 now" in capsys.readouterr().out


def test_a_report_without_a_charter_prints_no_command_to_adopt(tmp_path: Path) -> None:
    _, table = made(tmp_path)
    page = audit(table, decider="who", case="id", choice="choice", outcome="used").to_html()
    assert "nothing else was ever tried there" in page
    assert "charter adopt" not in page
