"""The REST door as an app: what every request passes, and what every answer carries."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

from sayso.api import described, health, reads, writes
from sayso.api.answers import JSON
from sayso.api.counts import Counts
from sayso.api.limits import Allowances
from sayso.api.login import is_local, log_in, page_of, shown_in
from sayso.api.mailbox import Mailbox
from sayso.api.permissions import admit
from sayso.api.problem import defect, problem_of
from sayso.api.route import Call, undeclared
from sayso.domain.errors import RecordRefused, RequestInvalid, SaysoError, ThingNotFound
from sayso.record.refusal import Refusal
from sayso.record.strict_json import read_object
from sayso.workspace.logging_requests import ROUTE

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from starlette.types import Message, Receive, Scope, Send

    from sayso.api.route import Route
    from sayso.record.strict_json import Json
    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ROUTES: tuple[Route, ...] = (*writes.ROUTES, *reads.ROUTES, *described.ROUTES, *health.ROUTES)
HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "vary": "authorization, origin",
}
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_RAW_NAMES = frozenset(name for name, _ in _RAW)
_PAGE = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, idempotency-key, if-none-match",
    "access-control-max-age": "600",
}
_READ_BY_PAGES = "etag, retry-after"


def serves(path: str) -> bool:
    """Whether an address is of this door."""
    return path.startswith("/v1/") or path in ("/v1", "/healthz", "/readyz", "/metrics")


def make_api(
    office: Office,
    *,
    for_this_computer: bool,
    seconds: Callable[[], float] = monotonic,
    allowances: Allowances | None = None,
    routes: Sequence[Route] | None = None,
) -> Api:
    """The REST door of one workspace.

    Args:
        office: What it stands on; whoever made it closes it.
        for_this_computer: Whether the server listens to this computer alone. Only then a request
            without a token is of the person at it.
        seconds: Seconds that only grow.
        allowances: What each token gets at a time.
        routes: The routes; all of them where not said.

    Raises:
        ValueError: If a route does not say who it is for.
    """
    chosen = ROUTES if routes is None else tuple(routes)
    missing = undeclared(chosen)
    if missing:
        raise ValueError(f"no permission is declared for {', '.join(missing)}")
    return Api(office, chosen, for_this_computer, seconds, allowances or Allowances(seconds))


class Api:
    """The door; an ASGI app that needs no start and no end of its own."""

    def __init__(
        self,
        office: Office,
        routes: Sequence[Route],
        for_this_computer: bool,
        seconds: Callable[[], float],
        allowances: Allowances,
    ) -> None:
        self.routes = tuple(routes)
        self._office, self._here = office, for_this_computer
        self._seconds, self._allowances = seconds, allowances
        self._mailbox, self._counts = Mailbox(), Counts()
        self._fixed: dict[str, dict[str, Route]] = {}
        self._formed: list[tuple[re.Pattern[str], dict[str, Route]]] = []
        for route in self.routes:
            if "{" in route.path:
                self._formed.append((route.pattern, {route.method: route}))
            else:
                self._fixed.setdefault(route.path, {})[route.method] = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"nothing here speaks {scope['type']}")
        began = self._seconds()
        headers = Headers(scope=scope)
        by_method, parts = self._found(str(scope["path"]))
        method = "GET" if scope["method"] == "HEAD" else str(scope["method"])
        route = by_method.get(method)
        if route is not None:
            # For the log, which must not hold the address itself.
            scope[ROUTE] = route.path
        page = page_of(headers)
        if page is not None and not self._office.takes_origin(page):
            page = None
        try:
            if method == "OPTIONS" and page is not None and by_method:
                answer = Response(status_code=204, headers=_PAGE)
            else:
                answer = await self._answer(scope, receive, headers, by_method, route, parts)
        except SaysoError as error:
            answer = problem_of(error).response
        except Exception:
            # The address is left out: a case's name may be in it.
            logging.getLogger("sayso.api").exception("A request failed.")
            answer = defect().response
        if route is not None:
            self._counts.add(route.method, route.path, answer.status_code, self._seconds() - began)
        await answer(scope, receive, _headed(send, page))

    def _found(self, path: str) -> tuple[dict[str, Route], dict[str, str]]:
        """The routes at an address, by method, and the parts of the address."""
        found = self._fixed.get(path)
        if found is not None:
            return found, {}
        for pattern, routes in self._formed:
            shape = pattern.fullmatch(path)
            if shape is not None:
                return routes, shape.groupdict()
        return {}, {}

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: Headers,
        by_method: dict[str, Route],
        route: Route | None,
        parts: dict[str, str],
    ) -> Response:
        if self._here and _name(headers.get("host", "")) not in LOOPBACK:
            # A foreign name may lead a browser here.
            raise RequestInvalid(
                "This server goes by the names of this computer alone.",
                hint="Ask for 127.0.0.1 or localhost, or start it with --host and --access-key.",
                field="Host",
            )
        if not by_method:
            raise ThingNotFound("Nothing is at this address.", hint="See /v1/openapi.json.")
        if route is None:
            return _not_so(by_method)
        local = is_local(scope, headers, for_this_computer=self._here)
        login: Login | None = None
        if not route.permission.public:
            login = log_in(self._office, headers, local=local)
            admit(login, route.permission)
            self._take(login, route.cost)

        def take(cost: float) -> None:
            if login is not None:
                self._take(login, cost)

        plain = await _read(route, headers, receive)
        return await route.answer(
            Call(
                route=route,
                office=self._office,
                mailbox=self._mailbox,
                login=login,
                local=local,
                headers=headers,
                query=scope.get("query_string", b""),
                path=parts,
                plain=plain,
                shown=shown_in(headers),
                counts=self._counts,
                take=take,
            )
        )

    def _take(self, login: Login, cost: float) -> None:
        # Whoever is at this computer can stop the server; nothing is kept from them.
        if not login.here:
            self._allowances.take(login.token.id, cost)


def _headed(send: Send, page: str | None) -> Send:
    """Send an answer with what every answer carries."""

    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = message["headers"]
            # Written as they go out, since looking each of them up costs what reading a body does.
            kept = [(name, value) for name, value in said if name not in _RAW_NAMES]
            kept += _RAW
            if not any(name == b"cache-control" for name, _ in kept):
                kept.append((b"cache-control", b"no-store"))
            if page is not None:
                kept.append((b"access-control-allow-origin", page.encode("latin-1")))
                kept.append((b"access-control-expose-headers", _READ_BY_PAGES.encode()))
            message["headers"] = kept
        await send(message)

    return headed


def _not_so(by_method: dict[str, Route]) -> Response:
    """The address is there, and takes another method."""
    allowed = ", ".join(sorted({*by_method, *({"HEAD"} if "GET" in by_method else ())}))
    error = RequestInvalid("This address takes another method.", hint=f"Use {allowed}.")
    problem = problem_of(error, status=405)
    problem.headers["allow"] = allowed
    return problem.response


async def _read(route: Route, headers: Headers, receive: Receive) -> dict[str, Json]:
    """What was sent, read strictly; nothing where the route takes nothing.

    Raises:
        RequestInvalid: If it is no JSON by its own words.
        RecordRefused: If it is too large, or can be read in two ways.
    """
    if route.body is None:
        return {}
    said = headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await _content(route.most, headers, receive)
    if content is None:
        raise RecordRefused(
            "too-large",
            f"More than {route.most} bytes were sent.",
            hint="Send less in one piece.",
        )
    if said != JSON:
        raise RequestInvalid(
            f"The body is said to be {said[:60]!r}.",
            hint="Send JSON, and say so: Content-Type: application/json.",
            field="Content-Type",
        )
    found = read_object(content, most=route.most)
    if isinstance(found, Refusal):
        raise RecordRefused(found.code, found.message, hint=found.hint, field=found.field)
    return found


async def _content(most: int, headers: Headers, receive: Receive) -> bytes | None:
    """The whole body; None where it is larger than it may be."""
    said = headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()) or len(said) > 15 or int(said) > most:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise RequestInvalid("The request ended early.", hint="Send it again.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _name(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
