"""The tree over the record: one hash that stands for every event and its place.

Hashes, inclusion proofs and consistency proofs are those of RFC 6962 and RFC 9162. A perfect
subtree never changes once it is full, so it is stored once; everything else is made from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
SALT_BYTES = 16
EMPTY = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Node:
    """One full subtree: ``2 ** level`` leaves from ``place * 2 ** level`` on."""

    level: int
    place: int
    hash: bytes


def commitment(salt: bytes, body: bytes) -> bytes:
    """What stands in the log for an event: a hash of its bytes that nobody can guess back.

    Without the salt, a short event could be found by trying all it could say.

    Args:
        salt: 16 random bytes, kept with the event.
        body: The event's bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, got {len(salt)}")
    return sha256(b"sayso/event/v1\0" + salt + body).digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf.

    Examples:
        >>> leaf_hash(b"").hex()
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    """
    return sha256(b"\x00" + entry).digest()


def leaf_of(salt: bytes, body: bytes) -> bytes:
    """The leaf of an event."""
    return leaf_hash(commitment(salt, body))


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: its full subtrees, largest first; all that appending needs.

    Attributes:
        size: Leaves in the tree.
        peaks: Hashes of the full subtrees, one for each bit that is set in the size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} has {self.size.bit_count()} full subtrees")

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return EMPTY
        whole = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            whole = node_hash(peak, whole)
        return whole


def append(edge: Edge, leaf: bytes, nodes: list[Node]) -> Edge:
    """The tree with one more leaf.

    Args:
        edge: The tree.
        leaf: The new leaf's hash.
        nodes: Takes the subtrees above the leaves that are full now.
    """
    peaks, place, level = list(edge.peaks), edge.size, 0
    whole = leaf
    while place & 1:
        whole = node_hash(peaks.pop(), whole)
        place >>= 1
        level += 1
        nodes.append(Node(level, place, whole))
    return Edge(edge.size + 1, (*peaks, whole))


def append_all(edge: Edge, leaves: Iterable[bytes], nodes: list[Node]) -> Edge:
    """The tree with many more leaves; what ``append`` gives one by one, in a third of the time.

    Args:
        edge: The tree.
        leaves: The new leaves' hashes.
        nodes: Takes the subtrees above the leaves that are full now.
    """
    peaks, size = list(edge.peaks), edge.size
    for leaf in leaves:
        place, level, whole = size, 0, leaf
        while place & 1:
            whole = sha256(b"\x01" + peaks.pop() + whole).digest()
            place >>= 1
            level += 1
            nodes.append(Node(level, place, whole))
        peaks.append(whole)
        size += 1
    return Edge(size, tuple(peaks))


def grow(leaves: Iterable[bytes], edge: Edge | None = None) -> Edge:
    """The tree over leaves, or a tree with more leaves after its own."""
    grown = edge or Edge()
    for leaf in leaves:
        grown = append(grown, leaf, [])
    return grown


def edge_at(size: int, node_at: Callable[[int, int], bytes]) -> Edge:
    """The right edge of the tree of a size, from its stored full subtrees.

    Args:
        size: Leaves in the tree.
        node_at: The hash of a full subtree, by level and place.
    """
    peaks: list[bytes] = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append(node_at(level, start >> level))
            start += 1 << level
    return Edge(size, tuple(peaks))


def inclusion_proof(
    index: int, size: int, node_at: Callable[[int, int], bytes]
) -> tuple[bytes, ...]:
    """The hashes that prove a leaf's place in a tree.

    Args:
        index: The leaf, in 0..size - 1.
        size: Leaves in the tree.
        node_at: The hash of a full subtree, by level and place.

    Source:
        RFC 9162, section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return tuple(_path(index, 0, size, node_at))


def consistency_proof(
    old: int, size: int, node_at: Callable[[int, int], bytes]
) -> tuple[bytes, ...]:
    """The hashes that prove that a tree is the beginning of a later one.

    Args:
        old: Leaves in the earlier tree.
        size: Leaves in the later one, at least as many.
        node_at: The hash of a full subtree, by level and place.

    Source:
        RFC 9162, section 2.1.4.1.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} is no beginning of one of {size}")
    return () if old in (0, size) else tuple(_sub_proof(old, 0, size, True, node_at))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a leaf stands at an index of the tree with a root.

    The leaf has to be made from the event that is looked at, never taken from the proof.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    place, last, whole = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            whole = node_hash(step, whole)
            while place & 1 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            whole = node_hash(whole, step)
        place >>= 1
        last >>= 1
    return last == 0 and whole == root


def verify_consistency(
    old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes
) -> bool:
    """Whether the tree with one root is the beginning of the tree with another.

    The empty tree is a beginning of every tree, and proves nothing.

    Source:
        RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= size or not _hashes(old_root, root, *proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY
    if old == size:
        return not proof and old_root == root
    steps = list(proof)
    place, last = old - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    if place:
        if not steps:
            return False
        first = steps.pop(0)
    else:
        first = old_root
    before = after = first
    for step in steps:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place & 1 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, step)
        place >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == root


def _hashes(*found: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in found)


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


def _whole(start: int, size: int, node_at: Callable[[int, int], bytes]) -> bytes:
    """The hash over ``size`` leaves from ``start`` on, where start is a multiple of the split."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node_at(level, start >> level)
    left = _split(size)
    return node_hash(_whole(start, left, node_at), _whole(start + left, size - left, node_at))


def _path(index: int, start: int, size: int, node_at: Callable[[int, int], bytes]) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, node_at), _whole(start + left, size - left, node_at)]
    below = _path(index - left, start + left, size - left, node_at)
    return [*below, _whole(start, left, node_at)]


def _sub_proof(
    old: int, start: int, size: int, own: bool, node_at: Callable[[int, int], bytes]
) -> list[bytes]:
    if old == size:
        return [] if own else [_whole(start, size, node_at)]
    left = _split(size)
    if old <= left:
        below = _sub_proof(old, start, left, own, node_at)
        return [*below, _whole(start + left, size - left, node_at)]
    below = _sub_proof(old - left, start + left, size - left, False, node_at)
    return [*below, _whole(start, left, node_at)]
