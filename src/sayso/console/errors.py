"""What a visitor reads when a page cannot be shown: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from sayso import __version__
from sayso.console.reply import page
from sayso.console.security import KeyNeeded
from sayso.console.visit import visit_of
from sayso.domain.errors import SaysoError
from sayso.present.pages import Frame, page_html
from sayso.present.refusals import REFUSALS, TITLES

if TYPE_CHECKING:
    from fastapi import FastAPI

STATUS = {
    "charter-not-found": 404,
    "round-not-found": 404,
    "link-unknown": 404,
    "link-used": 410,
    "round-over": 410,
    "round-forgotten": 410,
    "invalid-reference": 400,
    "file-not-writable": 500,
}
UNTOLD = 422


def refusal(status: int) -> HTMLResponse:
    """The page for a status, where nothing is known of who asks."""
    title, says, hint = REFUSALS.get(status, REFUSALS[400])
    frame = Frame(title=title, version=__version__, navigation=False)
    text = page_html("console/problem.html", frame, message=says, hint=hint, home=False)
    return HTMLResponse(text, status)


def explain(app: FastAPI) -> None:
    """Have every error of the app end as a page in words, or as data where data was asked for."""
    app.add_exception_handler(SaysoError, _told)
    app.add_exception_handler(KeyNeeded, _key)
    app.add_exception_handler(HTTPException, _status)
    app.add_exception_handler(RequestValidationError, _not_understood)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, SaysoError)
    status = STATUS.get(error.code, UNTOLD)
    if _wants_data(request):
        return _problem(status, error.code, error.message, error.hint)
    title = TITLES.get(status, TITLES[UNTOLD])
    return _page(request, status, title, error.message, error.hint)


def _key(request: Request, _: Exception) -> Response:
    if _wants_data(request) or request.method != "GET":
        return _by_status(request, 401)
    return RedirectResponse(f"/key?then={quote(request.url.path)}", 303)


def _status(request: Request, error: Exception) -> Response:
    return _by_status(request, error.status_code if isinstance(error, HTTPException) else 400)


def _not_understood(request: Request, error: Exception) -> Response:
    """An address that cannot be one of ours leads nowhere; a form that is not ours is refused."""
    assert isinstance(error, RequestValidationError)
    in_path = any(found["loc"][:1] == ("path",) for found in error.errors())
    return _by_status(request, 404 if in_path else 422)


def _by_status(request: Request, status: int) -> Response:
    title, says, hint = REFUSALS.get(status, REFUSALS[400])
    if _wants_data(request):
        return _problem(status, f"http-{status}", says, hint)
    return _page(request, status, title, says, hint)


def _page(request: Request, status: int, title: str, message: str, hint: str) -> Response:
    visit = visit_of(request)
    path = request.url.path
    # Whoever is asked in a round is led nowhere else, even at this computer.
    home = visit.convener and not (path.startswith("/r/") or "/answer/" in path)
    return page(
        visit,
        "console/problem.html",
        title=title,
        navigation=home,
        status=status,
        message=message,
        hint=hint,
        home=home,
    )


def _problem(status: int, code: str, message: str, hint: str) -> Response:
    """The error as RFC 9457 has it."""
    body = {"type": "about:blank", "title": message, "status": status, "code": code, "hint": hint}
    return JSONResponse(body, status, media_type="application/problem+json")


def _wants_data(request: Request) -> bool:
    return request.url.path.endswith(".json")
