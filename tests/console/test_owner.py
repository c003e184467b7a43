"""Naming who is accountable, and accepting: written to people.yaml, each once."""

import pytest

from sayso.declare.people import read_people
from tests.console import workspaces


@pytest.fixture
def bare(pages, tmp_path):
    """A decision whose charter names a role that nobody is on record for."""
    text = workspaces.charter("discount", "owner: head-of-sales")
    workspaces.write(tmp_path, "charters/discount.yaml", text)
    return pages(tmp_path)


def holders(folder):
    return read_people((folder / "people.yaml").read_text("utf-8"), "people.yaml").holders


def test_somebody_is_named_then_accepts_and_the_files_say_so(bare, tmp_path):
    assert "Who is head of sales?" in bare.get("/d/discount/owner").text
    assert bare.post("/d/discount/owner/name", {"person": "  Nils   Moen "}).status_code == 303
    (holder,) = holders(tmp_path)
    assert (holder.role, holder.person) == ("head-of-sales", "Nils Moen")
    page = bare.get("/d/discount/owner").text
    assert "I am Nils Moen, and I have read version 1" in page
    assert "checked" not in page
    assert bare.post("/d/discount/owner/accept", {"certain": "yes"}).status_code == 303
    (holder,) = holders(tmp_path)
    assert [(str(ref), str(day)) for ref, day in holder.accepted] == [("discount@1", "2026-11-23")]
    assert "Nils Moen is accountable, and has accepted version 1." in bare.get("/d/discount").text


def test_what_is_there_stays_as_it_was_written(pages, tmp_path):
    p = pages(workspaces.many(tmp_path))
    before = (tmp_path / "people.yaml").read_text("utf-8")
    p.post("/d/installation-discount/owner/name", {"person": 'Åse O’Neil "Bee"'})
    after = (tmp_path / "people.yaml").read_text("utf-8")
    assert after.startswith(before)
    assert holders(tmp_path)[-1].person == 'Åse O’Neil "Bee"'


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write one name."),
        ("   ", "Write one name."),
        ("Ann Berg and Bo Lund", "whose phone rings?"),
        ("the sales team", "nobody&#39;s phone rings"),
        ("x" * 201, "at most 200 characters"),
        ("Ann\x07Berg", "control characters"),
    ],
)
def test_what_is_no_one_name_is_a_problem_beside_the_field_and_is_not_lost(
    bare, tmp_path, typed, says
):
    answer = bare.post("/d/discount/owner/name", {"person": typed})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'href="#person"' in answer.text
    assert says in answer.text
    if typed.strip() and typed.isprintable():
        assert f'value="{typed}"' in answer.text
    assert not (tmp_path / "people.yaml").exists()


def test_nobody_accepts_without_saying_who_they_are(bare, tmp_path):
    bare.post("/d/discount/owner/name", {"person": "Nils Moen"})
    answer = bare.post("/d/discount/owner/accept")
    assert answer.status_code == 422
    assert "nobody accepts for another" in answer.text
    assert holders(tmp_path)[0].accepted == ()


def test_a_role_that_is_held_is_given_to_nobody_else(bare, tmp_path):
    bare.post("/d/discount/owner/name", {"person": "Nils Moen"})
    answer = bare.post("/d/discount/owner/name", {"person": "Leila Haddad"})
    assert answer.status_code == 422
    assert "Nils Moen holds head-of-sales." in answer.text
    assert len(holders(tmp_path)) == 1


@pytest.mark.parametrize("text", ["[{role: a, person: b}]\n", "role: a\n", "- {role: a\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone(bare, tmp_path, text):
    (tmp_path / "people.yaml").write_text(text, "utf-8")
    answer = bare.post("/d/discount/owner/name", {"person": "Nils Moen"})
    assert answer.status_code == 422
    assert "Add by hand" in answer.text
    assert (tmp_path / "people.yaml").read_text("utf-8") == text


def test_the_back_button_and_a_second_click_are_safe(bare, tmp_path):
    bare.post("/d/discount/owner/name", {"person": "Nils Moen"})
    bare.post("/d/discount/owner/accept", {"certain": "yes"})
    assert bare.post("/d/discount/owner/accept", {"certain": "yes"}).status_code == 303
    assert len(holders(tmp_path)[0].accepted) == 1


def test_a_charter_without_a_role_is_filled_in_first(pages, tmp_path):
    p = pages(workspaces.one(tmp_path))
    assert 'href="/d/discount/charter#owner"' in p.get("/d/discount/owner").text
    assert p.post("/d/discount/owner/name", {"person": "Ann"}).status_code == 422
