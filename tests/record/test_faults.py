"""What the record survives: killed, torn, full, bent, tampered with. Each test finds a seeded bug."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sayso.adapters.store_signing import is_signed
from sayso.adapters.store_sqlite import open_sqlite
from sayso.domain.errors import RecordRewritten, RecordUnreadable, RecordUnsure, SaysoError
from sayso.record.checkpoint import NotACheckpoint
from sayso.record.commands import Choose, OpenCase, RecordOutcome
from sayso.record.ports import Kept, Written
from sayso.record.receipt import Receipt, check_receipt
from sayso.record.tree import Edge, append, leaf_of
from sayso.record.witness import Alarmed, Witnessed, witness
from sayso.testing.stores import Plain, SetClock, whole, write_of
from sayso.workspace.record_care import verify_workspace
from sayso.workspace.record_place import RecordPlace
from tests.record import faults
from tests.record.case_life_cases import BEN
from tests.record.workspaces import does, opened, workspace


def opened_store(path: Path):
    return open_sqlite(path, SetClock(), Plain())


# --- killed ---


def kill_and_look(
    path: Path, start: int, group: int, wait: int, *, early: bool = False, all_of_it: bool = True
) -> set[int]:
    """Kill a writer after some answers; the numbers that it had told and that are not there."""
    mine, theirs = faults.pipe()
    process = faults.child(faults.write_for_ever, str(path), start, theirs, group, early)
    theirs.close()
    told: list[int] = []
    while len(told) < wait:
        told.append(mine.recv())
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    while mine.poll():
        try:
            told.append(mine.recv())
        except EOFError:
            break
    mine.close()
    store = opened_store(path)
    size = whole(store) if all_of_it else store.head().size
    since = 0 if all_of_it else max(0, start - 40)
    ids = [row.filed.id for row in store.kept(since, size) if row.filed is not None]
    assert len(ids) == len(set(ids))
    store.close()
    numbers = {n for last in told for n in range(last - group + 1, last + 1)}
    return {n for n in numbers if write_of(n).id not in ids}


def kill_often(path: Path, times: int) -> int:
    """Kill one writer after the other; how many answered writes were there afterwards."""
    draws = random.Random(times)
    start = survived = 0
    for trial in range(times):
        group, wait = draws.choice([1, 1, 20]), draws.randint(1, 25)
        # Making the whole tree again takes longer than being killed, so it is done now and then.
        whole_tree = trial % 10 == 3 or trial == times - 1
        assert kill_and_look(path, start, group, wait, all_of_it=whole_tree) == set()
        survived += group * wait
        # What was committed and never answered is sent again, and recorded once.
        start += group * wait
    return survived


@pytest.mark.feature("C4")
def test_a_writer_that_is_killed_loses_nothing_that_it_had_answered(tmp_path: Path):
    assert kill_often(tmp_path / "record.db", 4) > 0


@pytest.mark.deep
def test_a_writer_that_is_killed_two_hundred_times_loses_nothing(tmp_path: Path):
    assert kill_often(tmp_path / "record.db", 200) > 10_000


def test_a_writer_that_answers_before_it_commits_is_found_out(tmp_path: Path):
    assert kill_and_look(tmp_path / "record.db", 0, 1, 1, early=True) == {0}


# --- waiting for the disk ---


def waits_per_answer(path: Path, *, lazy: bool) -> float:
    """Calls that wait for the disk, for each answer, as the kernel saw them."""
    trace = path.with_suffix(".trace")
    program = f"from tests.record import faults; faults.append_some(*[{str(path)!r}, 12])"
    if lazy:
        program = (
            "import sayso.adapters.store_sqlite as s;"
            "s._WRITER = tuple(p.replace('FULL', 'NORMAL') for p in s._WRITER);s.FULL = 1;"
            + program
        )
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-e",
            "trace=fsync,fdatasync,write",
            "-o",
            trace,
            sys.executable,
            "-c",
            program,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    lines = trace.read_text("utf-8").splitlines()
    answers = [i for i, line in enumerate(lines) if "acknowledged" in line]
    synced = [i for i, line in enumerate(lines) if re.search(r"\b(fsync|fdatasync)\(", line)]
    return sum(any(a < s < b for s in synced) for a, b in pairwise(answers)) / (len(answers) - 1)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.deep
def test_every_answer_has_waited_for_the_disk(tmp_path: Path):
    assert waits_per_answer(tmp_path / "a.db", lazy=False) == 1.0
    assert waits_per_answer(tmp_path / "b.db", lazy=True) < 0.5


@pytest.mark.parametrize("after", [False, True])
def test_a_commit_that_fails_is_told_as_unsure_and_sending_it_again_finds_out(
    tmp_path: Path, after: bool
):
    store = opened_store(tmp_path / "record.db")
    store.append(write_of(1))
    cure = faults.broken_commits(store, after=after)
    with pytest.raises(RecordUnsure):
        store.append(write_of(2))
    cure()
    again = store.append(write_of(2))
    assert isinstance(again, Written)
    assert again.again is after
    assert whole(store) == 2
    store.close()


# --- torn ---


def test_a_log_that_is_torn_anywhere_leaves_a_beginning_that_is_whole(tmp_path: Path):
    path = tmp_path / "record.db"
    store = opened_store(path)
    for number in range(30):
        store.append(write_of(number))
    # As a crash leaves them: the log has not been written back.
    for name in ("record.db", "record.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"crash-{name}")
    store.close()
    log = (tmp_path / "crash-record.db-wal").read_bytes()
    draws, sizes = random.Random(5), set[int]()
    for trial in range(25):
        here = tmp_path / f"t{trial}"
        here.mkdir()
        shutil.copy(tmp_path / "crash-record.db", here / "record.db")
        cut = draws.randrange(len(log))
        torn = log[:cut]
        if trial % 3 == 1:  # the rest of the sector holds what was there before
            torn += draws.randbytes(len(log) - cut)
        if trial % 3 == 2:  # one block in the middle never arrived
            torn = log[:cut] + bytes(min(512, len(log) - cut)) + log[cut + 512 :]
        (here / "record.db-wal").write_bytes(torn)
        again = opened_store(here / "record.db")
        size = whole(again)
        sizes.add(size)
        expected = [write_of(n).id for n in range(size)]
        assert [r.filed.id for r in again.kept(0, size) if r.filed is not None] == expected
        again.append(write_of(99))
        assert whole(again) == size + 1
        again.close()
    assert len(sizes) > 5


# --- full ---


def test_a_full_disk_refuses_in_words_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path):
    mine, theirs = faults.pipe()
    process = faults.child(faults.fill_the_disk, str(tmp_path / "record.db"), theirs, 40_000)
    theirs.close()
    acknowledged, refused, readable, lost, size = mine.recv()
    process.join()
    mine.close()
    assert process.exitcode == 0
    assert refused == 5
    assert readable >= acknowledged - 5
    assert lost == 0
    assert acknowledged <= size <= acknowledged + refused


# --- bent ---


def flips(folder: Path, count: int, *, anywhere: bool) -> tuple[int, int, int]:
    """Flip single bits of a record; how many were found, changed nothing, or passed unseen."""
    file = folder / "record" / "record.db"
    content = file.read_bytes()
    database = sqlite3.connect(file)
    rows = database.execute("SELECT salt, body, leaf FROM records").fetchall()
    database.close()
    before = file.read_bytes()
    spots = [
        content.index(bytes(cell)) + offset
        for row in rows
        for cell in row
        if content.find(bytes(cell)) >= 0
        for offset in range(len(cell))
    ]
    draws = random.Random(count)
    found = harmless = unseen = 0
    for _ in range(count):
        spot = draws.randrange(len(content)) if anywhere else draws.choice(spots)
        bent = bytearray(content)
        bent[spot] ^= 1 << draws.randrange(8)
        file.write_bytes(bent)
        try:
            whole_now = verify_workspace(folder).whole
        except SaysoError:
            whole_now = False
        if not whole_now:
            found += 1
        elif same_rows(file, rows):
            harmless += 1
        else:
            unseen += 1
        for rest in file.parent.glob("record.db-*"):
            rest.unlink()
    file.write_bytes(before)
    return found, harmless, unseen


def same_rows(file: Path, rows: list[tuple[bytes, bytes, bytes]]) -> bool:
    database = sqlite3.connect(file)
    try:
        return database.execute("SELECT salt, body, leaf FROM records").fetchall() == rows
    except sqlite3.Error:
        return False
    finally:
        database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = workspace(tmp_path / "w")
    with opened(place) as record:
        for n in range(8):
            does(record, f"visit-{n}", OpenCase(), Choose(answer="bring"))
    return place


@pytest.mark.feature("T1")
def test_every_bit_that_turns_over_in_a_record_is_found(folder: Path):
    assert flips(folder, 25, anywhere=False) == (25, 0, 0)


@pytest.mark.deep
def test_of_many_bits_that_turn_over_anywhere_none_changes_a_record_unseen(folder: Path):
    found, harmless, unseen = flips(folder, 400, anywhere=True)
    assert unseen == 0
    assert found > harmless * 0.2
    assert flips(folder, 400, anywhere=False) == (400, 0, 0)


def test_a_verifier_that_believes_stored_hashes_is_found_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    from sayso.record import verifying

    def believing(rows, sealer, **rest):
        return real((Kept(r.index, b"", b"", r.leaf, b"", 0) for r in rows), sealer, **rest)

    real = verifying.verify_record
    monkeypatch.setattr("sayso.workspace.record_care.verify_record", believing)
    assert flips(folder, 25, anywhere=False)[2] > 0


# --- tampered with ---

Rows = list[tuple[bytes, bytes]]


def edit(rows: Rows, place: int) -> Rows:
    salt, body = rows[place]
    return [*rows[:place], (salt, body.replace(b"visit-", b"visis-")), *rows[place + 1 :]]


def delete(rows: Rows, place: int) -> Rows:
    return rows[:place] + rows[place + 1 :]


def insert(rows: Rows, place: int) -> Rows:
    salt, body = rows[place]
    new = body.replace(b'"id":"01', b'"id":"02')
    return [*rows[:place], (bytes([salt[0] ^ 1]) + salt[1:], new), *rows[place:]]


def swap(rows: Rows, place: int) -> Rows:
    return [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]


def cut_off(rows: Rows, place: int) -> Rows:
    return rows[:place]


def tamper(folder: Path, move: Callable[[Rows, int], Rows], place: int) -> None:
    """An insider with the database makes a change, and everything agrees with it again."""
    file = folder / "record" / "record.db"
    database = sqlite3.connect(file)
    columns = "id, kind, decision, kase, person, recorded_at, digest, many"
    rows = database.execute("SELECT salt, body FROM records ORDER BY place").fetchall()
    filed = {
        bytes(row[0]): row[1:]
        for row in database.execute(f"SELECT body, {columns} FROM records")  # noqa: S608
    }
    for table in ("records", "nodes"):
        for verb in ("update", "delete"):
            database.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        database.execute(f"DELETE FROM {table}")  # noqa: S608
    edge = Edge()
    for n, (salt, body) in enumerate(move(rows, place)):
        # What an event is filed under is forged from its bytes, as a careful insider would.
        old = filed.get(body) or (f"forged-{n}", *filed[bytes(rows[place][1])][1:])
        if body not in filed:
            said = json.loads(body)
            old = (said["id"], old[1], said["decision"], said["case"], *old[4:])
        leaf = leaf_of(salt, body)
        database.execute(
            f"INSERT INTO records (place, salt, body, leaf, {columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (n, salt, body, leaf, *old),
        )
        nodes: list = []
        edge = append(edge, leaf, nodes)
        database.executemany(
            "INSERT INTO nodes VALUES (?, ?, ?)", [(x.level, x.place, x.hash) for x in nodes]
        )
    database.execute("UPDATE head SET size = ?, root = ?", (edge.size, edge.root))
    database.commit()
    database.close()


MOVES = [edit, delete, insert, swap, cut_off]


@pytest.mark.feature("T2")
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_tampering_older_than_a_witnessed_head_is_found_by_the_witness_alone(folder: Path, move):
    with opened(folder) as record:
        seen = witness(None, record.witness_request(0), record.key, is_signed)
        assert isinstance(seen, Witnessed)
        for n in range(4):
            does(record, f"visit-{n}", RecordOutcome(outcome=True), by=BEN)
        key = record.key
    tamper(folder, move, 5)
    # Inside, the insider wins: what was seen last here is theirs to remove.
    RecordPlace(folder).seen.unlink()
    own = verify_workspace(folder)
    clocks = [f for f in own.faults if "taken in before" in f.message]
    assert list(own.faults) == clocks
    heads = folder.parent / "heads"
    heads.mkdir()
    (heads / "1").write_text(seen.note, "utf-8")
    assert not verify_workspace(folder, against=(heads,), key=key.text).whole
    with opened(folder) as record:
        if record.store.head().size >= seen.head.size:
            found = witness(seen.note, record.witness_request(seen.head.size), key, is_signed)
            assert isinstance(found, Alarmed)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_a_receipt_finds_its_own_event_moved_changed_or_gone(folder: Path, move):
    with opened(folder) as record:
        row = next(iter(record.store.kept(7, 8)))
        assert row.filed is not None
        receipt = record.receipt(row.filed.id)
        check_receipt(receipt, row.body, record.key, is_signed)
    tamper(folder, move, 5 if move in (delete, insert, cut_off) else 7)
    RecordPlace(folder).seen.unlink()
    with opened(folder) as record:
        try:
            now = record.receipt(row.filed.id)
        except SaysoError:
            return  # it is gone, and the receipt shows that it was there
        stored = record.store.find(row.filed.id)
        assert stored is not None
        moved = Receipt(receipt.index, receipt.salt, receipt.proof, now.note)
        with pytest.raises(NotACheckpoint):
            check_receipt(moved, row.body, record.key, is_signed)


def test_tampering_newer_than_every_head_is_not_found_and_we_say_so(folder: Path):
    """The window: what was recorded since anybody outside looked can be rewritten."""
    with opened(folder) as record:
        seen = witness(None, record.witness_request(0), record.key, is_signed)
        assert isinstance(seen, Witnessed)
        for n in range(4):
            does(record, f"visit-{n}", RecordOutcome(outcome=True), by=BEN)
    tamper(folder, edit, seen.head.size + 1)
    RecordPlace(folder).seen.unlink()
    with opened(folder) as record:
        found = witness(seen.note, record.witness_request(seen.head.size), record.key, is_signed)
    assert isinstance(found, Witnessed)


def test_a_record_that_is_tampered_with_while_closed_is_not_written_to(folder: Path):
    tamper(folder, edit, 5)
    with pytest.raises(RecordRewritten):
        opened(folder)


def test_a_tree_whose_stored_root_was_bent_is_not_written_to(folder: Path):
    database = sqlite3.connect(folder / "record" / "record.db")
    database.execute("UPDATE head SET root = ?", (bytes(32),))
    database.commit()
    database.close()
    RecordPlace(folder).seen.unlink()
    record = opened(folder)
    with pytest.raises(RecordUnreadable, match="does not give its stored root"):
        does(record, "visit-99", OpenCase())
    record.store.close()
    record.keys.close()
