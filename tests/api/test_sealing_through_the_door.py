"""Sealed and withheld advice through the door: two worlds that differ in the advice alone look alike.

One workspace is copied; in each copy another piece of advice is given. Whatever is then asked, by
whomever, has to be answered in the same bytes: bodies, lengths, tags, codes and hints.
"""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.record.ids import following
from tests.api.doors import FIELDS, PATHS, SLUG, Door, code, new_id, write
from tests.record.workspaces import NOW, workspace

ONE = {"answer": "bring", "confidence": 0.912345, "source": "parts-model@SOURCE-ONE", "details": {"why": "MARK-ONE"}}  # fmt: skip
OTHER = {"answer": "leave", "confidence": 0.1, "source": "parts-model@SOURCE-TWO", "details": {"why": "MARK-TWO, at length " * 20}}  # fmt: skip
MARKS = ("MARK-ONE", "MARK-TWO", "0.912345", "SOURCE-ONE", "SOURCE-TWO")
CRM = "https://crm.example"


class Standing:
    """A clock that stands, so that nothing in an answer depends on how often it was read."""

    def now(self) -> datetime:
        return NOW


class World:
    """One of the two, asked in its own turn."""

    def __init__(
        self, folder: Path, clock: Standing, tokens: dict[str, str], advice: dict[str, Any]
    ):
        self.door = Door(folder, public=True, clock=clock)
        self.tokens = tokens
        self.advice = advice


def worlds(
    tmp_path: Path, *, sealed: bool, shown: bool
) -> tuple[World, World, str, dict[str, Any]]:
    folder = workspace(tmp_path / "one")
    clock = Standing()
    with Door(folder, public=True, clock=clock) as door:
        tokens = {
            "ann": door.token("human:ann"),
            "ben": door.token("human:ben"),
            "advisor": door.token("agent:parts-model", acting_for="ann"),
            "bot": door.token("agent:bot", acting_for="ann"),
            "crm": door.token("service:crm", acting_for="*", origins=[CRM]),
            "alone": door.token("service:alone"),
        }
        case = ""
        for number in range(200):
            case = f"visit-{number}"
            # Where it cannot be told whether the consent covers a case, advice is never withheld.
            opened = door.write("open", case, tokens["ann"], inputs={"stock_low": False})
            told = opened.json()
            state = door.office.record.store.state_of(SLUG, case)
            assert state is not None
            assert state.draw is not None
            if told["case"]["prior_asked"] is sealed and state.draw.show is shown:
                break
        else:
            raise AssertionError("no coin fell so")
        door.does("decided", "open", "choice", token=tokens["ann"])
    shutil.copytree(folder, tmp_path / "other", copy_function=shutil.copy2)
    given = write("advice", case)
    one = World(folder, clock, tokens, {**given, **ONE})
    other = World(tmp_path / "other", clock, tokens, {**given, **OTHER})
    return one, other, case, given


def battery(case: str, advice_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything there is to ask, with ids of its own."""
    reads = [
        f"/v1/case?decision={SLUG}&case={case}",
        "/v1/events?most=1000",
        "/v1/events?since=0&most=1",
        "/v1/decisions",
        f"/v1/decisions/{SLUG}/charter",
        "/v1/me",
        "/v1/key",
        "/v1/checkpoint",
        f"/v1/export?decision={SLUG}",
        *(f"/v1/receipts/{following(advice_id, n)}" for n in range(3)),
        "/v1/metrics",
    ]
    asked: list[tuple[str, str, dict[str, Any]]] = [("GET", path, {}) for path in reads]
    for target in ("advice", "choice", "charter", "metric"):
        plain = {**write("contest", case), "target": target, "of": advice_id}
        asked.append(("POST", PATHS["contest"], {"json": plain}))
    for field in ("answer", "confidence", "source", "details"):
        plain = {**write("correct", case), "of": advice_id, "field": field}
        asked.append(("POST", PATHS["correct"], {"json": plain}))
    asked += [
        ("POST", PATHS[verb], {"json": write(verb, case)})
        for verb in ("ask-advice", "open-advice", "reason", "outcome", "expire", "open")
    ]
    asked.append(("POST", PATHS["advice"], {"json": {**write("advice", case), "answer": "leave"}}))
    answers = {**write("answer-contest", case), "contest": advice_id}
    asked.append(("POST", PATHS["answer-contest"], {"json": answers}))
    asked.append(("POST", PATHS["open"], {"json": {**write("open", case), "id": advice_id}}))
    batch = [{"verb": v, **write(v, case)} for v in ("ask-advice", "open-advice", "outcome")]
    asked.append(("POST", "/v1/batch", {"json": {"writes": batch}}))
    asked.append(("POST", "/v1/mandate", {"json": {"decision": SLUG, "inputs": {}}}))
    return asked


def _comparable(answer: httpx.Response, path: str) -> object:
    """What has to be the same; proofs are random, and only their form is compared."""
    headers = {k: v for k, v in answer.headers.items() if k not in ("date", "content-length")}
    if any(part in path for part in ("/checkpoint", "/receipts/")) and answer.status_code == 200:
        return answer.status_code, headers, len(answer.text)
    if "/export" in path and answer.status_code == 200:
        return answer.status_code, headers
    return answer.status_code, headers, answer.content


def look_alike(one: World, other: World, case: str, given: dict[str, Any], *, as_: tuple[str, ...]):
    """Ask both everything, and find them alike and without a mark of the advice."""
    for who in as_:
        asked = battery(case, given["id"])
        for method, path, options in asked:
            told = [
                world.door.ask(method, path, token=world.tokens[who], **options)
                for world in (one, other)
            ]
            assert _comparable(told[0], path) == _comparable(told[1], path), (
                who,
                path,
                told[0].text,
            )
            for answer in told:
                assert answer.status_code < 500
                assert not [m for m in MARKS if m.encode() in answer.content], (who, path)


ALL = ("ann", "ben", "bot", "advisor", "crm", "alone")
SOME = ("ann", "bot", "crm")
EVERYBODY = [SOME, pytest.param(ALL, marks=pytest.mark.deep)]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("shown", [True, False])
def test_sealed_advice_leaks_nothing_to_anybody(tmp_path, shown, who):
    one, other, case, given = worlds(tmp_path, sealed=True, shown=shown)
    with one.door, other.door:
        told = [w.door.post(PATHS["advice"], w.advice, w.tokens["advisor"]) for w in (one, other)]
        assert _comparable(told[0], "") == _comparable(told[1], "")
        again = [w.door.post(PATHS["advice"], w.advice, w.tokens["advisor"]) for w in (one, other)]
        assert _comparable(again[0], "") == _comparable(again[1], "")
        assert again[0].status_code == 200
        look_alike(one, other, case, given, as_=who)
        for world in (one, other):
            world.door.does("tail", "open", token=world.tokens["ann"])
        asked = one.door.write("ask-advice", case, one.tokens["ann"])
        assert code(asked) == "prior-first"
        one.door.does(case, "prior", token=one.tokens["ann"])
        after = one.door.write("ask-advice", case, one.tokens["ann"]).json()["case"]
        assert (after["shown"] is not None) is shown


@pytest.mark.parametrize("who", EVERYBODY)
def test_withheld_advice_leaks_nothing_before_the_choice_is_final(tmp_path, who):
    one, other, case, given = worlds(tmp_path, sealed=False, shown=False)
    with one.door, other.door:
        told = [w.door.post(PATHS["advice"], w.advice, w.tokens["advisor"]) for w in (one, other)]
        assert _comparable(told[0], "") == _comparable(told[1], "")
        look_alike(one, other, case, given, as_=who)
        asks = write("ask-advice", case)
        first = [w.door.post(PATHS["ask-advice"], asks, w.tokens["ann"]) for w in (one, other)]
        assert first[0].json()["case"]["advice"] == "withheld"
        retried = [w.door.post(PATHS["ask-advice"], asks, w.tokens["ann"]) for w in (one, other)]
        for pair in (first, retried):
            assert _comparable(pair[0], "") == _comparable(pair[1], "")
        chosen = write("choice", case, answer="bring")
        told = [w.door.post(PATHS["choice"], chosen, w.tokens["ann"]) for w in (one, other)]
        assert _comparable(told[0], "") == _comparable(told[1], "")
        # The choice is final: now it may be seen, and the same retry shows what was handed out.
        seen = one.door.write("ask-advice", case, one.tokens["ann"])
        assert seen.json()["case"]["shown"]["answer"] == "bring"
        # The one who chose can no longer rewrite what the advice then said.
        changed = {**write("correct", case), "of": chosen["id"], "field": "answer", "now": "leave"}
        answer = one.door.post(PATHS["correct"], changed, one.tokens["ann"])
        assert (answer.status_code, code(answer)) == (409, "choice-final")


@pytest.mark.deep
def test_figures_leak_nothing_of_an_open_case(tmp_path):
    one, other, _, _ = worlds(tmp_path, sealed=False, shown=False)
    with one.door, other.door:
        for world in (one, other):
            world.door.post(PATHS["advice"], world.advice, world.tokens["advisor"])
        for who in ("ann", "bot"):
            path = f"/v1/figures?decision={SLUG}"
            told = [w.door.get(path, w.tokens[who]) for w in (one, other)]
            assert _comparable(told[0], path) == _comparable(told[1], path)


def test_whether_there_is_any_advice_is_not_told_of_a_sealed_case(tmp_path):
    one, other, case, _ = worlds(tmp_path, sealed=True, shown=True)
    with one.door, other.door:
        one.door.post(PATHS["advice"], one.advice, one.tokens["advisor"])
        path = f"/v1/case?decision={SLUG}&case={case}"
        for who in ("ann", "bot", "crm"):
            told = [w.door.get(path, w.tokens[who]) for w in (one, other)]
            assert told[0].headers["etag"] == told[1].headers["etag"]
            assert told[0].content == told[1].content
            for verb in ("ask-advice", "open-advice", "contest"):
                plain = write(verb, case, **({"target": "advice"} if verb == "contest" else {}))
                pair = [w.door.post(PATHS[verb], plain, w.tokens[who]) for w in (one, other)]
                assert pair[0].content == pair[1].content, (who, verb)


def test_a_hidden_event_has_no_receipt_and_sounds_like_one_that_is_not(tmp_path):
    one, other, case, given = worlds(tmp_path, sealed=True, shown=True)
    with one.door, other.door:
        one.door.post(PATHS["advice"], one.advice, one.tokens["advisor"])
        opened = next(
            e["id"]
            for e in one.door.get("/v1/events?most=1000", one.tokens["ann"]).json()["events"]
            if e["case"] == case and e["kind"] == "case.opened"
        )
        assert one.door.get(f"/v1/receipts/{opened}", one.tokens["ann"]).status_code == 200
        # The coin lies beside the opening, under the id that follows it.
        for hidden in (given["id"], following(opened, 1)):
            answer = one.door.get(f"/v1/receipts/{hidden}", one.tokens["ann"])
            assert (answer.status_code, code(answer)) == (404, "not-found")
            nothing = new_id()
            absent = one.door.get(f"/v1/receipts/{nothing}", one.tokens["ann"])
            assert absent.text.replace(nothing, hidden) == answer.text
        one.door.does(case, "prior", "ask-advice", token=one.tokens["ann"])
        shown = one.door.get(f"/v1/receipts/{given['id']}", one.tokens["ann"])
        assert shown.status_code == 200


def test_the_coin_of_an_open_case_is_in_no_answer(tmp_path):
    one, other, case, _ = worlds(tmp_path, sealed=True, shown=False)
    with one.door, other.door:
        for who in ALL:
            events = one.door.get("/v1/events?most=1000", one.tokens[who]).json()["events"]
            mine = [e for e in events if e["case"] == case]
            assert [e["kind"] for e in mine] == ["case.opened"]
            assert "show" not in json.dumps(mine)


def test_a_page_sees_no_more_than_the_person_before_it(tmp_path):
    one, other, case, _ = worlds(tmp_path, sealed=True, shown=True)
    page = {"origin": CRM}
    with one.door, other.door:
        asked = {"decision": SLUG, "case": case, "for": "ann", "origin": CRM,
                 "verbs": ["prior", "ask-advice", "choice", "read"]}  # fmt: skip
        for world in (one, other):
            world.door.post(PATHS["advice"], world.advice, world.tokens["advisor"])
        made = [
            w.door.post("/v1/capture-tokens", asked, w.tokens["crm"]).json() for w in (one, other)
        ]
        path = f"/v1/case?decision={SLUG}&case={case}"
        told = [
            w.door.get(path, m["token"], headers=page)
            for w, m in zip((one, other), made, strict=True)
        ]
        assert told[0].content == told[1].content
        asks = write("ask-advice", case)
        told = [
            w.door.post(PATHS["ask-advice"], asks, m["token"], headers=page)
            for w, m in zip((one, other), made, strict=True)
        ]
        assert (told[0].status_code, told[0].content) == (422, told[1].content)


def test_an_agent_with_everything_a_token_can_allow_still_decides_nothing_of_a_persons(tmp_path):
    one, other, case, _ = worlds(tmp_path, sealed=True, shown=True)
    with one.door, other.door:
        ann, bot = one.tokens["ann"], one.tokens["bot"]
        one.door.does(case, "prior", "advice", "ask-advice", token=ann)
        filed = one.door.write("contest", case, ann)
        size = one.door.size()
        for verb in sorted(set(PATHS) - {"open", "advice", "contest", "workaround", "escalate"}):
            for who in ("bot", "advisor"):
                plain = {**write(verb, case), **FIELDS.get(verb, {})}
                if "contest" in plain:
                    plain["contest"] = filed.json()["id"]
                if verb == "correct":
                    plain["of"] = filed.json()["id"]
                answer = one.door.post(PATHS[verb], plain, one.tokens[who])
                if verb == "ask-advice":
                    continue
                assert answer.status_code in (403, 422), (verb, answer.text)
                if verb != "outcome":
                    assert code(answer) in ("not-allowed", "not-yours-to-decide"), verb
        assert one.door.size() <= size + 2
        state = one.door.office.record.store.state_of(SLUG, case)
        assert state is not None
        assert state.choice is None
        assert not state.final
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for path in (f"/v1/decisions/{SLUG}/charter", "/v1/decisions", "/v1/events", "/v1/me"):
                assert one.door.ask(method, path, token=bot).status_code == 405
        for path in ("approve", "activate", "override", "proposals", "charters", "reviews/close"):
            assert one.door.post(f"/v1/{path}", {}, bot).status_code == 404


def test_an_agent_may_decide_alone_only_where_the_charter_lets_it(tmp_path):
    from tests.record.workspaces import CHARTER

    delegated = CHARTER.replace("mode: advise", "mode: delegate").replace(
        "sample: 0.5", "sample: 0.0"
    )
    with Door(workspace(tmp_path, delegated), public=True) as door:
        bot, ann = door.token("agent:bot", acting_for="ann"), door.token("human:ann")
        routine = door.write("open", "r", bot, inputs={"fault_code": "E-12", "stock_low": True})
        assert routine.status_code == 201
        other = door.write("open", "o", bot, inputs={"fault_code": "E-9", "stock_low": True})
        assert other.status_code == 201
        refused = door.write("choice", "o", bot)
        assert (refused.status_code, code(refused)) == (403, "not-yours-to-decide")
        door.does("r", "advice", "ask-advice", token=ann)
        override = door.write("choice", "r", bot, answer="leave")
        assert (override.status_code, code(override)) == (403, "not-yours-to-decide")
        assert door.write("choice", "r", bot, answer="bring").status_code == 201
