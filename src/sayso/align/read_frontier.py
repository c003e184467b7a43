"""The trade-offs that a round's people face: rules by the AI's stated chance, or by one input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.answers import weights_of
from sayso.align.consequence_reading import ConsequencesReading
from sayso.align.frontier import Frontier, frontier, threshold_rules
from sayso.align.read_round import weights_as_told
from sayso.domain.answer import CannotTell, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.align.round import Round, RoundAnswer

    Floats = NDArray[np.float64]

LEAST_KNOWN = 0.5
TWO_OPTIONS = CannotTell(
    "A rule with one line needs two options, and this decision has more.",
    "Look at two of its options at a time, in a charter of their own.",
)
NOTHING_TO_GO_BY = CannotTell(
    "Neither the AI's stated chance nor a number among the inputs is known, so no rule can be drawn.",
    "Name the column of the AI's stated chance under `source` as `advice_confidence`.",
)
OTHER_WEIGHTS = CannotTell(
    "What people were asked to weigh is not what the table has values of.",
    "Open a round about this version of the charter.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOff:
    """A family of rules on the map.

    Attributes:
        frontier: The map.
        by: What the rules go by: "" for the AI's stated chance, else an input.
        above: The option from the line up.
        below: The option below it.
    """

    frontier: Frontier
    by: str
    above: str
    below: str


def read_frontier(
    round_: Round, answers: Sequence[RoundAnswer], live: ConsequencesReading
) -> TradeOff | NotEnoughData | CannotTell:
    """What one rule with a line would trade off, over live cases.

    The rules go by the AI's stated chance where it is known in half of the cases, else by the
    number among the inputs that tells the two options apart best.

    Args:
        round_: The round, over and allowed to be shown.
        answers: All answers sent.
        live: What options would bring in live cases.
    """
    consequences = live.consequences
    names = [c.name for c in round_.considerations]
    wanted = [c.name for c in consequences.considerations]
    if live.lacks is not None:
        return live.lacks
    if not set(wanted) <= set(names):
        return OTHER_WEIGHTS
    if len(consequences.options) != 2:
        return TWO_OPTIONS
    told = [w for w in (weights_of(answer, round_) for answer in answers) if w is not None]
    places = [names.index(name) for name in wanted]
    weights = weights_as_told(np.array(told).reshape(-1, len(names)))[:, places]
    amounts, by, above = _what_to_go_by(live, weights)
    if amounts is None:
        return NOTHING_TO_GO_BY
    below = 1 - above
    rules = threshold_rules(amounts, above=above, below=below, missing=below)
    if isinstance(rules, CannotTell):
        return rules
    found = frontier(
        rules,
        live.extremes,
        consequences.considerations,
        weights,
        today=consequences.chosen,
        deciders=consequences.deciders,
    )
    if not isinstance(found, Frontier):
        return found
    options = consequences.options
    return TradeOff(frontier=found, by=by, above=options[above], below=options[below])


def _what_to_go_by(live: ConsequencesReading, weights: Floats) -> tuple[Floats | None, str, int]:
    """The amounts that rules go by, their name, and the option from the line up."""
    options = live.consequences.options
    if live.said_for in options and _known(live.said) >= LEAST_KNOWN:
        return live.said, "", options.index(live.said_for)
    expected = live.consequences.expected
    mean = weights.mean(0) if len(weights) else np.full(expected.shape[2], 1 / expected.shape[2])
    gain = (expected[:, 0] - expected[:, 1]) @ mean
    best, found = 0.0, (None, "", 0)
    for name, values in live.known.items():
        if values.dtype == object or _known(np.asarray(values, dtype=np.float64)) < LEAST_KNOWN:
            continue
        amounts = np.asarray(values, dtype=np.float64)
        kept = np.isfinite(amounts)
        if len(np.unique(amounts[kept])) < 3 or float(gain[kept].std()) == 0:
            continue
        together = float(np.corrcoef(amounts[kept], gain[kept])[0, 1])
        if abs(together) > best:
            best, found = abs(together), (amounts, name, 0 if together > 0 else 1)
    return found


def _known(amounts: Floats) -> float:
    return float(np.isfinite(amounts).mean()) if len(amounts) else 0.0
