"""Reading: cases, decisions, charters, events, and what proves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.api.answers import json_answer, tagged, text_answer
from sayso.api.permissions import ANY_LOGIN, needs
from sayso.api.route import Parameter, Route
from sayso.api.schemas import (
    CAPTURE_TOLD,
    CASE,
    CHARTER,
    DECISIONS,
    EVENTS,
    FOR,
    MANDATE,
    MANDATE_ASKED,
    ME,
    NAME,
    SLUGGED,
)
from sayso.domain.errors import RequestInvalid
from sayso.workspace.api_capture import MINUTES, MOST_MINUTES, OF_PAGES
from sayso.workspace.api_rights import CAPTURE, EXPORT, FIGURES, READ
from sayso.workspace.api_tables import export_of, figures_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from sayso.api.route import Call

MOST_EVENTS, EVENTS_ASKED = 1000, 500
TEXT = "text/plain"
PARQUET = "application/vnd.apache.parquet"
_DECISION = Parameter(name="decision", schema=SLUGGED)
_SLUG = Parameter(name="slug", schema=SLUGGED, within="path")
_HEAVY = 20_000


async def read_me(call: Call) -> Response:
    """Who asks."""
    return json_answer(call.office.me(call.who))


async def read_case(call: Call) -> Response:
    """A case."""
    asked = call.words()
    found = await call.aside(call.office.case, call.who, asked["decision"], asked["case"])
    return tagged(call, found)


async def read_decisions(call: Call) -> Response:
    """The decisions that the token reaches."""
    return tagged(call, await call.aside(call.office.decisions, call.who))


async def read_charter(call: Call) -> Response:
    """A charter."""
    version = call.words().get("version")
    number = None if version is None else int(version)
    return tagged(call, await call.aside(call.office.charter, call.who, call.path["slug"], number))


async def ask_mandate(call: Call) -> Response:
    """Whether the AI may decide alone."""
    decision, inputs = call.plain.get("decision"), call.plain.get("inputs")
    if not isinstance(decision, str) or not isinstance(inputs, dict):
        raise RequestInvalid(
            "A question of mandate names a decision and the case's inputs.",
            hint='Send {"decision": "...", "inputs": {...}}.',
            field="inputs" if isinstance(decision, str) else "decision",
        )
    if len(call.plain) != 2:
        raise RequestInvalid("There are other fields.", hint="Send decision and inputs alone.")
    return json_answer(call.office.mandate(call.who, decision, inputs))


async def read_events(call: Call) -> Response:
    """Events that may be seen."""
    asked = call.words()
    since, most = int(asked.get("since", "0")), int(asked.get("most", str(EVENTS_ASKED)))
    return json_answer(await call.aside(call.office.events, call.who, since, most))


async def read_checkpoint(call: Call) -> Response:
    """The newest signed head."""
    return text_answer(await call.aside(call.office.checkpoint, call.who))


async def read_key(call: Call) -> Response:
    """The key to pin."""
    return text_answer(await call.aside(call.office.key, call.who))


async def read_receipt(call: Call) -> Response:
    """Proof that an event is on record."""
    return text_answer(await call.aside(call.office.receipt, call.who, call.path["event"]))


async def read_figures(call: Call) -> Response:
    """The audit's figures on the live record."""
    decision = call.words()["decision"]
    return json_answer(await call.aside(figures_of, call.office, call.who, decision))


async def read_export(call: Call) -> Response:
    """The case table."""
    from starlette.responses import Response

    decision = call.words()["decision"]
    content = await call.aside(export_of, call.office, call.who, decision)
    return Response(content, media_type=PARQUET)


async def make_capture(call: Call) -> Response:
    """A token of one case, for a page of the host."""
    return json_answer(await call.aside(call.office.capture, call.who, call.plain), 201)


def _get(
    path: str,
    right: str,
    answer: object,
    says: str,
    told: object,
    *parameters: Parameter,
    cost: float = 1,
) -> Route:
    return Route(
        method="GET",
        path=path,
        permission=needs(right),
        answer=answer,  # pyright: ignore[reportArgumentType] - each is one of the functions above
        says=says,
        parameters=parameters,
        told={200: told},  # pyright: ignore[reportArgumentType] - each is a schema or a media type
        cost=cost,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/me",
        permission=ANY_LOGIN,
        answer=read_me,
        says="Who asks, as the token says, and what it was made for.",
        told={200: ME},
    ),
    _get(
        "/v1/case",
        READ,
        read_case,
        "A case as those who take part may see it.",
        CASE,
        _DECISION,
        Parameter(name="case", schema=NAME),
    ),
    _get("/v1/decisions", READ, read_decisions, "The decisions that the token reaches.", DECISIONS),
    _get(
        "/v1/decisions/{slug}/charter",
        READ,
        read_charter,
        "A charter: the version in force, or one that is named.",
        CHARTER,
        _SLUG,
        Parameter(
            name="version",
            schema={"type": "integer", "minimum": 1, "maximum": 999_999},
            needed=False,
        ),
    ),
    Route(
        method="POST",
        path="/v1/mandate",
        permission=needs(READ),
        answer=ask_mandate,
        says="May the AI decide a case with these inputs alone?",
        body=MANDATE_ASKED,
        told={200: MANDATE},
    ),
    _get(
        "/v1/events",
        READ,
        read_events,
        "Events that may be seen, in their order; go on from `next`.",
        EVENTS,
        Parameter(name="since", schema={"type": "integer", "minimum": 0}, needed=False),
        Parameter(
            name="most",
            schema={"type": "integer", "minimum": 1, "maximum": MOST_EVENTS},
            needed=False,
        ),
        cost=50,
    ),
    _get("/v1/checkpoint", READ, read_checkpoint, "The newest signed head.", TEXT, cost=10),
    _get("/v1/key", READ, read_key, "The record's public key, to pin.", TEXT),
    _get(
        "/v1/receipts/{event}",
        READ,
        read_receipt,
        "Proof that an event is on record, and in which place.",
        TEXT,
        Parameter(name="event", schema={"type": "string"}, within="path"),
        cost=10,
    ),
    _get(
        "/v1/figures",
        FIGURES,
        read_figures,
        "Every figure of the audit, on the cases that are decided.",
        {"type": "object"},
        _DECISION,
        cost=_HEAVY,
    ),
    _get(
        "/v1/export",
        EXPORT,
        read_export,
        "The case table of the cases that are decided, as Parquet.",
        PARQUET,
        _DECISION,
        cost=_HEAVY,
    ),
    Route(
        method="POST",
        path="/v1/capture-tokens",
        permission=needs(CAPTURE),
        answer=make_capture,
        says="Make a short-lived token of one case, for a page of the host.",
        body={
            "type": "object",
            "properties": {
                "decision": SLUGGED,
                "case": NAME,
                "verbs": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "string", "enum": list(OF_PAGES)},
                },
                "origin": {"type": "string"},
                "for": FOR,
                "minutes": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST_MINUTES,
                    "default": MINUTES,
                },
            },
            "required": ["decision", "case", "verbs", "origin"],
            "additionalProperties": False,
        },
        told={201: CAPTURE_TOLD},
        cost=10,
    ),
)
