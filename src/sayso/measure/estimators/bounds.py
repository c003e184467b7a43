"""What can be said where outcomes are missing or seen for one option only."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from scipy import optimize, special

from sayso.domain.answer import Answer, CannotTell, Estimate, Population, Range
from sayso.domain.evidence import Word

# Of cases chosen otherwise nothing is seen, so a share among the seen ones is a share among cases
# picked by the choice itself, and says nothing of how the choice was made.
SEEN_AFTER_ONE = CannotTell(
    "Outcomes are seen after one option only, so the cases with an outcome were picked by the "
    "choice itself.",
    "Follow some of the other cases up elsewhere, or let chance decide in a few borderline ones.",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a value can be, with their standard errors."""

    low: float
    high: float
    low_error: float
    high_error: float


def manski(events: int, seen: int, cases: int) -> Range:
    """A share whose outcome is unseen in some cases, with those set to each extreme.

    Args:
        events: Events among the seen.
        seen: Cases with a known outcome, >= events.
        cases: All cases, >= seen.

    Source:
        Manski (1990).

    Examples:
        >>> manski(14, 70, 100)
        Range(low=0.14, high=0.44)
    """
    if not 0 <= events <= seen <= cases or cases == 0:
        raise ValueError(f"needs 0 <= events <= seen <= cases, got {events}, {seen}, {cases}")
    return Range(events / cases, (events + cases - seen) / cases)


def at_least_as_risky(events: int, seen: int, cases: int) -> Range:
    """The same where unseen cases are at least as risky as the seen: the lower bound rises.

    Source:
        Manski (2003), monotone selection; RULINGS 16b.

    Examples:
        >>> at_least_as_risky(14, 70, 100)
        Range(low=0.2, high=0.44)
    """
    widest = manski(events, seen, cases)
    return Range(events / seen if seen else 0.0, widest.high)


def contraction(risks: list[float], failed: list[bool], cases: int, acceptance: float) -> float:
    """Failures per case if the most lenient decider accepted a given share by the model's order.

    Args:
        risks: Model risk of each case that this decider accepted.
        failed: How each of them turned out.
        cases: All cases this decider saw, >= len(risks).
        acceptance: Share of all cases to accept, at most len(risks) / cases.

    Source:
        Lakkaraju et al. (2017). Needs random assignment of cases, and speaks of these cases.

    Examples:
        >>> contraction([0.9, 0.8, 0.2], [True, False, False], 4, 0.5)
        0.0
    """
    keep = round(acceptance * cases)
    if keep > len(risks):
        raise ValueError(f"{keep} cases to accept, and outcomes are known for {len(risks)} only")
    order = sorted(range(len(risks)), key=lambda i: risks[i])
    return sum(failed[i] for i in order[:keep]) / cases


def imbens_manski(bounds: Bounds, level: float) -> Range:
    """A range that holds the value, wherever it lies between its bounds, at the level.

    Source:
        Imbens and Manski (2004), Econometrica 72:1845-1857.
    """
    wide = max(bounds.low_error, bounds.high_error)
    gap = (bounds.high - bounds.low) / wide if wide > 0 else inf

    def excess(c: float) -> float:
        return float(special.ndtr(c + gap) - special.ndtr(-c)) - level

    reach = float(optimize.brentq(excess, 0.0, 10.0)) if wide > 0 else 0.0
    return Range(bounds.low - reach * bounds.low_error, bounds.high + reach * bounds.high_error)


def bounded_estimate(bounds: Bounds, *, n: int, people: int, population: Population) -> Estimate:
    """The middle of the bounds with Imbens-Manski ranges; the middle itself claims nothing."""
    return Estimate(
        value=(bounds.low + bounds.high) / 2,
        r95=imbens_manski(bounds, 0.95),
        r90=imbens_manski(bounds, 0.90),
        r50=imbens_manski(bounds, 0.50),
        n=n,
        people=people,
        population=population,
    )


def with_sampling(worst: Range, answer: Answer) -> Range:
    """Worst cases of these rows, widened by what sampling adds to the figure itself.

    Wider than Imbens and Manski's range, which two arms with missing outcomes do not have in
    closed form.
    """
    if not isinstance(answer, Estimate):
        return worst
    return Range(worst.low - (answer.value - answer.low), worst.high + (answer.high - answer.value))


def capped(word: Word, worst: Range, line: float | None) -> Word:
    """The word allowed where missing outcomes could lie at either extreme.

    A range that crosses the line, or zero where no line is declared, allows no more than "Could
    go either way": 7 % missing are enough to invent a verdict (RULINGS 10).
    """
    if word not in (Word.CLEAR, Word.LIKELY, Word.SMALL, Word.NOT_ZERO):
        return word
    edge = 0.0 if line is None or word is Word.SMALL else line
    return word if worst.low > edge or worst.high < -edge else Word.EITHER
