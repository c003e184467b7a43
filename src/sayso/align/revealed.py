"""What choices follow, beside what people say matters."""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.clarity import QuadraticClarity, quadratic_clarity
from sayso.align.money import MOST_LEFT_OUT
from sayso.align.people_and_cases import LEAST_PEOPLE, added, uncertainty, value_estimate
from sayso.align.round_reading import Revealed, RevealedWeight
from sayso.domain.answer import Answer, CannotTell, NotEnoughData
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error
from sayso.measure.estimators.ranges import LEAST_FREEDOM, t_p_value
from sayso.measure.estimators.words import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.align.consequences import Consequences

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

CASES_A_WEIGHT = 10
STEPS = 100
NEAR = 1e-10
# Odds of e^30 to 1 over a whole range are no weight that choices can show.
FARTHEST = 30.0
# The narrowest direction of what varies, against the widest.
FLAT = 1e-3

NO_CHOICES = CannotTell(
    "The table does not say what was chosen and by whom, so choices cannot be held against words.",
    "Name the columns of the choice and of the decider under `source`.",
)
CONSTANT = CannotTell(
    "Options never differ on some consideration in these cases, so its weight does not show.",
    "Look at cases in which they do, or leave it out.",
)
COLLINEAR = CannotTell(
    "Two considerations always move together in these cases, so their weights cannot be told apart.",
    "Look at cases in which one option is better on one and worse on the other.",
)
SEPARATED = CannotTell(
    "Every choice follows one rule without exception, so how much each consideration weighs in it "
    "does not show.",
    "Look at cases in which the considerations pull more evenly against each other.",
)
AGAINST_ALL = CannotTell(
    "Choices go against everything that is said to matter.",
    "Ask deciders what they go by; something else may matter.",
)


@dataclass(frozen=True, slots=True)
class Followed:
    """What choices follow.

    Attributes:
        raw: Log odds per full range of each consideration; below 0 where choices go against it.
        weights: The same held to >= 0 and summing to 1.
    """

    raw: Floats
    weights: Floats


def followed(
    expected: Floats, chosen: Places, start: Floats | None = None
) -> Followed | CannotTell:
    """Fit choices by a conditional logit of what each option brings.

    Args:
        expected: Expected value of each option on each consideration, 0..1, shape (cases, options,
            considerations).
        chosen: Number of the option chosen, shape (cases,).
        start: Log odds to start from.

    Returns:
        One weight a consideration, or why the choices do not show any.

    Source:
        McFadden (1974), in Zarembka (ed.), Frontiers in Econometrics, 105-142.
    """
    cases, _, width = expected.shape
    gains = expected - expected[np.arange(cases), chosen][:, None]
    flat = _flat(expected)
    if flat is not None:
        return flat
    raw = np.zeros(width) if start is None else start.copy()
    for _ in range(STEPS):
        scores = gains @ raw
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        mean = np.einsum("cok,co->ck", gains, odds)
        second = np.einsum("cok,col,co->kl", gains, gains, odds) - mean.T @ mean
        move = np.linalg.lstsq(second, -mean.sum(0), rcond=None)[0]
        longest = float(np.abs(move).max())
        raw = raw + (move if longest <= 2 else move * (2 / longest))
        if np.abs(raw).max() > FARTHEST:
            return SEPARATED
        if longest < NEAR:
            break
    held = np.maximum(raw, 0.0)
    if held.sum() <= NEAR:
        return AGAINST_ALL
    return Followed(raw, held / held.sum())


def _flat(expected: Floats) -> CannotTell | None:
    """Whether options differ on each consideration, and on each in its own way."""
    spread = (expected - expected.mean(1, keepdims=True)).reshape(-1, expected.shape[2])
    lengths = np.sqrt((spread**2).sum(0))
    if (lengths < NEAR).any():
        return CONSTANT
    narrow = np.linalg.svd(spread / lengths, compute_uv=False)
    return COLLINEAR if narrow[-1] < FLAT * narrow[0] else None


def revealed(consequences: Consequences, stated: Floats) -> Revealed | NotEnoughData | CannotTell:
    """Weights that choices in the table follow, beside the mean of what people say.

    Choices follow a consideration; whether people go by it or by something that goes with it, the
    table does not say.

    Args:
        consequences: Live cases with who decided and what was chosen.
        stated: Each person's weights of ``consequences.considerations``, shape (people,
            considerations); one person at least.

    Returns:
        Weights with ranges over deciders like these, refused under five deciders or ten cases a
        consideration.

    Raises:
        ValueError: If nobody stated any weight.

    Source:
        MEASURES 1.6 and 1.18: stated and captured weights differ; report the angle between them.
    """
    if len(stated) == 0 or stated.sum() <= 0:
        raise ValueError("nobody stated a weight")
    known = consequences.chosen >= 0
    if known.size == 0 or not known.any():
        return NO_CHOICES
    named = known & (consequences.deciders >= 0)
    if not named.any():
        return NO_CHOICES
    expected = consequences.expected[named]
    chosen, deciders = consequences.chosen[named], consequences.deciders[named]
    cases, _, width = expected.shape
    need = CASES_A_WEIGHT * width
    if cases < need:
        return NotEnoughData(need, cases, "decided cases")
    loads = np.bincount(deciders).astype(float)
    people = int((loads > 0).sum())
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people who decided")
    if freedom_of(loads) < LEAST_FREEDOM:
        # One decides nearly everything, so there are effectively fewer than four.
        effective = int(freedom_of(loads)) + 1
        return NotEnoughData(int(LEAST_FREEDOM) + 1, effective, "people with enough cases")
    whole = followed(expected, chosen)
    if isinstance(whole, CannotTell):
        return whole
    left: list[Floats] = []
    for out in _groups(deciders):
        kept = ~np.isin(deciders, out)
        found = followed(expected[kept], chosen[kept], whole.raw)
        if isinstance(found, CannotTell):
            return found
        left.append(found.weights)
    said = stated / stated.sum(1, keepdims=True).clip(min=NEAR)
    names = [c.name for c in consequences.considerations]
    return _beside(names, whole, np.array(left), said, cases, people, freedom_of(loads))


def _groups(deciders: Places) -> list[Places]:
    everybody = np.unique(deciders)
    part = np.arange(len(everybody)) % MOST_LEFT_OUT
    return [everybody[part == out] for out in range(min(len(everybody), MOST_LEFT_OUT))]


def _beside(
    names: Sequence[str],
    whole: Followed,
    left: Floats,
    said: Floats,
    cases: int,
    people: int,
    freedom: float,
) -> Revealed:
    mean = said.mean(0)
    gaps: list[tuple[Answer, Answer]] = []
    p_values: list[float] = []
    # What people say is a sample of people too, where there are five of them at the least.
    among = said.var(0, ddof=1) / len(said) if len(said) >= LEAST_PEOPLE else np.zeros(len(names))
    for place in range(len(names)):
        error = jackknife_error(left[:, place]) ** 2
        own = added([(error, int(freedom))])
        both = added([(error, int(freedom)), (float(among[place]), max(1, len(said) - 1))])
        weight, gap = whole.weights[place], whole.weights[place] - mean[place]
        gaps.append(
            (
                value_estimate(float(weight), own, n=cases, people=people, low=0.0, high=1.0),
                value_estimate(float(gap), both, n=cases, people=people, low=-1.0, high=1.0),
            )
        )
        p_values.append(t_p_value(abs(float(gap)), both.error, both.freedom))
    stands = holm(p_values)
    angles = np.array([angle(one, mean) for one in left])
    # Where stated and revealed are the same, luck alone still turns one from the other.
    spread = (len(left) - 1) / len(left) * ((left - left.mean(0)) ** 2).sum(0) + among
    return Revealed(
        weights=tuple(
            RevealedWeight(
                name=name,
                stated=float(mean[place]),
                revealed=gaps[place][0],
                gap=gaps[place][1],
                differs=stands[place],
            )
            for place, name in enumerate(names)
        ),
        angle=value_estimate(
            angle(whole.weights, mean),
            uncertainty(angles),
            n=cases,
            people=people,
            low=0.0,
            high=90.0,
        ),
        by_chance=degrees(float(np.arctan(np.sqrt(spread.sum()) / np.linalg.norm(mean)))),
        against=tuple(name for place, name in enumerate(names) if whole.raw[place] < 0),
        cases=cases,
        deciders=people,
    )


def angle(one: Floats, other: Floats) -> float:
    """The angle between two lists of weights, in degrees, 0..90 where none is below 0.

    Examples:
        >>> round(angle(np.array([1.0, 0.0]), np.array([0.5, 0.5])), 6)
        45.0
    """
    cosine = float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))
    return degrees(float(np.arccos(min(1.0, max(-1.0, cosine)))))


def captured_clarity(
    inputs: Floats, chosen: Floats, deciders: Places
) -> QuadraticClarity | NotEnoughData | CannotTell:
    """Value of clarity of a quantity, from each decider's captured policy; nobody need be asked.

    Args:
        inputs: What is known of each case, shape (cases, inputs); a level is added.
        chosen: The quantity chosen, shape (cases,).
        deciders: Number of the decider of each case.

    Returns:
        Clarity under squared loss, in squared units of the quantity, with the deciders' sampling
        error taken off. Deciders with fewer than ten cases an input are left out; refused under
        five of the others.

    Source:
        MEASURES 1.21 (iii); RULINGS 17: without the sampling covariance, deciders with identical
        policies and 12 cases of 6 inputs look 1.49 apart.
    """
    design = np.column_stack([np.ones(len(inputs)), inputs])
    need = CASES_A_WEIGHT * inputs.shape[1]
    policies: list[Floats] = []
    noises: list[Floats] = []
    used = np.zeros(len(inputs), dtype=np.bool_)
    for decider in np.unique(deciders[deciders >= 0]):
        own = deciders == decider
        x, y = design[own], chosen[own]
        if len(x) < max(need, x.shape[1] + 2):
            continue
        if np.linalg.matrix_rank(x) < x.shape[1]:
            return CannotTell(
                "Some inputs move together, or not at all, in somebody's cases, so what they go by "
                "does not show.",
                "Leave one of them out, or look at more cases.",
            )
        inverse = np.linalg.inv(x.T @ x)
        policy = inverse @ x.T @ y
        residual = y - x @ policy
        policies.append(policy)
        noises.append(inverse * float(residual @ residual) / (len(x) - x.shape[1]))
        used |= own
    if len(policies) < LEAST_PEOPLE:
        return NotEnoughData(
            LEAST_PEOPLE, len(policies), f"people with {need} cases or more, ten an input"
        )
    moments = design[used].T @ design[used] / int(used.sum())
    return quadratic_clarity(moments, np.array(policies), np.mean(noises, axis=0))
