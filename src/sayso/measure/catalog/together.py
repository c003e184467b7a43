"""Are people and the AI together better than either alone, and than a simple rule?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE, capped, with_sampling
from sayso.measure.estimators.jackknife import NET, ratio, share
from sayso.measure.estimators.ranges import LEAST_EVENTS, t_estimate
from sayso.measure.estimators.shallow_tree import grow
from sayso.measure.estimators.signals import filled, levels, repeats, varying, view
from sayso.measure.estimators.words import word_for
from sayso.measure.input_columns import watched, with_inputs
from sayso.measure.measure import JointMeasure, Measure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

MOST_CASES = 10_000
LEAST_PEOPLE = 5
ALONE = (("people", "people"), ("AI", "advice"), ("both", "both"))


def _together(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    if not len(rows):
        return ()
    if setting.outcome_seen_for is not None:
        return (_figure(SEEN_AFTER_ONE, setting, "better alone"),)
    known, cases = by_decider(rows, "known", "cases")
    against = {
        who: _less(by_decider(rows, f"over_{column}", f"under_{column}"), known, setting)
        for who, column in (("people", "people"), ("AI", "advice"))
    }
    best = _both_hold(against["people"], against["AI"])
    figures = [_figure(best, setting, "better alone", worst=_worst(rows, known, cases, best))]
    figures += [_figure(answer, setting, who) for who, answer in against.items()]
    figures += [
        _alone(who, share(by_decider(rows, column)[0], known, population=setting.population))
        for who, column in ALONE
    ]
    if len(setting.options) == 2:
        figures += _simple(rows, setting)
    return tuple(figures)


def _less(pairs: tuple[Floats, ...], known: Floats, setting: Setting) -> Answer:
    """Both right less the other right, case by case."""
    over, under = pairs
    discordant = round(float(over.sum() + under.sum()))
    if discordant < LEAST_EVENTS:
        return NotEnoughData(LEAST_EVENTS, discordant, "cases where only one of two was right")
    line = setting.line
    if setting.population is Population.LIKE_THESE:
        return ratio(over - under, known, known, line=line, bounds=NET)
    n, gain = float(known.sum()), float((over - under).sum())
    variance = (discordant - gain**2 / n) / n
    return t_estimate(
        gain / n,
        float(variance / max(n - 1, 1.0)) ** 0.5,
        float("inf"),
        n=round(n),
        people=int((known > 0).sum()),
        population=Population.THESE,
        line=line,
        bounds=NET,
    )


def _both_hold(one: Answer, other: Answer) -> Answer:
    """Against whichever alone is better: the smaller difference, at each end of its range.

    Naming the better one first and then testing against it alone would be luck; a claim that both
    together beat either needs both differences past the line (intersection-union).

    Source:
        Berger (1982), Technometrics 24:295-300; upper ends by Bonferroni, as normal quantiles.
    """
    if not isinstance(one, Estimate):
        return one
    if not isinstance(other, Estimate):
        return other

    def least(a: Range, b: Range, wider: float) -> Range:
        # Either upper end may lie under the smaller difference by luck, so each is a wider one.
        tops = [x.value + wider * (end.high - x.value) for x, end in ((one, a), (other, b))]
        value = min(one.value, other.value)
        return Range(min(a.low, b.low), max(value, min(*tops, NET.high)))

    return replace(
        one if one.value <= other.value else other,
        r95=least(one.r95, other.r95, 1.1436),
        r90=least(one.r90, other.r90, 1.1916),
        r50=least(one.r50, other.r50, 1.7055),
        p_line=max(one.p_line or 0.0, other.p_line or 0.0),
    )


def _worst(rows: Rows, known: Floats, cases: Floats, answer: Answer) -> Range | None:
    """The same with every unknown outcome at each extreme (RULINGS 10)."""
    whole = float(cases.sum())
    if whole == float(known.sum()) or not isinstance(answer, Estimate):
        return None
    ends: list[tuple[float, float]] = []
    for column in ("people", "advice"):
        over, under, open_ = (
            float(x.sum())
            for x in by_decider(rows, f"over_{column}", f"under_{column}", f"unknown_{column}")
        )
        ends.append(((over - under - open_) / whole, (over - under + open_) / whole))
    worst = Range(min(e[0] for e in ends), min(e[1] for e in ends))
    return with_sampling(worst, answer)


def _simple(rows: Rows, setting: Setting) -> list[Figure]:
    """Both against two rules nobody needs an AI for.

    A tree with a leaf for each kind of case takes the option that was right more often there,
    learned from the other half of the people; the last choice repeats what the person did before.
    """
    index, names = rows.codes("decider")
    mixes, labels = rows.codes("mix", "kind")
    known, both = rows.numbers("known"), rows.numbers("both")
    right = np.stack([rows.numbers("first_right"), rows.numbers("other_right")])
    fold = index % 2
    won = np.zeros(len(rows))
    for half in (0, 1):
        learned = fold != half
        counts = np.stack([np.bincount(mixes[learned], r[learned], len(labels)) for r in right])
        overall = counts.sum(1)
        other = np.where(
            counts.sum(0) > 0, counts[1] > counts[0], bool(overall[1] > overall[0])
        ).astype(np.intp)
        taken = fold == half
        won[taken] = right[other[mixes[taken]], np.flatnonzero(taken)]
    size = len(names)
    by_person = [np.bincount(index, x, size).astype(np.float64) for x in (won, both, known)]
    had, last, both_had = by_decider(rows, "had_last", "last_right", "both_had_last")
    found: list[Figure] = []
    for who, rule, together, of in (
        ("simple rule", by_person[0], by_person[1], by_person[2]),
        ("last choice", last, both_had, had),
    ):
        if float(of.sum()) == 0:
            continue
        found.append(_alone(who, share(rule, of, population=setting.population)))
        # How many cases tell the two apart is not among the sums, so their difference must.
        gained = (
            ratio(together - rule, of, of, line=setting.line, bounds=NET)
            if setting.population is Population.LIKE_THESE
            else NotEnoughData(5, setting.deciders, "people")
        )
        found.append(_figure(gained, setting, who))
    return found


def _two_questions(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    """Both against a rule of two questions about the case, on the same cases.

    The rule is learned from one half of the people and judged in the other, and may not ask for
    what only repeats the advice, since it must stand without an AI.
    """
    cases = rows["cases"]
    if not len(cases):
        return ()
    names, columns, repeated = _asked_about(cases, setting)
    index, people = cases.codes("decider")
    if not columns or len(people) < LEAST_PEOPLE:
        return ()
    x = np.column_stack(columns)
    first = cases.numbers("first_right") == 1.0
    taken = np.zeros(len(cases), dtype=bool)
    for half in (0, 1):
        judged = index % 2 == half
        taken[judged] = grow(x[~judged], first[~judged]).takes_first(x[judged])
    size = len(people)
    won, both, known = (
        np.bincount(index, v, size).astype(np.float64)
        for v in (taken == first, cases.numbers("choice_right"), np.ones(len(cases)))
    )
    asked = dict.fromkeys(names[i] for i in grow(x, first).asked)
    notes = (
        ("asked", ", ".join(asked)),
        ("repeated", ", ".join(repeated)),
        ("sampled", float(cases.numbers("every")[0]) > len(cases)),
    )
    gained = ratio(both - won, known, known, line=setting.line, bounds=NET)
    right = share(won, known, population=setting.population)
    return (
        _figure(gained, setting, "shallow tree"),
        replace(_alone("shallow tree", right), notes=notes),
    )


def _asked_about(
    cases: Rows, setting: Setting
) -> tuple[list[str], list[Floats], list[str]]:  # one name a column, and inputs left out
    option = setting.options[0]
    advice = varying(view(cases.text("advice"), option, cases.numbers("advice_confidence")))
    names: list[str] = []
    columns: list[Floats] = []
    left_out: list[str] = []
    for i, one in enumerate(watched(setting.inputs)):
        found = (
            [filled(cases.numbers(f"number_{i}"))]
            if one.number
            else levels(cases.text(f"input_{i}"))
        )
        if advice is not None and found and all(repeats(c, advice) for c in found):
            left_out.append(one.name)
        else:
            names += [one.name] * len(found)
            columns += found
    return names, columns, left_out


def _alone(who: str, answer: Answer) -> Figure:
    return Figure(
        measure="right-alone",
        groups=(("who", who),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


def _figure(
    answer: Answer, setting: Setting, against: str, *, worst: Range | None = None
) -> Figure:
    word = word_for(answer, line=setting.line, grade=Grade.ASSOCIATION)
    notes: tuple[tuple[str, float], ...] = ()
    if worst is not None:
        word = capped(word, worst, setting.line)
        notes = (("worst_low", worst.low), ("worst_high", worst.high))
    return Figure(
        measure="together",
        groups=(("against", against),),
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=word,
        line=setting.line,
        notes=notes,
    )


TOGETHER = Measure(
    key="together",
    question="Are people and the AI together right more often than either alone?",
    needs=("prior_right", "advice_right", "choice_right"),
    applies=lambda s: not s.quantity,
    sql=query("together"),
    params=lambda s: {"first": s.options[0] if s.options else ""},
    estimate=_together,
)
SHALLOW_TREE = JointMeasure(
    key="together",
    question="Are people and the AI together right more often than a rule of two questions?",
    needs=("prior_right", "advice_right", "choice_right"),
    applies=lambda s: (
        not s.quantity
        and s.outcome_seen_for is None
        and len(s.options) == 2
        and bool(watched(s.inputs))
    ),
    queries=lambda s: {"cases": with_inputs(query("together_cases"), watched(s.inputs))},
    params=lambda s: {"first": s.options[0] if s.options else "", "most": MOST_CASES},
    join=_two_questions,
)
