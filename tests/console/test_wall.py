"""The wall around the pages: who may come in, with what, and what every answer carries."""

import pytest
from fastapi import APIRouter

from sayso.console import app as application
from sayso.console.app import ROUTERS, make_app
from sayso.console.security import Permission, permission_of, undeclared
from sayso.console.wall import MOST_BYTES

FORM = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/static/sayso.css", "/static/none", "/d/a", "/key"]
)
def test_every_answer_carries_the_strict_headers(pages, path):
    headers = pages().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    if path != "/static/sayso.css":
        assert headers["cache-control"] == "no-store"


def test_every_route_says_who_it_is_for():
    assert not [path for router in ROUTERS for path in undeclared(router)]


def test_a_route_that_says_nothing_keeps_the_pages_from_starting(tmp_path, monkeypatch):
    router = APIRouter()

    @router.get("/open")
    def forgotten() -> str:
        return "hello"

    monkeypatch.setattr(application, "ROUTERS", (router,))
    with pytest.raises(ValueError, match="/open"):
        make_app(tmp_path)


def test_what_says_something_of_the_workspace_is_for_the_convener():
    open_to_all = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if permission_of(route.endpoint) is Permission.PUBLIC
    }
    assert open_to_all == {"/static/{name}", "/key", "/key/leave", "/who-sees-this"}


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:9", "LOCALHOST:1"])
def test_this_computer_is_called_by_its_own_names(pages, host):
    assert pages().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "[::1", "10.0.0.1"]
)
def test_a_foreign_name_that_leads_here_is_refused(pages, host):
    answer = pages().get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "sayso serve" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8080"},
    ],
)
def test_a_form_of_another_site_is_refused(pages, headers):
    answer = pages().post("/key/leave", headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize("headers", [FORM, {"origin": "http://127.0.0.1:8080"}, {}])
def test_a_form_of_our_own_is_taken(pages, headers):
    assert pages().post("/key/leave", headers=headers).status_code == 303


def test_more_than_a_form_can_hold_is_refused_whether_or_not_it_says_so(pages):
    p = pages()
    assert p.post("/key", {"key": "x" * MOST_BYTES}).status_code == 413

    async def parts():
        for _ in range(MOST_BYTES // 1024 + 1):
            yield b"x" * 1024

    unsaid = p.ask("POST", "/key", content=parts(), headers=FORM)
    assert unsaid.status_code == 413
    assert "256 kB" in unsaid.text
    for lie in ("-1", "many", "1e9"):
        answer = p.ask("POST", "/key", content=parts(), headers={**FORM, "content-length": lie})
        assert answer.status_code == 413


def test_what_just_fits_is_read(pages):
    assert (
        pages(access_key="a long enough key").post("/key", {"key": "x" * 200_000}).status_code
        == 403
    )


@pytest.mark.parametrize(
    "path",
    [
        "/static/../console.css",
        "/static/..%2f..%2fpages.py",
        "/static/%2e%2e/report.css",
        "/d/..%2fpeople",
        "/d/../people.yaml",
        "/d/A",
        "/d/a_b",
        "/d/a%00b",
        "/d/" + "a" * 200,
        "/d/-a",
    ],
)
def test_no_address_reaches_into_a_folder(pages, path):
    answer = pages().get(path)
    assert answer.status_code == 404
    assert "no such page" in answer.text


def test_a_defect_of_ours_says_so_without_its_trace(pages, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("the secret of the machine")

    p = pages()
    monkeypatch.setattr("sayso.console.reply.read_settings", broken)
    answer = p.get("/who-sees-this?token=abc")
    assert answer.status_code == 500
    assert "defect in Sayso" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"]
    assert "the secret of the machine" in caplog.text
    assert "token=abc" not in caplog.text


def test_data_is_refused_as_data(pages):
    answer = pages().get("/nope.json")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert answer.json()["hint"]


def test_pages_hold_no_style_attribute_and_no_script_of_their_own(pages):
    for path in ("/", "/nope", "/key", "/who-sees-this"):
        text = pages().get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert "onclick" not in text
