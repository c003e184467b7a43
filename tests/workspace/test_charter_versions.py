"""A charter's file is changed by version: what was in force stays readable."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sayso.cli.main import run
from sayso.declare.charter_file import read_charter
from sayso.declare.charter_text import with_fields
from sayso.declare.versions import asks_for_version
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import CharterChanged, CharterInvalid, CharterNotFound
from sayso.workspace.charter_versions import charter_file, mark_of, save_charter
from sayso.workspace.charters import charter_files, find_charter
from tests.declare.good_charter import GOOD, broken

NAME = "first-visit-part"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "charters" / f"{NAME}.yaml"
    place.parent.mkdir()
    place.write_text(GOOD, encoding="utf-8")
    return place


def changed(**keys: str) -> str:
    return with_fields(GOOD, dict(keys))


def test_a_change_raises_the_version_and_keeps_the_one_before(file: Path):
    saved = save_charter(file, changed(owner="ann"), seen=mark_of(GOOD))
    assert saved.ref == CharterRef(NAME, 4)
    assert saved.kept == file.parent / "old" / f"{NAME}@3.yaml"
    assert saved.kept.read_text("utf-8") == GOOD
    assert file.read_text("utf-8") == changed(owner="ann", version="4")
    assert charter_files(file.parent) == [file], "only what is in force is listed"
    assert find_charter(CharterRef(NAME, 3), file.parent).owner == "head-of-field-service"
    assert find_charter(CharterRef(NAME, 4), file.parent).owner == "ann"


def test_versions_are_compared_and_only_the_one_in_force_is_checked(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(file.parent.parent)
    save_charter(file, changed(owner="ann"), seen=mark_of(GOOD))
    assert run(["diff", f"{NAME}@3", f"{NAME}@4"]) == 0
    assert "The accountable role is now ann" in capsys.readouterr().out
    run(["check", "charters"])
    assert f"{NAME}@3" not in capsys.readouterr().out
    run(["check", f"charters/old/{NAME}@3.yaml"])
    told = capsys.readouterr().out
    assert "SAY114" not in told, "it is named after its version"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GOOD, GOOD + "# a comment\n"),
        (GOOD, GOOD.replace("[bring, leave]", '[ "bring", leave ]')),
        (GOOD, broken("2026-12-07", "2027-03-07")),
        (GOOD, broken("version: 3", "version: 9")),
        ("decision: a\nversion: 1\n", "decision: a\nversion: 1\nlook_again: {next: 2027-03-07}\n"),
    ],
)
def test_comments_layout_and_the_next_look_are_no_new_version(old: str, new: str):
    one, other = (read_charter(text, f"{NAME}.yaml").charter for text in (old, new))
    assert one is not None
    assert other is not None
    assert not asks_for_version(one, other)


def test_the_next_look_is_written_into_the_same_version(file: Path):
    saved = save_charter(file, broken("2026-12-07", "2027-03-07"), seen=mark_of(GOOD))
    assert (saved.ref.version, saved.kept, saved.written) == (3, None, True)
    assert "next: 2027-03-07" in file.read_text("utf-8")
    again = save_charter(file, file.read_text("utf-8"), seen=mark_of(file.read_text("utf-8")))
    assert not again.written


@pytest.mark.parametrize(
    "new", [broken("every: 90d", "every: 30d"), broken("0.60", "0.61"), broken("parts-model", "x")]
)
def test_anything_else_is_a_new_version(new: str, file: Path):
    assert save_charter(file, new, seen=mark_of(GOOD)).ref.version == 4


def test_a_file_changed_meanwhile_is_not_written_over(file: Path):
    file.write_text(GOOD + "# Kari was here\n", encoding="utf-8")
    with pytest.raises(CharterChanged, match="since you opened it"):
        save_charter(file, changed(owner="ann"), seen=mark_of(GOOD))
    assert file.read_text("utf-8").endswith("# Kari was here\n")
    assert not (file.parent / "old").exists()


def test_of_many_who_save_at_once_one_does(file: Path):
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def save(owner: str) -> None:
        start.wait()
        try:
            outcomes.append(str(save_charter(file, changed(owner=owner), seen=mark_of(GOOD)).ref))
        except CharterChanged:
            outcomes.append("late")

    people = [threading.Thread(target=save, args=(f"person-{i}",)) for i in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == [f"{NAME}@4", *["late"] * 7]


def test_a_kept_version_is_never_written_over(file: Path):
    kept = file.parent / "old" / f"{NAME}@3.yaml"
    kept.parent.mkdir()
    kept.write_text("decision: first-visit-part\nversion: 3\n", encoding="utf-8")
    with pytest.raises(CharterInvalid, match="another version"):
        save_charter(file, changed(owner="ann"), seen=mark_of(GOOD))
    assert file.read_text("utf-8") == GOOD
    kept.write_text(GOOD, encoding="utf-8")  # as a crash between the two leaves it
    assert save_charter(file, changed(owner="ann"), seen=mark_of(GOOD)).ref.version == 4


def test_errors_of_form_are_not_written(file: Path):
    with pytest.raises(CharterInvalid, match="SAY110"):
        save_charter(file, changed(inputs="[a]"), seen=mark_of(GOOD))
    assert file.read_text("utf-8") == GOOD


def test_a_broken_file_is_mended_as_the_next_version(file: Path):
    wrong = broken("version: 3", "version: 3\nownr: x")
    file.write_text(wrong, encoding="utf-8")
    saved = save_charter(file, changed(owner="ann"), seen=mark_of(wrong))
    assert saved.ref.version == 4
    assert (file.parent / "old" / f"{NAME}@3.yaml").read_text("utf-8") == wrong


def test_line_breaks_stay_as_they_were(file: Path):
    file.write_bytes(GOOD.replace("\n", "\r\n").encode())
    save_charter(file, changed(owner="ann"), seen=mark_of(GOOD))
    assert file.read_bytes() == changed(owner="ann", version="4").replace("\n", "\r\n").encode()


def test_a_decision_is_found_by_its_name_and_else_by_its_file(file: Path):
    other = file.parent / "old-name.yaml"
    other.write_text("decision: other\nversion: 1\n", encoding="utf-8")
    broken_file = file.parent / "half.yaml"
    broken_file.write_text("decision: [\n", encoding="utf-8")
    assert charter_file(file.parent, "other") == other
    assert charter_file(file.parent, "half") == broken_file
    with pytest.raises(CharterNotFound, match="old-name"):
        charter_file(file.parent, "old-name")
    second = file.parent / "again.yaml"
    second.write_text(broken("version: 3", "version: 4"), encoding="utf-8")
    assert charter_file(file.parent, NAME) == second, "the highest version is in force"
