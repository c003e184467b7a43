"""Making the whole tree again from the records, and finding what does not fit.

This is what an auditor runs, and it is also the scrub: a database notices few of the bits that
turn over on a disk; a tree that is made again from the bytes notices every one that matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.record.filing import filed_under
from sayso.record.refusal import Refusal
from sayso.record.tree import HASH_BYTES, SALT_BYTES, Edge, append, leaf_of
from sayso.record.wire import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sayso.record.checkpoint import Checkpoint
    from sayso.record.ports import Head, Kept, Sealer
    from sayso.record.tree import Node

MOST = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit.

    Attributes:
        where: What it was found in: a record, a subtree, the head, or a head kept elsewhere.
        message: One sentence.
    """

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found.

    Attributes:
        size: Records looked at.
        root: The root over them, made again.
        faults: What does not fit, at most 50.
        heads: Heads kept elsewhere that the record grew from.
    """

    size: int
    root: bytes
    faults: tuple[Fault, ...]
    heads: int

    @property
    def whole(self) -> bool:
        """Whether everything fits."""
        return not self.faults


class _Found:
    """Collects faults, and stops at many: a record that is broken everywhere says so once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, where: str, message: str) -> None:
        if len(self.faults) < MOST:
            self.faults.append(Fault(where, message))


def verify_record(
    rows: Iterable[Kept],
    sealer: Sealer,
    *,
    head: Head | None = None,
    nodes: Iterable[tuple[int, int, bytes]] | None = None,
    heads: Sequence[Checkpoint] = (),
) -> Verdict:
    """Make the tree again and hold it against what is stored and what others remember.

    Args:
        rows: Every record, in its order. One without bytes stands for an event that may not be
            handed out yet; its leaf is taken as given, and proves only its place.
        sealer: Opens personal text; it is not needed for the tree.
        head: The stored head; None for an export.
        nodes: Stored subtrees by level and place; None for an export.
        heads: Heads kept elsewhere, whose signatures were checked.
    """
    found, levels = _Found(), [bytearray()]
    edge, last = Edge(), None
    wanted: dict[int, list[Checkpoint]] = {}
    for other in heads:
        wanted.setdefault(other.size, []).append(other)
    grown: list[Node] = []
    seen = _heads_at(edge, wanted, found)
    for row in rows:
        where = f"record {row.index}"
        if row.index != edge.size:
            found.add(where, f"Its place is {row.index}, and {edge.size} comes next.")
        leaf = row.leaf
        if row.body:
            last = _look(row, where, sealer, last, found)
            if len(row.salt) == SALT_BYTES:
                leaf = leaf_of(row.salt, row.body)
            if leaf != row.leaf or len(row.salt) != SALT_BYTES:
                found.add(where, "Its bytes do not give its stored hash.")
        elif len(leaf) != HASH_BYTES:
            found.add(where, "It has neither bytes nor a hash.")
            leaf = bytes(HASH_BYTES)
        grown.clear()
        edge = append(edge, leaf, grown)
        levels[0] += leaf
        for node in grown:
            if node.level == len(levels):
                levels.append(bytearray())
            levels[node.level] += node.hash
        seen += _heads_at(edge, wanted, found)
    if head is not None:
        _hold_head(edge, head, found)
    if nodes is not None:
        _hold_nodes(levels, nodes, found)
    for size in wanted:
        if size > edge.size:
            found.add("heads", f"A head of size {size} is kept, and there are {edge.size} records.")
    return Verdict(edge.size, edge.root, tuple(found.faults), seen)


def _look(
    row: Kept, where: str, sealer: Sealer, last: datetime | None, found: _Found
) -> datetime | None:
    """Whether a record can be read, in its order of time, and is filed under what it says."""
    read = from_bytes(row.body, row.index, sealer)
    if isinstance(read, Refusal):
        found.add(where, read.message)
        return last
    if last is not None and read.recorded_at < last:
        found.add(where, "It was taken in before the record before it.")
    if row.filed is not None and row.filed != filed_under(read.event, read.recorded_at):
        found.add(where, "It is filed under something else than it says.")
    return read.recorded_at


def _heads_at(edge: Edge, wanted: dict[int, list[Checkpoint]], found: _Found) -> int:
    kept = wanted.get(edge.size, ())
    root = edge.root if kept else b""
    for head in kept:
        if head.root != root:
            found.add("heads", f"The head of size {edge.size} kept elsewhere has another root.")
    return sum(head.root == root for head in kept)


def _hold_head(edge: Edge, head: Head, found: _Found) -> None:
    if head.size != edge.size:
        found.add("head", f"The head says {head.size} records, and there are {edge.size}.")
    elif head.root != edge.root:
        found.add("head", "The stored root is not the root over the records.")


def _hold_nodes(
    levels: list[bytearray], nodes: Iterable[tuple[int, int, bytes]], found: _Found
) -> None:
    counts = [0] * len(levels)
    for level, place, digest in nodes:
        start = place * HASH_BYTES
        inside = 0 < level < len(levels) and 0 <= start < len(levels[level])
        if not inside or bytes(levels[level][start : start + HASH_BYTES]) != digest:
            found.add(f"subtree {level}/{place}", "It is not what the records below it give.")
        else:
            counts[level] += 1
    for level, content in enumerate(levels):
        missing = len(content) // HASH_BYTES - counts[level]
        if level and missing:
            found.add(f"level {level}", f"{missing} subtrees are missing.")
