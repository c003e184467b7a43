"""What it is worth to agree on what matters: beside better data and a better model, in one unit.

Utilities must be comparable between people: value functions over stated ranges, with weights that
sum to 1 or with money as the numeraire. Nothing here rescales anybody's utilities (MEASURES 1.21).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_PEOPLE = 5
SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Clarity:
    """What differing weights cost, in the utility's unit.

    Attributes:
        rule: What one common rule brings against everybody deciding by their own weights, judged
            by the mean weights; the only figure to set beside information and models (RULINGS 17).
        planner: Value of learning whose weights count; never worded as agreement.
        decider: Expected regret where a case meets a random person's weights.
        flips: P(two people choose differently).
        regret: What i loses where j chooses, by i's own weights, shape (people, people).
        agreed: The option that the mean weights choose, the first where several tie.
    """

    rule: float
    planner: float
    decider: float
    flips: float
    regret: Floats
    agreed: int

    @property
    def decorative(self) -> bool:
        """Whether people differ and nothing depends on it: stop arguing."""
        return self.flips < SAME


def clarity(expected: Floats, shares: Floats | None = None) -> Clarity:
    """Compare people's choices by their own weights.

    Args:
        expected: Expected utility of each option by each person's weights, shape (people,
            options).
        shares: Say of each person, summing to 1; equal where None.

    Raises:
        ValueError: If a utility is missing, or the shares do not sum to 1.

    Source:
        MEASURES 1.21 and RULINGS 17: rule = decider - planner.

    Examples:
        >>> found = clarity(np.array([[0.84, 0.50, 0.68], [0.44, 0.75, 0.63]]))
        >>> round(found.planner, 6), round(found.decider, 6), round(found.rule, 6), found.flips
        (0.14, 0.1625, 0.0225, 0.5)
    """
    people = len(expected)
    say = np.full(people, 1 / people) if shares is None else shares
    if not np.isfinite(expected).all():
        raise ValueError("a utility is missing")
    if (say < 0).any() or abs(float(say.sum()) - 1) > 1e-9:
        raise ValueError(f"shares of say must sum to 1, got {float(say.sum()):g}")
    chosen = _choices(expected)
    own = expected.max(1)
    regret = own[:, None] - expected @ chosen.T
    together = say @ expected
    decider = float(say @ regret @ say)
    planner = float(say @ own - together.max())
    rule = float(together.max() - say @ (chosen @ together))
    first = say @ chosen
    flips = 1.0 - float((first**2).sum())
    return Clarity(rule, planner, decider, flips, regret, int(together.argmax()))


def _choices(expected: Floats) -> Floats:
    """Who chooses what, shape (people, options); options that tie are chosen evenly."""
    best = np.isclose(expected, expected.max(1, keepdims=True), rtol=0, atol=SAME)
    return best / best.sum(1, keepdims=True)


def rule_answer(expected: Floats) -> Answer:
    """What one common rule brings, with a range over people like these.

    Args:
        expected: As of ``clarity``; one row a person.
    """
    people = len(expected)
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people; the table of regrets says it all")
    left = np.array([clarity(np.delete(expected, out, axis=0)).rule for out in range(people)])
    return t_estimate(
        clarity(expected).rule,
        jackknife_error(left),
        people - 1,
        n=people,
        people=people,
        population=Population.LIKE_THESE,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Clarity, data and both, in one unit; they overlap and are never added.

    Attributes:
        rule: As of ``Clarity``.
        planner: As of ``Clarity``.
        information: Perfect information on the states, at the mean weights.
        joint: Weights and states both known.
        interaction: joint - planner - information, of either sign.
    """

    rule: float
    planner: float
    information: float
    joint: float
    interaction: float


def compared(utility: Floats, shares: Floats | None = None) -> Compared:
    """Value of clarity beside the value of data.

    Args:
        utility: By person, drawn state and option, shape (people, states, options).
        shares: Say of each person.

    Source:
        MEASURES 1.21: J = E_W E_theta max_a U - V(mean weights).
    """
    expected = utility.mean(1)
    found = clarity(expected, shares)
    say = np.full(len(utility), 1 / len(utility)) if shares is None else shares
    base = float((say @ expected).max())
    together = np.einsum("p,pso->so", say, utility)
    information = float(together.max(1).mean() - base)
    joint = float(say @ utility.max(2).mean(1)) - base
    interaction = joint - found.planner - information
    return Compared(found.rule, found.planner, information, joint, interaction)


def by_consideration(expected: Floats, weights: Floats) -> Floats | NotEnoughData:
    """Which weight to settle first: value of learning each one alone.

    Args:
        expected: Shape (people, options).
        weights: Each person's weights, shape (people, considerations).

    Returns:
        One value a consideration, >= 0, in the utility's unit; refused under five people.

    Source:
        MEASURES 1.21: the EVPPI of w_k, by a line through people's gains on it.
    """
    people = len(expected)
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    base = float(expected.mean(0).max())
    found: list[float] = []
    for weight in weights.T:
        basis = np.column_stack([np.ones(people), weight - weight.mean()])
        fitted = basis @ np.linalg.lstsq(basis, expected, rcond=None)[0]
        found.append(max(0.0, float(fitted.max(1).mean()) - base))
    return np.array(found)


@dataclass(frozen=True, slots=True)
class QuadraticClarity:
    """Clarity of numeric decisions under squared loss."""

    planner: float
    decider: float

    @property
    def rule(self) -> float:
        """What one common rule brings."""
        return self.decider - self.planner


def quadratic_clarity(
    moments: Floats, weights: Floats, sampling: Floats | None = None
) -> QuadraticClarity:
    """Clarity of d = x'b under loss (d - x'b*)^2, from each person's captured weights.

    Args:
        moments: E[x x'], shape (inputs, inputs).
        weights: Each person's weights b, shape (people, inputs).
        sampling: Mean sampling covariance of b, taken off; without it people with *identical*
            weights and few cases look far apart (RULINGS 17).

    Source:
        MEASURES 1.21: planner = tr(M Sigma_b), the part of system noise that comes from policy.
    """
    centred = weights - weights.mean(0)
    spread = centred.T @ centred / len(weights)
    if sampling is not None:
        spread = spread - sampling * (len(weights) - 1) / len(weights)
    planner = max(0.0, float(np.trace(moments @ spread)))
    return QuadraticClarity(planner, 2 * planner)
