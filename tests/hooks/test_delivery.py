"""Events reach a receiver in their order, at least once, signed, and never before they may be seen."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.domain.errors_hooks import HookRefused
from sayso.record.commands import AskAdvice, Choose, FileContest, GiveAdvice, OpenCase, SealPrior
from sayso.record.terms import Target
from sayso.workspace import hooks_delivery
from sayso.workspace.hooks import Hook, list_hooks, progress_of, remove_hook, send_again
from sayso.workspace.hooks_message import Message
from sayso.workspace.hooks_post import Postman
from sayso.workspace.record import Record
from sayso.workspace.record_care import erase
from tests.hooks.receivers import Receiver, courier, deliver, hook_to, quick, receiving
from tests.record.case_life_cases import ANN, BEN
from tests.record.workspaces import NOW, does, opened, workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "w")


@pytest.fixture
def record(folder: Path) -> Iterator[Record]:
    with opened(folder) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def everything(record: Record) -> list[str]:
    return [r.event.id for r in record.store.events(0, 10_000)]


@pytest.mark.feature("I4")
def test_every_event_arrives_once_and_in_the_order_of_the_record(
    folder: Path, record: Record, receiver: Receiver
):
    hook, taker = hook_to(folder, receiver.url), courier(folder, record)
    for number in range(4):
        does(record, f"visit-{number}", OpenCase(), Choose(answer="bring"))
        deliver(taker, hook)
    visible, _ = record.events(0, 1000, hooks_delivery.Reader.PARTY)
    assert receiver.ids == [r.event.id for r in visible]
    assert progress_of(folder, hook.id).next == record.store.head().size


def test_a_message_is_signed_over_its_id_its_time_and_what_it_says(
    folder: Path, record: Record, receiver: Receiver
):
    hook = hook_to(folder, receiver.url)
    deliver(courier(folder, record), hook)
    came = receiver.came[0]
    stamp, name = came.headers["webhook-timestamp"], came.headers["webhook-id"]
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{name}.{stamp}.".encode() + came.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert came.headers["webhook-signature"] == f"v1,{expected}"
    assert int(stamp) == int(NOW.timestamp())
    assert came.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_the_signature_is_that_of_the_standards_own_example():
    """The values of the Standard Webhooks specification's reference tests."""
    from sayso.workspace.hooks_message import signature

    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_says_that_it_happened_and_no_text_unless_whole_events_are_asked_for(
    folder: Path, record: Record, receiver: Receiver
):
    does(record, "visit-1", OpenCase(inputs=(("fault_code", "E-12"),)))
    does(record, "visit-1", FileContest(target=Target.CHARTER, text="He cried"), by=BEN)
    thin = hook_to(folder, f"{receiver.url}/thin")
    whole = hook_to(folder, f"{receiver.url}/whole", whole=True)
    for hook in (thin, whole):
        deliver(courier(folder, record), hook)
    said = [r for r in receiver.came if r.path == "/thin"]
    assert not any(word in r.body for r in said for word in (b"He cried", b"E-12", b"ben"))
    assert {r.plain["data"]["case"] for r in said} == {None, "visit-1"}
    assert set(said[-1].plain) == {"type", "timestamp", "data"}
    told = [r.body for r in receiver.came if r.path == "/whole"]
    assert any(b"He cried" in body for body in told)


def test_a_first_view_is_told_of_and_never_said_even_to_a_hook_that_gets_whole_events(
    folder: Path, record: Record, receiver: Receiver
):
    hook, taker = hook_to(folder, receiver.url, whole=True), courier(folder, record)
    for number in range(40):
        case = f"visit-{number}"
        does(record, case, OpenCase(inputs=(("stock_low", False),)))
        state = record.store.state_of("first-visit-part", case)
        assert state is not None
        if state.sealed:
            does(record, case, SealPrior(answer="leave", confidence=0.612))
            break
    deliver(taker, hook)
    given = [r for r in receiver.came if r.plain["type"] == "prior.sealed"]
    assert [r.plain["data"]["case"] for r in given] == [case]
    assert not any(b"0.612" in r.body or b"leave" in r.body for r in receiver.came)


def test_only_what_was_asked_for_is_sent(folder: Path, record: Record, receiver: Receiver):
    does(record, "visit-1", OpenCase(), Choose(answer="bring"))
    one = hook_to(folder, receiver.url, decisions=["first-visit-part"], kinds=["choice.made"])
    other = hook_to(folder, receiver.url, decisions=["another"])
    for hook in (one, other):
        deliver(courier(folder, record), hook)
    assert receiver.kinds == ["choice.made"]


def test_a_hook_is_told_of_what_follows_its_beginning(
    folder: Path, record: Record, receiver: Receiver
):
    does(record, "visit-1", OpenCase())
    hook = hook_to(folder, receiver.url, since=record.store.head().size)
    deliver(courier(folder, record), hook)
    assert receiver.came == []
    does(record, "visit-2", OpenCase())
    deliver(courier(folder, record), hook)
    assert {r.plain["data"]["case"] for r in receiver.came} == {"visit-2"}


# --- sealed and withheld ---


def leaks(folder: Path, record: Record, receiver: Receiver) -> int:
    """Messages that told of advice in a case in which it was not shown at that moment."""
    hook, taker = hook_to(folder, receiver.url, whole=True), courier(folder, record)
    found, sealed, withheld = 0, 0, 0
    for number in range(24):
        case = f"visit-{number}"
        does(record, case, OpenCase(inputs=(("stock_low", False),)))
        does(record, case, GiveAdvice(answer="bring", source="parts-model", confidence=0.731))
        deliver(taker, hook)
        state = record.store.state_of("first-visit-part", case)
        assert state is not None
        assert state.draw is not None
        about = [r for r in receiver.came if r.plain["data"]["case"] == case]
        found += sum(b"0.731" in r.body or b"holdback" in r.body for r in about)
        if state.sealed:
            sealed += 1
            does(record, case, SealPrior(answer="leave"))
        if not state.draw.show:
            withheld += 1
            does(record, case, AskAdvice(), Choose(answer="leave"))
            deliver(taker, hook)
            about = [r for r in receiver.came if r.plain["data"]["case"] == case]
            found += sum(b"0.731" in r.body or b"holdback.drawn" in r.body for r in about)
    assert sealed > 3
    assert withheld > 3
    return found


def test_advice_that_is_sealed_or_withheld_is_never_told(
    folder: Path, record: Record, receiver: Receiver
):
    assert leaks(folder, record, receiver) == 0


def test_a_courier_that_reads_as_nobody_in_particular_is_found_out(
    folder: Path, record: Record, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    def all_of_it(self: Record, since: int, most: int, reader: object):
        page = self.store.events(since, most)
        return page, since + len(page)

    monkeypatch.setattr(Record, "events", all_of_it)
    assert leaks(folder, record, receiver) > 0


# --- trouble ---


def test_a_receiver_that_fails_is_tried_again_with_the_same_id_and_nothing_overtakes(
    folder: Path, record: Record, receiver: Receiver
):
    receiver.answers = lambda number: 500 if number in (2, 3) else 200
    hook = hook_to(folder, receiver.url)
    does(record, "visit-1", OpenCase(), Choose(answer="bring"))
    deliver(courier(folder, record), hook)
    ids = receiver.ids
    assert ids[1] == ids[2] == ids[3]
    assert list(dict.fromkeys(ids)) == [i for i in everything(record) if i in ids]
    assert progress_of(folder, hook.id).dead == ()


def test_waits_between_tries_grow(folder: Path, record: Record, receiver: Receiver):
    receiver.answers = lambda number: 500
    hook = hook_to(folder, receiver.url)
    taker = courier(folder, record, waits=hooks_delivery.WAITS)
    waits = [asyncio.run(taker.step(hook)) for _ in hooks_delivery.WAITS]
    assert waits == list(hooks_delivery.WAITS)
    assert sorted(waits) == waits


def test_what_never_arrives_is_kept_and_what_follows_goes_on(
    folder: Path, record: Record, receiver: Receiver
):
    does(record, "visit-1", OpenCase(), Choose(answer="bring"))
    first = everything(record)[0]
    receiver.answers = lambda number: 500 if receiver.ids[-1] == first else 200
    hook = hook_to(folder, receiver.url)
    deliver(courier(folder, record), hook)
    progress = progress_of(folder, hook.id)
    assert [(d.index, d.why) for d in progress.dead] == [(0, "status-500")]
    assert progress.next == record.store.head().size
    assert receiver.ids.count(first) == 3


def test_a_dead_letter_is_sent_again_when_somebody_says_so_and_then_forgotten(
    folder: Path, record: Record, receiver: Receiver
):
    receiver.answers = lambda number: 500
    hook = hook_to(folder, receiver.url, kinds=["case.opened"])
    does(record, "visit-1", OpenCase())
    does(record, "visit-2", OpenCase())
    deliver(courier(folder, record), hook)
    dead = [d.index for d in progress_of(folder, hook.id).dead]
    assert len(dead) == 2
    assert send_again(folder, hook.id, [dead[1]], NOW.date()) == 1
    receiver.answers = lambda number: 204
    receiver.came.clear()
    deliver(courier(folder, record), hook)
    assert [r.plain["data"]["case"] for r in receiver.came] == ["visit-2"]
    assert [d.index for d in progress_of(folder, hook.id).dead] == dead[:1]
    assert send_again(folder, hook.id, [], NOW.date()) == 1
    deliver(courier(folder, record), hook)
    assert progress_of(folder, hook.id).dead == ()


def test_a_dead_letter_that_fails_again_stays_one(folder: Path, record: Record, receiver: Receiver):
    receiver.answers = lambda number: 404
    hook = hook_to(folder, receiver.url, kinds=["seed.committed"])
    deliver(courier(folder, record), hook)
    send_again(folder, hook.id, [], NOW.date())
    receiver.answers = lambda number: 410
    deliver(courier(folder, record), hook)
    progress = progress_of(folder, hook.id)
    assert [d.why for d in progress.dead] == ["status-410"]
    assert progress.again == ()


def test_so_many_dead_letters_that_somebody_has_to_look_hold_the_hook(
    folder: Path, record: Record, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hooks_delivery, "MOST_DEAD", 2)
    receiver.answers = lambda number: 500
    hook = hook_to(folder, receiver.url)
    does(record, "visit-1", OpenCase(), Choose(answer="bring"))
    deliver(courier(folder, record), hook)
    progress = progress_of(folder, hook.id)
    assert (len(progress.dead), progress.next < record.store.head().size) == (2, True)


def test_whoever_was_erased_meanwhile_is_not_in_what_is_sent_again(
    folder: Path, record: Record, receiver: Receiver
):
    receiver.answers = lambda number: 500
    hook = hook_to(folder, receiver.url, kinds=["contest.filed"], whole=True)
    does(record, "visit-1", OpenCase())
    does(record, "visit-1", FileContest(target=Target.CHARTER, text="He cried"), by=BEN)
    deliver(courier(folder, record), hook)
    assert b"He cried" in receiver.came[0].body
    erase(record, "ben", ANN, approved_by="cleo", authority="a request")
    receiver.came.clear()
    send_again(folder, hook.id, [], NOW.date())
    deliver(courier(folder, record), hook)
    assert receiver.came
    assert b"He cried" not in receiver.came[0].body
    kept = "".join(p.read_text("utf-8") for p in (folder / ".sayso" / "hooks").glob("*.json"))
    assert "cried" not in kept


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_detour_is_taken(folder: Path, record: Record, receiver: Receiver, status: int):
    receiver.answers = lambda number: status
    hook = hook_to(folder, receiver.url, kinds=["seed.committed"])
    deliver(courier(folder, record), hook)
    assert {r.path for r in receiver.came} == {"/"}
    assert [d.why for d in progress_of(folder, hook.id).dead] == [f"status-{status}"]


def test_a_receiver_that_says_nothing_is_left_after_a_time(
    folder: Path, record: Record, receiver: Receiver
):
    receiver.answers = lambda number: None
    hook = hook_to(folder, receiver.url, kinds=["seed.committed"])
    deliver(courier(folder, record, postman=quick(), waits=()), hook)
    assert [d.why for d in progress_of(folder, hook.id).dead] == ["too-slow"]


def test_a_receiver_that_is_slow_holds_up_no_other(
    folder: Path, record: Record, receiver: Receiver
):
    with receiving() as slow:
        slow.answers = lambda number: None
        hook_to(folder, slow.url)
        quick_one = hook_to(folder, receiver.url)
        does(record, "visit-1", OpenCase())

        async def a_while() -> None:
            over = asyncio.Event()
            running = asyncio.create_task(courier(folder, record).run(over))
            while progress_of(folder, quick_one.id).next < record.store.head().size:
                await asyncio.sleep(0.01)
            over.set()
            await running

        asyncio.run(asyncio.wait_for(a_while(), 20))
        assert len(slow.came) == 1


def test_hooks_that_come_and_go_are_noticed_by_the_server_that_runs(
    folder: Path, record: Record, receiver: Receiver
):
    async def a_while() -> None:
        over = asyncio.Event()
        running = asyncio.create_task(courier(folder, record).run(over))
        hook = hook_to(folder, receiver.url)
        while not receiver.came:
            await asyncio.sleep(0.01)
        remove_hook(folder, hook.id, NOW.date())
        over.set()
        await running

    asyncio.run(asyncio.wait_for(a_while(), 20))
    assert list_hooks(folder) == []
    assert not list((folder / ".sayso" / "hooks").glob("*.json"))


def test_a_hook_that_was_removed_while_its_event_was_under_way_does_not_come_back(
    folder: Path, record: Record, receiver: Receiver
):
    hook = hook_to(folder, receiver.url)

    def answers(number: int) -> int:
        remove_hook(folder, hook.id, NOW.date())
        return 200

    receiver.answers = answers
    with pytest.raises(HookRefused):
        asyncio.run(courier(folder, record).step(hook))
    assert not list((folder / ".sayso" / "hooks").glob("*.json"))


class Killed(BaseException):
    """The process ends here."""


class Mortal(Postman):
    """A postman that ends with its process before it sends its second message."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0

    async def post(self, hook: Hook, message: Message) -> str:
        self.sent += 1
        if self.sent == 2:
            raise Killed
        return await super().post(hook, message)


def lost_when_killed(folder: Path, record: Record, receiver: Receiver) -> set[str]:
    """End a courier just before, and just after, each second message; what never arrived."""
    hook = hook_to(folder, receiver.url)
    for number in range(5):
        does(record, f"visit-{number}", OpenCase(), Choose(answer="bring"))
    for trial in range(60):
        taker = courier(folder, record, postman=Mortal() if trial % 2 else None)
        change, count = taker._change, iter(range(100))

        def maybe(*arguments: object, change=change, count=count, trial=trial):
            if next(count) == 1 and trial % 2 == 0:
                raise Killed
            return change(*arguments)

        taker._change = maybe  # pyright: ignore[reportAttributeAccessIssue]
        try:
            deliver(taker, hook)
        except Killed:
            continue
        break
    visible, _ = record.events(0, 1000, hooks_delivery.Reader.PARTY)
    return {r.event.id for r in visible} - set(receiver.ids)


def test_a_courier_that_is_killed_again_and_again_loses_nothing(
    folder: Path, record: Record, receiver: Receiver
):
    assert lost_when_killed(folder, record, receiver) == set()
    assert len(receiver.ids) > len(set(receiver.ids))


def test_a_courier_that_notes_before_it_sends_is_found_out(
    folder: Path, record: Record, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    real = hooks_delivery.Courier._sent

    async def early(self: hooks_delivery.Courier, hook, recorded):
        self._change(hook, lambda p: replace(p, next=recorded.index + 1))
        return await real(self, hook, recorded)

    monkeypatch.setattr(hooks_delivery.Courier, "_sent", early)
    assert lost_when_killed(folder, record, receiver) != set()


def test_without_a_record_there_is_nothing_to_tell(folder: Path, receiver: Receiver):
    hook = hook_to(folder, receiver.url)
    deliver(courier(folder, None), hook)
    assert receiver.came == []


def test_progress_of_a_hook_is_private_and_says_no_time(folder: Path, record: Record):
    hook = hook_to(folder, "http://127.0.0.1:9/x")
    for file in (folder / ".sayso" / "hooks.json", folder / ".sayso" / "hooks" / f"{hook.id}.json"):
        assert file.stat().st_mode & 0o077 == 0
        json.loads(file.read_text("utf-8"))
