"""A desk at the record of this computer, for whoever shows a token."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sayso.record.ids import RANDOM_BYTES, uuid7
from sayso.workspace.desk_answers import actor_of_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.record.strict_json import Json
    from sayso.record.terms import Actor
    from sayso.workspace.api_login import Login
    from sayso.workspace.api_office import Office


class LocalDesk:
    """A desk for one token, which is looked at anew in every question."""

    def __init__(self, office: Office, token: str) -> None:
        """Take a token.

        Args:
            office: Where everything that is asked is permitted, or not.
            token: What is shown; even at this computer, an agent is let in by its token alone.

        Raises:
            TokenUnknown: If it is none of this workspace.
            TokenDead: If it was revoked, or has expired.
        """
        self._office, self._token = office, token
        self._login()

    def actor(self) -> Actor:
        """Who asks, and for whom."""
        actor = actor_of_json(self._office.me(self._login()).get("actor"))
        assert actor is not None
        return actor

    def new_id(self) -> str:
        """An id for a command whose sender made none."""
        return uuid7(self._office.record.now(), os.urandom(RANDOM_BYTES))

    def decisions(self) -> dict[str, Json]:
        """The decisions that the token reaches."""
        return self._office.decisions(self._login())

    def charter(self, decision: str, version: int | None) -> dict[str, Json]:
        """A charter, the version in force where none is named."""
        return self._office.charter(self._login(), decision, version)

    def mandate(self, decision: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Whether the AI may decide a case with these inputs alone."""
        return self._office.mandate(self._login(), decision, inputs)

    def case(self, decision: str, case: str) -> dict[str, Json]:
        """A case as those who take part may see it."""
        return self._office.case(self._login(), decision, case)

    def write(self, verb: str, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Ask one thing of one case."""
        return self._office.write(self._login(), verb, plain)

    def _login(self) -> Login:
        return self._office.login(self._token, local=False)
