"""How many people and cases a noise audit needs, by drawing tables and reading them as it would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Estimate, Population
from sayso.measure.estimators.twins import pairs_within, share_differing

if TYPE_CHECKING:
    from collections.abc import Sequence

PEOPLE = (5, 6, 8, 10, 12, 15, 20, 30)
CASES = (15, 20, 30, 40, 60, 80, 120)
DRAWS = 40
# How far people's general levels spread, in log odds: about what published audits found.
LEVEL = 0.4


@dataclass(frozen=True, slots=True)
class Reach:
    """What a noise audit of one size would tell.

    Attributes:
        people: How many decide.
        cases: How many cases each decides.
        reach: Half the width of the 95 % range of how often two people differ, on average.
    """

    people: int
    cases: int
    reach: float

    @property
    def answers(self) -> int:
        """Answers in all, without repeats."""
        return self.people * self.cases


def reach_of(people: int, cases: int, *, differ: float, seed: int) -> float:
    """How far the range of "two people differ" would reach either way.

    Args:
        people: At least 5.
        cases: Each decides them all.
        differ: How often two are expected to differ, in 0..0.5.
        seed: Of the draws.

    Raises:
        ValueError: If nothing could be read from so few.
    """
    draw = np.random.default_rng(seed)
    # Chances of yes follow a Beta(a, a), under which two differ in a / (2 a + 1) of all cases.
    shape = differ / (1 - 2 * differ) if differ < 0.499 else 250.0
    case, person = np.divmod(np.arange(people * cases), people)
    found: list[float] = []
    for _ in range(DRAWS):
        chance = np.clip(draw.beta(shape, shape, cases), 1e-9, 1 - 1e-9)
        odds = np.log(chance / (1 - chance))[case] + draw.normal(0, LEVEL, people)[person]
        chosen = (draw.random(case.size) < 1 / (1 + np.exp(-odds))).astype(np.intp)
        pairs = pairs_within(case, person, chosen, np.ones(case.size), deciders=people)
        loads = np.full(people, float(cases))
        got = share_differing(pairs, loads, population=Population.LIKE_THESE)
        if isinstance(got, Estimate):
            found.append((got.high - got.low) / 2)
    if len(found) < DRAWS / 2:
        raise ValueError(f"{people} people and {cases} cases are too few for a range")
    return float(np.mean(found))


def smallest(
    reach: float,
    *,
    differ: float,
    seed: int,
    people: Sequence[int] = PEOPLE,
    cases: Sequence[int] = CASES,
) -> tuple[Reach, ...]:
    """For each number of people the fewest cases that reach no further than wanted.

    Args:
        reach: Half the width wanted, as a share.
        differ: How often two are expected to differ, in 0..0.5.
        seed: Of the draws.
        people: Numbers of people to look at.
        cases: Numbers of cases to look at, rising.

    Returns:
        One for each number of people that can reach it, fewest answers first.
    """
    found: list[Reach] = []
    for p in people:
        for c in cases:
            try:
                got = reach_of(p, c, differ=differ, seed=seed)
            except ValueError:
                continue
            if got <= reach:
                found.append(Reach(p, c, got))
                break
    return tuple(sorted(found, key=lambda one: (one.answers, one.people)))
