"""Where a request goes: to the pages, or to another door on the same address."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Beside:
    """Another door.

    Attributes:
        serves: Whether an address is its own.
        app: The door; it has a wall of its own.
    """

    serves: Callable[[str], bool]
    app: ASGIApp


class Fork:
    """The way to the doors; it stands before every wall."""

    def __init__(self, app: ASGIApp, *, doors: Sequence[Beside]) -> None:
        self._app, self._doors = app, tuple(doors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one request on its way."""
        if scope["type"] == "http":
            path = str(scope["path"])
            for door in self._doors:
                if door.serves(path):
                    await door.app(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def later(make: Callable[[], ASGIApp]) -> ASGIApp:
    """A door that is made when somebody first comes to it.

    What it loads costs a second that nobody who comes by another door should wait for; it is made
    beside the loop, which goes on.
    """
    made: list[ASGIApp] = []
    turn = asyncio.Lock()

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            async with turn:
                if not made:
                    made.append(await asyncio.to_thread(make))
        await made[0](scope, receive, send)

    return door
