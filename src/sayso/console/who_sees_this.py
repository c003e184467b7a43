"""What is recorded, and who sees it; one tap from everywhere."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.visit import Visitor

router = APIRouter()


@router.get("/who-sees-this")
@allow(Permission.PUBLIC)
def who_sees_this(visit: Visitor) -> Response:
    """Say it, to anybody."""
    return page(visit, "console/who_sees_this.html", title="What we record, and who sees it")
