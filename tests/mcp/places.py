"""A workspace that agents work in: one decision, its people, their agents' tokens, and a secret."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso.mcp.server import result_of
from sayso.mcp.tools import BY_NAME
from sayso.record.ids import uuid7
from sayso.record.terms import Actor, ActorKind
from sayso.workspace.api_office import Office
from sayso.workspace.desk_local import LocalDesk
from sayso.workspace.record import Record
from sayso.workspace.tokens import make_token
from tests.record.workspaces import NOW

SLUG = "first-visit-part"
CHARTER = """\
decision: first-visit-part
version: 3
question: Should the technician bring the part on the first visit?
options: [bring, leave]
default: leave
owner: head-of-field-service
rights: {decide: [dispatchers]}
inputs: {fault_code: category, stock_low: boolean}
outcome: {name: part_used, kind: boolean, due: 21d}
reasons: [stock is low, other]
advice:
  source: parts-model
  mode: delegate
  ceiling: act
  routine: "fault_code = 'E-12'"
  prior: {sample: ASKED}
  holdback: HELD
  consent: {by: head-of-field-service, on: 2026-01-01}
"""
PEOPLE = """\
- {role: head-of-field-service, person: Eva}
- {role: dispatchers, person: Ann}
"""
ANN = Actor(ActorKind.HUMAN, "ann")
MODEL = Actor(ActorKind.SERVICE, "parts-model")
ALL = ("read", "open", "advice", "choice", "contest", "workaround", "outcome")
_numbers = itertools.count(1)


def new_id(at: datetime = NOW) -> str:
    return uuid7(at, next(_numbers).to_bytes(9, "big") + b"\0")


def place(folder: Path, *, asked: float = 0, held: float = 0, charter: str = CHARTER) -> Path:
    """A workspace; both coins fall as they are told to where they are 0 or 1."""
    (folder / "charters").mkdir(parents=True)
    text = charter.replace("ASKED", str(asked)).replace("HELD", str(held))
    (folder / "charters" / f"{SLUG}.yaml").write_text(text, "utf-8")
    (folder / "people.yaml").write_text(PEOPLE, "utf-8")
    return folder


def token(
    folder: Path,
    actor: str = "agent:helper",
    *,
    verbs: Iterable[str] = ALL,
    decisions: Iterable[str] = (SLUG,),
    acting_for: str | None = "Ann",
    now: datetime = NOW,
) -> str:
    made = make_token(
        folder,
        actor,
        decisions=tuple(decisions),
        verbs=tuple(verbs),
        now=now,
        acting_for=acting_for,
    )
    return made.text


@dataclass
class Agent:
    """Somebody who calls tools, and what each call was answered."""

    office: Office
    text: str
    heard: list[dict[str, Any]] = field(default_factory=list)

    def calls(self, name: str, **fields: Any) -> dict[str, Any]:
        result = result_of(LocalDesk(self.office, self.text), BY_NAME[name], fields)
        assert isinstance(result.structured_content, dict)
        self.heard.append(result.structured_content)
        return result.structured_content

    def does(self, name: str, case: str = "c-1", **fields: Any) -> dict[str, Any]:
        sent = {"decision": SLUG, "case": case, "charter_version": 3, "id": new_id(), **fields}
        return self.calls(name, **sent)


def code(answer: dict[str, Any]) -> str:
    return answer["error"]["code"]


def asks(record: Record, verb: str, by: Actor = ANN, case: str = "c-1", **fields: Any) -> Any:
    plain = {
        "id": new_id(),
        "decision": SLUG,
        "charter_version": 3,
        "case": case,
        "at": "2026-11-24T09:00:00Z",
        **fields,
    }
    return record.ask(verb, plain, by)


Seen = Callable[[Any], None]
