"""Where a webhook may lead: to a public address, looked up once and then connected to as it was found.

A name can lead anywhere, and elsewhere the next time it is asked for. So it is asked for once, every
address it leads to is looked at, and the connection goes to the one that was looked at.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sayso.domain.errors_hooks import HookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_URL = 2000
# Ways to write an IPv4 address into an IPv6 one that a gateway turns back.
_CARRYING_V4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
DANGEROUS = "--allow-private-address"


class Forbidden(Exception):
    """A name leads where nothing may be sent, or nowhere; says which in one word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a webhook leads.

    Attributes:
        scheme: ``https``; ``http`` only where private addresses are allowed.
        host: The name or address as it was given.
        port: The port.
        path: The rest, with the query.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """What the receiver is told that it is called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme] == self.port
        return host if usual else f"{host}:{self.port}"


def read_url(url: str, *, private: bool) -> Target:
    """The parts of a webhook's address.

    Args:
        url: The address.
        private: Whether private addresses, and plain HTTP, are allowed. Dangerous.

    Raises:
        HookRefused: If it is no address of a receiver, or leads where it may not.
    """
    shown = ascii(url[:80])
    plain = url.isascii() and url.isprintable() and not any(c in url for c in ' \\"<>^`{|}')
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        plain, parts, host, port = False, urlsplit(""), "", None
    if not plain or not host or len(url) > LONGEST_URL or "%" in host:
        raise HookRefused(
            f"{shown} is no address of a receiver.", hint="Write it as https://crm.example/sayso."
        )
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise HookRefused(f"{shown} is not https.", hint="Only encrypted addresses are taken.")
    if "@" in parts.netloc or parts.fragment:
        raise HookRefused(
            f"{shown} carries a password, or a fragment.", hint="The signature says who sends."
        )
    if port == 0:
        raise HookRefused(f"{shown} names port 0.", hint="Leave the port out, or name another.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    usual = 443 if parts.scheme == "https" else 80
    target = Target(scheme=parts.scheme, host=host, port=port or usual, path=path)
    if not private and _is_local(host):
        raise HookRefused(
            f"{shown} leads into this computer or its own network.",
            hint=f"Name a public receiver; docs/how-to/webhooks.md says what {DANGEROUS} does.",
        )
    return target


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Addresses of a name, as this computer finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def pinned(target: Target, *, private: bool, lookup: Callable[[str, int], Sequence[str]]) -> str:
    """The one address to connect to.

    Args:
        target: Where the webhook leads.
        private: Whether private addresses are allowed.
        lookup: Finds the addresses of a name; asked once.

    Raises:
        Forbidden: If the name leads nowhere, or anywhere private.
    """
    try:
        found = list(dict.fromkeys(lookup(target.host, target.port)))
    except (OSError, UnicodeError) as error:
        raise Forbidden("name-unknown") from error
    if not found:
        raise Forbidden("name-unknown")
    # One private address among public ones is how a name is made to lead inside.
    if not private and not all(is_public(address) for address in found):
        raise Forbidden("address-private")
    return found[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the public network, whichever way it is written.

    Examples:
        >>> [is_public(a) for a in ("93.184.215.14", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
        [True, False, False, False]
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one carries."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _CARRYING_V4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_local(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name in ("localhost", "") or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ip_address(name)
    except ValueError:
        # What is written like an address and is none, such as 127.1 or 0x7f000001, is looked up later
        # by the system as one; a name's last part is never a number.
        last = name.rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")
    return not is_public(name)
