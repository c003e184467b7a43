"""Tokens: made for something, kept as a hash, refused from the next request on."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from sayso.cli.main import run
from sayso.domain.errors import TokenDead, TokenRefused, TokensUnreadable, TokenUnknown
from sayso.record.terms import Actor, ActorKind
from sayso.workspace.record_tables import pseudonym
from sayso.workspace.tokens import (
    TokenBook,
    actor_of,
    list_tokens,
    make_token,
    revoke_token,
)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def made(folder, actor="service:crm", **changed):
    options = {"decisions": ["first-visit-part"], "verbs": ["open", "read"], "now": NOW}
    return make_token(folder, actor, **{**options, **changed})


def test_a_token_is_found_again_with_everything_it_was_made_for(tmp_path):
    token = made(
        tmp_path,
        "agent:parts-model",
        acting_for="ann",
        verbs=["open", "advice"],
        days=3,
    )
    found = TokenBook(tmp_path).look_up(token.text, NOW)
    assert found == token.token
    assert (found.kind, found.name, found.acting_for) == (ActorKind.AGENT, "parts-model", "ann")
    assert found.expires == NOW + timedelta(days=3)
    assert found.grants("first-visit-part")
    assert not found.grants("other")
    assert found.grants_right("advice")
    assert not found.grants_right("choice")


def test_the_file_opens_nothing_and_is_for_its_owner_alone(tmp_path):
    token = made(tmp_path)
    file = tmp_path / ".sayso" / "tokens.json"
    secret = token.text.rsplit("_", 1)[1]
    assert secret not in file.read_text("utf-8")
    assert token.text not in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (tmp_path / ".sayso" / ".gitignore").read_text("utf-8") == "*\n"


def test_two_tokens_made_for_the_same_are_two(tmp_path):
    texts = {made(tmp_path).text for _ in range(20)}
    assert len(texts) == 20
    assert len({t.id for t in list_tokens(tmp_path)}) == 20


def test_a_revoked_token_is_refused_by_a_book_that_had_read_it(tmp_path):
    token, other = made(tmp_path), made(tmp_path)
    book = TokenBook(tmp_path)
    assert book.look_up(token.text, NOW)
    revoke_token(tmp_path, token.token.id, NOW)
    with pytest.raises(TokenDead, match="revoked"):
        book.look_up(token.text, NOW)
    with pytest.raises(TokenDead):
        book.alive(token.token.id, NOW)
    assert book.look_up(other.text, NOW)


def test_a_token_that_was_made_later_is_found_by_a_book_that_was_open(tmp_path):
    book = TokenBook(tmp_path)
    with pytest.raises(TokenUnknown):
        book.look_up("sayso_0123456789ab_" + "a" * 43, NOW)
    assert book.look_up(made(tmp_path).text, NOW)


def test_every_change_is_seen_even_within_one_tick_of_the_clock(tmp_path):
    token = made(tmp_path)
    book = TokenBook(tmp_path)
    for _ in range(30):
        other = made(tmp_path)
        assert book.look_up(other.text, NOW)
        revoke_token(tmp_path, other.token.id, NOW)
        with pytest.raises(TokenDead):
            book.look_up(other.text, NOW)
    assert book.look_up(token.text, NOW)


def test_an_expired_token_is_refused_from_its_moment_on(tmp_path):
    token = made(tmp_path, days=1)
    book = TokenBook(tmp_path)
    assert book.look_up(token.text, NOW + timedelta(days=1) - timedelta(microseconds=1))
    with pytest.raises(TokenDead, match="expired"):
        book.look_up(token.text, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text.upper(),
        lambda text: " " + text,
        lambda text: text + "\n",
        lambda text: text.replace("sayso", "other"),
        lambda text: text[:6] + "0" * 12 + text[18:],
        lambda text: text[:-4] + ("AAAA" if text[-4:] != "AAAA" else "BBBB"),
        lambda text: text[:-1] + "é",
        lambda text: text[:-1] + "\ud800",
        lambda text: "sayso_" + "٣" * 12 + text[18:],
        lambda text: "Bearer " + text,
        lambda text: text * 1000,
    ],
)
def test_anything_but_the_whole_token_is_unknown_and_says_nothing_of_what_was_right(
    spoil, tmp_path
):
    token = made(tmp_path)
    with pytest.raises(TokenUnknown) as caught:
        TokenBook(tmp_path).look_up(spoil(token.text), NOW)
    assert str(caught.value) == str(TokenUnknown())


def test_the_id_and_the_hash_are_no_token(tmp_path):
    token = made(tmp_path)
    digest = json.loads((tmp_path / ".sayso" / "tokens.json").read_text())["tokens"][0]["sha256"]
    for text in (token.token.id, digest, f"sayso_{token.token.id}_{digest[:43]}"):
        with pytest.raises(TokenUnknown):
            TokenBook(tmp_path).look_up(text, NOW)


@pytest.mark.parametrize(
    ("actor", "changed", "says"),
    [
        ("ann", {}, "who carries"),
        ("robot:ann", {}, "who carries"),
        ("human:", {}, "empty"),
        ("human:an\u200bn", {}, "not seen"),
        ("agent:bot", {}, "for nobody"),
        ("agent:bot", {"acting_for": "*"}, "for anybody"),
        ("agent:bot", {"acting_for": "ann", "verbs": ["prior"]}, "never prior"),
        ("agent:bot", {"acting_for": "ann", "verbs": ["answer-contest"]}, "never answer"),
        ("agent:bot", {"acting_for": "ann", "verbs": ["correct"]}, "never correct"),
        ("agent:bot", {"acting_for": ""}, "empty"),
        ("human:ann", {"acting_for": "ben"}, "in person"),
        ("service:crm", {"decisions": []}, "for nothing"),
        ("service:crm", {"verbs": []}, "for nothing"),
        ("service:crm", {"decisions": ["../up"]}, "no decision"),
        ("service:crm", {"verbs": ["approve"]}, "Nothing is called"),
        ("service:crm", {"days": 0}, "0 days"),
        ("service:crm", {"days": 367}, "367 days"),
        ("service:crm", {"origins": ["http://crm.example"]}, "no origin"),
        ("service:crm", {"origins": ["https://crm.example/a"]}, "no origin"),
        ("service:crm", {"origins": ["https://a@crm.example"]}, "no origin"),
        ("service:crm", {"origins": ["*"]}, "no origin"),
        ("service:crm", {"origins": ["null"]}, "no origin"),
        ("service:crm", {"origins": ["https://[bad"]}, "no origin"),
        ("service:crm", {"origins": ["https://CRM.example"]}, "no origin"),
    ],
)
def test_a_token_for_nobody_nothing_or_what_may_never_be_is_not_made(
    actor, changed, says, tmp_path
):
    with pytest.raises(TokenRefused, match=says):
        made(tmp_path, actor, **changed)
    assert not (tmp_path / ".sayso" / "tokens.json").exists()


def test_revoking_what_is_not_there_or_dead_is_said(tmp_path):
    with pytest.raises(TokenRefused, match="no token"):
        revoke_token(tmp_path, "0" * 12, NOW)
    token = made(tmp_path)
    with pytest.raises(TokenRefused, match="No token is called"):
        revoke_token(tmp_path, "0" * 12, NOW)
    revoke_token(tmp_path, token.token.id, NOW)
    with pytest.raises(TokenRefused, match="before"):
        revoke_token(tmp_path, token.token.id, NOW)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 2, "tokens": []}', '{"format": 1, "tokens": [{}]}', "\xff"]
)
def test_a_damaged_file_lets_nobody_in_and_says_so(text, tmp_path):
    token = made(tmp_path)
    (tmp_path / ".sayso" / "tokens.json").write_text(text, "latin-1")
    with pytest.raises(TokensUnreadable):
        TokenBook(tmp_path).look_up(token.text, NOW)


def test_a_file_that_is_gone_lets_nobody_in(tmp_path):
    token = made(tmp_path)
    book = TokenBook(tmp_path)
    book.look_up(token.text, NOW)
    os.unlink(tmp_path / ".sayso" / "tokens.json")
    with pytest.raises(TokenUnknown):
        book.look_up(token.text, NOW)


def test_people_are_named_in_the_record_as_in_past_tables(tmp_path):
    secret = b"s" * 32
    ann = pseudonym(secret, "ann")
    human = made(tmp_path, "human:ann").token
    agent = made(tmp_path, "agent:bot", acting_for="ann", verbs=["open"]).token
    each = made(tmp_path, acting_for="*").token
    alone = made(tmp_path).token
    assert actor_of(human, secret) == Actor(ActorKind.HUMAN, ann)
    assert actor_of(human, secret, "ben") == Actor(ActorKind.HUMAN, ann)
    assert actor_of(agent, secret, "ben") == Actor(ActorKind.AGENT, "bot", ann)
    assert actor_of(each, secret, "ann") == Actor(ActorKind.SERVICE, "crm", ann)
    assert actor_of(each, secret) == Actor(ActorKind.SERVICE, "crm", None)
    assert actor_of(alone, secret, "ann") == Actor(ActorKind.SERVICE, "crm", None)


def test_an_origin_is_taken_while_a_token_for_it_lives(tmp_path):
    token = made(tmp_path, origins=["https://crm.example"], verbs=["capture"])
    book = TokenBook(tmp_path)
    assert book.takes_origin("https://crm.example", NOW)
    assert not book.takes_origin("https://evil.example", NOW)
    assert not book.takes_origin("https://crm.example", NOW + timedelta(days=91))
    revoke_token(tmp_path, token.token.id, NOW)
    assert not book.takes_origin("https://crm.example", NOW)


def test_the_commands_make_show_and_revoke_a_token(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["token", "list"]) == 0
    assert "No token was made" in capsys.readouterr().out
    asked = ["token", "make", "agent:parts-model", "--for", "ann", "--decision", "*"]
    assert run([*asked, "--verb", "open", "--verb", "advice", "--days", "7"]) == 0
    text = capsys.readouterr().out.splitlines()[0]
    now = datetime.now(UTC)
    token = TokenBook(tmp_path).look_up(text, now)
    assert run(["token", "list"]) == 0
    shown = capsys.readouterr().out
    assert token.id in shown
    assert "agent:parts-model for ann" in shown
    assert "open, advice" in shown
    assert text not in shown
    assert run(["token", "revoke", token.id]) == 0
    with pytest.raises(TokenDead):
        TokenBook(tmp_path).look_up(text, now)
    assert run(["token", "list"]) == 0
    assert "revoked" in capsys.readouterr().out
    assert run(["token", "revoke", token.id]) == 2
    assert "error[token-refused]" in capsys.readouterr().err


def test_a_token_for_nothing_is_refused_at_the_command_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["token", "make", "service:crm", "--decision", "a"]) == 2
    assert run(["token", "make", "agent:bot", "--decision", "a", "--verb", "open"]) == 2
    assert "for nobody" in capsys.readouterr().err
