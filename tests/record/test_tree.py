"""The tree against published figures, against plain recursion, and against forgers."""

from __future__ import annotations

import base64
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.adapters.store_signing import LogSigner, is_signed
from sayso.record.checkpoint import Checkpoint, LogKey, NotACheckpoint, read_checkpoint, signed
from sayso.record.receipt import Receipt, check_receipt
from sayso.record.tree import (
    EMPTY,
    Edge,
    append,
    commitment,
    consistency_proof,
    edge_at,
    grow,
    inclusion_proof,
    leaf_hash,
    leaf_of,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from sayso.record.witness import Alarm, Alarmed, Witnessed, request_text, witness

# The eight leaves and the roots of their first trees, as Certificate Transparency tests them:
# github.com/transparency-dev/merkle, testonly/constants.go.
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (index, size, hashes): github.com/transparency-dev/merkle, testdata/inclusion/*/happy-path.json.
INCLUSION = [
    (
        0,
        8,
        [
            "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
            "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
            "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
        ],
    ),
    (
        5,
        8,
        [
            "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
            "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
            "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
        ],
    ),
    (2, 3, ["+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU="]),
    (
        1,
        5,
        [
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
            "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        ],
    ),
]
# (old, size, hashes): the same, testdata/consistency/*/happy-path.json.
CONSISTENCY = [
    (
        1,
        8,
        [
            "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
            "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
            "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
        ],
    ),
    (
        6,
        8,
        [
            "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
            "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
            "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
        ],
    ),
    (
        2,
        5,
        [
            "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
            "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        ],
    ),
]


def hashes(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(text) for text in texts)


class Log:
    """A tree with its full subtrees in a dictionary."""

    def __init__(self, entries: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.edge = Edge()
        self.leaves = [leaf_hash(entry) for entry in entries]
        for leaf in self.leaves:
            self.nodes[0, self.edge.size] = leaf
            full: list = []
            self.edge = append(self.edge, leaf, full)
            self.nodes |= {(n.level, n.place): n.hash for n in full}

    def at(self, level: int, place: int) -> bytes:
        return self.nodes[level, place]

    def root(self, size: int) -> bytes:
        return edge_at(size, self.at).root


def plainly(leaves: list[bytes]) -> bytes:
    """The root by the definition of RFC 6962, section 2.1, and nothing else."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plainly(leaves[:split]), plainly(leaves[split:]))


PUBLISHED = Log([bytes.fromhex(leaf) for leaf in LEAVES])
BIG = Log([str(i).encode() for i in range(70)])


@pytest.mark.feature("T1")
@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int):
    assert PUBLISHED.root(size).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, proof: list[str]):
    wanted = hashes(proof)
    assert inclusion_proof(index, size, PUBLISHED.at) == wanted
    root = bytes.fromhex(ROOTS[size - 1])
    assert verify_inclusion(PUBLISHED.leaves[index], index, size, wanted, root)


@pytest.mark.parametrize(("old", "size", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int, proof: list[str]):
    wanted = hashes(proof)
    assert consistency_proof(old, size, PUBLISHED.at) == wanted
    first, last = (bytes.fromhex(ROOTS[n - 1]) for n in (old, size))
    assert verify_consistency(old, size, wanted, first, last)


def test_every_tree_up_to_seventy_is_what_the_definition_says_and_proves_itself():
    for size in range(71):
        root = plainly(BIG.leaves[:size])
        assert BIG.root(size) == grow(BIG.leaves[:size]).root == root
        for index in range(size):
            proof = inclusion_proof(index, size, BIG.at)
            assert verify_inclusion(BIG.leaves[index], index, size, proof, root)
        for old in range(size + 1):
            proof = consistency_proof(old, size, BIG.at)
            assert verify_consistency(old, size, proof, BIG.root(old), root)


places = st.integers(1, 70).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n)))


@settings(max_examples=200)
@given(places, st.data())
def test_a_proof_proves_nothing_else(place: tuple[int, int], data: st.DataObject):
    index, size = place
    root, leaf = BIG.root(size), BIG.leaves[index]
    proof = list(inclusion_proof(index, size, BIG.at))
    assert not verify_inclusion(BIG.leaves[(index + 1) % 70], index, size, proof, root)
    # Whatever tree it is tried in, a leaf proves its own place or none.
    where, within = data.draw(st.integers(-1, 71)), data.draw(st.integers(-1, 71))
    if verify_inclusion(leaf, where, within, proof, root):
        assert verify_inclusion(leaf, index, size, proof, root)
        assert BIG.leaves[where] == leaf
    longer = [*proof, *data.draw(st.lists(st.binary(min_size=32, max_size=32), min_size=1))]
    assert not verify_inclusion(leaf, index, size, longer, root)
    assert not verify_inclusion(leaf, index, size, [bytes(32), *proof], root)
    if proof:
        assert not verify_inclusion(leaf, index, size, proof[:-1], root)
        spot = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof]
        bent[spot] = bytes([bent[spot][0] ^ 1]) + bent[spot][1:]
        assert not verify_inclusion(leaf, index, size, bent, root)


@settings(max_examples=200)
@given(places, st.data())
def test_a_tree_that_was_rewritten_is_no_beginning(place: tuple[int, int], data: st.DataObject):
    old, size = place[0] + 1, place[1]
    proof = list(consistency_proof(old, size, BIG.at))
    first, last = BIG.root(old), BIG.root(size)
    rewritten = list(BIG.leaves[:size])
    spot = data.draw(st.integers(0, old - 1))
    rewritten[spot] = leaf_hash(b"another")
    other = Log([])
    for leaf in rewritten:
        other.nodes[0, other.edge.size] = leaf
        full: list = []
        other.edge = append(other.edge, leaf, full)
        other.nodes |= {(n.level, n.place): n.hash for n in full}
    forged = consistency_proof(old, size, other.at)
    assert not verify_consistency(old, size, forged, first, other.root(size))
    assert not verify_consistency(old, size, proof, other.root(old), last)
    assert not verify_consistency(old, size, [*proof, bytes(32)], first, last)
    if proof:
        assert not verify_consistency(old, size, proof[:-1], first, last)


@pytest.mark.parametrize(("old", "size"), [(0, 5), (-1, 5), (6, 5), (0, 0)])
def test_the_empty_tree_and_trees_that_shrink_prove_nothing(old: int, size: int):
    root = BIG.root(size)
    assert not verify_consistency(old, size, [bytes(32)], EMPTY, root)
    assert not verify_consistency(old, size, [], bytes(32), root)
    assert not verify_inclusion(BIG.leaves[0], 0, 0, [], EMPTY)


def test_hashes_of_another_length_are_refused():
    assert not verify_inclusion(b"short", 0, 1, [], b"short")
    assert not verify_consistency(1, 1, [], b"short", b"short")


def test_a_short_event_cannot_be_found_by_trying_all_it_could_say():
    body = b'{"choice":"bring"}'
    assert leaf_of(bytes(16), body) != leaf_of(b"\x01" * 16, body)
    guesses = {leaf_hash(sha256(text).digest()) for text in (body, b"\0" * 16 + body)}
    assert leaf_of(b"\x07" * 16, body) not in guesses
    with pytest.raises(ValueError, match="16 bytes"):
        commitment(b"", body)


# --- signed heads ---

# The key and the note of the example in the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
SIGNER = LogSigner("sayso.example/nordlys", bytes(range(32)))
HEAD = Checkpoint("sayso.example/nordlys", 70, BIG.root(70))
NOTE = signed(HEAD, SIGNER)


def test_keys_and_signatures_are_those_of_a_published_note():
    key = LogKey.parse(GO_KEY)
    said = base64.b64decode(GO_SIGNATURE)
    assert key.text == GO_KEY
    assert said[:4] == key.id
    assert is_signed(key.public, said[4:], GO_TEXT.encode())
    assert not is_signed(key.public, said[4:], GO_TEXT.encode() + b"\n")


@pytest.mark.feature("T2")
def test_a_head_is_read_back_by_whoever_pinned_the_key():
    assert read_checkpoint(NOTE, SIGNER.key, is_signed) == HEAD
    assert LogKey.parse(SIGNER.key.text) == SIGNER.key


@pytest.mark.parametrize(
    "bend",
    [
        lambda n: n.replace("\n70\n", "\n71\n"),
        lambda n: n.replace("\n70\n", "\n070\n"),
        lambda n: n.replace("\n70\n", "\n٧٠\n"),
        lambda n: n.replace("nordlys\n70", "other\n70"),
        lambda n: n.replace("— ", "- "),
        lambda n: n[:-1],
        lambda n: n.replace("\n\n", "\n"),
        lambda n: n[:-6] + "A" + n[-5:],
        lambda n: n.replace("=", "", 1),
        lambda n: n.split("\n\n")[0] + "\n\n",
        lambda n: n.replace("\n\n", "\r\n\n"),
        lambda n: n + "\n",
        lambda n: n.split("\n\n")[0] + "\n\n— other AAAAAAAA\n",
        lambda n: "",
        lambda n: n + "— x AAAAAAA=\n" * 70,
    ],
)
def test_a_bent_head_is_refused(bend):
    bent = bend(NOTE)
    assert bent != NOTE
    with pytest.raises(NotACheckpoint):
        read_checkpoint(bent, SIGNER.key, is_signed)


def test_a_head_signed_by_another_key_under_the_same_name_is_refused():
    other = LogSigner(SIGNER.name, b"\x07" * 32)
    with pytest.raises(NotACheckpoint, match="not signed by"):
        read_checkpoint(signed(HEAD, other), SIGNER.key, is_signed)


def test_signatures_of_others_are_passed_over():
    line = NOTE.split("\n\n")[1]
    assert read_checkpoint(NOTE + "— witness.example AAAAAAAA\n" + line, SIGNER.key, is_signed)


@given(st.text(max_size=300))
def test_any_text_is_a_head_or_is_refused(text: str):
    with pytest.raises(NotACheckpoint):
        read_checkpoint(text, SIGNER.key, is_signed)
    with pytest.raises(NotACheckpoint):
        Receipt.parse(text)


# --- receipts ---

BODY, SALT = b'{"v":1}', b"\x05" * 16


def receipt_of(body: bytes = BODY, index: int = 5) -> tuple[Receipt, bytes]:
    log = Log([str(i).encode() for i in range(11)])
    entries = [str(i).encode() for i in range(11)]
    entries[index] = commitment(SALT, body)
    log = Log(entries)
    head = Checkpoint(SIGNER.name, 11, log.root(11))
    proof = inclusion_proof(index, 11, log.at)
    return Receipt(index, SALT, proof, signed(head, SIGNER)), body


def test_a_receipt_proves_that_these_bytes_stand_in_that_place():
    receipt, body = receipt_of()
    assert Receipt.parse(receipt.text) == receipt
    head = check_receipt(Receipt.parse(receipt.text), body, SIGNER.key, is_signed)
    assert head.size == 11


def test_a_receipt_of_another_event_proves_nothing():
    receipt, _ = receipt_of()
    for bent in (
        receipt,
        replace(receipt, index=4),
        replace(receipt, salt=bytes(16)),
        replace(receipt, proof=receipt.proof[1:]),
        replace(receipt, proof=(*receipt.proof, bytes(32))),
    ):
        body = b'{"v":2}' if bent is receipt else BODY
        with pytest.raises(NotACheckpoint, match="another event"):
            check_receipt(bent, body, SIGNER.key, is_signed)


def test_a_mutated_receipt_is_never_accepted():
    receipt, body = receipt_of()
    text = receipt.text
    accepted = 0
    for place in range(0, len(text), 3):
        for new in ("A", "\n", "9", ""):
            bent = text[:place] + new + text[place + 1 :]
            if bent == text:
                continue
            try:
                check_receipt(Receipt.parse(bent), body, SIGNER.key, is_signed)
                accepted += 1
            except NotACheckpoint:
                pass
    assert accepted == 0


# --- the witness ---


def request(log: Log, old: int, size: int, signer: LogSigner = SIGNER) -> str:
    head = Checkpoint(SIGNER.name, size, log.root(size))
    return request_text(old, consistency_proof(old, size, log.at), signed(head, signer))


def seen(kept: str | None, asked: str) -> Witnessed:
    found = witness(kept, asked, SIGNER.key, is_signed)
    assert isinstance(found, Witnessed), found
    return found


def alarm(kept: str | None, asked: str) -> Alarm:
    found = witness(kept, asked, SIGNER.key, is_signed)
    assert isinstance(found, Alarmed), found
    return found.alarm


@pytest.mark.feature("T2")
def test_a_witness_follows_a_record_that_only_grows():
    first = seen(None, request(BIG, 0, 12))
    again = seen(first.note, request(BIG, 12, 12))
    more = seen(again.note, request(BIG, 12, 70))
    assert (first.grown, again.grown, more.grown) == (12, 0, 58)


def test_a_witness_tells_when_the_past_was_rewritten_or_cut_off():
    kept = seen(None, request(BIG, 0, 40)).note
    entries = [str(i).encode() for i in range(70)]
    entries[3] = b"another"
    assert alarm(kept, request(Log(entries), 40, 70)) is Alarm.REWRITTEN
    assert alarm(kept, request(Log(entries), 40, 40)) is Alarm.REWRITTEN
    assert alarm(kept, request(BIG, 20, 30)) is Alarm.SHRUNK
    assert alarm(kept, request(BIG, 39, 70)) is Alarm.OTHER_SIZE
    assert alarm(kept, request(BIG, 0, 70)) is Alarm.OTHER_SIZE
    other = LogSigner(SIGNER.name, b"\x09" * 32)
    assert alarm(kept, request(BIG, 40, 70, other)) is Alarm.NOT_SIGNED
    assert alarm(kept, "old 40\n") is Alarm.NOT_SIGNED


def test_a_witness_whose_own_memory_is_damaged_says_so_rather_than_starting_again():
    with pytest.raises(NotACheckpoint):
        witness("damaged", request(BIG, 0, 12), SIGNER.key, is_signed)


def test_an_attacker_with_the_signing_key_is_found_out_by_the_witness_alone():
    kept = seen(None, request(BIG, 0, 40)).note
    entries = [str(i).encode() for i in range(70)]
    entries[39] = b"another"
    forged = Log(entries)
    # Everything in reach of the attacker agrees with itself.
    head = read_checkpoint(request(forged, 0, 70).split("\n\n", 1)[1], SIGNER.key, is_signed)
    assert head.root == forged.root(70)
    assert alarm(kept, request(forged, 40, 70)) is Alarm.REWRITTEN
