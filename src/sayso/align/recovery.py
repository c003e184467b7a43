"""What a person's choices say of their weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData
from sayso.measure.estimators.ranges import wilson_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

# How finely people choose: an option that is better by this share of the whole way from worst to
# best is chosen over another e = 2.7 times as often. A supposition, not a finding.
SCALE = 0.05
DRAWS = 20_000
# Below this many draws that count, the mean is theirs and not the person's.
LEAST_EFFECTIVE = 100
LEAST_CHOICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """One person's weights as their choices show them; never shown of one person.

    Attributes:
        weights: Posterior mean, summing to 1, shape (considerations,).
        errors: Posterior standard deviation of each, shape (considerations,).
        hits: Share of choices that the weights from all *other* choices would have predicted. Its
            range takes cases as independent.
        choices: Choices read.
        effective: Draws that count, of those made; few where choices fit no weights well.
    """

    weights: Floats
    errors: Floats
    hits: Answer
    choices: int
    effective: float


def weight_draws(considerations: int, draws: int, *, seed: int) -> Floats:
    """Weights drawn evenly from all that sum to 1, shape (draws, considerations)."""
    return np.random.default_rng(seed).dirichlet(np.ones(considerations), draws)


def choice_shares(utility: Floats, scale: float = SCALE) -> Floats:
    """How often each option is chosen by whoever sees its utility through noise.

    Args:
        utility: On the last axis by option, worst 0 to best 1.
        scale: Scale of the noise, > 0.

    Returns:
        Shares of the same shape; they sum to 1 over options.

    Source:
        McFadden (1974): the logit, exp(u / scale) over its sum.
    """
    above = np.exp((utility - utility.max(-1, keepdims=True)) / scale)
    return above / above.sum(-1, keepdims=True)


def recovered(
    values: Floats,
    choices: Places,
    *,
    scale: float = SCALE,
    draws: int = DRAWS,
    seed: int = 0,
) -> Recovered | NotEnoughData:
    """Weights from choices: the mean of drawn weights, each counted by how well it fits.

    Before any choice all weights are held equally likely.

    Args:
        values: Value of each option on each consideration, worst 0 to best 1, shape (cases,
            options, considerations).
        choices: Number of the option chosen in each case, -1 where skipped, shape (cases,).
        scale: Scale of the noise in choosing.
        draws: Weights drawn.
        seed: Seed of the draws.

    Returns:
        Weights with their errors; NotEnoughData where nothing was chosen, or where too few drawn
        weights fit what was.

    Raises:
        ValueError: If shapes do not belong together, or a value is missing.

    Source:
        Importance sampling from the prior: E w = sum w L(w) / sum L(w), with L the product of
        logit shares; effective draws as of Kong (1992), (sum L)^2 / sum L^2.
    """
    if values.ndim != 3 or choices.shape != (len(values),):
        raise ValueError(f"shapes {values.shape} and {choices.shape} do not belong together")
    if not np.isfinite(values).all():
        raise ValueError("a value is missing")
    if choices.size and choices.max() >= values.shape[1]:
        raise ValueError(f"option {int(choices.max())} of {values.shape[1]} was chosen")
    given = choices >= 0
    count = int(given.sum())
    if count == 0:
        return NotEnoughData(1, 0, "choices")
    values, choices = values[given], choices[given]
    weights = weight_draws(values.shape[2], draws, seed=seed)
    # Options lie on the middle axis in memory: sums over a last axis of two are slow.
    utility = np.moveaxis(values @ weights.T, 1, -1)
    shares = choice_shares(utility, scale)
    best, cases = utility.max(-1), np.arange(count)
    # Not the logarithm of the share, which may be 0 in a computer's numbers.
    sums = np.log(np.exp((utility - best[..., None]) / scale).sum(-1))
    fit = (utility[cases, :, choices] - best) / scale - sums
    total = fit.sum(0)
    say = _shares(total)
    effective = float(1 / (say**2).sum())
    if effective < min(LEAST_EFFECTIVE, draws / 2):
        return NotEnoughData(LEAST_EFFECTIVE, int(effective), "drawn weights that fit the choices")
    mean = say @ weights
    errors = np.sqrt(np.clip(say @ weights**2 - mean**2, 0, None))
    predicted = [int((_shares(total - fit[case]) @ shares[case]).argmax()) for case in range(count)]
    return Recovered(
        weights=mean / mean.sum(),
        errors=errors,
        hits=_hits(int((np.array(predicted) == choices).sum()), count),
        choices=count,
        effective=effective,
    )


def _shares(fit: Floats) -> Floats:
    likelihood = np.exp(fit - fit.max())
    return likelihood / likelihood.sum()


def _hits(hits: int, count: int) -> Answer:
    if count < LEAST_CHOICES:
        return NotEnoughData(LEAST_CHOICES, count, "choices")
    return wilson_estimate(hits, count, people=1)
