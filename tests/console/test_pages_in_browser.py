"""The pages in a real browser: for everyone, at any width, by keyboard alone, without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.console import workspaces

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATHS = (
    "/",
    "/d/first-visit-part",
    "/d/installation-discount",
    "/d/van-route",
    "/d/stay-offer/owner",
    "/d/installation-discount/owner",
    "/who-sees-this",
    "/nope",
)
LOOK = """() => ({
  fonts: document.fonts.size,
  filled: document.querySelectorAll('.btn:not(.q)').length,
  titles: document.querySelectorAll('h1').length,
  small: [...document.querySelectorAll('.btn, nav a, a.mark, .field, .opt label')]
    .filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML),
})"""
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; "
    "word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)


@pytest.fixture(scope="module")
def site(served: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Workspaces in four states, served."""
    made = {
        "many": workspaces.many(tmp_path_factory.mktemp("many")),
        "one": workspaces.one(tmp_path_factory.mktemp("one")),
        "empty": tmp_path_factory.mktemp("empty"),
        "hostile": workspaces.hostile(tmp_path_factory.mktemp("hostile")),
    }
    found = {name: served(folder) for name, folder in made.items()}
    found["locked"] = served(made["one"], access_key="correct horse battery")
    return found


def addresses(site: dict[str, str]) -> list[str]:
    """Every kind of page, the first page and a decision first."""
    return [
        *(site["many"] + path for path in PATHS),
        f"{site['empty']}/",
        f"{site['hostile']}/",
        f"{site['hostile']}/d/attack",
        f"{site['hostile']}/d/attack/owner",
        f"{site['locked']}/key",
    ]


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES)
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found["violations"]]


@pytest.mark.feature("U5")
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.deep),
        pytest.param(390, "light", marks=pytest.mark.deep),
    ],
)
def test_axe_finds_nothing(browser: Browser, site: dict[str, str], width: int, scheme: str) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # pyright: ignore[reportArgumentType] - light or dark
        bypass_csp=True,
    )
    # Colours go with the scheme and places with the width: two corners hold all, two the first.
    every = addresses(site)
    for url in every if (width == 390) == (scheme == "dark") else every[:2]:
        page.goto(url)
        assert not violations(page), url
    page.goto(f"{site['many']}/d/stay-offer/owner")
    page.get_by_role("button", name="I accept").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not violations(page)
    page.close()


@pytest.mark.parametrize("style", ["", SPACED])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, site: dict[str, str], style: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700}, bypass_csp=True)
    for url in addresses(site):
        page.goto(url)
        if style:
            page.add_style_tag(content=style)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
    page.close()


@pytest.fixture(scope="module")
def looked(browser: Browser, site: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Each page once on a phone: what its browser said, and what stands on it."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    found: dict[str, dict[str, Any]] = {}
    for url in addresses(site):
        page.goto(url)
        found[url] = page.evaluate(LOOK)
        # The browser itself tells of an answer 404; anything else is ours.
        found[url]["said"] = [text for text in said if "404" not in text]
    page.close()
    return found


def test_the_strict_policy_refuses_nothing_of_the_pages(looked: dict[str, dict[str, Any]]) -> None:
    for url, page in looked.items():
        assert page["fonts"] == 2, url
        assert not page["said"], url


def test_nothing_that_is_pressed_is_smaller_than_a_finger(
    looked: dict[str, dict[str, Any]],
) -> None:
    for url, page in looked.items():
        assert not page["small"], url


def test_one_button_of_each_page_is_filled(looked: dict[str, dict[str, Any]]) -> None:
    for url, page in looked.items():
        assert page["filled"] <= 1, url
        assert page["titles"] == 1, url


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_is_named_and_accepts_by_keyboard_alone(
    browser: Browser,
    served: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    scripts: bool,
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    text = workspaces.charter("discount", "owner: head-of-sales")
    workspaces.write(folder, "charters/discount.yaml", text)
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(f"{served(folder)}/")
    tab_to(page, "Name someone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is accountable?")
    tab_to(page, "Name them")
    page.keyboard.press("Enter")
    # Nothing was typed: the summary takes the focus, and its link leads to the field. Where
    # scripts are off, browsers let no page take the focus.
    expect(page).to_have_title(re.compile("^Error: "))
    if scripts:
        expect(page.locator("#problems")).to_be_focused()
        page.keyboard.press("Tab")
    else:
        tab_to(page, "Write one name.")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who is head of sales?")).to_be_focused()
    page.keyboard.type("Nils Moen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_be_visible()
    tab_to(page, "I am Nils Moen, and I have read version 1")
    page.keyboard.press("Space")
    tab_to(page, "I accept")
    page.keyboard.press("Enter")
    expect(page.locator(".stand")).to_contain_text("Nils Moen is accountable")
    page.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has that name has the focus; a person sees where they are."""
    for _ in range(60):
        page.keyboard.press("Tab")
        held = page.locator(":focus")
        if held.count() == 0:
            continue
        outline = held.evaluate("e => getComputedStyle(e.closest('.opt label') || e).outlineStyle")
        assert outline != "none", held.evaluate("e => e.outerHTML")
        label = held.evaluate("e => (e.closest('label') || e).innerText.trim()")
        if label == name:
            return
    pytest.fail(f"{name} cannot be reached by Tab")


def test_the_key_opens_the_page_one_wanted(browser: Browser, site: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(f"{site['locked']}/d/discount")
    page.get_by_label("Access key").fill("wrong wrong wrong")
    page.get_by_role("button", name="Open the pages").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Access key").fill("correct horse battery")
    page.get_by_role("button", name="Open the pages").click()
    expect(page).to_have_url(f"{site['locked']}/d/discount")
    assert page.evaluate("document.cookie") == ""
    page.close()


def test_on_paper_the_buttons_are_gone_and_the_words_are_not(
    browser: Browser, site: dict[str, str]
) -> None:
    page = browser.new_page()
    page.goto(f"{site['many']}/")
    page.emulate_media(media="print")
    assert not page.locator(".btn").first.is_visible()
    assert page.get_by_text("Nobody is accountable for two of six decisions").is_visible()
    page.emulate_media(media="screen", contrast="more")
    assert not violations_of_contrast(page)
    page.close()


def violations_of_contrast(page: Page) -> list[str]:
    """Small words that stand out no more with more contrast than without."""
    ink = page.evaluate("getComputedStyle(document.body).getPropertyValue('--ink3')")
    ink2 = page.evaluate("getComputedStyle(document.body).getPropertyValue('--ink2')")
    return [] if ink == ink2 else [ink]
