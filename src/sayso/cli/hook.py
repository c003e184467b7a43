"""``sayso hook``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path()
ALL = ("*",)


def add(
    url: str,
    /,
    *,
    decision: Annotated[tuple[str, ...], Parameter(negative="")],
    kind: Annotated[tuple[str, ...], Parameter(negative="")] = ALL,
    whole: Annotated[bool, Parameter(negative="")] = False,
    since: int | None = None,
    allow_private_address: Annotated[bool, Parameter(negative="")] = False,
    database: str | None = None,
    folder: Path = HERE,
) -> int:
    """Tell a receiver of what is recorded, and print what it checks signatures with.

    Args:
        url: Where events are sent, with https.
        decision: A decision it is told of, or '*'; again for more.
        kind: A kind of event, or '*'; again for more.
        whole: Send all of each event, with its texts and names; else only that it happened.
        since: The first place in the record it is told of; what follows from now on if not said.
        allow_private_address: Dangerous: let it lead into this computer and its network.
        database: Address of a PostgreSQL database that holds the record.
        folder: The workspace.
    """
    import os

    from sayso.present.hooks import added_text
    from sayso.workspace.configuration import configured
    from sayso.workspace.hooks import add_hook
    from sayso.workspace.hooks_begin import check_decisions, size_now
    from sayso.workspace.record import SystemClock

    now = SystemClock().now()
    check_decisions(folder, decision, now.date())
    how = configured({"folder": str(folder), "database": database}, os.environ)
    hook = add_hook(
        folder,
        url,
        decisions=decision,
        kinds=kind,
        whole=whole,
        private=allow_private_address,
        since=size_now(folder, how.database) if since is None else since,
        now=now,
    )
    print(added_text(hook.id, hook.secret, hook.since))
    return 0


def list_all(*, folder: Path = HERE) -> int:
    """List the webhooks of a workspace, with how far each has come.

    Args:
        folder: The workspace.
    """
    from sayso.present.hooks import hooks_text
    from sayso.workspace.hooks_told import hook_lines

    print(hooks_text(hook_lines(folder)))
    return 0


def remove(hook: str, /, *, folder: Path = HERE) -> int:
    """Remove a webhook, and what it had not been told yet.

    Args:
        hook: Its id, as `sayso hook list` shows it.
        folder: The workspace.
    """
    from sayso.workspace.hooks import remove_hook
    from sayso.workspace.record import SystemClock

    gone = remove_hook(folder, hook, SystemClock().now().date())
    print(f"  {gone.id} is told of nothing any more.")
    return 0


def dead(hook: str, /, *, folder: Path = HERE) -> int:
    """List the events that never arrived.

    Args:
        hook: Its id, as `sayso hook list` shows it.
        folder: The workspace.
    """
    from sayso.present.hooks import dead_text
    from sayso.workspace.hooks_told import dead_lines

    print(dead_text(dead_lines(folder, hook)))
    return 0


def resend(
    hook: str,
    /,
    *,
    place: Annotated[tuple[int, ...], Parameter(negative="")] = (),
    folder: Path = HERE,
) -> int:
    """Send events again that never arrived.

    Args:
        hook: Its id, as `sayso hook list` shows it.
        place: The place of one in the record; again for more, all of them if not said.
        folder: The workspace.
    """
    from sayso.workspace.hooks import send_again
    from sayso.workspace.record import SystemClock

    many = send_again(folder, hook, place, SystemClock().now().date())
    print(f"  {many} are sent again by the server that runs.")
    return 0
