"""A desk at the record of this computer, for whoever shows a token."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordRefused
from sayso.record.ids import RANDOM_BYTES, uuid7
from sayso.workspace.api_rights import READ
from sayso.workspace.desk_access import Access
from sayso.workspace.desk_answers import (
    case_json,
    charter_json,
    decisions_json,
    done_json,
    mandate_json,
)
from sayso.workspace.tokens import TokenBook
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sayso.record.strict_json import Json
    from sayso.record.terms import Actor, Scalar
    from sayso.workspace.record import Record
    from sayso.workspace.tokens import Token
    from sayso.workspace.versions import KeptVersion


class LocalDesks:
    """The desks of one workspace: what they share, however many tokens there are."""

    def __init__(self, folder: Path, record_source: Callable[[], Record]) -> None:
        """Take a workspace; nothing is opened yet.

        Args:
            folder: The workspace.
            record_source: The open record, whenever it is needed.
        """
        self.folder = folder
        self.record = record_source
        self.book = TokenBook(folder)
        self.access = Access(folder)

    def desk(self, token: str) -> LocalDesk:
        """The desk for a token.

        Raises:
            TokenUnknown: If it is none of this workspace.
            TokenDead: If it was revoked, or has expired.
        """
        desk = LocalDesk(self, token)
        desk.token()
        return desk


class LocalDesk:
    """A desk for one token, which is looked at anew in every question."""

    def __init__(self, desks: LocalDesks, token: str) -> None:
        self._desks = desks
        self._text = token

    def token(self) -> Token:
        """The token, if it is alive.

        Raises:
            TokenUnknown: If it is none of this workspace.
            TokenDead: If it was revoked, or has expired.
        """
        return self._desks.book.look_up(self._text, self._record.now())

    def actor(self) -> Actor:
        """Who asks, and for whom."""
        return self._desks.access.actor(self.token(), self._record)

    def new_id(self) -> str:
        """An id for a command whose sender made none."""
        return uuid7(self._record.now(), os.urandom(RANDOM_BYTES))

    def decisions(self) -> dict[str, Json]:
        """The decisions that the token reaches."""
        token, day = self.token(), self._record.now().date()
        slugs = {version.charter.decision for version in kept_versions(self._desks.folder).now}
        found: list[KeptVersion] = []
        for slug in sorted(slugs):
            version = self._record.charters.in_force(slug, day) if token.grants(slug) else None
            if version is not None:
                self._check(token, READ, slug, version)
                found.append(version)
        return decisions_json(found)

    def charter(self, decision: str, version: int | None) -> dict[str, Json]:
        """A charter, the version in force where none is named."""
        kept = self._admitted(READ, decision)
        if version is not None:
            kept = self._record.charters.version(decision, version)
        if kept is None:
            raise RecordRefused(
                "decision-unknown",
                f"The text of {decision}@{version} is not kept.",
                hint="Read the version in force.",
                field="version",
            )
        return charter_json(kept, self._record.charters.fingerprint(kept))

    def mandate(self, decision: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Whether the AI may decide a case with these inputs alone."""
        kept = self._admitted(READ, decision)
        plain: dict[str, Scalar] = {}
        for name, value in inputs.items():
            if isinstance(value, dict | list):
                raise RecordRefused(
                    "field-wrong",
                    f"inputs.{name[:60]} holds more than one value.",
                    hint="Send a text, a number, true, false or null.",
                    field="inputs",
                )
            plain[name] = value
        return mandate_json(kept.charter, plain)

    def case(self, decision: str, case: str) -> dict[str, Json]:
        """A case as those who take part may see it."""
        self._admitted(READ, decision)
        return case_json(self._record.case(decision, case))

    def write(self, verb: str, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Ask one thing of one case."""
        self._admitted(verb, str(plain.get("decision", "")))
        return done_json(self._record.ask(verb, plain, self.actor()))

    @property
    def _record(self) -> Record:
        return self._desks.record()

    def _admitted(self, right: str, decision: str) -> KeptVersion:
        """The version that counts, where the token may do this in its decision.

        Whether there is such a decision is told only to a token that was made for it.
        """
        token = self.token()
        kept = self._record.charters.in_force(decision, self._record.now().date())
        if kept is not None or not token.grants(decision):
            self._check(token, right, decision, kept)
        if kept is None:
            raise RecordRefused(
                "decision-unknown",
                f"No charter in force declares {decision[:60]!r}.",
                hint="See the list of decisions.",
                field="decision",
            )
        return kept

    def _check(self, token: Token, right: str, decision: str, kept: KeptVersion | None) -> None:
        charter = None if kept is None else kept.charter
        self._desks.access.check(token, right, decision, charter, self._record)


class OpenedOnce:
    """A record that is opened when it is first needed, and stays open until the end."""

    def __init__(self, opens: Callable[[], Record]) -> None:
        self._opens = opens
        self._lock = Lock()
        self._record: Record | None = None

    def __call__(self) -> Record:
        """The open record."""
        with self._lock:
            if self._record is None:
                self._record = self._opens()
            return self._record

    def close(self) -> None:
        """Let go of it, if it was opened."""
        with self._lock:
            if self._record is not None:
                self._record.close()
                self._record = None
