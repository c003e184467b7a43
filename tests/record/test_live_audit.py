"""The audit of the live record gives every figure that the audit of its exported table gives."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.cli.main import run
from sayso.domain.errors import (
    FileNotWritable,
    RecordMissing,
    RecordRefused,
    ServerAway,
    TableEmpty,
    TableUnreadable,
)
from sayso.workspace import live_audit, segments
from sayso.workspace.audit import Audit, AuditOptions, load_charter, read_table
from sayso.workspace.live_audit import Source, audit_record, fetch, record_to_read
from sayso.workspace.record import Record
from sayso.workspace.record_tables import export
from sayso.workspace.segments import export_case_table, seal_segments
from tests.api.doors import Door
from tests.record.lives import begin, later
from tests.record.test_segments import rows_in
from tests.record.test_stores import cluster, database
from tests.record.workspaces import CHARTER, NOW, Hand, opened, workspace

__all__ = ["cluster", "database"]
DECISION = "first-visit-part"
WHEN = NOW + timedelta(days=60)
CASES = 90
# A source for the first, imported table: its columns are not those of the record's.
WITH_SOURCE = f"{CHARTER}source:\n  columns: {{case: visit_id, choice: part_sent}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(segments, "FULL", 25)
    return workspace(tmp_path / "w", WITH_SOURCE)


def fill(record: Record, cases: int = CASES) -> None:
    """First views, advice withheld, overrides, outcomes that come late, corrections."""
    draw = random.Random(11)
    for n in range(cases):
        begin(record, draw, f"visit-{n}")
        if n % 30 == 29:
            seal_segments(record)
    for n in range(cases):
        later(record, draw, f"visit-{n}")
        later(record, draw, f"visit-{draw.randrange(cases)}")


def said(found: Audit) -> dict[str, Any]:
    """Everything that an audit says, but what its table is called and hashes to."""
    plain = json.loads(json.dumps(found.to_json()))
    for name in ("name", "sha256"):
        plain["profile" if "profile" in plain else "table"].pop(name)
    return plain


def of_table(file: Path, folder: Path) -> Audit:
    charter = load_charter(folder / "charters" / f"{DECISION}.yaml")
    return read_table(str(file), charter, AuditOptions(as_of=WHEN))


def held_together(record: Record, folder: Path, out: Path) -> dict[str, Any]:
    export(record, out)
    table = of_table(out / f"cases-{DECISION}.parquet", folder)
    live = audit_record(record, DECISION, AuditOptions(as_of=WHEN))
    assert said(live)["figures"] == said(table)["figures"]
    assert said(live) == said(table)
    return said(live)


@pytest.mark.feature("C16")
def test_the_live_record_gives_every_figure_of_its_exported_table(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        fill(record)
        found = held_together(record, folder, tmp_path / "out")
        head, origin = record.store.head(), record.key.name
        states = list(record.store.states(DECISION))
    # The record has what the audit is to be proved on.
    assert any(s.prior is not None for s in states)
    assert any(s.draw is not None and not s.draw.show and s.choice is not None for s in states)
    assert any(s.choice is not None and s.choice.data.changes for s in states)
    assert any(s.corrections for s in states)
    assert any(s.outcome is not None for s in states)
    assert {"agreement", "override-rate"} <= {f["measure"] for f in found["figures"]}
    made = next(t for t in found["profile"]["treatments"] if t["code"] == "of-record")
    assert made["count"] == head.size
    assert origin in made["detail"]
    assert head.root.hex()[:16] in made["detail"]


@pytest.mark.deep
def test_the_record_in_postgres_gives_every_figure_of_its_exported_table(
    folder: Path, tmp_path: Path, database: Callable[[], str]
):
    with opened(folder, database=database()) as record:
        fill(record, 40)
        held_together(record, folder, tmp_path / "out")


def test_the_report_says_which_record_and_up_to_which_head(folder: Path):
    with opened(folder) as record:
        fill(record, 40)
        page = audit_record(record, DECISION, AuditOptions(as_of=WHEN)).to_html()
        head = record.store.head()
        words = (
            f"Made from the record {record.key.name}, root {head.root.hex()[:16]}, from its first"
        )
    assert f"{words} {head.size:,} events." in page.replace(" ", " ").replace("&#44;", ",")
    assert "the record of first-visit-part" in page


def test_a_record_is_audited_while_another_program_writes_to_it(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        fill(record, 40)
        with record_to_read(folder, clock=Hand()) as beside:
            one = export_case_table(beside, DECISION, tmp_path / "one.parquet")
            begin(record, random.Random(3), "afterwards")
            with pytest.raises(Exception, match="opened for reading"):
                begin(beside, random.Random(4), "never")
        seen = record.place.read_seen()
        other = export_case_table(record, DECISION, tmp_path / "other.parquet")
    # Reading signs nothing.
    assert seen is None
    assert other.size > one.size
    assert other.cases - one.cases in (0, 1)


def test_no_case_has_ended_yet(folder: Path):
    with opened(folder) as record:
        with pytest.raises(TableEmpty, match="ended"):
            audit_record(record, DECISION)
        with pytest.raises(RecordRefused, match="decision-unknown"):
            audit_record(record, "first-visit")
    with pytest.raises(RecordMissing), record_to_read(folder / "nowhere"):
        pass


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"table": "a.csv", "record": DECISION},
        {"record": DECISION, "server": "http://x", "decision": DECISION},
        {"server": "http://x"},
        {"record": DECISION, "decision": DECISION},
        {"table": "a.csv", "decision": DECISION},
    ],
)
def test_one_thing_is_audited_and_it_is_named(named: dict[str, str]):
    with pytest.raises(TableUnreadable, match=r"audit"):
        Source(**named)


def test_the_command_audits_the_record_of_the_folder(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    with opened(folder) as record:
        fill(record, 60)
        export(record, tmp_path / "out")
    monkeypatch.chdir(folder)
    assert run(["audit", "--record", DECISION, "--json"]) == 0
    live = json.loads(capsys.readouterr().out)
    table = str(tmp_path / "out" / f"cases-{DECISION}.parquet")
    # The charter's own source names other columns; a table of the record has the record's.
    charter = str(folder / "charters" / f"{DECISION}.yaml")
    assert run(["audit", table, "--charter", charter, "--json"]) == 0
    other = json.loads(capsys.readouterr().out)
    assert live["figures"] == other["figures"]
    assert live["profile"]["name"] == "the record of first-visit-part"
    assert run(["audit", "--record", "first-visit"]) == 2
    assert "decision-unknown" in capsys.readouterr().err
    assert run(["audit"]) == 2
    assert "Nothing to audit is named" in capsys.readouterr().err


# --- at a server ---


class Wire(httpx.BaseTransport):
    """The door of a server, without a network."""

    def __init__(self, door: Door) -> None:
        self._inner = httpx.ASGITransport(door.app, client=("203.0.113.7", 50000))
        self._loop = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def asked() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=await answer.aread()
            )

        return self._loop.run(asked())

    def close(self) -> None:
        self._loop.close()


def test_the_record_of_a_server_is_its_exported_table_and_its_charter(folder: Path, tmp_path: Path):
    with Door(folder, public=True) as door:
        fill(door.office.record, 60)
        token = tmp_path / "token"
        token.write_text(door.token("human:ann", verbs=["read", "export"]), "utf-8")
        token.chmod(0o600)
        file = tmp_path / f"{DECISION}.parquet"
        charter = fetch("https://sayso.example", DECISION, token, file, transport=Wire(door))
        assert charter == load_charter(folder / "charters" / f"{DECISION}.yaml")
        export(door.office.record, tmp_path / "out")
        assert rows_in(file) == rows_in(tmp_path / "out" / f"cases-{DECISION}.parquet")
        # Who may read nothing is told so, as at any door.
        token.write_text(door.token("human:ann", verbs=["read"]), "utf-8")
        with pytest.raises(RecordRefused, match="not-allowed"):
            fetch("https://sayso.example", DECISION, token, file, transport=Wire(door))


def test_what_a_server_says_wrongly_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAYSO_TOKEN", "t")
    charter = load_charter(workspace(tmp_path / "w") / "charters" / f"{DECISION}.yaml")
    file = tmp_path / "x.parquet"

    def fetched(answer: Callable[[httpx.Request], httpx.Response], into: Path = file) -> None:
        wire = httpx.MockTransport(answer)
        fetch("https://sayso.example", DECISION, None, into, charter, transport=wire)

    with pytest.raises(TableUnreadable, match="no case table"):
        fetched(lambda request: httpx.Response(200, content=b"hello"))
    with pytest.raises(ServerAway, match="no JSON"):
        fetched(lambda request: httpx.Response(502, content=b"<html>"))
    with pytest.raises(FileNotWritable):
        fetched(lambda request: httpx.Response(200, content=b"x"), tmp_path / "no" / "x")

    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    with pytest.raises(ServerAway, match="ConnectError"):
        fetched(gone)
    with opened(tmp_path / "w") as record:
        export_case_table(record, DECISION, file)
    content = file.read_bytes()
    with pytest.raises(TableEmpty):
        fetched(lambda request: httpx.Response(200, content=content))


def test_the_command_audits_the_record_of_a_server(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    with Door(folder, public=True) as door:
        fill(door.office.record, 60)
        monkeypatch.setenv("SAYSO_TOKEN", door.token("human:ann", verbs=["read", "export"]))
        real = live_audit.fetch

        def wired(*args: Any, **named: Any) -> Any:
            return real(*args, **named, transport=Wire(door))

        monkeypatch.setattr(live_audit, "fetch", wired)
        monkeypatch.chdir(tmp_path)
        words = ["audit", "--server", "https://sayso.example", "--decision", DECISION, "--json"]
        assert run(words) == 0
        served = json.loads(capsys.readouterr().out)
        live = json.loads(json.dumps(audit_record(door.office.record, DECISION).to_json()))
    assert served["figures"] == live["figures"]
    assert served["profile"]["name"].endswith(" at https://sayso.example")
