"""What another rule would have brought, from choices that chance had a hand in.

Every estimator here is a mean of terms a + d r + b w (r - c), with w one over the chance of what
was chosen and r what it cost; a, b, c and d are the same for alike cases. So a few sums a decider
and kind of case carry the values and their ranges, and any split of the rows gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import earned, freedom_of
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_WORTH = 50.0
LEAST_SHARE = 0.05
MOST_MISSING = 0.05
# Beyond this many standard errors from one, the stated chances cannot be those of the choices.
MOST_ERRORS = 4.0

NO_CHANCE = CannotTell(
    "Nothing here was left to chance, so no other rule was ever tried.",
    "Let chance decide in a few borderline cases, and store its probability.",
)
IMPOSSIBLE = CannotTell(
    "Some choices have a stated chance of 0, though they were made.",
    "Store the chance with which each choice was made, as it was when it was made.",
)
UNSTATED = CannotTell(
    "The chance of the choice is missing in more than 5 of 100 cases.",
    "Store the chance with which each choice was made, in every case.",
)
UNTRUE = CannotTell(
    "The stated chances are not those of the choices: weighted by them, the cases that a rule "
    "would have chosen do not add up to all cases.",
    "Check where the chances come from; they must be those of the moment of the choice.",
)


@dataclass(frozen=True, slots=True)
class Logged:
    """Choices with their chances and what they cost, one entry a group of alike cases.

    Attributes:
        cases: Cases in each group, shape (groups,).
        w: Sum of weights; a weight is the rule's chance of the choice over the logged one.
        ww: Sum of squared weights.
        r: Sum of what the choices cost or brought.
        rr: Sum of its squares.
        wr: Sum of weight times it.
        wrr: Sum of weight times its square.
        wwr: Sum of squared weight times it.
        wwrr: Sum of squared weight times its square.
        fitted: What the choice was expected to bring in each group.
        planned: What the rule was expected to bring in each group.
        person: Decider of each group, numbered from 0.
        most: The largest weight.
    """

    cases: Floats
    w: Floats
    ww: Floats
    r: Floats
    rr: Floats
    wr: Floats
    wrr: Floats
    wwr: Floats
    wwrr: Floats
    fitted: Floats
    planned: Floats
    person: Places
    most: float

    @property
    def n(self) -> float:
        """All cases."""
        return float(self.cases.sum())

    @property
    def mean_weight(self) -> float:
        """Should be 1 up to chance."""
        return float(self.w.sum()) / self.n

    @property
    def worth(self) -> float:
        """Effective number of cases: (sum of weights)^2 / sum of their squares."""
        squares = float(self.ww.sum())
        return float(self.w.sum()) ** 2 / squares if squares > 0 else 0.0


def one_by_one(
    weights: Floats,
    rewards: Floats,
    *,
    fitted: Floats | None = None,
    planned: Floats | None = None,
    person: Places | None = None,
) -> Logged:
    """Single cases, each a group of its own.

    Args:
        weights: The rule's chance of the choice over the logged chance, shape (cases,), >= 0.
        rewards: What the choice brought, shape (cases,).
        fitted: What the choice was expected to bring, shape (cases,); 0 where no model is used.
        planned: What the rule was expected to bring, shape (cases,).
        person: Decider of each case from 0; each case its own where not given.

    Raises:
        ValueError: If a weight or a reward is not a finite number, or a weight is negative.
    """
    if not (np.isfinite(weights).all() and np.isfinite(rewards).all() and (weights >= 0).all()):
        raise ValueError("weights and rewards must be finite, and weights not negative")
    none = np.zeros(len(weights))
    return Logged(
        cases=np.ones(len(weights)),
        w=weights,
        ww=weights**2,
        r=rewards,
        rr=rewards**2,
        wr=weights * rewards,
        wrr=weights * rewards**2,
        wwr=weights**2 * rewards,
        wwrr=(weights * rewards) ** 2,
        fitted=none if fitted is None else fitted,
        planned=none if planned is None else planned,
        person=np.arange(len(weights)) if person is None else person,
        most=float(weights.max(initial=0.0)),
    )


def capped_weights(weights: Floats, most: float) -> Floats:
    """Weights of Switch: none above ``most``; there the model's expectation stands alone.

    Source:
        Wang, Agarwal and Dudik (2017), ICML.
    """
    return np.where(weights <= most, weights, 0.0)


def shrunk_weights(weights: Floats, pull: float) -> Floats:
    """Weights of DRos, pulled towards 0 the more the larger they are.

    Args:
        weights: >= 0.
        pull: Lambda, > 0; infinite leaves the weights, 0 leaves the model alone.

    Source:
        Su, Dimakopoulou, Krishnamurthy and Dudik (2020), ICML.
    """
    return pull * weights / (weights**2 + pull)


@dataclass(frozen=True, slots=True)
class Valued:
    """A value with its terms: a + d r + b w (r - c), constants of each group or of all.

    Attributes:
        value: The estimate.
        a: Constant, less the value.
        b: Factor of the weighted distance.
        c: What the weighted reward is held against.
        d: Factor of the plain reward; 0 but for differences from what was chosen.
    """

    value: float
    a: Floats
    b: float
    c: Floats
    d: float = 0.0


def by_weights(log: Logged) -> Valued:
    """Weighted mean, unbiased where the chances are true (Horvitz and Thompson 1952)."""
    value = float(log.wr.sum()) / log.n
    return Valued(value, np.full(len(log.w), -value), 1.0, np.zeros(len(log.w)))


def by_share_of_weights(log: Logged) -> Valued:
    """The same over the sum of weights: a little bias, far less spread (SNIPS).

    Source:
        Swaminathan and Joachims (2015), NIPS; range by the delta method.
    """
    total = float(log.w.sum())
    if total <= 0:
        raise ValueError("no case has any weight under this rule")
    value = float(log.wr.sum()) / total
    none = np.zeros(len(log.w))
    return Valued(value, none, log.n / total, np.full(len(log.w), value))


def by_model(log: Logged) -> Valued:
    """What the model expects; its range leaves out that the model may be wrong."""
    value = float((log.cases * log.planned).sum()) / log.n
    return Valued(value, log.planned - value, 0.0, np.zeros(len(log.w)))


def by_both(log: Logged) -> Valued:
    """The model, mended by weighted errors: right where either the chances or the model are.

    Source:
        Dudik, Langford and Li (2011), ICML. With ``capped_weights`` it is Switch, with
        ``shrunk_weights`` DRos.
    """
    mended = float((log.wr - log.fitted * log.w).sum()) / log.n
    value = float((log.cases * log.planned).sum()) / log.n + mended
    return Valued(value, log.planned - value, 1.0, log.fitted)


def by_both_shared(log: Logged) -> Valued:
    """The same with errors over the sum of weights (SNDR)."""
    total = float(log.w.sum())
    if total <= 0:
        raise ValueError("no case has any weight under this rule")
    planned = float((log.cases * log.planned).sum()) / log.n
    mended = float((log.wr - log.fitted * log.w).sum()) / total
    return Valued(planned + mended, log.planned - planned, log.n / total, log.fitted + mended)


def saved_by(log: Logged, rule: Valued) -> Valued:
    """What was chosen less what the rule would bring, where rewards are costs."""
    chosen = float(log.r.sum()) / log.n
    # Terms are r - (a + value + b w (r - c)), less their mean.
    gain = chosen - rule.value
    return Valued(gain, -(rule.a + rule.value) - gain, -rule.b, rule.c, 1.0 - rule.d)


def doubts(log: Logged, *, missing: float, impossible: float, tried: float) -> Answer | None:
    """Why nothing may be said of a rule, or None.

    Args:
        log: Cases with their weights under the rule.
        missing: Cases without a stated chance.
        impossible: Cases chosen with a stated chance of 0.
        tried: Cases whose stated chance lies strictly between 0 and 1.
    """
    known = log.n
    if impossible > 0:
        return IMPOSSIBLE
    if missing > MOST_MISSING * (known + missing):
        return UNSTATED
    if known > 0 and tried == 0:
        return NO_CHANCE
    if log.worth < max(LEAST_WORTH, LEAST_SHARE * known):
        need = int(np.ceil(max(LEAST_WORTH, LEAST_SHARE * known)))
        return NotEnoughData(need, int(log.worth), "cases' worth of weight")
    if abs(log.mean_weight - 1) > max(0.01, MOST_ERRORS * _weight_error(log)):
        return UNTRUE
    return None


def _weight_error(log: Logged) -> float:
    """Standard error of the mean weight, each case by itself."""
    spread = max(0.0, float(log.ww.sum()) / log.n - log.mean_weight**2)
    return float(np.sqrt(spread / log.n))


def estimated(
    log: Logged,
    valued: Valued,
    *,
    population: Population,
    line: float | None = None,
    bounds: Range | None = None,
    events: tuple[int, int] | None = None,
) -> Answer:
    """A value with the range of its influence function, clustered by decider.

    Args:
        log: What was logged.
        valued: An estimator's terms over it.
        population: LIKE_THESE clusters by decider and asks for the minimums of RULINGS 1; THESE
            takes each case by itself.
        line: Smallest value that matters, for the Holm step.
        bounds: What the value can be at all.
        events: Known mistakes and right choices among the cases with weight.
    """
    linear = log.cases * valued.a + valued.d * log.r + valued.b * (log.wr - valued.c * log.w)
    people = int(log.person.max()) + 1 if len(log.person) else 0
    yes, no = events if events is not None else (None, None)
    if population is Population.LIKE_THESE:
        loads = np.bincount(log.person, log.cases, people).astype(np.float64)
        freedom = freedom_of(loads)
        missing = refuse(people=people, freedom=freedom, events=yes, non_events=no)
        if missing is not None:
            return missing
        # A decider's part grows as it does when they are left out.
        own = np.bincount(log.person, linear, people) / np.maximum(1 - loads / log.n, 1e-9)
        error, freedom = float(np.sqrt((own**2).sum())) / log.n, earned(own, freedom)
    else:
        freedom = float("inf")
        if log.n < 2:
            return NotEnoughData(2, round(log.n))
        error = float(np.sqrt(max(0.0, _squares(log, valued)) / (log.n * (log.n - 1))))
    return t_estimate(
        valued.value if bounds is None else min(max(valued.value, bounds.low), bounds.high),
        error,
        freedom,
        n=round(log.n),
        people=people if population is Population.LIKE_THESE else 0,
        population=population,
        line=line,
        events=yes,
        non_events=no,
        bounds=bounds,
    )


def _squares(log: Logged, valued: Valued) -> float:
    """Sum of squared terms, from the groups' sums."""
    a, b, c, d = valued.a, valued.b, valued.c, valued.d
    weighted = log.wr - c * log.w
    twice = log.wwrr - 2 * c * log.wwr + c**2 * log.ww
    return float(
        (
            log.cases * a**2
            + 2 * a * d * log.r
            + d**2 * log.rr
            + 2 * a * b * weighted
            + 2 * d * b * (log.wrr - c * log.wr)
            + b**2 * twice
        ).sum()
    )


def under(log: Logged, chance: Floats) -> Logged:
    """The log under a rule that takes each group's choice with that chance.

    Args:
        log: With weights of one over the logged chance.
        chance: The rule's chance of the group's choice, shape (groups,), in 0..1.
    """
    taken = chance > 0
    most = log.most if bool(taken.any()) else 0.0
    return replace(
        log,
        w=log.w * chance,
        ww=log.ww * chance**2,
        wr=log.wr * chance,
        wrr=log.wrr * chance,
        wwr=log.wwr * chance**2,
        wwrr=log.wwrr * chance**2,
        most=most,
    )
