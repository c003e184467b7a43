"""A round in a real browser: by thumb, by keyboard, without scripts, in the dark and at 320 px."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from sayso.workspace.rounds import begin, send, status_of
from tests.console import workspaces
from tests.console.conftest import TODAY
from tests.console.test_pages_in_browser import RULES, tab_to

SLUG = "first-visit-part"
ID = f"{SLUG}-1"


@dataclass
class Site:
    """A served workspace with a round of five that is settled by consent."""

    folder: Path
    url: str
    links: list[str]

    @property
    def round(self) -> str:
        return f"{self.url}/d/{SLUG}/round/{ID}"

    def answered(self, people: int) -> None:
        """So many others answer, the last links first."""
        for n in range(people):
            token = self.links[-1 - n].rpartition("/")[2]
            points = ("70", "30") if n % 2 else ("20", "80")
            fields = {
                "owner": "Ingrid",
                "purpose": "parts kept",
                "points-1": points[0],
                "points-2": points[1],
            }
            assert (
                send(self.folder, ID, begin(self.folder, token, TODAY), fields, today=TODAY) == ()
            )


@pytest.fixture
def site(
    served: Callable[..., str], browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> Site:
    """Opened through its own pages, without scripts."""
    workspaces.clean(tmp_path)
    url = served(tmp_path)
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{url}/d/{SLUG}")
    page.goto(f"{url}/d/{SLUG}/round/new")
    page.get_by_label("How many people?").fill("5")
    page.get_by_label("once no reasoned objection").check()
    page.get_by_label("None", exact=True).check()
    page.get_by_role("button", name="Make the links").click()
    links = [each.inner_text().strip() for each in page.locator(".links code").all()]
    assert len(links) == 5
    # The browser's Back leads to no form that would open a second round.
    page.go_back()
    assert page.get_by_role("heading", level=1).inner_text() == "A round about this is open already"
    page.close()
    return Site(tmp_path, url, links)


@pytest.fixture
def thumb(browser: Browser) -> Iterator[Page]:
    """A phone in the dark."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    page = context.new_page()
    yield page
    context.close()


def test_a_whole_round_by_thumb_on_a_phone(site: Site, thumb: Page, browser: Browser) -> None:
    page = thumb
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.links[0])
    page.get_by_role("button", name="Begin").dblclick()
    page.wait_for_url("**/answer/1")
    page.get_by_label("Who is accountable").fill("Ingrid & co")
    page.get_by_label("Parts kept").tap()
    page.get_by_role("button", name="Next").tap()
    page.wait_for_url("**/answer/2")
    assert page.title().startswith("Share out 100 points")
    # The sum is said while points are typed, and what is typed is kept before it is sent.
    page.locator("#points-1").fill("60")
    page.get_by_text("60 of 100 points given, 40 left.").wait_for()
    page.reload()
    assert page.locator("#points-1").input_value() == "60"
    page.locator("#points-2").fill("25")
    page.get_by_role("button", name="Next").tap()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Error: ")
    assert "Give 15 more" in page.get_by_role("alert").inner_text()
    page.locator("#points-2").fill("40")
    page.get_by_role("button", name="Next").tap()
    page.wait_for_url("**/answer/3")
    assert "Everything is answered." in page.locator("main").inner_text()
    # The browser's Back shows what was typed, and nothing is lost or sent twice.
    page.go_back()
    assert page.locator("#points-2").input_value() == "40"
    page.go_forward()
    page.get_by_role("button", name="Send my answers").tap()
    page.wait_for_url(site.round)
    assert page.get_by_role("heading", level=1).inner_text() == "Your answers are in"
    assert page.locator("nav").count() == 0
    site.answered(4)
    page.reload()
    assert "At least four of five say it is for the same thing" in page.locator("main").inner_text()
    assert page.evaluate("document.cookie") == ""
    # The browser itself tells of an answer 422; anything else is ours.
    assert not [text for text in said if "422" not in text]
    assert not violations(page)


def test_a_whole_round_by_keyboard_alone_and_without_scripts(site: Site, browser: Browser) -> None:
    site.answered(4)
    page = browser.new_page(java_script_enabled=False)
    page.goto(site.links[0])
    tab_to(page, "Begin")
    enter(page, "**/answer/1")
    focus(page, "owner")
    page.keyboard.type("Ingrid")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Next")
    enter(page, "**/answer/2")
    focus(page, "points-1")
    page.keyboard.type("50")
    # Enter in a field goes on, as people do; what is missing is said, what is typed stays.
    enter(page, "**/answer/2?check=yes")
    assert page.locator(":focus").get_attribute("id") == "problems"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focus(page, "points-2")
    page.keyboard.type("50")
    enter(page, "**/answer/3")
    tab_to(page, "Send my answers")
    enter(page, site.round)
    assert "All five invited answered apart" in page.locator("main").inner_text()
    assert status_of(site.folder, ID, TODAY).sent == 5
    page.close()


def enter(page: Page, where: str) -> None:
    """Press Enter, and be led there."""
    page.keyboard.press("Enter")
    page.wait_for_url(where)


def focus(page: Page, field: str) -> None:
    """Tab until a field has the focus."""
    for _ in range(40):
        held = page.locator(":focus")
        if held.count() and held.get_attribute("id") == field:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{field} cannot be reached by Tab")


def test_every_page_of_a_round_is_for_everyone_at_every_width(site: Site, browser: Browser) -> None:
    """Axe at 390 and 1280, light and dark; nothing scrolls at 320; the strict policy is silent."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="light")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    def looked(*, h1: str) -> None:
        assert page.locator("h1").count() == 1, page.url
        assert re.search(h1, page.locator("h1").inner_text()), page.locator("h1").inner_text()
        assert page.locator("main .btn:not(.q)").count() <= 1, page.url
        for width, scheme in ((320, "light"), (390, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType] - one of two
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
            if width > 320:
                assert not violations(page), (page.url, scheme)

    page.goto(f"{site.round}")
    looked(h1="People are still answering")
    page.goto(site.links[0])
    looked(h1="technician")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/answer/1")
    looked(h1="accountable")
    page.goto(f"{site.round}/answer/2")
    page.locator("#points-1").fill("x")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("alert").wait_for()
    looked(h1="Share out")
    page.goto(f"{site.round}/answer/3")
    looked(h1="Check and send")
    page.goto(f"{site.round}/answer/1")
    page.get_by_label("Who is accountable").fill("Ingrid")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/answer/2")
    page.locator("#points-1").fill("0")
    page.locator("#points-2").fill("100")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/answer/3")
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url(site.round)
    looked(h1="Your answers are in")
    page.goto(site.links[1])
    looked(h1="technician")
    site.answered(4)
    page.goto(f"{site.round}/convene")
    page.get_by_role("link", name="Write the rule").click()
    page.get_by_role("button", name="Lay it open").click()
    page.get_by_role("alert").wait_for()
    looked(h1="Write the rule")
    page.get_by_label("The rule, in one sentence").fill("Bring it where words match.")
    page.get_by_label("Why", exact=True).fill("One visit costs less.")
    page.get_by_label("How often “bring” is chosen").check()
    page.get_by_label("It is now").fill("41")
    page.get_by_label("You expect").fill("60")
    page.get_by_label("Checked on").fill("2027-02-21")
    page.get_by_role("button", name="Lay it open").click()
    page.get_by_role("button", name="Settle it").wait_for()
    page.goto(site.round)
    page.get_by_label("What speaks against it?").fill("Stock " + "x" * 200)
    page.get_by_role("button", name="Object").click()
    page.get_by_text("Not answered yet.").wait_for()
    looked(h1="five")
    page.goto(f"{site.round}/settle")
    looked(h1="The rule lies open")
    assert not [text for text in said if "422" not in text]
    context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds; it is put into the page past the policy, by the browser's own protocol."""
    found = Axe().run(page, options=RULES)
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found["violations"]]
