"""Do people read a case differently, or want something different?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.flips import best_options
from sayso.align.people_and_cases import LEAST_PAIRS, pairs_people, pairs_share
from sayso.align.round_reading import Differing
from sayso.domain.answer import Answer, CannotTell, NotEnoughData

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Flags = NDArray[np.bool_]

NO_BELIEFS = CannotTell(
    "Nobody was asked what they believe would happen, so reading a case differently looks the "
    "same as wanting something different.",
    "Ask in the next round how often it would happen in 100 cases like each one.",
)
NO_VALUES = CannotTell(
    "What each option would bring under each outcome is not declared, so choices cannot be held "
    "against what people believe and want.",
    "Write each objective's `measure` as an expression that names `choice`.",
)
NO_WEIGHTS = CannotTell(
    "Nobody said what matters and how much, so wanting something different cannot be seen.",
    "Ask for points of 100 in the next round.",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of people by why they chose differently, each shape (people, people), symmetric.

    Attributes:
        answered: Times both chose.
        apart: Times they chose differently.
        told: Those of ``apart`` in which both said what they believe and want.
        reading: Those of ``told`` that only the other's beliefs would settle.
        wanting: Those that only the other's weights would.
        either: Those that either would.
        both: Those that only both would.
        unfollowed: Those in which somebody's choice does not follow from what they said.
        cases: Cases in ``told``.
    """

    answered: Floats
    apart: Floats
    told: Floats
    reading: Floats
    wanting: Floats
    either: Floats
    both: Floats
    unfollowed: Floats
    cases: int


def differing(
    choices: Places,
    values: Floats | None,
    beliefs: Floats | None,
    weights: Floats,
    *,
    lacks: CannotTell | None = None,
) -> Differing | NotEnoughData:
    """Why two people answer the same case differently, over all pairs of people.

    Args:
        choices: Number of the option each person chose in each case, -1 where they skipped it,
            shape (people, cases).
        values: Value of each option under each state on each consideration, 0..1, shape (cases,
            options, states, considerations); None where nobody says.
        beliefs: How likely each state is to each person in each case, NaN where they were not
            asked or skipped it, shape (people, cases, states); None where nobody was asked.
        weights: Each person's weights, NaN where they gave none, shape (people, considerations).
        lacks: Why the split cannot be told, where the caller knows better.

    Returns:
        Shares of the times two people chose differently, each with its range over people like
        these in these cases, or why there is none; NotEnoughData under two people.
    """
    people = len(choices)
    if people < 2:
        return NotEnoughData(2, people, "people")
    found = compare(choices, values, beliefs, weights)
    missing = lacks or _missing(values, beliefs, weights)

    def share(counted: Floats) -> Answer:
        return missing or pairs_share(counted, found.told)

    return Differing(
        differently=pairs_share(found.apart, found.answered, least=LEAST_PAIRS),
        reading=share(found.reading),
        wanting=share(found.wanting),
        either=share(found.either),
        both=share(found.both),
        unfollowed=share(found.unfollowed),
        pairs=round(float(found.told.sum()) / 2),
        cases=found.cases,
        people=pairs_people(found.answered if missing else found.told),
    )


def _missing(values: Floats | None, beliefs: Floats | None, weights: Floats) -> CannotTell | None:
    if values is None:
        return NO_VALUES
    if beliefs is None or not np.isfinite(beliefs.sum(-1)).any():
        return NO_BELIEFS
    return None if np.isfinite(weights.sum(-1)).any() else NO_WEIGHTS


def compare(
    choices: Places, values: Floats | None, beliefs: Floats | None, weights: Floats
) -> Compared:
    """Sort the times that two people chose differently by what would settle them.

    Beliefs would settle one where either of the two, with the other's beliefs and their own
    weights, would do well to choose as the other did; weights likewise. With two options, one of
    the two always would if both choices follow from what was said.

    Args:
        choices: As of ``differing``.
        values: As of ``differing``.
        beliefs: As of ``differing``.
        weights: As of ``differing``.
    """
    given = np.greater_equal(choices, 0)
    two = given[:, None] & given[None]
    apart = two & (choices[:, None] != choices[None])
    for place in range(len(choices)):
        two[place, place] = apart[place, place] = False
    nothing = np.zeros(apart.shape[:2])
    if values is None or beliefs is None:
        sums = (two.sum(2).astype(float), apart.sum(2).astype(float))
        return Compared(*sums, *([nothing] * 6), cases=0)
    said = np.isfinite(beliefs.sum(-1)) & np.isfinite(weights.sum(-1))[:, None]
    told = apart & said[:, None] & said[None]
    # best[i, j, c]: which options are best by the weights of i and the beliefs of j.
    utility = np.einsum("cosk,ik->icos", values, np.nan_to_num(weights))
    best = best_options(np.einsum("icos,jcs->ijco", utility, np.nan_to_num(beliefs)))
    chosen = np.maximum(choices, 0)
    people, cases = choices.shape
    here = np.arange(cases)
    follows = np.zeros(choices.shape, dtype=np.bool_)
    by_beliefs = np.zeros(apart.shape, dtype=np.bool_)
    by_weights = np.zeros(apart.shape, dtype=np.bool_)
    for other in range(people):
        as_other = chosen[other]
        follows[other] = best[other, other][here, as_other]
        by_beliefs[:, other] = best[:, other][:, here, as_other]
        by_weights[:, other] = best[other][:, here, as_other]
    follow = follows[:, None] & follows[None]
    beliefs_do = by_beliefs | by_beliefs.transpose(1, 0, 2)
    weights_do = by_weights | by_weights.transpose(1, 0, 2)

    def count(kind: Flags) -> Floats:
        return (told & kind).sum(2).astype(float)

    return Compared(
        answered=two.sum(2).astype(float),
        apart=apart.sum(2).astype(float),
        told=told.sum(2).astype(float),
        reading=count(follow & beliefs_do & ~weights_do),
        wanting=count(follow & weights_do & ~beliefs_do),
        either=count(follow & beliefs_do & weights_do),
        both=count(follow & ~beliefs_do & ~weights_do),
        unfollowed=count(~follow),
        cases=int(told.any((0, 1)).sum()),
    )
