"""Programs that are killed with kill -9 while they record and send: nothing kept is lost."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import pytest

import sayso
from sayso.sdk.waiting import counts_of
from tests.sdk import programs
from tests.sdk.servers import Served, serving


def kill(
    served: Served,
    spool: Path,
    start: int,
    wait: int,
    sync: Literal["write", "fsync"],
    *,
    sending: bool = False,
    buffered: bool = False,
) -> int:
    """Kill a program after some writes were told as kept; the last number that was told.

    Args:
        served: Where it sends to.
        spool: The folder of its spool.
        start: Its first number.
        wait: How many are told before.
        sync: How its spool is written.
        sending: Whether it is killed while the server is at one of its batches.
        buffered: A seeded bug.
    """
    arrived, killed = threading.Event(), threading.Event()

    def hold(writes: list[dict[str, Any]]) -> None:
        arrived.set()
        killed.wait(10)

    if sending:
        served.fault = hold
    mine, theirs = programs.pipe()
    process = programs.program(
        programs.record_for_ever, served.url, str(spool), start, theirs, sync, wait + 40, buffered
    )
    theirs.close()
    told = [mine.recv() for _ in range(wait)]
    if sending:
        assert arrived.wait(10)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    killed.set()
    served.fault = lambda writes: None
    while mine.poll():
        try:
            told.append(mine.recv())
        except EOFError:
            break
    mine.close()
    return told[-1]


def on_record(served: Served) -> Counter[int]:
    """How often each number is on record."""
    found: Counter[int] = Counter()
    for event in served.events():
        if event.data.KIND == "case.opened":
            found[int(event.case.removeprefix("c-")) * programs.PER_CASE] += 1
        if event.data.KIND == "signal.seen":
            found[int(event.data.source.removeprefix("n-"))] += 1
    return found


def kill_often(folder: Path, times: int, *, buffered: bool = False) -> tuple[set[int], int, int]:
    """Kill one program after the other, then send the rest; numbers lost, twice, and told."""
    draws, kept = random.Random(times), set[int]()
    with serving(folder / "workspace") as served:
        for trial in range(times):
            start, wait = trial * 1000, draws.choice([1, 3, 20, 60])
            last = kill(
                served,
                folder / "spool",
                start,
                wait,
                "fsync" if trial % 3 == 2 else "write",
                sending=trial % 2 == 1,
                buffered=buffered,
            )
            kept |= set(range(start, last + 1))
        with sayso.connect(served.url, spool=folder / "spool") as client:
            assert client.flush(60)
            assert client.refused() == []
        counts = counts_of(folder / "spool")
        assert counts.written == counts.sent
        assert counts.dropped == counts.damaged == 0
        found = on_record(served)
    return kept - set(found), sum(n > 1 for n in found.values()), len(kept)


@pytest.mark.feature("C4")
def test_a_program_that_is_killed_loses_nothing_that_was_kept(tmp_path: Path):
    lost, twice, told = kill_often(tmp_path, 4)
    assert (lost, twice) == (set(), 0)
    assert told > 0


@pytest.mark.deep
def test_a_program_that_is_killed_two_hundred_times_loses_nothing(tmp_path: Path):
    lost, twice, told = kill_often(tmp_path, 200)
    assert (lost, twice) == (set(), 0)
    assert told > 3000


def test_a_program_that_gathers_writes_in_memory_is_found_out(tmp_path: Path):
    lost, _, _ = kill_often(tmp_path, 1, buffered=True)
    assert lost


def test_programs_that_share_a_spool_send_everything_once(tmp_path: Path):
    with serving(tmp_path / "workspace") as served:
        running = [
            programs.program(programs.record_some, served.url, str(tmp_path / "spool"), name, 20)
            for name in ("a", "b", "c")
        ]
        for one in running:
            one.join()
            assert one.exitcode == 0
        with sayso.connect(served.url, spool=tmp_path / "spool") as client:
            assert client.flush(30)
            assert client.refused() == []
        kinds = Counter(event.data.KIND for event in served.events())
    assert (kinds["case.opened"], kinds["choice.made"]) == (60, 60)
    assert counts_of(tmp_path / "spool").sent == 120


def test_a_program_that_forks_records_in_both(tmp_path: Path):
    mine, theirs = programs.pipe()
    with serving(tmp_path / "workspace") as served:
        process = programs.program(
            programs.fork_and_record, served.url, str(tmp_path / "spool"), theirs
        )
        assert mine.recv() == (True, 0)
        process.join()
        for name in ("before", "parent", "child"):
            assert served.kinds(name).count("choice.made") == 1
    assert counts_of(tmp_path / "spool").written == 6
