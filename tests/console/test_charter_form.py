"""A charter as a form: two depths, what is open beside each field, and nothing typed is ever lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sayso.declare.charter_file import read_charter
from tests.console.forms import Form, form_of, led_to
from tests.declare.good_charter import GOOD, broken

SLUG = "first-visit-part"
PATH = f"/d/{SLUG}/charter"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
HTML = "<b>\"Ann\" & 'Bo'</b><script>alert(1)</script>"


def workspace(folder: Path, text: str = GOOD) -> Path:
    place = folder / "charters" / f"{SLUG}.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return workspace(tmp_path)


def told(answer) -> str:
    """An answer's words."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def opened(pages, depth: str = "2") -> Form:
    answer = pages.get(f"{PATH}?depth={depth}")
    assert answer.status_code == 200
    return form_of(answer, PATH)


def test_a_change_is_shown_in_sentences_and_saved_as_the_next_version(pages, file):
    visit = pages()
    looked = visit.post(PATH, opened(visit).sent("review", owner="ann", options__1="go without"))
    assert looked.status_code == 200
    assert "Save this as version 4?" in told(looked)
    assert "The accountable role is now ann; it was head-of-field-service." in told(looked)
    assert "You can now also choose: go without." in told(looked)
    assert file.read_text("utf-8") == GOOD, "looking writes nothing"
    where = led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    assert "Saved. The charter is version 4 now." in told(visit.get(where))
    charter = read_charter(file.read_text("utf-8"), file.name).charter
    assert charter is not None
    assert (charter.owner, charter.version) == ("ann", 4)
    assert (file.parent / "old" / f"{SLUG}@3.yaml").read_text("utf-8") == GOOD
    changed = set(file.read_text("utf-8").split("\n")) - set(GOOD.split("\n"))
    assert changed == {"version: 4", "options: [bring, go without]", "owner: ann"}


def test_back_to_the_form_keeps_what_was_typed(pages, file):
    visit = pages()
    sent = opened(visit, "10").sent("review", owner=HTML, advice__until="2027-01-01")
    back = visit.post(PATH, form_of(visit.post(PATH, sent), PATH).sent("edit"))
    assert form_of(back, PATH).fields["owner"] == HTML
    assert form_of(back, PATH).fields["advice.until"] == "2027-01-01"
    assert "<script>alert" not in back.text


def test_the_other_depth_loses_nothing_that_was_typed(pages, file):
    visit = pages()
    ten = visit.post(PATH, opened(visit).sent("depth:10", owner="ann"))
    assert form_of(ten, PATH).fields["owner"] == "ann"
    typed = form_of(ten, PATH).sent("depth:2", outcome__due="five weeks")
    two = visit.post(PATH, typed)
    assert 'id="outcome.due"' not in two.text
    assert form_of(two, PATH).fields["outcome.due"] == "five weeks"
    held = visit.post(PATH, form_of(two, PATH).sent("review"))
    assert held.status_code == 422
    assert "How is it seen that it went well? 'five weeks' is not a number of days" in told(held)


@pytest.mark.parametrize("depth", ["2", "10"])
def test_an_untouched_form_changes_nothing(pages, file, depth):
    visit = pages()
    where = led_to(visit.post(PATH, opened(visit, depth).sent("review")))
    assert "The file says this already, so nothing was written." in told(visit.get(where))
    assert file.read_text("utf-8") == GOOD


def test_save_pressed_twice_makes_one_version(pages, file):
    visit = pages()
    looked = visit.post(PATH, opened(visit).sent("review", owner="ann"))
    first = led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    second = led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    assert (first, second) == (f"{PATH}?depth=2&saved=4", f"{PATH}?depth=2&saved=same")
    assert [f.name for f in (file.parent / "old").iterdir()] == [f"{SLUG}@3.yaml"]


def test_two_who_save_at_once_both_see_both_and_lose_nothing(pages, file):
    ann, bo = pages(), pages()
    anns, bos = opened(ann), opened(bo, "10")
    looked = ann.post(PATH, anns.sent("review", owner="ann", question="Should it come along?"))
    ann.post(PATH, form_of(looked, PATH).sent("save"))
    typed = {"owner": "bo", "look_again__every": "30d"}
    clash = bo.post(PATH, bos.sent("review", **typed))
    assert clash.status_code == 409
    said = told(clash)
    assert "This charter was changed while you had it open" in said
    assert "Who is accountable? In the file now Answer ann What you typed Answer bo" in said
    assert "Changed by you alone And then every 30d" in said
    assert "kept as it is there: What is decided, again and again?" in said
    assert "version: 4" in file.read_text("utf-8"), "nothing was saved"
    form = form_of(bo.post(PATH, form_of(clash, PATH).sent("edit")), PATH)
    assert form.fields["owner"] == "bo"
    assert form.fields["question"] == "Should it come along?", "what bo left alone is ann's"
    looked = bo.post(PATH, form.sent("review"))
    assert "The accountable role is now bo; it was ann." in told(looked)
    assert "The question is now" not in told(looked)
    led_to(bo.post(PATH, form_of(looked, PATH).sent("save")))
    charter = read_charter(file.read_text("utf-8"), file.name).charter
    assert charter is not None
    assert (charter.version, charter.owner, charter.question) == (5, "bo", "Should it come along?")


def test_rows_are_added_and_removed_without_scripts(pages, file):
    visit = pages()
    more = form_of(visit.post(PATH, opened(visit).sent("add:options", options__0="take it")), PATH)
    ten = visit.post(PATH, opened(visit, "10").sent("add:assumptions"))
    assert re.search(r'<textarea[^>]*id="assumptions.1.says"[^>]* autofocus', ten.text)
    assert more.fields["options.2"] == ""
    less = form_of(visit.post(PATH, more.sent("drop:options.1", options__2="ask first")), PATH)
    assert {n: t for n, t in less.fields.items() if n.startswith("options.")} == {
        "options.0": "take it",
        "options.2": "ask first",
    }
    looked = visit.post(PATH, less.sent("review"))
    assert "You can now also choose: take it and ask first." in told(looked)
    assert "You can no longer choose: bring and leave." in told(looked)


def test_of_every_answer_it_is_asked_what_a_mistake_costs(pages, file):
    visit = pages()
    more = visit.post(PATH, opened(visit).sent("add:options", options__1="go without"))
    assert "Choosing “go without”" in told(more)
    assert "Choosing “leave”" in told(more), "what was said of an answer that is gone can be seen"
    assert "can never be chosen" in told(more)


def test_what_is_open_is_said_beside_its_field_and_does_not_keep_from_saving(pages, tmp_path):
    file = workspace(tmp_path, broken("owner: data-science, ", ""))
    visit = pages()
    answer = visit.get(f"{PATH}?depth=10")
    beside = re.search(r'id="said-assumptions-0-owner">(.*?)</div>', answer.text)
    assert beside is not None
    assert beside[1] == (
        '<p class="open" title="SAY225">Nobody watches this assumption. Name who watches it.</p>'
    )
    assert "1 point is open." in told(answer)
    assert visit.post(PATH, opened(visit).sent("review", owner="")).status_code == 200
    assert "owner:" in file.read_text("utf-8")


def test_an_error_of_form_keeps_it_from_being_saved_and_says_where(pages, file):
    visit = pages()
    held = visit.post(
        PATH, opened(visit, "10").sent("review", matters__0__weight="a lot", owner="x")
    )
    assert held.status_code == 422
    assert "<title>Error: " in held.text
    assert (
        '<a href="#matters.0.weight">Its share of 1: &#39;a lot&#39; is not a share.' in held.text
    )
    assert 'id="matters.0.weight"' in held.text
    assert form_of(held, PATH).fields["owner"] == "x"
    forced = visit.post(PATH, {**form_of(held, PATH).sent(), "act": "save"})
    assert forced.status_code == 422
    assert file.read_text("utf-8") == GOOD


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (broken("weight: 0.6", "weight: lots"), "'lots' is not a share."),
        (broken("mode: advise", "mode: advice"), "'advice' is not allowed. Did you mean advise?"),
        (broken("owner: head", "ownr: head"), "Ownr: no such key. Did you mean owner?"),
        (broken("version: 3", "version: third"), "'third' is not a whole number"),
        (broken("options: [bring, leave]", "options: {a: b}"), "A mapping is not a list."),
        (broken("decision: first-visit-part\n", ""), "Decision: missing."),
        (broken("default: leave", "default: leave\ndefault: bring"), "Written twice"),
    ],
)
def test_a_charter_with_errors_of_form_opens_with_its_problems(pages, tmp_path, text, says):
    workspace(tmp_path, text)
    visit = pages()
    answer = visit.get(f"{PATH}?depth=10")
    assert answer.status_code == 200
    assert says in told(answer)
    assert form_of(answer, PATH).fields["question"].startswith("Should the technician")


def test_a_broken_file_is_mended_in_the_form(pages, tmp_path):
    text = broken("weight: 0.6", "weight: lots").replace("version: 3", "version: third")
    file = workspace(tmp_path, text.replace("default: leave", "default: leave\ndefault: bring"))
    visit = pages()
    looked = visit.post(PATH, opened(visit, "10").sent("review", matters__0__weight="0.6"))
    assert "The file could not be read before" in told(looked)
    led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    assert file.read_text("utf-8").count("default:") == 1
    assert read_charter(file.read_text("utf-8"), file.name).charter is not None


def test_a_file_that_is_no_yaml_is_mended_as_text(pages, tmp_path):
    file = workspace(tmp_path, "decision: first-visit-part\nowner: [ann\n")
    visit = pages()
    answer = visit.get(PATH)
    assert "This charter cannot be read" in told(answer)
    assert "This is not YAML" in told(answer)
    still = visit.post(PATH, form_of(answer, PATH).sent("text", text="decision: [<b>"))
    assert still.status_code == 422
    assert form_of(still, PATH).fields["text"].strip() == "decision: [<b>"
    led_to(visit.post(PATH, form_of(still, PATH).sent("text", text=GOOD)))
    assert file.read_text("utf-8") == GOOD


def test_an_empty_file_opens_as_an_empty_form(pages, tmp_path):
    file = workspace(tmp_path, "# Kari will write this\n")
    visit = pages()
    looked = visit.post(PATH, opened(visit).sent("review", question="Should it come along?"))
    led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    assert file.read_text("utf-8") == (
        "# Kari will write this\ndecision: first-visit-part\nversion: 1\n"
        "question: Should it come along?\n"
    )


def test_an_anchor_that_reaches_further_keeps_what_was_typed(pages, tmp_path):
    text = broken("owner: head-of-field-service", "owner: &who ann").replace(
        "to: chief-operating-officer", "to: *who"
    )
    workspace(tmp_path, text)
    visit = pages()
    held = visit.post(PATH, opened(visit).sent("review", owner="bo"))
    assert held.status_code == 422
    assert "the anchor &who in it is used on line" in told(held)
    assert form_of(held, PATH).fields["owner"] == "bo"


def test_long_texts_and_html_are_kept_as_typed(pages, file):
    visit = pages()
    long = f"{HTML} " + "Ægir sagði: já! " * 640
    assert len(long) > 10_000
    sent = opened(visit).sent("review", differently__0__says=long, options__0=HTML)
    looked = visit.post(PATH, sent)
    assert "<script>alert" not in looked.text
    led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    charter = read_charter(file.read_text("utf-8"), file.name).charter
    assert charter is not None
    assert charter.differently[0].says == long.strip()
    assert charter.options[0] == HTML
    assert "<script>alert" not in visit.get(f"{PATH}?depth=10").text


def test_too_much_for_a_charter_says_so(pages, file):
    visit = pages()
    answer = visit.post(PATH, opened(visit).sent("review", owner="x" * 270_000))
    assert answer.status_code == 413
    assert file.read_text("utf-8") == GOOD


def test_the_next_look_alone_is_no_new_version(pages, file):
    visit = pages()
    looked = visit.post(PATH, opened(visit, "10").sent("review", look_again__next="2027-03-07"))
    assert "Save this? The version stays 3." in told(looked)
    where = led_to(visit.post(PATH, form_of(looked, PATH).sent("save")))
    assert where.endswith("saved=3")
    assert not (file.parent / "old").exists()


def test_a_version_that_cannot_be_kept_keeps_what_was_typed(pages, file):
    kept = file.parent / "old" / f"{SLUG}@3.yaml"
    kept.parent.mkdir()
    kept.write_text("decision: first-visit-part\nversion: 3\n", encoding="utf-8")
    visit = pages()
    looked = visit.post(PATH, opened(visit).sent("review", owner="ann"))
    held = visit.post(PATH, form_of(looked, PATH).sent("save"))
    assert held.status_code == 422
    assert "another version" in told(held)
    assert form_of(held, PATH).fields["owner"] == "ann"


@pytest.mark.parametrize("was", ["", "[", "[1]", '{"owner": 3}'])
def test_a_form_that_somebody_tampered_with_is_no_crash(pages, file, was):
    visit = pages()
    sent = {**opened(visit).sent(), "act": "drop:nope.1", "was": was, "depth": "99"}
    assert visit.post(PATH, sent).status_code == 200
    assert visit.post(PATH, {**sent, "act": "add:owner"}).status_code == 200
    assert visit.post(PATH, {**sent, "seen": "0" * 64, "act": "save"}).status_code in (303, 409)
    assert visit.post(PATH, {}).status_code in (200, 303, 409)
    assert file.read_text("utf-8") == GOOD


def test_a_decision_that_is_not_there_leads_nowhere(pages, file):
    assert pages().get("/d/nope/charter").status_code == 404
    assert pages().get("/d/..%2Fsecret/charter").status_code == 404


@pytest.fixture
def site(served: Callable[..., str], tmp_path: Path) -> str:
    workspace(tmp_path, broken("owner: data-science, ", ""))
    return served(tmp_path)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES)
    return [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]]


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_in_any_state_of_the_form(
    browser: Browser, site, tmp_path, width, scheme
):
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page.goto(f"{site}{PATH}")
    assert not violations(page)
    press(page, "All of it, 10 minutes")
    page.locator("[id='outcome.due']").fill("soon")
    press(page, "See what changes")
    expect(page.get_by_role("alert")).to_be_focused()
    assert not violations(page)
    page.locator("[id='outcome.due']").fill("14d")
    page.locator("#owner").fill("ann")
    press(page, "See what changes")
    assert not violations(page)
    workspace(tmp_path, broken("owner: head-of-field-service", "owner: kari"))
    press(page, "Save")
    assert page.get_by_role("heading", level=1).inner_text().startswith("This charter was changed")
    assert not violations(page)
    workspace(tmp_path, "decision: [")
    page.goto(f"{site}{PATH}")
    assert not violations(page)
    page.close()


def test_findings_come_and_go_beside_a_field_as_it_is_left(browser: Browser, site):
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}{PATH}")
    page.locator("#owner").fill("Ann and Bo")
    page.locator("#owner").press("Tab")
    expect(page.locator("#said-owner")).to_have_text(
        "Two names; exactly one is accountable. Keep one."
    )
    expect(page.locator("#open-points")).to_contain_text("2 points are open")
    page.locator("#owner").fill("Ann")
    page.locator("#owner").press("Tab")
    expect(page.locator("#said-owner")).to_be_empty()
    assert page.locator("#owner").input_value() == "Ann"
    assert said == []
    page.close()


def test_by_keyboard_alone_on_a_phone_without_scripts(browser: Browser, site, tmp_path):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{site}{PATH}")

    def until(name: str) -> None:
        """Tab to a field or button, as somebody does who has no pointer."""
        here = page.locator(f"[id='{name}'], button:text-is('{name}'):not([tabindex='-1'])").first
        for _ in range(60):
            page.keyboard.press("Tab")
            if here.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{name} is not reached by Tab")

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    until("Add another answer")
    enter()
    page.keyboard.type("ask first")
    assert page.locator("[id='options.2']").input_value() == "ask first", (
        "the new field has the focus"
    )
    enter()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save this as version 4?")
    until("Save")
    enter()
    expect(page.get_by_role("status")).to_contain_text("version 4 now")
    assert "[bring, leave, ask first]" in (tmp_path / "charters" / f"{SLUG}.yaml").read_text(
        "utf-8"
    )
    context.close()


def test_by_touch_on_a_phone_and_back_makes_one_version(browser: Browser, site, tmp_path):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()

    def tap(name: str) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).tap()

    page.goto(f"{site}{PATH}")
    page.locator("#owner").fill("Ann")
    tap("All of it, 10 minutes")
    assert page.locator("#owner").input_value() == "Ann"
    tap("See what changes")
    tap("Save")
    page.go_back()
    tap("Save")
    expect(page.get_by_role("status")).to_contain_text("nothing was written")
    kept = sorted(f.name for f in (tmp_path / "charters" / "old").iterdir())
    assert kept == [f"{SLUG}@3.yaml"]
    context.close()


def test_the_way_back_of_the_browser_keeps_what_was_typed(browser: Browser, site):
    page = browser.new_page()
    page.goto(f"{site}{PATH}")
    page.locator("#owner").fill("Ann")
    press(page, "See what changes")
    page.go_back()
    assert page.locator("#owner").input_value() == "Ann"
    page.close()


@pytest.mark.parametrize("depth", ["2", "10"])
def test_nothing_scrolls_sideways_and_all_is_large_enough_for_a_finger(
    browser: Browser, site, depth
):
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(f"{site}{PATH}?depth={depth}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        "[...document.querySelectorAll('main button:not(.vh), main .field')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    page.close()
