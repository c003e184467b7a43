"""Policies captured from choices: weights of inputs, how people differ in them, and the lens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import NotEnoughData

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

CASES_A_CUE = 10
LEAST_PEOPLE = 5
STEPS = 100


def linear_policy(x: Floats, y: Floats) -> Floats:
    """Constant and weights of a linear policy by least squares; for yes or no, chances.

    Args:
        x: Inputs, shape (rows, inputs).
        y: Choices, shape (rows,).

    Returns:
        Shape (1 + inputs,); of weights that repeat each other the smallest ones.
    """
    table = np.column_stack([np.ones(len(y)), x])
    return np.linalg.lstsq(table, y, rcond=None)[0].astype(np.float64)


def probit_policy(x: Floats, y: Floats) -> Floats:
    """Constant and weights of a probit policy by maximum likelihood.

    Args:
        x: Inputs, shape (rows, inputs).
        y: 0 or 1, shape (rows,).

    Source:
        Fisher scoring; checked against Stock and Watson, Introduction to Econometrics, chapter 11.
    """
    table = np.column_stack([np.ones(len(y)), x])
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        line = table @ weights
        chance = np.clip(special.ndtr(line), 1e-12, 1 - 1e-12)
        density = np.exp(-(line**2) / 2) / np.sqrt(2 * np.pi)
        score = table.T @ (density * (y - chance) / (chance * (1 - chance)))
        information = (table * (density**2 / (chance * (1 - chance)))[:, None]).T @ table
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        weights = weights + np.clip(step, -1, 1)
        if float(np.abs(step).max()) < 1e-12:
            break
    return weights


@dataclass(frozen=True, slots=True)
class Lens:
    """How judgments and what came out hang together through the same inputs.

    Attributes:
        achievement: Correlation of judgment and outcome, r_a.
        world: Multiple correlation of the outcome with the inputs, R_e.
        consistency: Multiple correlation of the judgment with the inputs, R_s.
        knowledge: Correlation of the two fits, G.
        unmodelled: Correlation of the two remainders, C.
    """

    achievement: float
    world: float
    consistency: float
    knowledge: float
    unmodelled: float

    @property
    def model(self) -> float:
        """What the model of the judgments achieves: G R_e."""
        return self.knowledge * self.world

    @property
    def remainder(self) -> float:
        """What the lens equation leaves of r_a; rounding only, as it is exact for least squares."""
        noise = (1 - self.world**2) ** 0.5 * (1 - self.consistency**2) ** 0.5
        return self.achievement - (
            self.knowledge * self.world * self.consistency + self.unmodelled * noise
        )


def lens(products: Floats) -> Lens | None:
    """The lens equation from sums of products of deviations.

    Args:
        products: Shape (inputs + 2, inputs + 2): inputs, then the judgment, then the outcome.

    Returns:
        Its five parts; None where judgment or outcome never vary, or the inputs say nothing.

    Source:
        Hursch, Hammond and Hursch (1964); Tucker (1964), Psychol. Rev. 71:528-530.
    """
    scale = np.sqrt(np.maximum(np.diag(products), 0.0))
    if scale[-1] <= 0 or scale[-2] <= 0:
        return None
    scale[scale == 0] = 1.0
    even = products / np.outer(scale, scale)
    roots, turns = np.linalg.eigh(even[:-2, :-2])
    real = roots > 1e-10 * max(1.0, float(roots[-1]) if len(roots) else 1.0)
    along = (turns.T @ even[:-2, -2:])[real] / np.sqrt(roots[real])[:, None]
    fits = along.T @ along
    rests = even[-2:, -2:] - fits
    judged, came = float(fits[0, 0]), float(fits[1, 1])
    if min(judged, came) <= 1e-12:
        return None
    left = float(np.sqrt(max(0.0, rests[0, 0]) * max(0.0, rests[1, 1])))
    return Lens(
        achievement=float(even[-2, -1]),
        world=min(1.0, came) ** 0.5,
        consistency=min(1.0, judged) ** 0.5,
        knowledge=float(fits[0, 1]) / (judged * came) ** 0.5,
        unmodelled=float(rests[0, 1]) / left if left > 1e-12 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Pooled:
    """Weights of people like these, and how they differ; no one person's weights.

    Attributes:
        mean: Average weight of each input, shape (inputs,).
        between: Covariance of people's weights, sampling noise taken out, shape (inputs, inputs);
            directions that come out negative are 0.
        raw: Its diagonal before that, which may be negative.
        people: How many had enough cases.
        policy: Variance that different weights bring to the same cases, in the answer's unit
            squared: trace of M times ``between``, M the mean square of the inputs.
    """

    mean: Floats
    between: Floats
    raw: Floats
    people: int
    policy: float


@dataclass(frozen=True, slots=True)
class Policies:
    """One policy for each person with enough cases; never shown, only pooled.

    Attributes:
        weights: Shape (people, inputs).
        inverses: Inverse of each one's squares of deviations, shape (people, inputs, inputs).
        rests: Sum of squares each one's policy leaves, shape (people,).
        freedom: Its degrees of freedom, shape (people,).
        of: Which people they are, shape (people,).
        squares: Mean square of the inputs over all cases, shape (inputs, inputs).
        need: Cases that a person needed.
    """

    weights: Floats
    inverses: Floats
    rests: Floats
    freedom: Floats
    of: Places
    squares: Floats
    need: int


def policies(x: Floats, y: Floats, people: Places) -> Policies:
    """A policy for each person with ten cases an input; levels of people are taken out first.

    Args:
        x: Inputs, shape (rows, inputs), of comparable size.
        y: Choices, shape (rows,).
        people: Decider of each row, as a number from 0.
    """
    inputs = x.shape[1]
    need = CASES_A_CUE * inputs
    order = np.argsort(people, kind="stable")
    counts = np.bincount(people)
    ends = np.cumsum(counts)
    found: list[tuple[Floats, Floats, float, float, int]] = []
    for who in np.flatnonzero(counts >= need).tolist():
        own = order[ends[who] - counts[who] : ends[who]]
        deviations = x[own] - x[own].mean(axis=0)
        moved = y[own] - y[own].mean()
        squares = deviations.T @ deviations
        if np.linalg.cond(squares) > 1e8:
            continue
        inverse = np.linalg.inv(squares)
        weights = inverse @ (deviations.T @ moved)
        rest = float(((moved - deviations @ weights) ** 2).sum())
        found.append((weights, inverse, rest, float(len(own) - 1 - inputs), who))
    deviations = x - x.mean(axis=0)
    return Policies(
        weights=np.array([f[0] for f in found]).reshape(-1, inputs),
        inverses=np.array([f[1] for f in found]).reshape(-1, inputs, inputs),
        rests=np.array([f[2] for f in found]),
        freedom=np.array([f[3] for f in found]),
        of=np.array([f[4] for f in found], dtype=np.intp),
        squares=deviations.T @ deviations / max(1, len(x)),
        need=need,
    )


def pooled(of: Policies, kept: NDArray[np.bool_] | None = None) -> Pooled | NotEnoughData:
    """Average weights and their spread between people, by moments.

    People's weights differ by chance too; what is left of their spread once their sampling
    covariance is taken out is disagreement.

    Args:
        of: Everybody's policies.
        kept: Which of them to pool, shape (people,); None for all.

    Returns:
        What is pooled, or that too few people have ten cases for each input.

    Source:
        Swamy (1970), Econometrica 38:311-323; RULINGS 17.
    """
    if kept is None:
        kept = np.ones(len(of.of), dtype=bool)
    people = int(kept.sum())
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, f"people with {of.need} cases")
    weights = of.weights[kept]
    inputs = weights.shape[1]
    noise = float(of.rests[kept].sum()) / max(1.0, float(of.freedom[kept].sum()))
    spread = np.cov(weights, rowvar=False).reshape(inputs, inputs)
    spread = spread - noise * of.inverses[kept].mean(axis=0)
    roots, turns = np.linalg.eigh(spread)
    between = (turns * np.maximum(roots, 0.0)) @ turns.T
    return Pooled(
        mean=weights.mean(axis=0),
        between=between,
        raw=np.diag(spread).copy(),
        people=people,
        policy=float(np.trace(of.squares @ between)),
    )


def drawn_in(of: Policies, whole: Pooled) -> Floats:
    """Each one's weights drawn to the average by how little their own cases say.

    For judging how well captured policies predict; no one's weights may be shown.

    Returns:
        Shape (people, inputs).

    Source:
        Efron and Morris (1975); best linear prediction of random slopes.
    """
    noise = float(of.rests.sum()) / max(1.0, float(of.freedom.sum()))
    shares = whole.between @ np.linalg.pinv(whole.between + noise * of.inverses)
    apart = of.weights - whole.mean
    return whole.mean + np.einsum("pij,pj->pi", shares, apart)


def group_products(table: Floats, group: Places) -> Floats:
    """Sums of products of deviations, whole and without each group.

    Args:
        table: Columns of comparable size, shape (rows, columns).
        group: Of each row, as a number from 0.

    Returns:
        Shape (1 + groups, columns, columns).
    """
    # Deviations from the mean of all first, so that nothing large cancels below.
    table = table - table.mean(axis=0)
    full = np.column_stack([np.ones(len(table)), table])
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))
    own = np.stack(
        [part.T @ part for part in np.split(full[order], ends[:-1])]
    )  # fmt: skip
    whole = own.sum(axis=0)
    sums = np.concatenate([whole[None], whole - own])
    counts = np.maximum(sums[:, 0, 0], 1.0)[:, None, None]
    means = sums[:, 0, 1:]
    return sums[:, 1:, 1:] - means[:, :, None] * means[:, None, :] / counts


def weights_from(products: Floats) -> Floats:
    """Least-squares weights from sums of products, the answer last.

    Args:
        products: Shape (..., inputs + 1, inputs + 1).

    Returns:
        Shape (..., inputs); of weights that repeat each other the smallest ones.
    """
    inverse = np.linalg.pinv(products[..., :-1, :-1], rcond=1e-10, hermitian=True)
    return np.einsum("...ij,...j->...i", inverse, products[..., :-1, -1])


def wald(weights: Floats, replicates: Floats) -> float:
    """Two-sided p-value that all weights of one input are 0, from replicates.

    Args:
        weights: Shape (columns,).
        replicates: The same with each group of deciders left out, shape (groups, columns).

    Returns:
        From an F with as many columns and the groups' freedom; 1 where there are too few groups.

    Source:
        Hotelling's T squared on the jackknife covariance.
    """
    groups, columns = replicates.shape
    if groups - 1 <= columns:
        return 1.0
    apart = replicates - replicates.mean(axis=0)
    covariance = (groups - 1) / groups * apart.T @ apart
    distance = float(weights @ np.linalg.pinv(covariance, hermitian=True) @ weights)
    freedom = groups - columns
    statistic = distance * freedom / (columns * (groups - 1))
    return float(special.fdtrc(columns, freedom, statistic))
