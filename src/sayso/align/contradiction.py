"""Where a person's comparisons in pairs contradict each other most, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.pairwise import SAATY, pairwise_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_COMPARED = max(SAATY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Three comparisons that do not hold together.

    Attributes:
        pair: The pair that is farthest from what all comparisons together say, numbered from 0,
            the lower number first.
        by: The third thing, through which the two others say something else.
        said: How many times as much the first of the pair matters, as said.
        follows: The same as it follows from the two other comparisons.
        ratio: Consistency ratio of all comparisons; above .10.
        says: The contradiction in a sentence.
    """

    pair: tuple[int, int]
    by: int
    said: float
    follows: float
    ratio: float
    says: str


def pair_places(things: int) -> tuple[tuple[int, int], ...]:
    """Pairs in the order asked: (0, 1), (0, 2), ..., (1, 2), ..."""
    return tuple(combinations(range(things), 2))


def ratio_matrix(ratios: Sequence[float | None], things: int) -> Floats | None:
    """Comparisons as a reciprocal matrix; None where one is missing or there are too many things.

    Args:
        ratios: How many times as much the first of each pair matters, > 0, in the order asked.
        things: How many are compared, 2 to 10.
    """
    places = pair_places(things)
    if not 2 <= things <= MOST_COMPARED or len(ratios) != len(places):
        return None
    matrix = np.ones((things, things))
    for (i, j), ratio in zip(places, ratios, strict=True):
        if ratio is None:
            return None
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    return matrix


def contradiction(ratios: Sequence[float | None], names: Sequence[str]) -> Contradiction | None:
    """What contradicts most; None where all holds together, or a comparison is missing.

    Args:
        ratios: As of ``ratio_matrix``.
        names: What is compared.

    Source:
        Saaty (1977) for the ratio; the pair is the one with the largest a_ij w_j / w_i, either way.

    Examples:
        >>> contradiction([3, 1 / 3, 3], ["A", "B", "C"]).says
        'You said A matters more than B, B more than C, and C more than A.'
        >>> contradiction([3, 9, 3], ["A", "B", "C"]) is None
        True
    """
    matrix = ratio_matrix(ratios, len(names))
    if matrix is None:
        return None
    fit = pairwise_weights(matrix)
    if fit.consistent:
        return None
    off = np.abs(np.log(matrix * fit.weights[None, :] / fit.weights[:, None]))
    i, j = max(pair_places(len(names)), key=lambda p: (round(float(off[p]), 9), -p[0], -p[1]))
    others = [k for k in range(len(names)) if k not in (i, j)]
    by = max(others, key=lambda k: abs(log(matrix[i, k] * matrix[k, j] / matrix[i, j])))
    said, follows = float(matrix[i, j]), float(matrix[i, by] * matrix[by, j])
    return Contradiction(
        pair=(i, j),
        by=by,
        said=said,
        follows=follows,
        ratio=fit.ratio,
        says=_sentence(matrix, (i, j, by), names),
    )


def _sentence(matrix: Floats, places: tuple[int, int, int], names: Sequence[str]) -> str:
    i, j, by = places
    one, other, third = names[i], names[j], names[by]
    if matrix[i, j] > 1 and matrix[j, by] > 1 and matrix[by, i] > 1:
        return _circle(one, other, third)
    if matrix[i, j] < 1 and matrix[j, by] < 1 and matrix[by, i] < 1:
        return _circle(other, one, third)
    first = _compared(one, third, float(matrix[i, by]))
    second = _compared(third, other, float(matrix[by, j]))
    follows = _compared(one, other, float(matrix[i, by] * matrix[by, j]))
    said = _compared(one, other, float(matrix[i, j]))
    return f"You said {first}, and {second}. So {follows}; but you said {said}."


def _circle(one: str, other: str, third: str) -> str:
    return f"You said {one} matters more than {other}, {other} more than {third}, and {third} more than {one}."


def _compared(one: str, other: str, ratio: float) -> str:
    """One comparison, the weightier named first."""
    if ratio < 1:
        one, other, ratio = other, one, 1 / ratio
    if ratio < sqrt(1.1):
        return f"{one} matters as much as {other}"
    return f"{one} matters {round(ratio, 1):g} times as much as {other}"
