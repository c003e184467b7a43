"""A route: an address, who it is for, what answers it, and how it is described."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from sayso.api.permissions import Permission
from sayso.domain.errors import RequestInvalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from starlette.datastructures import Headers
    from starlette.responses import Response

    from sayso.api.counts import Counts
    from sayso.api.mailbox import Mailbox
    from sayso.record.strict_json import Json
    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office

    T = TypeVar("T")

Schema = dict[str, Any]
SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
LONGEST_QUERY = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A part of an address.

    Attributes:
        name: Its name.
        schema: What it holds, as JSON Schema.
        needed: Whether it has to be there.
        within: ``query`` or ``path``.
    """

    name: str
    schema: Schema
    needed: bool = True
    within: str = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address.

    Attributes:
        method: GET or POST.
        path: The address; parts in braces stand for one segment.
        permission: Who it is for.
        answer: What answers it.
        says: What it does, in one sentence.
        parameters: Its parts.
        body: What is sent, as JSON Schema; None where nothing is.
        most: Bytes of a body, at most.
        told: What is answered, by status: JSON Schema, or a media type where it is no JSON.
        cost: What it takes from a token's allowance.
    """

    method: str
    path: str
    permission: Permission
    answer: Callable[[Call], Awaitable[Response]]
    says: str
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    most: int = 1 << 20
    told: Mapping[int, Schema | str] = field(default_factory=dict[int, "Schema | str"])
    cost: float = 1

    @property
    def pattern(self) -> re.Pattern[str]:
        """What an address of it looks like."""
        parts = re.split(r"\{(\w+)\}", self.path)
        text = "".join(
            f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        )
        return re.compile(text)


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, as what answers it sees it.

    Attributes:
        route: The route.
        office: What answers stand on.
        mailbox: Where answers of the record arrive.
        login: Who asks; None on a public route.
        local: Whether it came from this computer, to a server for it alone.
        headers: The request's headers.
        query: The address after its question mark.
        path: Values of the parts in braces.
        plain: What was sent; empty where nothing was.
        shown: The token that was shown; None where there was none.
        counts: What the server has done.
        take: Takes more from the token's allowance than the route's own cost.
    """

    route: Route
    office: Office
    mailbox: Mailbox
    login: Login | None
    local: bool
    headers: Headers
    query: bytes
    path: Mapping[str, str]
    plain: dict[str, Json]
    shown: str | None
    counts: Counts
    take: Callable[[float], None]

    @property
    def who(self) -> Login:
        """Who asks."""
        if self.login is None:
            raise ValueError("a public route asks who calls it")
        return self.login

    def words(self) -> dict[str, str]:
        """The parameters after the question mark.

        Raises:
            RequestInvalid: If one is missing, sent twice, unknown or of the wrong form.
        """
        known = {p.name: p for p in self.route.parameters if p.within == "query"}
        found: dict[str, str] = {}
        try:
            pairs = parse_qsl(
                self.query.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=20,
            )
        except ValueError as error:
            raise RequestInvalid(
                "The parameters cannot be read.", hint="Write them as UTF-8, percent-encoded."
            ) from error
        for name, value in pairs:
            if name not in known:
                raise RequestInvalid(
                    f"There is no parameter {name[:40]!r}.",
                    hint=f"Its parameters: {', '.join(known) or 'none'}.",
                    field=name[:40],
                )
            if name in found:
                raise RequestInvalid(f"{name} is sent twice.", hint="Send it once.", field=name)
            _check(name, value, known[name].schema)
            found[name] = value
        missing = [name for name, p in known.items() if p.needed and name not in found]
        if missing:
            raise RequestInvalid(
                f"{missing[0]} is missing.", hint=f"Send {missing[0]}.", field=missing[0]
            )
        return found

    async def aside(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do what waits for the disk off the loop.

        Args:
            work: What is done.
            *arguments: What it takes, of any type.
        """
        return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def undeclared(routes: Iterable[Route]) -> list[str]:
    """The routes that say nothing of who they are for.

    Args:
        routes: Routes; one that was made elsewhere may say nothing, whatever its type says.
    """
    return [
        f"{route.method} {route.path}"
        for route in routes
        if type(route.permission) is not Permission
    ]


def _check(name: str, value: str, schema: Schema) -> None:
    wrong = False
    if schema["type"] == "integer":
        wrong = re.fullmatch(r"[0-9]{1,15}", value, re.ASCII) is None or not (
            schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 1 << 53)
        )
    elif "pattern" in schema:
        wrong = re.fullmatch(schema["pattern"], value) is None or len(value) > schema["maxLength"]
    if wrong or "\x00" in value:
        raise RequestInvalid(
            f"{name} is {value[:60]!r}.", hint="See /v1/openapi.json for what it holds.", field=name
        )
