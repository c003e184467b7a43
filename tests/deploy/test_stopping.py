"""SIGTERM: what was accepted is finished and on disk, nothing new is taken, and the exit code is 0."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.deploy.servers import Load, Run, on_record, opening, serving
from tests.record.workspaces import workspace

# Mistakes: the end of the process is left to the signal; answers come before anything is stored.
NOT_CAUGHT = (
    "import contextlib, sayso.workspace.serve as s; s._told_to_stop = contextlib.nullcontext"
)
TOO_EARLY = """
import concurrent.futures, datetime
import sayso.adapters.store_sql as s
from sayso.record.ports import Written
real = s.SqlStore.submit_all
kept = []
def submit_all(self, writes):
    if len(self.events(0, 3)) < 2:
        return real(self, writes)
    done = concurrent.futures.Future()
    kept.append(writes)
    state = self.state_of("first-visit-part", "the-first")
    now = datetime.datetime.now(datetime.UTC)
    done.set_result([Written(1, 1, now, False, state) for _ in writes])
    return done
s.SqlStore.submit_all = submit_all
"""


def half_sent(run: Run) -> tuple[socket.socket, str, bytes]:
    """A request of which the server has only the first half, its id, and the other half."""
    parts, body = urlsplit(run.address), opening()
    content = json.dumps(body).encode()
    head = (
        f"POST /v1/cases HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    assert parts.hostname is not None
    made = socket.create_connection((parts.hostname, parts.port or 0), timeout=60)
    made.sendall(head.encode() + content[:20])
    return made, body["id"], content[20:]


def lost_at_the_end(folder: Path, seeded: str = "") -> tuple[int, int, int]:
    """Stop a server under load: its exit code, how many were answered, how many of these are gone."""
    with serving(folder, seeded=seeded) as run:
        first = httpx.post(f"{run.address}/v1/cases", json=opening("the-first"), trust_env=False)
        assert first.status_code == 201, first.text
        load = Load(run.address).start(4)
        load.wait_for(60)
        code = run.stop()
        load.end()
    return code, len(load.answered), len(load.answered - set(on_record(folder)))


@pytest.mark.deep
def test_a_server_that_is_told_to_stop_under_load_loses_nothing_it_answered(tmp_path: Path):
    code, answered, lost = lost_at_the_end(workspace(tmp_path / "w"))
    assert code == 0
    assert answered >= 60
    assert lost == 0


@pytest.mark.deep
def test_an_end_that_is_left_to_the_signal_is_found_out(tmp_path: Path):
    assert lost_at_the_end(workspace(tmp_path / "w"), NOT_CAUGHT)[0] == -signal.SIGTERM


@pytest.mark.deep
def test_a_server_that_answers_before_anything_is_stored_is_found_out(tmp_path: Path):
    assert lost_at_the_end(workspace(tmp_path / "w"), TOO_EARLY)[2] > 0


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.deep)]
)
def test_a_request_that_has_begun_is_answered_and_new_ones_are_not_taken(
    tmp_path: Path, number: int
):
    folder = workspace(tmp_path / "w")
    with serving(folder) as run:
        parts = urlsplit(run.address)
        begun, name, rest = half_sent(run)
        # The server has read the first half once it answers somebody who came later.
        httpx.get(f"{run.address}/healthz", trust_env=False)
        run.process.send_signal(number)
        refused = False
        while not refused:
            try:
                assert parts.hostname is not None
                socket.create_connection((parts.hostname, parts.port or 0), timeout=5).close()
            except ConnectionRefusedError:
                refused = True
        assert run.process.poll() is None
        begun.sendall(rest)
        answer = begun.recv(65536)
        begun.close()
        assert run.process.wait(60) == 0
    assert b" 201 " in answer.split(b"\r\n")[0]
    assert name in on_record(folder)
    assert "Stopped." in "".join(run.said)
    assert run.errors == []


@pytest.mark.deep
def test_who_never_ends_does_not_keep_the_server_for_ever(tmp_path: Path):
    folder = workspace(tmp_path / "w")
    with serving(folder, "--stop-seconds", "1") as run:
        begun, name, _ = half_sent(run)
        httpx.get(f"{run.address}/healthz", trust_env=False)
        assert run.stop() == 0
        begun.close()
    assert name not in on_record(folder)
