"""Sending: in order per case, again after trouble, never past what was not answered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sayso.sdk.delivery import LONGEST_WAIT, ORDER_TRIES, Delivery
from sayso.sdk.server import MOST_WRITES, Reply
from sayso.sdk.waiting import Counts, Waiting, counts_of, refused_in
from tests.sdk.hands import LONG_AFTER_US, HandServer, Hour, body, reader_in, spool_in


def delivery_of(folder: Path, server: HandServer, *bodies: bytes) -> Delivery:
    spool = spool_in(folder)
    for one in bodies:
        spool.append(one)
    return Delivery(reader_in(folder), server, lambda: 1.0)


def numbers(server: HandServer) -> list[int]:
    return [one["n"] for one in server.kept]


def test_a_server_that_is_away_is_asked_again_later_and_later(tmp_path: Path):
    server, hour = HandServer(), Hour()
    delivery = delivery_of(tmp_path, server, body(1))
    server.plan = ["away"] * 12
    waits = hour.steps(delivery)
    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert waits[10:12] == [LONGEST_WAIT, LONGEST_WAIT]
    assert numbers(server) == [1]
    assert delivery.trouble == ""


def test_programs_that_lost_the_server_together_do_not_come_back_together(tmp_path: Path):
    server = HandServer()
    server.plan = ["away"] * 9
    spool_in(tmp_path).append(body(1))
    early, late = iter([0.0] * 9), iter([0.99] * 9)
    reader = reader_in(tmp_path)
    waits = [
        [d.step(0.0, LONG_AFTER_US) for _ in range(3)]
        for d in (
            Delivery(reader, server, lambda: next(early)),
            Delivery(reader, server, lambda: next(late)),
        )
    ]
    assert waits[0] == pytest.approx([0.05, 0.1, 0.2])
    assert all(a < b for a, b in zip(*waits, strict=True))


@pytest.mark.parametrize("status", [500, 502, 503, 429, 401, 403, 404, "away"])
def test_nothing_is_given_up_for_the_trouble_of_a_whole_request(tmp_path: Path, status: int | str):
    server = HandServer()
    delivery = delivery_of(tmp_path, server, body(1), body(2))
    server.plan = [status] * 5
    for _ in range(5):
        delivery.step(0.0, LONG_AFTER_US)
    assert counts_of(tmp_path) == Counts(written=2, waiting=2)
    assert delivery.trouble
    Hour().steps(delivery)
    assert numbers(server) == [1, 2]
    assert refused_in(tmp_path) == []


def test_an_answer_that_was_lost_leads_to_the_same_again_and_nothing_twice(tmp_path: Path):
    server = HandServer()
    delivery = delivery_of(tmp_path, server, body(1), body(2))
    server.plan = ["lost", "lost"]
    Hour().steps(delivery)
    assert server.asked == [["id-1", "id-2"]] * 3
    assert numbers(server) == [1, 2]
    assert counts_of(tmp_path) == Counts(written=2, sent=2)


class _Early(Delivery):
    """The seeded bug: the cursor moves before the server has answered."""

    def step(self, now: float, now_us: int) -> float:
        for one in self._reader.look(now_us, 100):
            one.outcome = "sent"
        self._reader.settle()
        return super().step(now, now_us)


@pytest.mark.parametrize(("kind", "lost"), [(Delivery, 0), (_Early, 2)])
def test_a_cursor_that_moves_before_the_answer_is_found_out(
    tmp_path: Path, kind: type[Delivery], lost: int
):
    """The process ends while the server is away; another one goes on."""
    server = HandServer()
    spool = spool_in(tmp_path)
    for number in range(2):
        spool.append(body(number))
    reader = reader_in(tmp_path)
    server.plan = ["away"]
    kind(reader, server, lambda: 1.0).step(0.0, LONG_AFTER_US)
    reader.close()
    Hour().steps(Delivery(reader_in(tmp_path), server, lambda: 1.0))
    assert 2 - len(server.kept) == lost


def test_what_is_refused_for_good_lies_in_a_file_with_its_problem(tmp_path: Path):
    server = HandServer()
    delivery = delivery_of(tmp_path, server, body(1), body(2), body(3))
    server.problems["id-2"] = [(409, "choice-twice")] * 99
    Hour().steps(delivery)
    assert numbers(server) == [1, 3]
    assert counts_of(tmp_path) == Counts(written=3, sent=2, refused=1)
    (one,) = refused_in(tmp_path)
    assert one["write"]["id"] == "id-2"
    assert one["problem"]["code"] == "choice-twice"


def test_a_refusal_that_may_come_of_an_elder_write_is_not_believed(tmp_path: Path):
    """The first view could not be stored just then, so the question behind it was refused."""
    server = HandServer()
    prior, question = body(1, verb="prior"), body(2, verb="ask-advice")
    delivery = delivery_of(tmp_path, server, prior, question, body(3, "other"))
    server.problems = {"id-1": [(503, "record-unwritable")], "id-2": [(422, "prior-first")]}
    Hour().steps(delivery)
    assert numbers(server) == [3, 1, 2]
    assert counts_of(tmp_path) == Counts(written=3, sent=3)


def test_one_write_that_is_held_up_holds_up_its_case_alone(tmp_path: Path):
    server, hour = HandServer(), Hour()
    prior, choice = body(1, "a", verb="prior"), body(2, "a", verb="choice")
    delivery = delivery_of(tmp_path, server, prior, choice, body(3, "b"))
    server.problems["id-1"] = [(503, "record-unwritable")] * 3
    hour.steps(delivery)
    assert numbers(server) == [3, 1, 2]


def test_a_case_that_another_spool_opens_is_waited_for(tmp_path: Path):
    server, hour = HandServer(), Hour()
    delivery = delivery_of(tmp_path, server, body(1), body(2, "other"))
    server.problems["id-1"] = [(422, "case-not-opened")] * 3
    hour.steps(delivery)
    assert numbers(server) == [2, 1]
    assert refused_in(tmp_path) == []
    assert hour.seconds > 3


def test_a_case_that_nobody_opens_is_refused_in_the_end(tmp_path: Path):
    server, hour = HandServer(), Hour()
    delivery = delivery_of(tmp_path, server, body(1))
    server.problems["id-1"] = [(422, "case-not-opened")] * 99
    hour.steps(delivery, most=2000)
    assert len(refused_in(tmp_path)) == 1
    assert len(server.asked) == ORDER_TRIES + 1
    assert 60 < hour.seconds < 300


def test_an_outcome_is_sent_under_the_version_its_case_has(tmp_path: Path):
    server = HandServer()
    server.version = 3
    delivery = delivery_of(tmp_path, server, body(1, verb="outcome", charter_version=4))
    server.problems["id-1"] = [(409, "charter-stale")]
    Hour().steps(delivery)
    assert [one["charter_version"] for one in server.kept] == [3]


def test_a_case_is_not_opened_under_a_version_that_its_decider_did_not_see(tmp_path: Path):
    """Advice may have been shown under the old charter: no coin is tossed for it afterwards."""
    server = HandServer()
    server.version = 3
    delivery = delivery_of(tmp_path, server, body(1, verb="open", charter_version=2))
    server.problems["id-1"] = [(409, "charter-stale")] * 9
    Hour().steps(delivery)
    assert server.kept == []
    assert [one["problem"]["code"] for one in refused_in(tmp_path)] == ["charter-stale"]


@pytest.mark.parametrize(("shown", "told"), [(None, 1), ({"answer": "x"}, 0)])
def test_advice_that_was_shown_against_the_record_is_told(tmp_path: Path, shown: object, told: int):
    """The charter's text changed under its old version, and now withholds."""
    server = HandServer()
    server.case = {"shown": shown}
    Hour().steps(delivery_of(tmp_path, server, body(1, verb="ask-advice"), body(2)))
    found = [one["problem"]["code"] for one in refused_in(tmp_path)]
    assert found == ["shown-though-withheld"] * told
    assert counts_of(tmp_path) == Counts(written=2, sent=2)


def test_a_write_that_spoils_its_batch_is_found_and_kept_aside(tmp_path: Path):
    class Fussy(HandServer):
        def batch(self, writes: Sequence[bytes]) -> Reply:
            if any(b"poison" in w for w in writes):
                self.plan.insert(0, 400)
            return super().batch(writes)

    server = Fussy()
    bodies = [body(n, text="poison" if n == 5 else "") for n in range(9)]
    Hour().steps(delivery_of(tmp_path, server, *bodies))
    assert numbers(server) == [0, 1, 2, 3, 4, 6, 7, 8]
    assert [one["write"]["n"] for one in refused_in(tmp_path)] == [5]


def test_batches_hold_no_more_than_the_server_takes(tmp_path: Path):
    server = HandServer()
    large = [body(n, str(n), text="x" * 900_000) for n in range(6)]
    small = [body(n, str(n)) for n in range(10, 1210)]
    Hour().steps(delivery_of(tmp_path, server, *large, *small))
    assert len(server.kept) == 1206
    assert max(len(ids) for ids in server.asked) <= MOST_WRITES
    assert max(server.sizes) <= 4 << 20


def test_answers_that_make_no_sense_are_no_answers(tmp_path: Path):
    class Odd(HandServer):
        def batch(self, writes: Sequence[bytes]) -> Reply:
            reply = super().batch(writes)
            if len(self.asked) == 1:
                reply.body["answers"].pop()  # pyright: ignore[reportAttributeAccessIssue]
            return reply

    server = Odd()
    Hour().steps(delivery_of(tmp_path, server, body(1), body(2)))
    assert counts_of(tmp_path) == Counts(written=2, sent=2)
    assert len(server.asked) == 2


def test_a_spool_whose_disk_takes_no_cursor_sends_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    server = HandServer()
    delivery = delivery_of(tmp_path, server, body(1))

    def full(path: Path, plain: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sayso.sdk.waiting._write_whole", full)
        with pytest.raises(OSError, match="No space"):
            delivery.step(0.0, LONG_AFTER_US)
    assert counts_of(tmp_path).waiting == 1
    Hour().steps(delivery)
    assert counts_of(tmp_path) == Counts(written=1, sent=1)
    assert numbers(server) == [1]


def test_a_waiting_record_names_its_case():
    one = Waiting("f", 0, 1, 0, b"", {"decision": "d", "case": "c"})
    assert one.case == ("d", "c")
