"""The page of one decision."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sayso.console.reply import data, page
from sayso.console.security import Permission, allow
from sayso.console.slug import Slug
from sayso.console.visit import Visitor
from sayso.present.decision_page import decision_data, decision_page
from sayso.workspace.decision import read_decision

router = APIRouter()


@router.get("/d/{slug}.json")
@allow(Permission.CONVENER)
def decision_as_data(visit: Visitor, slug: Slug) -> Response:
    """One decision, as data."""
    return data(decision_data(read_decision(visit.folder, slug, visit.today), visit.today))


@router.get("/d/{slug}")
@allow(Permission.CONVENER)
def decision(visit: Visitor, slug: Slug) -> Response:
    """One decision: who is accountable, what differs, what is open, what is worth doing next."""
    values = decision_page(read_decision(visit.folder, slug, visit.today), visit.today)
    return page(visit, "console/decision.html", title=values["question"], page=values)
