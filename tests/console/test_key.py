"""The access key: asked for, compared, remembered, limited, given back."""

import pytest

KEY = "correct horse battery"


@pytest.fixture
def seconds():
    """A clock the test moves."""
    return [1000.0]


@pytest.fixture
def locked(pages, seconds):
    """Pages that need the key."""
    return pages(access_key=KEY, seconds=lambda: seconds[0])


def test_a_page_for_the_convener_asks_for_the_key_first(locked):
    answer = locked.get("/d/first-visit")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/key?then=/d/first-visit"
    assert "Access key" in locked.get(answer.headers["location"]).text


def test_data_for_the_convener_is_refused_without_the_key(locked):
    assert locked.get("/index.json").status_code in (401, 404)


def test_the_right_key_opens_the_pages_and_leads_where_one_wanted_to_go(locked):
    answer = locked.post("/key", {"key": KEY, "then": "/d/first-visit"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/d/first-visit"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert KEY not in cookie
    assert locked.get("/").status_code == 200


def test_the_cookie_is_for_https_alone_where_the_page_came_so(locked):
    locked.address = "https://sayso.example"
    answer = locked.post("/key", {"key": KEY})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("key", ["", "correct horse batter", "CORRECT HORSE BATTERY", "é" * 40])
def test_a_wrong_key_is_a_problem_in_the_form(locked, key):
    answer = locked.post("/key", {"key": key})
    assert answer.status_code == 403
    assert "<title>Error: " in answer.text
    assert "There is a problem" in answer.text
    assert 'href="#key"' in answer.text
    assert "set-cookie" not in answer.headers


def test_a_made_up_cookie_opens_nothing(locked):
    locked.cookies.set("sayso_key", KEY)
    assert locked.get("/").status_code == 303


def test_after_five_wrong_tries_even_the_right_key_waits(locked, seconds):
    for _ in range(5):
        locked.post("/key", {"key": "wrong"})
    answer = locked.post("/key", {"key": KEY})
    assert answer.status_code == 429
    assert "fifteen minutes" in answer.text
    seconds[0] += 901
    assert locked.post("/key", {"key": KEY}).status_code == 303


def test_a_visit_ends_after_half_a_day(locked, seconds):
    locked.post("/key", {"key": KEY})
    seconds[0] += 12 * 3600
    assert locked.get("/").status_code == 303


def test_a_key_given_back_opens_nothing_any_more(locked):
    locked.post("/key", {"key": KEY})
    kept = locked.cookies
    assert "Give back the key" in locked.get("/").text
    locked.post("/key/leave")
    locked.cookies = kept
    assert locked.get("/").status_code == 303


@pytest.mark.parametrize(
    "then", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "javascript:1"]
)
def test_nobody_is_led_to_another_site(locked, then):
    assert locked.post("/key", {"key": KEY, "then": then}).headers["location"] == "/"


def test_before_the_key_was_shown_a_page_says_nothing_of_the_workspace(pages, tmp_path):
    (tmp_path / "sayso.toml").write_text('name = "Nordlys Heat"\n', "utf-8")
    assert "Nordlys Heat" in pages(tmp_path).get("/who-sees-this").text
    locked = pages(tmp_path, access_key=KEY)
    for path in ("/key", "/who-sees-this", "/nope"):
        text = locked.get(path).text
        assert "Nordlys" not in text
        assert "Agenda" not in text
