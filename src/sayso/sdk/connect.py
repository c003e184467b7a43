"""Connecting a program to a record: over HTTP with a spool, or straight into a workspace."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sayso.domain.errors import AddressRefused, SpoolUnusable, WorkspaceMissing
from sayso.sdk.client import Client
from sayso.sdk.road import SpooledRoad, StraightRoad
from sayso.sdk.server import HttpServer
from sayso.sdk.shelf import Shelf
from sayso.sdk.spool import SpoolRules

if TYPE_CHECKING:
    from sayso.sdk.spool import Sync, WhenFull

JOBS = "jobs"
IDENTITY = "written-as"
WAIT_SECONDS = 2.0
SPOOL_BYTES = 256 << 20
REQUEST_SECONDS = 30.0
# After a question without an answer the next callers are told so at once.
QUIET_SECONDS = 5.0


def connect(
    url_or_folder: str | Path,
    *,
    token: str | None = None,
    spool: str | Path | None = None,
    when_full: WhenFull = "block",
    sync: Sync = "write",
    wait: float = WAIT_SECONDS,
    spool_bytes: int = SPOOL_BYTES,
    renewed: bool = False,
) -> Client:
    """Connect to a record.

    Args:
        url_or_folder: The address of a server, such as ``http://127.0.0.1:8080``; or the folder of
            a workspace, whose record is then written by this process, without a spool.
        token: The token; none for the person at this computer.
        spool: The folder of the spool; one below the user's own state where not said. Several
            processes may share it, if they show the same token.
        when_full: Whether a write waits for room in the spool, or raises ``SpoolFull``.
        sync: Whether a record is handed to the kernel (``write``: survives the end of the process)
            or to the disk (``fsync``: meant to survive a power cut) before the call returns.
        wait: Seconds to wait where an answer is needed, which is where the charter may seal
            something. Where none came, nobody waits again for the next five seconds.
        spool_bytes: What the spool may hold.
        renewed: Says that this token is the new one of whoever wrote what is in the spool, so
            that it is sent with it.

    Raises:
        WorkspaceMissing: If the folder is not there.
        AddressRefused: If a token would travel unencrypted to another computer.
        SpoolUnusable: If the spool cannot be used, or holds what another token wrote.
    """
    where = str(url_or_folder)
    if not where.startswith(("http://", "https://")):
        return _to_workspace(Path(url_or_folder), token, wait)
    _check_address(where, token)
    written_as = sha256(f"{where.rstrip('/')}\n{token or ''}".encode()).hexdigest()
    folder = Path(spool) if spool is not None else _state() / written_as[:16]
    rules = SpoolRules(
        when_full=when_full,
        sync=sync,
        most_bytes=spool_bytes,
        segment_bytes=max(1, min(4 << 20, spool_bytes // 4)),
    )
    # The road begins to send at once, so whose writes these are is settled first.
    _claim(folder, written_as, renewed=renewed)
    server = HttpServer(where, token, seconds=REQUEST_SECONDS)
    asked = HttpServer(where, token, seconds=max(0.1, wait), quiet=QUIET_SECONDS)
    road = SpooledRoad(folder, server, asked, rules)
    return Client(road, Shelf(folder, asked, first=server), folder / JOBS, wait=wait)


def _to_workspace(folder: Path, token: str | None, wait: float) -> Client:
    if not folder.is_dir():
        raise WorkspaceMissing(
            f"There is no folder {folder}.",
            hint="Name the folder of a workspace, or an address that begins with http.",
        )
    from sayso.sdk.in_process import WorkspaceServer

    server = WorkspaceServer(folder, token)
    state = folder / ".sayso" / "sdk"
    shelf = Shelf(state, server, fresh=timedelta(0))
    return Client(StraightRoad(server), shelf, state / JOBS, wait=wait)


def _check_address(url: str, token: str | None) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    here = host == "localhost"
    with suppress(ValueError):
        here = here or ip_address(host).is_loopback
    if not host or (parts.scheme == "http" and token is not None and not here):
        raise AddressRefused(
            f"{url!r} would carry the token unencrypted to another computer."
            if host
            else f"{url!r} names no computer.",
            hint="Use an address that begins with https://.",
        )


def _claim(folder: Path, written_as: str, *, renewed: bool) -> None:
    """Hold a spool to one token: who sent a write is told by the token it is sent with."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / IDENTITY
        # Linked into its place, so that another process sees all of it or nothing.
        new = folder / f".{IDENTITY}-{os.getpid()}-{os.urandom(4).hex()}"
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, written_as.encode())
        os.close(handle)
        if renewed:
            new.replace(file)
        else:
            with suppress(FileExistsError):
                os.link(new, file)
            new.unlink()
        found = file.read_text("ascii")
    except OSError as error:
        raise SpoolUnusable(
            f"Cannot use the spool {folder}: {error.strerror}.",
            hint="Name a folder that may be written with spool=.",
        ) from error
    if found != written_as:
        raise SpoolUnusable(
            f"The spool {folder} holds what another token, or for another server, wrote.",
            hint="Name another folder; or say renewed=True, if this is that token's successor.",
        )


def _state() -> Path:
    """Where programs of this user keep what outlives them."""
    kept = os.environ.get("XDG_STATE_HOME", "")
    base = Path(kept) if kept else Path.home() / ".local" / "state"
    return base / "sayso" / "spool"
