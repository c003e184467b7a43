"""A desk: where somebody with a token reads the record and asks it, here or at a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.record.strict_json import Json
    from sayso.record.terms import Actor


class Desk(Protocol):
    """What can be asked for; answers are plain JSON, in the shapes of the server's ``/v1``.

    Everything raises ``SaysoError``: ``RecordRefused`` where it is refused.
    """

    def actor(self) -> Actor:
        """Who asks, and for whom, as the token says."""
        ...

    def new_id(self) -> str:
        """An id for a command whose sender made none: a UUID of version 7, of now."""
        ...

    def decisions(self) -> dict[str, Json]:
        """The decisions that the token reaches."""
        ...

    def charter(self, decision: str, version: int | None) -> dict[str, Json]:
        """A charter, the version in force where none is named."""
        ...

    def mandate(self, decision: str, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Whether the AI may decide a case with these inputs alone."""
        ...

    def case(self, decision: str, case: str) -> dict[str, Json]:
        """A case as those who take part may see it."""
        ...

    def write(self, verb: str, plain: Mapping[str, Json]) -> dict[str, Json]:
        """Ask one thing of one case.

        Args:
            verb: One of ``sayso.record.asked.VERBS``.
            plain: ``id``, ``decision``, ``charter_version``, ``case``, ``at``, and its fields.
        """
        ...
