"""Pages in a browser: the frame around them, the form problems in them, and their style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sayso.present.marks import evidence, swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLES = ("report.css", "console.css", "charter.css", "round.css")
FACES = (("Sayso Sans", "sayso-sans.woff2"), ("Sayso Serif", "sayso-serif.woff2"))
NAVIGATION = (("agenda", "Agenda", "/"),)
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 26 26"><path fill="#474c56" '
    'd="M0 6h2.6v14H0zM4.8 6h2.6v14H4.8zM14.4 6H17v14h-2.6zM19.2 6h2.6v14h-2.6z"/>'
    '<path fill="#b9570f" d="M9.6 2h2.6v18H9.6z"/></svg>'
)


@dataclass(frozen=True, slots=True)
class FormProblem:
    """Something in a form that cannot be taken as it is.

    Attributes:
        field: Name of the field, which is also its id; "" for the form as a whole.
        says: What is wrong and what to write, in one sentence.
    """

    field: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a page.

    Attributes:
        title: The page's title, without "Error:".
        version: Sayso's version.
        organisation: Whose decisions these are; "" where nobody said.
        at: Which entry of the navigation the page belongs to; "" for none.
        navigation: Whether the visitor may go anywhere else.
        leave: Whether there is a key that the visitor can give back.
    """

    title: str
    version: str
    organisation: str = ""
    at: str = ""
    navigation: bool = True
    leave: bool = False


def page_html(
    template: str, frame: Frame, *, problems: Sequence[FormProblem] = (), **values: Any
) -> str:
    """A page.

    Args:
        template: Its template, such as ``console/home.html``.
        frame: What stands around it.
        problems: What is wrong in its form.
        **values: What the template prints, of any type as Jinja takes them.
    """
    return (
        _templates().get_template(template).render(frame=frame, problems=tuple(problems), **values)
    )


def says_of(problems: Sequence[FormProblem], field: str) -> str:
    """What is wrong with one field; "" for nothing."""
    return " ".join(problem.says for problem in problems if problem.field == field)


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Everything a page loads, by name: its media type and its bytes."""
    static = resources.files("sayso.present").joinpath("static")
    found = {name: ("font/woff2", static.joinpath("fonts", name).read_bytes()) for _, name in FACES}
    script = static.joinpath("vendor", "htmx.min.js").read_bytes()
    found["htmx.min.js"] = ("text/javascript; charset=utf-8", script)
    found["mark.svg"] = ("image/svg+xml", MARK.encode())
    faces = "".join(
        f'@font-face{{font-family:"{family}";src:url({name}?{_digest(found[name][1])}) '
        'format("woff2");font-weight:400 650;font-display:swap}'
        for family, name in FACES
    )
    sheets = (static.joinpath(name).read_text("utf-8") for name in STYLES)
    style = faces + "\n".join(re.sub(r"/\*.*?\*/", "", s, flags=re.DOTALL) for s in sheets)
    found["sayso.css"] = ("text/css; charset=utf-8", style.encode())
    return found


def address_of(name: str) -> str:
    """Where a page loads a file from; another address for other bytes."""
    return f"/static/{name}?{_digest(static_files()[name][1])}"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("sayso.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known: dict[str, Any] = {
        "static": address_of,
        "navigation": NAVIGATION,
        "swatch": swatch,
        "evidence": evidence,
        "says_of": says_of,
    }
    made.globals.update(known)
    return made
