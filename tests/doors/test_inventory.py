"""`sayso inventory`: a list of AI systems against the decisions they are for."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sayso.cli.main import run
from sayso.declare.inventory import System, amount, inventory, said
from sayso.present.inventory import next_step, sentences

HEAD = "AI system;Decision;Business owner;What is decided differently;Go-live;Annual cost"
ROWS = (
    "ScoreBot;Should this loan be approved?;Maria Keller;Nobody is asked twice;2024-03-01;€ 120.000",
    "Score Bot 2.1;should this loan be approved?;Tom Berg;;2025-01-15;€ 40.000",
    "ChurnLens;;the marketing team;;2023-06-01;€ 300.000",
    "PartsModel;Should the part be brought?;Head of field service;;2026-03-09;€ 55.000",
    "DocSearch;n/a;TBD;;2025-10-01;€ 20.000",
    "ForecastPro;-;;;2022-01-01;€ 80.000",
)


def listed(folder: Path, *rows: str, head: str = HEAD) -> str:
    file = folder / "ai.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(file)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.feature("D16")
def test_the_list_is_told_in_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["inventory", listed(tmp_path, *ROWS)]) == 0
    text = told(capsys)
    for sentence in (
        "Of 6 AI systems, 3 name no decision; 3 have someone accountable; 1 says what is decided differently.",
        "For one a group or several people are named: there, nobody’s phone rings.",
        "“Should this loan be approved?” has 2 people accountable, by different systems: Maria Keller and Tom Berg.",
        "Those that name no decision cost 400,000 of 615,000, as this file counts it.",
        "Longest without anybody accountable: “ForecastPro”, since 2022-01-01.",
        "Perhaps one and the same, counted apart: “ScoreBot” and “Score Bot 2.1” (rows 1, 2). Nothing was merged.",
        "Next: Take “ChurnLens”, which costs most of these.",
    ):
        assert sentence in text


def test_a_list_in_which_each_names_a_decision_says_so_without_two_nos():
    systems = [System(row=i, name=f"Bot {i}", decision=f"D{i}?") for i in (1, 2)]
    assert sentences(inventory(systems, frozenset({"system", "decision"})))[0] == (
        "Of 2 AI systems, each names a decision."
    )


def test_fourteen_systems_as_a_leader_would_hear_it():
    systems = [
        System(row=i, name=f"{'abcdefghijklmn'[i] * 6}", decision="D?" if i < 5 else "",
               owner="Ann" if i < 3 else "", differently="x" if i < 2 else "")
        for i in range(14)
    ]  # fmt: skip
    found = inventory(systems, frozenset({"system", "decision", "owner", "differently"}))
    assert sentences(found) == (
        (
            "Of 14 AI systems, 9 name no decision; 3 have someone accountable; 2 say what is "
            "decided differently."
        ),
    )


def test_nothing_is_said_of_a_column_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["inventory", listed(tmp_path, "A;x?", "B;", head="Tool;Decision")]) == 0
    text = told(capsys)
    assert "Of 2 AI systems, 1 names no decision." in text
    assert "This file does not say who is accountable or what is decided differently." in text
    assert "have someone" not in text
    assert "cost" not in text


def test_drafts_are_one_a_decision_and_are_read_by_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert run(["inventory", listed(tmp_path, *ROWS), "--drafts", "charters"]) == 0
    names = sorted(file.name for file in Path("charters").iterdir())
    assert names == ["loan-approved.yaml", "part-brought.yaml"]
    text = Path("charters/loan-approved.yaml").read_text("utf-8")
    assert 'source: "ScoreBot, Score Bot 2.1"' in text
    assert 'owner: ["Maria Keller", "Tom Berg"]' in text
    capsys.readouterr()
    run(["check", "charters"])
    assert " SAY1" not in capsys.readouterr().out


def test_a_table_beside_the_list_is_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pd.DataFrame(
        {
            "decider": [f"p{i % 8}" for i in range(400)],
            "advice": ["yes" if i % 3 else "no" for i in range(400)],
            "choice": ["yes" if i % 3 or i % 7 == 0 else "no" for i in range(400)],
        }
    ).to_csv(tmp_path / "loans.csv", index=False)
    file = listed(
        tmp_path, "A;x?;loans.csv", "B;y?;nowhere.csv", "C;z?;", head="System;Decision;Table"
    )
    assert run(["inventory", file, "--json"]) == 0
    systems = json.loads(capsys.readouterr().out)["systems"]
    assert "cannot tell" in systems[0]["audit"]
    assert "nowhere.csv" in systems[1]["audit"]
    assert systems[2]["audit"] is None


@pytest.mark.parametrize(
    ("rows", "head", "flags", "part"),
    [
        (("a;b",), "x;y", (), "--system COLUMN"),
        (("a;b",), "Tool;y", ("--owner", "z"), "no column 'z'"),
        ((), "Tool;y", (), "no rows"),
        (("tbd;b", ";c"), "Tool;y", (), "empty in every row"),
        (tuple(f"s{i};d" for i in range(5001)), "Tool;Decision", (), "more than 5,000 rows"),
    ],
)
def test_lists_that_cannot_be_read_name_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: tuple[str, ...], head: str,
    flags: tuple[str, ...], part: str,
):  # fmt: skip
    assert run(["inventory", listed(tmp_path, *rows, head=head), *flags]) == 2
    assert part in " ".join(capsys.readouterr().err.split())


def test_a_flag_says_which_column_and_none_says_that_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = listed(tmp_path, "A;x?;Ann", head="thing;Decision;chief")
    assert (
        run(["inventory", file, "--system", "thing", "--owner", "chief", "--decision", "none"]) == 0
    )
    text = told(capsys)
    assert "Of one AI system, 1 has someone accountable." in text
    assert "does not say which decision each is for" in text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200", 1200), ("1.200", 1200), ("1.200,50", 1200.5), ("1,200.50", 1200.5), ("1 200 000", 1.2e6),
     ("3.5", 3.5), ("3,5", 3.5), ("$12k", 12_000), ("2m EUR", 2e6), ("-5", -5), ("", None),
     ("cheap", None), ("12 per seat, 40 seats", None), ("1'000", 1000)],
)  # fmt: skip
def test_costs_are_read_or_left_open(text: str, value: float | None):
    assert amount(text) == value


@pytest.mark.parametrize(
    "text", ["", " - ", "n/a", "N.A", "TBD", "none", "?", "unknown", "To be defined", None]
)
def test_what_stands_for_nothing_is_nothing(text: str | None):
    assert said(text) == "" or text == "N.A"


def test_one_cost_unread_and_no_sum_is_told():
    systems = [System(row=1, name="Alpha", cost=5.0), System(row=2, name="Omega")]
    found = inventory(systems, frozenset({"system", "decision", "cost"}))
    assert not any("cost" in sentence for sentence in sentences(found))


def test_the_next_step_follows_what_is_missing():
    def step(**given: str) -> str | None:
        found = inventory(
            [System(row=1, name="Alpha", **given)],  # type: ignore[arg-type]
            frozenset({"system", "decision", "owner", "differently"}),
        )
        return next_step(found)

    assert "Which decision" in (step() or "")
    assert "one name" in (step(decision="D?", owner="the board") or "")
    assert "decide differently" in (step(decision="D?", owner="Ann") or "")
    assert step(decision="D?", owner="Ann", differently="x") is None


def test_names_alike_are_proposed_and_counted_apart():
    names = ["ScoreBot", "scorebot v2", "Score-Bot", "RiskBot", "Risk Botx", "AI", "BI"]
    found = inventory(
        [System(row=i, name=name) for i, name in enumerate(names, 1)], frozenset({"system"})
    )
    assert [(a.row, b.row) for a, b in found.alike] == [(1, 2), (1, 3), (2, 3), (4, 5)]
    assert len(found.systems) == len(names)
