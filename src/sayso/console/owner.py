"""The page that asks who is accountable, and whether they accept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.slug import Slug
from sayso.console.visit import Visit, Visitor
from sayso.present.owner import owner_page
from sayso.present.pages import FormProblem
from sayso.workspace.decision import read_decision
from sayso.workspace.owner import accept_owner, name_owner

router = APIRouter()


@router.get("/d/{slug}/owner")
@allow(Permission.CONVENER)
def owner(visit: Visitor, slug: Slug) -> Response:
    """Who is accountable, and what there is to do about it."""
    return _shown(visit, slug)


@router.post("/d/{slug}/owner/name")
@allow(Permission.CONVENER)
def name(visit: Visitor, slug: Slug, person: Annotated[str, Form()] = "") -> Response:
    """Name who holds the role."""
    problems = name_owner(visit.folder, slug, person, today=visit.today)
    return _shown(visit, slug, problems, person) if problems else _done(slug)


@router.post("/d/{slug}/owner/accept")
@allow(Permission.CONVENER)
def accept(visit: Visitor, slug: Slug, certain: Annotated[str, Form()] = "") -> Response:
    """Accept, as the one who is named."""
    problems = accept_owner(visit.folder, slug, certain=certain == "yes", today=visit.today)
    return _shown(visit, slug, problems) if problems else _done(slug)


def _done(slug: str) -> Response:
    return RedirectResponse(f"/d/{slug}/owner", 303)


def _shown(
    visit: Visit, slug: str, problems: tuple[FormProblem, ...] = (), person: str | None = None
) -> Response:
    values = owner_page(read_decision(visit.folder, slug, visit.today), visit.today, typed=person)
    title = "Who is accountable?"
    return page(visit, "console/owner.html", title=title, problems=problems, page=values)
