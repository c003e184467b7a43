"""Logging in: the one place where a request's credentials become somebody."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sayso.domain.errors import NotAllowed, TokenUnknown
from sayso.workspace.serve import is_loopback

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Scope

    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office

# What a server in between adds; whoever stands behind it is not at this computer.
_PASSED_ON = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
_near = lru_cache(maxsize=1000)(is_loopback)


def shown_in(headers: Headers) -> str | None:
    """The token that a request shows; None where it shows none.

    Raises:
        TokenUnknown: If it shows something else, or more than one.
    """
    said = headers.getlist("authorization")
    if not said:
        return None
    scheme, _, text = said[0].partition(" ")
    if len(said) > 1 or scheme.lower() != "bearer" or not text:
        raise TokenUnknown
    return text


def is_local(scope: Scope, headers: Headers, *, for_this_computer: bool) -> bool:
    """Whether a request came from this computer, to a server that serves nobody else.

    Args:
        scope: The request.
        headers: Its headers.
        for_this_computer: Whether the server listens to this computer alone.
    """
    client = scope.get("client")
    return (
        for_this_computer
        and client is not None
        and _near(client[0])
        and _PASSED_ON.isdisjoint(headers.keys())
    )


def log_in(office: Office, headers: Headers, *, local: bool) -> Login:
    """Who asks.

    Args:
        office: The workspace.
        headers: The request's headers.
        local: Whether it came from this computer, to a server for it alone.

    Raises:
        TokenMissing: If nothing was shown, and something is needed.
        TokenUnknown: If it was not made here.
        TokenDead: If it was revoked, or has expired.
        NotAllowed: If a page of another web origin sent it than the token was made for.
    """
    login = office.login(shown_in(headers), local=local)
    _check_page(login, headers)
    return login


def page_of(headers: Headers) -> str | None:
    """The web origin of the foreign page that sends a request; None where it is no such page.

    Browsers say so themselves, in one header or the other; what says neither is no browser.
    """
    origin, host = headers.get("origin"), headers.get("host", "")
    site = headers.get("sec-fetch-site", "none")
    if origin is not None:
        return None if origin in (f"http://{host}", f"https://{host}") else origin
    return None if site in ("same-origin", "none") else "null"


def _check_page(login: Login, headers: Headers) -> None:
    page = page_of(headers)
    made_for = None if login.capture is None else login.capture.origin
    if page != made_for:
        raise NotAllowed(
            "This page may not ask here."
            if page is not None
            else "This token is for a web page, and no page sent it.",
            hint="Let the host make a token of the case for the page's own origin.",
        )
