"""The page of one decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.visit import Visitor

router = APIRouter()
# A decision's name in an address; anything else leads nowhere, and no file is looked for.
Slug = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", max_length=80)]


@router.get("/d/{slug}")
@allow(Permission.CONVENER)
def decision(visit: Visitor, slug: Slug) -> Response:
    """One decision."""
    return page(visit, "console/decision.html", title=slug, slug=slug)
