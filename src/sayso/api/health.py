"""Whether the server lives, whether it can record, and how much it has done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.api.answers import json_answer, text_answer
from sayso.api.permissions import PUBLIC, admit, needs
from sayso.api.problem import problem_of
from sayso.api.route import Route
from sayso.domain.errors import SaysoError
from sayso.workspace.api_rights import READ

if TYPE_CHECKING:
    from starlette.responses import Response

    from sayso.api.route import Call

_STATE = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


async def live(call: Call) -> Response:
    """It lives, since it answers."""
    del call
    return text_answer("ok\n")


async def ready(call: Call) -> Response:
    """Whether the record takes writes; nothing of what is in it."""
    if not call.office.has_record:
        # The first write makes it; a question of anybody's does not.
        return json_answer({"ready": True})
    try:
        head = (await call.aside(lambda: call.office.record)).store.head
        ended = (await call.aside(head)).frozen
    except SaysoError as error:
        # Why is for the log of whoever runs it: anybody may ask this.
        problem = problem_of(error, status=503)
        return json_answer({"ready": False}, problem.status)
    return json_answer({"ready": not ended}, 503 if ended else 200)


async def metrics(call: Call) -> Response:
    """Requests by route, in the text format of Prometheus."""
    login = call.office.login(call.shown, local=call.local)
    admit(login, needs(READ))
    return text_answer(call.counts.text(), "text/plain; version=0.0.4; charset=utf-8")


ROUTES = (
    Route(
        method="GET",
        path="/healthz",
        permission=PUBLIC,
        answer=live,
        says="Whether the server answers.",
        told={200: "text/plain"},
    ),
    Route(
        method="GET",
        path="/readyz",
        permission=PUBLIC,
        answer=ready,
        says="Whether the record takes writes.",
        told={200: _STATE, 503: _STATE},
    ),
    Route(
        method="GET",
        path="/metrics",
        permission=PUBLIC,
        answer=metrics,
        says="Requests by route, for Prometheus; from this computer, or with a token that may read.",
        told={200: "text/plain"},
    ),
)
