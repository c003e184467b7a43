"""The page in a real browser: readable by everyone, at any width, and on paper."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from sayso.present.report import render_html
from tests.present.readings import ALL, CONTEXT

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; "
    "word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine, so pages are not looked at here")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    urls: dict[str, str] = {}
    for name, make in ALL.items():
        path: Path = folder / f"{name}.html"
        path.write_text(render_html(make(), CONTEXT), "utf-8")
        urls[name] = path.as_uri()
    return urls


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.deep),
        pytest.param(390, "light", marks=pytest.mark.deep),
    ],
)
def test_axe_finds_nothing(
    browser: Browser, pages: dict[str, str], width: int, scheme: str
) -> None:
    for name in ("service_company", "card_game"):
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # pyright: ignore[reportArgumentType] - light or dark
            bypass_csp=True,
        )
        page.goto(pages[name])
        found = Axe().run(page, options=RULES)
        page.close()
        told = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found["violations"]]
        assert not told


@pytest.mark.parametrize("style", ["", SPACED])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, pages: dict[str, str], style: str
) -> None:
    for url in pages.values():
        page = browser.new_page(viewport={"width": 320, "height": 700}, bypass_csp=True)
        page.goto(url)
        if style:
            page.add_style_tag(content=style)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
        page.close()


def test_the_strict_policy_of_the_page_refuses_nothing_of_it(
    browser: Browser, pages: dict[str, str]
) -> None:
    for url in pages.values():
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto(url)
        assert page.evaluate("document.fonts.size") == 2
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
        )
        assert not said
        page.close()


def test_it_prints_on_fewer_than_eight_sheets_of_a4(
    browser: Browser, pages: dict[str, str]
) -> None:
    for url in pages.values():
        page = browser.new_page()
        page.goto(url)
        printed = page.pdf(prefer_css_page_size=True)
        page.close()
        sheets = len(re.findall(rb"/Type\s*/Page[^s]", printed))
        assert 0 < sheets < 8, url
        box = re.search(rb"/MediaBox\s*\[([\d. ]+)\]", printed)
        assert box is not None
        _, _, wide, high = (float(side) for side in box[1].split())
        assert abs(wide - 595) < 2
        assert abs(high - 842) < 2
