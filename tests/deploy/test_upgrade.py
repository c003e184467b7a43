"""A record of the first schema is opened by every later Sayso, and verifies as it did."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from sayso.adapters import store_sql, store_tables
from sayso.domain.errors import RecordUnreadable
from sayso.record.case_events import ContestFiled
from sayso.record.commands import Choose, OpenCase
from sayso.record.ids import uuid7
from sayso.record.terms import ActorKind
from sayso.testing.stores import whole
from sayso.workspace.record import Record
from sayso.workspace.record_care import verify_workspace
from tests.deploy.schemas import FIRST, bring_back, postgres
from tests.record.workspaces import NOW, command, opened

NEXT = '''
"""The schema after the newest."""
import sqlalchemy as sa
from alembic import op
revision = "9998"
down_revision = "{newest}"
branch_labels = None
depends_on = None

def upgrade() -> None:
    op.add_column("meta", sa.Column("note", sa.Text))
    op.create_index("records_by_kind", "records", ["kind"])
    {more}
'''


@dataclass
class Old:
    """A record as the first schema left it."""

    folder: Path
    url: str | None
    size: object
    root: object

    def ask(self, sql: str) -> object:
        if self.url is None:
            database = sqlite3.connect(self.folder / "record" / "record.db", isolation_level=None)
            rows = database.execute(sql).fetchall() if "SELECT" in sql else database.execute(sql)
            database.close()
            return rows
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(sql.encode())
            return done.fetchall() if "SELECT" in sql else None

    def opened(self) -> Record:
        return opened(self.folder, database=self.url)

    def is_whole(self) -> bool:
        return verify_workspace(self.folder, database=self.url).whole


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.deep)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    folder = tmp_path / "w"
    if request.param == "sqlite":
        head = bring_back(FIRST / "sqlite", folder, None)
        yield Old(folder, None, head["size"], head["root"])
        return
    with postgres() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed, so its first schema is not tried here")
        head = bring_back(FIRST / "postgres", folder, server.url)
        yield Old(folder, server.url, head["size"], head["root"])


def test_a_record_of_the_first_schema_verifies_and_goes_on(old: Old):
    assert old.ask("SELECT version_num FROM alembic_version") == [("0001",)]
    with old.opened() as record:
        head = record.store.head()
        assert (head.size, head.root.hex()) == (old.size, old.root)
        assert whole(record.store) == old.size
        for number, ask in enumerate((OpenCase(), Choose(answer="bring"))):
            name = uuid7(NOW, number.to_bytes(9, "big") + b"\3")
            record.do(replace(command("visit-new", ask), id=name))
    assert old.ask("SELECT version_num FROM alembic_version") == [(store_tables.NEWEST,)]
    assert old.is_whole()


def test_its_texts_are_read_and_whoever_was_erased_stays_so(old: Old):
    with old.opened() as record:
        states = {state.case: state for state in record.store.states("first-visit-part")}
        assert len(states) == 9
        reasons = [s.choice.data.reason_text for s in states.values() if s.choice is not None]
        assert reasons == ["it rattles"] * 9
        kept = record.store.find(states["visit-1"].contests[0].id)
        assert kept is not None
        said = record.store.events(kept.index, 1)[0].event.data
        assert isinstance(said, ContestFiled)
        assert said.text == "this is wrong"
        opened_for = [s.opening for s in states.values() if s.opening is not None]
        assert {o.by.kind for o in opened_for} == {ActorKind.HUMAN}
        assert "unit-1" in record.keys.erased


def test_an_edit_behind_its_back_is_found_after_the_change_too(old: Old):
    old.ask("DROP TRIGGER records_no_update" + (" ON records" if old.url else ""))
    old.ask("UPDATE records SET body = salt WHERE place = 5")
    assert not old.is_whole()


def next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    """Another change of the schema, as a later Sayso would bring it."""
    here = tmp_path / "later"
    shutil.copytree(Path(store_tables.__file__).parent / "migrations", here / "migrations")
    text = NEXT.format(newest=store_tables.NEWEST, more=more)
    (here / "migrations" / "versions" / "m9998_next.py").write_text(text, "utf-8")
    monkeypatch.setattr(store_tables, "__file__", str(here / "store_tables.py"))
    for module in (store_tables, store_sql):
        monkeypatch.setattr(module, "NEWEST", "9998")


def test_a_later_change_keeps_every_event_and_its_place(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    next_schema(tmp_path, monkeypatch, "")
    with old.opened() as record:
        assert record.store.head().root.hex() == old.root
        assert whole(record.store) == old.size
    assert old.ask("SELECT version_num FROM alembic_version") == [("9998",)]
    assert old.is_whole()


def test_a_change_that_fails_half_way_leaves_everything_as_it_was(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as later:
        next_schema(tmp_path, later, "raise OSError('the disk is gone')")
        with pytest.raises(OSError, match="gone"):
            old.opened()
    assert old.ask("SELECT version_num FROM alembic_version") == [("0001",)]
    with old.opened() as record:
        assert whole(record.store) == old.size
    assert old.is_whole()


def test_an_older_sayso_refuses_a_newer_record(old: Old):
    old.opened().close()
    old.ask("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordUnreadable, match="schema 9999") as refused:
        old.opened()
    assert "newer" in refused.value.hint
