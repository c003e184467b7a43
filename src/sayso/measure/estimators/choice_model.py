"""Logistic models of a choice for every set of blocks, whole and with people left out.

One fit for each set; what leaving out a group of deciders does to it follows from one Newton step
and the groups' own sums, so that ranges cost no further fits. A weak pull towards 0 keeps
coefficients finite where a signal tells the choice exactly; it moves a log-likelihood of
thousands by less than its sixth figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.measure.estimators.dominance import columns_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

STEPS = 60
CLOSE = 1e-9
PULL = 1e-4
# Odds of eight thousand to one: hardly anything but a signal that tells the choice exactly.
EXACT = 9.0


@dataclass(frozen=True, slots=True)
class Values:
    """Values of every set of blocks; column 0 is whole, column g + 1 leaves out group g.

    With one group only there is nothing left to leave out, and column 0 stands alone.

    Attributes:
        fit: Log-likelihood, shape (2^blocks, 1 + groups).
        tjur: Mean fitted chance where the choice was made, less where it was not; same shape.
        exact: Whether some signal tells the choice exactly, so that its odds have no end.
    """

    fit: Floats
    tjur: Floats
    exact: bool

    def mcfadden(self) -> Floats:
        """1 less the log-likelihood over that of the model of none, same shape.

        NaN in a replicate that leaves no choice to tell.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            return 1 - self.fit / self.fit[0]


@dataclass(frozen=True, slots=True)
class Design:
    """Rows for one yes-or-no choice.

    Attributes:
        x: Shape (rows, columns), no constant column, each of comparable size.
        y: 1 where the choice was made, shape (rows,).
        blocks: Columns of each block.
        group: Group of deciders that a replicate leaves out, as a number from 0, shape (rows,).
        fold: Part of the rows that is held out together; all 0 to judge a fit by its own rows.
    """

    x: Floats
    y: Floats
    blocks: tuple[tuple[int, ...], ...]
    group: Places
    fold: Places


def standardised(x: Floats) -> Floats:
    """Columns with mean 0 and standard deviation 1; those that never vary become 0."""
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def fit_logit(x: Floats, y: Floats, start: Floats | None = None) -> Floats:
    """Coefficients of a logistic model, the first column being constant.

    Args:
        x: Shape (rows, columns), standardised but for the first column of ones.
        y: 0 or 1, shape (rows,).
        start: Where to begin.

    Returns:
        Shape (columns,); finite also where a column tells the choice exactly or repeats another.

    Source:
        Newton's method with halved steps; the pull is a normal prior of standard deviation 100.
    """
    beta = np.zeros(x.shape[1]) if start is None else start.copy()
    pull = np.full(x.shape[1], PULL)
    pull[0] = PULL / 100
    reached = _objective(x, y, beta, pull)
    for _ in range(STEPS):
        chance = _chance(x @ beta)
        score = x.T @ (y - chance) - pull * beta
        information = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(pull)
        step = np.linalg.solve(information, score)
        size = 1.0
        tried = _objective(x, y, beta + step, pull)
        while size > 1e-6 and tried < reached - 1e-12 * abs(reached):
            size /= 2
            tried = _objective(x, y, beta + size * step, pull)
        beta = beta + size * step
        gained, reached = tried - reached, tried
        if abs(gained) <= CLOSE * (1 + abs(reached)) and float(np.abs(size * step).max()) < 1e-3:
            break
    return beta


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -35, 35))), dtype=np.float64)


def _objective(x: Floats, y: Floats, beta: Floats, pull: Floats) -> float:
    odds = x @ beta
    return float(y @ odds - np.logaddexp(0, odds).sum() - (pull * beta**2).sum() / 2)


def coefficients(design: Design, kept: tuple[int, ...]) -> tuple[Floats, Floats]:
    """The fit of some blocks to all rows, whole and without each group.

    Args:
        design: The rows.
        kept: Blocks of the model.

    Returns:
        The columns with a constant first, shape (rows, 1 + columns), and the coefficients, shape
        (1 + groups, 1 + columns).
    """
    order = np.argsort(design.group, kind="stable")
    columns = [c for b in kept for c in design.blocks[b]]
    x = np.column_stack([np.ones(len(design.y)), standardised(design.x[:, columns])])
    groups = int(design.group.max()) + 1
    starts = np.searchsorted(design.group[order], np.arange(groups))
    beta = fit_logit(x, design.y)
    steps = _Sums(x[order], design.y[order], beta, starts).steps(np.ones(len(design.y)))
    return x, beta + steps


def all_values(design: Design) -> Values:
    """Log-likelihood and Tjur's difference of every set of blocks.

    With more than one fold each row is judged by a fit that has not seen it, so that many columns
    or many deciders earn nothing by fitting chance.

    Args:
        design: The rows; sorted or not.

    Source:
        McFadden (1974); Tjur (2009), Am. Stat. 63:366-372; Azen and Traxel (2009) for their use
        in dominance analysis. Replicates: Efron and Stein (1981), one step as in Pregibon (1981).
    """
    order = np.argsort(design.group, kind="stable")
    x = np.column_stack([np.ones(len(order)), standardised(design.x)])[order]
    y, fold = design.y[order], design.fold[order]
    groups = int(design.group.max()) + 1
    starts = np.searchsorted(design.group[order], np.arange(groups))
    folds = np.unique(fold)
    count = 1 << len(design.blocks)
    fit, tjur = np.zeros((count, groups + 1)), np.zeros((count, groups + 1))
    exact = False
    ones = _left_out(y, starts)
    zeros = _left_out(1 - y, starts)
    for coalition in range(count):
        kept = [0, *(c + 1 for c in columns_of(coalition, design.blocks))]
        part = np.ascontiguousarray(x[:, kept])
        start: Floats | None = None
        above, below = np.zeros(groups + 1), np.zeros(groups + 1)
        for f in folds:
            held = fold == f
            seen = held if len(folds) == 1 else ~held
            start = beta = fit_logit(part[seen], y[seen], start)
            exact = exact or float(np.abs(part[seen] @ beta).max()) > EXACT
            sums = _Sums(part, y, beta, starts)
            step = sums.steps(seen.astype(np.float64))
            fit[coalition] += sums.fit(held.astype(np.float64), step)
            above += sums.chance(held * y, step)
            below += sums.chance(held * (1 - y), step)
        with np.errstate(divide="ignore", invalid="ignore"):
            tjur[coalition] = above / ones - below / zeros
    kept_groups = slice(None) if groups > 1 else slice(1)
    return Values(fit[:, kept_groups], (tjur - tjur[0])[:, kept_groups], exact)


def _left_out(values: Floats, starts: Places) -> Floats:
    """The sum of all rows, then of all but each group's; rows sorted by group."""
    own = np.add.reduceat(values, starts, axis=0)
    whole = own.sum(axis=0)
    return np.concatenate([whole[None], whole - own])


class _Sums:
    """Sums by group at one set of coefficients, from which every replicate follows."""

    def __init__(self, x: Floats, y: Floats, beta: Floats, starts: Places) -> None:
        self._x, self._y, self._beta, self._starts = x, y, beta, starts
        self._odds = x @ beta
        self._fit = _chance(self._odds)
        self._spread = self._fit * (1 - self._fit)

    def _squares(self, weight: Floats) -> Floats:
        """Sums of w x x' without each group, shape (1 + groups, columns, columns)."""
        ends = [*self._starts[1:].tolist(), len(weight)]
        own = np.stack(
            [
                (self._x[a:b] * weight[a:b, None]).T @ self._x[a:b]
                for a, b in zip(self._starts.tolist(), ends, strict=True)
            ]
        )
        whole = own.sum(axis=0)
        return np.concatenate([whole[None], whole - own])

    def steps(self, seen: Floats) -> Floats:
        """How far the coefficients move when a group is left out, shape (1 + groups, columns)."""
        pull = np.full(self._x.shape[1], PULL)
        pull[0] = PULL / 100
        score = _left_out(self._x * (seen * (self._y - self._fit))[:, None], self._starts)
        information = self._squares(seen * self._spread) + np.diag(pull)
        moved: Floats = np.linalg.solve(information, (score - pull * self._beta)[:, :, None])[
            :, :, 0
        ].astype(np.float64)
        # One step from afar would overshoot where a group held nearly all that told a signal.
        np.clip(moved, -1.0, 1.0, out=moved)
        moved[0] = 0.0
        return moved

    def fit(self, held: Floats, step: Floats) -> Floats:
        """Log-likelihood of the held rows without each group, to second order in the step."""
        own = held * (self._y * self._odds - np.logaddexp(0, self._odds))
        score = _left_out(self._x * (held * (self._y - self._fit))[:, None], self._starts)
        bend = self._squares(held * self._spread)
        curved = np.einsum("gi,gij,gj->g", step, bend, step)
        return _left_out(own, self._starts) + np.sum(score * step, axis=1) - 0.5 * curved

    def chance(self, held: Floats, step: Floats) -> Floats:
        """Sum of fitted chances of the held rows without each group, to first order."""
        slope = _left_out(self._x * (held * self._spread)[:, None], self._starts)
        return _left_out(held * self._fit, self._starts) + np.sum(slope * step, axis=1)
