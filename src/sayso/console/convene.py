"""Rounds for whoever convenes: opening, links, closing, and settling."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from sayso.console.rounds import Posted, RoundId
from sayso.console.security import Permission, allow
from sayso.console.shown import answer
from sayso.console.slug import Slug
from sayso.console.visit import Visitor
from sayso.workspace.convening import close_here, new_round, one_more_link, open_from_form
from sayso.workspace.round_pages import convener_page
from sayso.workspace.settling_page import (
    answer_from_form,
    settle_form,
    settle_from_form,
    stop_from_form,
)

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=999)]


@router.get("/d/{slug}/round/new")
@allow(Permission.CONVENER)
def round_form(visit: Visitor, slug: Slug, after: str = "") -> Response:
    """Ask how a round is to be held."""
    return answer(visit, new_round(visit.folder, slug, visit.today, after=after))


@router.post("/d/{slug}/round/new")
@allow(Permission.CONVENER)
def open_one(request: Request, visit: Visitor, slug: Slug, typed: Posted) -> Response:
    """Open it, and show its links once."""
    address = _address(request)
    return answer(
        visit, open_from_form(visit.folder, slug, typed, address=address, today=visit.today)
    )


@router.get("/d/{slug}/round/{round_id}/convene")
@allow(Permission.CONVENER)
def convene(visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """Where a round stands, for whoever convenes it, even where they answered it too."""
    return answer(visit, convener_page(visit.folder, slug, round_id, visit.today))


@router.post("/d/{slug}/round/{round_id}/link")
@allow(Permission.CONVENER)
def make_link(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """One more link, shown once."""
    address = _address(request)
    return answer(
        visit, one_more_link(visit.folder, slug, round_id, address=address, today=visit.today)
    )


@router.post("/d/{slug}/round/{round_id}/close")
@allow(Permission.CONVENER)
def close(visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """End it before its day, so that results open."""
    return answer(visit, close_here(visit.folder, slug, round_id, visit.today))


@router.get("/d/{slug}/round/{round_id}/settle")
@allow(Permission.CONVENER)
def rule_form(visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """Ask for the rule, and say what it waits for."""
    return answer(visit, settle_form(visit.folder, slug, round_id, visit.today))


@router.post("/d/{slug}/round/{round_id}/settle")
@allow(Permission.CONVENER)
def settle(visit: Visitor, slug: Slug, round_id: RoundId, typed: Posted) -> Response:
    """Settle it, or say what is missing beside what was typed."""
    return answer(visit, settle_from_form(visit.folder, slug, round_id, typed, today=visit.today))


@router.post("/d/{slug}/round/{round_id}/objection/{number}")
@allow(Permission.CONVENER)
def answer_objection(
    visit: Visitor, slug: Slug, round_id: RoundId, number: Number, typed: Posted
) -> Response:
    """Answer what was said against the rule."""
    return answer(
        visit, answer_from_form(visit.folder, slug, round_id, number, typed, today=visit.today)
    )


@router.post("/d/{slug}/round/{round_id}/stop")
@allow(Permission.CONVENER)
def stop(visit: Visitor, slug: Slug, round_id: RoundId, typed: Posted) -> Response:
    """Keep that a role with a veto stops the rule."""
    return answer(visit, stop_from_form(visit.folder, slug, round_id, typed, today=visit.today))


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")
