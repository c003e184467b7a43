"""How likely each state is in a case, learned from the outcomes of other cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.intp]

FOLDS = 3
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Learned:
    """A fitted regression.

    Attributes:
        intercepts: Log odds of each state at inputs 0, up to a constant, shape (states,).
        slopes: Shape (inputs, states).
    """

    intercepts: Floats
    slopes: Floats

    def of(self, inputs: Floats) -> Floats:
        """Beliefs, shape (cases, states); rows sum to 1."""
        return np.asarray(softmax(self.intercepts + inputs @ self.slopes, axis=1))


def learn(inputs: Floats, states: Codes, shares: Floats, *, ridge: float = RIDGE) -> Learned:
    """Fit a multinomial logistic regression that knows it may have seen little.

    Slopes are held towards 0. One more case is added at the mean inputs, spread over the states
    by ``shares``, so that a state seen nowhere in these cases is rare and not impossible.

    Args:
        inputs: Coded inputs, standardised or 0/1, shape (cases, inputs); inputs may be 0.
        states: Number of each case's state, shape (cases,).
        shares: What to believe without any case, > 0, summing to 1, shape (states,).
        ridge: Half of this times each squared slope is taken off the log likelihood, >= 0. With
            two states it is the penalty ridge / 4 on the squared log odds ratio.

    Raises:
        ValueError: If shapes do not belong together, or a share is not above 0.

    Source:
        Hoerl and Kennard (1970) for the penalty; the same model as a logistic regression with
        normal slopes of variance 1 / ridge.

    Examples:
        >>> shares = np.array([0.5, 0.5])
        >>> learn(np.zeros((3, 0)), np.array([1, 1, 1]), shares).of(np.zeros((1, 0)))
        array([[0.125, 0.875]])
    """
    cases, width = inputs.shape
    if len(states) != cases or (shares <= 0).any():
        raise ValueError(f"{cases} cases, {len(states)} states, shares {shares.tolist()}")
    middle = inputs.mean(0) if cases else np.zeros(width)
    design = np.column_stack([np.ones(cases + 1), np.vstack([inputs, middle])])
    seen = np.zeros((cases + 1, len(shares)))
    seen[np.arange(cases), states] = 1.0
    seen[cases] = shares
    penalty = np.full((width + 1, 1), ridge)
    penalty[0] = 0.0

    def loss(flat: Floats) -> tuple[float, Floats]:
        slopes = flat.reshape(width + 1, len(shares))
        logs = np.asarray(log_softmax(design @ slopes, axis=1))
        value = -float((seen * logs).sum()) + 0.5 * float((penalty * slopes**2).sum())
        return value, (design.T @ (np.exp(logs) - seen) + penalty * slopes).ravel()

    start = np.zeros((width + 1, len(shares)))
    start[0] = np.log(seen.sum(0) / seen.sum())
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B",
                     options={"maxiter": 500, "gtol": 1e-6, "ftol": 1e-12})  # fmt: skip
    slopes = np.asarray(found.x, dtype=np.float64).reshape(width + 1, len(shares))
    return Learned(slopes[0], slopes[1:])


@dataclass(frozen=True, slots=True)
class FoldedBeliefs:
    """Two beliefs of each case, from two parts of the outcomes that share no case.

    Attributes:
        belief: Shape (cases, states).
        held_out: The same from the other part.
    """

    belief: Floats
    held_out: Floats


def folded_beliefs(
    inputs: Floats, states: Codes, folds: Codes, *, of: Floats, of_folds: Codes, states_n: int
) -> FoldedBeliefs:
    """Beliefs of cases, each from outcomes of other cases, twice.

    With the cases in three parts, a case of one part is believed by what the second says and held
    against what the third says, so neither has seen it, and what is chosen by one draw of the
    outcomes can be scored by another.

    Args:
        inputs: Coded inputs of the cases with an outcome, shape (outcomes, inputs).
        states: Their states, shape (outcomes,).
        folds: Their part, 0, 1 or 2, shape (outcomes,).
        of: Coded inputs of the cases to believe something of, shape (cases, inputs).
        of_folds: Their part, shape (cases,).
        states_n: Number of states; each must occur.
    """
    shares = np.bincount(states, minlength=states_n) / len(states)
    said = np.stack(
        [learn(inputs[folds == f], states[folds == f], shares).of(of) for f in range(FOLDS)]
    )
    row = np.arange(len(of))
    return FoldedBeliefs(said[(of_folds + 1) % FOLDS, row], said[(of_folds + 2) % FOLDS, row])
