"""PostgreSQL killed and started again while it records: nothing that was answered is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from sayso.adapters.store_postgres import open_postgres
from sayso.domain.errors import SaysoError
from sayso.record.ports import Written
from sayso.testing.stores import Plain, SetClock, whole, write_of
from tests.adapters.test_postgres import programs, run

pytestmark = pytest.mark.deep
TIMES = 12


class Server:
    """A PostgreSQL of our own, with every safety on."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        run(folder / "initdb", "-D", home / "data", "-U", "ann", "--auth=trust", "-E", "UTF8")

    @property
    def url(self) -> str:
        return f"postgresql://ann@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c synchronous_commit=off"
        words = ["-D", self.home / "data", "-o", options, "-w", "-l", self.home / "log", "start"]
        run(self.folder / "pg_ctl", *words)

    def kill(self) -> None:
        pid = int((self.home / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGSTOP)  # so that it starts nothing more meanwhile
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        for one in (pid, *map(int, children)):
            while Path(f"/proc/{one}").exists() and "Z" not in _state(one):
                threading.Event().wait(0.02)
        (self.home / "data" / "postmaster.pid").unlink(missing_ok=True)


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"


@pytest.fixture
def server() -> Iterator[Server]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed, so killing it is not tried here")
    home = Path(tempfile.mkdtemp(prefix="sayso-pg-"))
    home.chmod(0o777)
    made = Server(home, folder)
    made.start()
    yield made
    made.kill()
    shutil.rmtree(home, ignore_errors=True)


def lost_after_kills(server: Server, times: int) -> tuple[int, int]:
    """Kill the server while we write; how many were answered, and how many of these are gone."""
    draws = random.Random(times)
    told: set[int] = set()
    number = 0
    for _ in range(times):
        store = open_postgres(server.url, SetClock(), Plain())
        stop = threading.Timer(draws.uniform(0.05, 0.6), server.kill)
        stop.start()
        with suppress(SaysoError):
            while True:
                assert isinstance(store.append(write_of(number, case=f"v{number % 5}")), Written)
                told.add(number)
                number += 1
        stop.join()
        with suppress(SaysoError):
            store.close()
        server.start()
    store = open_postgres(server.url, SetClock(), Plain())
    ids = {row.filed.id for row in store.kept(0, whole(store)) if row.filed is not None}
    store.close()
    return len(told), sum(write_of(n).id not in ids for n in told)


def test_a_server_that_is_killed_loses_nothing_that_was_answered(server: Server):
    answered, lost = lost_after_kills(server, TIMES)
    assert lost == 0
    assert answered > 100


def test_a_store_that_does_not_insist_on_waiting_is_found_out(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    """The server's own setting is not to wait; a store that leaves it so loses answers."""

    def lazily(connection) -> None:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")

    monkeypatch.setattr("sayso.adapters.store_postgres._in_turn", lazily)
    assert lost_after_kills(server, TIMES)[1] > 0


def test_several_writers_of_one_database_hand_out_places_without_gaps(server: Server):
    stores = [open_postgres(server.url, SetClock(), Plain()) for _ in range(3)]

    def write(place: int) -> None:
        for n in range(place * 1000, place * 1000 + 60):
            assert isinstance(stores[place].append(write_of(n, case=f"v{n % 4}")), Written)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert whole(stores[0]) == 180
    for store in stores:
        store.close()


def test_a_reader_that_follows_the_places_misses_nothing(server: Server):
    store = open_postgres(server.url, SetClock(), Plain())
    writers = [
        threading.Thread(
            target=lambda p=p: [store.append(write_of(p * 1000 + n)) for n in range(80)]
        )
        for p in range(4)
    ]
    for thread in writers:
        thread.start()
    seen: list[int] = []
    while len(seen) < 320:
        with psycopg.connect(server.url) as connection:
            rows = connection.execute(
                "SELECT place FROM records WHERE place >= %s ORDER BY place", (len(seen),)
            ).fetchall()
        seen += [row[0] for row in rows]
    for thread in writers:
        thread.join()
    assert seen == list(range(320))
    store.close()
