"""Charters as the server last gave them, kept on disk, with their age."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import CharterNotFound, ServerAway

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sayso.sdk.server import Server

CHARTERS = "charters"
FRESH = timedelta(seconds=60)
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterSeen:
    """A charter as it was in force when the server last said so.

    Attributes:
        slug: The decision.
        version: The version in force.
        question: What is asked.
        mode: What the AI may do.
        ceiling: The most it may ever do.
        options: The answers allowed; empty where a quantity is asked for.
        inputs: The names of inputs.
        reasons: The codes of reasons.
        fingerprint: What its text is known by.
        text: The charter, as YAML.
        age: How long ago the server last said that this version is in force.
        seals: Whether a first view may be asked for, or advice withheld, in any of its cases.
    """

    slug: str
    version: int
    question: str
    mode: str
    ceiling: str
    options: tuple[str, ...]
    inputs: tuple[str, ...]
    reasons: tuple[str, ...]
    fingerprint: str
    text: str
    age: timedelta
    seals: bool


class Shelf:
    """The charters of one server, in a folder."""

    def __init__(
        self,
        folder: Path,
        server: Server,
        *,
        first: Server | None = None,
        fresh: timedelta = FRESH,
    ) -> None:
        """Keep charters beside the spool.

        Args:
            folder: The spool.
            server: Whoever is asked.
            first: Whoever is asked for a charter that is not known yet, and has more time.
            fresh: Up to this age the server is not asked.
        """
        self._folder, self._fresh = folder / CHARTERS, fresh
        self._server, self._first = server, first or server
        self._known: dict[str, tuple[datetime, str, Mapping[str, Any]]] = {}

    def charter(self, slug: str, *, now: datetime) -> CharterSeen:
        """The charter in force; from the disk, with its age, where the server is away.

        Args:
            slug: The decision.
            now: The moment.

        Raises:
            CharterNotFound: If the server knows no such decision.
            ServerAway: If it is away and none was kept.
        """
        kept = self._kept(slug)
        if kept is not None and timedelta(0) <= now - kept[0] < self._fresh:
            return _seen(kept, now)
        path = f"/v1/decisions/{slug}/charter"
        reply = self._first.get(path, {}) if kept is None else self._server.get(path, {}, kept[1])
        if reply.status == 200:
            return _seen(self._keep(slug, now, reply.etag, reply.body), now)
        if reply.status == 304 and kept is not None:
            return _seen(self._keep(slug, now, kept[1], kept[2]), now)
        if reply.status == 404:
            raise CharterNotFound(slug, ())
        if kept is not None:
            return _seen(kept, now)
        raise ServerAway(
            f"The charter of {slug!r} is not known here, and the server gave none "
            f"({reply.status or 'no answer'}).",
            hint="Start the server, or say version= so that cases can be recorded meanwhile.",
        )

    def _kept(self, slug: str) -> tuple[datetime, str, Mapping[str, Any]] | None:
        if _SLUG.fullmatch(slug) is None:
            raise CharterNotFound(slug, ())
        if slug not in self._known:
            with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
                plain = json.loads((self._folder / f"{slug}.json").read_bytes())
                at = datetime.fromisoformat(plain["at"])
                found = at.astimezone(UTC), str(plain["etag"]), dict(plain["charter"])
                _seen(found, at)
                self._known[slug] = found
        return self._known.get(slug)

    def _keep(
        self, slug: str, now: datetime, etag: str, body: Mapping[str, Any]
    ) -> tuple[datetime, str, Mapping[str, Any]]:
        found = now, etag, body
        _seen(found, now)
        self._known[slug] = found
        plain = {"at": now.isoformat(), "etag": etag, "charter": dict(body)}
        # A disk that takes no charter still lets cases be recorded.
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            new = self._folder / f".{slug}-{os.getpid()}-{os.urandom(4).hex()}"
            new.write_text(json.dumps(plain), "utf-8")
            new.replace(self._folder / f"{slug}.json")
        return found


def _seen(kept: tuple[datetime, str, Mapping[str, Any]], now: datetime) -> CharterSeen:
    at, _, plain = kept
    return CharterSeen(
        slug=str(plain["slug"]),
        version=int(plain["version"]),
        question=str(plain.get("question") or ""),
        mode=str(plain.get("mode") or ""),
        ceiling=str(plain.get("ceiling") or ""),
        options=tuple(map(str, plain.get("options") or ())),
        inputs=tuple(str(one["name"]) for one in plain.get("inputs") or ()),
        reasons=tuple(map(str, plain.get("reasons") or ())),
        fingerprint=str(plain.get("fingerprint") or ""),
        text=str(plain.get("text") or ""),
        age=max(timedelta(0), now - at),
        # Where the server does not say that nothing can be sealed, anything may be.
        seals=plain.get("seals") is not False,
    )
