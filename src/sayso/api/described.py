"""The door described: every route with what goes in and out, as OpenAPI, made from the routes."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from sayso import __version__
from sayso.api import health, reads, writes
from sayso.api.answers import JSON
from sayso.api.permissions import PUBLIC
from sayso.api.problem import MEDIA
from sayso.api.route import Route
from sayso.api.schemas import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.api.route import Call, Schema

_REFUSED = {
    400: "It cannot be read.",
    401: "No token, or a dead one.",
    403: "Not allowed.",
    404: "Not there.",
    409: "It does not fit what is on record.",
    413: "Too large.",
    422: "The case's rules refuse it.",
    429: "Too much at a time; Retry-After says when to ask again.",
    503: "Nothing could be stored or read; Retry-After says when to ask again.",
}
_OF_PUBLIC = (400, 503)


async def describe(call: Call) -> Response:
    """The description."""
    del call
    return Response(_text(), media_type=JSON)


ROUTES = (
    Route(
        method="GET",
        path="/v1/openapi.json",
        permission=PUBLIC,
        answer=describe,
        says="This description.",
        told={200: {"type": "object"}},
    ),
)


@cache
def _text() -> bytes:
    routes = (*writes.ROUTES, *reads.ROUTES, *ROUTES, *health.ROUTES)
    return json.dumps(openapi(routes), ensure_ascii=False).encode()


def openapi(routes: Sequence[Route]) -> dict[str, Any]:  # OpenAPI is JSON of every type
    """OpenAPI 3.1 of some routes."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sayso",
            "version": __version__,
            "description": "Decisions recorded where they are made.",
        },
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    told = {str(status): _told(one) for status, one in route.told.items()}
    refused = _OF_PUBLIC if route.permission.public else tuple(_REFUSED)
    if route.path == "/metrics":
        refused = (400, 401, 403, 503)
    for status in refused:
        told.setdefault(
            str(status),
            {
                "description": _REFUSED[status],
                "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
    if any(p.name == "slug" or p.name == "decision" for p in route.parameters):
        told["304"] = {"description": "As it was."}
    operation: dict[str, Any] = {
        "operationId": _name(route),
        "summary": route.says,
        "responses": told,
        "security": [] if route.permission.public else [{"token": []}, {}],
    }
    if route.permission.right is not None:
        operation["x-sayso-right"] = route.permission.right
    if route.parameters:
        operation["parameters"] = [
            {
                "name": p.name,
                "in": p.within,
                "required": p.needed or p.within == "path",
                "schema": p.schema,
            }
            for p in route.parameters
        ]
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": route.body}}}
    return operation


def _told(one: Schema | str) -> dict[str, Any]:
    content = (
        {one: {"schema": {"type": "string"}}} if isinstance(one, str) else {JSON: {"schema": one}}
    )
    return {"description": "As asked.", "content": content}


def _name(route: Route) -> str:
    words = [w for w in route.path.replace("{", "").replace("}", "").split("/") if w and w != "v1"]
    return "-".join([route.method.lower(), *words]).replace(".", "-")
