"""What each of several blocks adds to a fit: Shapley shares, alone, last, complete dominance."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_BLOCKS = 8
# Squared lengths below this part of the largest are rounding, so their columns say nothing new.
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Dominance:
    """How one fit's value is shared between blocks.

    Attributes:
        names: The blocks.
        shares: Shapley value of each; they sum to ``total`` (LMG, general dominance).
        alone: Value of a model of that block only.
        last: What the value loses when that block is taken out of all of them.
        total: Value of the model of all blocks.
        complete: Pairs (a, b) where a adds at least as much as b to every set of the others, and
            more to some.
    """

    names: tuple[str, ...]
    shares: tuple[float, ...]
    alone: tuple[float, ...]
    last: tuple[float, ...]
    total: float
    complete: tuple[tuple[str, str], ...]


def shapley(values: Floats) -> Floats:
    """Shapley values of a game from the value of every coalition.

    Args:
        values: Shape (2^blocks, ...): place s holds the value of the blocks whose bits are set
            in s; further axes are games of their own, such as replicates.

    Returns:
        Shape (blocks, ...); they sum to ``values[-1] - values[0]``.

    Raises:
        ValueError: If the first axis is no power of two up to 2^8.

    Source:
        Shapley (1953); for variance explained Lindeman, Merenda and Gold (1980), and general
        dominance of Budescu (1993).

    Examples:
        >>> shapley(np.array([0.0, 4.0, 2.0, 7.0])).tolist()
        [4.5, 2.5]
    """
    blocks = _blocks_of(values)
    coalitions = np.arange(len(values))
    sizes = np.array([s.bit_count() for s in range(len(values))])
    shares = np.zeros((blocks, *values.shape[1:]))
    for b in range(blocks):
        without = coalitions[(coalitions >> b) & 1 == 0]
        for s in without:
            size = int(sizes[s])
            weight = factorial(size) * factorial(blocks - size - 1) / factorial(blocks)
            shares[b] += weight * (values[s | 1 << b] - values[s])
    return shares


def dominance(names: Sequence[str], values: Floats) -> Dominance:
    """Everything that the values of all coalitions say of their blocks.

    Args:
        names: One a block.
        values: Shape (2^blocks,), ``values[0]`` being the model of none.

    Raises:
        ValueError: If names and values do not fit together.
    """
    blocks = _blocks_of(values)
    if len(names) != blocks:
        raise ValueError(f"{len(names)} names for {blocks} blocks")
    shares, whole = shapley(values), len(values) - 1
    return Dominance(
        names=tuple(names),
        shares=tuple(shares.tolist()),
        alone=tuple(float(values[1 << b] - values[0]) for b in range(blocks)),
        last=tuple(float(values[whole] - values[whole ^ 1 << b]) for b in range(blocks)),
        total=float(values[whole] - values[0]),
        complete=tuple(
            (names[a], names[b])
            for a in range(blocks)
            for b in range(blocks)
            if a != b and _dominates(values, a, b)
        ),
    )


def _dominates(values: Floats, a: int, b: int) -> bool:
    """Whether a adds at least as much as b to every set that holds neither, and once more."""
    others = [s for s in range(len(values)) if not (s >> a & 1 or s >> b & 1)]
    ahead = np.array([values[s | 1 << a] - values[s | 1 << b] for s in others])
    slack = 1e-12 * max(1.0, float(np.abs(values).max()))
    return bool((ahead >= -slack).all() and (ahead > slack).any())


def _blocks_of(values: Floats) -> int:
    blocks = len(values).bit_length() - 1
    if len(values) != 1 << blocks or not 1 <= blocks <= MOST_BLOCKS:
        raise ValueError(
            f"one value for each set of 1 to {MOST_BLOCKS} blocks, got {len(values)} values"
        )
    return blocks


def columns_of(coalition: int, blocks: Sequence[Sequence[int]]) -> list[int]:
    """Columns of the blocks whose bits are set."""
    return [c for b, columns in enumerate(blocks) if coalition >> b & 1 for c in columns]


def linear_values(products: Floats, blocks: Sequence[Sequence[int]]) -> Floats:
    """Share of variance explained by every set of blocks, from centred sums of products.

    Columns that others already say are left out of a set, so equal blocks share their credit.

    Args:
        products: Shape (columns + 1, columns + 1): sums of products of deviations from the mean;
            the last row and column are the answer's.
        blocks: Columns of each block.

    Returns:
        R squared, shape (2^blocks,), in 0..1; all 0 for an answer that never varies.

    Examples:
        >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
        >>> table = np.column_stack([x, 2 * x[:, 0] + x[:, 1]])
        >>> linear_values(table.T @ table, [[0], [1]]).round(3).tolist()
        [0.0, 0.8, 0.2, 1.0]
    """
    whole = float(products[-1, -1])
    values = np.zeros(1 << len(blocks))
    if whole <= 0:
        return values
    lengths = np.sqrt(np.maximum(np.diag(products)[:-1], 0.0))
    lengths[lengths == 0] = 1.0
    scaled = products[:-1, :-1] / np.outer(lengths, lengths)
    answer = products[:-1, -1] / lengths
    for coalition in range(1, len(values)):
        kept = columns_of(coalition, blocks)
        roots, turns = np.linalg.eigh(scaled[np.ix_(kept, kept)])
        along = turns.T @ answer[kept]
        real = roots > SINGULAR * max(1.0, float(roots[-1]))
        values[coalition] = float((along[real] ** 2 / roots[real]).sum()) / whole
    return np.minimum(values, 1.0)


def centred_products(x: Floats, y: Floats) -> Floats:
    """Sums of products of deviations, the answer last.

    Args:
        x: Shape (rows, columns).
        y: Shape (rows,).
    """
    table = np.column_stack([x, y])
    table = table - table.mean(axis=0)
    return table.T @ table
