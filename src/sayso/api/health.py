"""Whether the server lives, whether it can record, and how much it has done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.api.answers import json_answer, text_answer
from sayso.api.permissions import PUBLIC, admit, needs
from sayso.api.route import Route
from sayso.workspace.api_rights import READ
from sayso.workspace.metrics_record import record_metrics

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
    # Why it does not is for the log of whoever runs it: anybody may ask this.
    ready = await call.aside(call.office.is_ready)
    return json_answer({"ready": ready}, 200 if ready else 503)


async def metrics(call: Call) -> Response:
    """What the server has done, in the text format of Prometheus."""
    login = call.office.login(call.shown, local=call.local)
    admit(login, needs(READ))
    record = await call.aside(record_metrics, call.office)
    text = call.counts.text() + call.office.meter.text() + record
    return text_answer(text, "text/plain; version=0.0.4; charset=utf-8")


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
        says="What the server has done, for Prometheus; from this computer, or with a token that may read.",
        told={200: "text/plain"},
    ),
)
