"""The six first questions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from sayso.console.posted import posted
from sayso.console.security import Permission, allow
from sayso.console.shown import answer
from sayso.console.slug import Slug
from sayso.console.visit import Visitor
from sayso.workspace.start_form import said_page, start_from, start_page

router = APIRouter()


@router.get("/start")
@allow(Permission.CONVENER)
def start(visit: Visitor) -> Response:
    """Ask."""
    return answer(visit, start_page())


@router.post("/start")
@allow(Permission.CONVENER)
def begin(visit: Visitor, typed: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Begin a charter from what was answered."""
    return answer(visit, start_from(visit.folder, typed, visit.today))


@router.get("/start/{slug}")
@allow(Permission.CONVENER)
def begun(visit: Visitor, slug: Slug) -> Response:
    """What the answers say at once, and the one next step."""
    return answer(visit, said_page(visit.folder, slug, visit.today))
