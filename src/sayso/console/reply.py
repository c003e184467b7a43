"""How a page is answered: in its frame, as HTML or as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse, JSONResponse

from sayso import __version__
from sayso.domain.errors import SaysoError
from sayso.present.pages import Frame, page_html
from sayso.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.console.visit import Visit
    from sayso.present.pages import FormProblem


def page(
    visit: Visit,
    template: str,
    *,
    title: str,
    at: str = "",
    navigation: bool = True,
    named: bool = False,
    status: int | None = None,
    problems: Sequence[FormProblem] = (),
    **values: Any,
) -> HTMLResponse:
    """A page for a visitor.

    Args:
        visit: Who asks.
        template: Such as ``console/home.html``.
        title: The page's title; "Error: " is put before it where there are problems.
        at: Entry of the navigation it belongs to.
        navigation: Whether the page leads anywhere else; participants' pages do not.
        named: Whether the organisation is named to somebody without the key, who has a link.
        status: HTTP status; where not said, 422 if there are problems, else 200.
        problems: What is wrong in its form.
        **values: What the template prints, of any type as Jinja takes them.
    """
    frame = Frame(
        title=title,
        version=__version__,
        organisation=_organisation(visit) if visit.convener or named else "",
        at=at,
        navigation=navigation and visit.convener,
        leave=navigation and visit.convener and visit.locked,
    )
    text = page_html(template, frame, problems=problems, **values)
    return HTMLResponse(text, status or (422 if problems else 200))


def data(values: Any, *, status: int = 200) -> JSONResponse:
    """The same answer as plain data.

    Args:
        values: Of any type that JSON has.
        status: HTTP status.
    """
    return JSONResponse(values, status)


def _organisation(visit: Visit) -> str:
    """The organisation's name; a page in another matter does not fail on its settings."""
    try:
        return read_settings(visit.folder).name
    except SaysoError:
        return ""
