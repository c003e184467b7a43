"""Who asks at a door of programs: what was shown, whom it stands for, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sayso.domain.errors import NotAllowed
from sayso.record.terms import Actor, ActorKind
from sayso.workspace.api_rights import EVERYTHING, Asking, Role, Standing, why_not
from sayso.workspace.record_tables import pseudonym
from sayso.workspace.tokens import Token

OWNER = "owner"
HERE = "this-computer"
_EVER = datetime(9999, 12, 31, tzinfo=UTC)

if TYPE_CHECKING:
    from sayso.workspace.api_capture import Capture

# The person at this computer: they can read and write every file of the workspace as it is.
AT_THIS_COMPUTER = Token(
    id=OWNER,
    kind=ActorKind.HUMAN,
    name=OWNER,
    acting_for=None,
    decisions=(EVERYTHING,),
    verbs=(EVERYTHING,),
    origins=(),
    made=datetime(1970, 1, 1, tzinfo=UTC),
    expires=_EVER,
)
# The same few people ask all day.
_known = lru_cache(maxsize=10_000)(pseudonym)
_UNKNOWN = Standing(frozenset(), deciders_named=False)
_STANDS_FOR_ALL = Standing(frozenset({Role.OWNER}), deciders_named=True)


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks.

    Attributes:
        token: The token that was shown, or the one that what was shown was made with.
        capture: What a page's token is bound to; None where it was no such token.
    """

    token: Token
    capture: Capture | None = None

    @property
    def here(self) -> bool:
        """Whether it is the person at this computer, who needs no token."""
        return self.token is AT_THIS_COMPUTER

    def person(self, named: str | None) -> str | None:
        """The person behind the act, by their own name.

        Args:
            named: Whom this write names; None where it names nobody.

        Raises:
            NotAllowed: If the token does not let it name anybody, or names somebody else.
        """
        token = self.token
        if self.capture is not None:
            own = self.capture.person
        elif token.kind is ActorKind.HUMAN:
            # A program at this computer may report what somebody did.
            own = named or OWNER if self.here else token.name
        else:
            own = named if token.acting_for == EVERYTHING else token.acting_for
        if named is None or named == own:
            return own
        raise NotAllowed(
            f"This token does not act for {named[:60]!r}.",
            hint="Leave `for` out, or use a service's token that was made with --for '*'.",
        )

    def actor(self, secret: bytes, named: str | None) -> Actor:
        """Who acts, as the record names them.

        Args:
            secret: The record's secret for ``people``.
            named: Whom this write names.

        Raises:
            NotAllowed: If the token does not let it name them.
        """
        person, token = self.person(named), self.token
        whom = None if person is None else _known(secret, person)
        if self.here and person != OWNER:
            return Actor(ActorKind.SERVICE, HERE, whom)
        if token.kind is ActorKind.HUMAN and whom is not None:
            return Actor(token.kind, whom)
        return Actor(token.kind, token.name, whom)

    def may_ever(self, right: str) -> str | None:
        """Why what was shown can never do this, in whatever decision; None where it may in some."""
        if self.capture is not None and right not in self.capture.verbs:
            return f"the token was not made for {right}"
        token = self.token
        return why_not(
            Asking(
                kind=token.kind,
                for_person=token.kind is ActorKind.HUMAN or token.acting_for is not None,
                right=right,
                decision_granted=True,
                right_granted=token.grants_right(right),
                standing=_UNKNOWN,
            )
        )

    def check(
        self,
        right: str,
        decision: str | None,
        *,
        case: str | None = None,
        named: str | None = None,
        standing: Standing | None = None,
    ) -> None:
        """Let it pass, or say why not.

        Args:
            right: A verb of a case, or a right of reading.
            decision: The decision; None where it concerns none.
            case: The case; None where it concerns none.
            named: Whom this write names.
            standing: Where the person stands in the decision.

        Raises:
            NotAllowed: If it may not.
        """
        person = self.person(named)
        why = why_not(
            Asking(
                kind=self.token.kind,
                for_person=person is not None,
                right=right,
                decision_granted=decision is None or self.token.grants(decision),
                right_granted=self.token.grants_right(right),
                standing=_STANDS_FOR_ALL if self.here else standing,
            )
        )
        if why is None and self.capture is not None:
            why = self.capture.why_not(right, decision, case)
        if why is not None:
            raise NotAllowed(
                f"This is not allowed: {why}.",
                hint="Ask whoever made the token, or the person it concerns.",
            )
