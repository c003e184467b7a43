"""An agent that tries to see sealed or withheld advice, or to do what is for people alone.

Two worlds differ in nothing but the advice that another model gave. Whatever an agent tries, every
byte of every answer has to be the same in both: an error, a refused retry, a guess. Where the
advice was shown to a person the worlds have to differ, so that the trial is known to see.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sayso.mcp.tools import TOOLS
from sayso.record import case_life
from sayso.record.asked import VERBS
from sayso.record.case_state import CaseState
from sayso.record.ids import uuid7
from sayso.record.refusal import Refusal
from sayso.record.sight import ShownAdvice
from sayso.workspace.api_office import Office
from tests.mcp.places import ANN, MODEL, SLUG, Agent, place, token
from tests.record.workspaces import NOW, Hand

SECRETS: tuple[dict[str, Any], ...] = (
    {"answer": "bring", "confidence": 0.91, "source": "parts-model@1", "details": {"part": "A-1"}},
    {"answer": "leave", "confidence": 0.12, "source": "parts-model@2", "details": {"part": "B-2"}},
)
ROUTINE = {"fault_code": "E-12", "stock_low": False}
FIRST_VIEW = ("prior", {"answer": "leave"})
ASKED = ("ask-advice", {})
CHOSEN = ("choice", {"answer": "leave", "reason_code": "other"})
# What a person does before the agent tries everything; in each, the advice is not to be seen.
HIDDEN: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "sealed": [],
    "the first view was given": [FIRST_VIEW],
    "the first view was skipped": [("skip-prior", {})],
    "withheld": [FIRST_VIEW, ASKED],
    "chosen without the advice": [FIRST_VIEW, ASKED, CHOSEN],
    "chosen at once": [CHOSEN],
    "ignored": [("ignore", {})],
    "handed on": [("escalate", {"to": "head-of-field-service"})],
    "it turned out": [FIRST_VIEW, CHOSEN, ("outcome", {"outcome": True})],
}


@dataclass
class World:
    """One world; ids count up the same in each."""

    office: Office
    agent: Agent
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def id(self) -> str:
        return uuid7(NOW, next(self.numbers).to_bytes(9, "big") + b"\1")

    def does(self, verb: str, by: Any = ANN, **fields: Any) -> None:
        plain = {"id": self.id(), "decision": SLUG, "charter_version": 3, "case": "c-1"}
        self.office.record.ask(verb, {**plain, "at": "2026-11-24T09:00:00Z", **fields}, by)

    def tried(self, name: str, **fields: Any) -> dict[str, Any]:
        frame = {"decision": SLUG, "case": "c-1", "charter_version": 3, "id": self.id()}
        return self.agent.calls(name, **{**frame, **fields})

    def is_attacked(self) -> None:
        """Every tool, with guesses, each tried again under its id as it was and as another."""
        agent = self.agent
        agent.calls("list_decisions")
        agent.calls("read_charter", decision=SLUG)
        agent.calls("read_charter", decision=SLUG, version=99)
        agent.calls("may_i_decide_alone", decision=SLUG, inputs=ROUTINE)
        agent.calls("may_i_decide_alone", decision=SLUG, inputs={})
        agent.calls("read_case", decision=SLUG, case="c-1")
        tries: list[tuple[str, dict[str, Any]]] = [
            ("open_case", {"inputs": ROUTINE}),
            *(
                ("give_advice", {"answer": answer, "confidence": sure, "model": model})
                for answer in ("bring", "leave", "neither")
                for sure, model in ((0.91, "1"), (0.12, "2"))
            ),
            *(("contest", {"target": t, "text": "Why?"}) for t in ("advice", "choice", "charter")),
            ("contest", {"target": "advice", "text": "Why?", "of": "parts-model@1"}),
            ("report_workaround", {"text": "We went round it."}),
            ("record_outcome", {"outcome": True}),
            ("record_outcome", {"outcome": True, "best": "bring"}),
            ("record_choice", {"answer": "neither"}),
            ("record_choice", {"answer": "bring", "reason_code": "no such reason"}),
            ("record_choice", {"answer": "bring", "details": {"part": "A-1"}}),
            ("record_choice", {"answer": "leave"}),
        ]
        for name, fields in tries:
            once = self.id()
            self.tried(name, **fields, id=once)
            self.tried(name, **fields, id=once)
            self.tried("report_workaround", text="other", id=once)
        agent.calls("read_case", decision=SLUG, case="c-1")


def told(tmp_path: Path, lived: list[tuple[str, dict[str, Any]]], held: float = 1) -> list[Any]:
    """What an agent is told in each world, after a person lived through some steps."""
    first = place(tmp_path / "0", asked=1, held=held)
    text = token(first)
    # One seed, one key, one token: copies of one workspace.
    office = Office(first, clock=Hand())
    assert office.record.key
    office.close()
    shutil.copytree(first, tmp_path / "1")
    heard: list[Any] = []
    for number, secret in enumerate(SECRETS):
        office = Office(tmp_path / str(number), clock=Hand())
        world = World(office, Agent(office, text))
        world.does("open", MODEL, inputs=ROUTINE)
        world.does("advice", MODEL, **secret)
        for verb, fields in lived:
            world.does(verb, **fields)
        world.is_attacked()
        office.close()
        heard.append(world.agent.heard)
    return heard


@pytest.mark.feature("C2")
@pytest.mark.feature("I3")
@pytest.mark.parametrize("lived", HIDDEN.values(), ids=HIDDEN.keys())
def test_no_tool_tells_an_agent_anything_of_advice_that_is_not_shown(
    tmp_path: Path, lived: list[tuple[str, dict[str, Any]]]
):
    one, other = told(tmp_path, lived)
    assert one == other
    assert "parts-model@" not in str([a for a in one if "error" not in a])
    assert "A-1" not in str(one)
    # The trial is one: some of what was tried was answered, and some refused.
    assert {"error" in answer for answer in one} == {True, False}


def test_the_trial_sees_advice_that_was_shown(tmp_path: Path):
    one, other = told(tmp_path, [FIRST_VIEW, ASKED], held=0)
    assert one != other


def _early(state: CaseState) -> ShownAdvice | None:
    said = None if state.advice is None else state.advice.data
    if said is None:
        return None
    return ShownAdvice(
        answer=said.answer, confidence=said.confidence, source=said.source, details=said.details
    )


advises = case_life._advise


def _tells(state: CaseState, *rest: Any) -> Any:
    if state.advice is None:
        return advises(state, *rest)
    said = f"The advice was given before: {state.advice.data.answer}."
    return Refusal("advice-twice", said, "Read it.")


@pytest.mark.parametrize(
    ("where", "bug"), [("sight._shown", _early), ("case_life._advise", _tells)], ids=["view", "no"]
)
def test_the_trial_finds_a_view_or_a_refusal_that_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, bug: Any
):
    monkeypatch.setattr(f"sayso.record.{where}", bug)
    one, other = told(tmp_path, [])
    assert one != other


def test_the_trial_tries_every_tool(tmp_path: Path):
    tried: set[str] = set()

    class Listening(Agent):
        def calls(self, name: str, **fields: Any) -> dict[str, Any]:
            tried.add(name)
            return super().calls(name, **fields)

    office = Office(place(tmp_path / "w", asked=1, held=1), clock=Hand())
    World(office, Listening(office, token(office.folder))).is_attacked()
    office.close()
    assert tried == {tool.name for tool in TOOLS}


@pytest.mark.feature("I3")
def test_no_tool_approves_answers_ends_corrects_or_changes_a_charter():
    allowed = {"open", "advice", "choice", "contest", "workaround", "outcome"}
    assert {tool.verb for tool in TOOLS} - {""} == allowed
    assert set(VERBS) - allowed >= {"answer-contest", "correct", "expire", "ignore", "ask-advice"}
    words = {word for tool in TOOLS for word in tool.name.split("_")}
    assert not words & {"approve", "override", "close", "settle", "accept", "activate", "change"}
