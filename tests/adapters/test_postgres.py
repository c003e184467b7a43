"""A real PostgreSQL, started for the test and stopped after it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psycopg
import pytest

import sayso
from sayso.domain.errors import SaysoError


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def run(*command: str | Path) -> None:
    """Run as the user postgres where we are root, which PostgreSQL refuses to run as."""
    words = [str(c) for c in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed, so reading from it is not checked here")
    home = Path(tempfile.mkdtemp(prefix="sayso-pg-"))
    home.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = home / "data"
    run(folder / "initdb", "-D", data, "-U", "ann", "--auth=trust", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} -c fsync=off"
    run(folder / "pg_ctl", "-D", data, "-o", options, "-w", "-l", home / "log", "start")
    try:
        yield f"postgresql://ann@127.0.0.1:{port}/postgres"
    finally:
        run(folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def address(server: str) -> str:
    rows = [
        (f"v{i}", f"p{i % 9}", i % 3 != 0, i % 2 == 0, (i % 97) / 97, 'it"s, odd\nhere')
        for i in range(300)
    ]
    with psycopg.connect(server) as made:
        made.execute(
            "CREATE TABLE visits (visit_id text, disp_id text, part_sent bool, rec bool,"
            " p_need float8, note text, closed_at timestamptz)"
        )
        made.cursor().executemany(
            "INSERT INTO visits VALUES (%s, %s, %s, %s, %s, %s, '2026-03-09 12:00+02')", rows
        )
        made.execute('CREATE TABLE "an other" (x int)')
    return server


def test_a_table_of_postgres_says_what_its_rows_say(address: str):
    got = sayso.audit(f"{address}?table=visits")
    frame = pd.DataFrame(
        {
            "visit_id": [f"v{i}" for i in range(300)],
            "disp_id": [f"p{i % 9}" for i in range(300)],
            "part_sent": [i % 3 != 0 for i in range(300)],
            "rec": [i % 2 == 0 for i in range(300)],
        }
    )
    same = sayso.audit(frame)
    for measure in ("agreement", "override-rate"):
        one, other = (a.reading.figure(measure) for a in (got, same))
        assert one is not None
        assert other is not None
        assert one.answer == other.answer
    assert got.reading.profile.since is not None
    assert got.reading.profile.since.hour == 10


def test_several_tables_ask_which_one(address: str):
    with pytest.raises(SaysoError, match="several tables: an other, visits") as caught:
        sayso.audit(address)
    assert "--table" in caught.value.hint


def test_a_table_that_is_not_there_is_said(address: str):
    with pytest.raises(SaysoError, match="no table 'vists'"):
        sayso.audit(f"{address}?table=vists")
