"""For quantities: how far choices move towards the advice, and what each step added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.jackknife import ratio, share
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import JointMeasure, Measure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


LEAST_REDRAWN = 40
REDRAWS = 1000


def _weight(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    """The regression weight of advice first; ratios per case are only described.

    The weight is sum (d-h)(a-h) / sum (a-h)^2. A wobbling first view pulls it up, so without
    repeats it is an upper figure (RULINGS 4).

    Source:
        Harvey and Fischer (1997); regression form: Rebholz, Biella and Huetter (2024).
    """
    sums = rows["weight"]
    moved, squared, apart, clipped, outside, zero, one = by_decider(
        sums,
        "moved_apart",
        "apart_squared",
        "apart_cases",
        "clipped",
        "outside",
        "at_zero",
        "at_one",
    )
    weight = _clustered(moved, squared, apart, setting)
    figures = [
        _figure(weight, (), word=True, setting=setting),
        _figure(weight, (("statistic", "regression"),)),
        _figure(_clustered(clipped, apart, apart, setting), (("statistic", "mean clipped"),)),
        _figure(_middle(rows["middle"], rows["bins"], setting), (("statistic", "median"),)),
    ]
    for name, events in (("outside", outside), ("at zero", zero), ("at one", one)):
        answer = share(events, apart, population=setting.population)
        figures.append(_figure(answer, (("statistic", name),)))
    return tuple(figures)


def _clustered(
    totals: np.ndarray, weights: np.ndarray, cases: np.ndarray, setting: Setting
) -> Answer:
    if setting.deciders == 0:
        return NotEnoughData(5, 0, "named deciders")
    return ratio(totals, weights, cases, population=Population.LIKE_THESE)


def _middle(middle: Rows, bins: Rows, setting: Setting) -> Answer:
    """The median; a median has no jackknife, so its range needs forty deciders to redraw."""
    cases = round(float(middle.numbers("cases")[0])) if len(middle) else 0
    if cases < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, cases)
    if setting.deciders < LEAST_REDRAWN:
        return NotEnoughData(LEAST_REDRAWN, setting.deciders, "people")
    people = bins.text("decider")
    place = {who: i for i, who in enumerate(dict.fromkeys(people))}
    grid = np.arange(-100, 201)
    counts = np.zeros((len(place), len(grid)))
    rows = np.array([place[w] for w in people], dtype=np.intp)
    columns = (bins.numbers("hundredth") + 100).astype(np.intp)
    np.add.at(counts, (rows, columns), bins.numbers("cases"))
    draw = np.random.default_rng(setting.seed)
    loads = draw.multinomial(len(place), np.full(len(place), 1 / len(place)), REDRAWS)
    summed = np.cumsum(loads @ counts, axis=1)
    found = (summed < summed[:, -1:] / 2).sum(axis=1)
    value = float(middle.numbers("middle")[0])

    def around(level: float) -> Range:
        low, high = np.quantile(grid[found], [(1 - level) / 2, (1 + level) / 2]) / 100
        return Range(min(float(low), value), max(float(high) + 0.01, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=cases,
        people=len(place),
        population=Population.LIKE_THESE,
    )


def _figure(
    answer: Answer,
    groups: tuple[tuple[str, str], ...],
    *,
    word: bool = False,
    setting: Setting | None = None,
) -> Figure:
    return Figure(
        measure="weight-of-advice",
        groups=groups,
        answer=answer,
        grade=Grade.ASSOCIATION if word else Grade.DESCRIPTION,
        unit=Unit.COEFFICIENT,
        word=word_for(answer, line=setting.line, grade=Grade.ASSOCIATION)
        if word and setting is not None
        else None,
        line=setting.line if setting is not None else None,
    )


_STEPS = (
    ("advice over first view", "first_view", "advice"),
    ("choice over advice", "advice", "choice"),
    ("choice over first view", "first_view", "choice"),
)


def _added(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Mean absolute error of each step, and what a step takes off the one before.

    Source:
        Gilliland (2002), forecast value added; here in the outcome's unit.
    """
    first, advice, choice, cases = by_decider(rows, "first_view", "advice", "choice", "cases")
    sums = {"first_view": first, "advice": advice, "choice": choice}
    figures: list[Figure] = []
    for name, before, after in _STEPS:
        answer = _clustered(sums[before] - sums[after], cases, cases, setting)
        figures.append(
            Figure(
                measure="forecast-value-added",
                groups=(("step", name),),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.AMOUNT,
                word=word_for(answer, line=setting.loss_line, grade=Grade.ASSOCIATION),
            )
        )
    for name, key in (("first view", "first_view"), ("advice", "advice"), ("choice", "choice")):
        figures.append(
            Figure(
                measure="mean-absolute-error",
                groups=(("step", name),),
                answer=_clustered(sums[key], cases, cases, setting),
                grade=Grade.DESCRIPTION,
                unit=Unit.AMOUNT,
            )
        )
    return tuple(figures)


ADVICE_WEIGHT = JointMeasure(
    key="weight-of-advice",
    question="How far do choices move from the first view towards the advice?",
    needs=("choice_number", "prior_number", "advice_number"),
    queries=lambda _: {
        "weight": query("advice_weight"),
        "middle": query("advice_weight_median"),
        "bins": query("advice_weight_bins"),
    },
    join=_weight,
)
VALUE_ADDED = Measure(
    key="forecast-value-added",
    question="Does each step bring the number nearer to what came out?",
    needs=("choice_number", "prior_number", "advice_number", "outcome_number"),
    sql=query("absolute_errors"),
    estimate=_added,
)
