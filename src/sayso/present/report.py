"""The audit report: one self-contained page without scripts, rows or style attributes."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sayso.present.findings import findings
from sayso.present.marks import swatch
from sayso.present.page import page_of
from sayso.present.sentence import say

if TYPE_CHECKING:
    from sayso.measure.reading import Reading
    from sayso.present.context import ReportContext
    from sayso.present.section import Findings, Section

MOST_BYTES = 150_000
KEEP_PICTURES = 3
NO_PICTURE = "Its picture is left out, so that this report can be sent; --json has every figure."
FONTS = (("Sayso Sans", "sayso-sans.woff2"), ("Sayso Serif", "sayso-serif.woff2"))


def render_html(reading: Reading, context: ReportContext) -> str:
    """The report as one page; the same reading and context give the same bytes.

    A report that would be too large to send shows fewer pictures, those of the last sections
    going first; where that is not enough it keeps them and goes without its own fonts.

    Args:
        reading: What was found.
        context: How and when it was made; no clock is read here.
    """
    told = findings(reading, context)
    page = _rendered(told, context, system_fonts=context.system_fonts)
    if len(page.encode()) <= MOST_BYTES:
        return page
    return _with_fewer_pictures(told, context) or _rendered(told, context, system_fonts=True)


def _with_fewer_pictures(told: Findings, context: ReportContext) -> str:
    """The page with as many pictures as fit; "" where not even the first sections' would."""
    fewest, most, found = 1, len(told.sections) - KEEP_PICTURES, ""
    while fewest <= most:
        without = (fewest + most) // 2
        kept = len(told.sections) - without
        sections = tuple(
            section if place < kept or not section.charts else _told_only(section)
            for place, section in enumerate(told.sections)
        )
        page = _rendered(
            replace(told, sections=sections), context, system_fonts=context.system_fonts
        )
        if len(page.encode()) <= MOST_BYTES:
            found, most = page, without - 1
        else:
            fewest = without + 1
    return found


def _told_only(section: Section) -> Section:
    return replace(section, charts=(), note=(*section.note, say(NO_PICTURE)))


def _rendered(told: Findings, context: ReportContext, *, system_fonts: bool) -> str:
    style = sheet_style(system_fonts=system_fonts)
    template = sheet_templates().get_template("report.html")
    return template.render(
        page=page_of(told, context),
        style=Markup(style),
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        swatch=swatch,
    )


def in_frame(html: str) -> str:
    """The report inside a frame for notebooks, so that its style stays its own."""
    return (
        '<iframe title="Sayso audit" width="100%" height="640" frameborder="0" sandbox="" '
        f'srcdoc="{escape(html, quote=True)}"></iframe>'
    )


@cache
def sheet_templates() -> Environment:
    """Templates of pages that stand alone."""
    return Environment(
        loader=PackageLoader("sayso.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def sheet_style(*, system_fonts: bool) -> str:
    """The style sheet, with its fonts inside unless the page goes without."""
    static = resources.files("sayso.present").joinpath("static")
    css = _short(static.joinpath("report.css").read_text("utf-8"))
    if system_fonts:
        return css
    faces = (
        f'@font-face{{font-family:"{family}";src:url(data:font/woff2;base64,'
        f'{b64encode(static.joinpath("fonts", name).read_bytes()).decode()}) format("woff2");'
        "font-weight:400 650;font-display:swap}"
        for family, name in FONTS
    )
    return "".join(faces) + css


def _short(css: str) -> str:
    """The style sheet without comments and spare space."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"\s+", " ", bare)).strip()
