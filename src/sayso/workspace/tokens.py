"""Tokens of programs: what each was made for, kept so that the file opens nothing.

Of a token, only its hash is kept. The file is looked at again whenever it changed, so that a token
that was revoked is refused in the next request.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from sayso.domain.errors import TokenDead, TokenRefused, TokensUnreadable, TokenUnknown
from sayso.present.tokens import TokenLine
from sayso.record.moments import instant_text, read_instant
from sayso.record.names import check_name
from sayso.record.refusal import Refusal
from sayso.record.terms import Actor, ActorKind
from sayso.workspace.api_rights import EVERYTHING, OF_AGENTS, RIGHTS
from sayso.workspace.private_file import locked, write_private
from sayso.workspace.pseudonyms import FOLDER, KEY_BYTES, make_key
from sayso.workspace.record_tables import pseudonym

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "tokens.json"
FORMAT = 1
PREFIX = "sayso"
LONGEST_DAYS = 366
DAYS = 90
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_TEXT = re.compile(rf"{PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token was made for.

    Attributes:
        id: Its name, by which it is revoked.
        kind: Who carries it.
        name: Their name; a person's is the one in people.yaml.
        acting_for: The person it acts for; ``*`` where each write names one.
        decisions: Slugs, or ``*`` alone.
        verbs: Verbs of a case and rights of reading, or ``*`` alone.
        origins: Web origins for whose pages it may make tokens of one case.
        made: When.
        expires: From when on it is refused.
        revoked: When it was revoked; None for never.
    """

    id: str
    kind: ActorKind
    name: str
    acting_for: str | None
    decisions: tuple[str, ...]
    verbs: tuple[str, ...]
    origins: tuple[str, ...]
    made: datetime
    expires: datetime
    revoked: datetime | None = None

    def grants(self, decision: str) -> bool:
        """Whether it was made for a decision."""
        return self.decisions == (EVERYTHING,) or decision in self.decisions

    def grants_right(self, right: str) -> bool:
        """Whether it was made for a verb or a right of reading."""
        return self.verbs == (EVERYTHING,) or right in self.verbs

    def check_alive(self, now: datetime) -> None:
        """Raise where it is refused by now.

        Raises:
            TokenDead: If it was revoked, or has expired.
        """
        if self.revoked is not None:
            raise TokenDead(f"The token {self.id} was revoked.", hint="Make another one.")
        if now >= self.expires:
            raise TokenDead(f"The token {self.id} has expired.", hint="Make another one.")


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token.

    Attributes:
        token: What it was made for.
        text: The token itself; it is nowhere else.
    """

    token: Token
    text: str


def make_token(
    folder: Path,
    actor: str,
    *,
    decisions: Sequence[str],
    verbs: Sequence[str],
    now: datetime,
    acting_for: str | None = None,
    origins: Sequence[str] = (),
    days: int = DAYS,
) -> MadeToken:
    """Make a token, and keep its hash.

    Args:
        folder: The workspace.
        actor: Who carries it, as ``human:NAME``, ``agent:NAME`` or ``service:NAME``.
        decisions: Slugs, or ``*``.
        verbs: Verbs of a case and rights of reading, or ``*``.
        now: The moment.
        acting_for: The person it acts for; agents need one, and a service's may be ``*``.
        origins: Web origins for whose pages it may make tokens of one case.
        days: How long it lasts, 1..366.

    Raises:
        TokenRefused: If it is made for nobody or nothing, or for what its carrier may never do.
        TokensUnreadable: If the file is damaged.
        FileNotWritable: If the workspace does not take it.
    """
    kind, name = _actor(actor)
    _check_for(kind, name, acting_for)
    _check_scope(kind, decisions, verbs, origins)
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenRefused(
            f"A token cannot last {days} days.", hint=f"Say --days 1 to {LONGEST_DAYS}."
        )
    secret = secrets.token_urlsafe(32)
    token = Token(
        id=secrets.token_hex(6),
        kind=kind,
        name=name,
        acting_for=acting_for,
        decisions=_plain(decisions),
        verbs=_plain(verbs),
        origins=tuple(dict.fromkeys(origins)),
        made=now,
        expires=now + timedelta(days=days),
    )
    text = f"{PREFIX}_{token.id}_{secret}"
    make_key(folder, os.urandom(KEY_BYTES), day=now.date())
    with locked(folder / FOLDER):
        kept = _read(folder)
        _write(folder, [*kept, (token, sha256(text.encode()).digest())], now)
    return MadeToken(token, text)


def list_tokens(folder: Path) -> list[Token]:
    """Every token that was made, the newest last.

    Raises:
        TokensUnreadable: If the file is damaged.
    """
    return [token for token, _ in _read(folder)]


def token_lines(folder: Path, now: datetime) -> list[TokenLine]:
    """Every token as a list shows it."""
    return [
        TokenLine(
            id=token.id,
            actor=f"{token.kind}:{token.name}",
            acting_for=token.acting_for,
            decisions=token.decisions,
            verbs=token.verbs,
            origins=token.origins,
            expires=token.expires,
            dead="revoked" if token.revoked else "expired" if now >= token.expires else "",
        )
        for token in list_tokens(folder)
    ]


def revoke_token(folder: Path, token_id: str, now: datetime) -> Token:
    """Revoke a token; what it did stays on record.

    Raises:
        TokenRefused: If there is none of that name, or it was revoked before.
    """
    if not (folder / FOLDER / FILE).exists():
        raise TokenRefused("This workspace has no token.", hint="See `sayso token list`.")
    with locked(folder / FOLDER):
        kept = _read(folder)
        found = next((token for token, _ in kept if token.id == token_id), None)
        if found is None:
            raise TokenRefused(
                f"No token is called {token_id[:40]!r}.", hint="See `sayso token list`."
            )
        if found.revoked is not None:
            raise TokenRefused(f"The token {found.id} was revoked before.", hint="It stays so.")
        dead = replace(found, revoked=now)
        _write(folder, [(dead if t is found else t, digest) for t, digest in kept], now)
    return dead


class TokenBook:
    """The tokens of a workspace, read again only when the file has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int, int] | None = None
        self._kept: dict[str, tuple[Token, bytes]] = {}

    def look_up(self, text: str, now: datetime) -> Token:
        """The token of a text, if it is alive.

        Raises:
            TokenUnknown: If it is none of this workspace.
            TokenDead: If it was revoked, or has expired.
            TokensUnreadable: If the file is damaged.
        """
        shape = _TEXT.fullmatch(text)
        token, digest = self._fresh().get(shape[1] if shape else "", (None, bytes(32)))
        same = hmac.compare_digest(sha256(text.encode("utf-8", "surrogatepass")).digest(), digest)
        if token is None or not same:
            raise TokenUnknown
        token.check_alive(now)
        return token

    def alive(self, token_id: str, now: datetime) -> Token:
        """The token of an id, for what was made with it.

        Raises:
            TokenUnknown: If there is none.
            TokenDead: If it was revoked, or has expired.
        """
        found = self._fresh().get(token_id)
        if found is None:
            raise TokenUnknown
        found[0].check_alive(now)
        return found[0]

    def takes_origin(self, origin: str, now: datetime) -> bool:
        """Whether any token that is alive was made for pages of an origin."""
        return any(
            origin in token.origins and token.revoked is None and now < token.expires
            for token, _ in self._fresh().values()
        )

    def _fresh(self) -> dict[str, tuple[Token, bytes]]:
        stamp = None
        with suppress(FileNotFoundError):
            about = os.stat(self._folder / FOLDER / FILE)
            # Its times say nothing, but a file that is put in its place is another file.
            stamp = about.st_ino, about.st_ctime_ns, about.st_size
        if stamp != self._stamp:
            self._kept = {token.id: (token, digest) for token, digest in _read(self._folder)}
            self._stamp = stamp
        return self._kept


def actor_of(token: Token, secret: bytes, person: str | None = None) -> Actor:
    """Who acts, as the record names them: people by a keyed pseudonym, as in past tables.

    Args:
        token: The token that was shown.
        secret: The record's secret for ``people``.
        person: The person that this write names, where the token lets each write name one.
    """
    if token.kind is ActorKind.HUMAN:
        return Actor(token.kind, pseudonym(secret, token.name))
    whom = person if token.acting_for == EVERYTHING else token.acting_for
    return Actor(token.kind, token.name, None if whom is None else pseudonym(secret, whom))


def _actor(text: str) -> tuple[ActorKind, str]:
    kind, parted, name = text.partition(":")
    if not parted or kind not in set(ActorKind):
        raise TokenRefused(
            f"{text[:60]!r} does not say who carries the token.",
            hint="Write human:NAME, agent:NAME or service:NAME.",
        )
    _check(name, "name")
    return ActorKind(kind), name


def _check_for(kind: ActorKind, name: str, acting_for: str | None) -> None:
    if acting_for is None:
        if kind is ActorKind.AGENT:
            raise TokenRefused(
                f"The agent {name!r} acts for nobody.", hint="Name the person with --for."
            )
        return
    if kind is ActorKind.HUMAN:
        raise TokenRefused(f"{name!r} acts in person.", hint="Leave --for out.")
    if acting_for == EVERYTHING:
        if kind is ActorKind.AGENT:
            raise TokenRefused(
                f"The agent {name!r} would act for anybody.",
                hint="Make one token for each person it acts for.",
            )
        return
    _check(acting_for, "person")


def _check_scope(
    kind: ActorKind, decisions: Sequence[str], verbs: Sequence[str], origins: Sequence[str]
) -> None:
    if not decisions or not verbs:
        raise TokenRefused(
            "The token is made for nothing.",
            hint="Name at least one --decision and one --verb; '*' is all of them.",
        )
    for slug in decisions:
        if slug != EVERYTHING and not _SLUG.fullmatch(slug):
            raise TokenRefused(
                f"{slug[:60]!r} is no decision.", hint="Write its slug, as in the charter."
            )
    for verb in verbs:
        if verb != EVERYTHING and verb not in RIGHTS:
            raise TokenRefused(
                f"Nothing is called {verb[:40]!r}.", hint=f"Name some of: {', '.join(RIGHTS)}."
            )
        if kind is ActorKind.AGENT and verb != EVERYTHING and verb not in OF_AGENTS:
            raise TokenRefused(
                f"An agent may never {verb}.",
                hint=f"Name some of: {', '.join(r for r in RIGHTS if r in OF_AGENTS)}.",
            )
    for origin in origins:
        check_origin(origin)


def check_origin(origin: str) -> None:
    """Raise where a text is no web origin of a secure page.

    Raises:
        TokenRefused: If it is not.
    """
    try:
        parts = urlsplit(origin)
        whole = f"{parts.scheme}://{parts.netloc}"
        named = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        whole, named, parts = "", False, urlsplit("")
    local = parts.hostname in ("localhost", "127.0.0.1", "::1") if named else False
    secure = parts.scheme == "https" or (parts.scheme == "http" and local)
    if not named or whole != origin or not secure or origin != origin.lower():
        raise TokenRefused(
            f"{origin[:80]!r} is no origin of a secure web page.",
            hint="Write it as https://crm.example, without a path.",
        )


def _check(name: str, what: str) -> None:
    bad = check_name(name, what)
    if bad is not None:
        raise TokenRefused(bad.message, hint=bad.hint)


def _plain(names: Sequence[str]) -> tuple[str, ...]:
    return (EVERYTHING,) if EVERYTHING in names else tuple(dict.fromkeys(names))


def _read(folder: Path) -> list[tuple[Token, bytes]]:
    file = folder / FOLDER / FILE
    try:
        plain: Any = json.loads(file.read_text("utf-8"))
        if plain["format"] != FORMAT:
            raise ValueError(f"format {plain['format']!r}")
        return [_token(row) for row in cast("list[dict[str, Any]]", plain["tokens"])]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TokensUnreadable(
            f"{file} cannot be read: {type(error).__name__} {error}.",
            hint="Bring it back from a copy, or remove it and make every token anew.",
        ) from error


def _token(row: dict[str, Any]) -> tuple[Token, bytes]:
    digest = bytes.fromhex(row["sha256"])
    if len(digest) != sha256().digest_size:
        raise ValueError("a hash of another length")
    token = Token(
        id=str(row["id"]),
        kind=ActorKind(row["kind"]),
        name=str(row["name"]),
        acting_for=None if row["for"] is None else str(row["for"]),
        decisions=tuple(map(str, row["decisions"])),
        verbs=tuple(map(str, row["verbs"])),
        origins=tuple(map(str, row["origins"])),
        made=_moment(row["made"]),
        expires=_moment(row["expires"]),
        revoked=None if row["revoked"] is None else _moment(row["revoked"]),
    )
    return token, digest


def _moment(text: str) -> datetime:
    found = read_instant(text, "moment")
    if isinstance(found, Refusal):
        raise TypeError(found.message)
    return found


def _write(folder: Path, kept: Sequence[tuple[Token, bytes]], now: datetime) -> None:
    rows = [
        {
            "id": token.id,
            "sha256": digest.hex(),
            "kind": str(token.kind),
            "name": token.name,
            "for": token.acting_for,
            "decisions": list(token.decisions),
            "verbs": list(token.verbs),
            "origins": list(token.origins),
            "made": instant_text(token.made),
            "expires": instant_text(token.expires),
            "revoked": None if token.revoked is None else instant_text(token.revoked),
        }
        for token, digest in kept
    ]
    text = json.dumps({"format": FORMAT, "tokens": rows}, indent=1, ensure_ascii=False)
    write_private(folder / FOLDER / FILE, text + "\n", day=now.date())
