"""A charter's form."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from sayso.console.posted import posted
from sayso.console.security import Permission, allow
from sayso.console.shown import answer
from sayso.console.slug import Slug
from sayso.console.visit import Visitor
from sayso.workspace.charter_pages import charter_act, charter_findings, charter_page

router = APIRouter()
Posted = Annotated[dict[str, str], Depends(posted)]


@router.get("/d/{slug}/charter")
@allow(Permission.CONVENER)
def charter(visit: Visitor, slug: Slug, depth: str = "2", saved: str = "") -> Response:
    """A charter in fields, in the depth that somebody has the minutes for."""
    return answer(
        visit, charter_page(visit.folder, slug, depth=depth, saved=saved, today=visit.today)
    )


@router.post("/d/{slug}/charter")
@allow(Permission.CONVENER)
def change(visit: Visitor, slug: Slug, typed: Posted) -> Response:
    """Look at a change, save it, or change the form itself: a row more, another depth."""
    return answer(visit, charter_act(visit.folder, slug, typed, visit.today))


@router.post("/d/{slug}/charter/findings")
@allow(Permission.CONVENER)
def findings(visit: Visitor, slug: Slug, typed: Posted) -> Response:
    """What is wrong or unclear, for a page that puts it beside the fields."""
    return answer(visit, charter_findings(visit.folder, slug, typed, visit.today))
