"""Who may see which page: every route declares it, and only here it is decided."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request
from fastapi.routing import APIRoute

from sayso.console.visit import visit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Permission(StrEnum):
    """Who a route is for.

    Attributes:
        PUBLIC: Anybody; the page says nothing of this workspace.
        PARTICIPANT: Whoever holds a link of a round; the route's own verb asks for it.
        CONVENER: Whoever convenes: at this computer, or with the access key.
    """

    PUBLIC = "public"
    PARTICIPANT = "participant"
    CONVENER = "convener"


class KeyNeeded(Exception):
    """The page is for the convener, and nobody has shown the key."""


_DECLARED: dict[Callable[..., Any], Permission] = {}


def allow(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Declare who a route is for; it stands below the router's own decorator."""

    def declared(endpoint: Endpoint) -> Endpoint:
        _DECLARED[endpoint] = permission
        return endpoint

    return declared


def permission_of(endpoint: Callable[..., Any]) -> Permission | None:
    """Who a route is for; None where nobody said, and then nobody may."""
    return _DECLARED.get(endpoint)


def undeclared(router: APIRouter) -> list[str]:
    """The routes of a router that say nothing about who they are for.

    A route of another kind, such as a mounted folder, passes no permission and counts as one.
    """
    return [
        str(getattr(route, "path", route))
        for route in router.routes
        if not isinstance(route, APIRoute) or permission_of(route.endpoint) is None
    ]


def admit(request: Request) -> None:
    """Let a request in, or not; runs before every route.

    Raises:
        KeyNeeded: If the route is for the convener, or for nobody, and the key was not shown.
    """
    permission = permission_of(request.scope["endpoint"])
    if permission in (Permission.PUBLIC, Permission.PARTICIPANT):
        return
    if permission is None or not visit_of(request).convener:
        raise KeyNeeded
