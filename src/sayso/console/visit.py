"""One visit to one page: which workspace, which day, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from sayso.console.door import COOKIE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from sayso.console.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What the pages stand on.

    Attributes:
        folder: The workspace.
        clock: The day.
        door: Who has shown the access key.
    """

    folder: Path
    clock: Callable[[], date]
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, as the pages see it.

    Attributes:
        folder: The workspace.
        today: The day.
        convener: Whether the visitor convenes: at this computer, or with the access key.
        locked: Whether there is an access key.
        address: Where the visitor is.
    """

    folder: Path
    today: date
    convener: bool
    locked: bool
    address: str


def console_of(request: Request) -> Console:
    """What the pages of this request stand on."""
    console = request.app.state.console
    assert isinstance(console, Console)
    return console


def visit_of(request: Request) -> Visit:
    """This request, as the pages see it."""
    console = console_of(request)
    return Visit(
        folder=console.folder,
        today=console.clock(),
        convener=console.door.knows(request.cookies.get(COOKIE)),
        locked=console.door.locked,
        address=request.client.host if request.client else "",
    )


Visitor = Annotated[Visit, Depends(visit_of)]
