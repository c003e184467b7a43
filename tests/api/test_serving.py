"""``sayso serve`` with programs: one server for pages, programs and agents, and a quiet end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sayso.cli.serve import application
from sayso.workspace.api_office import Office
from sayso.workspace.record_opening import open_record
from sayso.workspace.record_place import RecordPlace
from tests.api.doors import SLUG, Door, code, write
from tests.record.workspaces import workspace


class Whole(Door):
    """Everything that one server serves."""

    def __init__(self, folder: Path, access_key: str | None = None) -> None:
        super().__init__(folder, public=access_key is not None)
        self.app = application(self.office, access_key=access_key)


def test_pages_and_programs_are_served_side_by_side(tmp_path):
    with Whole(workspace(tmp_path)) as door:
        page = door.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert door.write("open").status_code == 201
        assert code(door.get("/v1/none")) == "not-found"
        assert door.get("/v1x").headers["content-type"].startswith("text/html")
        assert door.get("/healthz").text == "ok\n"


def test_the_key_of_the_pages_opens_nothing_for_programs(tmp_path):
    key = "four words nobody says"
    with Whole(workspace(tmp_path), access_key=key) as door:
        for headers in ({}, {"cookie": "sayso_key=x"}, {"authorization": f"Bearer {key}"}):
            assert door.get("/v1/me", headers=headers).status_code == 401
        assert door.get("/v1/me", door.token()).status_code == 200
        assert door.get("/", door.token()).status_code in (303, 401)


def test_agents_are_let_in_by_their_token_alone(tmp_path):
    with Whole(workspace(tmp_path)) as door:
        assert door.post("/mcp", {}).status_code == 401


def test_an_office_that_was_closed_takes_nothing_more(tmp_path):
    office = Office(workspace(tmp_path))
    login = office.login(None, local=True)
    plain = {**write("open"), "at": "2026-01-01T00:00:00Z"}
    office.write(login, "open", plain)
    office.close()
    office.close()
    with pytest.raises(Exception, match="ending"):
        office.write(login, "open", {**plain, "case": "b"})


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_records_and_ends_quietly_with_everything_on_disk(end, tmp_path):
    folder = workspace(tmp_path)
    child = subprocess.Popen(
        [str(Path(sys.executable).with_name("sayso")), "serve", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert child.stdout is not None
        lines = iter(child.stdout.readline, "")
        address = next(line.strip() for line in lines if "http://" in line)
        plain = {**write("open"), "at": "2026-01-01T00:00:00Z"}
        answer = httpx.post(f"{address}v1/cases", json=plain, timeout=60)
        assert answer.status_code == 201, answer.text
        child.send_signal(end)
        rest, errors = child.communicate(timeout=60)
    finally:
        child.kill()
    assert (child.returncode, errors) == (0, "")
    assert "Stopped." in rest
    assert RecordPlace(folder).read_seen() is not None
    with open_record(folder, make=False) as record:
        assert record.case(SLUG, "visit-1").case == "visit-1"


def test_a_seed_that_is_out_of_use_is_not_told_while_cases_are_open_under_it(door: Door):
    door.does("a", "open")
    door.office.record.rotate_seed()
    kinds = [e["kind"] for e in door.get("/v1/events").json()["events"]]
    assert "seed.committed" in kinds
    assert "seed.revealed" not in kinds


def test_while_one_table_is_made_the_next_is_told_to_wait(door: Door):
    from sayso.workspace import api_tables

    door.does("a", "open", "choice")
    with api_tables._alone():
        answer = door.get(f"/v1/export?decision={SLUG}")
    assert (answer.status_code, code(answer)) == (429, "too-many-requests")
    assert int(answer.headers["retry-after"]) > 0
    assert door.get(f"/v1/export?decision={SLUG}").status_code == 200
