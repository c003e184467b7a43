"""Writing through the door: taken once, answered with the case, refused by name."""

import asyncio
import threading
from concurrent.futures import Future

import pytest

from sayso.api.mailbox import Mailbox
from sayso.record.asked import VERBS
from tests.api.doors import PATHS, SLUG, Door, code, new_id, write


def test_a_case_is_decided_from_opening_to_outcome(door: Door):
    case = door.case_of(sealed=True)
    told = door.does(case, "prior", "advice", "ask-advice", "open-advice", "choice", "outcome")
    assert told["case"]["choice"] == "bring"
    assert told["case"]["outcome_known"] is True
    read = door.get(f"/v1/case?decision={SLUG}&case={case}")
    assert read.status_code == 200
    assert read.json() == told["case"]


def test_the_same_command_again_is_recorded_once(door: Door):
    plain = write("open")
    first = door.post("/v1/cases", plain)
    size = door.size()
    again = door.post("/v1/cases", plain)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["again"], again.json()["again"]) == (False, True)
    assert first.json()["index"] == again.json()["index"]
    assert first.json()["recorded_at"] == again.json()["recorded_at"]
    assert door.size() == size


def test_the_same_id_with_other_content_is_a_conflict(door: Door):
    plain = write("open")
    door.post("/v1/cases", plain)
    size = door.size()
    for other in ({**plain, "case": "visit-2"}, {**plain, "team": "north"}):
        answer = door.post("/v1/cases", other)
        assert (answer.status_code, code(answer)) == (409, "key-reused")
    answer = door.post("/v1/prior-skips", plain)
    assert (answer.status_code, code(answer)) == (409, "key-reused")
    assert door.size() == size


def test_a_header_with_the_key_has_to_be_the_id(door: Door):
    plain = write("open")
    wrong = door.post("/v1/cases", plain, headers={"idempotency-key": new_id()})
    assert (wrong.status_code, code(wrong)) == (400, "request-invalid")
    right = door.post("/v1/cases", plain, headers={"idempotency-key": plain["id"]})
    assert right.status_code == 201


def test_a_batch_answers_each_write_by_itself_and_in_order(door: Door):
    writes = [
        {"verb": "open", **write("open", "a")},
        {"verb": "choice", **write("choice", "never-opened")},
        {"verb": "nothing", **write("open", "b")},
        "no object",
        {"verb": "choice", **write("choice", "a")},
        {"verb": "open", **write("open", "c")},
    ]
    writes.append(writes[0])
    told = door.post("/v1/batch", {"writes": writes})
    assert told.status_code == 200
    answers = told.json()["answers"]
    assert [a["status"] for a in answers] == [201, 404, 400, 400, 201, 201, 200]
    assert answers[1]["problem"]["code"] == "case-not-opened"
    assert answers[2]["problem"]["code"] == "kind-unknown"
    assert answers[4]["case"]["choice"] == "bring"
    assert answers[6]["again"] is True
    assert answers[6]["index"] == answers[0]["index"]


@pytest.mark.parametrize(
    "plain", [{}, {"writes": []}, {"writes": {}}, {"writes": [{}], "more": 1}, {"write": []}]
)
def test_a_batch_of_another_form_is_refused_whole(plain, door: Door):
    answer = door.post("/v1/batch", plain)
    assert (answer.status_code, code(answer)) == (400, "request-invalid")


def test_a_thousand_writes_go_in_one_batch_and_one_more_does_not(door: Door):
    writes = [{"verb": "open", **write("open", f"case-{n}")} for n in range(1000)]
    told = door.post("/v1/batch", {"writes": writes}).json()["answers"]
    assert [a["status"] for a in told] == [201] * 1000
    more = door.post("/v1/batch", {"writes": [*writes, writes[0]]})
    assert (more.status_code, code(more)) == (400, "request-invalid")


def test_many_at_once_are_each_recorded_once(door: Door):
    asked = [
        ("POST", "/v1/cases", None, {}, {"json": write("open", f"at-once-{n % 50}")})
        for n in range(100)
    ]
    answers = door.ask_all(asked)
    assert sorted(a.status_code for a in answers) == [201] * 50 + [409] * 50
    assert {code(a) for a in answers if a.status_code == 409} == {"case-twice"}


def test_every_verb_has_an_address(door: Door):
    assert set(PATHS) == set(VERBS)
    for verb, path in PATHS.items():
        answer = door.post(path, {**write(verb), "id": "no id"})
        assert answer.status_code == 400, (verb, answer.text)
        assert code(answer) == "id-wrong"


def test_a_client_that_goes_away_leaves_everybody_elses_answer_in_the_same_group():
    async def leaves() -> list[object]:
        mailbox = Mailbox()
        coming: list[Future[int]] = [Future() for _ in range(50)]
        waiting = [asyncio.ensure_future(mailbox.answer(one)) for one in coming]
        await asyncio.sleep(0)
        for one in waiting[::2]:
            one.cancel()
        # A group arrives from the record's own thread, all of it before the loop looks.
        sequencer = threading.Thread(
            target=lambda: [one.set_result(n) for n, one in enumerate(coming)]
        )
        sequencer.start()
        sequencer.join()
        assert not any(one.cancelled() for one in coming)
        return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)

    told = asyncio.run(leaves())
    assert told[1::2] == list(range(1, 50, 2))
    assert all(isinstance(one, asyncio.CancelledError) for one in told[::2])


def test_a_write_whose_client_went_away_is_on_record(door: Door):
    login = door.office.login(None, local=True)

    async def leaves() -> None:
        sent = door.office.submit(login, "open", write("open", "left"))
        waiting = asyncio.ensure_future(Mailbox().answer(sent.answers))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(leaves())
    assert door.write("open", "after").status_code == 201
    assert door.get(f"/v1/case?decision={SLUG}&case=left").status_code == 200
