"""What would help most: agreeing one rule, knowing more, or a better model, in one unit.

They overlap and are never added. Choices are made by one part's beliefs and scored by another's
where both are known, which takes off the bias of choosing the best of guesses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb, inf
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.dots import twenty, twenty_skewed, twenty_unseen
from sayso.align.flips import distinct_cases
from sayso.align.help_parts import (
    Draw,
    Part,
    draws,
    going_by,
    learning,
    parts,
    regrets,
    settling,
)
from sayso.align.information import DEGREE, LEAST_DRAWS
from sayso.align.money import MOST_LEFT_OUT, Numeraire, numeraire
from sayso.align.people_and_cases import (
    LEAST_CASES,
    LEAST_PEOPLE,
    NOTHING,
    added,
    unseen,
    value_estimate,
    worth_estimate,
)
from sayso.align.round_reading import Help, HelpMost
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.words import word_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.align.consequences import Consequences

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MODEL_SHARE = 0.5
A_HUNDRED = 100.0
DRAWS_A_TERM = 5

ALL_ALIKE = CannotTell(
    "Every option brings the same in every case, so no choice can be worth more than another.",
    "Write each objective's `measure` as an expression that names `choice`.",
)
NO_OUTCOME = CannotTell(
    "Nothing is declared that may turn out one way or another, so knowing more has no price.",
    "Declare an `outcome` that tells whether a choice was right.",
)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every figure of one comparison shares.

    Attributes:
        scale: Cases a period.
        factor: Units per unit of utility, for everybody.
        factors: The same with each group of people left out.
        left: Each group of people.
        stake: What the best option brings above the worst, a period, at the mean weights.
        people: People; 0 where nobody's weights are needed.
        cases: Cases.
        distinct: Cases that differ from each other.
        line: Smallest value that matters; None where none is declared.
    """

    scale: float
    factor: float
    factors: Floats
    left: tuple[Places, ...]
    stake: float
    people: int
    cases: int
    distinct: int
    line: float | None


def help_most(
    consequences: Consequences,
    weights: Floats,
    *,
    lacks: CannotTell | None = None,
    model_share: float = MODEL_SHARE,
    line: float | None = None,
) -> HelpMost | NotEnoughData | CannotTell:
    """Set the value of agreeing on one rule beside that of information and of a better model.

    All are judged at the mean weights, in money where people weigh money and else in points of
    100, for a month's cases (or 100, without dates). With U the utility at the mean weights, b the
    belief of a case and a* the option that b chooses:

    - rule = E_c [U(a*) - mean_j U(a_j)], a_j what person j would choose;
    - information = E_c [sum_s b_s max_a U(a, s) - U(a*)], beyond what the belief uses already;
    - model = model_share x information: a signal that reveals the state that often;
    - known = E_c [U(a*)] - max_a E_c [U(a)], what the belief brings against one answer for all.

    Args:
        consequences: Live cases.
        weights: Each person's weights of ``consequences.considerations``, shape (people,
            considerations).
        lacks: Why weights cannot be compared in these cases; then only information is priced.
        model_share: Share of the remaining uncertainty that a better model would settle, 0..1.
        line: Smallest value that matters, in the unit and period; None where none is declared.

    Returns:
        The parts with ranges over people like these and cases like these; where they rest on how
        far people are apart the value is that of these people and the range that of people like
        these, who do not meet themselves in pairs (n / (n - 1)). Under five people the
        table of regrets without ranges. CannotTell where all options bring the same.

    Raises:
        ValueError: If the share is out of range, or a weight is missing or below 0.

    Source:
        MEASURES 1.20 and 1.21; RULINGS 1 (jackknife with t, not the bootstrap) and 17.
    """
    if not 0 <= model_share <= 1:
        raise ValueError(f"a share lies in 0..1, got {model_share}")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("a weight is missing or below 0")
    if lacks is not None and len(consequences.considerations) == 1:
        # Nothing is weighed against anything, so nobody's weights are needed.
        weights = np.ones((1, 1))
    people, cases = len(weights), len(consequences.values)
    if people == 0:
        return NotEnoughData(LEAST_PEOPLE, 0, "people")
    if cases == 0:
        return NotEnoughData(LEAST_CASES, 0, "live cases")
    options = consequences.values
    if float((options.max(1) - options.min(1)).max()) < NOTHING:
        return ALL_ALIKE
    unweighed = lacks is not None and len(consequences.considerations) == 1
    money = numeraire(consequences.considerations, np.ones((2, 1)) if unweighed else weights)
    ways = draws(options, consequences.belief, consequences.held_out, weights)
    setting = _setting(consequences, weights, ways, money, line)
    few = _few(LEAST_PEOPLE if unweighed else people, cases)
    if few is None:
        return _priced(consequences, weights, ways, setting, money, lacks, model_share)
    nothing = Help(answer=few, dots=(), word=Word.NOT_YET)
    table: tuple[tuple[float, ...], ...] = ()
    if lacks is None and people < LEAST_PEOPLE:
        mean = np.mean([regrets(way) for way in ways], axis=0) * setting.factor * setting.scale
        # In an order that has nothing to do with that of the answers.
        order = np.lexsort((mean.sum(0), mean.sum(1)))
        table = tuple(tuple(float(x) for x in row) for row in mean[np.ix_(order, order)])
    return HelpMost(
        unit=money.unit,
        numeraire=_named(consequences, money),
        per=_per(consequences),
        rule=nothing,
        information=nothing,
        model=nothing,
        model_share=model_share,
        known=nothing,
        inputs=(),
        settle_first=(),
        joint=nothing,
        interaction=nothing,
        planner=nothing,
        decider=nothing,
        over_information=nothing,
        over_model=nothing,
        regret=table,
        split=consequences.held_out is not None,
        people=people,
        cases=cases,
        cannot_tell=() if lacks is None else (lacks,),
    )


def _few(people: int, cases: int) -> NotEnoughData | None:
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    return NotEnoughData(LEAST_CASES, cases, "live cases") if cases < LEAST_CASES else None


def _named(consequences: Consequences, money: Numeraire) -> str | None:
    return None if money.place is None else consequences.considerations[money.place].name


def _per(consequences: Consequences) -> str:
    return "100 cases" if consequences.cases_a_month is None else "month"


def _setting(
    consequences: Consequences,
    weights: Floats,
    ways: tuple[Draw, ...],
    money: Numeraire,
    line: float | None,
) -> _Setting:
    people = len(weights)
    groups = np.arange(people) % MOST_LEFT_OUT
    left = tuple(
        np.flatnonzero(groups == out) for out in range(min(people, MOST_LEFT_OUT)) if people > 1
    )
    month = consequences.cases_a_month
    scale = A_HUNDRED if month is None else month
    factor = money.factor(weights.mean(0))
    scored = [way.scored_by.mean(0) for way in ways]
    return _Setting(
        scale=scale,
        factor=factor,
        factors=np.array([money.factor(np.delete(weights, out, axis=0).mean(0)) for out in left]),
        left=left,
        stake=float(np.mean([(s.max(1) - s.min(1)).mean() for s in scored])) * factor * scale,
        people=people if people > 1 else 0,
        cases=len(consequences.values),
        distinct=distinct_cases(consequences.expected),
        line=line,
    )


def _priced(
    consequences: Consequences,
    weights: Floats,
    ways: tuple[Draw, ...],
    setting: _Setting,
    money: Numeraire,
    lacks: CannotTell | None,
    model_share: float,
) -> HelpMost:
    # For each way a row of cases, and for everybody left out a mean.
    whole = [parts(way) for way in ways]
    left = [[parts(way, out) for way in ways] for out in setting.left]

    def help_of(
        share: dict[Part, float],
        missing: CannotTell | None,
        *,
        signed: bool = False,
        among: bool = False,
    ) -> Help:
        if missing is not None:
            return Help(answer=missing, dots=(), word=Word.CANNOT_TELL)
        rows = np.array([sum(s * found[p] for p, s in share.items()) for found in whole])
        outs = np.array(
            [
                np.mean([sum(s * f[p].mean() for p, s in share.items()) for f in found])
                for found in left
            ],
            dtype=np.float64,
        )
        return _help(rows, outs, setting, signed=signed, among=among)

    unknown = NO_OUTCOME if len(consequences.states) < 2 else None
    either = lacks or unknown
    return HelpMost(
        unit=money.unit,
        numeraire=_named(consequences, money),
        per=_per(consequences),
        rule=help_of({Part.RULE: 1.0}, lacks, among=True),
        information=help_of({Part.INFORMATION: 1.0}, unknown),
        model=help_of({Part.INFORMATION: model_share}, unknown),
        model_share=model_share,
        known=help_of({Part.KNOWN: 1.0}, unknown),
        inputs=_inputs(consequences, ways, setting),
        settle_first=() if lacks else _settle_first(consequences, weights, ways, setting),
        joint=help_of({Part.JOINT: 1.0}, either),
        interaction=help_of({Part.INTERACTION: 1.0}, either, signed=True),
        planner=help_of({Part.PLANNER: 1.0}, lacks, among=True),
        decider=help_of({Part.DECIDER: 1.0}, lacks, among=True),
        over_information=help_of({Part.RULE: 1.0, Part.INFORMATION: -1.0}, either, signed=True),
        over_model=help_of({Part.RULE: 1.0, Part.INFORMATION: -model_share}, either, signed=True),
        regret=(),
        split=consequences.held_out is not None,
        people=setting.people,
        cases=setting.cases,
        cannot_tell=tuple(missing for missing in (lacks, unknown) if missing is not None),
    )


def _help(
    rows: Floats, outs: Floats, setting: _Setting, *, signed: bool = False, among: bool = False
) -> Help:
    """A figure from its value in each case by each way of choosing, and with people left out.

    Args:
        rows: In units of utility, shape (ways, cases).
        outs: Means with each group of people left out, shape (groups,).
        setting: What turns them into the unit.
        signed: Whether it may be below 0.
        among: Whether it rests on how far people are apart.
    """
    unit = setting.factor * setting.scale
    by_case = rows.mean(0) * unit
    ways = rows.mean(1) * unit
    spread = _over_people(outs, setting)
    spread.append((float(by_case.var(ddof=1)) / len(by_case), len(by_case) - 1))
    if len(ways) == 2:
        # The two ways share no outcome, so their difference shows what beliefs may be off by.
        spread.append((float(ways[0] - ways[1]) ** 2 / 4, 2))
    return _said(float(by_case.mean()), spread, setting, signed=signed, among=among)


def _over_people(outs: Floats, setting: _Setting) -> list[tuple[float, int]]:
    if not setting.left:
        return []
    return [(jackknife_error(outs * setting.factors * setting.scale) ** 2, len(outs) - 1)]


def _said(
    raw: float,
    spread: list[tuple[float, int]],
    setting: _Setting,
    *,
    signed: bool = False,
    among: bool = False,
) -> Help:
    unsure = added(spread)
    tiny = NOTHING * max(1.0, setting.stake)
    if unsure.error <= tiny and (abs(raw) <= tiny or (raw < 0 and not signed)):
        return replace(_nothing(setting, signed=signed), raw=raw)
    n, people = setting.cases, setting.people
    if signed:
        answer = value_estimate(raw, unsure, n=n, people=people)
        dots = twenty(raw, unsure)
    else:
        # These people meet themselves in pairs; people like these would not.
        scaled = people / (people - 1) if among else 1.0
        held = max(0.0, raw)
        answer = worth_estimate(held, unsure, n=n, people=people, scaled=scaled)
        dots = twenty_skewed(held, unsure, scaled=scaled)
    if people == 0:
        answer = replace(answer, population=Population.THESE)
    return Help(answer=answer, dots=dots, word=_word(answer, setting.line), raw=raw)


def _nothing(setting: _Setting, *, signed: bool) -> Help:
    """Nothing at stake in any case looked at; in how many others there is, is not known."""

    def most(level: float) -> Range:
        high = unseen(setting.distinct, level) * setting.stake
        return Range(-high if signed else 0.0, high)

    answer = Estimate(
        value=0.0,
        r95=most(0.95),
        r90=most(0.90),
        r50=most(0.50),
        n=setting.cases,
        people=setting.people,
        population=Population.THESE,
    )
    above = twenty_unseen(setting.distinct, setting.stake)
    dots = (*(-dot for dot in reversed(above[1::2])), *above[1::2]) if signed else above
    return Help(answer=answer, dots=dots, word=_word(answer, setting.line), raw=0.0)


def _word(answer: Estimate, line: float | None) -> Word:
    """Likely at most: what something is worth is said of days to come."""
    word = word_for(answer, line=line, grade=Grade.ASSOCIATION)
    return Word.LIKELY if word in (Word.NOT_ZERO, Word.CLEAR) else word


def _settle_first(
    consequences: Consequences, weights: Floats, ways: tuple[Draw, ...], setting: _Setting
) -> tuple[tuple[str, Help], ...]:
    whole = np.array([settling(way, weights) for way in ways])
    left = np.array(
        [
            np.mean([settling(way, weights, out).mean(1) for way in ways], axis=0)
            for out in setting.left
        ],
        dtype=np.float64,
    )
    found = [
        (c.name, _help(whole[:, place], left[:, place], setting, among=True))
        for place, c in enumerate(consequences.considerations)
    ]
    return tuple(sorted(found, key=_most_first))


def _inputs(
    consequences: Consequences, ways: tuple[Draw, ...], setting: _Setting
) -> tuple[tuple[str, Help], ...]:
    """What going by each input alone could bring, against one answer for all cases."""
    found: list[tuple[str, Help]] = []
    for name, known in consequences.inputs.items():
        columns = known[:, known.std(0) > NOTHING]
        need = max(LEAST_DRAWS, DRAWS_A_TERM * comb(columns.shape[1] + DEGREE, DEGREE))
        if columns.shape[1] == 0:
            constant = CannotTell(
                f"{name} is the same in all these cases, so what it could bring does not show.",
                "Look at cases in which it differs.",
            )
            found.append((name, Help(answer=constant, dots=(), word=Word.CANNOT_TELL)))
        elif setting.cases < need:
            few = NotEnoughData(need, setting.cases, "live cases")
            found.append((name, Help(answer=few, dots=(), word=Word.NOT_YET)))
        else:
            learned = learning(columns)
            rows = np.array([going_by(way, learned) for way in ways])
            outs = np.array(
                [
                    np.mean([going_by(way, learned, out).mean() for way in ways])
                    for out in setting.left
                ],
                dtype=np.float64,
            )
            found.append((name, _help(rows, outs, setting)))
    return tuple(sorted(found, key=_most_first))


def _most_first(row: tuple[str, Help]) -> tuple[float, str]:
    answer = row[1].answer
    return (-answer.value if isinstance(answer, Estimate) else inf), row[0]
