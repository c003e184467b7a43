"""A round through its pages: the link, the questions, what came out, and how it is settled."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from sayso.align.round import PURPOSES
from sayso.workspace.forgetting import forget_round
from sayso.workspace.rounds import begin, close_round, status_of
from sayso.workspace.rounds import send as save_and_send
from tests.console import workspaces
from tests.console.conftest import TODAY, Pages

SLUG = "first-visit-part"
ID = f"{SLUG}-1"
BASE = f"/d/{SLUG}/round/{ID}"
FORM = {"as": ID, "invite": "5", "closes": "2026-12-07", "settle": "owner", "cases": "none"}
SETTLE = {
    "rule": "Bring the part where the words match.",
    "why": "One visit costs less than two.",
    "effect": "chosen-1",
    "kind": "all",
    "start": "41",
    "target": "60",
    "check_on": "2027-02-21",
}


class Held:
    """A workspace, its convener's browser, and everybody else's."""

    def __init__(self, folder: Path, links: list[str]) -> None:
        self.folder = folder
        self.links = links
        self.convener = Pages(folder)
        self.people: list[Pages] = []

    def person(self, link: int, **options: object) -> Pages:
        """A browser of its own, in which the link was opened and begun."""
        browser = Pages(self.folder, **options)
        browser.get(self.links[link])
        assert browser.post(self.links[link]).status_code == 303
        self.people.append(browser)
        return browser

    def answered(self, people: int = 5) -> Held:
        """So many have answered, by the verbs behind the pages, each in a browser of their own."""
        for n in range(people):
            secret = begin(self.folder, self.links[n], TODAY)
            fields = {"owner": "Ingrid" if n < 4 else "Bo", "purpose": "parts kept"}
            points = (
                {"points-1": "80", "points-2": "20"}
                if n % 2
                else {"points-1": "20", "points-2": "80"}
            )
            assert save_and_send(self.folder, ID, secret, {**fields, **points}, today=TODAY) == ()
            browser = Pages(self.folder)
            browser.cookies.set(f"sayso_{ID}", secret, domain="127.0.0.1", path="/")
            self.people.append(browser)
        return self


def send(browser: Pages, *, owner: str = "Ingrid", n: int = 0) -> httpx.Response:
    browser.post(f"{BASE}/answer/1", {"owner": owner, "purpose": "parts kept"})
    points = (80, 20) if n % 2 else (20, 80)
    browser.post(f"{BASE}/answer/2", {"points-1": str(points[0]), "points-2": str(points[1])})
    return browser.post(f"{BASE}/answer/3", {"go": "on"})


def opened(folder: Path, **typed: str) -> Held:
    workspaces.clean(folder)
    page = Pages(folder).post(f"/d/{SLUG}/round/new", {**FORM, **typed})
    assert page.status_code == 200, text_of(page)
    return Held(folder, links_on(page))


def links_on(page: httpx.Response) -> list[str]:
    return [f"/r/{token}" for token in re.findall(r"/r/([a-z0-9]{26})", page.text)]


def text_of(page: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def begun(folder: Path, round_id: str = ID) -> int:
    return len(json.loads((folder / "rounds" / round_id / "links.json").read_text())["begun"])


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return opened(tmp_path)


# --- the link


def test_looking_at_a_link_uses_nothing_up(held: Held) -> None:
    for _ in range(3):
        assert "Begin" in text_of(Pages(held.folder).get(held.links[0]))
    assert begun(held.folder) == 0
    assert "used" not in (held.folder / f"rounds/{ID}/links.json").read_text().replace(
        '"used": f', ""
    )


def test_begin_pressed_twice_begins_once(held: Held) -> None:
    """Both clicks leave with what the browser held before the first was answered."""
    browser = Pages(held.folder)
    browser.get(held.links[0])
    before = httpx.Cookies(browser.cookies)
    first = browser.post(held.links[0])
    browser.cookies = before
    second = browser.post(held.links[0])
    assert first.headers["location"] == second.headers["location"] == f"{BASE}/answer/1"
    assert begun(held.folder) == 1
    assert browser.get(f"{BASE}/answer/1").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_comes_along_by_a_link_in_a_mail(
    held: Held,
) -> None:
    browser = Pages(held.folder)
    said = browser.get(held.links[0]).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/" in said
    # The second look changes nothing, so that the first click still finds its secret.
    assert "set-cookie" not in browser.get(held.links[0]).headers


def test_a_browser_without_cookies_is_told_so_and_the_link_stays_good(held: Held) -> None:
    page = Pages(held.folder).post(held.links[0])
    assert page.status_code == 400
    assert "This browser keeps nothing" in text_of(page)
    assert begun(held.folder) == 0
    assert held.person(0).get(f"{BASE}/answer/1").status_code == 200


def test_whoever_comes_back_by_the_link_goes_on_and_another_browser_is_told_it_was_used(
    held: Held,
) -> None:
    browser = held.person(0)
    assert browser.get(held.links[0]).headers["location"] == BASE
    other = Pages(held.folder)
    assert "This link was used" in text_of(other.get(held.links[0]))
    other.cookies.set(f"sayso_{ID}", "0" * 26)
    assert other.post(held.links[0]).status_code == 410
    assert begun(held.folder) == 1


@pytest.mark.parametrize("link", ["/r/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/r/../../etc/passwd0", "/r/x"])
def test_a_link_that_nobody_made_leads_nowhere(held: Held, link: str) -> None:
    assert Pages(held.folder).get(link).status_code == 404
    assert Pages(held.folder).post(link).status_code in (404, 405)


def test_a_second_person_on_one_device_begins_once_the_first_has_sent(held: Held) -> None:
    browser = held.person(0)
    page = browser.get(held.links[1])
    assert "let them finish first" in text_of(page)
    refused = browser.post(held.links[1])
    assert refused.status_code == 409
    assert "let them finish first" in text_of(refused)
    send(browser, owner="Ann")
    page = browser.get(held.links[1])
    assert "I am another person: begin" in text_of(page)
    before = httpx.Cookies(browser.cookies)
    assert browser.post(held.links[1]).status_code == 303
    browser.cookies = before  # a second click, sent before the first was answered
    assert browser.post(held.links[1]).status_code == 303
    assert begun(held.folder) == 2
    assert 'value=""' in browser.get(f"{BASE}/answer/1").text, "the first person's words are gone"
    send(browser, owner="Bo")
    assert status_of(held.folder, ID, TODAY).sent == 2


def test_what_the_other_person_was_given_does_not_hinder_the_first(held: Held) -> None:
    """Who opened a second link by mistake, and goes back to the first, still answers as before."""
    browser = held.person(0)
    send(browser, owner="Ann")
    browser.get(held.links[1])
    assert browser.post(held.links[0]).status_code == 303
    assert begun(held.folder) == 1
    assert "Ann" in browser.get(f"{BASE}/answer/1").text


# --- who sees what


def test_whoever_is_asked_sees_no_page_of_the_convener_even_at_this_computer(held: Held) -> None:
    browser = held.person(0)
    seen = [browser.get(f"{BASE}/answer/{n}") for n in (1, 2, 3)]
    send(browser)
    seen.append(browser.get(BASE))
    held.answered_rest = [send(held.person(n), n=n) for n in range(1, 5)]  # type: ignore[attr-defined]
    seen.append(browser.get(BASE))
    seen.append(browser.post(f"{BASE}/answer/1", {"owner": "too late"}))
    for page in seen:
        assert 'href="/"' not in page.text
        assert "Agenda" not in text_of(page)
        assert "Write the rule" not in text_of(page)
        assert "Nordlys Heat" in page.text
        assert f'href="{BASE}/convene">Convene this round</a>' in page.text
    own = browser.get(f"{BASE}/convene")
    assert "Write the rule" in text_of(own)
    assert 'href="/"' in own.text


def test_from_elsewhere_a_participant_has_no_way_to_convene(tmp_path: Path) -> None:
    made = opened(tmp_path)
    browser = made.person(0, access_key="correct horse battery")
    page = browser.get(f"{BASE}/answer/1")
    assert page.status_code == 200
    assert "convene" not in page.text
    for path in (f"{BASE}/convene", f"{BASE}/settle", f"/d/{SLUG}/round/new", "/"):
        assert browser.get(path).headers["location"].startswith("/key")
    for path in (f"{BASE}/close", f"{BASE}/link", f"{BASE}/objection/1", f"{BASE}/settle"):
        assert browser.post(path).status_code == 401
    stranger = Pages(tmp_path, access_key="correct horse battery")
    assert stranger.get(BASE).status_code == 422
    assert stranger.get(f"{BASE}.json").status_code == 422


def test_nothing_is_shown_before_the_last_answer_and_everything_to_all_after_it(held: Held) -> None:
    browser = held.person(0)
    send(browser)
    for page in (browser.get(BASE), held.convener.get(BASE)):
        assert "parts kept" not in page.text
    assert held.convener.get(f"{BASE}/settle").status_code == 422
    assert held.convener.get(f"{BASE}.json").status_code == 422
    assert "One of five has answered." in text_of(held.convener.get(BASE))
    for n in range(1, 5):
        send(held.person(n), n=n)
    assert "At least four of five say it is for the same thing" in text_of(browser.get(BASE))
    data = browser.get(f"{BASE}.json").json()
    assert (data["sent"], data["invited"]) == (5, 5)
    assert "pseudonym" not in json.dumps(data)


def test_the_convener_closes_early_and_what_is_typed_later_is_shown_to_copy(tmp_path: Path) -> None:
    made = opened(tmp_path, invite="6").answered(5)
    late = made.person(5)
    page = made.convener.get(BASE)
    assert "Close it now" in text_of(page)
    assert made.convener.post(f"{BASE}/close").headers["location"] == f"{BASE}/convene"
    page = late.post(
        f"{BASE}/answer/1", {"owner": "<b>Cy</b>", "purpose": "other", "other": "calm"}
    )
    assert page.status_code == 410
    assert "Who is accountable for this decision? <b>Cy</b>" in text_of(page)
    assert "<b>Cy" not in page.text
    assert "What is this decision for, most of all? calm" in text_of(page)
    assert "Five of the six invited answered apart" in text_of(late.get(BASE))


@pytest.mark.parametrize(
    ("people", "says"), [(0, "Nobody answered"), (1, "One answered"), (2, "Two answered")]
)
def test_too_few_answers_are_never_shown(tmp_path: Path, people: int, says: str) -> None:
    made = opened(tmp_path).answered(people)
    later = TODAY + timedelta(days=30)
    convener = Pages(tmp_path, clock=lambda: later)
    page = text_of(convener.get(BASE))
    assert f"{says}, and five are needed" in page
    assert "Open another round" in page
    if people:
        browser = Pages(tmp_path, clock=lambda: later)
        browser.cookies = made.people[0].cookies
        page = text_of(browser.get(BASE))
        assert "Nobody sees any of the answers" in page
        assert "Open another round" not in page, "advice that whoever reads it cannot follow"


# --- opening


def test_a_round_is_opened_with_its_links_shown_once(tmp_path: Path) -> None:
    workspaces.clean(tmp_path)
    convener = Pages(tmp_path)
    form = convener.get(f"/d/{SLUG}/round/new")
    assert f'name="as" value="{ID}"' in form.text
    assert " checked" not in form.text, "nothing is picked beforehand"
    page = convener.post(f"/d/{SLUG}/round/new", FORM)
    links = links_on(page)
    assert len(set(links)) == 5
    assert "These links open on this computer only" in text_of(page)
    kept = "".join(p.read_text() for p in (tmp_path / "rounds" / ID).rglob("*") if p.is_file())
    assert not any(link.removeprefix("/r/") in kept for link in links)
    # Going back and pressing again, or loading the page again, opens nothing new.
    again = convener.post(f"/d/{SLUG}/round/new", FORM)
    assert again.status_code == 409
    assert "nothing new was opened" in text_of(again)
    assert len(list((tmp_path / "rounds").iterdir())) == 1
    # Nor does coming back to the form; whoever wants another round says so, once each.
    back = convener.get(f"/d/{SLUG}/round/new")
    assert "A round about this is open already" in text_of(back)
    another = convener.get(f"/d/{SLUG}/round/new?after={ID}")
    assert f'name="as" value="{SLUG}-2"' in another.text
    assert convener.post(f"/d/{SLUG}/round/new", {**FORM, "as": f"{SLUG}-2"}).status_code == 200
    back = convener.get(f"/d/{SLUG}/round/new?after={ID}")
    assert f"It is {SLUG}-2" in text_of(back)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"invite": "200"}, "invite", "200 people are too many for one round"),
        ({"invite": "2"}, "invite", "2 answers would never be shown"),
        ({"invite": "eight"}, "invite", "Write a number of people, such as 8."),
        ({"invite": "5" * 5000}, "invite", "Write a number of people"),
        ({"closes": "soon"}, "closes", "Write a day as 2026-12-07."),
        ({"closes": "2026-11-23"}, "closes", "over before anybody could answer"),
        ({"settle": ""}, "settle", "Choose who may settle"),
        ({"settle": "veto"}, "settle", "Choose who may settle"),
        ({"cases": "all"}, "cases", "Choose which cases"),
    ],
)
def test_what_is_wrong_with_a_new_round_is_said_beside_its_field(
    tmp_path: Path, typed: dict[str, str], field: str, says: str
) -> None:
    workspaces.clean(tmp_path)
    page = Pages(tmp_path).post(f"/d/{SLUG}/round/new", {**FORM, "invite": "7", **typed})
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}-wrong"' in page.text
    assert says in text_of(page)
    assert not (tmp_path / "rounds").exists()
    if "invite" not in typed:
        assert 'value="7"' in page.text


def test_a_table_that_cannot_be_read_is_said_beside_the_cases(tmp_path: Path) -> None:
    workspaces.clean(tmp_path)
    workspaces.write(tmp_path, "visits.parquet", "no table")
    page = Pages(tmp_path).post(f"/d/{SLUG}/round/new", {**FORM, "cases": "real"})
    assert page.status_code == 422
    assert 'id="cases-wrong"' in page.text


def test_what_matters_without_a_range_is_mended_in_the_charter_first(tmp_path: Path) -> None:
    matters = "matters: [{name: speed}, {name: cost}]"
    workspaces.write(tmp_path, f"charters/{SLUG}.yaml", workspaces.charter(SLUG, matters))
    for page in (
        Pages(tmp_path).get(f"/d/{SLUG}/round/new"),
        Pages(tmp_path).post(f"/d/{SLUG}/round/new", FORM),
    ):
        assert "states no range" in text_of(page)
        assert f'href="/d/{SLUG}/charter"' in page.text
    assert not (tmp_path / "rounds").exists()


def test_no_other_decision_opens_this_ones_round(held: Held) -> None:
    workspaces.write(held.folder, "charters/other.yaml", workspaces.charter("other"))
    for path in ("", "/convene", "/settle", ".json"):
        assert held.convener.get(f"/d/other/round/{ID}{path}").status_code == 404
    for path in ("/close", "/link", "/settle", "/objection/1"):
        assert held.convener.post(f"/d/other/round/{ID}{path}").status_code == 404


def test_one_more_link_is_shown_once_and_works(held: Held) -> None:
    page = held.convener.post(f"{BASE}/link")
    (link,) = links_on(page)
    assert link not in held.links
    held.links.append(link)
    assert held.person(-1).get(f"{BASE}/answer/1").status_code == 200


# --- the first day


def test_five_colleagues_are_asked_on_the_first_day(tmp_path: Path) -> None:
    """From six plain answers to links and to what five people say, with nothing else filled in."""
    convener = Pages(tmp_path)
    begun_ = convener.post("/start", {"decision": "Which supplier gets the order?", "ai": "Bot"})
    said = convener.get(begun_.headers["location"])
    slug = begun_.headers["location"].removeprefix("/start/")
    assert f"/d/{slug}/round/new" in said.text or "charter" in said.text
    form = convener.get(f"/d/{slug}/round/new")
    assert "about two minutes" in text_of(form)
    assert "Which cases" not in text_of(form)
    page = convener.post(
        f"/d/{slug}/round/new",
        {"as": f"{slug}-1", "invite": "5", "closes": "2026-12-07", "settle": "owner"},
    )
    links, base = links_on(page), f"/d/{slug}/round/{slug}-1"
    assert len(links) == 5
    for n, link in enumerate(links):
        browser = Pages(tmp_path)
        browser.get(link)
        browser.post(link)
        asked = browser.get(f"{base}/answer/1")
        assert "1 of 2" in text_of(asked)
        for purpose in PURPOSES:
            assert f'value="{purpose}"' in asked.text
        purpose = {"purpose": PURPOSES[n % 2]} if n < 4 else {"purpose": "other", "other": "peace"}
        browser.post(f"{base}/answer/1", {"owner": ("Ann", "Bo")[n % 2], **purpose})
        assert browser.post(f"{base}/answer/2", {"go": "on"}).status_code == 303
    told = text_of(browser.get(base))
    assert "Five people named at least two owners" in told
    assert "At least two said “to be quicker” and at least two said “to save money”." in told
    assert "peace" not in told
    assert "Write into the charter what matters" in told


# --- answering


def test_points_that_do_not_add_up_are_said_beside_them_and_kept(held: Held) -> None:
    browser = held.person(0)
    went = browser.post(f"{BASE}/answer/2", {"points-1": "70", "points-2": "zwölf"})
    assert went.headers["location"] == f"{BASE}/answer/2?check=yes", "Back sends nothing again"
    page = browser.get(went.headers["location"])
    assert '<a href="#points-2">' in page.text
    assert 'value="zwölf"' in page.text
    went = browser.post(f"{BASE}/answer/2", {"points-1": "70", "points-2": "20"})
    page = browser.get(went.headers["location"])
    assert "They add up to 90. Give 10 more." in text_of(page)
    assert 'value="70"' in page.text
    assert "Error: " in page.text
    calm = browser.get(f"{BASE}/answer/2")
    assert 'value="20"' in calm.text
    assert "There is a problem" not in calm.text
    went = browser.post(f"{BASE}/answer/3", {"go": "on"})
    page = browser.get(went.headers["location"])
    assert "They add up to 90." in text_of(page)
    assert f'href="{BASE}/answer/2"' in page.text
    assert status_of(held.folder, ID, TODAY).sent == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"points-1": "60", "points-2": "25"}, "85 of 100 points given, 15 left."),
        ({"points-1": "60", "points-2": "40"}, "All 100 points are given."),
        ({"points-1": "60", "points-2": "45,5"}, "105.5 of 100 points given, 5.5 too many."),
        ({"points-1": "nan", "points-2": "1e999"}, "0 of 100 points given, 100 left."),
        ({"points-1": "-5", "points-2": "<b>"}, "0 of 100 points given, 100 left."),
        ({}, "0 of 100 points given, 100 left."),
    ],
)
def test_the_sum_is_said_while_points_are_typed_and_they_are_kept(
    held: Held, typed: dict[str, str], says: str
) -> None:
    browser = held.person(0)
    page = browser.post(f"{BASE}/answer/2/sum", typed)
    assert (page.status_code, page.text.strip()) == (200, says)
    shown = browser.get(f"{BASE}/answer/2")
    assert says in text_of(shown)
    if typed.get("points-1"):
        assert f'value="{typed["points-1"]}"' in shown.text


def test_nobody_else_sees_or_keeps_a_sum(held: Held) -> None:
    typed = {"points-1": "60"}
    assert Pages(held.folder).post(f"{BASE}/answer/2/sum", typed).status_code == 422
    browser = held.person(0)
    for n in range(1, 5):
        send(held.person(n), n=n)
    send(browser)
    assert "is over" in browser.post(f"{BASE}/answer/2/sum", typed).text


def test_back_and_forth_loses_nothing_and_sending_twice_is_one_answer(held: Held) -> None:
    browser = held.person(0)
    browser.post(f"{BASE}/answer/1", {"owner": "Ann", "purpose": "other", "other": "peace & quiet"})
    went = browser.post(f"{BASE}/answer/2", {"points-1": "3", "go": "back"})
    assert went.headers["location"] == f"{BASE}/answer/1"
    page = browser.get(f"{BASE}/answer/1")
    assert 'value="Ann"' in page.text
    assert 'value="peace &amp; quiet"' in page.text
    browser.post(f"{BASE}/answer/2", {"points-1": "", "points-2": ""})
    for _ in range(2):
        assert browser.post(f"{BASE}/answer/3", {"go": "on"}).status_code == 303
    assert status_of(held.folder, ID, TODAY).sent == 1
    # Whoever changes an answer later and does not send again is shown what is still to send.
    browser.post(f"{BASE}/answer/1", {"owner": "Bo", "purpose": "parts kept"})
    assert browser.get(BASE).headers["location"] == f"{BASE}/answer/1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"other": "peace"}, "peace"),
        ({"purpose": "other", "other": "peace"}, "peace"),
        ({"purpose": "parts kept", "other": "peace"}, "parts kept"),
        ({"purpose": "other", "other": ""}, ""),
    ],
)
def test_own_words_count_where_nothing_else_is_picked_and_stay_in_any_case(
    held: Held, typed: dict[str, str], kept: str
) -> None:
    browser = held.person(0)
    browser.post(f"{BASE}/answer/1", {"owner": "Ann", **typed})
    (file,) = (held.folder / f"rounds/{ID}/answers").glob("*.json")
    assert json.loads(file.read_text())["draft"].get("purpose", "") == kept
    assert (
        f'name="other" type="text" value="{typed["other"]}"' in browser.get(f"{BASE}/answer/1").text
    )


def test_an_old_version_of_the_charter_is_said_to_be_one(held: Held) -> None:
    held.answered()
    file = held.folder / f"charters/{SLUG}.yaml"
    file.write_text(
        file.read_text().replace("version: 3", "version: 4").replace("bring,", "take along,")
    )
    for page in (held.people[0].get(BASE), held.convener.get(BASE)):
        assert "The charter has changed since this round was opened." in text_of(page)
        assert f"{SLUG}@3" in page.text


# --- settling


def test_the_rule_is_settled_by_picking_what_will_be_seen(held: Held) -> None:
    held.answered()
    page = held.convener.get(f"{BASE}/settle")
    assert "Ingrid Solheim settles it, as head of field service." in text_of(page)
    assert "How often “bring” is chosen" in text_of(page)
    assert " checked>" not in page.text
    done = held.convener.post(f"{BASE}/settle", SETTLE)
    assert done.headers["location"] == BASE
    charter = (held.folder / f"charters/{SLUG}.yaml").read_text()
    assert "version: 4" in charter
    assert "Bring the part where the words match." in charter
    assert re.search(r"from: 0.41\s+to: 0.6\s+by: 2027-02-21", charter)
    for page in (held.people[0].get(BASE), held.convener.get(BASE)):
        told = text_of(page)
        assert "Settled by head of field service Bring the part where the words match." in told
        assert "One visit costs less than two." in told
        assert "“bring” is chosen 60 times in 100, where it was 41." in told
        assert "Write the rule" not in told
    assert held.convener.get(f"{BASE}/settle").headers["location"] == BASE
    assert held.convener.post(f"{BASE}/settle", SETTLE).headers["location"] == BASE


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A round that is over and that none of the tests with it settles."""
    return opened(tmp_path_factory.mktemp("over")).answered()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"rule": ""}, "rule", "Write what is done from now on."),
        ({"why": " "}, "why", "Write why"),
        ({"effect": ""}, "effect", "Choose what somebody will see change."),
        ({"effect": "chosen-99"}, "effect", "Choose what somebody will see change."),
        ({"start": "0.41"}, "start", "Write it of 100 cases, such as 41."),
        ({"target": "-3"}, "target", "Write it of 100 cases"),
        ({"target": "400"}, "target", "Write it of 100 cases"),
        ({"target": ""}, "target", "Write a number."),
        ({"target": "41"}, "target", "nothing would change"),
        ({"check_on": "2026-11-23"}, "check_on", "is not after today"),
        ({"check_on": "spring"}, "check_on", "is no day"),
        ({"effect": "other", "check": "count(*)"}, "check", ""),
        ({"effect": "other", "check": ""}, "check", "Say how the effect is seen"),
        ({"effect": "other", "check": "avg(part_used)", "where": "1 +"}, "where", ""),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_beside_its_field_and_kept(
    over: Held, typed: dict[str, str], field: str, says: str
) -> None:
    page = over.convener.post(f"{BASE}/settle", {**SETTLE, **typed})
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}-wrong"' in page.text
    assert says in text_of(page)
    assert page.text.count('class="said"') == 1, "one problem, once"
    again = over.convener.get(f"{BASE}/settle")
    kept = "One visit costs less than two." if field != "why" else "Bring the part where"
    assert kept in again.text
    assert status_of(over.folder, ID, TODAY).settled == ""


def test_an_expression_is_the_other_way_and_is_read_back_as_what_was_picked(held: Held) -> None:
    held.answered()
    typed = {**SETTLE, "kind": "yes-1", "rule": ""}
    held.convener.post(f"{BASE}/settle", typed)
    page = held.convener.get(f"{BASE}/settle")
    assert re.search(r'value="chosen-1"[^>]*checked', page.text)
    assert re.search(r'value="yes-1"[^>]*checked', page.text)
    assert 'id="start" name="start" type="text" value="41"' in page.text
    # What was emptied here does not come back from before.
    own = {**SETTLE, "effect": "other", "check": "avg(part_used)", "start": "0.5", "target": "0.7"}
    held.convener.post(f"{BASE}/settle", {**own, "rule": ""})
    page = held.convener.get(f"{BASE}/settle")
    assert 'value="avg(part_used)"' in page.text
    assert "stock_low" not in re.sub(r'value="(yes|no)-\d"', "", page.text)
    assert held.convener.post(f"{BASE}/settle", own).headers["location"] == BASE
    charter = (held.folder / f"charters/{SLUG}.yaml").read_text()
    rule = charter.partition("- says: Bring the part where")[2]
    assert re.match(r".*\s+check: avg\(part_used\)\s+from: 0.5\s+to: 0.7\s", rule), rule


def test_where_nobody_is_accountable_the_page_says_so_and_leads_there(held: Held) -> None:
    held.answered()
    (held.folder / "people.yaml").unlink()
    page = held.convener.get(f"{BASE}/settle")
    assert "Nobody is on record as head of field service" in text_of(page)
    assert f'href="/d/{SLUG}/owner"' in page.text
    assert "It still waits." in text_of(page)
    refused = held.convener.post(f"{BASE}/settle", SETTLE)
    assert refused.status_code == 422
    assert "Nobody holds the role" in text_of(refused)
    assert "One visit costs less than two." in refused.text


def test_a_charter_changed_meanwhile_is_settled_only_when_somebody_says_that_it_holds(
    held: Held,
) -> None:
    held.answered()
    file = held.folder / f"charters/{SLUG}.yaml"
    file.write_text(
        file.read_text()
        .replace("default: leave", "default: bring")
        .replace("version: 3", "version: 4")
    )
    page = held.convener.post(f"{BASE}/settle", SETTLE)
    assert page.status_code == 422
    assert "--" not in text_of(page)
    assert 'name="still"' in page.text
    assert held.convener.post(f"{BASE}/settle", {**SETTLE, "still": "yes"}).status_code == 303


# --- what speaks against it


@pytest.fixture
def lying(tmp_path: Path) -> Held:
    """A round to be settled by consent, with a rule that lies open."""
    made = opened(tmp_path, settle="consent").answered()
    page = made.convener.get(f"{BASE}/settle")
    assert "Lay it open for seven days" in text_of(page)
    assert made.convener.post(f"{BASE}/settle", SETTLE).headers["location"] == f"{BASE}/settle"
    return made


def test_those_who_answered_see_the_rule_and_object_without_a_name(lying: Held) -> None:
    browser = lying.people[0]
    page = text_of(browser.get(BASE))
    assert "A rule is proposed" in page
    assert "Bring the part where the words match." in page
    assert "It lies open until 30 November 2026." in page
    reason = "Stock <runs> out & then?"
    for _ in range(2):  # the second click is the same objection
        went = browser.post(f"{BASE}/object", {"because": reason})
        assert went.headers["location"] == f"{BASE}#proposal"
    file = (lying.folder / f"proposals/{SLUG}-1.yaml").read_text()
    assert file.count("because") == 1
    names = [p.stem for p in (lying.folder / f"rounds/{ID}/answers").iterdir()]
    assert not any(name in file for name in names)
    for other in (*lying.people, lying.convener):
        assert "Stock &lt;runs&gt; out &amp; then?" in other.get(BASE).text


def test_an_objection_has_a_reason_and_comes_from_somebody_who_answered(lying: Held) -> None:
    page = lying.people[0].post(f"{BASE}/object", {"because": "  "})
    assert page.status_code == 422
    assert '<a href="#because">' in page.text
    long = "x" * 2001
    page = lying.people[0].post(f"{BASE}/object", {"because": long})
    assert page.status_code == 422
    assert long in page.text
    stranger = Pages(lying.folder)
    assert stranger.post(f"{BASE}/object", {"because": "No."}).status_code == 422
    assert "objections" not in (lying.folder / f"proposals/{SLUG}-1.yaml").read_text()


def test_what_is_still_missing_is_said_until_every_objection_is_answered(lying: Held) -> None:
    lying.people[0].post(f"{BASE}/object", {"because": "Stock runs out."})
    page = text_of(lying.convener.get(f"{BASE}/settle"))
    assert "It still waits." in page
    assert "Objection 1 is not answered: Stock runs out." in page
    assert "Until 30 November 2026 anybody may object" in page
    empty = lying.convener.post(f"{BASE}/objection/1", {"answer-1": ""})
    assert empty.status_code == 422
    assert 'id="answer-1-wrong"' in empty.text
    for _ in range(2):
        went = lying.convener.post(f"{BASE}/objection/1", {"answer-1": "It is counted daily."})
        assert went.headers["location"] == f"{BASE}/settle#against"
    assert lying.convener.post(f"{BASE}/objection/9", {"answer-9": "Which?"}).status_code == 422
    too_soon = lying.convener.post(f"{BASE}/settle", SETTLE)
    assert "Until 30 November 2026 anybody may object" in text_of(
        lying.convener.get(f"{BASE}/settle")
    )
    assert too_soon.headers["location"] == f"{BASE}/settle"
    later = Pages(lying.folder, clock=lambda: date(2026, 11, 30))
    assert "Nothing stands in its way any more." in text_of(later.get(f"{BASE}/settle"))
    assert later.post(f"{BASE}/settle", SETTLE).headers["location"] == BASE
    told = text_of(lying.people[1].get(BASE))
    assert "Settled by head of field service" in told
    assert "Stock runs out. Answered: It is counted daily." in told
    assert lying.people[1].post(f"{BASE}/object", {"because": "Too late."}).status_code == 422


def test_a_role_with_a_veto_stops_it_and_lifts_it(tmp_path: Path) -> None:
    workspaces.clean(tmp_path)
    file = tmp_path / f"charters/{SLUG}.yaml"
    file.write_text(file.read_text().replace("veto: []", "veto: [works-council]"))
    convener = Pages(tmp_path)
    page = convener.get(f"/d/{SLUG}/round/new")
    assert "unless a role with a veto (works council) stops it" in text_of(page)
    made = Held(
        tmp_path, links_on(convener.post(f"/d/{SLUG}/round/new", {**FORM, "settle": "veto"}))
    )
    made.answered()
    convener.post(f"{BASE}/settle", SETTLE)
    assert "Which role stops it?" in text_of(convener.get(f"{BASE}/settle"))
    wrong = convener.post(f"{BASE}/stop", {"because": "Not agreed."})
    assert 'id="role-wrong"' in wrong.text
    assert "Not agreed." in wrong.text
    stopped = convener.post(f"{BASE}/stop", {"role": "works-council", "because": "Not agreed."})
    assert stopped.status_code == 303
    assert "works council stops it." in text_of(made.people[0].get(BASE))
    later = Pages(tmp_path, clock=lambda: date(2026, 11, 30))
    assert "stops it" in text_of(later.get(f"{BASE}/settle"))
    later.post(f"{BASE}/objection/1", {"answer-1": "Agreed since."})
    assert later.post(f"{BASE}/settle", SETTLE).headers["location"] == BASE


def test_names_that_would_be_markup_are_text_on_every_page(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    made = opened(tmp_path)
    for n in range(5):
        send(made.person(n), owner=bad, n=n)
    made.convener.post(f"{BASE}/settle", {**SETTLE, "rule": bad, "why": bad, "start": bad})
    pages = [made.people[0].get(BASE), made.convener.get(BASE), made.convener.get(f"{BASE}/settle")]
    made.convener.post(f"{BASE}/settle", {**SETTLE, "rule": bad, "why": bad})
    for page in (*pages, made.people[0].get(BASE)):
        assert "<img" not in page.text
        assert "&lt;img" in page.text


def test_a_closed_round_shows_the_same_to_whoever_looks_again(held: Held) -> None:
    held.answered()
    close_round(held.folder, ID, TODAY)
    first = held.people[0].get(BASE).text
    assert held.people[3].get(BASE).text == first


# --- afterwards


def test_a_round_whose_answers_were_deleted_says_so_and_leads_on_to_its_rule(
    held: Held,
) -> None:
    held.answered()
    forget_round(held.folder, ID, TODAY, unsettled=True)
    page = held.convener.get(BASE)
    assert page.status_code == 200
    assert f"were deleted on 23 November 2026; what the round said is kept in rounds/{ID}/" in (
        text_of(page)
    )
    assert f"{BASE}/settle" in page.text
    assert "were deleted on" in text_of(held.convener.get(f"{BASE}/settle"))
    assert held.convener.post(f"{BASE}/settle", SETTLE).status_code == 303
    assert SETTLE["rule"] in text_of(held.convener.get(BASE))
    assert "were deleted on" in text_of(held.people[0].get(BASE))
    assert held.convener.get(f"{BASE}.json").json()["code"] == "round-forgotten"
    assert "over" in text_of(Pages(held.folder).get(held.links[0]))
