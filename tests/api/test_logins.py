"""Getting in: with a live token, at this computer without one, from a page for one case alone."""

import json
from datetime import timedelta

import pytest

from sayso.workspace.tokens import revoke_token
from tests.api.doors import PATHS, SLUG, Door, code, write
from tests.record.workspaces import Hand, workspace

CRM = "https://crm.example"
PAGE = {"origin": CRM, "sec-fetch-site": "cross-site"}
HIDDEN = ("/v1/me", "/v1/decisions", "/v1/events", "/v1/checkpoint", "/v1/key")


def token_id(text: str) -> str:
    return text.split("_")[1]


def test_at_this_computer_the_one_person_needs_no_token(door: Door):
    me = door.get("/v1/me").json()
    assert me["actor"]["kind"] == "human"
    assert me["decisions"] == ["*"]
    assert door.write("open").status_code == 201


@pytest.mark.parametrize("path", HIDDEN)
def test_anywhere_else_everything_needs_one(path, outside: Door):
    answer = outside.get(path)
    assert (answer.status_code, code(answer)) == (401, "token-missing")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert outside.get(path, outside.token()).status_code == 200


@pytest.mark.parametrize("verb", list(PATHS))
def test_anywhere_else_no_verb_is_taken_without_a_token(verb, outside: Door):
    answer = outside.write(verb)
    assert (answer.status_code, code(answer)) == (401, "token-missing")
    batch = outside.post("/v1/batch", {"writes": [{"verb": verb, **write(verb)}]})
    assert batch.status_code == 401


@pytest.mark.parametrize("client", [("192.168.1.7", 1), ("203.0.113.9", 1)])
def test_who_comes_from_elsewhere_needs_one_even_here(client, door: Door):
    answer = door.get("/v1/me", client=client)
    assert (answer.status_code, code(answer)) == (401, "token-missing")


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"]
)
def test_who_stands_behind_another_server_needs_one(header, door: Door):
    answer = door.get("/v1/me", headers={header: "203.0.113.9"})
    assert (answer.status_code, code(answer)) == (401, "token-missing")


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1:8080", "", "[::1"])
def test_a_foreign_name_that_leads_here_is_refused(host, door: Door):
    answer = door.get("/v1/me", headers={"host": host})
    assert (answer.status_code, code(answer)) == (400, "request-invalid")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YW5uOmFubg==",
        "Bearer sayso_000000000000_" + "a" * 43,
        "Bearer sayso-case_e30.AAAA",
        "Bearer sayso-case_" + "A" * 40 + "." + "A" * 43,
        "Bearer a b",
        "Bearer \xff\xfe",
        "Token x",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_malformed_token_is_refused_even_where_none_is_needed(said, door: Door):
    size = door.size()
    answer = door.post(
        "/v1/cases", write("open"), headers={"authorization": said.encode("latin-1")}
    )  # pyright: ignore[reportArgumentType]
    assert (answer.status_code, code(answer)) == (401, "token-unknown")
    assert door.size() == size


def test_a_revoked_token_is_refused_in_the_next_request(outside: Door):
    token = outside.token()
    assert outside.get("/v1/me", token).status_code == 200
    revoke_token(outside.folder, token_id(token), Hand().now())
    answer = outside.get("/v1/me", token)
    assert (answer.status_code, code(answer)) == (401, "token-dead")
    answer = outside.write("open", token=token)
    assert (answer.status_code, code(answer)) == (401, "token-dead")


def test_an_agent_for_nobody_cannot_be_made_and_a_forged_one_is_refused(outside: Door):
    file = outside.folder / ".sayso" / "tokens.json"
    token = outside.token("agent:bot", acting_for="ann")
    plain = json.loads(file.read_text())
    plain["tokens"][0]["for"] = None
    file.write_text(json.dumps(plain))
    answer = outside.write("open", token=token)
    assert (answer.status_code, code(answer)) == (403, "not-allowed")
    assert "act for a person" in answer.json()["detail"]


def test_people_are_told_apart_without_their_names_on_record(outside: Door):
    ann, ben = outside.token("human:ann"), outside.token("human:ben")
    outside.does("a", "open", "choice", token=ann)
    outside.does("b", "open", "choice", token=ben)
    events = outside.get("/v1/events", ann).json()["events"]
    by = {e["case"]: e["by"]["name"] for e in events if e["kind"] == "choice.made"}
    assert by["a"] != by["b"]
    assert "ann" not in json.dumps(events)
    agent = outside.token("agent:bot", acting_for="ann")
    assert outside.get("/v1/me", agent).json()["actor"] == {
        "kind": "agent", "name": "bot", "for": by["a"],
    }  # fmt: skip


def test_a_service_names_the_person_in_each_write_where_its_token_says_so(outside: Door):
    crm = outside.token("service:crm", acting_for="*")
    outside.does("a", "open", token=crm)
    nobody = outside.write("choice", "a", crm)
    assert (nobody.status_code, code(nobody)) == (403, "not-allowed")
    assert outside.write("choice", "a", crm, **{"for": "ann"}).status_code == 201
    ann = outside.get("/v1/me", outside.token("human:ann")).json()["actor"]["name"]
    by = [e["by"] for e in outside.get("/v1/events", crm).json()["events"]][-1]
    assert by == {"kind": "service", "name": "crm", "for": ann}


@pytest.mark.parametrize(
    ("actor", "acting_for"),
    [("human:ann", None), ("agent:bot", "ann"), ("service:crm", "ann"), ("service:crm", None)],
)
def test_no_other_token_speaks_for_whom_it_likes(actor, acting_for, outside: Door):
    token = outside.token(actor, acting_for=acting_for)
    for named in ("ben", "*", ""):
        answer = outside.write("open", token=token, **{"for": named})
        assert (answer.status_code, code(answer)) == (403, "not-allowed")
    assert code(outside.write("open", token=token, **{"for": 7})) == "field-wrong"


def test_a_program_at_this_computer_reports_what_somebody_did(door: Door):
    door.does("a", "open")
    assert door.write("choice", "a", **{"for": "ann"}).status_code == 201
    by = door.get("/v1/events").json()["events"][-1]["by"]
    assert (by["kind"], by["name"]) == ("service", "this-computer")
    assert by["for"].startswith("p-")


def test_a_token_reads_and_writes_its_own_decisions_alone(outside: Door):
    outside.does("a", "open", "choice", token=outside.token())
    other = outside.token(decisions=["warranty-claim"])
    for answer in (
        outside.get(f"/v1/case?decision={SLUG}&case=a", other),
        outside.get(f"/v1/decisions/{SLUG}/charter", other),
        outside.post("/v1/mandate", {"decision": SLUG, "inputs": {}}, other),
        outside.get(f"/v1/figures?decision={SLUG}", other),
        outside.get(f"/v1/export?decision={SLUG}", other),
        outside.write("choice", "a", other),
    ):
        assert (answer.status_code, code(answer)) == (403, "not-allowed")
    assert outside.get("/v1/decisions", other).json() == {"decisions": []}
    assert outside.get("/v1/events", other).json()["events"] == []
    mine = outside.get("/v1/events", outside.token()).json()["events"][-1]["id"]
    assert outside.get(f"/v1/receipts/{mine}", other).status_code == 404


def capture(door: Door, token: str | None, case: str = "a", **changed: object):
    plain = {"decision": SLUG, "case": case, "verbs": ["prior", "choice", "read"], "origin": CRM}
    return door.post("/v1/capture-tokens", {**plain, **changed}, token)


def test_a_page_decides_its_one_case_and_nothing_else(outside: Door):
    crm = outside.token("service:crm", acting_for="*", origins=[CRM])
    outside.does("a", "open", token=crm)
    outside.does("b", "open", token=crm)
    made = capture(outside, crm, **{"for": "ann"})
    assert made.status_code == 201
    page = made.json()["token"]
    read = outside.get(f"/v1/case?decision={SLUG}&case=a", page, headers=PAGE)
    assert read.status_code == 200
    assert read.headers["access-control-allow-origin"] == CRM
    refused = [
        outside.get(f"/v1/case?decision={SLUG}&case=b", page, headers=PAGE),
        outside.get("/v1/events", page, headers=PAGE),
        outside.get("/v1/decisions", page, headers=PAGE),
        outside.get(f"/v1/decisions/{SLUG}/charter", page, headers=PAGE),
        outside.post(PATHS["choice"], write("choice", "b"), page, headers=PAGE),
        outside.post(PATHS["contest"], write("contest", "a"), page, headers=PAGE),
        outside.post(PATHS["outcome"], write("outcome", "a"), page, headers=PAGE),
        outside.post(PATHS["choice"], write("choice", "a", **{"for": "ben"}), page, headers=PAGE),
        outside.post("/v1/capture-tokens", {"decision": SLUG, "case": "a", "verbs": ["read"], "origin": CRM}, page, headers=PAGE),
    ]  # fmt: skip
    assert {(a.status_code, code(a)) for a in refused} == {(403, "not-allowed")}
    batch = outside.post(
        "/v1/batch",
        {"writes": [{"verb": "choice", **write("choice", "b")}]},
        page,
        headers=PAGE,
    )
    assert batch.json()["answers"][0]["problem"]["code"] == "not-allowed"
    chosen = outside.post(PATHS["choice"], write("choice", "a"), page, headers=PAGE)
    assert chosen.status_code == 201


def test_a_pages_token_works_on_its_own_page_alone(outside: Door):
    crm = outside.token("service:crm", acting_for="ann", origins=[CRM, "https://other.example"])
    outside.does("a", "open", token=crm)
    page = capture(outside, crm).json()["token"]
    for headers in (
        {},
        {"origin": "https://other.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{outside.host}"},
        {"sec-fetch-site": "cross-site"},
    ):
        answer = outside.get(f"/v1/case?decision={SLUG}&case=a", page, headers=headers)
        assert (answer.status_code, code(answer)) == (403, "not-allowed"), headers


@pytest.mark.parametrize(
    "headers",
    [PAGE, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}],
)
def test_a_foreign_page_gets_nothing_with_this_computers_word_or_a_programs_token(
    headers, door: Door
):
    for token in (None, door.token()):
        size = door.size()
        answers = [
            door.get("/v1/events", token, headers=headers),
            door.post(PATHS["open"], write("open"), token, headers=headers),
        ]
        assert {(a.status_code, code(a)) for a in answers} == {(403, "not-allowed")}
        assert "access-control-allow-origin" not in answers[0].headers
        assert door.size() == size


def test_browsers_are_told_beforehand_only_for_origins_that_a_live_token_names(outside: Door):
    asks = {"access-control-request-method": "POST"}
    path = PATHS["choice"]
    crm = outside.token("service:crm", acting_for="ann", origins=[CRM])
    yes = outside.ask("OPTIONS", path, headers={**PAGE, **asks})
    assert yes.status_code == 204
    assert yes.headers["access-control-allow-origin"] == CRM
    assert "authorization" in yes.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in yes.headers
    for origin in ("https://evil.example", "null", "https://crm.example.evil", CRM.upper()):
        no = outside.ask("OPTIONS", path, headers={"origin": origin, **asks})
        assert no.status_code == 405
        assert "access-control-allow-origin" not in no.headers
    revoke_token(outside.folder, token_id(crm), Hand().now())
    late = outside.ask("OPTIONS", path, headers={**PAGE, **asks})
    assert "access-control-allow-origin" not in late.headers


def test_a_pages_token_dies_in_time_and_with_what_it_was_made_with(tmp_path):
    hand = Hand()
    with Door(workspace(tmp_path), public=True, clock=hand) as door:
        crm = door.token("service:crm", acting_for="ann", origins=[CRM])
        door.does("a", "open", token=crm)
        path = f"/v1/case?decision={SLUG}&case=a"
        first = capture(door, crm, minutes=5).json()["token"]
        hand.at += timedelta(minutes=4)
        assert door.get(path, first, headers=PAGE).status_code == 200
        hand.at += timedelta(minutes=2)
        late = door.get(path, first, headers=PAGE)
        assert (late.status_code, code(late)) == (401, "token-dead")
        second = capture(door, crm).json()["token"]
        assert door.get(path, second, headers=PAGE).status_code == 200
        revoke_token(door.folder, token_id(crm), hand.now())
        dead = door.get(path, second, headers=PAGE)
        assert (dead.status_code, code(dead)) == (401, "token-dead")


def test_a_pages_token_that_was_altered_is_unknown(outside: Door):
    import base64

    crm = outside.token("service:crm", acting_for="ann", origins=[CRM])
    page = capture(outside, crm).json()["token"]
    said, mac = page.removeprefix("sayso-case_").split(".")
    plain = json.loads(base64.urlsafe_b64decode(said + "=="))
    for key, value in (
        ("case", "b"),
        ("verbs", ["outcome"]),
        ("expires", 1 << 40),
        ("parent", "owner"),
    ):
        forged = base64.urlsafe_b64encode(json.dumps({**plain, key: value}).encode()).decode()
        answer = outside.get("/v1/me", f"sayso-case_{forged.rstrip('=')}.{mac}", headers=PAGE)
        assert (answer.status_code, code(answer)) == (401, "token-unknown"), key


def test_a_pages_token_never_allows_more_than_its_maker_may(outside: Door):
    crm = outside.token("service:crm", acting_for="ann", origins=[CRM], verbs=["capture", "read"])
    assert capture(outside, crm, verbs=["read"]).status_code == 201
    assert code(capture(outside, crm, verbs=["choice"])) == "not-allowed"
    for verbs in (
        ["outcome"],
        ["answer-contest"],
        ["export"],
        ["capture"],
        [],
        ["*"],
        "read",
        None,
    ):
        assert code(capture(outside, crm, verbs=verbs)) == "request-invalid"
    assert (
        code(capture(outside, crm, verbs=["read"], origin="https://evil.example"))
        == "request-invalid"
    )
    for minutes in (0, 121, 1.5, True, "5"):
        assert code(capture(outside, crm, verbs=["read"], minutes=minutes)) == "request-invalid"
    assert code(capture(outside, crm, verbs=["read"], more=1)) == "request-invalid"
    agent = outside.token("agent:bot", acting_for="ann", origins=[CRM])
    assert code(capture(outside, agent)) == "not-allowed"


def test_a_page_of_this_computers_own_making_works_here_alone(tmp_path):
    folder = workspace(tmp_path)
    with Door(folder) as door:
        door.does("a", "open")
        page = capture(door, None, **{"for": "ann"}).json()["token"]
        path = f"/v1/case?decision={SLUG}&case=a"
        assert door.get(path, page, headers=PAGE).status_code == 200
        assert (
            door.post(PATHS["choice"], write("choice", "a"), page, headers=PAGE).status_code == 201
        )
        by = door.get("/v1/events").json()["events"][-1]["by"]
        assert by["for"] is not None
        assert code(door.get(path, page, headers=PAGE, client=("10.0.0.1", 1))) == "token-unknown"
    with Door(folder, public=True) as door:
        answer = door.get(path, page, headers=PAGE)
        assert (answer.status_code, code(answer)) == (401, "token-unknown")


def test_every_answer_carries_the_strict_headers(outside: Door):
    for path in ("/v1/me", "/v1/none", "/healthz", "/v1/openapi.json", "/v1/batch"):
        headers = outside.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["vary"] == "authorization, origin"
