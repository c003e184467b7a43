"""The six questions on a page: each can be left out, the answer comes at once, nothing is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sayso.declare.charter_file import read_charter
from sayso.declare.first_answers import FIELDS, FirstAnswers, answers_in, charter_from
from sayso.present.start import QUESTIONS, first_sentences
from tests.console.conftest import TODAY
from tests.console.forms import form_of, led_to
from tests.declare.good_charter import GOOD

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FULL = {
    "decision": "Should this loan be approved?",
    "ai": "ScoreBot",
    "owner": "Ann Berg",
    "differently": "Nobody is asked twice",
    "outcome": "repaid after 12 months",
    "assumption": "this year is like last year",
}


def told(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def started(pages, **typed: str):
    """Send the form, and read what it leads to."""
    sent = pages.post("/start", form_of(pages.get("/start"), "/start").sent(**typed))
    return pages.get(led_to(sent))


@pytest.mark.feature("D17")
def test_an_ai_and_no_decision_is_said_at_once_with_one_button(pages, tmp_path):
    visit = pages()
    answer = started(visit, ai="ScoreBot")
    assert (
        "You have an AI, and no decision. Nobody is accountable; nothing is to be decided "
        "differently. A better model would fix neither."
    ) in told(answer)
    assert "Name one decision that ScoreBot should change" in told(answer)
    assert re.findall(r'class="btn" href="([^"]*)"', answer.text) == [
        "/d/unnamed-decision/charter#question"
    ]
    assert (tmp_path / "charters" / "unnamed-decision.yaml").exists()


def test_the_page_asks_what_the_terminal_asks_and_says_what_it_says(pages, tmp_path):
    visit = pages()
    page = told(visit.get("/start"))
    for question, hint in QUESTIONS:
        assert question in page
        assert hint in page
    said = told(started(visit, **FULL))
    for sentence in first_sentences(FirstAnswers(**FULL)):
        assert sentence in said
    written = (tmp_path / "charters" / "loan-approved.yaml").read_text("utf-8")
    assert written == charter_from(FirstAnswers(**FULL), "loan-approved", TODAY)


@pytest.mark.parametrize(
    ("gone", "label", "href"),
    [
        ("decision", "Name it", "/d/unnamed-decision/charter#question"),
        ("owner", "Name someone", "/d/loan-approved/charter#owner"),
        ("differently", "Fill in what differs", "/d/loan-approved/charter#differently"),
        ("assumption", "Invite five colleagues", "/d/loan-approved/round/new#invite"),
    ],
)
def test_the_button_leads_to_the_first_thing_that_is_missing(pages, gone, label, href):
    visit = pages()
    answer = started(visit, **{k: v for k, v in FULL.items() if k != gone})
    page, _, place = href.partition("#")
    assert f'class="btn" href="{href.removesuffix("#invite")}">{label}</a>' in answer.text
    assert f'id="{place}"' in visit.get(page).text


def test_a_charter_that_others_can_be_asked_about_leads_to_five_colleagues(pages, tmp_path):
    place = tmp_path / "charters" / "first-visit-part.yaml"
    place.parent.mkdir()
    place.write_text(GOOD, encoding="utf-8")
    answer = pages().get("/start/first-visit-part")
    assert 'href="/d/first-visit-part/round/new">Invite five colleagues</a>' in answer.text


def test_two_names_are_asked_for_one_with_everything_that_was_typed(pages, tmp_path):
    visit = pages()
    typed = {**FULL, "owner": "Ann and Bo"}
    asked = visit.post("/start", form_of(visit.get("/start"), "/start").sent(**typed))
    assert asked.status_code == 200
    assert "Two names. If it goes wrong on Friday, whose phone rings?" in told(asked)
    form = form_of(asked, "/start")
    assert {name: form.fields[name] for name in FIELDS} == typed
    assert not (tmp_path / "charters").exists()
    said = visit.get(led_to(visit.post("/start", form.sent(one_name="Bo"))))
    assert "Bo is accountable, by your word; no acceptance is on record." in told(said)


def test_whoever_leaves_two_names_is_asked_once_and_told_what_it_means(pages):
    visit = pages()
    asked = visit.post("/start", {"ai": "X", "owner": "Ann and Bo"})
    said = visit.get(led_to(visit.post("/start", form_of(asked, "/start").sent())))
    assert "Two are named as accountable, so nobody is" in told(said)
    again = visit.post("/start", form_of(asked, "/start").sent(owner="Cy and Di"))
    assert again.status_code == 200, "two other names are asked about anew"


def test_all_left_out_writes_nothing_and_says_where_to_begin(pages, tmp_path):
    answer = pages().post("/start", {"decision": "  ", "ai": "-"})
    assert answer.status_code == 422
    assert "nothing was written" in told(answer)
    assert not (tmp_path / "charters").exists()


def test_an_answer_that_is_too_long_loses_nothing(pages, tmp_path):
    visit = pages()
    long = "Should we? " * 1000
    answer = visit.post("/start", {**FULL, "decision": long})
    assert answer.status_code == 422
    assert "Longer than 2,000 characters" in told(answer)
    form = form_of(answer, "/start")
    assert form.fields["decision"] == long
    assert form.fields["assumption"] == FULL["assumption"]
    assert not (tmp_path / "charters").exists()


def test_a_form_sent_twice_begins_one_charter_and_another_answer_another(pages, tmp_path):
    visit = pages()
    form = form_of(visit.get("/start"), "/start").sent(**FULL)
    assert led_to(visit.post("/start", form)) == led_to(visit.post("/start", form))
    assert led_to(visit.post("/start", {**form, "owner": "Bo"})) == "/start/loan-approved-2"
    names = sorted(f.name for f in (tmp_path / "charters").iterdir())
    assert names == ["loan-approved-2.yaml", "loan-approved.yaml"]


def test_html_is_text(pages, tmp_path):
    visit = pages()
    nasty = "<b onclick=alert(1)>Ann<b>"
    answer = started(visit, decision=f"Should {nasty} be?", ai=nasty, owner=nasty)
    assert "<b onclick" not in answer.text
    assert f"{nasty} is accountable" in html.unescape(answer.text)


def test_what_is_said_is_what_the_charter_says_now(pages, tmp_path):
    visit = pages()
    started(visit, **{**FULL, "owner": ""})
    file = tmp_path / "charters" / "loan-approved.yaml"
    file.write_text(file.read_text("utf-8").replace("owner:", "owner: Ann"), encoding="utf-8")
    assert "Ann is accountable" in told(visit.get("/start/loan-approved"))
    (tmp_path / "people.yaml").write_text(
        "- {role: Ann, person: Ann Berg, accepted: [{charter: loan-approved@1, on: 2026-11-22}]}\n",
        encoding="utf-8",
    )
    assert led_to(visit.get("/start/loan-approved")) == "/d/loan-approved"
    file.write_text("decision: [", encoding="utf-8")
    assert led_to(visit.get("/start/loan-approved")) == "/d/loan-approved/charter"
    assert visit.get("/start/nope").status_code == 404


def test_six_answers_are_found_again_in_their_charter():
    text = charter_from(FirstAnswers(**FULL), "loan-approved", TODAY)
    charter = read_charter(text, "loan-approved.yaml").charter
    assert charter is not None
    found = answers_in(charter)
    assert first_sentences(found) == first_sentences(FirstAnswers(**FULL))
    assert found.due_days == 365


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES)
    return [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing_from_the_first_question_to_the_answer(
    browser: Browser, served: Callable[..., str], tmp_path: Path, width, scheme
):
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page.goto(f"{served(tmp_path)}/start")
    button = page.get_by_role("button", name="Say what is unclear")
    assert not violations(page)
    with page.expect_navigation():
        button.click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert not violations(page)
    page.locator("#owner").fill("Ann and Bo")
    with page.expect_navigation():
        button.click()
    expect(page.locator("#one_name")).to_be_focused()
    assert not violations(page)
    with page.expect_navigation():
        button.click()
    assert not violations(page)
    page.close()


def test_from_a_worry_to_what_matters_by_keyboard_on_a_phone_without_scripts(
    browser: Browser, served: Callable[..., str], tmp_path: Path
):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{served(tmp_path)}/start")
    page.keyboard.press("Tab")
    for name in FIELDS:
        while page.evaluate("document.activeElement.id") != name:
            page.keyboard.press("Tab")
        page.keyboard.type(FULL[name])
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("One decision, and an AI")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():
        page.get_by_role("link", name="Invite five colleagues").tap()
    with page.expect_navigation():
        page.get_by_role("link", name="Say what matters first").tap()
    for i, (what, worst, best) in enumerate((("losses", "400", "150"), ("time", "9", "1"))):
        page.locator(f"[id='matters.{i}.name']").fill(what)
        page.locator(f"[id='matters.{i}.range.0']").fill(worst)
        page.locator(f"[id='matters.{i}.range.1']").fill(best)
    for name in ("See what changes", "Save"):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).tap()
    expect(page.get_by_role("link", name="Invite five colleagues")).to_be_visible()
    context.close()
