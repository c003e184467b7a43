"""Two independent coins a case: is a first view asked for, and is the advice shown.

A coin is a keyed hash of the case, so that it can be tossed again by whoever holds the seed and
foreseen by nobody who does not. The seed's hash is on record before its first use; the seed itself
once it is out of use. There are no blocks: in a block the last coins can be told from the first.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.declare.charter import Mode
from sayso.record.strict_json import canonical

if TYPE_CHECKING:
    from sayso.declare.charter import Charter

SEED_BYTES = 32
_EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Seed:
    """A secret from which coins are tossed.

    Attributes:
        id: Its name in the record.
        value: 32 random bytes, secret while it is in use.
    """

    id: str
    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes, got {len(self.value)}")

    def __repr__(self) -> str:
        return f"Seed({self.id!r})"

    @property
    def commitment(self) -> str:
        """The hash that binds the seed without telling it."""
        return sha256(b"sayso/seed/v1\0" + self.value).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the two coins of a case say, with the chances they had.

    Attributes:
        ask: Whether a first view is asked for.
        show: Whether the advice is shown.
        excluded: Whether the owner's consent leaves this case out of the holdback.
    """

    ask: bool
    ask_probability: float
    show: bool
    show_probability: float
    excluded: bool
    seed: str


def toss(seed: Seed, decision: str, version: int, case: str, coin: str) -> float:
    """A number in [0, 1) that only the seed and the case decide.

    Args:
        seed: The seed in use.
        decision: The decision's slug.
        version: The charter's version.
        case: The case.
        coin: Which coin, ``ask`` or ``show``; each is independent of the other.
    """
    said = canonical([coin, decision, version, case])
    digest = hmac.digest(seed.value, b"sayso/coin/v1\0" + said, "sha256")
    return (int.from_bytes(digest[:8], "big") >> 11) / _EXACT


def may_seal(charter: Charter) -> bool:
    """Whether a first view may be asked for, or advice withheld, in any case of a charter.

    Where it may not, both coins are certain, and whoever gives advice knows beforehand that it is
    shown.
    """
    advice = charter.advice
    if advice is None:
        return False
    held_back = advice.consent is not None and advice.holdback > 0
    return held_back or advice.prior_sample > 0 or advice.mode is Mode.WATCH


def draw(seed: Seed, charter: Charter, case: str, *, excluded: bool) -> Drawn:
    """Toss both coins of a case.

    Args:
        seed: The seed in use.
        charter: The version in force.
        case: The case.
        excluded: Whether the consent's exception covers the case, or may cover it.

    Returns:
        Both coins. Advice is withheld at random only with the owner's consent in the charter, and
        never in an excluded case; in mode watch it is never shown before the choice.
    """
    advice = charter.advice
    ask_probability = 0.0 if advice is None else advice.prior_sample
    consented = advice is not None and advice.consent is not None
    show_probability = 1 - advice.holdback if advice is not None and consented else 1.0
    if excluded:
        show_probability = 1.0
    if advice is not None and advice.mode is Mode.WATCH:
        show_probability = 0.0
    ask, show = (
        toss(seed, charter.decision, charter.version, case, coin) for coin in ("ask", "show")
    )
    return Drawn(
        ask=ask < ask_probability,
        ask_probability=ask_probability,
        show=show < show_probability,
        show_probability=show_probability,
        excluded=excluded,
        seed=seed.id,
    )
