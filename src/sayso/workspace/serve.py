"""Serving pages: at which address, for whom, until Ctrl-C."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import (
    AccessKeyTooShort,
    AddressRefused,
    PortUnavailable,
    WorkspaceMissing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from starlette.types import ASGIApp

SHORTEST_KEY = 12
_SPARE = "Name another one with --port, or --port 0 for any that is free."


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where pages are served, and what keeps others out.

    Attributes:
        folder: The workspace.
        listener: The socket; it listens already.
        host: The address as it was asked for.
        access_key: What the convener must show; None where only this computer is served.
    """

    folder: Path
    listener: socket.socket
    host: str
    access_key: str | None

    @property
    def address(self) -> str:
        """What to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.listener.getsockname()[1]}/"


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach an address.

    Examples:
        >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "nordlys")]
        [True, True, True, False, False]
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def prepared(folder: str, *, host: str, port: int, access_key: str | None) -> Serving:
    """Check what was asked for, and listen.

    Args:
        folder: The workspace.
        host: Address or name to listen at.
        port: Port, 0..65535; 0 for any that is free.
        access_key: What the convener must show.

    Raises:
        WorkspaceMissing: If the folder is not there.
        AddressRefused: If others could reach the address and there is no key.
        AccessKeyTooShort: If the key has fewer than 12 characters.
        PortUnavailable: If the address cannot be listened on.
    """
    where = Path(folder)
    if not where.is_dir():
        raise WorkspaceMissing(f"There is no folder {folder!r}.", hint="Name one with --folder.")
    if access_key is not None and len(access_key) < SHORTEST_KEY:
        raise AccessKeyTooShort(
            f"An access key of {len(access_key)} characters could be guessed.",
            hint=f"Take at least {SHORTEST_KEY}, such as four words nobody says together.",
        )
    if access_key is None and not is_loopback(host):
        raise AddressRefused(
            f"At {host}, others could open these pages, and there is no key.",
            hint="Say --access-key, or leave --host out to serve this computer only.",
        )
    return Serving(folder=where, listener=_listener(host, port), host=host, access_key=access_key)


def _listener(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise PortUnavailable(f"There is no port {port}.", hint=_SPARE)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, place = found[0]
        listener = socket.create_server(place[:2], family=family)
        # Connections inherit it. Without, the second half of an answer waits for the first half to
        # be acknowledged, and the other side is in no hurry: forty milliseconds for each.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except socket.gaierror as error:
        raise PortUnavailable(
            f"{host} is no address of this computer.", hint="Name another one with --host."
        ) from error
    except OSError as error:
        why = {
            errno.EADDRINUSE: (f"Port {port} at {host} is in use.", _SPARE),
            errno.EACCES: (f"Port {port} is kept for the system.", _SPARE),
            errno.EADDRNOTAVAIL: (
                f"{host} is no address of this computer.",
                "Name another one with --host.",
            ),
        }.get(error.errno or 0)
        message, hint = why or (f"Cannot listen at {host}:{port}: {error.strerror}.", _SPARE)
        raise PortUnavailable(message, hint=hint) from error


def serve(
    app: ASGIApp, serving: Serving, *, tell: Callable[[str], None], stop_seconds: int = 10
) -> None:
    """Serve until Ctrl-C or SIGTERM; what is under way is finished first, and nothing new is taken.

    Args:
        app: The pages.
        serving: Where.
        tell: Takes each text meant for the person.
        stop_seconds: How long what is under way may take.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        # What it logs goes where everything goes, and there nothing of the request gets in.
        log_config=None,
        # The links of a round are addresses; a log of addresses would keep them.
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=stop_seconds,
    )
    with serving.listener, suppress(KeyboardInterrupt), _told_to_stop():
        tell(f"\n  {serving.address}\n")
        if serving.access_key is not None:
            tell("  The pages ask for the access key; the links of a round do not.")
        tell("  Ctrl-C stops. What was saved stays saved.\n")
        uvicorn.Server(config).run(sockets=[serving.listener])
    tell("\n  Stopped.")


@contextmanager
def _told_to_stop() -> Generator[None]:
    """SIGTERM ends what is inside like Ctrl-C does; later ones change nothing.

    What follows is the record's own end, in which everything that was accepted reaches the disk.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
