"""Whatever an agent sends, it is answered or refused by a code of ours."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.mcp.server import result_of
from sayso.mcp.tools import BY_NAME, TOOLS, Field, Tool
from sayso.workspace.api_office import Office
from sayso.workspace.desk_local import LocalDesk
from tests.mcp.places import SLUG, Agent, place, token
from tests.record.workspaces import Hand

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "decision": st.just(SLUG) | st.just("nowhere"),
    "case": st.sampled_from(["c-1", "c-2", "c\u200b", "x" * 201]),
    "charter_version": st.just(3) | st.integers(1, 5),
    "version": st.just(3) | st.integers(1, 10**18),
    "answer": st.sampled_from(["bring", "leave", "other", 7, float("inf")]),
    "inputs": st.dictionaries(st.sampled_from(["fault_code", "stock_low", "x"]), anything),
    "target": st.sampled_from(["choice", "advice", "charter", "x"]),
    "outcome": st.booleans() | st.text(max_size=5),
    "text": st.text(max_size=30),
}


def sent(tool: Tool) -> st.SearchStrategy[dict[str, Any]]:
    def of(field: Field) -> st.SearchStrategy[Any]:
        fits = FITTING.get(field.name, anything)
        # Mostly what fits, so that more than the first field is looked at.
        return st.one_of(fits, fits, fits, anything)

    needed = {field.name: of(field) for field in tool.fields if field.needed}
    others = {field.name: of(field) for field in tool.fields if not field.needed}
    return st.fixed_dictionaries(needed, optional={**others, "strange": anything})


calls = st.sampled_from(TOOLS).flatmap(
    lambda tool: st.tuples(st.just(tool.name), sent(tool) | st.dictionaries(st.text(), anything))
)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Generator[Agent]:
    office = Office(place(tmp_path_factory.mktemp("any") / "w"), clock=Hand())
    yield Agent(office, token(office.folder))
    office.close()


def check(agent: Agent, name: str, fields: dict[str, Any]) -> None:
    plain = result_of(LocalDesk(agent.office, agent.text), BY_NAME[name], fields).structured_content
    assert plain.get("error", {}).get("code") != "unexpected", (name, fields)
    json.dumps(plain, allow_nan=False, ensure_ascii=False).encode()


slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(calls)
@settings(max_examples=150, deadline=None, suppress_health_check=slow)
def test_any_call_is_answered_or_refused_by_a_code(agent: Agent, call: tuple[str, dict[str, Any]]):
    check(agent, *call)


@pytest.mark.deep
@given(calls)
@settings(max_examples=5000, deadline=None, suppress_health_check=slow)
def test_any_of_many_calls_is_answered_or_refused(agent: Agent, call: tuple[str, dict[str, Any]]):
    check(agent, *call)
