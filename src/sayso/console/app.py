"""The pages put together: routers, the wall around them, and what every error becomes."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI

from sayso.console import (
    charter,
    convene,
    decision,
    home,
    key,
    owner,
    rounds,
    start,
    static_files,
    who_sees_this,
)
from sayso.console.door import Door
from sayso.console.errors import explain, refusal
from sayso.console.security import admit, undeclared
from sayso.console.visit import Console
from sayso.console.wall import LOOPBACK, Wall
from sayso.workspace.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

# A page joins by its router; the first that matches an address answers it.
ROUTERS = (
    static_files.router,
    key.router,
    who_sees_this.router,
    home.router,
    convene.router,
    rounds.router,
    owner.router,
    start.router,
    charter.router,
    decision.router,
)


def make_app(
    workspace_folder: str | Path,
    *,
    access_key: str | None = None,
    clock: Callable[[], date] = today,
    seconds: Callable[[], float] = monotonic,
) -> FastAPI:
    """The pages of one workspace.

    Args:
        workspace_folder: The folder with ``charters/``, ``people.yaml`` and ``rounds/``.
        access_key: What the convener must show; None where only this computer is served, and
            then only requests that name it are answered.
        clock: The day.
        seconds: Seconds that only grow, for the tries of the key.

    Raises:
        ValueError: If a route does not say who it is for.
    """
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(admit)],
    )
    app.state.console = Console(
        folder=Path(workspace_folder), clock=clock, door=Door(access_key, seconds)
    )
    for router in ROUTERS:
        missing = undeclared(router)
        if missing:
            raise ValueError(f"no permission is declared for {', '.join(missing)}")
        app.include_router(router)
    explain(app)
    hosts = LOOPBACK if access_key is None else None
    app.add_middleware(Wall, hosts=hosts, refuse=refusal)
    return app
