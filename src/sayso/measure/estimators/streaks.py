"""How many cases lie in long runs when the order is chance."""

from __future__ import annotations

import numpy as np


def expected_in_streaks(cases: int, taken: int, least: int) -> float:
    """Cases taken in runs of at least ``least``, on average over every order of the same cases.

    Args:
        cases: All cases of one person, 0 <= taken <= cases.
        taken: Those that were taken.
        least: Length from which a run counts, at least 1.

    Returns:
        Between 0 and ``taken``.

    Source:
        A run of at least r starts at the first place, or behind one not taken; the chance that
        given r places are all taken is C(n - r, k - r) / C(n, k) (Mood 1940).

    Examples:
        >>> expected_in_streaks(3, 2, 2)
        1.333
    """
    if taken < least:
        return 0.0
    if taken == cases:
        return float(taken)
    # Chance that r given places are all taken, r from 0 to least + 1.
    steps = np.arange(least + 1)
    chance = np.cumprod(np.maximum(taken - steps, 0) / np.maximum(cases - steps, 1))
    chance = np.concatenate([[1.0], chance])
    lengths = np.arange(1, least + 1)
    runs = chance[lengths] + (cases - lengths) * (chance[lengths] - chance[lengths + 1])
    # What lies in shorter runs is left out, so that no tail of long ones is ever summed.
    shorter = float(runs[:-1].sum() - (least - 1) * runs[-1])
    return float(min(taken, max(0.0, taken - shorter)))
