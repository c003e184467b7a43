"""Style, fonts, script and mark: a fixed list, so that no address reaches into a folder."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from sayso.console.security import Permission, allow
from sayso.present.pages import static_files

router = APIRouter()


@router.get("/static/{name}")
@allow(Permission.PUBLIC)
def static_file(name: str) -> Response:
    """One file; its address changes with its bytes, so browsers may keep it."""
    found = static_files().get(name)
    if found is None:
        raise HTTPException(404)
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found[1], media_type=found[0], headers=kept)
