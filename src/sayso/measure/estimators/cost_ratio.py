"""At which cost of a mistake would most choices turn, going by stated chances?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, Population, Range
from sayso.measure.estimators.jackknife import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 200
# How far from the declared ratio a turning point is looked for, and in how fine steps.
FARTHEST, LOOKS = 10.0, 120


@dataclass(frozen=True, slots=True)
class Turning:
    """How choices hang on what a mistake costs.

    Attributes:
        between: Share of cases whose cheaper answer is not the same at half the ratio as at twice.
        half: Nearest ratio at which half of all cases would be answered otherwise; None where no
            ratio within ten times the declared one, up or down, does that.
    """

    between: Answer
    half: Answer | None


def turning(chances: Floats, ratio: float, *, population: Population) -> Turning:
    """Where the cheaper answer turns, going by stated chances.

    With chance q that the first answer is right, choosing it costs (1 - q) times the cost of its
    mistake, and not choosing it q times the cost of the other's. It is the cheaper one where q is
    above t = r / (1 + r), r being the cost of a wrong first answer in wrong second ones.

    Args:
        chances: Cases by decider and step of the chance that the first answer is right, shape
            (deciders, 200).
        ratio: The declared r, > 0.
        population: Of whom it speaks.

    Returns:
        Ranges clustered by decider; that of the turning point holds every ratio at which a half
        cannot be ruled out (Woodruff 1952, J. Am. Stat. Assoc. 47:635-646).

    Raises:
        ValueError: If the ratio is not positive and finite.

    Source:
        Elkan (2001), The foundations of cost-sensitive learning, IJCAI.
    """
    if not 0 < ratio < float("inf"):
        raise ValueError(f"a ratio of costs lies above 0, got {ratio}")
    cases = chances.sum(axis=1)
    moved = _under(chances, _edge(2 * ratio)) - _under(chances, _edge(ratio / 2))
    return Turning(
        between=share(moved, cases, population=population),
        half=_half(chances, ratio, population),
    )


def _edge(ratio: float) -> float:
    return ratio / (1 + ratio)


def _under(chances: Floats, edge: float) -> Floats:
    """Cases of each decider with a chance below an edge; spread evenly within a step."""
    at = edge * STEPS
    step = min(int(at), STEPS - 1)
    return chances[:, :step].sum(axis=1) + (at - step) * chances[:, step]


def _half(chances: Floats, ratio: float, population: Population) -> Answer | None:
    """The nearest ratio, up or down, at which half of all cases turn."""
    cases = chances.sum(axis=1)
    whole, declared = float(cases.sum()), _under(chances, _edge(ratio))
    step = FARTHEST ** (1 / LOOKS)
    found: Answer | None = None
    for sign in (1, -1):
        ratios = [ratio * step ** (sign * i) for i in range(1, LOOKS + 1)]
        moved = [np.abs(_under(chances, _edge(r)) - declared) for r in ratios]
        first = next((i for i, m in enumerate(moved) if 2 * float(m.sum()) >= whole > 0), None)
        if first is None:
            continue
        answers = [share(m, cases, population=population) for m in moved]
        at = _turning_point(ratios, answers, first, step)
        if not isinstance(found, Estimate) or _nearer(at, found, ratio):
            found = at
    return found


def _nearer(one: Answer, other: Estimate, ratio: float) -> bool:
    def away(value: float) -> float:
        return max(value / ratio, ratio / value)

    return isinstance(one, Estimate) and away(one.value) < away(other.value)


def _turning_point(
    ratios: list[float], answers: Sequence[Answer], first: int, step: float
) -> Answer:
    """The ratio at which half turn, with every ratio at which a half cannot be ruled out."""
    point = answers[first]
    if not isinstance(point, Estimate):
        return point

    def ends(name: str) -> Range:
        held = [ratios[first] / step, ratios[first] * step]
        for at, answer in zip(ratios, answers, strict=True):
            if isinstance(answer, Estimate) and getattr(answer, name).contains(0.5):
                held.append(at)
        return Range(min(held), max(held))

    return Estimate(
        value=ratios[first],
        r95=ends("r95"),
        r90=ends("r90"),
        r50=ends("r50"),
        n=point.n,
        people=point.people,
        population=point.population,
    )
