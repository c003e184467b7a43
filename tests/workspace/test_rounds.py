"""A round as files: who may begin, what is kept, what may be seen, and what joins nothing."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.considerations import Consideration
from sayso.align.round import Form, Round, RoundState, SettleBy
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    AnswersNotBegun,
    AnswersTooLong,
    CharterInvalid,
    CharterNotFound,
    KeyMissing,
    LinkUnknown,
    LinkUsed,
    RoundNotFound,
    RoundNotOver,
    RoundOver,
    RoundRefused,
    RoundUnreadable,
    RoundWithheld,
    SaysoError,
)
from sayso.workspace.links import LinkState, grouped
from sayso.workspace.round_opening import open_round
from sayso.workspace.round_store import (
    ROUND,
    End,
    FrozenRound,
    Typed,
    round_from,
    round_ids,
    round_text,
    typed_from,
    typed_text,
    write_end,
)
from sayso.workspace.rounds import (
    another_link,
    answers_of,
    begin,
    charter_of,
    close_round,
    find_link,
    has_charter_changed,
    list_rounds,
    new_secret,
    resume,
    save,
    send,
    status_of,
)
from tests.declare.good_charter import GOOD, broken
from tests.workspace.held_round import (
    ANSWER,
    CASES,
    DAY,
    INVENTED,
    LATER,
    answer,
    opened,
    use_cases,
    workspace,
)

ID = "first-visit-part-1"
QUANTITY = """\
decision: first-visit-part
version: 1
question: Should more parts be held, and how many?
quantity: {unit: parts, low: 0, high: 9}
"""
FEW = broken("few_deciders: refuse", "few_deciders: consented")


def everything(folder: Path) -> bytes:
    """Every name and every byte under a folder."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    names = "\n".join(str(f) for f in folder.rglob("*")).encode()
    return names + b"\n".join(file.read_bytes() for file in files)


# Opening


@pytest.mark.feature("A10")
def test_a_round_is_frozen_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch, quorum=0.5, seed=3)
    frozen = round_from((tmp_path / "rounds" / ID / ROUND).read_text("utf-8"))
    assert frozen.round == held.round == status_of(tmp_path, ID, DAY).round
    assert frozen.charter_text == GOOD
    assert (held.round.id, held.round.closes, held.round.least) == (ID, LATER, 5)
    assert held.round.cases == CASES
    assert held.round.event == "part used"
    assert [c.name for c in held.round.considerations] == ["solved at once", "parts kept"]
    assert json.loads((tmp_path / "rounds" / ID / ROUND).read_text())["format"] == 1


def test_where_a_case_says_what_options_bring_nobody_is_asked_what_they_believe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace(tmp_path)
    use_cases(monkeypatch, INVENTED)
    assert open_round(tmp_path, "first-visit-part", today=DAY).round.event == ""
    assert open_round(tmp_path, "first-visit-part", today=DAY, n=0).round.event == ""


def test_rounds_of_one_charter_are_numbered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for _ in range(10):
        opened(tmp_path, monkeypatch)
    assert round_ids(tmp_path) == tuple(f"first-visit-part-{k}" for k in range(1, 11))
    assert not list((tmp_path / "rounds").glob(".*")), "nothing half built is left"


def test_rounds_opened_at_once_do_not_share_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace(tmp_path)
    use_cases(monkeypatch)

    def opens(_: int) -> str:
        return open_round(tmp_path, "first-visit-part", today=DAY).round.id

    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(opens, range(6)))
    assert sorted(ids) == sorted(round_ids(tmp_path))
    assert len(set(ids)) == 6
    key = (tmp_path / ".sayso" / "key").read_text()
    assert len(bytes.fromhex(key)) == 32


@pytest.mark.parametrize("said", ["first-visit-part", "first-visit-part@3", "charters/first-visit-part.yaml"])  # fmt: skip
def test_a_charter_is_named_by_slug_version_or_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
):
    workspace(tmp_path)
    use_cases(monkeypatch)
    assert open_round(tmp_path, said, today=DAY).round.id == ID


def test_of_two_versions_a_slug_means_the_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    workspace(tmp_path)
    use_cases(monkeypatch)
    old = tmp_path / "charters" / "old.yaml"
    old.write_text(broken("version: 3", "version: 2"), encoding="utf-8")
    assert open_round(tmp_path, "first-visit-part", today=DAY).round.charter.version == 3
    assert open_round(tmp_path, "first-visit-part@2", today=DAY).round.charter.version == 2


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"invite": 200}, "200 people are too many for one round: a round is for 5 to 15. Invite 15, or open several rounds."),
        ({"invite": 16}, "Invite 15"),
        ({"invite": 4}, "4 answers would never be shown; 5 are needed"),
        ({"invite": 0}, "Invite at least 5"),
        ({"n": 21}, "21 cases cannot be asked; 0 to 20 can."),
        ({"n": -1}, "-n 12"),
        ({"quorum": 1.5}, "A quorum of 1.5 is no share"),
        ({"quorum": float("nan")}, "A quorum of nan is no share"),
        ({"closes": DAY}, "over before anybody could answer"),
        ({"closes": date(2025, 1, 1)}, "a day after today"),
    ],
)  # fmt: skip
def test_a_round_that_cannot_be_held_is_refused_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given_: dict[str, object], says: str
):
    with pytest.raises(RoundRefused) as refused:
        opened(tmp_path, monkeypatch, **given_)
    assert says in str(refused.value)
    assert round_ids(tmp_path) == ()


@pytest.mark.parametrize(
    ("charter", "says"),
    [
        (broken("range: [310, 0], ", ""), "'parts kept' states no range"),
        (broken("range: [310, 0], ", ""), "charters/first-visit-part.yaml:16:"),
        (broken("range: [310, 0], ", ""), "Write `- {name: parts kept, range: [310, 0], unit: EUR}`"),
        ("\n".join(line for line in GOOD.splitlines() if "name: parts" not in line)
         .replace("weight: 0.6", "weight: 1"), "names one thing that matters"),
        (QUANTITY + "matters: [{name: space, range: [9, 0]}, {name: waiting, range: [5, 0]}]\n",
         "decided by a quantity"),
    ],
)  # fmt: skip
def test_what_cannot_be_weighed_names_the_line_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, charter: str, says: str
):
    workspace(tmp_path, charter)
    use_cases(monkeypatch)
    with pytest.raises(SaysoError) as refused:
        open_round(tmp_path, "first-visit-part", today=DAY)
    assert says in str(refused.value)


def test_a_charter_with_errors_is_refused_with_its_first_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace(
        tmp_path,
        broken("question: Should", "question: Shall we? Should").replace(
            "version: 3", "version: x"
        ),
    )
    use_cases(monkeypatch)
    with pytest.raises(CharterInvalid, match=r"first-visit-part\.yaml:2:\d+: SAY110 version"):
        open_round(tmp_path, "first-visit-part", today=DAY)


@pytest.mark.parametrize("owner", ["owner:", "owner: [Ann, Bob]"])
def test_who_is_accountable_may_be_open_since_the_round_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str
):
    workspace(tmp_path, broken("owner: head-of-field-service", owner))
    use_cases(monkeypatch)
    assert open_round(tmp_path, "first-visit-part", today=DAY).round.id == ID


def test_what_matters_without_a_range_is_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    third = "  - {name: goodwill}\noutcome:"
    workspace(tmp_path, broken("outcome:", third))
    use_cases(monkeypatch)
    assert open_round(tmp_path, "first-visit-part", today=DAY).left_out == ("goodwill",)


def test_a_charter_nobody_has_names_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    workspace(tmp_path)
    use_cases(monkeypatch)
    with pytest.raises(CharterNotFound, match="Did you mean 'first-visit-part'"):
        open_round(tmp_path, "frist-visit-part", today=DAY)
    with pytest.raises(CharterInvalid, match=r"no file nothing\.yaml"):
        open_round(tmp_path, "nothing.yaml", today=DAY)


def test_a_charter_that_consents_to_few_needs_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    workspace(tmp_path, FEW)
    use_cases(monkeypatch)
    held = open_round(tmp_path, "first-visit-part", today=DAY, invite=2)
    assert held.round.least == 2
    with pytest.raises(RoundRefused):
        open_round(tmp_path, "first-visit-part", today=DAY, invite=1)


def test_a_charter_may_raise_how_many_must_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    workspace(tmp_path, broken("minimum_people: 5", "minimum_people: 7"))
    use_cases(monkeypatch)
    with pytest.raises(RoundRefused, match="7 are needed"):
        open_round(tmp_path, "first-visit-part", today=DAY, invite=6)
    assert open_round(tmp_path, "first-visit-part", today=DAY, invite=8).round.least == 7


def test_too_many_pairs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    more = "".join(f"  - {{name: m{i}, range: [0, 1], unit: x}}\n" for i in range(6))
    workspace(tmp_path, broken("outcome:", more + "outcome:"))
    use_cases(monkeypatch)
    with pytest.raises(RoundRefused, match="in pairs that is 28 questions"):
        open_round(tmp_path, "first-visit-part", today=DAY, form=Form.PAIRS)


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(question=names, option=names, fact=st.tuples(names, names), low=st.floats(-1e9, 1e9))
def test_every_round_is_read_as_it_was_written(
    question: str, option: str, fact: tuple[str, str], low: float
):
    wild = Round(
        id=ID,
        charter=CharterRef("first-visit-part", 3),
        fingerprint="v1:0",
        question=question,
        options=(option, "<b>leave</b>"),
        considerations=(Consideration(name=option, worst=low, best=2e9, unit=question),),
        event=option,
        cases=(replace(CASES[0], facts=(fact,)), CASES[2]),
        form=Form.PAIRS,
        settle=SettleBy.VETO,
        quorum=1 / 3,
        invited=7,
        opened=DAY,
        closes=LATER,
        least=2,
        seed=11,
    )
    assert round_from(round_text(FrozenRound(wild, question))) == FrozenRound(wild, question)


# Links


def test_a_link_is_long_and_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    assert len(set(held.links)) == 5
    assert all(len(token) * 5 >= 128 for token in held.links)
    kept = everything(tmp_path)
    assert not any(token.encode() in kept for token in held.links)


def test_looking_at_a_link_uses_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    before = everything(tmp_path)
    for _ in range(3):
        found = find_link(tmp_path, held.links[0], DAY)
        assert (found.state, found.round) == (LinkState.FRESH, held.round)
    assert everything(tmp_path) == before


def test_a_link_begins_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    begin(tmp_path, held.links[0], DAY)
    assert find_link(tmp_path, held.links[0], DAY).state is LinkState.USED
    with pytest.raises(LinkUsed, match=r"This link was used\. Ask for a new one\."):
        begin(tmp_path, held.links[0], DAY)
    with pytest.raises(LinkUsed):
        begin(tmp_path, grouped(held.links[0]).upper(), DAY, new_secret())
    assert status_of(tmp_path, ID, DAY).begun == 1


def test_a_second_click_of_the_same_browser_begins_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held, mine = opened(tmp_path, monkeypatch), new_secret()
    assert begin(tmp_path, held.links[0], DAY, mine) == mine
    assert begin(tmp_path, held.links[0], DAY, mine) == mine
    # The same browser opens a colleague's link: that link stays fresh for the colleague.
    assert begin(tmp_path, held.links[1], DAY, mine) == mine
    assert find_link(tmp_path, held.links[1], DAY).state is LinkState.FRESH
    assert status_of(tmp_path, ID, DAY).begun == 1


def test_of_many_who_click_one_link_at_once_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)

    def click(_: int) -> bool:
        try:
            begin(tmp_path, held.links[0], DAY)
        except LinkUsed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(16))) == 1
    assert status_of(tmp_path, ID, DAY).begun == 1


def test_an_expired_link_says_that_the_round_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    day_before = date(2026, 12, 7)
    assert find_link(tmp_path, held.links[0], day_before).state is LinkState.FRESH
    assert find_link(tmp_path, held.links[0], LATER).state is LinkState.EXPIRED
    with pytest.raises(RoundOver):
        begin(tmp_path, held.links[0], LATER)
    assert status_of(tmp_path, ID, LATER).begun == 0


@pytest.mark.parametrize("token", ["", "x", "0" * 26, "../../etc/passwd", "ä" * 26, "\ud800", "0" * 10**5])  # fmt: skip
def test_a_link_that_nobody_made_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
):
    opened(tmp_path, monkeypatch)
    assert find_link(tmp_path, token, DAY).state is LinkState.UNKNOWN
    with pytest.raises(LinkUnknown):
        begin(tmp_path, token, DAY)


def test_one_damaged_round_does_not_close_the_links_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened(tmp_path, monkeypatch)
    second = opened(tmp_path, monkeypatch)
    (tmp_path / "rounds" / ID / "links.json").write_text("{")
    assert find_link(tmp_path, second.links[0], DAY).state is LinkState.FRESH
    with pytest.raises(RoundUnreadable, match=r"links\.json cannot be read"):
        find_link(tmp_path, new_secret(), DAY)


def test_whoever_lost_a_link_gets_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    begin(tmp_path, held.links[0], DAY)
    token = another_link(tmp_path, ID, DAY)
    answer(tmp_path, token)
    assert status_of(tmp_path, ID, DAY).sent == 1
    for _ in range(4):
        another_link(tmp_path, ID, DAY)
    with pytest.raises(RoundRefused, match="10 links for 5 people"):
        another_link(tmp_path, ID, DAY)
    with pytest.raises(RoundOver):
        another_link(tmp_path, ID, LATER)


# Answering


def test_nothing_that_is_stored_joins_a_link_and_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secrets = [answer(tmp_path, token, owner=f"Person {i}") for i, token in enumerate(held.links)]
    kept = everything(tmp_path)
    for text in (*held.links, *secrets):
        assert text.encode() not in kept
        assert grouped(text).encode() not in kept
    plain = json.loads((tmp_path / "rounds" / ID / "links.json").read_text())
    assert set(plain) == {"format", "links", "begun"}
    assert all(set(link) == {"hash", "used"} for link in plain["links"])
    hashes = [link["hash"] for link in plain["links"]]
    assert hashes == sorted(hashes), "the order in which links were printed is not kept"
    assert plain["begun"] == sorted(plain["begun"]), "nor the order in which people began"
    answers = everything(tmp_path / "rounds" / ID / "answers")
    assert not any(one.encode() in answers for one in hashes)


def test_files_tell_neither_when_nor_in_which_order_people_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    for token in held.links:
        answer(tmp_path, token)
    place = tmp_path / "rounds" / ID
    looked_at = [place, place / "links.json", place / "answers", *(place / "answers").iterdir()]
    assert {int(p.stat().st_mtime) for p in looked_at} == {1795478400}  # 2026-11-24T00:00Z
    assert stat.S_IMODE((place / "answers").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in (place / "answers").iterdir())
    assert stat.S_IMODE((tmp_path / ".sayso" / "key").stat().st_mode) == 0o600
    assert (tmp_path / ".sayso" / ".gitignore").read_text() == "*\n"
    assert "answers/" in (place / ".gitignore").read_text()
    names = " ".join(p.read_text() for p in (place / "answers").iterdir())
    assert "2026" not in names, "no time is written either"


def test_a_person_has_another_pseudonym_in_every_round_and_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    mine = new_secret()
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        for _ in range(2):
            begin(folder, opened(folder, monkeypatch).links[0], DAY, mine)
    begun = [
        name
        for file in tmp_path.rglob("links.json")
        for name in json.loads(file.read_text())["begun"]
    ]
    assert len(set(begun)) == 4


def test_everything_typed_comes_back_right_or_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    typed = {
        "owner": "<script>alert(1)</script> Жанна 🦊\r\n\tØ",
        "points-1": "sixty",
        "points-2": " 40 ",
        "choice-1": "neither",
        "belief-1": "\ud800 lone",
        "what is this": "kept too",
    }
    save(tmp_path, ID, secret, typed, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields == typed
    save(tmp_path, ID, secret, {"points-1": "60"}, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields == {**typed, "points-1": "60"}
    assert status_of(tmp_path, ID, DAY).sent == 0


@given(typed=st.dictionaries(st.text(max_size=30), st.text(max_size=200), max_size=8))
def test_whatever_is_typed_is_read_as_it_was_written(typed: dict[str, str]):
    for kept in (Typed(draft=typed), Typed(draft={}, sent=typed)):
        assert typed_from(typed_text(kept, ID)) == kept


def test_what_is_wrong_is_named_kept_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    problems = send(tmp_path, ID, secret, {**ANSWER, "points-1": "50"}, today=DAY)
    assert [p.field for p in problems] == ["points"]
    assert "add up to 90" in str(problems[0])
    progress = resume(tmp_path, ID, secret, DAY)
    assert (progress.sent, progress.fields["points-1"]) == (False, "50")
    assert send(tmp_path, ID, secret, {"points-1": "60"}, today=DAY) == ()
    assert status_of(tmp_path, ID, DAY).sent == 1


def test_every_question_may_be_skipped_but_not_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    one, other = (begin(tmp_path, token, DAY) for token in held.links[:2])
    assert send(tmp_path, ID, one, {"owner": "Ann"}, today=DAY) == ()
    problems = send(tmp_path, ID, other, {}, today=DAY)
    assert [str(p) for p in problems] == ["Nothing is answered yet. Answer at least one question."]
    assert status_of(tmp_path, ID, DAY).sent == 1


def test_going_back_and_sending_again_counts_once_and_the_last_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    mine = answer(tmp_path, held.links[0], owner="Ann")
    send(tmp_path, ID, mine, {"owner": "Bob"}, today=DAY)
    assert send(tmp_path, ID, mine, {"points-1": "x"}, today=DAY), "what was sent before stays"
    progress = resume(tmp_path, ID, mine, DAY)
    assert (progress.sent, progress.changed) == (True, True)
    for token in held.links[1:]:
        answer(tmp_path, token, owner="Eve")
    owners = sorted(a.owner for a in answers_of(tmp_path, ID, DAY))
    assert owners == ["Bob", "Eve", "Eve", "Eve", "Eve"]


@pytest.mark.parametrize("secret", ["", "guess", "0" * 26, "../x", "\ud800"])
def test_without_having_begun_nothing_is_kept_or_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
):
    held = opened(tmp_path, monkeypatch)
    begin(tmp_path, held.links[0], DAY)
    before = everything(tmp_path)
    with pytest.raises(AnswersNotBegun):
        resume(tmp_path, ID, secret, DAY)
    with pytest.raises(AnswersNotBegun):
        save(tmp_path, ID, secret, ANSWER, today=DAY)
    with pytest.raises(AnswersNotBegun):
        send(tmp_path, ID, secret, ANSWER, today=DAY)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("fields", [{"owner": "x" * 70_000}, {f"f{i}": "" for i in range(600)}])
def test_more_than_a_round_keeps_is_refused_and_what_was_kept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    save(tmp_path, ID, secret, ANSWER, today=DAY)
    with pytest.raises(AnswersTooLong):
        save(tmp_path, ID, secret, fields, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields == ANSWER


def test_a_changed_comparison_asks_again_whether_to_keep_a_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch, form=Form.PAIRS)
    secret = begin(tmp_path, held.links[0], DAY)
    save(tmp_path, ID, secret, {"pair-1-2": "3", "keep-pairs": "yes"}, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields["keep-pairs"] == "yes"
    save(tmp_path, ID, secret, {"owner": "Ann"}, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields["keep-pairs"] == "yes"
    save(tmp_path, ID, secret, {"pair-1-2": "1/3"}, today=DAY)
    assert "keep-pairs" not in resume(tmp_path, ID, secret, DAY).fields


def test_people_who_answer_at_once_are_all_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch, invite=15)

    def takes_part(numbered: tuple[int, str]) -> None:
        number, token = numbered
        secret = begin(tmp_path, token, DAY)
        for field, value in ANSWER.items():
            save(tmp_path, ID, secret, {field: value}, today=DAY)
        assert send(tmp_path, ID, secret, {"owner": f"P{number}"}, today=DAY) == ()

    with ThreadPoolExecutor(15) as pool:
        list(pool.map(takes_part, enumerate(held.links)))
    assert {a.owner for a in answers_of(tmp_path, ID, DAY)} == {f"P{i}" for i in range(15)}


def test_a_kill_in_the_middle_of_saving_leaves_what_was_kept_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    save(tmp_path, ID, secret, {"owner": "before"}, today=DAY)
    code = (
        "import os, signal, sys\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from sayso.workspace.rounds import save\n"
        "def kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "os.replace = kill\n"
        f"save(Path(sys.argv[1]), {ID!r}, sys.argv[2], {{'owner': 'after'}}, today=date(2026, 11, 24))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), secret], check=False)
    assert done.returncode == -signal.SIGKILL
    assert resume(tmp_path, ID, secret, DAY).fields == {"owner": "before"}
    save(tmp_path, ID, secret, {"purpose": "on"}, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields == {"owner": "before", "purpose": "on"}
    assert len(list((tmp_path / "rounds" / ID / "answers").iterdir())) == 1, "and nothing beside it"


def test_a_full_disk_is_said_and_loses_nothing_kept_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    save(tmp_path, ID, secret, {"owner": "before"}, today=DAY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SaysoError, match="No space left on device"):
            save(tmp_path, ID, secret, {"owner": "after"}, today=DAY)
    assert resume(tmp_path, ID, secret, DAY).fields == {"owner": "before"}


def test_without_its_key_a_workspace_says_so_and_makes_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    secret = begin(tmp_path, held.links[0], DAY)
    file = tmp_path / ".sayso" / "key"
    kept = file.read_text()
    for damage in (file.unlink, lambda: file.write_text("abc")):
        damage()
        with pytest.raises(KeyMissing):
            resume(tmp_path, ID, secret, DAY)
        with pytest.raises(KeyMissing):
            begin(tmp_path, held.links[1], DAY)
    file.write_text(kept)
    assert resume(tmp_path, ID, secret, DAY).fields == {}


# Being over


def test_nothing_is_seen_while_anybody_may_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch, invite=6)
    for token in held.links[:5]:
        answer(tmp_path, token)
    assert status_of(tmp_path, ID, DAY).state is RoundState.OPEN
    with pytest.raises(RoundNotOver, match=r"is open\. Five have answered\."):
        answers_of(tmp_path, ID, DAY)
    answer(tmp_path, held.links[5])
    assert status_of(tmp_path, ID, DAY).state is RoundState.SHOWN
    assert len(answers_of(tmp_path, ID, DAY)) == 6


def test_after_the_last_answer_none_is_taken_and_none_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    first, *_ = [answer(tmp_path, token) for token in held.links]
    before = everything(tmp_path)
    with pytest.raises(RoundOver, match="What you typed is still yours"):
        send(tmp_path, ID, first, {"owner": "Zoe"}, today=DAY)
    with pytest.raises(RoundOver):
        save(tmp_path, ID, first, {"owner": "Zoe"}, today=DAY)
    assert everything(tmp_path) == before
    assert resume(tmp_path, ID, first, DAY).fields["owner"] == "Ann Berg"


def test_on_its_closing_day_a_round_opens_with_five_and_is_withheld_with_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for folder, number in ((tmp_path / "five", 5), (tmp_path / "four", 4)):
        folder.mkdir()
        held = opened(folder, monkeypatch, invite=8)
        for token in held.links[:number]:
            answer(folder, token)
        late = begin(folder, held.links[7], DAY)
        save(folder, ID, late, {"owner": "typed, not sent"}, today=DAY)
    assert len(answers_of(tmp_path / "five", ID, LATER)) == 5
    with pytest.raises(RoundWithheld, match="Four have answered; five are needed"):
        answers_of(tmp_path / "four", ID, LATER)


def test_closing_needs_five_or_says_that_nothing_will_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch, invite=8)
    for token in held.links[:3]:
        answer(tmp_path, token)
    with pytest.raises(RoundRefused) as refused:
        close_round(tmp_path, ID, DAY)
    assert str(refused.value).startswith(
        "Three have answered; five are needed. It stays open until the end of 7 December 2026."
    )
    assert status_of(tmp_path, ID, DAY).state is RoundState.OPEN
    assert close_round(tmp_path, ID, DAY, withhold=True).state is RoundState.WITHHELD
    with pytest.raises(RoundWithheld):
        answers_of(tmp_path, ID, DAY)
    assert find_link(tmp_path, held.links[7], DAY).state is LinkState.EXPIRED


def test_a_round_closed_early_takes_nothing_more_and_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch, invite=8)
    half_way = begin(tmp_path, held.links[6], DAY)
    save(tmp_path, ID, half_way, ANSWER, today=DAY)
    for token in held.links[:5]:
        answer(tmp_path, token)
    with pytest.raises(RoundRefused, match="Close it without --withhold"):
        close_round(tmp_path, ID, DAY, withhold=True)
    assert close_round(tmp_path, ID, DAY).state is RoundState.SHOWN
    assert close_round(tmp_path, ID, DAY).state is RoundState.SHOWN, "twice is no harm"
    with pytest.raises(RoundOver):
        send(tmp_path, ID, half_way, {}, today=DAY)
    assert len(answers_of(tmp_path, ID, DAY)) == 5
    assert resume(tmp_path, ID, half_way, DAY).fields == ANSWER, "what was typed can be read"


def test_a_settled_round_stays_readable_and_says_by_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    for token in held.links:
        answer(tmp_path, token)
    write_end(tmp_path / "rounds" / ID, End(settled="first-visit-part-1"), day=DAY)
    status = status_of(tmp_path, ID, DAY)
    assert (status.state, status.settled) == (RoundState.SETTLED, "first-visit-part-1")
    assert len(answers_of(tmp_path, ID, DAY)) == 5


@pytest.mark.feature("A10")
def test_answers_belong_to_the_version_they_were_given_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(tmp_path, monkeypatch)
    assert not has_charter_changed(tmp_path, held.round)
    workspace(tmp_path, broken("version: 3", "version: 4").replace("weight: 0.6", "weight: 0.5").replace("weight: 0.4", "weight: 0.5"))  # fmt: skip
    assert has_charter_changed(tmp_path, held.round)
    answer(tmp_path, held.links[0])
    assert status_of(tmp_path, ID, DAY).round.charter.version == 3
    assert charter_of(tmp_path, ID).matters[0].weight == 0.6
    (tmp_path / "charters" / "first-visit-part.yaml").unlink()
    assert not has_charter_changed(tmp_path, held.round), "a charter that is gone says nothing"


@pytest.mark.parametrize("name", ["first-visit-part-2", "../rounds/first-visit-part-1", "", ".", "x/y", "A-1", "a-1\n"])  # fmt: skip
def test_no_name_leads_out_of_the_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    opened(tmp_path, monkeypatch)
    with pytest.raises(RoundNotFound):
        status_of(tmp_path, name, DAY)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": 2}', '{"format": 1}', '{"format": 1, "charter": 3}'],
)
def test_a_damaged_or_newer_round_is_said_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
):
    opened(tmp_path, monkeypatch)
    (tmp_path / "rounds" / ID / ROUND).write_text(text)
    with pytest.raises(RoundUnreadable, match=r"round\.json cannot be read"):
        list_rounds(tmp_path, DAY)


def test_a_damaged_answer_is_said_and_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held = opened(tmp_path, monkeypatch)
    answer(tmp_path, held.links[0])
    (file,) = (tmp_path / "rounds" / ID / "answers").iterdir()
    file.write_text('{"format": 1, "draft": {}}')
    with pytest.raises(RoundUnreadable):
        status_of(tmp_path, ID, DAY)
