"""Deciders mark a charter before it is in force; nobody can be told, and each is answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sayso.declare.accountability import Ownership
from sayso.declare.marks import RawMarks
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    ActivationRefused,
    CharterNotFound,
    MarksRefused,
    ProposalNotFound,
    WorkspaceUnreadable,
)
from sayso.workspace.accept import accept_charter
from sayso.workspace.accountability import ownership
from sayso.workspace.activate import activate
from sayso.workspace.activations import list_activations
from sayso.workspace.marks import (
    add_marks,
    answer_suggestion,
    marks_of,
    read_forms,
    version_of,
    write_forms,
)
from sayso.workspace.status import duties
from tests.declare.good_charter import GOOD
from tests.workspace.round_to_settle import DAY, OWNER, workspace

REF = CharterRef("first-visit-part", 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path)


def accept(folder: Path, version: int = 3) -> None:
    accept_charter(
        f"first-visit-part@{version}",
        charters=str(folder / "charters"),
        people=str(folder / "people.yaml"),
        today=DAY,
    )


def form(number: int, mark: str = "true here", **missed: list[str]) -> RawMarks:
    return RawMarks(code=f"{number:026d}", marks={"e41": mark}, **missed)


def marked(folder: Path, *marks: str, ref: CharterRef = REF) -> None:
    for number, mark in enumerate(marks):
        add_marks(folder, ref, form(number, mark), today=DAY)


@pytest.mark.feature("D18")
def test_nothing_is_shown_before_three_and_then_of_all_three_at_once(folder: Path):
    marked(folder, "true here", "true here")
    view = marks_of(folder, REF)
    assert (view.marked, view.waiting, view.told) == (2, 2, ())
    add_marks(folder, REF, form(9, "not here"), today=DAY)
    view = marks_of(folder, REF)
    assert (view.marked, view.waiting) == (3, 0)
    assert view.told[0].counts is None
    assert view.told[0].somebody_not
    add_marks(folder, REF, form(10, "don't know"), today=DAY)
    assert marks_of(folder, REF).told == view.told, "the fourth alone would be told apart"


def test_a_form_may_be_sent_again_until_others_have_seen_what_all_say(folder: Path):
    marked(folder, "true here", "true here")
    add_marks(folder, REF, form(1, "not here"), today=DAY)
    assert marks_of(folder, REF).marked == 2
    add_marks(folder, REF, form(2), today=DAY)
    with pytest.raises(MarksRefused, match="taken in before"):
        add_marks(folder, REF, form(1), today=DAY)


def test_what_is_kept_tells_neither_who_nor_when(folder: Path):
    missed = ["what the <b>customer</b> said"]
    add_marks(folder, REF, form(7, inputs=missed), today=DAY)
    add_marks(folder, REF, form(8, inputs=missed), today=DAY)
    assert marks_of(folder, REF).suggestions == (), "it waits with the first three"
    add_marks(folder, REF, form(9, assumptions=["nobody is ill"]), today=DAY)
    says = [(s.id, s.says) for s in marks_of(folder, REF).suggestions]
    assert says == [(f"{REF}.1", "nobody is ill"), (f"{REF}.2", missed[0])]
    files = [f for f in (folder / "marks").rglob("*.json") if f.name != "about.json"]
    assert len(files) == 3
    assert len({f.stat().st_mtime for f in files}) == 1
    kept = "".join(f.read_text("utf-8") for f in files)
    assert "customer" not in kept
    assert "00000000" not in "".join(f.name for f in files) + kept, "no code is kept"


def test_a_charter_that_changed_takes_no_more_marks_and_does_not_come_into_force(folder: Path):
    marked(folder, "true here", "true here", "true here")
    accept(folder)
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(GOOD.replace("compressor", "fan"), "utf-8")
    with pytest.raises(MarksRefused, match="changed since it was first marked"):
        add_marks(folder, REF, form(5), today=DAY)
    with pytest.raises(ActivationRefused, match="raise its version"):
        activate(folder, str(REF), today=DAY)


@pytest.mark.feature("D11")
def test_everything_that_keeps_a_charter_from_force_is_said_together(folder: Path):
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(GOOD.replace("weight: 0.6", "weight: 0.5"), "utf-8")
    marked(folder, "true here")
    with pytest.raises(ActivationRefused) as refused:
        activate(folder, str(REF), today=DAY)
    for words in ("SAY219", "has not accepted", "2 deciders have still to mark", "1 of 3"):
        assert words in refused.value.message
    assert list_activations(folder) == ((), ())


@pytest.mark.feature("D11")
def test_a_charter_that_is_clear_accepted_and_marked_comes_into_force(folder: Path):
    marked(folder, "true here", "not here", "true here")
    accept(folder)
    said = activate(folder, str(REF), today=DAY)
    assert said == "first-visit-part@3 is in force from 24 November 2026 on."
    assert "is in force since" in activate(folder, str(REF), today=DAY + timedelta(days=1))
    (one,) = list_activations(folder)[0]
    assert (one.charter, one.on) == (REF, DAY)


def test_two_deciders_are_enough_where_there_are_no_more(folder: Path):
    accept(folder)
    for number in (1, 2):
        add_marks(folder, REF, form(number), today=DAY, deciders=2)
    assert marks_of(folder, REF).told[0].all_true
    with pytest.raises(ActivationRefused, match="1 of 3|One decider"):
        activate(folder, str(REF), today=DAY)
    assert "in force" in activate(folder, str(REF), today=DAY, deciders=2)


def test_people_yaml_says_more_deciders_than_was_claimed(folder: Path):
    people = folder / "people.yaml"
    people.write_text(people.read_text("utf-8") + "- {role: dispatchers, person: Cy}\n", "utf-8")
    accept(folder)
    add_marks(folder, REF, form(1), today=DAY)
    assert "in force" in activate(folder, str(REF), today=DAY), "the one who decides has marked"


@pytest.mark.feature("S8")
def test_each_suggestion_is_answered_before_the_charter_is_in_force(folder: Path):
    accept(folder)
    marked(folder, "true here", "true here")
    add_marks(folder, REF, form(5, inputs=["weather"], reasons=["it rained"]), today=DAY)
    with pytest.raises(
        ActivationRefused, match=r"2 suggestions are not answered: .*@3\.1, .*@3\.2"
    ):
        activate(folder, str(REF), today=DAY)
    late = [d for d in duties(folder, DAY + timedelta(days=15)) if d.about.startswith(f"{REF}.")]
    assert [(d.role, d.overdue_days(DAY + timedelta(days=15))) for d in late] == [(OWNER, 1)] * 2
    answer_suggestion(folder, f"{REF}.2", today=DAY, decline="It always rains")
    with pytest.raises(MarksRefused, match="has no version 4"):
        answer_suggestion(folder, f"{REF}.1", today=DAY, adopt=4)
    file = folder / "charters" / "first-visit-part.yaml"
    file.write_text(GOOD.replace("version: 3", "version: 4"), "utf-8")
    one = answer_suggestion(folder, f"{REF}.1", today=DAY, adopt=4)
    assert one.fate is not None
    assert one.fate.adopted == CharterRef("first-visit-part", 4)
    fates = [s.fate for s in marks_of(folder, CharterRef("first-visit-part", 4)).suggestions]
    assert [f.because for f in fates if f] == ["", "It always rains"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "one of them"), ({"decline": " \n"}, "one of them"),
        ({"adopt": 4, "decline": "no"}, "one of them"), ({"adopt": 3}, "no later one"),
    ],
)  # fmt: skip
def test_an_answer_is_one_thing_and_true(folder: Path, given: dict[str, object], words: str):
    marked(folder, "true here", "true here")
    add_marks(folder, REF, form(5, inputs=["weather"]), today=DAY)
    with pytest.raises(MarksRefused, match=words):
        answer_suggestion(folder, f"{REF}.1", today=DAY, **given)  # type: ignore[arg-type]
    answer_suggestion(folder, f"{REF}.1", today=DAY, decline="no")
    with pytest.raises(MarksRefused, match="was declined"):
        answer_suggestion(folder, f"{REF}.1", today=DAY, decline="still no")
    for name in ("x", "../x@1.1", f"{REF}.9"):
        with pytest.raises(ProposalNotFound):
            answer_suggestion(folder, name, today=DAY, decline="no")


def test_forms_are_handed_out_filled_in_and_read(folder: Path):
    files = write_forms(folder, "first-visit-part", n=3, out=folder)
    assert write_forms(folder, "first-visit-part", n=1, out=folder)[0] not in files
    for file in files:
        file.write_text(file.read_text("utf-8").replace("mark:\n", "mark: true here\n"), "utf-8")
    view = read_forms(folder, "first-visit-part@3", files, today=DAY)
    assert view.told[0].counts == (3, 0, 0)


def test_a_form_copied_for_three_people_is_not_counted_once_in_silence(folder: Path):
    (file,) = write_forms(folder, "first-visit-part", n=1, out=folder)
    file.write_text(file.read_text("utf-8").replace("mark:\n", "mark: true here\n"), "utf-8")
    copy = folder / "copy.yaml"
    copy.write_text(file.read_text("utf-8"), "utf-8")
    with pytest.raises(MarksRefused, match="has the code of another form"):
        read_forms(folder, "first-visit-part", [file, copy], today=DAY)
    assert marks_of(folder, REF).marked == 0


@pytest.mark.parametrize("text", ["", "{", "a: [", "charter: other@1\ncode: x\n", "\x00"])
def test_a_form_that_cannot_be_read_says_where(folder: Path, text: str):
    file = folder / "form.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(MarksRefused, match=r"form\.yaml"):
        read_forms(folder, "first-visit-part", [file], today=DAY)
    with pytest.raises(MarksRefused, match="Cannot read"):
        read_forms(folder, "first-visit-part", [folder / "none.yaml"], today=DAY)


def test_an_older_version_does_not_take_the_place_of_a_later_one(folder: Path):
    accept(folder)
    marked(folder, "true here", "true here", "true here")
    activate(folder, str(REF), today=DAY)
    new = folder / "charters" / "first-visit-part.yaml"
    (folder / "charters" / "old").mkdir()
    (folder / "charters" / "old" / "first-visit-part@3.yaml").write_text(GOOD, "utf-8")
    new.write_text(GOOD.replace("version: 3", "version: 4"), "utf-8")
    accept(folder, 4)
    four = CharterRef("first-visit-part", 4)
    marked(folder, "true here", "true here", "true here", ref=four)
    assert "@3 is no longer" in activate(folder, str(four), today=DAY + timedelta(days=3))
    new.write_text(GOOD, "utf-8")
    with pytest.raises(ActivationRefused, match="@4 is in force"):
        activate(folder, str(REF), today=DAY + timedelta(days=4))
    found: Ownership = ownership(folder, DAY + timedelta(days=2))
    assert found.standings[0].ref == REF
    assert found.standings[0].active


def test_what_is_not_there_or_damaged_is_named(folder: Path):
    with pytest.raises(CharterNotFound):
        activate(folder, "first-visit-part@9", today=DAY)
    with pytest.raises(CharterNotFound):
        version_of(folder, "nothing")
    (folder / "activations.yaml").write_text("- {charter: x, on: soon}\n", "utf-8")
    with pytest.raises(WorkspaceUnreadable):
        activate(folder, str(REF), today=DAY)
    assert "activations.yaml" in ownership(folder, DAY).unread[0]
    accept(folder)
    marked(folder, "true here", "true here")
    next((folder / "marks").rglob("waiting/*.json")).write_text("{", "utf-8")
    with pytest.raises(WorkspaceUnreadable):
        add_marks(folder, REF, form(9), today=DAY)
