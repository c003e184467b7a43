"""What a desk answers, as plain JSON: the shapes of the server's ``/v1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.record.coins import may_seal
from sayso.record.mandate import mandate
from sayso.record.moments import instant_text
from sayso.record.terms import Actor, ActorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sayso.declare.charter import Charter
    from sayso.record.sight import CaseView
    from sayso.record.strict_json import Json
    from sayso.record.terms import Scalar
    from sayso.workspace.record import Done
    from sayso.workspace.versions import KeptVersion

KINDS = frozenset(str(kind) for kind in ActorKind)


def actor_json(actor: Actor) -> dict[str, Json]:
    """Who asks, and for whom."""
    return {"kind": str(actor.kind), "name": actor.name, "for": actor.acting_for}


def actor_of_json(plain: Json) -> Actor | None:
    """Who asks, from what ``actor_json`` gave; None where it is something else."""
    match plain:
        case {"kind": str(kind), "name": str(name), "for": str() | None as whom} if kind in KINDS:
            return Actor(ActorKind(kind), name, whom)
        case _:
            return None


def case_json(view: CaseView) -> dict[str, Json]:
    """A case as those who take part may see it."""
    shown = view.shown
    return {
        "decision": view.decision,
        "charter_version": view.charter_version,
        "case": view.case,
        "prior_asked": view.prior_asked,
        "prior_given": view.prior_given,
        "prior_skipped": view.prior_skipped,
        "advice": str(view.advice),
        "shown": None
        if shown is None
        else {
            "answer": shown.answer,
            "confidence": shown.confidence,
            "source": shown.source,
            "details": dict(shown.details),
        },
        "choice": view.choice,
        "end": None if view.end is None else str(view.end),
        "escalated_to": view.escalated_to,
        "outcome_due": _moment(view.outcome_due),
        "outcome_known": view.outcome_known,
        "owed": list(view.owed),
    }


def done_json(done: Done) -> dict[str, Json]:
    """What a command led to."""
    return {
        "id": done.id,
        "index": done.index,
        "recorded_at": instant_text(done.recorded_at),
        "again": done.again,
        "case": case_json(done.case),
    }


def decisions_json(versions: Iterable[KeptVersion]) -> dict[str, Json]:
    """Decisions, with what the AI may do in each."""
    return {
        "decisions": [
            {
                "slug": version.charter.decision,
                "version": version.charter.version,
                "question": version.charter.question,
                "mode": _modes(version.charter)["mode"],
            }
            for version in versions
        ]
    }


def charter_json(version: KeptVersion, fingerprint: str) -> dict[str, Json]:
    """One version of a charter.

    Args:
        version: The version.
        fingerprint: What it says, as one line.
    """
    charter = version.charter
    quantity = charter.quantity
    return {
        "slug": charter.decision,
        "version": charter.version,
        "fingerprint": fingerprint,
        "question": charter.question,
        **_modes(charter),
        "seals": may_seal(charter),
        "options": list(charter.options),
        "quantity": None
        if quantity is None
        else {"unit": quantity.unit, "low": quantity.low, "high": quantity.high},
        "inputs": [{"name": name, "type": str(kind)} for name, kind in charter.inputs],
        "reasons": list(charter.reasons),
        "text": version.text,
    }


def mandate_json(charter: Charter, inputs: Mapping[str, Scalar]) -> dict[str, Json]:
    """Whether the AI may decide a case with these inputs alone, up to which limit, and why."""
    said = mandate(charter, inputs)
    advice = charter.advice
    return {
        "alone": said.alone,
        "mode": str(said.mode),
        "ceiling": None if advice is None else str(advice.ceiling),
        "routine": None if advice is None else advice.routine,
        "why": said.why,
    }


def _modes(charter: Charter) -> dict[str, Json]:
    advice = charter.advice
    if advice is None:
        return {"mode": None, "ceiling": None}
    # What counts is never more than the ceiling, whatever is written above it.
    mode = min(advice.mode, advice.ceiling, key=lambda one: one.rank)
    return {"mode": str(mode), "ceiling": str(advice.ceiling)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else instant_text(moment)
