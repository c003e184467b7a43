"""A server whose database dies, whose disk is full, whose clock jumps: nothing that was answered is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from sayso.adapters.store_sequencer import Sequencer
from tests.deploy.faults import clock_steps, disk_full, postgres_killed, server_killed
from tests.deploy.schemas import postgres
from tests.record.test_faults_postgres import Server

# Mistakes: not waiting for the disk, whatever the database's own setting; calling it ready unseen.
LAZY = """
import sayso.adapters.store_postgres as s
s._in_turn = lambda connection: connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
"""
BELIEVING = """
import sayso.workspace.metrics_ready as m
m.Readiness._look = lambda self: not self._store().head().frozen
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with postgres() as made:
        if made is None:
            pytest.skip("PostgreSQL is not installed, so killing it is not tried here")
        yield made


@pytest.mark.deep
def test_a_server_outlives_its_database_and_loses_nothing_it_answered(
    server: Server, tmp_path: Path
):
    found = postgres_killed(tmp_path / "w", server, 6)
    assert (found.lost, found.twice, found.strange) == (0, 0, 0)
    assert found.noticed == found.times
    assert found.answered > 200


@pytest.mark.deep
def test_a_server_that_does_not_wait_for_the_database_is_found_out(server: Server, tmp_path: Path):
    assert postgres_killed(tmp_path / "w", server, 6, LAZY).lost > 0


@pytest.mark.deep
def test_a_full_disk_is_said_reading_goes_on_and_so_does_writing_once_there_is_room(
    tmp_path: Path,
):
    found = disk_full(tmp_path / "w", 4)
    assert (found.lost, found.twice, found.strange) == (0, 0, 0)
    assert found.noticed == found.times


@pytest.mark.deep
def test_a_server_that_calls_itself_ready_unseen_is_found_out(tmp_path: Path):
    assert disk_full(tmp_path / "w", 1, BELIEVING).noticed == 0


@pytest.mark.deep
def test_a_server_that_is_killed_loses_neither_answers_nor_what_it_had_to_tell(tmp_path: Path):
    found, untold = server_killed(tmp_path / "w", 5)
    assert (found.lost, found.twice) == (0, 0)
    assert untold == set()
    assert found.answered > 100


def never_back(moments: list[datetime]) -> bool:
    return all(before <= after for before, after in pairwise(moments))


def test_under_a_clock_that_jumps_the_record_never_goes_back_in_time(tmp_path: Path):
    assert clock_steps(tmp_path / "w", 60, never_back)


def test_a_record_that_believes_its_clock_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real = Sequencer._stand

    def forgetful(self: Sequencer, connection: object):
        standing, frozen, _ = real(self, connection)  # pyright: ignore[reportArgumentType]
        return standing, frozen, None

    monkeypatch.setattr(Sequencer, "_stand", forgetful)
    assert not clock_steps(tmp_path / "w", 60, never_back)
