"""What goes in and out, as JSON Schema, made from the values that it is read into."""

from __future__ import annotations

import dataclasses
from typing import Any

from sayso.record.asked import VERBS
from sayso.record.case_checks import LONGEST_TEXT
from sayso.record.case_state import End
from sayso.record.names import LONGEST
from sayso.record.sight import Advice
from sayso.record.terms import ActorKind, OverrideKind, Target

Schema = dict[str, Any]
ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
SLUG = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
MOST_WRITES = 1000
_SAFE = (1 << 53) - 1
_NUMBER: Schema = {"type": "number"}
_TEXT: Schema = {"type": "string", "maxLength": LONGEST_TEXT}
_ANSWER: Schema = {"type": ["string", "number"]}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_DETAILS: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
# By the type that a field of a command is annotated with, as it is written there.
_BY_TYPE: dict[str, Schema] = {
    "str": _TEXT,
    "float": _NUMBER,
    "Answer": _ANSWER,
    "Scalar": _SCALAR,
    "datetime": _MOMENT,
    "Details": _DETAILS,
    "Target": {"type": "string", "enum": [str(t) for t in Target]},
    "OverrideKind": {"type": "string", "enum": [str(k) for k in OverrideKind]},
}
SLUGGED: Schema = {"type": "string", "pattern": SLUG, "maxLength": 100}
FRAME: dict[str, Schema] = {
    "id": {
        "type": "string",
        "pattern": ID,
        "description": "UUID of version 7, made by the client for each command and sent again "
        "when it is retried: the idempotency key.",
    },
    "decision": SLUGGED,
    "charter_version": {"type": "integer", "minimum": 1, "maximum": 999_999},
    "case": NAME,
    "at": {**_MOMENT, "description": "When, as the client's clock says, with its zone."},
}
FOR: Schema = {
    **NAME,
    "description": "The person whom this concerns, by their own name, where the token lets each "
    "write name one.",
}


def write_schema(verb: str) -> Schema:
    """What is sent to ask a verb.

    Args:
        verb: One of ``sayso.record.asked.VERBS``.
    """
    fields: list[Any] = list(dataclasses.fields(VERBS[verb]))
    needed = [f.name for f in fields if f.default is dataclasses.MISSING]
    own = {f.name: _nullable(f) for f in fields}
    return {
        "type": "object",
        "properties": {**FRAME, **own, "for": FOR},
        "required": [*FRAME, *needed],
        "additionalProperties": False,
    }


def _nullable(field: Any) -> Schema:  # a field of a dataclass
    """A field's schema; null says no more than leaving it out."""
    schema = _BY_TYPE[str(field.type).removesuffix(" | None")]
    if field.default is dataclasses.MISSING:
        return schema
    kind = schema["type"]
    kinds = kind if isinstance(kind, list) else [kind]
    named = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **named, "type": [*kinds, "null"]}


ACTOR: Schema = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": [str(k) for k in ActorKind]},
        "name": {"type": "string"},
        "for": {"type": ["string", "null"]},
    },
    "required": ["kind", "name", "for"],
    "additionalProperties": False,
}


def _whole(properties: dict[str, Schema]) -> Schema:
    """An object that has all of its properties, always, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SHOWN = _whole(
    {
        "answer": _ANSWER,
        "confidence": {"type": ["number", "null"]},
        "source": {"type": "string"},
        "details": _DETAILS,
    }
)
CASE = _whole(
    {
        "decision": {"type": "string"},
        "charter_version": {"type": "integer"},
        "case": {"type": "string"},
        "prior_asked": {"type": "boolean"},
        "prior_given": {"type": "boolean"},
        "prior_skipped": {"type": "boolean"},
        "advice": {"type": "string", "enum": [str(a) for a in Advice]},
        "shown": {"anyOf": [SHOWN, {"type": "null"}]},
        "choice": {"type": ["string", "number", "null"]},
        "end": {"type": ["string", "null"], "enum": [*(str(e) for e in End), None]},
        "escalated_to": {"type": ["string", "null"]},
        "outcome_due": {"type": ["string", "null"]},
        "outcome_known": {"type": "boolean"},
        "owed": {"type": "array", "items": {"type": "string"}},
    }
)
DONE = _whole(
    {
        "id": {"type": "string"},
        "index": {"type": "integer"},
        "recorded_at": _MOMENT,
        "again": {"type": "boolean"},
        "case": CASE,
    }
)
PROBLEM = _whole(
    {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "hint": {"type": "string"},
    }
)
BATCH: Schema = {
    "type": "object",
    "properties": {
        "writes": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_WRITES,
            "items": {
                "type": "object",
                "properties": {"verb": {"type": "string", "enum": list(VERBS)}, **FRAME},
                "required": ["verb", *FRAME],
            },
        }
    },
    "required": ["writes"],
    "additionalProperties": False,
}
BATCH_TOLD = _whole(
    {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "status": {"type": "integer"},
                    **DONE["properties"],
                    "problem": PROBLEM,
                },
                "required": ["status"],
                "additionalProperties": False,
            },
        }
    }
)
DECISION: dict[str, Schema] = {
    "slug": {"type": "string"},
    "version": {"type": "integer"},
    "question": {"type": ["string", "null"]},
    "mode": {"type": ["string", "null"]},
}
DECISIONS = _whole({"decisions": {"type": "array", "items": _whole(DECISION)}})
CHARTER = _whole(
    {
        **DECISION,
        "fingerprint": {"type": "string"},
        "ceiling": {"type": ["string", "null"]},
        "seals": {"type": "boolean"},
        "options": {"type": "array", "items": {"type": "string"}},
        "quantity": {"type": ["object", "null"]},
        "inputs": {
            "type": "array",
            "items": _whole({"name": {"type": "string"}, "type": {"type": "string"}}),
        },
        "reasons": {"type": "array", "items": {"type": "string"}},
        "text": {"type": "string"},
    }
)
MANDATE_ASKED: Schema = {
    "type": "object",
    "properties": {"decision": SLUGGED, "inputs": _DETAILS},
    "required": ["decision", "inputs"],
    "additionalProperties": False,
}
MANDATE = _whole(
    {
        "alone": {"type": "boolean"},
        "mode": {"type": "string"},
        "ceiling": {"type": ["string", "null"]},
        "routine": {"type": ["string", "null"]},
        "why": {"type": "string"},
    }
)
ME = _whole(
    {
        "actor": ACTOR,
        "decisions": {"type": "array", "items": {"type": "string"}},
        "verbs": {"type": "array", "items": {"type": "string"}},
        "case": {"type": ["string", "null"]},
    }
)
EVENTS = _whole(
    {
        "events": {
            "type": "array",
            "items": _whole(
                {
                    "index": {"type": "integer"},
                    "recorded_at": _MOMENT,
                    "id": {"type": "string"},
                    "kind": {"type": "string"},
                    "decision": {"type": "string"},
                    "charter_version": {"type": "integer"},
                    "case": {"type": ["string", "null"]},
                    "by": ACTOR,
                    "at": _MOMENT,
                    "data": {"type": "object"},
                    "erased": {"type": "array", "items": {"type": "string"}},
                }
            ),
        },
        "next": {"type": "integer"},
    }
)
CAPTURE_TOLD = _whole({"token": {"type": "string"}, "expires": _MOMENT})
