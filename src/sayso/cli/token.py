"""``sayso token``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path()
DAYS = 90


def make(
    actor: str,
    /,
    *,
    decision: Annotated[tuple[str, ...], Parameter(negative="")],
    verb: Annotated[tuple[str, ...], Parameter(negative="")],
    for_: Annotated[str | None, Parameter(name="--for")] = None,
    origin: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    days: int = DAYS,
    folder: Path = HERE,
) -> int:
    """Make a token for a program, and print it once.

    Args:
        actor: Who carries it: human:NAME, agent:NAME or service:NAME.
        decision: A decision it is for, or '*'; again for more.
        verb: What it may do, such as choice or read, or '*'; again for more.
        for_: The person it acts for; agents need one. '*' lets a service name one in each write.
        origin: A web origin for whose pages it may make tokens of one case; again for more.
        days: How long it lasts, 1 to 366.
        folder: The workspace.
    """
    from sayso.present.tokens import made_text
    from sayso.workspace.record import SystemClock
    from sayso.workspace.tokens import make_token

    made = make_token(
        folder,
        actor,
        decisions=decision,
        verbs=verb,
        now=SystemClock().now(),
        acting_for=for_,
        origins=origin,
        days=days,
    )
    print(made_text(made.text, made.token.id, made.token.expires))
    return 0


def list_all(*, folder: Path = HERE) -> int:
    """List the tokens of a workspace, with what each may do; the tokens themselves are not kept.

    Args:
        folder: The workspace.
    """
    from sayso.present.tokens import tokens_text
    from sayso.workspace.record import SystemClock
    from sayso.workspace.tokens import token_lines

    print(tokens_text(token_lines(folder, SystemClock().now())))
    return 0


def revoke(token: str, /, *, folder: Path = HERE) -> int:
    """Revoke a token: it is refused in the next request.

    Args:
        token: Its id, as `sayso token list` shows it.
        folder: The workspace.
    """
    from sayso.workspace.record import SystemClock
    from sayso.workspace.tokens import revoke_token

    dead = revoke_token(folder, token, SystemClock().now())
    print(f"  {dead.id} is revoked. What it did stays on record.")
    return 0
