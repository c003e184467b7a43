"""What agents can do through the tools, and what they are told."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso.workspace.api_office import Office
from sayso.workspace.record import Record
from tests.mcp.places import SLUG, Agent, asks, code, place, token
from tests.record.workspaces import Hand


@dataclass
class Room:
    folder: Path
    office: Office
    record: Record
    agent: Agent


@pytest.fixture
def room(tmp_path: Path) -> Generator[Room]:
    folder = place(tmp_path / "w")
    office = Office(folder, clock=Hand())
    yield Room(folder, office, office.record, Agent(office, token(folder)))
    office.close()


@pytest.mark.feature("I3")
def test_an_agent_records_a_whole_case_that_it_may_decide_alone(room: Room):
    agent = room.agent
    assert agent.calls("list_decisions")["decisions"][0]["slug"] == SLUG
    charter = agent.calls("read_charter", decision=SLUG)
    assert charter["version"] == 3
    assert charter["options"]["data"] == ["bring", "leave"]
    assert charter["ceiling"] == "act"
    inputs = {"fault_code": "E-12", "stock_low": False}
    agent.does("open_case", inputs=inputs)
    agent.does("give_advice", answer="bring", confidence=0.9, model="7")
    may = agent.calls("may_i_decide_alone", decision=SLUG, inputs=inputs)
    assert may["alone"] is True
    assert may["mode"] == "delegate"
    assert may["ceiling"] == "act"
    assert may["routine"]["data"] == "fault_code = 'E-12'"
    assert "E-12" in may["why"]["data"]
    chosen = agent.does("record_choice", answer="bring", reason_code="other")
    assert chosen["case"]["choice"]["data"] == "bring"
    agent.does("report_workaround", text="The van was loaded the evening before.")
    agent.does("contest", target="metric", text="Parts are counted twice.")
    done = agent.does("record_outcome", outcome=True)
    assert done["case"]["outcome_known"] is True
    assert len(done["case"]["owed"]) == 2
    assert agent.calls("read_case", decision=SLUG, case="c-1")["choice"]["data"] == "bring"


def test_advice_is_on_record_under_the_agents_own_name(room: Room):
    room.agent.does("open_case")
    room.agent.does("give_advice", answer="bring", model="7")
    kept = room.record.store.state_of(SLUG, "c-1")
    assert kept is not None
    assert kept.advice is not None
    assert kept.advice.data.source == "helper@7"
    assert kept.advice.by.name == "helper"
    assert kept.advice.by.acting_for is not None
    assert "Ann" not in kept.advice.by.acting_for


def test_an_agent_cannot_name_another_source(room: Room):
    room.agent.does("open_case")
    said = room.agent.does("give_advice", answer="bring", source="parts-model")
    assert code(said) == "field-unknown"


@pytest.mark.feature("I3")
def test_a_case_outside_the_routine_is_a_persons(room: Room):
    inputs = {"fault_code": "E-41"}
    may = room.agent.calls("may_i_decide_alone", decision=SLUG, inputs=inputs)
    assert may["alone"] is False
    room.agent.does("open_case", inputs=inputs)
    assert code(room.agent.does("record_choice", answer="bring")) == "not-yours-to-decide"


def test_the_inputs_that_count_are_those_on_record(room: Room):
    room.agent.does("open_case", inputs={"fault_code": "E-41"})
    said = room.agent.does("record_choice", answer="bring", inputs={"fault_code": "E-12"})
    assert code(said) == "field-unknown"


def test_a_case_that_was_handed_to_a_person_is_theirs(room: Room):
    room.agent.does("open_case", inputs={"fault_code": "E-12"})
    asks(room.record, "escalate", to="head-of-field-service")
    assert code(room.agent.does("record_choice", answer="bring")) == "not-yours-to-decide"


@pytest.mark.feature("I3")
def test_an_agent_does_not_override_advice_that_was_shown(room: Room):
    room.agent.does("open_case", inputs={"fault_code": "E-12"})
    room.agent.does("give_advice", answer="bring")
    asks(room.record, "ask-advice")
    assert code(room.agent.does("record_choice", answer="leave")) == "not-yours-to-decide"
    assert room.agent.does("record_choice", answer="bring")["case"]["choice"]["data"] == "bring"


def test_a_choice_stands_once_it_was_made(room: Room):
    room.agent.does("open_case", inputs={"fault_code": "E-12"})
    asks(room.record, "choice", answer="leave")
    assert code(room.agent.does("record_choice", answer="bring")) == "choice-twice"


def test_the_same_id_records_once_and_says_so(room: Room):
    first = room.agent.does("open_case")
    again = room.agent.does("open_case", id=first["id"])
    assert (first["again"], again["again"]) == (False, True)
    assert again["index"] == first["index"]
    other = room.agent.does("open_case", id=first["id"], inputs={"stock_low": True})
    assert code(other) == "key-reused"


def test_an_id_is_made_where_none_is_sent_and_serves_to_try_again(room: Room):
    sent = {"decision": SLUG, "case": "c-1", "charter_version": 3}
    first = room.agent.calls("open_case", **sent)
    assert room.agent.calls("open_case", **sent, id=first["id"])["again"] is True


@pytest.mark.parametrize(
    ("name", "fields", "wanted"),
    [
        ("open_case", {"charter_version": 2}, "charter-stale"),
        ("open_case", {"charter_version": "3"}, "field-wrong"),
        ("open_case", {"charter_version": True}, "field-wrong"),
        ("open_case", {"id": "1"}, "id-wrong"),
        ("open_case", {"id": "ffffffff-ffff-7fff-bfff-ffffffffffff"}, "id-wrong"),
        ("open_case", {"id": "0fffffff-ffff-7fff-bfff-ffffffffffff"}, "clock-ahead"),
        ("open_case", {"case": "c\u200b1"}, "name-unclear"),
        ("open_case", {"case": ""}, "name-unclear"),
        ("open_case", {"case": None}, "field-missing"),
        ("open_case", {"inputs": {"fault_code": float("nan")}}, "not-finite"),
        ("open_case", {"inputs": {"fault_code": ["E-12"]}}, "field-wrong"),
        ("open_case", {"inputs": {"fault_code": 2**60}}, "number-too-large"),
        ("open_case", {"team": "half \ud800"}, "text-unreadable"),
        ("open_case", {"approve": True}, "field-unknown"),
        ("open_case", {"by": {"kind": "human", "name": "ann"}}, "field-unknown"),
        ("open_case", {"at": "2020-01-01T00:00:00Z"}, "field-unknown"),
        ("open_case", {"team": "x" * 300_000}, "too-large"),
        ("open_case", {"decide_by": "tomorrow"}, "field-wrong"),
        ("give_advice", {"answer": "maybe"}, "option-not-allowed"),
        ("give_advice", {"answer": "bring", "confidence": 2}, "field-wrong"),
        ("contest", {"target": "charta", "text": "x"}, "field-wrong"),
        ("contest", {"target": "charter", "text": " "}, "field-missing"),
        ("record_outcome", {"outcome": True}, "outcome-before-choice"),
        ("record_choice", {"answer": "bring", "case": "c-2"}, "case-not-opened"),
        ("record_choice", {"answer": "bring", "decision": "another"}, "not-allowed"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code_and_stores_nothing(
    room: Room, name: str, fields: dict[str, object], wanted: str
):
    if name != "open_case":
        room.agent.does("open_case")
    before = room.record.store.head().size
    assert code(room.agent.does(name, **fields)) == wanted
    assert room.record.store.head().size == before


def test_objections_of_one_person_are_kept_up_to_a_number_whoever_speaks_for_them(room: Room):
    room.agent.does("open_case")
    said = [room.agent.does("contest", target="charter", text="No.") for _ in range(60)]
    refused = [one for one in said if "error" in one]
    assert {code(one) for one in refused} == {"too-many-contests"}
    assert room.agent.calls("read_case", decision=SLUG, case="c-1")["case"] == "c-1"


def test_a_person_is_not_told_apart_from_others_by_what_an_agent_hears(room: Room):
    room.agent.does("open_case")
    asks(room.record, "contest", target="charter", text="Ann says no.")
    assert "Ann" not in str(room.agent.calls("read_case", decision=SLUG, case="c-1"))
