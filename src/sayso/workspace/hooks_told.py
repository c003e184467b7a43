"""Webhooks as lists and figures show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import SaysoError
from sayso.present.hooks import DeadLine, HookLine
from sayso.workspace.hooks import find_hook, list_hooks, progress_of
from sayso.workspace.metrics import family

if TYPE_CHECKING:
    from pathlib import Path


def hook_lines(folder: Path) -> list[HookLine]:
    """Every hook, with how far it has come.

    Raises:
        HooksUnreadable: If a file is damaged.
    """
    lines: list[HookLine] = []
    for hook in list_hooks(folder):
        progress = progress_of(folder, hook.id)
        lines.append(
            HookLine(
                id=hook.id,
                url=hook.url,
                decisions=hook.decisions,
                kinds=hook.kinds,
                whole=hook.whole,
                private=hook.private,
                next=progress.next,
                tries=progress.tries,
                why=progress.why,
                dead=len(progress.dead),
            )
        )
    return lines


def dead_lines(folder: Path, hook_id: str) -> list[DeadLine]:
    """What never arrived.

    Raises:
        HookRefused: If there is no such hook.
    """
    progress = progress_of(folder, find_hook(folder, hook_id).id)
    return [
        DeadLine(
            index=letter.index, why=letter.why, at=letter.at, waits=letter.index in progress.again
        )
        for letter in progress.dead
    ]


def hook_metrics(folder: Path, size: int) -> str:
    """What waits and what never arrived, in the text format of Prometheus.

    Args:
        folder: The workspace.
        size: Events on record.
    """
    try:
        lines = hook_lines(folder)
    except SaysoError:
        return ""
    if not lines:
        return ""
    waiting = {f'hook="{line.id}"': max(0, size - line.next) for line in lines}
    dead = {f'hook="{line.id}"': line.dead for line in lines}
    return family(
        "sayso_hook_waiting", "gauge", "Events that a webhook was not looked at for.", waiting
    ) + family("sayso_hook_dead", "gauge", "Events that never arrived.", dead)
