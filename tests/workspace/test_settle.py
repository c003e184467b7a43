"""A round ends with a rule: both files or none, nothing typed lost, everyone told."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from sayso.align.round import RoundState, SettleBy
from sayso.declare.people import read_people
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    CharterChanged,
    FileNotWritable,
    ProposalNotFound,
    RoundNotFound,
    SaysoError,
    SettleRefused,
    WorkspaceUnreadable,
)
from sayso.learn.proposal import ProposalState, Settlement
from sayso.present.settling import told_text
from sayso.workspace import together
from sayso.workspace.accountability import ownership
from sayso.workspace.charters import find_charter
from sayso.workspace.proposals import (
    answer_objection,
    draft_of,
    find_proposal,
    list_proposals,
    object_to,
)
from sayso.workspace.rounds import status_of
from sayso.workspace.settle import Settled, settle_round
from tests.declare.good_charter import GOOD
from tests.workspace.round_to_settle import DAY, OWNER, ROUND, answered, held, opened

TYPED = Settlement(
    rule="Bring it where <b>words</b> match: é, 中",
    why="Five of us said so, & nobody could say why not",
    check="avg(choice = 'bring')",
    where="words_match",
    start="0.41",
    target="0.6",
    check_on="2027-03-01",
    weights="solved at once=0.7, parts kept=0.3",
)
WEEK = timedelta(days=7)


def settle(
    folder: Path, typed: Settlement = TYPED, *, today: date = DAY, **given: object
) -> Settled:
    return settle_round(folder, ROUND, typed, today=today, **given)  # type: ignore[arg-type]


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name != ".lock"
    }


@pytest.mark.feature("E11")
def test_a_round_ends_with_a_rule_an_effect_and_a_day(tmp_path: Path):
    done = settle(held(tmp_path))
    assert done.is_settled
    assert find_proposal(tmp_path, ROUND) == done.proposal
    assert done.proposal.state is ProposalState.SETTLED
    charter = find_charter(CharterRef("first-visit-part", 4), tmp_path / "charters")
    line = charter.differently[-1]
    assert (line.says, line.check, line.where) == (TYPED.rule, TYPED.check, TYPED.where)
    assert (line.start, line.target, line.by) == (0.41, 0.6, date(2027, 3, 1))
    assert [o.weight for o in charter.matters] == [0.7, 0.3]
    assert find_charter(CharterRef("first-visit-part", 3), tmp_path / "charters").version == 3
    assert status_of(tmp_path, ROUND, DAY).state is RoundState.SETTLED


@pytest.mark.feature("S5")
def test_everyone_who_answered_is_told_what_was_decided_and_why(tmp_path: Path):
    done = settle(held(tmp_path))
    kept = json.loads((tmp_path / "rounds" / ROUND / "settled.json").read_text("utf-8"))
    assert kept["told"] == done.told == told_text(done.proposal)
    for words in (TYPED.rule, TYPED.why, "0.41 to 0.6", "1 March 2027", "first-visit-part@4"):
        assert words in done.told
    assert "Ada" not in done.told, "the role decides, and no person is named"


def test_whoever_writes_the_rule_stands_for_the_version_that_holds_it(tmp_path: Path):
    settle(held(tmp_path))
    text = (tmp_path / "people.yaml").read_text("utf-8")
    assert "# since the merger" in text
    (holder,) = read_people(text, "people.yaml").holders
    assert holder.accepted == ((CharterRef("first-visit-part", 4), DAY),)
    assert ownership(tmp_path, DAY).standings[0].person == "Ada"


def test_before_its_day_the_old_version_counts(tmp_path: Path):
    settle(held(tmp_path))
    days = {DAY - timedelta(days=1): 3, DAY: 4, DAY + WEEK: 4}
    for on, version in days.items():
        assert ownership(tmp_path, on).standings[0].ref.version == version


@pytest.mark.feature("E8")
def test_another_role_proposes_and_the_accountable_one_settles(tmp_path: Path):
    folder = held(tmp_path)
    proposed = settle(folder, by="dispatchers")
    assert not proposed.is_settled
    assert proposed.proposal.by == "dispatchers"
    assert status_of(folder, ROUND, DAY).state is RoundState.SHOWN
    again = settle(folder, Settlement(), by="dispatchers", today=DAY + 9 * WEEK)
    assert not again.is_settled, "time does not make a proposer accountable"
    done = settle(folder, Settlement())
    assert done.is_settled
    assert done.proposal.by == "dispatchers"


def test_only_the_person_who_holds_the_role_may_say_that_it_is_they(tmp_path: Path):
    with pytest.raises(SettleRefused, match="is Ada, not Bo"):
        settle(held(tmp_path), person="Bo")
    assert settle(tmp_path, Settlement(), person="Ada").is_settled, "what was typed was kept"


@pytest.mark.feature("A7")
def test_consent_lies_open_a_week_and_waits_for_answers(tmp_path: Path):
    folder = held(tmp_path, SettleBy.CONSENT)
    laid = settle(folder)
    assert not laid.is_settled
    object_to(folder, ROUND, "It costs\x1b[31m too much", today=DAY)
    said = settle(folder, Settlement(), today=DAY + WEEK)
    assert said.waits_for == ("Objection 1 is not answered: It costs [31m too much",)
    answer_objection(folder, ROUND, 1, "It saves more", today=DAY + WEEK)
    done = settle(folder, Settlement(), today=DAY + WEEK)
    assert done.is_settled
    assert "It saves more" in done.told
    with pytest.raises(SettleRefused, match="was settled"):
        object_to(folder, ROUND, "Too late", today=DAY + WEEK)


def test_changing_what_lies_open_gives_everyone_another_week(tmp_path: Path):
    folder = held(tmp_path, SettleBy.CONSENT)
    settle(folder)
    changed = settle(folder, Settlement(rule="Bring it always"), today=DAY + WEEK)
    assert not changed.is_settled
    assert changed.proposal.why == TYPED.why, "what was not typed anew stays"
    assert settle(folder, TYPED.over(Settlement()), today=DAY + WEEK).proposal.drafted == DAY + WEEK
    assert len(list_proposals(folder)[0]) == 1


def test_a_veto_is_said_and_lifted_by_its_role_alone(tmp_path: Path):
    text = GOOD.replace("veto: []", "veto: [union]")
    folder = held(tmp_path, SettleBy.VETO, text)
    settle(folder)
    with pytest.raises(SettleRefused, match="stores may not stop it"):
        object_to(folder, ROUND, "No", today=DAY, veto="stores")
    object_to(folder, ROUND, "Unsafe", today=DAY, veto="union")
    assert settle(folder, Settlement(), today=DAY + WEEK).waits_for == ("union stops it: Unsafe",)
    with pytest.raises(SettleRefused, match="Only union lifts"):
        answer_objection(folder, ROUND, 1, "It is fine", today=DAY, by=OWNER)
    answer_objection(folder, ROUND, 1, "Now it is safe", today=DAY, by="union")
    assert settle(folder, Settlement(), today=DAY + WEEK).is_settled


def test_a_quorum_that_was_missed_is_said(tmp_path: Path):
    round_ = opened(tmp_path, settle=SettleBy.QUORUM, quorum=0.9, invite=8)
    answered(tmp_path, round_, 6)
    with pytest.raises(SettleRefused, match="6 of 8 answered; the quorum is 8"):
        settle(tmp_path, today=DAY + 3 * WEEK)


def test_every_reason_is_said_at_once_and_what_was_typed_is_kept(tmp_path: Path):
    opened(tmp_path, people="")
    typed = Settlement(rule="R", check="avg(nobody)", check_on="soon\ud800", weights="speed=1")
    with pytest.raises(SettleRefused) as refused:
        settle(tmp_path, typed)
    text = " ".join(refused.value.reasons)
    for words in ("0 of 5 answered", "Nobody holds the role", "Why:", "nobody", "soon", "speed"):
        assert words in text
    kept = draft_of(tmp_path, ROUND)
    assert (kept.rule, kept.check, kept.weights) == ("R", "avg(nobody)", "speed=1")
    with pytest.raises(SettleRefused):
        settle(tmp_path, Settlement(why="W"))
    assert (draft_of(tmp_path, ROUND).rule, draft_of(tmp_path, ROUND).why) == ("R", "W")


def test_an_open_round_and_one_that_too_few_answered_are_not_settled(tmp_path: Path):
    answered(tmp_path, opened(tmp_path), 1)
    before = find_charter(CharterRef("first-visit-part", 3), tmp_path / "charters")
    for today, words in ((DAY, "is open until"), (DAY + 3 * WEEK, "hold another")):
        with pytest.raises(SettleRefused, match=words):
            settle(tmp_path, today=today)
    assert find_charter(CharterRef("first-visit-part", 3), tmp_path / "charters") == before
    assert list_proposals(tmp_path)[0] == ()


def test_a_charter_that_changed_after_the_answers_is_settled_only_when_that_is_said(tmp_path: Path):
    folder = held(tmp_path)
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(file.read_text("utf-8").replace("costs: 190 EUR", "costs: 90 EUR"), "utf-8")
    with pytest.raises(SettleRefused, match="wrongly now counts 90 EUR"):
        settle(folder)
    assert settle(folder, Settlement(), although_changed=True).is_settled
    with pytest.raises(SettleRefused, match="was settled by"):
        settle(folder)


def test_a_day_to_look_again_is_no_change_of_what_was_answered(tmp_path: Path):
    folder = held(tmp_path)
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(file.read_text("utf-8").replace("2026-12-07", "2027-03-07"), "utf-8")
    assert settle(folder).is_settled


def test_a_page_that_shows_an_old_charter_settles_nothing(tmp_path: Path):
    folder = held(tmp_path)
    with pytest.raises(CharterChanged):
        settle(folder, seen="v1:old")
    assert draft_of(folder, ROUND) == TYPED


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4, 5, 6])
def test_all_files_are_written_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
):
    folder = held(tmp_path)
    before = everything(folder)
    put, calls = together._put, []

    def failing(path: Path, text: str | None) -> None:
        calls.append(path)
        if len(calls) == fails_at:
            raise FileNotWritable(f"Cannot write {path}: disk full.", hint="Make room.")
        put(path, text)

    monkeypatch.setattr(together, "_put", failing)
    with pytest.raises(FileNotWritable):
        settle(folder)
    after = everything(folder)
    assert after.pop("proposals/drafts/first-visit-part-1.yaml"), "what was typed is kept"
    after.pop(".sayso/.gitignore")
    before.pop(".sayso/.gitignore", None)
    assert after == before
    monkeypatch.setattr(together, "_put", put)
    assert settle(folder, Settlement()).is_settled


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4, 5, 6])
def test_what_a_crash_left_half_written_is_finished_by_the_next_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
):
    class Killed(BaseException):
        pass

    folder = held(tmp_path)
    put, calls = together._put, []

    def dying(path: Path, text: str | None) -> None:
        calls.append(path)
        if len(calls) >= dies_at:  # a dead process rolls nothing back
            raise Killed
        put(path, text)

    monkeypatch.setattr(together, "_put", dying)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        settle(folder)
    monkeypatch.undo()
    assert ownership(folder, DAY).standings[0].ref.version == 4
    assert find_proposal(folder, ROUND).settled == DAY
    assert status_of(folder, ROUND, DAY).state is RoundState.SETTLED
    assert not (folder / ".sayso" / together.LEFT).exists()


def test_a_file_that_somebody_changed_after_the_crash_is_left_as_it_is(tmp_path: Path):
    held(tmp_path)
    plan = {"file": "people.yaml", "text": "new", "before": "0" * 64}
    left = tmp_path / ".sayso" / together.LEFT
    left.write_text(json.dumps({"format": 1, "files": [plan]}), "utf-8")
    before = (tmp_path / "people.yaml").read_text("utf-8")
    ownership(tmp_path, DAY)
    assert (tmp_path / "people.yaml").read_text("utf-8") == before
    assert not left.exists()
    left.write_text("{", "utf-8")
    with pytest.raises(WorkspaceUnreadable):
        ownership(tmp_path, DAY)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_breaks_stay_as_the_files_have_them(tmp_path: Path, newline: str):
    held(tmp_path)
    files = [tmp_path / "charters" / "first-visit-part.yaml", tmp_path / "people.yaml"]
    for file in files:
        file.write_text(file.read_text("utf-8"), "utf-8", newline=newline)
    settle(tmp_path)
    for file in (*files, tmp_path / "charters" / "old" / "first-visit-part@3.yaml"):
        raw = file.read_bytes()
        assert raw.count(b"\r\n") == (raw.count(b"\n") if newline == "\r\n" else 0)


def test_two_who_settle_at_once_settle_once(tmp_path: Path):
    folder = held(tmp_path)
    said: list[str] = []

    def one(rule: str) -> None:
        try:
            settle(folder, TYPED if rule == "" else Settlement(rule=rule).over(TYPED))
            said.append("settled")
        except SaysoError as error:
            said.append(error.code)

    threads = [threading.Thread(target=one, args=(r,)) for r in ("", "Another rule")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["settle-refused", "settled"]
    assert len(list_proposals(folder)[0]) == 1
    charter = find_charter(CharterRef("first-visit-part", 4), folder / "charters")
    assert len(charter.differently) == 2


def test_a_charter_that_is_saved_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from sayso.workspace import settle as module

    folder = held(tmp_path)
    file = folder / "charters" / "first-visit-part.yaml"
    text = module._next_text

    def slow(*given: object) -> str:
        file.write_text(file.read_text("utf-8") + "# somebody's change\n", "utf-8")
        return text(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_next_text", slow)
    with pytest.raises(CharterChanged):
        settle(folder)
    assert "somebody's change" in file.read_text("utf-8")
    assert draft_of(folder, ROUND) == TYPED


@pytest.mark.parametrize("name", ["../x-1", "nothing-1", "", "first-visit-part", "a" * 300 + "-1"])
def test_a_name_is_never_a_way_out_of_the_workspace(tmp_path: Path, name: str):
    with pytest.raises(RoundNotFound):
        settle_round(tmp_path, name, TYPED, today=DAY)
    with pytest.raises(ProposalNotFound):
        find_proposal(tmp_path, name)


def test_a_charter_without_one_owner_cannot_be_settled(tmp_path: Path):
    folder = held(tmp_path)
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(file.read_text("utf-8").replace(f"owner: {OWNER}", "owner:"), "utf-8")
    with pytest.raises(SettleRefused, match="Nobody is accountable"):
        settle(folder, although_changed=True)
