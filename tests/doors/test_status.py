"""`sayso who`, `status`, `settle`, `marks` and `activate`, as a person meets them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sayso.cli.main import run
from sayso.workspace import clock
from sayso.workspace.check_effect import check_effect
from sayso.workspace.settle import settle_round
from sayso.workspace.status import own_effect
from tests.declare.good_charter import GOOD
from tests.workspace.round_to_settle import DAY, ROUND, answered, held, opened, workspace
from tests.workspace.test_settle import TYPED


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", ["who", "status"])
def test_an_empty_folder_is_told_where_to_begin(
    there: Path, capsys: pytest.CaptureFixture[str], command: str
):
    assert run([command]) == 0
    assert "`sayso start`" in told(capsys)
    assert run([command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on"] == "2026-11-24"
    assert list(there.iterdir()) == [], "looking writes nothing"


def test_who_stands_for_what_is_said_first_and_in_one_sentence(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    workspace(there)
    others = {"a": "risk", "b": "chief", "c": "gone"}
    for name, owner in others.items():
        text = GOOD.replace("first-visit-part", name).replace("head-of-field-service", owner)
        (there / "charters" / f"{name}.yaml").write_text(text, "utf-8")
    people = (there / "people.yaml").read_text("utf-8")
    people += "- {role: risk, person: Bo, accepted: [{charter: a@3, on: 2026-01-01}]}\n"
    people += "- {role: gone, person: <b>Cy</b>, to: 2026-02-01}\n"
    (there / "people.yaml").write_text(people, "utf-8")
    assert run(["who"]) == 0
    text = told(capsys)
    assert text.startswith(
        "Of 4 decisions, 1 has someone accountable; 1 names somebody who has not accepted; "
        "nobody stands for 2."
    )
    assert "The role gone is vacant since 1 February 2026: nobody stands for c." in text
    assert run(["who", "--as-of", "2025-12-31", "--json"]) == 0
    states = {d["decision"]: d["state"] for d in json.loads(capsys.readouterr().out)["decisions"]}
    assert states == {
        "a": "named, not accepted", "b": "nobody", "c": "named, not accepted",
        "first-visit-part": "named, not accepted",
    }  # fmt: skip


def test_who_has_not_accepted_two_weeks_after_a_round_asked_about_it_is_said(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    opened(there)
    for day, late in (("2026-12-08", False), ("2026-12-09", True)):
        assert run(["who", "--as-of", day]) == 0
        text = told(capsys)
        assert ("for at least 15 days, and has not accepted" in text) == late


def test_a_day_to_come_is_called_one(there: Path, capsys: pytest.CaptureFixture[str]):
    workspace(there)
    assert run(["who", "--as-of", "2031-01-01"]) == 0
    assert "That day is still to come" in told(capsys)
    assert run(["status", "--as-of", "2031-01-01"]) == 0
    assert "overdue" in told(capsys)
    assert run(["who", "--as-of", "soon"]) == 2


def test_what_cannot_be_read_stops_nothing_and_is_said(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    workspace(there)
    (there / "charters" / "broken.yaml").write_text("decision: [", "utf-8")
    (there / "charters" / "latin.yaml").write_bytes(b"decision: \xff")
    (there / "proposals").mkdir()
    (there / "proposals" / "a-1.yaml").write_text("nothing: here", "utf-8")
    (there / "rounds" / "x-1").mkdir(parents=True)
    (there / "rounds" / "x-1" / "round.json").write_text("{", "utf-8")
    (there / "activations.yaml").write_text("{", "utf-8")
    (there / "marks" / "first-visit-part@3").mkdir(parents=True)
    (there / "marks" / "first-visit-part@3" / "suggestions.yaml").write_text("- 1", "utf-8")
    assert run(["status", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["unread"]) == 6
    assert run(["who"]) == 0
    assert "first-visit-part@3" in told(capsys)
    (there / "people.yaml").write_text("role: x", "utf-8")
    assert run(["status"]) == 0
    assert "people.yaml:1:1" in told(capsys)


def test_no_text_steers_the_terminal(there: Path, capsys: pytest.CaptureFixture[str]):
    held(there)
    typed = [
        "--rule", "Bring\x1b[31m it", "--why", "So\u202e", "--expect", "avg(choice = 'bring')",
        "--from", "0.4", "--to", "0.6", "--check-on", "2027-01-01",
    ]  # fmt: skip
    assert run(["settle", ROUND, *typed]) == 0
    assert run(["settle", "show", ROUND]) == 0
    assert run(["status"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_round_is_settled_from_the_command_line_and_status_says_so(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    held(there)
    assert run(["settle", ROUND, "--rule", "Bring it"]) == 2
    refused = capsys.readouterr().err
    assert refused.startswith("error[settle-refused]")
    assert "Why: " in refused
    rest = ["--why", "W", "--expect", "avg(choice = 'bring')", "--from", "0.4", "--to", "0.6",
            "--check-on", "2026-12-01"]  # fmt: skip
    assert run(["settle", ROUND, *rest]) == 0
    assert "first-visit-part@4 is written" in told(capsys)
    assert run(["check", "charters"]) == 0, "the new version has no errors"
    capsys.readouterr()
    assert run(["status", "--as-of", "2026-12-03", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["own_effect"]["says"] == (
        "In 90 days: 1 item settled, 1 charter changed, no decision measurably different."
    )
    (late,) = [d for d in said["duties"] if d["overdue"]]
    assert (late["kind"], late["about"], late["overdue_days"]) == ("check the effect", ROUND, 2)
    assert run(["status", "--as-of", "2026-11-23"]) == 0
    assert "changes nothing here" in told(capsys), "the day before, nothing was settled"


def test_a_round_past_its_day_is_overdue_until_it_is_settled(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    answered(there, opened(there), 5)
    assert run(["status", "--as-of", "2026-12-10"]) == 0
    text = told(capsys)
    assert "Settle first-visit-part-1" in text
    assert "2 days overdue, since 8 December 2026" in text


def test_a_round_that_too_few_answered_is_said_and_owed_by_nobody(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    answered(there, opened(there), 2)
    assert run(["status", "--as-of", "2026-12-10"]) == 0
    text = told(capsys)
    assert "2 of 5 answered, too few to show anything" in text
    assert "Settle first-visit-part-1" not in text


def test_forms_are_written_read_and_answered_from_the_command_line(
    there: Path, capsys: pytest.CaptureFixture[str]
):
    workspace(there)
    assert run(["marks", "form", "first-visit-part"]) == 0
    files = sorted(there.glob("marks-*.yaml"))
    for file in files:
        text = file.read_text("utf-8").replace("mark:\n", "mark: true here\n")
        file.write_text(text.replace("missing_inputs: []", "missing_inputs: [weather]"), "utf-8")
    assert run(["marks", "read", "first-visit-part", *map(str, files)]) == 0
    assert "All 3 who marked it say: true here." in told(capsys)
    assert run(["activate", "first-visit-part@3"]) == 2
    assert "first-visit-part@3.1" in capsys.readouterr().err
    assert (
        run(["marks", "answer", "first-visit-part@3.1", "--decline", "It is <in> stock_low"]) == 0
    )
    assert run(["accept", "first-visit-part@3"]) == 0
    assert run(["activate", "first-visit-part"]) == 0
    assert "is in force from" in told(capsys)
    assert run(["status"]) == 0
    assert "“weather” (first-visit-part@3.1) was declined: It is <in> stock_low" in told(capsys)


def visits(share: float, *, since: date, number: int = 1200, people: int = 12) -> pd.DataFrame:
    """Visits before and since a day; since it, this share brings the part."""
    draw = np.random.default_rng(7)
    half = number // 2
    days = [since - timedelta(days=1 + i % 60) for i in range(half)]
    days += [since + timedelta(days=i % 60) for i in range(half)]
    sent = np.r_[draw.random(half) < 0.4, draw.random(half) < share]
    return pd.DataFrame(
        {
            "visit_id": range(number),
            "sent": sent,
            "decided": pd.to_datetime(pd.Series(days)),
            "who": [f"p{i % people}" for i in range(number)],
            "words_match": True,
            "part_used": draw.random(number) < 0.5,
            "cancelled": False,
        }
    )


MAPPED = GOOD.replace(
    "outcome: part_used}", "outcome: part_used, decided_at: decided, decider: who}"
).replace("outcome: {name: part_used", "outcome: {name: part_used", 1)
LATER = DAY + timedelta(days=60)


def changed(folder: Path) -> Path:
    held(folder, charter=MAPPED)
    settle_round(folder, ROUND, TYPED, today=DAY)
    return folder


@pytest.mark.feature("E11")
def test_a_difference_counts_only_once_a_table_shows_it(there: Path):
    changed(there)
    assert own_effect(there, LATER).different == 0
    none = check_effect(there, ROUND, visits(0.41, since=DAY), today=LATER)
    assert none.checks[-1].low is not None
    assert own_effect(there, LATER).different == 0
    some = check_effect(there, ROUND, visits(0.6, since=DAY), today=LATER)
    last = some.checks[-1]
    assert last.cases == 600, "cases before the change are not counted"
    assert last.low is not None
    assert last.low > 0.41
    assert own_effect(there, LATER).different == 1
    away = check_effect(there, ROUND, visits(0.2, since=DAY), today=LATER)
    assert own_effect(there, LATER).different == 0
    assert own_effect(there, LATER).other_way == 1
    assert len(away.checks) == 3, "what was seen before stays on record"


def test_without_days_or_before_it_is_in_force_a_table_cannot_tell(there: Path):
    changed(there)
    undated = visits(0.6, since=DAY).drop(columns="decided")
    file = there / "charters" / "first-visit-part.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace(", decided_at: decided", ""), "utf-8")
    found = check_effect(there, ROUND, undated, today=LATER)
    assert "does not say when" in found.checks[-1].why
    (there / "activations.yaml").write_text("- {charter: first-visit-part@3, on: 2026-01-01}\n")
    found = check_effect(there, ROUND, undated, today=LATER)
    assert "is not in force yet" in found.checks[-1].why
    assert own_effect(there, LATER).different == 0


def test_a_table_of_four_people_is_not_reported_on(there: Path, capsys: pytest.CaptureFixture[str]):
    changed(there)
    visits(0.6, since=DAY, people=4).to_parquet("few.parquet")
    assert run(["settle", "check", ROUND, "--table", "few.parquet"]) == 2
    assert "people-too-few" in capsys.readouterr().err


def test_an_expected_effect_is_checked_from_the_command_line(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    changed(there)
    monkeypatch.setattr(clock, "today", lambda: LATER)
    visits(0.6, since=DAY).to_parquet("visits.parquet")
    assert run(["settle", "check", ROUND, "--table", "visits.parquet"]) == 0
    text = told(capsys)
    assert "it happened" in text
    assert "over 600 cases since" in text
    assert "because" not in text
    assert run(["settle", "check", "nothing-1", "--table", "visits.parquet"]) == 2
