"""Answers of a round go for good: the report first, nothing left beside it, and no half of it told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from sayso.align.round import RoundState, SettleBy
from sayso.cli.main import run
from sayso.domain.errors import (
    AnswersNotBegun,
    FileNotWritable,
    RoundForgotten,
    RoundNotOver,
    RoundRefused,
    RoundUnreadable,
    RoundWithheld,
)
from sayso.learn.proposal import Settlement
from sayso.workspace import clock, forgetting
from sayso.workspace.forgetting import forget_round
from sayso.workspace.proposals import draft_of
from sayso.workspace.round_pages import round_page
from sayso.workspace.round_reading import round_report, run_round_report
from sayso.workspace.round_store import End, end_from, end_text, read_end
from sayso.workspace.rounds import begin, close_round, resume, save, send, status_of
from sayso.workspace.settle import settle_round
from sayso.workspace.settling_page import settle_form
from sayso.workspace.status import duties
from tests.workspace.round_to_settle import ANSWER, DAY, ROUND, held, opened

RULE = Settlement(
    rule="Bring it where the words match",
    why="One visit costs less than two",
    check="avg(choice = 'bring')",
    start="0.41",
    target="0.6",
    check_on="2027-03-01",
)
KEPT = {"report.html", "report.json"}
AFTER = DAY + timedelta(days=3)


def answered(folder: Path, people: int = 5) -> tuple[Path, list[str], set[str]]:
    """A round in which everybody wrote something of their own; their secrets, and what they wrote."""
    round_ = opened(folder, invite=6)
    secrets, wrote = list[str](), set[str]()
    for n in range(people):
        secret = begin(folder, round_.links[n], DAY)
        said = {**ANSWER, "owner": f"Zora{n} Quist", "purpose": f"my own purpose {n}"}
        assert send(folder, ROUND, secret, said, today=DAY) == ()
        save(folder, ROUND, secret, {"purpose": f"unsent draft {n}"}, today=DAY)
        secrets.append(secret)
        wrote |= {said["owner"], said["purpose"], f"unsent draft {n}"}
    # A sixth began, kept a draft and never sent it.
    secret = begin(folder, round_.links[5], DAY)
    save(folder, ROUND, secret, {"owner": "Draft Only"}, today=DAY)
    wrote |= {"Draft Only"}
    wrote |= {file.stem for file in place(folder).joinpath("answers").glob("*.json")}
    return folder, secrets, wrote


def place(folder: Path) -> Path:
    return folder / "rounds" / ROUND


def over(folder: Path) -> tuple[Path, list[str], set[str]]:
    done = answered(folder)
    close_round(folder, ROUND, DAY)
    return done


def settled(folder: Path) -> tuple[Path, list[str], set[str]]:
    done = over(folder)
    assert settle_round(folder, ROUND, RULE, today=DAY).is_settled
    return done


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def found(folder: Path, wrote: set[str]) -> set[str]:
    """Which of what people wrote stands in a file, or a file's name, that is no report."""
    lying = {n: b for n, b in files(folder).items() if Path(n).name not in KEPT}
    return {w for w in wrote for n, b in lying.items() if w in n or w.encode() in b}


@pytest.mark.feature("A10")
def test_nothing_that_anybody_typed_is_left_outside_the_report(tmp_path: Path):
    folder, secrets, wrote = settled(tmp_path)
    assert len(wrote) == 22
    assert found(folder, wrote) == wrote
    (place(folder) / "answers" / ".unfinished-x").write_text("Zora0 Quist")
    (place(folder) / ".unfinished-y").write_text("Zora0 Quist")
    forget_round(folder, ROUND, AFTER)
    assert found(folder, wrote) == set()
    assert not (place(folder) / "answers").exists()
    with pytest.raises(AnswersNotBegun):
        resume(folder, ROUND, secrets[0], AFTER)


def test_the_report_is_the_file_that_stood_there_before(tmp_path: Path):
    folder, _, _ = settled(tmp_path)
    run_round_report(folder, ROUND, AFTER, tell=lambda _: None)
    before = (place(folder) / "report.html").read_bytes()
    told = round_report(folder, ROUND, AFTER)
    forget_round(folder, ROUND, AFTER)
    assert (place(folder) / "report.html").read_bytes() == before
    kept = json.loads((place(folder) / "report.json").read_text("utf-8"))
    assert (kept["sent"], kept["headline"]) == (5, told.headline.text)


def test_counts_and_the_rule_stay_and_the_report_is_named_where_it_is_asked_for(tmp_path: Path):
    folder, secrets, _ = settled(tmp_path)
    before = status_of(folder, ROUND, AFTER)
    after = forget_round(folder, ROUND, AFTER)
    assert (after.state, after.settled) == (RoundState.SETTLED, before.settled)
    assert (after.sent, after.begun, after.links) == (5, 6, 6)
    assert (after.forgotten, after.lies, before.lies) == (AFTER, False, True)
    with pytest.raises(RoundForgotten, match="were deleted on 27 November 2026") as told:
        round_report(folder, ROUND, AFTER)
    assert f"rounds/{ROUND}/report.html" in told.value.hint
    shown, asked = round_page(folder, "first-visit-part", ROUND, "", AFTER, convener=True)
    assert not asked
    assert shown.values["says_so"] == (
        f"The answers of {ROUND} were deleted on 27 November 2026; what the round said is kept in "
        f"rounds/{ROUND}/report.html."
    )
    assert shown.values["page"]["settled"].rule == RULE.rule
    with pytest.raises(RoundForgotten, match="were deleted"):
        round_page(folder, "first-visit-part", ROUND, secrets[0], AFTER, convener=False)


def test_deleting_twice_changes_nothing(tmp_path: Path):
    folder, _, _ = settled(tmp_path)
    forget_round(folder, ROUND, AFTER)
    before = files(folder)
    again = forget_round(folder, ROUND, AFTER + timedelta(days=9))
    assert again.forgotten == AFTER
    assert files(folder) == before


def test_nothing_is_deleted_while_anybody_may_answer_or_object(tmp_path: Path):
    for name in ("open", "lying"):
        (tmp_path / name).mkdir()
    folder, _, _ = answered(tmp_path / "open")
    before = files(folder)
    with pytest.raises(RoundNotOver, match="is open"):
        forget_round(folder, ROUND, DAY, unsettled=True)
    assert {n: b for n, b in files(folder).items() if ".sayso" not in n} == {
        n: b for n, b in before.items() if ".sayso" not in n
    }
    lying = held(tmp_path / "lying", settle=SettleBy.CONSENT)
    assert not settle_round(lying, ROUND, RULE, today=DAY).is_settled
    with pytest.raises(RoundRefused, match="may object") as refused:
        forget_round(lying, ROUND, DAY, unsettled=True)
    assert "sayso settle show first-visit-part-1" in refused.value.hint
    assert len(list((place(lying) / "answers").glob("*.json"))) == 5


def test_a_round_without_a_rule_goes_only_where_that_is_said_and_can_be_settled_later(
    tmp_path: Path,
):
    folder, _, wrote = over(tmp_path)
    with pytest.raises(RoundRefused, match="is not settled"):
        forget_round(folder, ROUND, DAY)
    assert found(folder, wrote) == wrote
    assert forget_round(folder, ROUND, DAY, unsettled=True).state is RoundState.SHOWN
    shown = settle_form(folder, "first-visit-part", ROUND, DAY)
    assert "were deleted on 24 November 2026" in shown.values["stand"]
    assert settle_round(folder, ROUND, RULE, today=AFTER).is_settled
    assert draft_of(folder, ROUND).empty
    status = status_of(folder, ROUND, AFTER)
    assert (status.state, status.sent, status.forgotten) == (RoundState.SETTLED, 5, DAY)


def test_of_a_withheld_round_nothing_is_written(tmp_path: Path):
    folder, _, wrote = answered(tmp_path, people=4)
    close_round(folder, ROUND, DAY, withhold=True)
    after = forget_round(folder, ROUND, DAY)
    assert (after.state, after.sent) == (RoundState.WITHHELD, 4)
    assert found(folder, wrote) == set()
    assert not any((place(folder) / name).exists() for name in KEPT)
    with pytest.raises(RoundWithheld):
        round_report(folder, ROUND, DAY)
    shown, _ = round_page(folder, "first-visit-part", ROUND, "", DAY, convener=True)
    assert "nothing of them was ever shown" in shown.values["says"]


def test_a_kill_between_report_and_deletion_is_resumed_and_no_half_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, secrets, wrote = settled(tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_round(folder, ROUND, AFTER)
    report = (place(folder) / "report.html").read_bytes()
    assert found(folder, wrote) == wrote
    # Some are gone and some are not: four of five would tell the fifth.
    min((place(folder) / "answers").glob("*.json")).unlink()
    status = status_of(folder, ROUND, AFTER)
    assert (status.sent, status.forgotten, status.lies) == (5, AFTER, True)
    with pytest.raises(RoundForgotten):
        round_report(folder, ROUND, AFTER)
    shown, _ = round_page(folder, "first-visit-part", ROUND, secrets[0], AFTER, convener=False)
    assert "is not finished" in shown.values["says_so"]
    done = forget_round(folder, ROUND, AFTER + timedelta(days=1))
    assert (done.forgotten, done.lies) == (AFTER, False)
    assert found(folder, wrote) == set()
    assert (place(folder) / "report.html").read_bytes() == report


def test_nothing_is_deleted_where_the_report_cannot_be_written(tmp_path: Path):
    folder, _, wrote = settled(tmp_path)
    (place(folder) / "report.html").mkdir()
    with pytest.raises(FileNotWritable):
        forget_round(folder, ROUND, AFTER)
    assert found(folder, wrote) == wrote
    assert read_end(place(folder)).forgotten is None


def test_what_cannot_be_deleted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, _, _ = settled(tmp_path)

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "answers")

    monkeypatch.setattr(forgetting.shutil, "rmtree", refused)
    with pytest.raises(FileNotWritable, match="Cannot delete answers: Permission denied") as told:
        forget_round(folder, ROUND, AFTER)
    assert f"sayso round forget {ROUND}" in told.value.hint
    assert status_of(folder, ROUND, AFTER).lies


def test_ends_written_before_this_are_read_and_damaged_ones_said(tmp_path: Path):
    assert end_from('{"format": 1, "closed": true, "settled": "a-1"}') == End(
        closed=True, settled="a-1"
    )
    one = End(closed=True, forgotten=date(2026, 12, 1), sent=5, begun=6)
    assert end_from(end_text(one)) == one
    folder, _, _ = over(tmp_path)
    end = '{"format": 1, "closed": true, "settled": "", "forgotten": 7, "sent": 5, "begun": 5}'
    (place(folder) / "end.json").write_text(end)
    with pytest.raises(RoundUnreadable):
        status_of(folder, ROUND, DAY)


def test_the_duty_stands_while_answers_lie_and_goes_with_them(tmp_path: Path):
    folder, _, _ = settled(tmp_path)
    late = DAY + timedelta(days=91)

    def owed() -> list[tuple[str, str]]:
        return [(d.about, d.role) for d in duties(folder, late) if d.kind == "delete the answers"]

    assert owed() == [(ROUND, "head-of-field-service")]
    forget_round(folder, ROUND, late)
    assert owed() == []


def test_the_command_says_what_is_kept_and_the_list_says_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, _, _ = settled(tmp_path)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(clock, "today", lambda: AFTER)
    assert run(["round", "forget", ROUND]) == 0
    assert f"is kept in rounds/{ROUND}/report.html" in _told(capsys)
    assert run(["round", "list"]) == 0
    assert f"The answers of {ROUND} were deleted on 27 November 2026" in _told(capsys)
    assert run(["round", "report", ROUND]) == 2
    said = _told(capsys)
    assert "error[round-forgotten]" in said
    assert f"rounds/{ROUND}/report.html" in said


def _told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return " ".join((out + err).split())
