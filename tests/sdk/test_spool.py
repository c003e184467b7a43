"""The spool keeps what it said it keeps: torn, full, bent, shared, forked."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.errors import SpoolFull, SpoolUnusable
from sayso.sdk import spool as spool_module
from sayso.sdk import waiting as waiting_module
from sayso.sdk.delivery import Delivery
from sayso.sdk.frame import Frame, framed, unframed
from sayso.sdk.spool import SEGMENTS, Spool
from sayso.sdk.waiting import Counts, counts_of, reader_of
from tests.sdk.hands import LONG_AFTER_US, HandServer, Hour, body, reader_in, spool_in


def segments(folder: Path) -> list[Path]:
    return sorted((folder / SEGMENTS).glob("*.seg"))


def send_all(folder: Path, server: HandServer) -> None:
    reader = reader_in(folder)
    Hour().steps(Delivery(reader, server, lambda: 0.5))
    reader.close()


def die(spool: Spool) -> None:
    """What the end of the process does: files are closed, nothing else happens."""
    spool._let_go()  # pyright: ignore[reportPrivateUsage]


@given(st.integers(1, 10**9), st.integers(0, 10**17), st.binary().filter(lambda b: b"\n" not in b))
def test_a_frame_reads_as_it_was_written(number: int, at: int, content: bytes):
    frame = Frame(number, at, content)
    assert unframed(framed(frame)[:-1]) == frame


@given(st.data())
def test_a_frame_with_one_bit_turned_over_is_found_out(data: st.DataObject):
    line = framed(Frame(7, 1_700_000_000_000_000, b'{"a":1}'))[:-1]
    bit = data.draw(st.integers(0, len(line) * 8 - 1))
    bent = bytearray(line)
    bent[bit // 8] ^= 1 << bit % 8
    # The checksum's own letters may turn into their capitals, which read the same.
    assert unframed(bytes(bent)) in (None, unframed(line) if bent.lower() == line else None)


def test_what_was_kept_is_sent_in_order_and_counted(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    for number in range(5):
        spool.append(body(number))
    assert counts_of(tmp_path) == Counts(written=5, waiting=5)
    send_all(tmp_path, server)
    assert server.ids() == [f"id-{n}" for n in range(5)]
    assert counts_of(tmp_path) == Counts(written=5, sent=5)
    spool.close()
    send_all(tmp_path, server)
    assert segments(tmp_path) == []
    assert counts_of(tmp_path) == Counts(written=5, sent=5)


def test_a_record_is_in_the_file_before_the_call_returns(tmp_path: Path):
    spool = spool_in(tmp_path)
    spool.append(body(1))
    assert b'"id-1"' in segments(tmp_path)[0].read_bytes()


def test_in_fsync_mode_the_call_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    waited: list[int] = []
    monkeypatch.setattr(spool_module.os, "fdatasync", waited.append)
    spool_in(tmp_path / "a").append(body(1))
    assert waited == []
    spool_in(tmp_path / "b", sync="fsync").append(body(1))
    assert len(waited) == 1


def test_a_torn_last_record_is_counted_and_nothing_before_it_lost(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    spool.append(body(1))
    spool.append(body(2))
    die(spool)
    with segments(tmp_path)[0].open("ab") as tail:
        tail.write(framed(Frame(3, 0, body(3)))[:20])
    send_all(tmp_path, server)
    assert server.ids() == ["id-1", "id-2"]
    assert counts_of(tmp_path) == Counts(written=2, sent=2, torn=1)


def test_the_half_of_a_record_of_a_living_writer_is_waited_for(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    spool.append(body(1))
    line = framed(Frame(2, 1, body(2)))
    with segments(tmp_path)[0].open("ab") as tail:
        tail.write(line[:9])
        tail.flush()
        send_all(tmp_path, server)
        assert server.ids() == ["id-1"]
        tail.write(line[9:])
    send_all(tmp_path, server)
    assert server.ids() == ["id-1", "id-2"]
    spool.close()


def test_a_record_bent_on_the_disk_is_kept_aside_and_the_rest_is_sent(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    for number in range(3):
        spool.append(body(number))
    die(spool)
    path = segments(tmp_path)[0]
    path.write_bytes(path.read_bytes().replace(b"id-1", b"id-9"))
    send_all(tmp_path, server)
    assert server.ids() == ["id-0", "id-2"]
    counts = counts_of(tmp_path)
    assert counts == Counts(written=3, sent=2, damaged=1)
    assert b"spool-damaged" in (tmp_path / "refused.jsonl").read_bytes()


@settings(deadline=None, max_examples=25)
@given(bit=st.integers(0, 10_000))
def test_one_bit_turned_over_costs_no_more_than_its_own_records(
    tmp_path_factory: pytest.TempPathFactory, bit: int
):
    folder, server = tmp_path_factory.mktemp("spool"), HandServer()
    spool = spool_in(folder)
    for number in range(6):
        spool.append(body(number))
    die(spool)
    path = segments(folder)[0]
    content = bytearray(path.read_bytes())
    content[bit // 8 % len(content)] ^= 1 << bit % 8
    path.write_bytes(content)
    before = counts_of(folder)
    send_all(folder, server)
    after = counts_of(folder)
    originals = [{**one} for one in map(json.loads, (body(n) for n in range(6)))]
    assert all(one in originals for one in server.kept)
    assert len(server.kept) >= 4
    assert (after.dropped, before.dropped) == (0, 0)
    assert after.written == before.written == after.sent + after.damaged
    # A line break that is gone joins the last two, one too many parts the last.
    assert 5 <= after.written + after.torn <= 7


def test_totals_cut_short_by_a_power_cut_do_not_stop_the_sending(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    spool.append(body(1))
    (tmp_path / "totals.json").write_text("")
    send_all(tmp_path, server)
    assert server.ids() == ["id-1"]


def test_a_record_taken_out_of_a_file_shows_in_the_counts(tmp_path: Path):
    spool, server = spool_in(tmp_path), HandServer()
    for number in range(3):
        spool.append(body(number))
    die(spool)
    path = segments(tmp_path)[0]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    assert counts_of(tmp_path).dropped == 1
    send_all(tmp_path, server)
    assert counts_of(tmp_path) == Counts(written=3, sent=2, dropped=1)


def test_a_full_spool_raises_and_takes_writes_again_once_it_was_sent(tmp_path: Path):
    spool = spool_in(tmp_path, when_full="raise", most_bytes=1_000, segment_bytes=400)

    def fill() -> None:
        for number in range(100):
            spool.append(body(number))

    with pytest.raises(SpoolFull, match="not recorded"):
        fill()
    kept = spool.written
    assert 0 < kept < 100
    server = HandServer()
    send_all(tmp_path, server)
    assert len(server.kept) == kept
    spool.append(body(200))
    send_all(tmp_path, server)
    counts = counts_of(tmp_path)
    assert (counts.written, counts.sent, counts.dropped) == (kept + 1, kept + 1, 0)


def test_a_full_spool_blocks_until_there_is_room(tmp_path: Path):
    spool = spool_in(tmp_path, when_full="block", most_bytes=600, segment_bytes=300)
    server, done = HandServer(), threading.Event()

    def write() -> None:
        for number in range(40):
            spool.append(body(number))
        spool.close()
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.wait(0.001):
        send_all(tmp_path, server)
    thread.join()
    send_all(tmp_path, server)
    assert server.ids() == [f"id-{n}" for n in range(40)]
    assert counts_of(tmp_path) == Counts(written=40, sent=40)


@pytest.mark.parametrize("half", [True, False])
def test_a_full_disk_is_a_full_spool_and_leaves_no_half_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bool
):
    spool, server = spool_in(tmp_path, when_full="raise"), HandServer()
    spool.append(body(1))
    write = os.write

    def no_room(handle: int, content: bytes) -> int:
        if half:
            return write(handle, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool_module.os, "write", no_room)
    with pytest.raises(SpoolFull):
        spool.append(body(2))
    monkeypatch.undo()
    spool.append(body(3))
    spool.close()
    send_all(tmp_path, server)
    assert server.ids() == ["id-1", "id-3"]
    assert counts_of(tmp_path) == Counts(written=2, sent=2)


def test_a_disk_that_fails_says_so_and_nothing_is_called_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    spool = spool_in(tmp_path)
    spool.append(body(1))

    def broken(handle: int, content: bytes) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(spool_module.os, "write", broken)
    with pytest.raises(SpoolUnusable, match="not recorded"):
        spool.append(body(2))
    assert spool.written == 1


def test_only_one_process_sends_at_a_time(tmp_path: Path):
    spool_in(tmp_path)
    first = reader_in(tmp_path)
    assert reader_of(tmp_path) is None
    first.close()
    reader_in(tmp_path).close()


def test_an_empty_file_whose_writer_is_about_to_take_it_is_not_pulled_away(tmp_path: Path):
    """Between making its file and locking it, a writer looks dead to whoever sends."""
    spool = spool_in(tmp_path)
    flock, took_away = spool_module.fcntl.flock, []

    def late(handle: int, how: int) -> None:
        if not took_away:
            took_away.append(True)
            send_all(tmp_path, HandServer())
            assert segments(tmp_path) == []
        flock(handle, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool_module.fcntl, "flock", late)
        spool.append(body(1))
    server = HandServer()
    send_all(tmp_path, server)
    assert server.ids() == ["id-1"]


def test_an_empty_file_is_held_until_it_is_gone(tmp_path: Path):
    """The writer comes for its file after it was found empty, and before it is removed."""
    spool, server = spool_in(tmp_path), HandServer()
    made, go = threading.Event(), threading.Event()
    flock, write_whole = spool_module.fcntl.flock, waiting_module._write_whole  # pyright: ignore[reportPrivateUsage]
    writer = threading.Thread(target=spool.append, args=(body(1),))

    def late(handle: int, how: int) -> None:
        if threading.current_thread() is writer and not made.is_set():
            made.set()
            go.wait(5)
        flock(handle, how)

    def interrupted(path: Path, plain: object) -> None:
        go.set()
        writer.join(0.1)
        write_whole(path, plain)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool_module.fcntl, "flock", late)
        patch.setattr(waiting_module, "_write_whole", interrupted)
        writer.start()
        assert made.wait(5)
        send_all(tmp_path, server)
        writer.join()
    send_all(tmp_path, server)
    assert server.ids() == ["id-1"]


def test_a_spool_that_one_file_fills_takes_writes_again_once_it_was_sent(tmp_path: Path):
    spool = spool_in(tmp_path, when_full="raise", most_bytes=400, segment_bytes=400)

    def fill() -> None:
        for number in range(100):
            spool.append(body(number))

    with pytest.raises(SpoolFull):
        fill()
    send_all(tmp_path, HandServer())
    spool.append(body(200))
    assert counts_of(tmp_path).waiting == 1


def test_a_child_writes_to_a_file_of_its_own(tmp_path: Path):
    spool = spool_in(tmp_path)
    spool.append(body(1))
    child = os.fork()
    if child == 0:
        spool.after_fork()
        spool.append(body(2))
        os._exit(0)
    os.waitpid(child, 0)
    spool.append(body(3))
    assert len(segments(tmp_path)) == 2
    server = HandServer()
    send_all(tmp_path, server)
    assert sorted(server.ids()) == ["id-1", "id-2", "id-3"]
    assert counts_of(tmp_path) == Counts(written=3, sent=3)


def test_what_one_process_wrote_first_is_sent_before_what_another_wrote_then(tmp_path: Path):
    one, two, server = spool_in(tmp_path), spool_in(tmp_path), HandServer()
    for number in range(0, 20, 2):
        one.append(body(number))
        two.append(body(number + 1))
    send_all(tmp_path, server)
    assert server.ids() == [f"id-{n}" for n in range(20)]


def test_a_record_of_this_very_moment_waits_for_elders_in_other_files(tmp_path: Path):
    one, two = spool_in(tmp_path), spool_in(tmp_path)
    one.append(body(1))
    two.append(body(2))
    reader = reader_in(tmp_path)
    # Looked at as of long before they were written: as if both came after the look began.
    assert [w.plain["n"] for w in reader.look(LONG_AFTER_US, 100)] == [1, 2]
    early = reader._files  # pyright: ignore[reportPrivateUsage]
    began = min(q.written_us for f in early.values() for q in f.queue)
    assert reader.look(began, 100) == []
    reader.close()


def test_files_that_were_counted_but_not_yet_removed_are_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Killed between the totals and the removal of the file that they count."""
    spool, server = spool_in(tmp_path), HandServer()
    spool.append(body(1))
    spool.close()
    reader = reader_in(tmp_path)
    monkeypatch.setattr(reader, "_remove", lambda name: None)
    Hour().steps(Delivery(reader, server, lambda: 0.5), most=1)
    reader.close()
    assert len(segments(tmp_path)) == 1
    assert counts_of(tmp_path) == Counts(written=1, sent=1)
    send_all(tmp_path, server)
    assert segments(tmp_path) == []
    assert counts_of(tmp_path) == Counts(written=1, sent=1)
    assert server.asked == [["id-1"]]


DEEDS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 2), st.integers(0, 3)),
    st.tuples(st.just("die"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("step"), st.sampled_from(["well", "lost", "away", 503, 401]), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)


@settings(deadline=None, max_examples=60)
@given(deeds=st.lists(DEEDS, max_size=40))
def test_whatever_happens_everything_kept_arrives_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, object, object]]
):
    """Against a model: three writers that die, a sender that restarts, a server that fails."""
    folder, server, hour = tmp_path_factory.mktemp("spool"), HandServer(), Hour()
    writers = [spool_in(folder, segment_bytes=300) for _ in range(3)]
    reader = reader_in(folder)
    delivery = Delivery(reader, server, lambda: 0.5)
    kept: list[tuple[str, str]] = []
    torn = 0
    for what, one, two in deeds:
        if what == "write":
            assert isinstance(one, int)
            number, case = len(kept), f"c-{two}"
            writers[one].append(body(number, case))
            kept.append((case, f"id-{number}"))
        elif what == "die":
            assert isinstance(one, int)
            spool = writers[one]
            if two and spool._handle >= 0:  # pyright: ignore[reportPrivateUsage]
                os.write(spool._handle, framed(Frame(999, 0, b"{}"))[:6])  # pyright: ignore[reportPrivateUsage]
                torn += 1
            die(spool)
        elif what == "step":
            server.plan = [] if one == "well" else [one]  # pyright: ignore[reportAttributeAccessIssue]
            hour.seconds += delivery.step(hour.seconds, LONG_AFTER_US)
            server.plan = []
        else:
            reader.close()
            reader = reader_in(folder)
            delivery = Delivery(reader, server, lambda: 0.5)
        counts = counts_of(folder)
        assert counts.written == len(kept)
        assert counts.written == counts.sent + counts.waiting
        assert counts.dropped == counts.damaged == counts.refused == 0
        assert counts.sent <= len(server.kept)
    for spool in writers:
        die(spool)
    hour.steps(delivery)
    reader.close()
    assert sorted(server.ids()) == sorted(name for _, name in kept)
    for case in {case for case, _ in kept}:
        came = [one["id"] for one in server.kept if one["case"] == case]
        assert came == [name for of, name in kept if of == case]
    assert counts_of(folder) == Counts(written=len(kept), sent=len(kept), torn=torn)
