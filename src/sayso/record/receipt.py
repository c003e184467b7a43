"""A receipt: what somebody keeps to prove later that an event was on record, and in which place.

The receipt is a ``tlog-proof`` of C2SP: index, proof and signed checkpoint, with the salt as its
extra line. It holds nothing of the event; whoever holds both can check them without us. Two
receipts prove which of two events came first, since the place is the order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.record.checkpoint import (
    MOST_BYTES,
    Checkpoint,
    LogKey,
    NotACheckpoint,
    decoded,
    encoded,
    read_checkpoint,
)
from sayso.record.tree import HASH_BYTES, SALT_BYTES, leaf_of, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an event stands in its place.

    Attributes:
        index: The place.
        salt: What the event's bytes are hashed with.
        proof: Hashes from the leaf to the root.
        note: The signed checkpoint.
    """

    index: int
    salt: bytes
    proof: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        """The receipt as a file; usually called ``.tlog-proof``."""
        hashes = "".join(f"{encoded(one)}\n" for one in self.proof)
        return f"{HEAD}\nextra {encoded(self.salt)}\nindex {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read such a file.

        Raises:
            NotACheckpoint: If it is anything else.
        """
        if len(text) > MOST_BYTES:
            raise NotACheckpoint("the receipt is too long")
        top, parted, note = text.partition("\n\n")
        lines = top.split("\n")
        if not parted or len(lines) < 3 or lines[0] != HEAD:
            raise NotACheckpoint("the text is no receipt")
        extra, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
        if extra == lines[1] or index == lines[2] or _INDEX.fullmatch(index) is None:
            raise NotACheckpoint("the receipt has no salt or no index")
        salt, proof = decoded(extra), tuple(decoded(line) for line in lines[3:])
        if len(salt) != SALT_BYTES or len(proof) > MOST_HASHES:
            raise NotACheckpoint("the receipt has a salt or a proof of another length")
        if any(len(one) != HASH_BYTES for one in proof):
            raise NotACheckpoint("a line of the proof is no hash")
        return cls(int(index), salt, proof, note)


def check_receipt(
    receipt: Receipt,
    body: bytes,
    key: LogKey,
    verify: Callable[[bytes, bytes, bytes], bool],
) -> Checkpoint:
    """Whether a receipt proves that these bytes are on record.

    Args:
        receipt: The receipt.
        body: The event's bytes, as they are looked at; the leaf is made from them.
        key: The log's key, pinned beforehand.
        verify: Checks a signature.

    Returns:
        The checkpoint that the proof leads to.

    Raises:
        NotACheckpoint: If it does not prove it.
    """
    head = read_checkpoint(receipt.note, key, verify)
    leaf = leaf_of(receipt.salt, body)
    if not verify_inclusion(leaf, receipt.index, head.size, receipt.proof, head.root):
        raise NotACheckpoint("the receipt belongs to another event, or to another record")
    return head
