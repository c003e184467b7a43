"""Records as they were written by an earlier schema: kept as SQL text beside the files that go with them.

``python -m tests.deploy.schemas FOLDER`` writes them by the schema that is the newest then. What is kept
under ``first_schema`` was written by 0001, the first, and is never written again.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sayso.record.commands import Choose, FileContest, GiveAdvice, OpenCase, RecordOutcome
from sayso.record.terms import Target
from sayso.workspace.record_care import erase
from tests.adapters.test_postgres import programs
from tests.record.case_life_cases import ANN, BEN
from tests.record.test_faults_postgres import Server
from tests.record.workspaces import does, opened, workspace

FIRST = Path(__file__).parent / "first_schema"
ENGINES = ("sqlite", "postgres")
SECRETS, KEYS = ".sayso", "record-keys.db"


@contextmanager
def postgres() -> Iterator[Server | None]:
    """A PostgreSQL of our own; None where it is not installed."""
    folder = programs()
    if folder is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="sayso-pg-"))
    home.chmod(0o777)
    server = Server(home, folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)


def live_through(folder: Path, database: str | None) -> None:
    """A record with every kind of thing that a schema has a column for, and somebody erased."""
    with opened(workspace(folder), database=database) as record:
        for n in range(9):
            case = f"visit-{n}"
            does(record, case, OpenCase(inputs=(("fault_code", "E-12"),), subject=f"unit-{n % 3}"))
            does(record, case, GiveAdvice(answer="bring", source="parts-model"))
            does(
                record, case, Choose(answer="leave", reason_code="other", reason_text="it rattles")
            )
        does(record, "visit-1", FileContest(target=Target.CHARTER, text="this is wrong"), by=BEN)
        does(record, "visit-2", RecordOutcome(outcome=True), by=BEN)
        erase(record, "unit-1", ANN, approved_by="ben", authority="a request of 2 November")


def save(folder: Path, into: Path, url: str | None) -> None:
    """Write a closed record, and what goes with it, as text."""
    into.mkdir(parents=True)
    with opened(folder, database=url) as record:
        head = record.store.head()
    plain = {"size": head.size, "root": head.root.hex()}
    (into / "head.json").write_text(json.dumps(plain) + "\n", "utf-8")
    for path in sorted((folder / SECRETS).iterdir()):
        if path.is_file() and not path.name.startswith((".", KEYS)):
            (into / f"{path.name}.txt").write_bytes(path.read_bytes())
    _dump(folder / SECRETS / KEYS, into / "keys.sql")
    if url is None:
        _dump(folder / "record" / "record.db", into / "record.sql")
        return
    words = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", url]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    kept = [line for line in text.splitlines() if not re.match(r"--|\\|SET |$", line)]
    (into / "record.sql").write_text("\n".join(kept) + "\n", "utf-8")


def bring_back(kept: Path, folder: Path, url: str | None) -> dict[str, object]:
    """Make a workspace from what was kept; says its head as it was then."""
    workspace(folder)
    secrets = folder / SECRETS
    secrets.mkdir(mode=0o700)
    for path in kept.glob("*.txt"):
        (secrets / path.stem).write_bytes(path.read_bytes())
        (secrets / path.stem).chmod(0o600)
    _load(kept / "keys.sql", secrets / KEYS)
    text = (kept / "record.sql").read_text("utf-8")
    if url is None:
        (folder / "record").mkdir(mode=0o700)
        _load(kept / "record.sql", folder / "record" / "record.db")
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(text.encode())
    return json.loads((kept / "head.json").read_text("utf-8"))


def _dump(file: Path, into: Path) -> None:
    with sqlite3.connect(file) as database:
        into.write_text("\n".join(database.iterdump()) + "\n", "utf-8")
    database.close()


def _load(kept: Path, file: Path) -> None:
    database = sqlite3.connect(file)
    database.executescript(kept.read_text("utf-8"))
    database.close()
    file.chmod(0o600)


def main(into: Path) -> None:
    """Write both."""
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        assert server is not None
        for engine, url in zip(ENGINES, (None, server.url), strict=True):
            live_through(Path(folder) / engine, url)
            save(Path(folder) / engine, into / engine, url)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
