"""Reading through the door: what may be seen, tagged, in pages, with what proves it."""

import io
import json

import pytest

from sayso.record.checkpoint import LogKey
from tests.api.doors import SLUG, Door, code, new_id, write
from tests.record.workspaces import CHARTER, workspace


def test_a_charter_is_read_with_its_text_and_known_again_by_its_tag(door: Door):
    path = f"/v1/decisions/{SLUG}/charter"
    first = door.get(path)
    plain = first.json()
    assert plain["text"] == CHARTER
    assert (plain["slug"], plain["version"], plain["mode"]) == (SLUG, 3, "advise")
    assert plain["ceiling"] == "delegate"
    assert plain["options"] == ["bring", "leave"]
    assert {"name": "stock_low", "type": "boolean"} in plain["inputs"]
    tag = first.headers["etag"]
    same = door.get(path, headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    assert door.get(path, headers={"if-none-match": f'"x", W/{tag}'}).status_code == 304
    assert door.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    file = door.folder / "charters" / f"{SLUG}.yaml"
    file.write_text(CHARTER.replace("version: 3", "version: 4"), "utf-8")
    changed = door.get(path, headers={"if-none-match": tag})
    assert (changed.status_code, changed.json()["version"]) == (200, 4)


def test_what_there_is_not_is_named(door: Door):
    for path, says in (
        ("/v1/decisions/nothing/charter", "decision-unknown"),
        (f"/v1/decisions/{SLUG}/charter?version=9", "decision-unknown"),
        (f"/v1/case?decision={SLUG}&case=none", "case-not-opened"),
        ("/v1/case?decision=nothing&case=none", "case-not-opened"),
        (f"/v1/receipts/{new_id()}", "not-found"),
        ("/v1/receipts/nothing", "not-found"),
        ("/v1/nothing", "not-found"),
        ("/v1", "not-found"),
        ("/v1/", "not-found"),
        ("/v1/cases/", "not-found"),
        ("/v1//cases", "not-found"),
        (f"/v1/figures?decision={SLUG}", "not-found"),
        (f"/v1/export?decision={SLUG}", "not-found"),
    ):
        answer = door.get(path)
        assert (answer.status_code, code(answer)) == (404, says), path


@pytest.mark.parametrize(
    "path",
    [
        "/v1/case",
        f"/v1/case?decision={SLUG}",
        f"/v1/case?decision={SLUG}&case=a&case=b",
        f"/v1/case?decision={SLUG}&case=a&more=1",
        "/v1/case?decision=Up&case=a",
        "/v1/case?decision=../x&case=a",
        f"/v1/case?decision={SLUG}&case=a%00",
        f"/v1/case?decision={SLUG}&case=%ff",
        "/v1/events?since=-1",
        "/v1/events?since=x",
        "/v1/events?since=٣",
        "/v1/events?most=0",
        "/v1/events?most=1001",
        "/v1/events?since=99999999999999999999",
        f"/v1/decisions/{SLUG}/charter?version=0",
        f"/v1/decisions/{SLUG}/charter?version=1.5",
    ],
)
def test_a_parameter_of_another_form_is_named(path, door: Door):
    answer = door.get(path)
    assert (answer.status_code, code(answer)) == (400, "request-invalid")


def test_another_method_is_told_which_ones_are_taken(door: Door):
    for method, path, allowed in (
        ("GET", "/v1/cases", "POST"),
        ("DELETE", "/v1/case", "GET, HEAD"),
        ("PUT", f"/v1/decisions/{SLUG}/charter", "GET, HEAD"),
        ("PATCH", "/v1/batch", "POST"),
    ):
        answer = door.ask(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert door.ask("HEAD", "/v1/me").status_code == 200


def test_events_are_read_in_pages_without_a_gap(door: Door):
    for n in range(7):
        door.does(f"case-{n}", "open", "choice")
    every: list[object] = []
    at = 0
    while True:
        page = door.get(f"/v1/events?since={at}&most=3").json()
        if page["next"] == at:
            break
        every += page["events"]
        at = page["next"]
    whole = door.get("/v1/events?most=1000").json()
    assert every == whole["events"]
    assert at == whole["next"] == door.size()
    assert [e["index"] for e in whole["events"]] == sorted(e["index"] for e in whole["events"])


def test_a_mandate_is_told_with_its_reason(tmp_path):
    delegated = CHARTER.replace("mode: advise", "mode: delegate")
    with Door(workspace(tmp_path, delegated)) as door:
        yes = door.post("/v1/mandate", {"decision": SLUG, "inputs": {"fault_code": "E-12"}}).json()
        assert (yes["alone"], yes["mode"]) == (True, "delegate")
        no = door.post("/v1/mandate", {"decision": SLUG, "inputs": {"fault_code": "E-1"}}).json()
        assert no["alone"] is False
        assert "not routine" in no["why"]
        for plain in (
            {},
            {"decision": SLUG},
            {"decision": 1, "inputs": {}},
            {"decision": SLUG, "inputs": []},
            {"decision": SLUG, "inputs": {}, "more": 1},
        ):
            assert code(door.post("/v1/mandate", plain)) == "request-invalid"
        nested = {"decision": SLUG, "inputs": {"fault_code": []}}
        assert code(door.post("/v1/mandate", nested)) == "field-wrong"
        unknown = {"decision": "nothing", "inputs": {}}
        assert code(door.post("/v1/mandate", unknown)) == "decision-unknown"


def test_a_receipt_and_the_key_prove_an_event(door: Door):
    told = door.does("a", "open")
    receipt = door.get(f"/v1/receipts/{told['id']}")
    assert receipt.status_code == 200
    assert receipt.headers["content-type"].startswith("text/plain")
    key = LogKey.parse(door.get("/v1/key").text)
    note = door.get("/v1/checkpoint").text
    assert note.startswith(f"{key.name}\n{door.size()}\n")
    assert note in receipt.text


def _decided(door: Door, people: int = 6, each: int = 12) -> None:
    writes: list[dict[str, object]] = []
    for n in range(people * each):
        case, who = f"case-{n}", f"person-{n % people}"
        choice = "bring" if (n * 7) % 5 < 3 else "leave"
        for verb, fields in (
            ("open", {"inputs": {"fault_code": "E-12", "stock_low": n % 3 == 0}}),
            ("advice", {}),
            ("choice", {"answer": choice, "for": who}),
            ("outcome", {"outcome": n % 2 == 0}),
        ):
            writes.append({"verb": verb, **write(verb, case, **fields)})
    told = door.post("/v1/batch", {"writes": writes}).json()["answers"]
    assert {a["status"] for a in told} == {201}


def test_the_live_record_is_exported_and_audited_with_one_result(door: Door, tmp_path):
    import duckdb

    import sayso

    _decided(door)
    door.does("still-open", "open", "advice")
    table = door.get(f"/v1/export?decision={SLUG}")
    assert table.status_code == 200
    assert table.headers["content-type"] == "application/vnd.apache.parquet"
    file = tmp_path / "cases.parquet"
    file.write_bytes(table.content)
    cases = duckdb.read_parquet(str(file)).project('"case"').fetchall()
    assert len(cases) == 72
    assert ("still-open",) not in cases
    live = door.get(f"/v1/figures?decision={SLUG}")
    assert live.status_code == 200
    assert str(tmp_path) not in live.text
    from dataclasses import replace

    from sayso.workspace.audit import load_charter

    charter = load_charter(door.folder / "charters" / f"{SLUG}.yaml")
    assert charter is not None
    same = sayso.audit(str(file), charter=replace(charter, source=None)).to_json()
    told = live.json()
    assert told["figures"] == json.loads(json.dumps(same["figures"]))
    assert told["headline"] == same["headline"]
    assert io.BytesIO(table.content).read(4) == b"PAR1"


def test_whoever_looks_after_the_server_asks_whether_it_lives(outside: Door):
    assert outside.get("/healthz").text == "ok\n"
    ready = outside.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert not (outside.folder / "record").exists()
    assert code(outside.get("/metrics")) == "token-missing"
    assert code(outside.get("/metrics", outside.token(verbs=["open"]))) == "not-allowed"
    outside.does("secret-case", "open", token=outside.token())
    outside.get(f"/v1/case?decision={SLUG}&case=secret-case", outside.token())
    text = outside.get("/metrics", outside.token(verbs=["read"])).text
    assert 'sayso_request_seconds_count{method="POST",route="/v1/cases",status="201"} 1' in text
    assert "secret-case" not in text
    assert SLUG not in text


def test_a_frozen_record_is_not_ready_and_says_so_to_writers(door: Door):
    from sayso.record.terms import Actor, ActorKind
    from sayso.workspace.record_care import freeze

    door.does("a", "open")
    freeze(door.office.record, Actor(ActorKind.HUMAN, "olga"), why="the end")
    ready = door.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False})
    answer = door.write("open", "b")
    assert (answer.status_code, code(answer)) == (409, "record-frozen")
    assert door.get(f"/v1/case?decision={SLUG}&case=a").status_code == 200


def test_a_record_that_cannot_be_opened_is_said_and_may_be_asked_again(tmp_path):
    folder = workspace(tmp_path)
    with Door(folder) as first, Door(folder) as second:
        first.does("a", "open")
        answer = second.write("open", "b")
        assert (answer.status_code, code(answer)) == (503, "record-busy")
        assert answer.headers["retry-after"] == "1"
        assert second.get("/readyz").json() == {"ready": False}
        assert second.get("/healthz").status_code == 200
