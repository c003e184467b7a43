"""How often the same person answers the same case differently, and what people differ by beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.align.people_and_cases import (
    LEAST_PAIRS,
    LEAST_PEOPLE,
    added,
    pairs_share,
    share_estimate,
    value_estimate,
)
from sayso.align.round_reading import Wobble
from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Range
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.ranges import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

NO_REPEATS = CannotTell(
    "No case was asked twice, so people's own wobble cannot be told from disagreement.",
    "Repeat two of the cases in the next round.",
)


def wobble(
    first: Places, again: Places, *, told: tuple[Places, Places] | None = None
) -> Wobble | NotEnoughData | CannotTell:
    """Occasion noise from repeated cases, pooled over people, and disagreement beyond it.

    Args:
        first: Number of the option each person chose when first asked, -1 where they skipped it,
            shape (people, repeated cases).
        again: The same when asked again.
        told: Both as far as they may be told, for what differs between people; the same where None.

    Returns:
        Shares for people like these in these cases, refused under five people or ten repeats;
        CannotTell where nothing was repeated. Never a figure of one person.

    Source:
        MEASURES 1.8: two people with the same view and the same wobble differ as often as one
        person differs from themself.
    """
    if first.size == 0 or first.shape[1] == 0:
        return NO_REPEATS
    both = (first >= 0) & (again >= 0)
    asked, differ = both.sum(1).astype(float), (both & (first != again)).sum(1).astype(float)
    people, pairs = int((asked > 0).sum()), int(asked.sum())
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people who answered a case twice")
    if pairs < LEAST_PAIRS:
        return NotEnoughData(LEAST_PAIRS, pairs, "cases answered twice")
    counted, of = _between(*(told or (first, again)))
    return Wobble(
        share=_share(differ[asked > 0], asked[asked > 0]),
        between=pairs_share(counted, of),
        beyond=_beyond(counted, of, differ, asked),
        pairs=pairs,
        people=people,
    )


def _between(first: Places, again: Places) -> tuple[Floats, Floats]:
    """Times each pair differs across the two askings, and times both answered them."""
    one, other = first[:, None], again[None]
    given = (one >= 0) & (other >= 0)
    counted = (given & (one != other)).sum(2).astype(float)
    of = given.sum(2).astype(float)
    return counted + counted.T, of + of.T


def _share(differ: Floats, asked: Floats) -> Answer:
    """The pooled share: the wider of the range clustered by person and Wilson's."""
    value = float(differ.sum() / asked.sum())
    pairs, people = round(float(asked.sum())), len(asked)
    left = (differ.sum() - differ) / (asked.sum() - asked)
    unsure = added([(jackknife_error(left) ** 2, people - 1)])
    found = share_estimate(value, unsure, n=pairs, people=people, clusters=people)

    def widest(own: Range, level: float) -> Range:
        # A few repeats each: people who wobble alike leave the jackknife too narrow.
        least = wilson(float(differ.sum()), float(pairs), level=level)
        return Range(min(own.low, least.low), max(own.high, least.high))

    return Estimate(
        value=found.value,
        r95=widest(found.r95, 0.95),
        r90=widest(found.r90, 0.90),
        r50=widest(found.r50, 0.50),
        n=pairs,
        people=people,
        population=found.population,
    )


def _beyond(counted: Floats, of: Floats, differ: Floats, asked: Floats) -> Answer:
    """Between people minus within, in the same repeated cases."""
    everybody = len(asked)
    used = [p for p in range(everybody) if asked[p] > 0]

    def figure(kept: list[int]) -> float | None:
        some = np.ix_(kept, kept)
        whole = of[some].sum() - np.trace(of[some])
        within = asked[kept].sum()
        if whole <= 0 or within <= 0:
            return None
        between = (counted[some].sum() - np.trace(counted[some])) / whole
        return float(between - differ[kept].sum() / within)

    value = figure(used)
    left = [figure([p for p in used if p != out]) for out in used]
    known = [found for found in left if found is not None]
    if value is None or len(known) < len(used):
        return NotEnoughData(len(used) + 1, len(used), "people who can be compared")
    spread = jackknife_error(np.array(known)) ** 2
    some = np.ix_(used, used)
    whole = of[some].sum() - np.trace(of[some])
    mean = (counted[some].sum() - np.trace(counted[some])) / whole
    # What pairs vary by beyond their people; without it 3 against 3 would have no range at all.
    residual = (counted - mean * of)[some]
    own = float((residual**2).sum() - np.trace(residual**2)) / 2 / (whole / 2) ** 2
    share = differ.sum() / asked.sum()
    repeats = float(((differ - share * asked)[used] ** 2).sum()) / float(asked.sum()) ** 2
    unsure = added([(max(spread, repeats) + own, len(used) - 1)])
    return value_estimate(value, unsure, n=int(asked.sum()), people=len(used), low=-1.0, high=1.0)
