"""The pages say what the door does: every route, every verb, every status, every example."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sayso.api.app import ROUTES
from sayso.api.limits import A_SECOND, AT_ONCE
from sayso.api.problem import STATUS, STATUS_OF_REFUSALS
from sayso.record.asked import VERBS
from sayso.workspace.api_capture import MINUTES, MOST_MINUTES, OF_PAGES
from sayso.workspace.api_rights import OF_AGENTS, OF_PROGRAMS
from tests.api.doors import Door
from tests.record.workspaces import CHARTER, workspace

DOCS = Path(__file__).parents[2] / "docs"
REST = (DOCS / "reference" / "rest.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "record-over-http.md").read_text("utf-8")
# No first view and nothing withheld, so that the examples lead where they say.
PLAIN = CHARTER.replace("prior: {sample: 0.5}", "prior: {sample: 0.0}")


def part(title: str) -> str:
    return REST.split(f"\n## {title}\n")[1].split("\n## ")[0]


def words(text: str) -> set[str]:
    return set(re.findall(r"`([a-z][a-z-]*)`", text))


def test_every_route_is_listed_with_what_it_needs_and_does():
    rows = re.findall(
        r"^\| `(\w+) ([^`]+)` \| ([^|]+) \| ([^|]+) \|$", part("Routes"), re.MULTILINE
    )
    listed = {(method, path): (needs.strip("` "), does) for method, path, needs, does in rows}
    told = {
        (r.method, r.path): (
            "nothing" if r.permission.public else r.permission.right or "any token",
            r.says,
        )
        for r in ROUTES
    }
    assert listed == told


def test_every_verb_of_a_batch_is_named():
    assert set(VERBS) <= words(part("Many at once"))


def test_what_agents_programs_and_pages_may_is_what_the_page_says():
    rows = dict(re.findall(r"^\| (`(?:agent|service)[^|]*?) \| (.*) \|$", REST, re.MULTILINE))
    of_agents = words(rows["`agent:NAME`, for a person"])
    assert of_agents == OF_AGENTS
    alone = words(rows["`service:NAME`, for nobody"])
    assert alone == {r for r in OF_PROGRAMS if r in VERBS}
    assert set(OF_PAGES) <= words(part("Pages of the host"))
    assert f"1 to {MOST_MINUTES} and {MINUTES} if not said" in part("Pages of the host")


def test_every_status_is_explained():
    listed = {int(s) for s in re.findall(r"^\| (\d{3}) \|", part("Errors"), re.MULTILINE)}
    assert listed == {*STATUS.values(), *STATUS_OF_REFUSALS.values(), 405, 500}


def test_the_limits_are_those_of_the_code():
    text = part("Limits").replace(",", "")
    assert f"{AT_ONCE:.0f}" in text
    assert f"{A_SECOND:.0f}" in text
    costs = {route.path: route.cost for route in ROUTES}
    assert f"a page of events {costs['/v1/events']:.0f}" in text
    assert f"{costs['/v1/figures']:.0f}" in text
    assert costs["/v1/figures"] == costs["/v1/export"]


def within(said: Any, told: Any) -> bool:
    """Whether everything an example says is in what was told."""
    if isinstance(said, dict):
        return isinstance(told, dict) and all(
            k in told and within(v, told[k]) for k, v in said.items()
        )  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(said, list):
        return len(said) == len(told) and all(map(within, said, told))  # pyright: ignore[reportUnknownArgumentType]
    return said == told


def test_every_example_of_the_reference_is_answered_as_it_says(tmp_path: Path):
    examples = re.findall(r"```\n(GET|POST) (\S+)\n(.*?)\n?\n(\d{3})\n(.*?)\n```", REST, re.DOTALL)
    assert len(examples) == REST.count("```") // 2
    with Door(workspace(tmp_path, PLAIN)) as door:
        for method, path, sent, status, said in examples:
            options = {"json": json.loads(sent)} if sent.strip() else {}
            told = door.ask(method, path, **options)
            assert told.status_code == int(status), (path, told.text)
            assert within(json.loads(said), told.json()), (path, told.text)


def test_the_how_to_records_a_case(tmp_path: Path):
    calls = re.findall(
        r"curl -s http://127\.0\.0\.1:8080(\S+) -H '([^']+)' -d '(.*?)'", HOW_TO, re.DOTALL
    )
    assert len(calls) == 2
    with Door(workspace(tmp_path, PLAIN)) as door:
        for path, header, sent in calls:
            name, value = header.split(": ")
            told = door.ask("POST", path, content=sent.encode(), headers={name: value})
            assert told.status_code == 201, told.text
        assert told.json()["case"]["choice"] == "bring"


def test_the_token_of_the_how_to_can_be_made_and_does_what_it_has_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    import shlex

    from sayso.cli.main import run

    typed = re.search(r"^(sayso token make .*?)\n```", HOW_TO, re.MULTILINE | re.DOTALL)
    assert typed is not None
    monkeypatch.chdir(workspace(tmp_path, PLAIN))
    assert run(shlex.split(typed[1].replace("\\\n", " "))[1:]) == 0
    token = capsys.readouterr().out.splitlines()[0]
    with Door(tmp_path, public=True) as door:
        door.does("visit-1", "open", "advice", "ask-advice", token=token)
        assert door.write("choice", token=token, **{"for": "ann"}).status_code == 201
        assert door.write("contest", token=token).status_code == 403
