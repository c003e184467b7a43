"""Links of a round: one a person, each used once, and none stored that could be opened."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sayso.domain.errors import RoundRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = 1
BYTES = 17
# Crockford's letters: none is mistaken for another when copied from paper.
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
_TOKEN = re.compile(f"[{LETTERS}]{{{LENGTH}}}", re.ASCII)
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})


class LinkState(StrEnum):
    """What a link still opens."""

    FRESH = "fresh"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class LinkKey:
    """A link as it is kept: its SHA-256, and whether it was used; not when, nor by whom."""

    hash: str
    used: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a round and the pseudonyms that began, each in an order that says nothing.

    Both stand in one file, so that marking a link and letting a person begin is one step: a crash
    leaves both undone or both done. Nothing in it says which link became which pseudonym.

    Attributes:
        keys: The links, in the order of their hashes.
        begun: Pseudonyms that began, sorted.
    """

    keys: tuple[LinkKey, ...]
    begun: tuple[str, ...] = ()

    def state(self, token: str) -> LinkState:
        """Whether a link is fresh, used, or none of these."""
        wanted = hash_of(token)
        # Every hash is compared to its end, so that time tells nothing about the others.
        found = [key for key in self.keys if hmac.compare_digest(key.hash, wanted)]
        if not found:
            return LinkState.UNKNOWN
        return LinkState.USED if found[0].used else LinkState.FRESH

    def has_begun(self, name: str) -> bool:
        """Whether a pseudonym began."""
        return any([hmac.compare_digest(known, name) for known in self.begun])  # noqa: C419 - all are compared

    def after_beginning(self, token: str, name: str) -> Links:
        """The links once a fresh one was used by a pseudonym."""
        wanted = hash_of(token)
        keys = tuple(LinkKey(k.hash, k.used or k.hash == wanted) for k in self.keys)
        return Links(keys, tuple(sorted({*self.begun, name})))

    def with_another(self, token: str) -> Links:
        """The links and one more."""
        return Links(tuple(sorted((*self.keys, LinkKey(hash_of(token))))), self.begun)


def token_of(random: bytes) -> str:
    """A link's token, or a person's secret, from random bytes: 130 bits in 26 letters.

    Args:
        random: 17 random bytes; their last 6 bits are not used.
    """
    if len(random) != BYTES:
        raise ValueError(f"needs {BYTES} random bytes, got {len(random)}")
    number = int.from_bytes(random, "big") >> (8 * BYTES - 5 * LENGTH)
    return "".join(LETTERS[number >> (5 * place) & 31] for place in reversed(range(LENGTH)))


def read_token(text: str) -> str | None:
    """The token in what was typed or copied: a whole link, or its last part with or without dashes.

    Examples:
        >>> read_token("https://sayso.example/r/0123456789abcdefghjkmnpqrs")
        '0123456789abcdefghjkmnpqrs'
        >>> read_token("OI234-56789-ABCDE-FGHJK-MNPQRS")
        '0123456789abcdefghjkmnpqrs'
        >>> read_token("my link") is None
        True
    """
    plain = text.strip().rstrip("/").rpartition("/")[2].lower().translate(_READ_AS)
    return plain if _TOKEN.fullmatch(plain) else None


def read_address(text: str) -> str:
    """Where people reach Sayso's pages, so that a link can be opened from a message.

    Raises:
        RoundRefused: If it is no address of a page.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise RoundRefused(
            f"{text!r} is no address that a link can begin with.",
            hint="Write one such as https://sayso.example.org.",
        )
    return text.strip().rstrip("/")


def grouped(token: str) -> str:
    """A token in groups, to be copied by hand."""
    return "-".join((token[:5], token[5:10], token[10:15], token[15:20], token[20:]))


def hash_of(token: str) -> str:
    """The SHA-256 of a token, in hexadecimal digits."""
    return sha256((read_token(token) or token).encode("utf-8", "replace")).hexdigest()


def links_of(tokens: Sequence[str]) -> Links:
    """What is kept of new links."""
    return Links(tuple(sorted(LinkKey(hash_of(token)) for token in tokens)))


def links_text(links: Links) -> str:
    """The links as links.json holds them."""
    keys = [{"hash": key.hash, "used": key.used} for key in links.keys]
    plain = {"format": FORMAT, "links": keys, "begun": list(links.begun)}
    return json.dumps(plain, indent=2) + "\n"


def links_from(text: str) -> Links:
    """The links of a text from ``links_text``.

    Raises:
        ValueError: If it says anything else.
    """
    plain = json.loads(text)
    try:
        if plain["format"] != FORMAT:
            raise ValueError(f"format {plain['format']!r}")
        keys = tuple(
            sorted(LinkKey(str(k["hash"]), k["used"] is not False) for k in plain["links"])
        )
        return Links(keys, tuple(sorted(str(name) for name in plain["begun"])))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no links: {error}") from error
