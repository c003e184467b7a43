"""The log says what happened, and none of the secrets, names and texts that went through the server."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sayso.workspace.logging_lines import JsonLines, said, start_log
from sayso.workspace.logging_requests import Logged
from sayso.workspace.tokens import make_token
from tests.api.doors import Door
from tests.deploy.servers import opening, serving
from tests.record.workspaces import workspace

SECRETS = ("case-Umbrella", "Magnus Vik", "He cried on the phone", "four words nobody says")
# A case is asked for, and the server fails over it in words that quote it.
FAILING = """
import sayso.workspace.api_office as o
def case(self, login, decision, case):
    raise KeyError(f"no {case} of Magnus Vik: He cried on the phone")
o.Office.case = case
"""
PLAIN = "import logging, sayso.workspace.logging_lines as l; l.start_log = lambda log: logging.basicConfig(level=20)"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged; everything is put back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("sayso")
    before = root.handlers, root.level, ours.level, sys.excepthook, threading.excepthook
    out = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        start_log("requests", out)
        yield out
        logging.captureWarnings(False)
    root.handlers, sys.excepthook, threading.excepthook = before[0], before[3], before[4]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def read(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_error_is_logged_by_its_type_and_its_place_never_by_its_words(lines: io.StringIO):
    def fails() -> None:
        try:
            raise ValueError("Magnus Vik")
        except ValueError as error:
            raise KeyError("case-Umbrella") from error

    try:
        fails()
    except KeyError:
        logging.getLogger("sayso.api").exception("A request failed.")
    (line,) = read(lines)
    assert (line["error"], line["cause"], line["level"]) == ("KeyError", "ValueError", "error")
    assert line["says"] == "A request failed."
    assert str(line["frames"]).count(" fails") == 1
    assert not any(secret in lines.getvalue() for secret in SECRETS)
    assert str(Path.home()) not in lines.getvalue()


def test_other_libraries_are_logged_by_where_they_spoke(lines: io.StringIO):
    logging.getLogger("uvicorn.error").error("Invalid request of %s", "Magnus Vik")
    logging.getLogger("asyncio").error("Task got case-Umbrella")
    warnings.warn("case-Umbrella is old", stacklevel=1)
    assert [line["from"] for line in read(lines)] == ["uvicorn.error", "asyncio", "py.warnings"]
    assert not any(secret in lines.getvalue() for secret in SECRETS)


def test_only_words_of_a_fixed_form_get_into_a_field(lines: io.StringIO):
    said("x", logging.WARNING, "Said.", {"route": "/v1/cases", "why": "He cried on the phone"})
    logging.getLogger("sayso.x").warning("Said of %s.", "Magnus Vik")
    first, second = read(lines)
    assert first["route"] == "/v1/cases"
    assert "why" not in first
    assert "says" not in second


def test_an_error_that_nobody_caught_is_logged_without_its_words(lines: io.StringIO):
    def fails() -> None:
        raise ValueError("Magnus Vik")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    (line,) = read(lines)
    assert (line["error"], line["level"]) == ("ValueError", "critical")
    assert "Magnus" not in lines.getvalue()


def test_a_request_is_logged_by_the_form_of_its_address(tmp_path: Path, lines: io.StringIO):
    with Door(workspace(tmp_path)) as door:
        door.app = Logged(door.app)  # pyright: ignore[reportAttributeAccessIssue] - an app is an app
        door.does("case-Umbrella", "open")
        door.get("/v1/case?decision=first-visit-part&case=case-Umbrella")
        door.get("/v1/decisions/first-visit-part/charter")
        door.get("/v1/no-such/case-Umbrella")
        door.ask("BREW", "/v1/cases")
    found = [(line["method"], line["route"], line["status"]) for line in read(lines)]
    assert found == [
        ("POST", "/v1/cases", 201),
        ("GET", "/v1/case", 200),
        ("GET", "/v1/decisions/{slug}/charter", 200),
        ("GET", "none", 404),
        ("other", "none", 405),
    ]
    assert "Umbrella" not in lines.getvalue()


def test_a_log_of_trouble_holds_no_requests(lines: io.StringIO):
    logging.getLogger().handlers[0].setFormatter(JsonLines())
    start_log("trouble", lines)
    said("requests", logging.INFO, "A request was answered.")
    assert lines.getvalue() == ""


def leaked(folder: Path, seeded: str) -> tuple[list[str], str]:
    """Run a server that meets every secret and fails over some; which of them its log holds."""
    (folder / "key").write_text(SECRETS[3], "utf-8")
    token = make_token(
        folder,
        "human:Magnus Vik",
        decisions=["*"],
        verbs=["*"],
        now=datetime.now(UTC),
    ).text
    flags = ("--access-key-file", str(folder / "key"), "--log", "requests")
    with serving(folder, *flags, seeded=seeded) as run:
        with httpx.Client(
            base_url=run.address,
            trust_env=False,
            headers={"authorization": f"Bearer {token}"},
        ) as http:
            body = opening("case-Umbrella", inputs={"fault_code": "He cried on the phone"})
            assert http.post("/v1/cases", json=body).status_code == 201
            asked = "/v1/case?decision=first-visit-part&case=case-Umbrella"
            assert http.get(asked).status_code == 500
            http.get("/r/a-link-that-nobody-else-has")
            http.post("/key", data={"key": SECRETS[3]})
            http.post("/v1/cases", content=b"{He cried on the phone")
            http.get("/v1/me", headers={"authorization": f"Bearer {token}x"})
        assert run.stop() == 0
    log = "".join(run.errors)
    names = (*SECRETS, token, "a-link-that-nobody-else-has", token.rpartition("_")[2])
    return [name for name in names if name in log], log


@pytest.mark.deep
def test_a_run_that_meets_every_secret_leaves_none_of_them_in_the_log(tmp_path: Path):
    found, log = leaked(workspace(tmp_path / "w"), FAILING)
    assert found == []
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["error"] for line in lines if "error" in line] == ["KeyError"]
    routes = {line["route"] for line in lines if "route" in line}
    assert {"/v1/cases", "/v1/case", "/r/{token}"} <= routes
    assert lines[0]["says"] == "The server starts."
    assert lines[-1]["says"] == "The server has stopped."


@pytest.mark.deep
def test_a_log_that_writes_what_it_is_given_is_found_out(tmp_path: Path):
    assert "case-Umbrella" in leaked(workspace(tmp_path / "w"), FAILING + PLAIN)[0]
