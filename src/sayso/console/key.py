"""The page that asks for the access key."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sayso.console.door import COOKIE, TooManyTries
from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.visit import Visit, Visitor, console_of
from sayso.present.pages import FormProblem
from sayso.present.refusals import REFUSALS

router = APIRouter()
OURS = re.compile(r"/(?:[A-Za-z0-9][\w/@.-]*)?", re.ASCII)
WRONG = FormProblem("key", "This is not the access key. It stands where `sayso serve` was started.")


@router.get("/key")
@allow(Permission.PUBLIC)
def key_form(visit: Visitor, then: str = "/") -> Response:
    """Ask for the key, where there is one."""
    if visit.convener:
        return RedirectResponse(_ours(then), 303)
    return _form(visit, _ours(then))


@router.post("/key")
@allow(Permission.PUBLIC)
def show_key(
    request: Request,
    visit: Visitor,
    key: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "/",
) -> Response:
    """Compare the key, and remember in this browser that it was shown."""
    try:
        name = console_of(request).door.opened(key, visit.address)
    except TooManyTries:
        _, says, hint = REFUSALS[429]
        return _form(visit, _ours(then), FormProblem("key", f"{says} {hint}"), status=429)
    if name is None:
        return _form(visit, _ours(then), WRONG, status=403)
    answer = RedirectResponse(_ours(then), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, name, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/key/leave")
@allow(Permission.PUBLIC)
def give_back(request: Request) -> Response:
    """Forget in this browser, and here, that the key was shown."""
    console_of(request).door.close(request.cookies.get(COOKIE))
    answer = RedirectResponse("/key", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _form(visit: Visit, then: str, *problems: FormProblem, status: int = 200) -> Response:
    return page(
        visit,
        "console/key.html",
        title="The access key, please",
        navigation=False,
        status=status,
        problems=problems,
        then=then,
    )


def _ours(then: str) -> str:
    """An address of these pages; the first page for any other."""
    return then if OURS.fullmatch(then) else "/"
