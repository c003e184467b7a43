"""Who may ask what of which address: each route declares it, and what declares nothing is for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.domain.errors import NotAllowed
from sayso.workspace.api_rights import RIGHTS

if TYPE_CHECKING:
    from sayso.workspace.api_login import Login


@dataclass(frozen=True, slots=True)
class Permission:
    """What a route needs.

    Attributes:
        right: A verb of a case or a right of reading; None where a login is enough.
        public: Whether it needs no login at all.
    """

    right: str | None = None
    public: bool = False


PUBLIC = Permission(public=True)
# Any live token: each write of a batch, and each right, is looked at by itself.
ANY_LOGIN = Permission()


def needs(right: str) -> Permission:
    """What needs a verb of a case or a right of reading.

    Raises:
        ValueError: If nothing is called so.
    """
    if right not in RIGHTS:
        raise ValueError(f"no right is called {right!r}")
    return Permission(right)


def admit(login: Login, permission: Permission) -> None:
    """Let a request in, or not, before anything of it is read.

    Which decision and case it concerns is looked at by the office, which knows them.

    Raises:
        NotAllowed: If what was shown can never do this.
    """
    why = None if permission.right is None else login.may_ever(permission.right)
    if why is not None:
        raise NotAllowed(f"This is not allowed: {why}.", hint="Ask whoever made the token.")
