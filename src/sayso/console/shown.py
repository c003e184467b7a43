"""What a verb of the workspace wants shown, as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.responses import RedirectResponse, Response

from sayso.console.reply import page

if TYPE_CHECKING:
    from sayso.console.visit import Visit
    from sayso.workspace.charter_pages import Shown


def answer(visit: Visit, shown: Shown) -> Response:
    """A page, or the way to one; after something was written always the way, so that Back is safe."""
    if shown.go:
        return RedirectResponse(shown.go, 303)
    made = page(
        visit,
        shown.template,
        title=shown.title,
        problems=shown.problems,
        status=shown.status,
        **shown.values,
    )
    # A browser that may keep nothing forgets, on its way back, what was typed on the page before.
    made.headers["cache-control"] = "private, no-cache"
    return made
