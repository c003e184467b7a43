"""The first page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sayso.console.reply import data, page
from sayso.console.security import Permission, allow
from sayso.console.visit import Visitor
from sayso.present.home import home_data, home_page
from sayso.workspace.home import read_home

router = APIRouter()


@router.get("/")
@allow(Permission.CONVENER)
def home(visit: Visitor) -> Response:
    """The five questions of stewardship, and every decision in the visitor's care."""
    values = home_page(read_home(visit.folder, visit.today), visit.today)
    return page(visit, "console/home.html", title="Agenda", at="agenda", page=values)


@router.get("/index.json")
@allow(Permission.CONVENER)
def home_as_data(visit: Visitor) -> Response:
    """The same, as data."""
    return data(home_data(read_home(visit.folder, visit.today), visit.today))
