"""Whether a token may do something, held against the charter and people.yaml as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import NotAllowed, TokenMissing
from sayso.workspace.accountability import PEOPLE, people_of
from sayso.workspace.api_rights import Asking, standing_of, why_not
from sayso.workspace.tokens import actor_of

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.declare.charter import Charter
    from sayso.declare.people import Holder
    from sayso.record.terms import Actor
    from sayso.workspace.record import Record
    from sayso.workspace.tokens import Token


def bearer(authorization: str | None) -> str:
    """The token in an ``Authorization`` header.

    Raises:
        TokenMissing: If there is none.
    """
    kind, _, text = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise TokenMissing
    return text.strip()


class Access:
    """Who may do what in one workspace; people.yaml is read again only when it changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int, int] | None = None
        self._holders: tuple[Holder, ...] = ()

    def check(
        self, token: Token, right: str, decision: str, charter: Charter | None, record: Record
    ) -> None:
        """Raise where a token may not do this.

        Args:
            token: A token that is alive.
            right: A verb of a case, or a right of reading.
            decision: The decision it concerns.
            charter: Its version that counts; None where nothing declares it.
            record: The record.

        Raises:
            NotAllowed: If it may not.
        """
        person = token.name if token.acting_for is None else token.acting_for
        standing = None
        if charter is not None:
            standing = standing_of(person, charter, self._people(), record.now().date())
        why = why_not(
            Asking(
                kind=token.kind,
                for_person=actor_of(token, b"").person is not None,
                right=right,
                decision_granted=token.grants(decision),
                right_granted=token.grants_right(right),
                standing=standing,
            )
        )
        if why is not None:
            raise NotAllowed(
                f"{token.name!r} may not do this: {why}.",
                hint="Ask the person it acts for, or for a token that was made for it.",
            )

    def actor(self, token: Token, record: Record) -> Actor:
        """Who acts, as the record names them."""
        return actor_of(token, record.place.secret("people"))

    def _people(self) -> tuple[Holder, ...]:
        try:
            about = (self._folder / PEOPLE).stat()
            stamp = about.st_ino, about.st_mtime_ns, about.st_size
        except OSError:
            stamp = None
        if stamp is None or stamp != self._stamp:
            self._holders, self._stamp = people_of(self._folder)[0], stamp
        return self._holders
