"""What agreeing, knowing and both would bring in each case, at people's mean weights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.flips import best_options
from sayso.align.information import polynomial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Flags = NDArray[np.bool_]

FOLDS = 5
NOBODY = np.zeros(0, dtype=np.intp)


class Part(StrEnum):
    """One thing that could help; see ``HelpMost`` for what each means."""

    RULE = "rule"
    PLANNER = "planner"
    DECIDER = "decider"
    INFORMATION = "information"
    KNOWN = "known"
    JOINT = "joint"
    INTERACTION = "interaction"


@dataclass(frozen=True, slots=True)
class Draw:
    """One way to choose and to score.

    Attributes:
        utility: By person, case, option and state, shape (people, cases, options, states).
        belief: What scores, shape (cases, states).
        chosen_by: Expected utility by the belief that chooses, shape (people, cases, options).
        scored_by: The same by the belief that scores.
        choices: Who chooses what, ties evenly, shape (people, cases, options).
        own: What people's own choices score by their own weights, shape (people, cases).
        informed: The same if each knew the state, shape (people, cases).
    """

    utility: Floats
    belief: Floats
    chosen_by: Floats
    scored_by: Floats
    choices: Floats
    own: Floats
    informed: Floats


def draws(
    values: Floats, belief: Floats, held_out: Floats | None, weights: Floats
) -> tuple[Draw, ...]:
    """Choose by one belief and score by the other, both ways; or by the one there is.

    Args:
        values: Shape (cases, options, states, considerations).
        belief: Shape (cases, states).
        held_out: The same from other outcomes.
        weights: Shape (people, considerations).
    """
    utility = np.einsum("cosk,pk->pcos", values, weights)
    ways = ((belief, belief),) if held_out is None else ((belief, held_out), (held_out, belief))
    return tuple(_draw(utility, choosing, scoring) for choosing, scoring in ways)


def _draw(utility: Floats, choosing: Floats, scoring: Floats) -> Draw:
    chosen_by = np.einsum("pcos,cs->pco", utility, choosing)
    scored_by = np.einsum("pcos,cs->pco", utility, scoring)
    choices = evenly(chosen_by)
    return Draw(
        utility=utility,
        belief=scoring,
        chosen_by=chosen_by,
        scored_by=scored_by,
        choices=choices,
        own=(choices * scored_by).sum(-1),
        informed=np.einsum("pcs,cs->pc", utility.max(2), scoring),
    )


def evenly(utility: Floats) -> Floats:
    """Shares of the best options, evenly where several tie, shape (..., options)."""
    best = best_options(utility)
    return best / best.sum(-1, keepdims=True)


def parts(draw: Draw, out: Places = NOBODY) -> dict[Part, Floats]:
    """What each thing would bring in each case, for some of the people.

    Args:
        draw: The way to choose and to score.
        out: People left out.

    Returns:
        One value a case for each part, in units of utility. Where the same belief chooses and
        scores, all but the interaction are >= 0; where another scores, any may be below.

    Source:
        MEASURES 1.21 and RULINGS 17, with states weighed by their belief: rule = decider - planner.
    """
    together = _mean(draw.utility, out)
    scored = _mean(draw.scored_by, out)
    chosen_by = _mean(draw.chosen_by, out)
    agreed = (evenly(chosen_by) * scored).sum(-1)
    lottery = (_mean(draw.choices, out) * scored).sum(-1)
    own = _mean(draw.own, out)
    flat = int(chosen_by.mean(0).argmax())
    informed = np.einsum("cs,cs->c", together.max(1), draw.belief)
    joint = _mean(draw.informed, out) - agreed
    planner, information = own - agreed, informed - agreed
    return {
        Part.RULE: agreed - lottery,
        Part.PLANNER: planner,
        Part.DECIDER: own - lottery,
        Part.INFORMATION: information,
        Part.KNOWN: agreed - scored[:, flat],
        Part.JOINT: joint,
        Part.INTERACTION: joint - planner - information,
    }


def _mean(of: Floats, out: Places) -> Floats:
    """Mean over the people that are not left out, without copying what they all have."""
    return (of.sum(0) - of[out].sum(0)) / (len(of) - len(out))


def settling(draw: Draw, weights: Floats, out: Places = NOBODY) -> Floats:
    """What learning each weight alone would bring in each case, shape (considerations, cases).

    Args:
        draw: The way to choose and to score.
        weights: Everybody's weights, shape (people, considerations).
        out: People left out.

    Source:
        MEASURES 1.21: the EVPPI of w_k, by a line through people's utilities on it.
    """
    kept = np.delete(np.arange(len(weights)), out)
    chosen_by, scored_by = draw.chosen_by[kept], draw.scored_by[kept]
    base = (evenly(chosen_by.mean(0)) * scored_by.mean(0)).sum(-1)
    found: list[Floats] = []
    for column in weights[kept].T:
        centred = column - column.mean()
        squares = float(centred @ centred)
        # Where all weigh it alike there is nothing to learn.
        slope = centred / squares if squares > 1e-18 else np.zeros_like(centred)
        by = [
            e.mean(0) + np.multiply.outer(centred, np.tensordot(slope, e, (0, 0)))
            for e in (chosen_by, scored_by)
        ]
        found.append((evenly(by[0]) * by[1]).sum(-1).mean(0) - base)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class Learning:
    """How to go by one input, fitted on other cases than those it is used in.

    Attributes:
        folds: Which cases each fold scores.
        bases: Polynomial of the input in each fold's own cases.
        fits: From utilities in the other cases to coefficients, for each fold.
    """

    folds: tuple[Flags, ...]
    bases: tuple[Floats, ...]
    fits: tuple[Floats, ...]


def learning(columns: Floats) -> Learning:
    """Prepare to go by one input.

    Args:
        columns: The input as numbers, shape (cases, columns).
    """
    basis = polynomial(columns)
    folds = tuple(np.equal(np.arange(len(columns)) % FOLDS, fold) for fold in range(FOLDS))
    return Learning(
        folds,
        tuple(basis[fold] for fold in folds),
        tuple(_fit(basis[~fold]) for fold in folds),
    )


def _fit(basis: Floats) -> Floats:
    """From values to coefficients; by the small square of products, hundreds of times as fast."""
    inverse = np.linalg.pinv(basis.T @ basis, rcond=1e-10, hermitian=True)
    return np.asarray(inverse @ basis.T, dtype=np.float64)


def going_by(draw: Draw, learned: Learning, out: Places = NOBODY) -> Floats:
    """What going by one input alone brings in each case, against one answer for all cases.

    Both are chosen in four fifths of the cases and scored in the fifth, so it may be below 0.

    Args:
        draw: The way to choose and to score.
        learned: The input.
        out: People left out.

    Source:
        Strong, Oakley and Brennan (2014), Med. Decis. Making 34:311-326, by a cubic polynomial.
    """
    chosen_by, scored_by = _mean(draw.chosen_by, out), _mean(draw.scored_by, out)
    found = np.zeros(len(chosen_by))
    for fold, basis, fit in zip(learned.folds, learned.bases, learned.fits, strict=True):
        others = chosen_by[~fold]
        said = evenly(basis @ (fit @ others))
        flat = int(others.mean(0).argmax())
        found[fold] = (said * scored_by[fold]).sum(1) - scored_by[fold][:, flat]
    return found


def regrets(draw: Draw) -> Floats:
    """What i loses where j chooses, by i's own weights, mean over cases, shape (people, people)."""
    scores = np.einsum("ico,jco->ij", draw.scored_by, draw.choices) / draw.own.shape[1]
    return np.diag(scores)[:, None] - scores
