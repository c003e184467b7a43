"""Webhooks of a workspace: who is told of which events, how far each has come, and what never arrived.

A hook is declared in one private file; how far it has come lies in a file of its own, since the server
writes that for every event. No event is kept in either: a dead letter names its place in the record,
and what is sent again is made from the record again, so that whoever was erased meanwhile stays so.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sayso.domain.errors_hooks import HookRefused, HooksUnreadable
from sayso.record.events import BY_KIND
from sayso.record.moments import instant_text
from sayso.workspace.hooks_address import read_url
from sayso.workspace.private_file import locked, write_private
from sayso.workspace.pseudonyms import FOLDER, KEY_BYTES, make_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from sayso.record.events import Recorded

T = TypeVar("T")
FILE, STATES = "hooks.json", "hooks"
FORMAT = 1
EVERYTHING = "*"
SECRET_PREFIX = "whsec_"
MOST = 50
# So many letters that never arrived are no accident: the hook waits for somebody to look at it.
MOST_DEAD = 1_000
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Who is told of what.

    Attributes:
        id: Its name.
        url: Where events are sent.
        secret: What they are signed with, as ``whsec_`` and base64.
        decisions: Slugs, or ``*``, which covers what concerns the whole record too.
        kinds: Kinds of event, or ``*``.
        whole: Whether all of an event is sent; else only that it happened, and where it stands.
        private: Whether it may lead to private addresses. Dangerous.
        since: The first place in the record that it is told of.
        made: When.
    """

    id: str
    url: str
    secret: str
    decisions: tuple[str, ...]
    kinds: tuple[str, ...]
    whole: bool
    private: bool
    since: int
    made: str

    def wants(self, recorded: Recorded) -> bool:
        """Whether it is to be told of an event."""
        event = recorded.event
        decided = EVERYTHING in self.decisions or event.decision in self.decisions
        return decided and (EVERYTHING in self.kinds or event.data.KIND in self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An event that never arrived.

    Attributes:
        index: Its place in the record.
        why: Why the last try failed, in one word.
        at: When that was.
    """

    index: int
    why: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a hook has come.

    Attributes:
        next: The place of the next event to look at.
        tries: How often that one has failed.
        why: Why it failed last; empty where it did not.
        dead: What never arrived.
        again: Places of dead letters that are to be sent again.
    """

    next: int
    tries: int = 0
    why: str = ""
    dead: tuple[DeadLetter, ...] = field(default=())
    again: tuple[int, ...] = ()


def add_hook(
    folder: Path,
    url: str,
    *,
    decisions: Sequence[str],
    kinds: Sequence[str],
    whole: bool,
    private: bool,
    since: int,
    now: datetime,
) -> Hook:
    """Declare a hook; the server that runs begins with it by itself.

    Args:
        folder: The workspace.
        url: Where events are sent.
        decisions: Slugs, or ``*``.
        kinds: Kinds of event, or ``*``.
        whole: Whether all of an event is sent.
        private: Whether it may lead to private addresses. Dangerous.
        since: The first place in the record that it is told of.
        now: The moment.

    Raises:
        HookRefused: If it leads where it may not, or is told of nothing that exists.
        HooksUnreadable: If the file is damaged.
        FileNotWritable: If the workspace does not take it.
    """
    read_url(url, private=private)
    _check(decisions, kinds, since)
    hook = Hook(
        id=secrets.token_hex(4),
        url=url,
        secret=SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode(),
        decisions=(EVERYTHING,) if EVERYTHING in decisions else tuple(dict.fromkeys(decisions)),
        kinds=(EVERYTHING,) if EVERYTHING in kinds else tuple(dict.fromkeys(kinds)),
        whole=whole,
        private=private,
        since=since,
        made=instant_text(now),
    )
    make_key(folder, os.urandom(KEY_BYTES), day=now.date())
    states = folder / FOLDER / STATES
    states.mkdir(mode=0o700, exist_ok=True)
    with locked(states):
        kept = list_hooks(folder)
        if len(kept) >= MOST:
            raise HookRefused(
                f"There are {MOST} hooks already.", hint="Remove one: `sayso hook remove ID`."
            )
        # How far it has come first: a hook without it would begin anywhere.
        _write_progress(folder, hook.id, Progress(next=since), now.date())
        _write_hooks(folder, [*kept, hook], now.date())
    return hook


def list_hooks(folder: Path) -> list[Hook]:
    """Every hook, the newest last.

    Raises:
        HooksUnreadable: If the file is damaged.
    """
    return _read(folder / FOLDER / FILE, "hooks", _hook)


def find_hook(folder: Path, hook_id: str) -> Hook:
    """The hook of a name.

    Raises:
        HookRefused: If there is none.
    """
    found = next((hook for hook in list_hooks(folder) if hook.id == hook_id), None)
    if found is None:
        raise HookRefused(f"No hook is called {hook_id[:40]!r}.", hint="See `sayso hook list`.")
    return found


def remove_hook(folder: Path, hook_id: str, day: date) -> Hook:
    """Remove a hook, and what it had not been told yet.

    Raises:
        HookRefused: If there is none of that name.
    """
    found = find_hook(folder, hook_id)
    with locked(folder / FOLDER / STATES):
        left = [hook for hook in list_hooks(folder) if hook.id != hook_id]
        _write_hooks(folder, left, day)
        _progress_file(folder, hook_id).unlink(missing_ok=True)
    return found


def progress_of(folder: Path, hook_id: str) -> Progress:
    """How far a hook has come.

    Raises:
        HookRefused: If it is not there any more.
        HooksUnreadable: If its file is damaged.
    """
    found = _read(_progress_file(folder, hook_id), "progress", _progress)
    if not found:
        raise HookRefused(f"No hook is called {hook_id[:40]!r}.", hint="See `sayso hook list`.")
    return found[0]


def change_progress(
    folder: Path, hook_id: str, change: Callable[[Progress], Progress], day: date
) -> Progress:
    """Change how far a hook has come; nobody comes between reading and writing.

    Raises:
        HookRefused: If the hook is not there any more.
    """
    with locked(folder / FOLDER / STATES):
        found = change(progress_of(folder, hook_id))
        _write_progress(folder, hook_id, found, day)
    return found


def send_again(folder: Path, hook_id: str, places: Sequence[int], day: date) -> int:
    """Have dead letters sent again; says how many.

    Args:
        folder: The workspace.
        hook_id: The hook.
        places: Their places in the record; all of them where none is named.
        day: The day.

    Raises:
        HookRefused: If there is no such hook, or a place holds none of its dead letters.
    """
    find_hook(folder, hook_id)
    chosen: list[int] = []

    def change(progress: Progress) -> Progress:
        dead = [letter.index for letter in progress.dead]
        strange = [place for place in places if place not in dead]
        if strange:
            raise HookRefused(
                f"Place {strange[0]} holds no dead letter.",
                hint=f"See `sayso hook dead {hook_id}`.",
            )
        chosen.extend(places or dead)
        return replace(progress, again=tuple(sorted({*progress.again, *chosen})))

    change_progress(folder, hook_id, change, day)
    return len(set(chosen))


def _check(decisions: Sequence[str], kinds: Sequence[str], since: int) -> None:
    if not decisions or not kinds:
        raise HookRefused(
            "The hook would be told of nothing.",
            hint="Name at least one --decision; '*' is all of them.",
        )
    for slug in decisions:
        if slug != EVERYTHING and _SLUG.fullmatch(slug) is None:
            raise HookRefused(
                f"{slug[:60]!a} is no decision.", hint="Write its slug, as in the charter."
            )
    for kind in kinds:
        if kind != EVERYTHING and kind not in BY_KIND:
            raise HookRefused(
                f"No kind of event is called {kind[:60]!a}.",
                hint=f"Name some of: {', '.join(sorted(BY_KIND))}.",
            )
    if since < 0:
        raise HookRefused(f"No event is at place {since}.", hint="Places begin with 0.")


def _progress_file(folder: Path, hook_id: str) -> Path:
    if re.fullmatch(r"[0-9a-f]{8}", hook_id) is None:
        raise HookRefused(f"No hook is called {hook_id[:40]!r}.", hint="See `sayso hook list`.")
    return folder / FOLDER / STATES / f"{hook_id}.json"


def _write_hooks(folder: Path, hooks: Sequence[Hook], day: date) -> None:
    plain = {"format": FORMAT, "hooks": [asdict(hook) for hook in hooks]}
    write_private(folder / FOLDER / FILE, json.dumps(plain, indent=1) + "\n", day=day)


def _write_progress(folder: Path, hook_id: str, progress: Progress, day: date) -> None:
    plain = {"format": FORMAT, "progress": [asdict(progress)]}
    write_private(_progress_file(folder, hook_id), json.dumps(plain) + "\n", day=day)


def _read(file: Path, name: str, read: Callable[[dict[str, Any]], T]) -> list[T]:
    try:
        plain: Any = json.loads(file.read_text("utf-8"))
        if plain["format"] != FORMAT:
            raise ValueError(f"format {plain['format']!r}")
        return [read(row) for row in cast("list[dict[str, Any]]", plain[name])]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HooksUnreadable(
            f"{file} cannot be read: {type(error).__name__}.",
            hint="Bring it back from a copy, or remove it and add the hooks anew.",
        ) from error


def _hook(row: dict[str, Any]) -> Hook:
    return Hook(
        id=str(row["id"]),
        url=str(row["url"]),
        secret=str(row["secret"]),
        decisions=tuple(map(str, row["decisions"])),
        kinds=tuple(map(str, row["kinds"])),
        whole=bool(row["whole"]),
        private=bool(row["private"]),
        since=int(row["since"]),
        made=str(row["made"]),
    )


def _progress(row: dict[str, Any]) -> Progress:
    return Progress(
        next=int(row["next"]),
        tries=int(row["tries"]),
        why=str(row["why"]),
        dead=tuple(DeadLetter(**letter) for letter in row["dead"]),
        again=tuple(map(int, row["again"])),
    )
