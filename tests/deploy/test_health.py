"""Whether it takes writes, proved by one; and figures that say nothing of a case."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sayso.domain.errors import RecordUnwritable
from sayso.workspace.metrics import Meter, family
from sayso.workspace.metrics_ready import GOOD_FOR, PATIENCE, Readiness
from tests.api.doors import Door, new_id
from tests.record.workspaces import workspace


class Disk:
    """A store whose disk takes writes, or does not, or hangs."""

    def __init__(self) -> None:
        self.writes, self.full, self.hangs = 0, False, False
        self.hanging, self.free = threading.Event(), threading.Event()
        self.at = 100.0

    def head(self) -> Any:
        return SimpleNamespace(frozen=False)

    def set_meta(self, name: str, value: str) -> None:
        self.writes += 1
        if self.hangs:
            self.hanging.set()
            assert self.free.wait(20)
        if self.full:
            raise RecordUnwritable("No space is left.", hint="Make room.")


@pytest.fixture
def disk() -> Disk:
    return Disk()


def looked_at(disk: Disk) -> Readiness:
    return Readiness(lambda: disk, seconds=lambda: disk.at)  # pyright: ignore[reportArgumentType]


def test_a_server_is_ready_when_a_write_reaches_the_disk(disk: Disk):
    ready = looked_at(disk)
    assert ready.is_ready()
    disk.full, disk.at = True, disk.at + GOOD_FOR
    assert not ready.is_ready()
    disk.full, disk.at = False, disk.at + GOOD_FOR
    assert ready.is_ready()


def test_asking_often_writes_once(disk: Disk):
    ready = looked_at(disk)
    assert [ready.is_ready() for _ in range(50)] == [True] * 50
    assert disk.writes == 1


def test_a_disk_that_hangs_holds_one_thread_and_is_not_called_ready_for_long(disk: Disk):
    ready = looked_at(disk)
    assert ready.is_ready()
    disk.hangs, disk.at = True, disk.at + GOOD_FOR
    first = threading.Thread(target=ready.is_ready)
    first.start()
    assert disk.hanging.wait(20)
    assert ready.is_ready()
    disk.at += PATIENCE
    assert not ready.is_ready()
    assert disk.writes == 2
    disk.free.set()
    first.join()


def test_a_workspace_without_a_record_is_ready_and_gets_none_by_being_asked(tmp_path: Path):
    with Door(workspace(tmp_path)) as door:
        assert door.get("/readyz").json() == {"ready": True}
        assert not (tmp_path / "record").exists()


def test_a_record_that_cannot_be_opened_is_not_ready_and_says_no_more(tmp_path: Path):
    folder = workspace(tmp_path)
    (folder / "record").mkdir()
    (folder / "record" / "record.db").write_bytes(b"no database, but case-Umbrella" * 200)
    with Door(folder) as door:
        answer = door.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False})
        assert door.get("/healthz").status_code == 200
        assert "sayso_up 0\n" in door.get("/metrics").text


def test_commands_are_counted_by_verb_and_by_what_came_of_them(door: Door):
    body = {
        "id": new_id(),
        "decision": "first-visit-part",
        "charter_version": 3,
        "case": "case-Umbrella",
        "at": "2026-11-24T09:00:00Z",
    }
    assert [door.post("/v1/cases", body).status_code for _ in range(2)] == [201, 200]
    door.write("open", "case-Umbrella")
    door.write("choice", "never-opened")
    door.post("/v1/batch", {"writes": [{"verb": "He cried"}, {"verb": "choice"}]})
    text = door.get("/metrics").text
    found = re.findall(r'sayso_commands_total\{verb="(\S+)",result="(\S+)"\} (\d+)', text)
    assert {(v, r): int(n) for v, r, n in found} == {
        ("open", "recorded"): 1,
        ("open", "again"): 1,
        ("open", "case-twice"): 1,
        ("choice", "case-not-opened"): 1,
        ("choice", "field-missing"): 1,
        ("unknown", "kind-unknown"): 1,
    }
    size = door.size()
    assert f"sayso_record_events {size}\n" in text
    assert "sayso_queue_length 0\n" in text
    assert "sayso_up 1\n" in text
    assert int(re.findall(r"\nsayso_record_bytes (\d+)", text)[0]) > 50_000
    for secret in ("Umbrella", "cried", "first-visit", "never-opened", "ann"):
        assert secret not in text


def test_every_line_is_in_the_text_format(door: Door):
    door.does("visit-1", "open", "choice")
    shape = re.compile(
        r"# (HELP|TYPE) sayso_\w+ .+|sayso_\w+(\{\w+=\"[^\"\\]*\"(,\w+=\"[^\"\\]*\")*\})? [0-9.e+]+"
    )
    lines = door.get("/metrics").text.splitlines()
    assert [line for line in lines if shape.fullmatch(line) is None] == []
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_a_large_figure_is_written_whole():
    assert "x 12345678\n" in family("x", "gauge", "Many.", {"": 12_345_678})


def test_counting_from_many_threads_loses_none():
    meter = Meter()
    threads = [
        threading.Thread(target=lambda: [meter.count("open", "recorded") for _ in range(2_000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 'verb="open",result="recorded"} 8000' in meter.text()


def test_figures_are_for_this_computer_or_a_token_that_may_read(tmp_path: Path):
    with Door(workspace(tmp_path), public=True) as outside:
        assert outside.get("/metrics").status_code == 401
        assert outside.get("/metrics", outside.token(verbs=["choice"])).status_code == 403
        assert outside.get("/metrics", outside.token(verbs=["read"])).status_code == 200
        assert outside.get("/healthz").status_code == 200
        assert outside.get("/readyz").json() == {"ready": True}
