"""A charter's assumptions, each held against a table by its own check."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from sayso.adapters.table_source import ImportRequest, open_table
from sayso.declare.charter_file import read_charter
from sayso.domain.answer import CannotTell
from sayso.domain.figure import Figure
from sayso.workspace.assumptions import read_assumptions

NOW = datetime.fromisoformat("2027-01-01")
CHARTER = """\
decision: bring-part
version: 1
question: Should the part be brought?
options: [bring, leave]
inputs: {{fault: category, age: number}}
outcome: {{name: used, kind: boolean, due: 7d}}
assumptions:
{assumptions}
source:
  table: visits.csv
  columns: {{case: id, decided_at: day, decider: who, choice: choice, outcome: used}}
"""
E41 = "  - {id: e41, says: E-41 needs the part, check: avg(used), where: \"fault = 'E-41'\", holds: [0.65, 0.85], owner: data-science}"


def table(
    folder: Path, used: Callable[[int, int], bool], *, days: int = 240, people: int = 8
) -> Path:
    """Eight cases a day; ``used(day, case)`` says how each turned out."""
    place = folder / "visits.csv"
    with place.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "day", "who", "fault", "age", "choice", "used"])
        for d in range(days):
            for i in range(8):
                on = date(2026, 1, 1) + timedelta(days=d)
                fault = "E-41" if i % 2 else "E-12"
                choice = "bring" if (d + i) % 3 else "leave"
                row = [d * 8 + i, on, f"p{(d + i) % people}", fault, d % 9, choice, used(d, i)]
                writer.writerow(row)
    return place


def read(place: Path, assumptions: str = E41) -> list[Figure]:
    reading = read_charter(CHARTER.format(assumptions=assumptions), "charter.yaml")
    assert reading.charter is not None, reading.problems
    request = ImportRequest(source=place, charter=reading.charter, as_of=NOW)
    with open_table(request) as opened:
        return list(read_assumptions(opened, reading.charter))


def mostly(d: int, i: int) -> bool:
    # Odd cases are E-41, four a day; three of four turn out used, whoever decides.
    return (d + i // 2) % 4 != 0


@pytest.mark.feature("M14")
def test_an_assumption_that_stopped_holding_is_dated_and_its_cases_counted(tmp_path: Path) -> None:
    def used(d: int, i: int) -> bool:
        return mostly(d, i) if d < 181 else (d + i // 2) % 4 == 0

    whole, since, *periods = read(table(tmp_path, used))
    assert whole.note("state") == since.note("state") == "No longer true"
    # Day 181 is the first of July; from then on, 59 days of four such cases.
    assert (since.note("stopped"), since.note("cases_since")) == ("2026-07-01", 59 * 4)
    assert since.estimate is not None
    assert since.estimate.value == 0.25
    assert [dict(p.groups)["period"] for p in periods][-2:] == ["2026-07-01", "2026-08-01"]
    assert {p.measure for p in periods} == {"assumption-over-time"}


@pytest.mark.feature("M14")
def test_one_that_holds_has_periods_and_no_date(tmp_path: Path) -> None:
    whole, *periods = read(table(tmp_path, mostly))
    assert whole.note("state") == "Holds"
    assert whole.note("stopped") is None
    assert 6 <= len(periods) <= 12
    assert all(p.estimate is not None and p.estimate.n >= 30 for p in periods)


def test_cases_before_the_day_since_which_it_is_believed_do_not_count(tmp_path: Path) -> None:
    place = table(tmp_path, lambda d, i: d >= 60 and mostly(d, i))
    since = E41.replace("owner", "since: 2026-03-02, owner")
    assert read(place)[0].note("state") != "Holds"
    assert read(place, since)[0].note("state") == "Holds"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("  - {id: a, says: Suppliers deliver}", "Nothing says how"),
        ("  - {id: a, says: S, check: avg(used)}", "between which values"),
        ("  - {id: a, says: S, check: count(*), holds: [0, 1]}", "Only averages"),
        ("  - {id: a, says: S, check: avg(unknown), holds: [0, 1]}", "not declared"),
        ("  - {id: a, says: S, check: avg(used), where: age, holds: [0, 1]}", "condition"),
    ],
)
def test_what_has_no_readable_test_is_not_tested_and_says_why(
    tmp_path: Path, line: str, reason: str
) -> None:
    (figure,) = read(table(tmp_path, mostly, days=10), line)
    assert figure.note("state") == "Not tested"
    assert isinstance(figure.answer, CannotTell)
    assert reason in figure.answer.reason


def test_a_condition_that_no_case_meets_is_not_tested(tmp_path: Path) -> None:
    (figure,) = read(table(tmp_path, mostly, days=10), E41.replace("E-41", "E-99"))
    assert figure.note("state") == "Not tested"
    assert figure.estimate is None


def test_few_people_give_no_claim_about_an_assumption(tmp_path: Path) -> None:
    figures = read(table(tmp_path, mostly, people=3))
    assert all(
        f.estimate is None or f.estimate.population.value.startswith("these") for f in figures
    )


def test_an_average_that_is_no_share_is_judged_too(tmp_path: Path) -> None:
    line = "  - {id: age, says: Units are young, check: avg(age), holds: [0, 2]}"
    whole, *_ = read(table(tmp_path, mostly), line)
    assert whole.note("state") == "No longer true"
    assert whole.unit.value == "coefficient"


def test_numbers_the_wrong_way_round_are_the_same_range(tmp_path: Path) -> None:
    place = table(tmp_path, mostly)
    assert read(place, E41.replace("[0.65, 0.85]", "[0.85, 0.65]"))[0].note("state") == "Holds"
