"""Where several people decide the same cases: how often two differ, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import skewed_range
from sayso.measure.estimators.raters import (
    fleiss_kappa,
    gwet_ac1,
    icc,
    icc_range,
    krippendorff_alpha,
    raw_agreement,
)
from sayso.measure.estimators.twins import pairs_within, share_differing
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_ROWS = 1_000_000
MOST_VALUES = 50
GROUPS = 100


def _panel(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    if not len(rows):
        return ()
    cases, people = _places(rows.text("case_id")), _places(rows.text("decider"))
    if setting.quantity:
        answers = rows.numbers("choice_number")
        values, option = np.unique(answers, return_inverse=True)
    else:
        names = rows.text("choice")
        order = {o: float(i) for i, o in enumerate(sorted({n for n in names if n}))}
        option = np.array([order[str(n)] for n in names]).astype(np.intp)
        values = np.arange(len(order), dtype=np.float64)
        answers = option.astype(np.float64)
    figures: list[Figure] = []
    if not setting.quantity:
        figures.append(_two_differ(cases, people, option, setting))
    if len(values) <= MOST_VALUES:
        figures += _coefficients(cases, option.astype(np.intp), values, setting)
    complete = _complete(answers, cases, people) if setting.quantity else None
    if complete is not None:
        figures.append(_intraclass(complete, setting))
    return tuple(figures)


def _places(names: list[str | None]) -> Places:
    found = {v: i for i, v in enumerate(dict.fromkeys(names))}
    return np.array([found[v] for v in names], dtype=np.intp)


def _two_differ(cases: Places, people: Places, option: Places, setting: Setting) -> Figure:
    count = int(people.max()) + 1
    ones = np.ones(len(cases))
    pairs = pairs_within(cases, people, option.astype(np.intp), ones, deciders=count)
    loads = np.bincount(people, ones, count).astype(np.float64)
    answer = share_differing(pairs, loads, population=Population.LIKE_THESE)
    return Figure(
        measure="two-differ",
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.DESCRIPTION),
        line=setting.line,
    )


def _coefficients(cases: Places, option: Places, values: Floats, setting: Setting) -> list[Figure]:
    """Agreement beyond chance, its range by leaving out a group of cases at a time."""
    counts = np.zeros((int(cases.max()) + 1, len(values)))
    np.add.at(counts, (cases, option), 1)
    level = "interval" if setting.quantity else "nominal"
    wanted: list[tuple[str, Callable[[Floats], float]]] = [
        ("krippendorff-alpha", lambda c: krippendorff_alpha(c, values, level))
    ]
    if not setting.quantity:
        wanted += [("raw-agreement", raw_agreement), ("gwet-ac1", gwet_ac1)]
        if np.all(counts.sum(1) == counts[0].sum()):
            wanted.append(("fleiss-kappa", lambda c: fleiss_kappa(c).kappa))
    return [
        Figure(
            measure=key,
            answer=_by_case(counts, function, setting),
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE if key == "raw-agreement" else Unit.COEFFICIENT,
        )
        for key, function in wanted
    ]


def _by_case(counts: Floats, function: Callable[[Floats], float], setting: Setting) -> Answer:
    if len(counts) < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, len(counts))
    if int((counts.sum(0) > 0).sum()) < 2:
        return NotEnoughData(2, 1, "different answers")
    group = np.arange(len(counts)) % min(GROUPS, len(counts))
    left = np.array([function(counts[group != g]) for g in range(int(group.max()) + 1)])
    if not np.all(np.isfinite(left)):
        return NotEnoughData(2, 1, "different answers in every part")
    value = function(counts)

    def around(level: float) -> Range:
        found = skewed_range(value, left, level=level)
        low, high = max(-1.0, found.low), min(1.0, found.high)
        return Range(min(low, value), max(high, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=round(float(counts.sum())),
        people=setting.deciders,
        population=Population.THESE,
    )


def _complete(answers: Floats, cases: Places, people: Places) -> Floats | None:
    """The table of cases by people, where everyone answered every case."""
    _, case = np.unique(cases, return_inverse=True)
    _, person = np.unique(people, return_inverse=True)
    shape = (int(case.max()) + 1, int(person.max()) + 1)
    if len(answers) != shape[0] * shape[1] or min(shape) < 2:
        return None
    table = np.full(shape, np.nan)
    table[case, person] = answers
    return table if not np.isnan(table).any() else None


def _intraclass(table: Floats, setting: Setting) -> Figure:
    answer: Answer = NotEnoughData(setting.minimum_people, table.shape[1], "people")
    if table.shape[1] >= max(3, setting.minimum_people):
        value = icc(table).two_1

        def around(level: float) -> Range:
            found = icc_range(table, level=level)
            return Range(min(found.low, value), max(found.high, value))

        answer = Estimate(
            value=value,
            r95=around(0.95),
            r90=around(0.90),
            r50=around(0.50),
            n=table.size,
            people=table.shape[1],
            population=setting.population,
        )
    return Figure(
        measure="icc",
        groups=(("form", "2,1"),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.COEFFICIENT,
    )


PANEL = Measure(
    key="two-differ",
    question="How often do two people decide the same case differently?",
    needs=("case_id", "decider"),
    applies=lambda s: s.panel_rows <= MOST_ROWS and (s.panel_rows > 0 or s.holds("repeat_of")),
    sql=query("panel"),
    estimate=_panel,
)
