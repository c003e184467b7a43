"""Who is let in at the tools, and as whom."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from sayso.domain.errors import RecordRefused, TokenDead, TokenRefused, TokenUnknown
from sayso.mcp.calls import answered
from sayso.mcp.tools import BY_NAME
from sayso.record.terms import Actor, ActorKind
from sayso.workspace.api_office import Office
from sayso.workspace.desk_local import LocalDesk
from sayso.workspace.tokens import list_tokens, revoke_token
from tests.mcp.places import SLUG, Agent, code, place, token
from tests.record.workspaces import NOW, Hand


@pytest.fixture
def office(tmp_path: Path) -> Generator[Office]:
    made = Office(place(tmp_path / "w"), clock=Hand())
    yield made
    made.close()


@pytest.mark.feature("I3")
def test_an_agent_that_acts_for_nobody_gets_no_token(office: Office):
    with pytest.raises(TokenRefused, match="acts for nobody"):
        token(office.folder, acting_for=None)


class Nobody:
    """A desk behind whose token stands somebody that no token is made for."""

    def __init__(self, actor: Actor) -> None:
        self.said = actor

    def actor(self) -> Actor:
        return self.said

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was reached")


@pytest.mark.parametrize("tool", BY_NAME)
def test_an_agent_for_nobody_reaches_no_tool(tool: str):
    desk = Nobody(Actor(ActorKind.AGENT, "helper"))
    with pytest.raises(RecordRefused, match="agent-for-nobody"):
        answered(desk, BY_NAME[tool], {})  # pyright: ignore[reportArgumentType]


@pytest.mark.feature("I3")
@pytest.mark.parametrize("actor", ["human:Ann", "service:host"])
def test_an_agent_cannot_use_the_token_of_a_person_or_a_program(office: Office, actor: str):
    text = token(office.folder, actor, acting_for=None)
    for name in ("list_decisions", "open_case"):
        assert code(Agent(office, text).calls(name)) == "not-yours-to-decide"


def test_a_revoked_token_is_refused_in_the_next_call(office: Office):
    text = token(office.folder)
    desk = LocalDesk(office, text)
    answered(desk, BY_NAME["list_decisions"], {})
    revoke_token(office.folder, list_tokens(office.folder)[0].id, NOW)
    with pytest.raises(TokenDead):
        answered(desk, BY_NAME["list_decisions"], {})


def test_a_made_up_token_opens_no_desk(office: Office):
    with pytest.raises(TokenUnknown):
        LocalDesk(office, "sayso_000000000000_" + "x" * 43)


def test_another_decision_is_refused_alike_whether_or_not_there_is_one(office: Office):
    other = (office.folder / "charters" / f"{SLUG}.yaml").read_text("utf-8")
    (office.folder / "charters" / "hidden.yaml").write_text(other.replace(SLUG, "hidden"), "utf-8")
    agent = Agent(office, token(office.folder))
    listed = agent.calls("list_decisions")["decisions"]
    assert [one["slug"] for one in listed] == [SLUG]
    for name in ("read_charter", "read_case", "open_case", "may_i_decide_alone"):
        fields = {"case": "c-1"} if "case" in name else {}
        fields |= {"charter_version": 3} if name == "open_case" else {}
        fields |= {"inputs": {}} if name.startswith("may") else {}
        there = agent.calls(name, decision="hidden", **fields)
        nowhere = agent.calls(name, decision="nowhere", **fields)
        assert code(there) == "not-allowed"
        assert str(there) == str(nowhere)


@pytest.mark.parametrize(
    ("verbs", "name", "fields"),
    [
        (("open",), "read_case", {"case": "c-1"}),
        (("read",), "open_case", {"case": "c-1", "charter_version": 3}),
        (
            ("read", "open", "advice"),
            "record_choice",
            {"case": "c-1", "charter_version": 3, "answer": "bring"},
        ),
    ],
)
def test_a_token_does_no_more_than_it_was_made_for(
    office: Office, verbs: tuple[str, ...], name: str, fields: dict[str, object]
):
    agent = Agent(office, token(office.folder, verbs=verbs))
    assert code(agent.calls(name, decision=SLUG, **fields)) == "not-allowed"


def test_an_agent_of_somebody_who_does_not_decide_does_not_choose(office: Office):
    stranger = Agent(office, token(office.folder, acting_for="Zoe"))
    stranger.does("open_case", inputs={"fault_code": "E-12"})
    assert code(stranger.does("record_choice", answer="bring")) == "not-allowed"
    assert "error" not in stranger.does("contest", target="charter", text="Nobody asked us.")
