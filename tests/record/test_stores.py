"""Both stores pass what every store has to do."""

from __future__ import annotations

import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from sayso.adapters.store_postgres import open_postgres
from sayso.adapters.store_sqlite import open_sqlite
from sayso.testing.stores import CHECKS, Place
from tests.adapters.test_postgres import programs, run


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed, so its store is not checked here")
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
        yield f"postgresql://ann@127.0.0.1:{port}"
    finally:
        run(folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def database(cluster: str) -> Callable[[], str]:
    def make() -> str:
        name = f"r{uuid.uuid4().hex}"
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"{cluster}/{name}"

    return make


@pytest.mark.feature("T1")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_sqlite_store(check: Callable[[Place], None], tmp_path: Path):
    check(
        Place(
            open=lambda clock, sealer: open_sqlite(tmp_path / "record.db", clock, sealer),
            fresh=lambda clock, sealer: open_sqlite(tmp_path / "other.db", clock, sealer),
        )
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_postgres_store(check: Callable[[Place], None], database: Callable[[], str]):
    here = database()
    check(
        Place(
            open=lambda clock, sealer: open_postgres(here, clock, sealer),
            fresh=lambda clock, sealer: open_postgres(database(), clock, sealer),
        )
    )
