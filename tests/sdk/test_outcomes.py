"""Outcomes from a table: each once, however often the job is run or broken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sayso
from sayso.domain.errors import ColumnMissing, TableUnreadable, ValueOutOfRange
from sayso.sdk import Client, Columns, OutcomeJob
from tests.sdk.servers import Served, serving

COLUMNS = Columns(case="claim", outcome="reopened", value="cost")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "w") as one:
        yield one


@pytest.fixture
def client(served: Served, tmp_path: Path) -> Iterator[Client]:
    with sayso.connect(served.url, spool=tmp_path / "spool") as one:
        for number in range(6):
            one.case("claims-triage", id=f"c-{number}").choose("desk")
        assert one.flush()
        yield one


def table(folder: Path, rows: int, *, last: str = "true") -> Path:
    path = folder / "outcomes.csv"
    lines = [f"c-{n},{'false' if n % 2 else 'true'},{n}.5" for n in range(rows - 1)]
    path.write_text("\n".join(["claim,reopened,cost", *lines, f"c-{rows - 1},{last},"]) + "\n")
    return path


def outcomes(served: Served) -> Counter[str]:
    return Counter(e.case for e in served.events() if e.data.KIND == "outcome.recorded")


@pytest.mark.feature("C14")
def test_outcomes_are_recorded_from_a_csv_file(served: Served, client: Client, tmp_path: Path):
    path = table(tmp_path, 4, last="")
    done = client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")
    assert done == OutcomeJob(recorded=3, before=0, unknown=1)
    assert client.flush()
    assert client.refused() == []
    found = [e.data for e in served.events() if e.data.KIND == "outcome.recorded"]
    assert [(one.outcome, one.value) for one in found] == [(True, 0.5), (False, 1.5), (True, 2.5)]


def test_a_job_goes_on_where_the_table_has_grown(served: Served, client: Client, tmp_path: Path):
    def run(rows: int) -> OutcomeJob:
        path = table(tmp_path, rows)
        return client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")

    assert run(1) == OutcomeJob(1, 0, 0)
    path = tmp_path / "outcomes.csv"
    path.write_text(path.read_text() + "c-1,false,2\n")
    again = client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")
    assert again == OutcomeJob(1, 1, 0)
    assert client.flush()
    assert outcomes(served) == {"c-0": 1, "c-1": 1}


def test_a_job_that_was_broken_off_records_each_row_once(
    served: Served, client: Client, tmp_path: Path
):
    path = table(tmp_path, 5)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "c-2,perhaps,1", *lines[4:]]))
    with pytest.raises(ValueOutOfRange, match="perhaps"):
        client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")
    path.write_text("\n".join(lines))
    client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")
    assert client.flush()
    assert client.refused() == []
    assert outcomes(served) == {f"c-{n}": 1 for n in range(5)}


def test_rows_are_taken_as_they_are(served: Served, client: Client):
    at = datetime.now(UTC)
    rows = [{"case": "c-0", "outcome": False, "at": at}, {"case": "c-1", "outcome": True, "at": at}]
    for _ in range(2):
        client.outcomes(rows, decision="claims-triage", columns=Columns(at="at"))
    assert client.flush()
    assert client.refused() == []
    assert outcomes(served) == {"c-0": 1, "c-1": 1}


def test_an_outcome_of_a_case_under_an_elder_charter_is_recorded(
    served: Served, client: Client, tmp_path: Path
):
    rows = [{"case": "c-0", "outcome": True}]
    client.outcomes(rows, decision="claims-triage", version=1)
    assert client.flush()
    assert client.refused() == []
    assert outcomes(served) == {"c-0": 1}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("claim,other\nc-0,true\n", ColumnMissing),
        ("claim,reopened,cost\nc-0,maybe,\n", ValueOutOfRange),
        ("claim,reopened,cost\nc-0,true,much\n", ValueOutOfRange),
    ],
)
def test_a_table_that_cannot_be_read_is_named(
    client: Client, tmp_path: Path, text: str, error: type[Exception]
):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(error):
        client.outcomes(path, decision="claims-triage", columns=COLUMNS, kind="boolean")


def test_a_file_that_is_not_there_is_named(client: Client, tmp_path: Path):
    with pytest.raises(TableUnreadable, match=r"nothing\.csv"):
        client.outcomes(tmp_path / "nothing.csv", decision="claims-triage", kind="boolean")


def test_text_is_not_guessed_to_be_something_else(client: Client, tmp_path: Path):
    with pytest.raises(ValueError, match="kind"):
        client.outcomes(table(tmp_path, 1), decision="claims-triage")
