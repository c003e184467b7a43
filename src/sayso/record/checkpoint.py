"""Signed heads of the tree, as text that other transparency tools read.

A checkpoint is a note of three lines (origin, size, root) with signature lines under it; formats
``tlog-checkpoint`` and ``signed-note`` of C2SP. Whoever reads one pins the origin and the key
beforehand: a checkpoint that names its own key proves nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.record.tree import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.record.ports import Signer

ED25519 = b"\x01"
MOST_BYTES = 64_000
MOST_SIGNATURES = 64
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_NAME = re.compile(r"[^\s+\x00-\x1f]+")


class NotACheckpoint(ValueError):
    """The text is no checkpoint, or is not signed by the key that was expected."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes:
        origin: The log's name.
        size: Leaves in its tree.
        root: The hash of the tree.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.origin) is None:
            raise NotACheckpoint(f"{self.origin!r} is no name of a log")
        if self.size < 0 or len(self.root) != HASH_BYTES:
            raise NotACheckpoint(f"a head of size {self.size} and {len(self.root)} bytes")

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


@dataclass(frozen=True, slots=True)
class LogKey:
    """The public key of a log, as whoever checks it holds it.

    Attributes:
        name: Name of the key; the log's origin.
        public: 32 bytes of Ed25519.
    """

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys apart; not a proof of anything."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as one line, ``name+id+key``."""
        return f"{self.name}+{self.id.hex()}+{encoded(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> LogKey:
        """Read such a line.

        Raises:
            NotACheckpoint: If it is anything else.
        """
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        content = decoded(key)
        if _NAME.fullmatch(name) is None or len(content) != 33 or content[:1] != ED25519:
            raise NotACheckpoint(f"{text[:80]!r} is no key of a log")
        found = cls(name, content[1:])
        if found.id.hex() != key_id:
            raise NotACheckpoint(f"{text[:80]!r} names the id of another key")
        return found


def signed(checkpoint: Checkpoint, signer: Signer) -> str:
    """A checkpoint with the log's signature under it."""
    key = LogKey(signer.name, signer.public)
    signature = signer.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {key.name} {encoded(key.id + signature)}\n"


def read_checkpoint(
    note: str, key: LogKey, verify: Callable[[bytes, bytes, bytes], bool]
) -> Checkpoint:
    """A checkpoint that is signed by a key.

    Args:
        note: The text.
        key: The key that was pinned beforehand; signatures of others are passed over.
        verify: Says of a public key, a signature and a text whether they belong together.

    Raises:
        NotACheckpoint: If the text has another form, names another origin, or no signature of
            the key is right.
    """
    if len(note) > MOST_BYTES or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise NotACheckpoint("the text is too long, or holds control characters")
    body, parted, tail = note.rpartition("\n\n")
    if not parted or not tail.endswith("\n"):
        raise NotACheckpoint("the text has no signature lines")
    lines = (body + "\n").split("\n")
    if len(lines) < 4 or any(not line for line in lines[:-1]):
        raise NotACheckpoint("the text has fewer than three lines")
    if _SIZE.fullmatch(lines[1]) is None:
        raise NotACheckpoint(f"the size is {lines[1][:30]!r}")
    if lines[0] != key.name:
        raise NotACheckpoint(f"the log is {lines[0][:80]!r}, not {key.name!r}")
    found = Checkpoint(lines[0], int(lines[1]), decoded(lines[2]))
    signatures = tail[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise NotACheckpoint("the text has too many signatures")
    right = False
    for line in signatures:
        name, said = _signature(line)
        if name == key.name and said[:4] == key.id:
            if not verify(key.public, said[4:], (body + "\n").encode()):
                raise NotACheckpoint("the signature is wrong")
            right = True
    if not right:
        raise NotACheckpoint(f"the text is not signed by {key.name}")
    return found


def encoded(content: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: str) -> bytes:
    """Base64 in its one spelling.

    Raises:
        NotACheckpoint: If it is anything else.
    """
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotACheckpoint(f"{text[:60]!r} is no base64") from error
    if encoded(content) != text:
        raise NotACheckpoint(f"{text[:60]!r} is base64 in another spelling")
    return content


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, said = rest.partition(" ")
    content = decoded(said)
    if dash != "—" or _NAME.fullmatch(name) is None or len(content) < 5:
        raise NotACheckpoint(f"{line[:60]!r} is no signature line")
    return name, content
