"""The first page and the page of a decision, over real folders."""

import json

import pytest

from tests.console import workspaces


def buttons(text: str) -> int:
    return text.count('class="btn"')


@pytest.fixture
def company(pages, tmp_path):
    return pages(workspaces.many(tmp_path))


def test_an_empty_folder_begins_with_one_thing_to_do(pages):
    text = pages().get("/").text
    assert "<h1>No decisions yet</h1>" in text
    assert 'href="/start"' in text
    assert buttons(text) == 1
    assert "Does it help people act?" in text
    assert "Every decision" not in text


def test_a_workspace_in_a_hidden_folder_is_read_like_any_other(pages, tmp_path):
    folder = tmp_path / ".kept" / "work"
    workspaces.write(folder, "charters/.draft/x.yaml", workspaces.charter("x"))
    workspaces.one(folder)
    found = pages(folder).get("/index.json").json()
    assert [d["slug"] for d in found["decisions"]] == ["discount"]


def test_one_decision_is_told_in_the_singular(pages, tmp_path):
    text = pages(workspaces.one(tmp_path)).get("/").text
    assert "<h1>One decision needs you</h1>" in text
    assert "One decision is in your care." in text
    assert "Nobody is accountable for the one decision here." in text
    assert "AI, people can change it" in text


@pytest.mark.feature("S1")
def test_many_decisions_stand_in_the_order_of_what_they_need(company):
    text = company.get("/").text
    assert "<h1>Five decisions need you</h1>" in text
    assert "Seven decisions are in your care. One cannot be read, and is not counted below." in text
    assert "Nobody is accountable for two of six decisions" in text
    assert text.index("Needs you") < text.index("Watch") < text.index("Learning")
    assert text.count('role="row"') == 8
    assert "Nordlys Heat" in text
    assert buttons(text) == 1


def test_every_button_of_the_first_page_leads_to_a_page_of_ours(company):
    answers = company.get("/index.json").json()["questions"]
    assert len(answers) == 5
    assert answers[0]["question"] == "What should be decided differently?"
    for answer in answers:
        path = answer["step"]["href"].partition("#")[0]
        found = company.get(path)
        assert found.status_code == 200, path
        anchor = answer["step"]["href"].partition("#")[2]
        assert not anchor or f'id="{anchor}"' in found.text, answer["step"]["href"]


@pytest.mark.feature("S10")
def test_the_first_page_says_the_same_as_data(company):
    found = company.get("/index.json").json()
    text = company.get("/").text
    assert found["as_of"] == "2026-11-23"
    assert found["effect"] == "So far, Sayso changes nothing here."
    assert found["effect"] in text
    assert len(found["decisions"]) == 7
    for answer in found["questions"]:
        assert answer["says"] in text
        assert answer["step"]["label"] in text
    states = {d["slug"]: d["state"]["need"] for d in found["decisions"]}
    assert states["warranty-claim"] == "learning"
    assert states["first-visit-part"] == "needs"


def test_what_cannot_be_read_is_named_and_hides_nothing_else(pages, tmp_path):
    workspaces.many(tmp_path)
    (tmp_path / "people.yaml").write_text("- {role: a", "utf-8")
    (tmp_path / "sayso.toml").write_text("name = ", "utf-8")
    (tmp_path / "charters" / "Bad Name.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "rounds" / "first-visit-part-1" / "links.json").write_text("{", "utf-8")
    answer = pages(tmp_path).get("/")
    assert answer.status_code == 200
    for name in ("people.yaml", "sayso.toml", "Bad Name.yaml", "links.json"):
        assert name in answer.text
    assert answer.text.count('role="alert"') >= 4
    assert "Every decision in your care" in answer.text


def test_a_decision_says_who_is_accountable_and_what_is_worth_doing(company):
    text = company.get("/d/first-visit-part").text
    assert "<h1>Should the technician bring the part on the first visit?</h1>" in text
    assert "Ingrid Solheim is accountable, and has accepted version 3." in text
    assert 'href="/d/first-visit-part/round/first-visit-part-1/settle">Write the rule' in text
    assert "Seven of eight answered." in text
    assert "Nothing in the charter is open" in text
    assert buttons(text) == 1


def test_an_open_point_leads_to_its_field_in_the_form(company):
    text = company.get("/d/installation-discount").text
    assert "Seven points are open" in text
    assert 'href="/d/installation-discount/charter?depth=10#outcome"' in text
    assert "Nobody is accountable: head of sales is vacant on 23 November 2026." in text


def test_a_charter_that_cannot_be_read_says_what_keeps_it(company):
    text = company.get("/d/van-route").text
    assert "One thing keeps the file from being read" in text
    assert "questoin" in text
    assert "Did you mean `question`?" in text
    assert company.get("/d/van-route.json").json()["question"] is None


def test_a_decision_is_told_as_data_with_the_same_state(company):
    found = company.get("/d/installation-discount.json").json()
    assert found["accountable"] == {"state": "vacant", "person": None}
    assert len(found["unclear"]) == found["open_points"] == 7
    assert found["measured"] == {"status": "missing", "says": []}
    assert found["state"]["need"] == "needs"


def test_a_decision_that_is_not_there_suggests_the_one_that_is(company):
    answer = company.get("/d/first-visit-prt")
    assert answer.status_code == 404
    assert "first-visit-part" in answer.text
    assert company.get("/d/none.json").json()["code"] == "charter-not-found"


def test_no_page_says_what_anybody_answered_nor_who_did(company, tmp_path):
    for path in ("/", "/index.json", "/d/first-visit-part", "/d/first-visit-part.json"):
        text = company.get(path).text
        assert "000000" not in text
        assert json.dumps({"owner": "Ingrid"}) not in text


def test_names_that_would_be_markup_are_shown_as_they_are_written(pages, tmp_path):
    p = pages(workspaces.hostile(tmp_path))
    for path in ("/", "/d/attack", "/d/attack/owner"):
        answer = p.get(path)
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert "&lt;img" in answer.text
