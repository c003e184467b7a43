"""What is said of webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLine:
    """A hook, as a list shows it.

    Attributes:
        id: Its name.
        url: Where events are sent.
        decisions: What it is told of.
        kinds: Kinds of event.
        whole: Whether all of an event is sent.
        private: Whether it may lead to private addresses.
        next: The place of the next event to look at.
        tries: How often that one has failed.
        why: Why it failed last.
        dead: Events that never arrived.
    """

    id: str
    url: str
    decisions: tuple[str, ...]
    kinds: tuple[str, ...]
    whole: bool
    private: bool
    next: int
    tries: int
    why: str
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLine:
    """An event that never arrived, as a list shows it.

    Attributes:
        index: Its place in the record.
        why: Why the last try failed.
        at: When that was.
        waits: Whether it is to be sent again.
    """

    index: int
    why: str
    at: str
    waits: bool


def added_text(hook_id: str, secret: str, since: int) -> str:
    """A new hook, with what its receiver checks signatures with."""
    return (
        f"  {hook_id} is told of every event from place {since} on, by the server that runs.\n"
        f"  Its receiver checks signatures with: {secret}\n"
        f"  To end it: sayso hook remove {hook_id}"
    )


def hooks_text(hooks: Sequence[HookLine]) -> str:
    """Hooks with how far each has come."""
    if not hooks:
        return "  Nobody is told of anything. `sayso hook add` begins."
    return "\n".join(_line(hook) for hook in hooks)


def dead_text(letters: Sequence[DeadLine]) -> str:
    """What never arrived."""
    if not letters:
        return "  Everything that was sent has arrived."
    return "\n".join(
        f"  place {letter.index}  {letter.why}, {letter.at}"
        + ("; is sent again" if letter.waits else "")
        for letter in letters
    )


def _line(hook: HookLine) -> str:
    trouble = f"; {hook.tries} tries failed, the last: {hook.why}" if hook.tries else ""
    dead = f"; {hook.dead} never arrived" if hook.dead else ""
    whole = ", whole events" if hook.whole else ""
    private = "\n      MAY LEAD TO PRIVATE ADDRESSES" if hook.private else ""
    return (
        f"  {hook.id}  {hook.url}\n"
        f"      {', '.join(hook.decisions)}: {', '.join(hook.kinds)}{whole}\n"
        f"      next: place {hook.next}{trouble}{dead}{private}"
    )
