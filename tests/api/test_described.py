"""The description is true: whatever it allows is answered as it says, and nothing ends in a defect."""

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sayso.api.app import ROUTES
from sayso.api.described import openapi
from tests.api.doors import SLUG, Door
from tests.record.workspaces import workspace

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_description_is_served_and_names_every_route_with_its_right(door: Door):
    told = door.get("/v1/openapi.json")
    assert told.status_code == 200
    plain = told.json()
    assert plain == openapi(ROUTES)
    named = {(m.upper(), path) for path, methods in plain["paths"].items() for m in methods}
    assert named == {(r.method, r.path) for r in ROUTES}
    for route in ROUTES:
        operation = plain["paths"][route.path][route.method.lower()]
        assert operation.get("x-sayso-right") == route.permission.right
        if not route.permission.public:
            for status in ("400", "401", "403", "429", "503"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"]


def _asked(door: Door, case: schemathesis.Case) -> httpx.Response | None:
    """Send what was made up; None where no client could send it."""
    kwargs = case.as_transport_kwargs(base_url="http://127.0.0.1:8080")
    try:
        made = requests.Request(**kwargs).prepare()
    except (ValueError, requests.RequestException):
        return None
    headers = {
        name: value if isinstance(value, bytes) else value.encode("utf-8")
        for name, value in made.headers.items()
        if name.lower() not in ("host", "content-length")
    }
    content = made.body.encode() if isinstance(made.body, str) else made.body
    assert made.method is not None
    assert made.url is not None
    return door.ask(made.method, made.url, headers=headers, content=content)  # pyright: ignore[reportArgumentType]


def _near(description: dict[str, Any]) -> dict[str, Any]:
    """The description with a few real names in it, so that what is made up hits something."""
    real: dict[str, list[object]] = {
        "decision": [SLUG, SLUG, SLUG, "no-such"],
        "case": ["visit-1", "visit-2", "é"],
        "charter_version": [3, 3, 3, 2],
        "at": ["2026-11-24T09:00:00Z", "2026-11-24T08:00:00+00:00"],
        "answer": ["bring", "leave", "other", 4],
    }
    near = copy.deepcopy(description)
    for methods in near["paths"].values():
        for operation in methods.values():
            for part in operation.get("parameters", ()):
                if part["name"] in real:
                    part["schema"] = {"enum": real[part["name"]]}
                if part["name"] == "slug":
                    part["schema"] = {"enum": [SLUG, "no-such"]}
            content = operation.get("requestBody", {}).get("content", {})
            for media in content.values():
                asked = media["schema"]["properties"]
                for one in (asked, asked.get("writes", {}).get("items", {}).get("properties", {})):
                    one |= {name: {"enum": found} for name, found in real.items() if name in one}
    return near


def _try_everything(folder: Path, many: int) -> int:
    """Ask what the description allows, and as much that it does not."""
    asked = 0
    with Door(folder) as door:
        door.does("visit-1", "open", "advice", "choice", "outcome")
        schema = schemathesis.openapi.from_dict(_near(openapi(ROUTES)))
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if mode is GenerationMode.NEGATIVE and not (
                    operation.body or operation.query or operation.path_parameters
                ):
                    continue

                @settings(
                    max_examples=many,
                    deadline=None,
                    database=None,
                    derandomize=True,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(generation_mode=mode))
                def attack(case: schemathesis.Case) -> None:
                    nonlocal asked
                    answer = _asked(door, case)
                    if answer is not None:
                        asked += 1
                        case.validate_response(answer, checks=CHECKS)

                # A part that may be any text cannot be made wrong.
                with suppress(Unsatisfiable):
                    attack()
        assert door.write("open", "after-all").status_code == 201
        assert door.get(f"/v1/case?decision={SLUG}&case=visit-1").status_code == 200
    return asked


def test_nothing_that_is_asked_ends_in_a_defect_or_in_what_the_description_does_not_say(tmp_path):
    assert _try_everything(workspace(tmp_path), 2) > 80


@pytest.mark.deep
def test_nothing_of_a_great_deal_ends_in_a_defect(tmp_path):
    assert _try_everything(workspace(tmp_path), 200) > 5_000
