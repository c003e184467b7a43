"""Bad input over HTTP: a stable code, a status that fits, and nothing stored or lost."""

import json

import pytest

from sayso.api.limits import Allowances
from sayso.api.problem import STATUS, STATUS_OF_REFUSALS, problem_of
from sayso.domain import errors
from sayso.domain.errors import SaysoError
from sayso.record.refusal import CODES
from sayso.record.strict_json import LARGEST
from tests.api.doors import PATHS, SLUG, Door, code, new_id, write
from tests.record.workspaces import CHARTER, workspace

QUANTITY = """\
decision: order-size
version: 1
question: How many should be ordered?
quantity: {unit: boxes, low: 0, high: 40}
rights: {decide: [buyers]}
"""


@pytest.mark.parametrize(
    ("verb", "fields", "status", "says"),
    [
        ("open", {"decision": "no-such"}, 404, "decision-unknown"),
        ("open", {"charter_version": 2}, 409, "charter-stale"),
        ("open", {"charter_version": "3"}, 400, "field-wrong"),
        ("open", {"charter_version": None}, 400, "field-missing"),
        ("open", {"charter_version": True}, 400, "field-wrong"),
        ("open", {"at": "2026-11-24T10:00:00Z"}, 422, "clock-ahead"),
        ("open", {"at": "9999-12-31T23:59:59+00:00"}, 422, "clock-ahead"),
        ("open", {"at": "2026-11-24T09:00:00"}, 400, "field-wrong"),
        ("open", {"at": "2026-11-24"}, 400, "field-wrong"),
        ("open", {"at": "0001-01-01T00:00:00+14:00"}, 400, "field-wrong"),
        ("open", {"at": 1}, 400, "field-wrong"),
        ("open", {"id": "x"}, 400, "id-wrong"),
        ("open", {"id": "019AAAAA-0000-7000-8000-000000000000"}, 400, "id-wrong"),
        ("open", {"id": "019aaaaa-0000-4000-8000-000000000000"}, 400, "id-wrong"),
        ("open", {"by": "olga"}, 400, "field-unknown"),
        ("open", {"more": 1}, 400, "field-unknown"),
        ("open", {"inputs": [1]}, 400, "field-wrong"),
        ("open", {"inputs": {"a": {"b": 1}}}, 400, "field-wrong"),
        ("open", {"inputs": {"a": 1 << 60}}, 400, "number-too-large"),
        ("open", {"case": "fresh", "team": "x" * 201}, 400, "name-unclear"),
        ("open", {"case": ""}, 400, "name-unclear"),
        ("open", {"case": " a"}, 400, "name-unclear"),
        ("open", {"case": "a\u200bb"}, 400, "name-unclear"),
        ("open", {"case": "a\u202eb"}, 400, "name-unclear"),
        ("open", {"case": "\ufb01x"}, 400, "name-unclear"),
        ("open", {"case": "e\u0301"}, 400, "name-unclear"),
        ("open", {"case": "\u3164"}, 400, "name-unclear"),
        ("open", {"case": "a\x00"}, 400, "text-unreadable"),
        ("open", {"case": "\ud800"}, 400, "text-unreadable"),
        ("open", {"decision": "\u0430udit"}, 404, "decision-unknown"),
        ("choice", {"answer": "perhaps"}, 422, "option-not-allowed"),
        ("choice", {"answer": 1}, 422, "option-not-allowed"),
        ("choice", {"answer": True}, 400, "field-wrong"),
        ("choice", {"confidence": 1.01}, 422, "chance-out-of-range"),
        ("choice", {"seconds": -1}, 422, "chance-out-of-range"),
        ("choice", {"reason_code": "because"}, 422, "reason-unknown"),
        ("choice", {"reason_text": "x" * 10_001}, 413, "too-large"),
        ("choice", {"case": "never-opened"}, 404, "case-not-opened"),
        ("outcome", {}, 422, "outcome-before-choice"),
        ("outcome", {"case": "never-opened"}, 404, "case-not-opened"),
        ("expire", {}, 422, "not-due"),
        ("contest", {"target": "weather"}, 400, "field-wrong"),
        ("contest", {"target": "choice"}, 422, "choice-first"),
        ("contest", {"target": "advice"}, 422, "advice-not-seen"),
        ("answer-contest", {}, 422, "nothing-owed"),
        ("correct", {}, 422, "nothing-to-correct"),
        ("open-advice", {}, 422, "advice-not-seen"),
    ],
)  # fmt: skip
def test_bad_input_has_its_code_and_stores_nothing(verb, fields, status, says, door: Door):
    door.does("visit-1", "open")
    size = door.size()
    plain = {**write(verb), **fields}
    content = json.dumps(plain, ensure_ascii=True).encode()
    kind = {"content-type": "application/json"}
    answer = door.ask("POST", PATHS[verb], content=content, headers=kind)
    assert (answer.status_code, code(answer)) == (status, says)
    assert door.size() == size
    batch = door.ask(
        "POST",
        "/v1/batch",
        content=json.dumps({"writes": [{"verb": verb, **plain}]}).encode(),
        headers=kind,
    )
    if batch.status_code == 200:
        told = batch.json()["answers"][0]
        assert (told["status"], told["problem"]["code"]) == (status, says)
    assert door.size() == size


def test_each_order_that_cannot_be_is_refused_by_its_name(door: Door):
    case = door.case_of(sealed=False)
    prior = door.write("prior", case)
    assert (prior.status_code, code(prior)) == (422, "prior-not-asked")
    sealed = door.case_of(sealed=True)
    door.does(sealed, "prior", "advice", "ask-advice")
    late = door.write("prior", sealed)
    assert (late.status_code, code(late)) in {(409, "prior-twice"), (422, "prior-after-advice")}
    door.does(sealed, "choice")
    for verb, status, says in (
        ("open", 409, "case-twice"),
        ("choice", 409, "choice-twice"),
        ("advice", 409, "advice-twice"),
        ("signal", 422, "signal-after-choice"),
        ("abstain", 409, "case-ended"),
        ("escalate", 409, "case-ended"),
    ):
        answer = door.write(verb, sealed)
        assert (answer.status_code, code(answer)) == (status, says), verb
    door.does(sealed, "outcome")
    assert code(door.write("outcome", sealed)) == "outcome-twice"


def test_a_quantity_out_of_range_is_named(door: Door):
    (door.folder / "charters" / "order-size.yaml").write_text(QUANTITY, "utf-8")
    frame = {"decision": "order-size", "charter_version": 1}
    assert door.write("open", **frame).status_code == 201
    for answer in (41, -1, "many"):
        refused = door.write("choice", answer=answer, **frame)
        assert (refused.status_code, code(refused)) == (422, "quantity-out-of-range")
    assert door.write("choice", answer=40, **frame).status_code == 201


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not-json"),
        (b"[]", "not-json"),
        (b"nothing", "not-json"),
        (b'{"a": NaN}', "not-finite"),
        (b'{"a": 1e999}', "not-finite"),
        (b'{"a": -Infinity}', "not-finite"),
        (b'{"id": "1", "id": "2"}', "key-twice"),
        (b'{"a": 12345678901234567890}', "number-too-large"),
        (b'{"a": "\\ud800"}', "text-unreadable"),
        (b'{"a": "\\u0000"}', "text-unreadable"),
        (b'{"a": "\xff"}', "not-json"),
        (b'\xef\xbb\xbf{"a": 1}', "not-json"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "not-json"),
        (b"{" + b'"a":[' * 40 + b"]" * 40 + b"}", "not-json"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(content, says, door: Door):
    for path in (PATHS["open"], "/v1/batch", "/v1/mandate", "/v1/capture-tokens"):
        answer = door.ask(
            "POST", path, content=content, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, code(answer)) == (400, says)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
)
def test_what_does_not_say_that_it_is_json_is_refused(kind, door: Door):
    content = json.dumps(write("open")).encode()
    answer = door.ask("POST", PATHS["open"], content=content, headers={"content-type": kind})
    assert (answer.status_code, code(answer)) == (400, "request-invalid")


def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(door: Door):
    kind = {"content-type": "application/json"}
    just = json.dumps(write("open", inputs={"a": "x"})).encode()
    fits = just[:-1] + b" " * (LARGEST - len(just)) + b"}"
    assert door.ask("POST", PATHS["open"], content=fits, headers=kind).status_code == 201
    over = fits[:-1] + b" }"

    async def parts():
        for at in range(0, len(over), 65536):
            yield over[at : at + 65536]

    for content in (over, parts()):
        answer = door.ask("POST", PATHS["open"], content=content, headers=kind)
        assert (answer.status_code, code(answer)) == (413, "too-large")
    for lie in ("-1", "many", "1e3", "٣", "9" * 40):
        headers = {**kind, "content-length": lie.encode()}
        answer = door.ask("POST", PATHS["open"], content=just, headers=headers)  # pyright: ignore[reportArgumentType]
        assert answer.status_code == 413
    big = {"writes": [{"verb": "open", **write("open", inputs={"a": "x" * 5000})}] * 900}
    answer = door.post("/v1/batch", big)
    assert (answer.status_code, code(answer)) == (413, "too-large")


def test_ten_thousand_contests_by_one_token_leave_those_that_are_kept_and_a_time_to_wait(
    outside: Door,
):
    angry, other = outside.token("human:angry"), outside.token("human:other")
    cases = [f"visit-{n}" for n in range(20)]
    for case in cases:
        outside.does(case, "open", token=angry)
    before = outside.size()
    statuses: list[int] = []
    for start in range(0, 10_000, 1000):
        writes = [
            {"verb": "contest", **write("contest", cases[(start + n) % 20])} for n in range(1000)
        ]
        told = outside.post("/v1/batch", {"writes": writes}, angry).json()["answers"]
        statuses += [a["status"] for a in told]
    assert set(statuses) == {201, 429}
    assert statuses.count(201) == 100
    assert outside.size() == before + 100
    one = outside.write("contest", cases[0], angry)
    assert (one.status_code, code(one)) == (429, "too-many-contests")
    assert int(one.headers["retry-after"]) > 0
    assert outside.write("contest", cases[0], other).status_code == 201
    assert outside.write("choice", cases[0], angry).status_code == 201


def test_a_token_that_asks_too_much_is_told_when_to_come_back(tmp_path):
    now = [0.0]
    allowances = Allowances(lambda: now[0], a_second=10, at_once=20)
    with Door(workspace(tmp_path), public=True, allowances=allowances) as door:
        busy, other = door.token("human:busy"), door.token("human:other")
        assert {door.get("/v1/me", busy).status_code for _ in range(20)} == {200}
        refused = door.write("open", token=busy)
        assert (refused.status_code, code(refused)) == (429, "too-many-requests")
        assert refused.headers["retry-after"] == "1"
        assert door.get("/v1/me", other).status_code == 200
        now[0] += 1
        assert {door.get("/v1/me", busy).status_code for _ in range(10)} == {200}
        now[0] += 1
        writes = {"writes": [{"verb": "open", **write("open", f"c{n}")} for n in range(30)]}
        size = door.size()
        batch = door.post("/v1/batch", writes, busy)
        assert (batch.status_code, code(batch)) == (429, "too-many-requests")
        assert door.size() == size
        now[0] += 60
        assert door.post("/v1/batch", {"writes": writes["writes"][:15]}, busy).status_code == 200


def test_whoever_is_at_this_computer_is_not_counted(tmp_path):
    allowances = Allowances(lambda: 0.0, a_second=1, at_once=2)
    with Door(workspace(tmp_path), allowances=allowances) as door:
        assert {door.get("/v1/me").status_code for _ in range(9)} == {200}


def test_full_allowances_are_forgotten_and_half_empty_ones_are_not():
    from sayso.api import limits

    now = [0.0]
    kept = Allowances(lambda: now[0], a_second=1, at_once=2)
    for n in range(limits.MOST_KEPT):
        kept.take(f"t{n}", 1)
    now[0] = 0.5
    kept.take("late", 2)
    now[0] = 5.0
    kept.take("next", 2)
    assert len(kept._left) <= 2  # that memory does not grow is the promise
    with pytest.raises(errors.TooManyRequests):
        kept.take("next", 1)


def test_a_store_that_cannot_write_says_when_to_try_again(door: Door, monkeypatch):
    from concurrent.futures import Future

    door.does("a", "open")
    for error in (errors.RecordUnwritable, errors.RecordUnsure):
        broken: Future[object] = Future()
        broken.set_exception(error("The disk is full.", hint="Send it again."))
        monkeypatch.setattr(door.office.record.store, "submit_all", lambda w, b=broken: b)
        answer = door.write("open", "b")
        assert (answer.status_code, code(answer)) == (503, error.code)
        assert answer.headers["retry-after"] == "1"
        batch = door.post("/v1/batch", {"writes": [{"verb": "open", **write("open", "b")}]})
        assert batch.json()["answers"][0]["status"] == 503
    monkeypatch.undo()
    assert door.write("open", "b").status_code == 201


def test_a_defect_of_ours_is_told_without_its_trace_and_leaves_the_door_open(
    door: Door, monkeypatch, caplog
):
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the machine")

    monkeypatch.setattr(door.office, "case", broken)
    answer = door.get(f"/v1/case?decision={SLUG}&case=secret-case")
    assert (answer.status_code, code(answer)) == (500, "defect")
    assert "secret" not in answer.text
    assert "the secret of the machine" in caplog.text
    assert "secret-case" not in caplog.text
    monkeypatch.undo()
    assert door.write("open").status_code == 201


def test_every_refusal_of_the_record_has_a_status():
    assert set(STATUS_OF_REFUSALS) == set(CODES)
    for refusal in CODES:
        error = errors.RecordRefused(refusal, "No.", hint="Do.", field="f")
        problem = problem_of(error)
        assert 400 <= problem.status < 600
        assert (problem.code, problem.detail, problem.where) == (refusal, "No.", "f")
        assert problem.title == CODES[refusal]


def test_every_status_names_an_error_there_is():
    def below(parent: type[SaysoError]) -> set[str]:
        found = {parent.code}
        for child in parent.__subclasses__():
            found |= below(child)
        return found

    assert set(STATUS) <= below(SaysoError)


def test_ids_that_look_alike_are_two_or_none(door: Door):
    assert door.write("open", "visit-\u00e9").status_code == 201
    assert code(door.write("open", "visit-e\u0301")) == "name-unclear"
    assert code(door.write("open", "visit-\u00e9")) == "case-twice"
    assert door.write("open", "VISIT-\u00e9").status_code == 201
    plain = write("open", "x")
    for spelled in (
        plain["id"].upper(),
        f"{{{plain['id']}}}",
        plain["id"].replace("-", ""),
        new_id() + "\n",
    ):
        assert code(door.post(PATHS["open"], {**plain, "id": spelled})) == "id-wrong"


def test_a_charter_that_disappears_leaves_its_cases_readable(door: Door):
    door.does("a", "open")
    file = door.folder / "charters" / f"{SLUG}.yaml"
    file.unlink()
    answer = door.write("choice", "a")
    assert (answer.status_code, code(answer)) == (409, "charter-stale")
    assert door.get(f"/v1/case?decision={SLUG}&case=a").status_code == 200
    file.write_text(CHARTER, "utf-8")
    assert door.write("choice", "a").status_code == 201
