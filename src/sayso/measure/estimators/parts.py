"""Variance in parts: what goes with each grouping of the rows, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

Method = Literal["reml", "moments"]


@dataclass(frozen=True, slots=True)
class Part:
    """One variance, in the answer's unit squared.

    Attributes:
        variance: At least 0.
        raw: The same before a negative value became 0; below 0 it says how far.
        error: Standard error.
    """

    variance: float
    raw: float
    error: float


@dataclass(frozen=True, slots=True)
class Parts:
    """Variance by grouping.

    Attributes:
        groupings: One part a grouping, in the order given.
        rest: What no grouping holds.
        mean: The mean answer.
        method: How they were found: "reml" is exact, "moments" from sums.
    """

    groupings: tuple[Part, ...]
    rest: Part
    mean: float
    method: Method


@dataclass(frozen=True, slots=True)
class Sums:
    """Answers as sums: one entry a row, or one for rows that share all groupings.

    Attributes:
        n: Answers, shape (rows,), > 0.
        mean: Their mean.
        m2: Sum of squares around that mean, >= 0; carried so that nothing cancels.
    """

    n: Floats
    mean: Floats
    m2: Floats

    def where(self, keep: NDArray[np.bool_]) -> Sums:
        """The entries for which keep is true."""
        return Sums(self.n[keep], self.mean[keep], self.m2[keep])


def one_a_row(answers: Floats) -> Sums:
    """Sums of single answers, shape (rows,)."""
    return Sums(
        np.ones(len(answers)), np.asarray(answers, dtype=np.float64), np.zeros(len(answers))
    )


def compact(places: Places) -> Places:
    """Places from 0 without holes, in the same order."""
    places = np.asarray(places)
    highest = int(places.max())
    if highest > 4 * len(places):
        return np.unique(places, return_inverse=True)[1].astype(np.intp)
    # Counting is an order faster than sorting where places are dense, as they nearly always are.
    there = np.bincount(places, minlength=highest + 1) > 0
    return (np.cumsum(there) - 1)[places].astype(np.intp)


def crossing(one: Places, other: Places) -> Places:
    """Places of the pairs of two groupings."""
    return compact(one.astype(np.int64) * (int(other.max()) + 1) + other)
