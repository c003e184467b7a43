"""Worth of things from who was preferred to whom: pairs, pairs with ties, and whole orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import CannotTell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

STEPS = 100
NEAR = 1e-12
# exp(15) to 1 is no preference that a round can show: somebody always won or never did.
FARTHEST = 15.0
SEPARATED = CannotTell(
    "Something here was always preferred, or never, so its worth has no bound.",
    "Leave it out, or ask for more comparisons with it.",
)


@dataclass(frozen=True, slots=True)
class Worth:
    """Logarithms of worth, and their errors.

    Attributes:
        values: Log worth of each thing; the first is 0.
        errors: Standard errors against the first, shape (things,).
        extra: Further coefficients: the order effect, or the logarithm of nu for ties.
    """

    values: Floats
    errors: Floats
    extra: tuple[float, ...] = ()

    @property
    def shares(self) -> Floats:
        """Worth as shares that sum to 1."""
        worth = np.exp(self.values - self.values.max())
        return worth / worth.sum()


def bradley_terry(
    first: Places, second: Places, wins: Floats, losses: Floats, *, order_effect: bool = False
) -> Worth | CannotTell:
    """Worth from pairs: P(i over j) = worth_i / (worth_i + worth_j).

    Args:
        first: The first thing of each pair, numbered from 0.
        second: The second, another one.
        wins: How often the first was preferred.
        losses: How often the second was.
        order_effect: Also estimate what coming first is worth (``extra[0]``), as of a home team.

    Source:
        Bradley and Terry (1952), Biometrika 39:324-345; order: Davidson and Beaver (1977).
    """
    things = int(max(first.max(), second.max())) + 1
    rows = np.arange(len(first))
    design = np.zeros((len(first), 2, things + order_effect))
    design[rows, 0, first] += 1
    design[rows, 1, second] += 1
    if order_effect:
        design[:, 0, things] = 1
    return _fit(design, np.column_stack([wins, losses]), things)


def davidson(
    first: Places, second: Places, wins: Floats, losses: Floats, ties: Floats
) -> Worth | CannotTell:
    """Worth from pairs that may tie: P(tie) goes with nu sqrt(worth_i worth_j).

    Args:
        first: The first thing of each pair, numbered from 0.
        second: The second, another one.
        wins: How often the first was preferred.
        losses: How often the second was.
        ties: How often neither was.

    Returns:
        Worth, with log nu in ``extra[0]``.

    Source:
        Davidson (1970), J. Am. Stat. Assoc. 65:317-328.
    """
    things = int(max(first.max(), second.max())) + 1
    rows = np.arange(len(first))
    design = np.zeros((len(first), 3, things + 1))
    design[rows, 0, first] += 1
    design[rows, 1, second] += 1
    design[rows, 2, first] += 0.5
    design[rows, 2, second] += 0.5
    design[:, 2, things] = 1
    return _fit(design, np.column_stack([wins, losses, ties]), things)


def plackett_luce(orders: Sequence[Sequence[int]]) -> Worth | CannotTell:
    """Worth from orders, each place chosen among those still left.

    Args:
        orders: Things of each order, the first place first, numbered from 0; not all need be in it.

    Source:
        Luce (1959); Plackett (1975), Appl. Stat. 24:193-202; Hunter (2004), Ann. Stat. 32:384-406.
    """
    things = max(max(order) for order in orders) + 1
    stages: list[Floats] = []
    for order in orders:
        for place in range(len(order) - 1):
            left = np.zeros((len(order) - place, things))
            left[np.arange(len(order) - place), list(order[place:])] = 1
            stages.append(left)
    return _fit_stages(stages, things)


def _fit(design: Floats, counts: Floats, things: int) -> Worth | CannotTell:
    """Maximum likelihood of a conditional logit by Newton's steps; the first thing is 0."""
    coefficients = np.zeros(design.shape[2])
    information = np.zeros((design.shape[2], design.shape[2]))
    total = counts.sum(1)
    for _ in range(STEPS):
        scores = design @ coefficients
        share = np.exp(scores - scores.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        gradient = np.einsum("oak,oa->k", design, counts - total[:, None] * share)
        mean = np.einsum("oak,oa->ok", design, share)
        second = np.einsum("oak,oal,oa->kl", design, design, share * total[:, None])
        information = second - (mean * total[:, None]).T @ mean
        move = _step(information, gradient)
        coefficients = coefficients + move
        if np.abs(coefficients).max() > FARTHEST:
            return SEPARATED
        if np.abs(move).max() < NEAR:
            break
    return _worth(coefficients, information, things)


def _fit_stages(stages: Sequence[Floats], things: int) -> Worth | CannotTell:
    """The same for stages with different numbers of alternatives, the first of each chosen."""
    coefficients = np.zeros(things)
    information = np.zeros((things, things))
    for _ in range(STEPS):
        gradient = np.zeros(things)
        information = np.zeros((things, things))
        for left in stages:
            share = np.exp(left @ coefficients)
            share /= share.sum()
            mean = left.T @ share
            gradient += left[0] - mean
            information += np.diag(mean) - np.outer(mean, mean)
        move = _step(information, gradient)
        coefficients = coefficients + move
        if np.abs(coefficients).max() > FARTHEST:
            return SEPARATED
        if np.abs(move).max() < NEAR:
            break
    return _worth(coefficients, information, things)


def _step(information: Floats, gradient: Floats) -> Floats:
    """A Newton step with the first worth held at 0, at most 2 long so that it cannot overshoot."""
    move = np.zeros(len(gradient))
    move[1:] = np.linalg.lstsq(information[1:, 1:], gradient[1:], rcond=None)[0]
    longest = float(np.abs(move).max())
    return move if longest <= 2 else move * (2 / longest)


def _worth(coefficients: Floats, information: Floats, things: int) -> Worth:
    errors = np.zeros(len(coefficients))
    covariance = np.linalg.pinv(information[1:, 1:])
    errors[1:] = np.sqrt(np.clip(np.diag(covariance), 0, None))
    extra = tuple(float(c) for c in coefficients[things:])
    return Worth(coefficients[:things], errors[:things], extra)
