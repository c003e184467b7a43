"""The first page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.visit import Visitor

router = APIRouter()


@router.get("/")
@allow(Permission.CONVENER)
def home(visit: Visitor) -> Response:
    """The five questions of stewardship, and every decision in the visitor's care."""
    return page(visit, "console/home.html", title="Agenda", at="agenda")
