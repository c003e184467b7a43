"""Events as bytes: the same value comes back, personal text is sealed, and nothing else passes."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest

from sayso.record.case_events import (
    AdviceComputed,
    CaseOpened,
    ChoiceMade,
    ContestFiled,
    OutcomeRecorded,
    PriorSealed,
)
from sayso.record.events import BY_KIND, Event, Recorded
from sayso.record.ids import uuid7
from sayso.record.record_events import HoldPlaced
from sayso.record.refusal import Refusal
from sayso.record.terms import Actor, ActorKind, Change, OverrideKind, Target
from sayso.record.wire import from_bytes, read_data, to_bytes
from tests.record.case_life_cases import ANN, NOW
from tests.record.fakes import Sealed

ID = uuid7(NOW, bytes(10))
FULL = ChoiceMade(
    answer="bring",
    confidence=0.7,
    details=(("note", None), ("part", "K-7")),
    seconds=14.5,
    reason_code="other",
    reason_text="the customer described it",
    advice=ID,
    changes=(Change("answer", "leave", "bring"),),
    override_kind=OverrideKind.SUBSTITUTES,
    outcome_due=NOW + timedelta(days=21),
)


def event(data: object, **changed: object) -> Event:
    made = Event(
        id=ID,
        decision="first-visit-part",
        charter_version=3,
        case="visit-1",
        by=ANN,
        at=NOW,
        data=data,  # pyright: ignore[reportArgumentType]
    )
    return dataclasses.replace(made, **changed)


def kept(made: Event, sealer: Sealed | None = None) -> bytes:
    body = to_bytes(made, NOW, sealer or Sealed())
    assert isinstance(body, bytes), body
    return body


@pytest.mark.parametrize(
    "data",
    [
        FULL,
        PriorSealed(answer=12.5),
        OutcomeRecorded(outcome=False, best="leave"),
        AdviceComputed(answer="leave", source="parts-model@7", details=(("p", 0.5),)),
        ContestFiled(target=Target.METRIC, text="it forgets winter", answer_due=NOW),
        CaseOpened(
            inputs=(("fault_code", "E-12"), ("stock_low", True)),
            subject="customer-1",
            prior_asked=True,
            prior_ask_probability=0.5,
            fingerprint="v1:abc",
        ),
    ],
)
def test_an_event_comes_back_from_its_bytes_as_it_was(data: object):
    made = event(data, by=Actor(ActorKind.AGENT, "bot", "ann"))
    sealer = Sealed()
    assert from_bytes(kept(made, sealer), 4, sealer) == Recorded(4, NOW, made)


def test_an_event_that_concerns_no_case_comes_back():
    made = event(HoldPlaced(why="claim 7"), case=None, decision="", charter_version=0)
    assert from_bytes(kept(made), 0, Sealed()) == Recorded(0, NOW, made)


def test_every_kind_has_one_name_and_every_field_can_be_read():
    assert len({one.KIND for one in BY_KIND.values()}) == len(BY_KIND)
    for kind, made in BY_KIND.items():
        found = read_data(kind, {})
        needs = [f for f in dataclasses.fields(made) if f.default is dataclasses.MISSING]
        assert isinstance(found, Refusal) is bool(needs), kind
        assert set(made.PERSONAL) <= {f.name for f in dataclasses.fields(made)}
        for field in dataclasses.fields(made):
            read = read_data(kind, {field.name: object()})  # pyright: ignore[reportArgumentType]
            assert isinstance(read, Refusal), (kind, field.name)


def test_the_bytes_are_one_spelling_and_say_their_format():
    body = kept(event(FULL))
    assert body == kept(event(FULL))
    plain = json.loads(body)
    assert plain["v"] == 1
    assert plain["at"] == "2026-11-24T09:00:00.000000Z"
    assert "confidence" not in json.loads(kept(event(PriorSealed(answer="a"))))["data"]


@pytest.mark.feature("C15")
def test_personal_text_never_stands_in_the_bytes_and_goes_with_its_key():
    sealer = Sealed()
    body = kept(event(FULL), sealer)
    assert b"customer described" not in body
    sealer.erased.add("ann")
    found = from_bytes(body, 0, sealer)
    assert isinstance(found, Recorded)
    assert found.erased == ("reason_text",)
    assert isinstance(found.event.data, ChoiceMade)
    assert found.event.data.reason_text == ""
    assert found.event.data.answer == "bring"


def test_inputs_are_sealed_for_the_person_they_are_about_and_not_otherwise():
    opened = CaseOpened(
        inputs=(("code", "E-12"),), prior_asked=False, prior_ask_probability=0, fingerprint="f"
    )
    assert b"E-12" in kept(event(opened))
    about = dataclasses.replace(opened, subject="customer-1")
    sealer = Sealed()
    body = kept(event(about), sealer)
    assert b"E-12" not in body
    sealer.erased.add("customer-1")
    found = from_bytes(body, 0, sealer)
    assert isinstance(found, Recorded)
    assert isinstance(found.event.data, CaseOpened)
    assert found.event.data.inputs == ()


def test_nothing_personal_is_kept_of_somebody_who_was_erased():
    sealer = Sealed({"ann"})
    refused = to_bytes(event(FULL), NOW, sealer)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("subject-erased", "reason_text")
    silent = dataclasses.replace(FULL, reason_text=None)
    assert isinstance(to_bytes(event(silent), NOW, sealer), bytes)


def test_a_sealed_text_that_is_moved_to_another_event_does_not_open():
    sealer = Sealed()
    other = json.loads(kept(event(FULL, id=uuid7(NOW, b"\x01" * 10)), sealer))
    moved = json.loads(kept(event(FULL), sealer))
    moved["data"]["reason_text"] = other["data"]["reason_text"]
    found = from_bytes(json.dumps(moved).encode(), 0, sealer)
    assert isinstance(found, Recorded)
    assert found.erased == ("reason_text",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"v": 2}, "format-unknown"),
        ({"kind": "choice.unmade"}, "kind-unknown"),
        ({"at": "yesterday"}, "field-wrong"),
        ({"by": {"kind": "ghost", "name": "x"}}, "field-wrong"),
        ({"by": None}, "field-wrong"),
        ({"data": None}, "field-wrong"),
        ({"data": {"answer": "a", "colour": "red"}}, "field-unknown"),
        ({"data": {}}, "field-missing"),
        ({"data": {"answer": True}}, "field-wrong"),
        ({"data": {"answer": "a", "seconds": "7"}}, "field-wrong"),
        ({"data": {"answer": "a", "override_kind": "maybe"}}, "field-wrong"),
        ({"data": {"answer": "a", "details": {"x": [1]}}}, "field-wrong"),
        ({"data": {"answer": "a", "details": [1]}}, "field-wrong"),
        ({"data": {"answer": "a", "changes": "x"}}, "field-wrong"),
    ],
)
def test_bytes_that_are_no_event_are_refused(change: dict, code: str):
    plain = json.loads(kept(event(FULL))) | change
    found = from_bytes(json.dumps(plain).encode(), 0, Sealed())
    assert isinstance(found, Refusal)
    assert found.code == code
