"""Segments and the tail give the table that the events give, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest

from sayso.adapters import segment_files
from sayso.domain.errors import RecordRefused
from sayso.record.commands import Choose, OpenCase, RecordOutcome
from sayso.record.segments import REAL, TEXT, Manifest, Segment, kind_of, to_merge
from sayso.workspace import segments
from sayso.workspace.record import Record
from sayso.workspace.record_care import back_up, erase, restore
from sayso.workspace.record_tables import export
from sayso.workspace.segments import export_case_table, seal_segments, shelf_of
from sayso.workspace.segments_kept import segments_kept
from tests.record.case_life_cases import ANN, BEN, HOST
from tests.record.lives import begin, later
from tests.record.test_stores import cluster, database
from tests.record.workspaces import Hand, does, opened, workspace

__all__ = ["cluster", "database"]
DECISION = "first-visit-part"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of a few cases, so that a few dozen cases make many."""
    monkeypatch.setattr(segments, "FULL", 6)
    monkeypatch.setattr(segments, "SMALL", 12)
    monkeypatch.setattr(segments, "MOST_SMALL", 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "w")


def rows_in(file: Path) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(file))
        return list(zip(found.columns, map(str, found.types), strict=True)), found.fetchall()


def both_ways(record: Record, place: Path) -> tuple[Any, Any]:
    """The table through segments and tail, and the table straight from the events."""
    place.mkdir(exist_ok=True)
    export_case_table(record, DECISION, place / "live.parquet")
    shutil.rmtree(place / "out", ignore_errors=True)
    export(record, place / "out")
    return rows_in(place / "live.parquet"), rows_in(place / "out" / f"cases-{DECISION}.parquet")


def sealed(record: Record) -> Manifest:
    return shelf_of(record).manifest(DECISION)


def lived(record: Record, draw: random.Random, place: Path, rounds: int = 4) -> None:
    """Cases begin, end and go on, with segments sealed in between and both tables held together."""
    for turn in range(rounds):
        for n in range(8):
            begin(record, draw, f"visit-{turn}-{n}")
        for _ in range(6):
            later(record, draw, f"visit-{draw.randrange(turn + 1)}-{draw.randrange(8)}")
        if draw.random() < 0.7:
            seal_segments(record)
        live, straight = both_ways(record, place)
        assert live == straight


@pytest.mark.feature("C16")
@pytest.mark.parametrize("seed", range(3))
def test_segments_and_tail_give_the_table_of_the_events(folder: Path, tmp_path: Path, seed: int):
    with opened(folder) as record:
        lived(record, random.Random(seed), tmp_path / "t")
        manifest = sealed(record)
        assert manifest.segments
        assert shelf_of(record).faults(manifest) == []


def test_segments_and_tail_give_the_table_of_the_events_in_postgres(
    folder: Path, tmp_path: Path, database: Callable[[], str]
):
    with opened(folder, database=database()) as record:
        lived(record, random.Random(7), tmp_path / "t", rounds=2)
        assert sealed(record).segments


def test_a_case_that_changed_after_it_was_sealed_counts_as_it_is_now(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        assert seal_segments(record) == 6
        first = sealed(record)
        does(record, "v2", RecordOutcome(outcome=True), by=HOST)
        assert seal_segments(record) == 0
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        names = [name for name, _ in live[0]]
        outcomes = {row[names.index("case")]: row[names.index("outcome")] for row in live[1]}
        assert outcomes == {**dict.fromkeys(f"v{n}" for n in range(6)), "v2": True}
        assert sealed(record) == first


def test_a_day_seals_what_is_there_however_little(folder: Path):
    clock = Hand()
    with opened(folder, clock=clock) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        seal_segments(record)
        does(record, "late", OpenCase(), Choose(answer="bring"))
        assert seal_segments(record) == 0
        clock.at += timedelta(days=1)
        assert seal_segments(record) == 1
        clock.at += timedelta(days=9)
        assert seal_segments(record) == 0


def test_many_small_segments_and_rows_that_no_longer_count_are_merged(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        most = 0
        for turn in range(9):
            for n in range(6):
                does(record, f"v{turn}-{n}", OpenCase(), Choose(answer="bring"))
            assert seal_segments(record) == 6
            most = max(most, len(sealed(record).segments))
        assert 1 < most <= 5
        for turn in range(9):
            for n in range(6):
                does(record, f"v{turn}-{n}", RecordOutcome(outcome=n % 2 == 0), by=HOST)
            seal_segments(record)
        manifest = sealed(record)
        assert sum(s.rows for s in manifest.segments) <= 54 + 54 // 3
        files = {f.name for f in (folder / "record" / "segments" / DECISION).glob("*.parquet")}
        assert files == {s.name for s in manifest.segments}
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        assert len(live[1]) == 54


def test_which_segments_are_merged():
    def segment(name: str, rows: int) -> Segment:
        return Segment(name=name, sha256="", rows=rows, first=0, last=0, kinds={})

    full, little = segment("full", 100), [segment(f"s{n}", 5) for n in range(3)]
    assert to_merge((full, *little), 115, small=10, most=3) == set()
    assert to_merge((full, *little, segment("s3", 5)), 120, small=10, most=3) == {
        "s0",
        "s1",
        "s2",
        "s3",
    }
    assert to_merge((full, segment("newer", 40)), 100, small=10, most=3) == {"full", "newer"}
    assert to_merge((full, segment("newer", 30)), 100, small=10, most=3) == set()
    assert to_merge((full,), 10, small=10, most=3) == set()


def test_what_a_column_holds():
    assert kind_of({"int", "float"}) == REAL
    assert kind_of({"int", "bool"}) == TEXT
    assert kind_of({"datetime"}) == "datetime"


# --- people ---


def test_no_segment_holds_what_a_person_wrote_and_erasing_takes_it_from_the_table(
    folder: Path, tmp_path: Path
):
    secret = "the widow at number nine"
    with opened(folder) as record:
        for n in range(12):
            who = (ANN, BEN)[n % 2]
            about = OpenCase(
                inputs=(("fault_code", f"E-{n}"), ("stock_low", False)), subject=f"c-{n % 3}"
            )
            does(record, f"v{n}", about, by=HOST)
            does(record, f"v{n}", Choose(answer="bring", reason_text=f"{secret} {n}"), by=who)
        assert seal_segments(record) == 12
        place = folder / "record" / "segments" / DECISION
        with duckdb.connect() as connection:
            told = connection.execute(f"SELECT * FROM '{place}/*.parquet'").fetchall()  # noqa: S608
        assert "number nine" not in str(told)
        assert "E-5" not in str(told)
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        assert str(live[1]).count(secret) == 12
        assert "'E-5'" in str(live[1])
        erase(record, "ann", BEN, approved_by="cara", authority="asked")
        erase(record, "c-2", BEN, approved_by="cara", authority="asked")
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        assert str(live[1]).count(secret) == 6
        assert "'E-5'" not in str(live[1])
        assert "'E-4'" in str(live[1])
        assert len(live[1]) == 12
        does(record, "v0", RecordOutcome(outcome=True), by=HOST)
        segments.FULL = 1
        assert seal_segments(record) == 1
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight


def test_nothing_of_an_open_case_is_in_a_segment_or_the_table(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        for n in range(8):
            begin(record, random.Random(n), f"v{n}")
        does(record, "open-one", OpenCase(), by=HOST)
        seal_segments(record)
        live, _ = both_ways(record, tmp_path / "t")
        assert "open-one" not in str(live)
        names = [name for name, _ in live[0]]
        assert all(row[names.index("ended")] not in ("open", "escalated") for row in live[1])


# --- what is gone, damaged, or of another record ---


def test_damaged_segments_are_made_again_from_the_events(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        for n in range(14):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
            if n == 6:
                seal_segments(record)
        seal_segments(record)
        live, whole = both_ways(record, tmp_path / "t")
        assert live == whole
        place = folder / "record" / "segments" / DECISION
        for spoil in (
            lambda f: f.unlink(),
            lambda f: f.write_bytes(f.read_bytes()[:-9]),
            lambda f: f.write_bytes(b""),
            lambda f: f.write_bytes(bytes([f.read_bytes()[0]]) + b"x" + f.read_bytes()[2:]),
        ):
            spoil(place / sealed(record).segments[0].name)
            assert shelf_of(record).faults(sealed(record))
            export_case_table(record, DECISION, tmp_path / "live.parquet")
            assert rows_in(tmp_path / "live.parquet") == whole
            assert shelf_of(record).faults(sealed(record)) == []
        for text in ("", "{}", "[]", "null", '{"form": 9}', "\udcff"):
            (place / "manifest.json").write_text(text, "utf-8", errors="surrogateescape")
            export_case_table(record, DECISION, tmp_path / "live.parquet")
            assert rows_in(tmp_path / "live.parquet") == whole


def test_segments_of_a_record_that_was_restored_from_an_older_copy_do_not_count(
    folder: Path, tmp_path: Path
):
    with opened(folder) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        back_up(record, tmp_path / "copy.gz")
        for n in range(6, 12):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        seal_segments(record)
    (folder / "record" / "record.db").unlink()
    for left in (folder / "record").glob("record.db-*"):
        left.unlink()
    restore(folder, tmp_path / "copy.gz", although_older=True)
    with opened(folder) as record:
        assert not sealed(record).segments
        for n in range(20, 26):
            does(record, f"v{n}", OpenCase(), Choose(answer="leave"))
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        assert len(live[1]) == 12


def test_a_column_is_of_the_kind_of_the_rows_that_count(folder: Path, tmp_path: Path):
    """A row that no longer counts had a text where all others have numbers."""
    with opened(folder) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        seal_segments(record)
        place = folder / "record" / "segments" / DECISION
        manifest = sealed(record)
        # As if the first case had once had another kind of outcome, which was corrected.
        one = manifest.segments[0]
        kinds = {**one.kinds, "outcome": frozenset({"str"})}
        with duckdb.connect() as connection:
            file = place / one.name
            connection.read_parquet(str(file)).create("t")
            connection.execute("ALTER TABLE t ADD COLUMN outcome VARCHAR")
            connection.execute("UPDATE t SET outcome = 'perhaps' WHERE \"case\" = 'v0'")
            connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")
        changed = replace(one, kinds=kinds, sha256=segment_files.digest_of(file))
        (place / "manifest.json").write_text(replace(manifest, segments=(changed,)).text, "utf-8")
        does(record, "v0", RecordOutcome(outcome=True), by=HOST)
        live, straight = both_ways(record, tmp_path / "t")
        assert live == straight
        assert dict(live[0])["outcome"] == "BOOLEAN"


def test_a_decision_that_nobody_declared_is_refused(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        for name in ("first-visit", "../up", ""):
            with pytest.raises(RecordRefused, match="decision-unknown"):
                export_case_table(record, name, tmp_path / "x.parquet")
        made = export_case_table(record, DECISION, tmp_path / "x.parquet")
        assert (made.cases, made.size) == (0, record.store.head().size)
        assert rows_in(tmp_path / "x.parquet")[1] == []


# --- a crash between any two steps ---


class Crash(BaseException):
    """The process ends here."""


@contextmanager
def crashing(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[str]]:
    """Everything that touches the disk is counted, and ends the process at a number."""
    steps: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            steps.append(name)
            if len(steps) == at:
                raise Crash
            return real(*args, **named)

        return run

    with monkeypatch.context() as patch:
        for name in ("replace", "fsync", "unlink"):
            patch.setattr(os, name, counted(name, getattr(os, name)))
        patch.setattr(segment_files, "write_part", counted("part", segment_files.write_part))
        patch.setattr(segments, "write_private", counted("manifest", segments.write_private))
        patch.setattr(segments, "_sweep", counted("sweep", segments._sweep))
        patch.setattr(Path, "unlink", counted("unlink", Path.unlink))
        with suppress(Crash):
            yield steps


def survives(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Crash at every step of a sealing that merges; says what was found wrong after any."""
    home, start = folder / "record" / "segments", tmp_path / "start"
    wrong: set[str] = set()
    with opened(folder) as record:
        for turn in range(4):
            for n in range(6):
                does(record, f"v{turn}-{n}", OpenCase(), Choose(answer="bring"))
            seal_segments(record)
        for n in range(6):
            does(record, f"v4-{n}", OpenCase(), Choose(answer="bring"))
        old = sealed(record)
        shutil.copytree(home, start)
        _, whole = both_ways(record, tmp_path / "t")
        at, done = 1, False
        while not done:
            shutil.rmtree(home)
            shutil.copytree(start, home)
            with crashing(monkeypatch, at) as steps:
                seal_segments(record)
            done = len(steps) < at
            new = sealed(record)
            if new != old and new.until != record.store.head().size:
                wrong.add("neither the old nor the new manifest")
            if shelf_of(record).faults(new):
                wrong.add("the manifest names a file that is not there, or not whole")
            if at % 3 == 0 or done:
                export_case_table(record, DECISION, tmp_path / "live.parquet")
                if rows_in(tmp_path / "live.parquet") != whole:
                    wrong.add("another table")
            at += 1
        assert (at > 8, new.until) == (True, record.store.head().size)
    return wrong


def test_a_crash_between_any_two_steps_leaves_what_was_sealed_or_what_is_sealed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert survives(folder, tmp_path, monkeypatch) == set()


def test_the_test_of_crashes_finds_files_that_are_removed_before_the_manifest_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = segments.write_private

    def wrong_way_round(path: Path, text: str, **named: Any) -> None:
        manifest = Manifest.parse(text)
        assert manifest is not None
        segments._sweep(path.parent, manifest)
        write(path, text, **named)

    monkeypatch.setattr(segments, "write_private", wrong_way_round)
    found = survives(folder, tmp_path, monkeypatch)
    assert "the manifest names a file that is not there, or not whole" in found


def test_the_manifest_says_what_it_names(folder: Path):
    with opened(folder) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        seal_segments(record)
        manifest = sealed(record)
        plain = json.loads(manifest.text)
        head = record.store.head()
        assert (plain["form"], plain["decision"], plain["until"]) == (1, DECISION, head.size)
        assert plain["root"] == head.root.hex()
        (one,) = plain["segments"]
        assert (one["rows"], one["first"] < one["last"], len(one["sha256"])) == (6, True, 64)
        assert Manifest.parse(manifest.text) == manifest
        place = folder / "record" / "segments" / DECISION
        assert (place / one["name"]).stat().st_mode & 0o777 == 0o600


# --- beside a server ---


def test_segments_are_sealed_beside_a_server_and_when_it_stops(folder: Path):
    with opened(folder) as record:
        for n in range(6):
            does(record, f"v{n}", OpenCase(), Choose(answer="bring"))
        with segments_kept(lambda: record, every=3600):
            pass
        assert sum(s.rows for s in sealed(record).segments) == 6


def test_what_goes_wrong_in_sealing_stops_no_server(folder: Path, caplog: pytest.LogCaptureFixture):
    asked = 0

    def record() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise RecordRefused("broken", "It is broken.", hint="Mend it.")
        if asked == 3:
            raise OSError("no disk")

    done = Event()
    with segments_kept(lambda: record() or (done.set() if asked > 4 else None), every=0.001):
        assert done.wait(30)
    assert {line.code for line in caplog.records} == {"record-refused", "OSError"}  # pyright: ignore[reportAttributeAccessIssue]
