"""What is said of tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token, as a list shows it.

    Attributes:
        id: Its name.
        actor: Who carries it, as it was typed.
        acting_for: The person it acts for.
        decisions: What it is for.
        verbs: What it may do.
        origins: Web origins for whose pages it may make tokens of one case.
        expires: From when on it is refused.
        dead: Why it is refused already; empty where it is not.
    """

    id: str
    actor: str
    acting_for: str | None
    decisions: tuple[str, ...]
    verbs: tuple[str, ...]
    origins: tuple[str, ...]
    expires: datetime
    dead: str


def made_text(text: str, token_id: str, expires: datetime) -> str:
    """A new token, shown this once."""
    return (
        f"{text}\n\n  Keep it like a password: only its hash is kept here.\n"
        f"  It lasts until {expires:%Y-%m-%d}. To end it: sayso token revoke {token_id}"
    )


def tokens_text(tokens: Sequence[TokenLine]) -> str:
    """Tokens with what each may do."""
    if not tokens:
        return "  No token was made. `sayso token make` makes one."
    return "\n".join(_line(token) for token in tokens)


def _line(token: TokenLine) -> str:
    whom = "" if token.acting_for is None else f" for {_everyone(token.acting_for)}"
    pages = f"; pages of {', '.join(token.origins)}" if token.origins else ""
    until = token.dead or f"until {token.expires:%Y-%m-%d}"
    return (
        f"  {token.id}  {token.actor}{whom}, {until}\n"
        f"      {', '.join(token.decisions)}: {', '.join(token.verbs)}{pages}"
    )


def _everyone(person: str) -> str:
    return "whom each write names" if person == "*" else person
