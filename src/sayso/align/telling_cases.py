"""Which cases to ask about, so that the choices tell apart what people want."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.recovery import SCALE, choice_shares, weight_draws
from sayso.align.round import RoundCase
from sayso.domain.answer import CannotTell, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.align.consequences import Consequences
    from sayso.align.considerations import Consideration

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

WEIGHTINGS = 300
CANDIDATES = 300
# Of a larger table a sample is looked at.
MOST_READ = 5_000
REPEATS = 2
APART = 4
# More amounts than that differ in no case: nobody weighs seven things at once on a phone.
MOST_DIFFERENT = 4
STEPS = 20
TRIES = 50
# Bits below which a case tells nothing, given those already chosen.
NOTHING = 1e-6
MOST_OPTIONS, MOST_CONSIDERATIONS = 7, 10

ONE_CONSIDERATION = CannotTell(
    "With one consideration there is nothing to weigh: whoever wants it chooses the same.",
    "Write a second thing that matters, with its range, into the charter.",
)
ONE_OPTION = CannotTell(
    "With one option, or two of the same name, no choice can tell views apart.",
    "Write at least two different options into the charter.",
)
ALL_ALIKE = CannotTell(
    "In none of these cases do the options differ in what they bring, whatever one wants.",
    "Ask about invented cases.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Cases chosen to tell views apart.

    Attributes:
        places: Numbers of the chosen cases, from 0, the most telling first.
        bits: What answers to all of them tell of a person's weights, in bits: a lower bound, by
            weights drawn evenly and the noise supposed in choosing.
    """

    places: tuple[int, ...]
    bits: float


def telling(
    values: Floats, count: int, *, scale: float = SCALE, draws: int = WEIGHTINGS, seed: int = 0
) -> Telling | NotEnoughData | CannotTell:
    """Choose the cases whose answers tell most of the weights, one after the other.

    Args:
        values: Value of each option on each consideration, worst 0 to best 1, shape (cases,
            options, considerations).
        count: Cases wanted, at least 1. There may be fewer: a case that is like another one in
            all it brings is taken once, and one that tells nothing not at all.
        scale: Scale of the noise supposed in choosing.
        draws: Weightings drawn evenly, to be told apart.
        seed: Seed of the draws.

    Raises:
        ValueError: If no case is wanted, or a value is missing.

    Source:
        Kolchinsky and Tracey (2017), Entropy 19:361: I >= -E_i log E_j prod_c B_c(i, j), with B
        the Bhattacharyya coefficient sum_o sqrt(p_o(i) p_o(j)) of what i and j choose in a case.
        Greedy on that bound.
    """
    if count < 1:
        raise ValueError(f"at least one case must be wanted, got {count}")
    if not np.isfinite(values).all():
        raise ValueError("a value is missing")
    cases, options, considerations = values.shape
    if options < 2:
        return ONE_OPTION
    if considerations < 2:
        return ONE_CONSIDERATION
    if cases == 0:
        return NotEnoughData(1, 0, "cases")
    kept = _different(values, seed)
    weights = weight_draws(considerations, draws, seed=seed)
    utility = np.einsum("cok,dk->dco", values[kept], weights)
    roots = np.sqrt(choice_shares(utility, scale))
    found = _greedy(roots, count)
    if not found.places:
        return ALL_ALIKE
    return Telling(places=tuple(int(kept[p]) for p in found.places), bits=found.bits)


def _different(values: Floats, seed: int) -> Places:
    """Cases that differ in what they bring, the first of each kind; a sample where they are many.

    What an option brings counts against the others only, so cases are compared by differences.
    """
    random = np.random.default_rng(seed)
    places = np.arange(len(values))
    if len(values) > MOST_READ:
        places = np.sort(random.choice(places, MOST_READ, replace=False))
    apart = np.round(values[places] - values[places, :1, :], 6) + 0.0
    _, first = np.unique(apart.reshape(len(places), -1), axis=0, return_index=True)
    kept = places[np.sort(first)]
    if len(kept) > CANDIDATES:
        kept = np.sort(random.choice(kept, CANDIDATES, replace=False))
    return kept


def _greedy(roots: Floats, count: int) -> Telling:
    """The greedy choice.

    Args:
        roots: Roots of the shares that each weighting chooses each option with, shape (draws,
            cases, options).
        count: Cases wanted.
    """
    draws, cases, options = roots.shape
    flat = roots.reshape(draws, -1)
    # How alike each two weightings have answered so far; 1 before anything is asked.
    alike = np.ones((draws, draws))
    bits, places = 0.0, list[int]()
    left = np.ones(cases, dtype=bool)
    while len(places) < count and left.any():
        with_each = (flat * (alike @ flat)).reshape(draws, cases, options).sum(2) / draws
        told = -np.log2(with_each).mean(0)
        told[~left] = -np.inf
        best = int(told.argmax())
        if told[best] - bits < NOTHING:
            break
        bits = float(told[best])
        places.append(best)
        left[best] = False
        alike *= roots[:, best] @ roots[:, best].T
    return Telling(places=tuple(places), bits=bits)


def real_cases(
    consequences: Consequences,
    facts: Sequence[tuple[tuple[str, str], ...]],
    count: int,
    *,
    repeats: int = REPEATS,
    seed: int = 0,
) -> tuple[RoundCase, ...] | NotEnoughData | CannotTell:
    """Past cases to ask about, with repeats; what options would bring is left to who answers.

    Args:
        consequences: Live cases.
        facts: What people read about each, in the same order.
        count: Cases wanted; fewer come back where fewer tell anything.
        repeats: Of how many to ask twice.
        seed: Seed of every choice.
    """
    if len(facts) != len(consequences.values):
        raise ValueError(f"{len(facts)} cases have facts, {len(consequences.values)} have values")
    if _same_names(consequences.options):
        return ONE_OPTION
    chosen = telling(consequences.expected, count, seed=seed)
    if not isinstance(chosen, Telling):
        return chosen
    cases = [RoundCase(number=0, facts=facts[place]) for place in chosen.places]
    return with_repeats(cases, repeats=repeats, seed=seed)


def invented_cases(
    considerations: Sequence[Consideration],
    options: Sequence[str],
    count: int,
    *,
    repeats: int = REPEATS,
    seed: int = 0,
) -> tuple[RoundCase, ...] | NotEnoughData | CannotTell:
    """Invented cases to ask about, with repeats: what each option would bring, in round numbers.

    No option is at least as good as another in everything, so that each choice costs something.

    Args:
        considerations: What matters, 2 to 10, with ranges.
        options: Allowed answers, 2 to 7.
        count: Cases wanted.
        repeats: Of how many to ask twice.
        seed: Seed of every choice.

    Raises:
        ValueError: If there are too many options or considerations.
    """
    if _same_names(options):
        return ONE_OPTION
    if len(considerations) < 2:
        return ONE_CONSIDERATION
    brings = invented_amounts(considerations, len(options), seed=seed)
    chosen = telling(values_of(brings, considerations), count, seed=seed)
    if not isinstance(chosen, Telling):
        return chosen
    cases = [
        RoundCase(number=0, facts=(), brings=tuple(map(tuple, brings[place].tolist())))
        for place in chosen.places
    ]
    return with_repeats(cases, repeats=repeats, seed=seed)


def values_of(brings: Floats, considerations: Sequence[Consideration]) -> Floats:
    """Amounts as values, worst 0 to best 1.

    Args:
        brings: Amounts in the considerations' units, the last axis by consideration.
        considerations: What matters.
    """
    columns = [
        np.clip((brings[..., k] - c.worst) / (c.best - c.worst), 0.0, 1.0)
        for k, c in enumerate(considerations)
    ]
    return np.stack(columns, axis=-1)


def invented_amounts(
    considerations: Sequence[Consideration],
    options: int,
    *,
    cases: int = CANDIDATES,
    seed: int = 0,
) -> Floats:
    """Cases to choose from: what each option brings, in the considerations' units.

    In each case two to four considerations differ between options; the others are halfway. The
    options are about equally good by weights drawn at random, other ones for each case, so that
    the cases cut through all that people may want.

    Args:
        considerations: What matters, 2 to 10.
        options: How many, 2 to 7.
        cases: Cases wanted; there may be fewer.
        seed: Seed of the draws.

    Returns:
        Amounts, shape (cases, options, considerations).
    """
    things = len(considerations)
    if not 2 <= options <= MOST_OPTIONS or not 2 <= things <= MOST_CONSIDERATIONS:
        raise ValueError(
            f"needs 2 to {MOST_OPTIONS} options and 2 to {MOST_CONSIDERATIONS} considerations, "
            f"got {options} and {things}"
        )
    random = np.random.default_rng(seed)
    steps = [_step(c) for c in considerations]
    found: list[Floats] = []
    # Rounding may make an option dominate another; then the case is drawn anew.
    for _ in range(cases * TRIES):
        if len(found) == cases:
            break
        amounts = np.empty((options, things))
        drawn = _drawn_values(random, options, things)
        for k, (c, step) in enumerate(zip(considerations, steps, strict=True)):
            amounts[:, k] = _rounded(c.worst + drawn[:, k] * (c.best - c.worst), step, c)
        if not _any_dominates(values_of(amounts, considerations)):
            found.append(amounts)
    return np.stack(found) if found else np.empty((0, options, things))


def _drawn_values(random: np.random.Generator, options: int, things: int) -> Floats:
    """Options that are equally good by some weights, so that none is better in everything."""
    differing = int(random.integers(2, min(things, MOST_DIFFERENT) + 1))
    places = random.choice(things, differing, replace=False)
    say = random.dirichlet(np.ones(differing))
    drawn = random.random((options, differing))
    level = float(np.median(drawn @ say))
    for option in drawn:
        good = float(option @ say)
        # Moved towards all best, or all worst, until it is as good as the middle one.
        if good < level:
            option += (1 - option) * (level - good) / (1 - good)
        elif good > level:
            option *= level / good
    values = np.full((options, things), 0.5)
    values[:, places] = drawn
    return values


def _step(consideration: Consideration) -> float:
    """The largest of 1, 2, 5, 10, ... that goes at least twenty times into the range."""
    most = consideration.span / STEPS
    power = 10.0 ** floor(log10(most))
    return max(times * power for times in (1.0, 2.0, 5.0) if times * power <= most * (1 + 1e-9))


def _rounded(amounts: Floats, step: float, consideration: Consideration) -> Floats:
    """Whole steps within the range."""
    low, high = sorted((consideration.worst, consideration.best))
    places = max(0, -floor(log10(step)))
    inside = np.clip(
        np.round(amounts / step), np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    )
    return np.round(inside * step, places) + 0.0


def _any_dominates(values: Floats) -> bool:
    """Whether an option is at least as good as another in everything; alike ones are as well."""
    better = (values[:, None, :] >= values[None, :, :]).all(2)
    return bool((better & ~np.eye(len(values), dtype=bool)).any())


def with_repeats(
    cases: Sequence[RoundCase], *, repeats: int = REPEATS, apart: int = APART, seed: int = 0
) -> tuple[RoundCase, ...]:
    """Number the cases in the order asked and ask some of them again, unannounced.

    Args:
        cases: Cases in the order asked; their numbers are given anew.
        repeats: Of how many to ask twice; fewer where the round is too short for it.
        apart: How many places later a case comes again, at least.
        seed: Seed of which ones, and where.

    Examples:
        >>> cases = [RoundCase(number=0, facts=(("code", c),)) for c in "abcdef"]
        >>> [c.repeats for c in with_repeats(cases, repeats=1)].count(None)
        6
    """
    random = np.random.default_rng(seed)
    order = list(range(len(cases)))
    # A case can come again if, with it at the end, it stands far enough behind the first time.
    fit = [p for p in order if len(cases) - p >= apart]
    for place in sorted(random.permutation(fit)[:repeats].tolist()):
        first = order.index(place)
        order.insert(int(random.integers(first + apart, len(order) + 1)), place)
    numbers: dict[int, int] = {}
    asked: list[RoundCase] = []
    for number, place in enumerate(order, 1):
        case = cases[place]
        asked.append(
            RoundCase(
                number=number,
                facts=case.facts,
                brings=case.brings,
                repeats=numbers.get(place),
            )
        )
        numbers.setdefault(place, number)
    return tuple(asked)


def _same_names(options: Sequence[str]) -> bool:
    return len(options) < 2 or len({o.strip().casefold() for o in options}) < len(options)
