"""Are cases, choices and advice what they were, and since when not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Estimate, NotEnoughData, Range
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.change import Change, Series, changes, late_less_early
from sayso.measure.estimators.drift import Drifted, Mixes, drifted
from sayso.measure.estimators.words import holm, word_for
from sayso.measure.measure import Gap, JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Note = tuple[str, float | int | str | bool]

NET = Range(-1.0, 1.0)
MOST_OPTIONS = 5
MOST_SOURCES = 10
# For each stretch of each series; five series of a year then date nothing in 19 of 20 tables.
ALPHA = 0.005


def _drift(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    series = dict(_series(rows["series"], setting))
    sources = _sources(rows["series"])
    figures: list[Figure] = []
    dated: list[Figure] = []
    for name, one in series.items():
        figures.append(_halves(name, one, setting, _marks(one, sources)))
        dated += [
            _dated(name, change, setting, sources)
            for change in changes(
                one, alpha=ALPHA, seed=setting.seed, line=setting.line, bounds=NET
            )
        ]
    return (*figures, *dated, *_inputs(rows["inputs"]))


def _series(rows: Rows, setting: Setting) -> Iterator[tuple[str, Series]]:
    """Every series with a value in some week; weeks without cases are gaps and left out."""
    if not len(rows):
        return
    week = rows.numbers("week")
    if setting.holds("advice", "choice"):
        yield from _one("overruled", week, rows.numbers("overruled"), rows.numbers("in_view"))
    cases = rows.numbers("cases")
    options = setting.options[:1] if len(setting.options) == 2 else setting.options
    for role in ("choice", "advice"):
        if not setting.holds(role) or len(options) > MOST_OPTIONS:
            continue
        held = rows.text(role)
        known = np.array([v is not None for v in held], dtype=bool)
        for option in options:
            same = np.array([v == option for v in held], dtype=bool)
            counted = np.where(same, cases, 0.0)
            yield from _one(f"{role} {option}", week, counted, np.where(known, cases, 0.0))
    yield from _one("confidence", week, rows.numbers("stated_sum"), rows.numbers("stated"))


def _one(name: str, week: Floats, total: Floats, cases: Floats) -> Iterator[tuple[str, Series]]:
    weeks, place = np.unique(week, return_inverse=True)
    n = np.bincount(place, cases, len(weeks)).astype(np.float64)
    x = np.bincount(place, total, len(weeks)).astype(np.float64)
    if (n > 0).any():
        yield name, Series(weeks[n > 0], x[n > 0], n[n > 0])


def _sources(rows: Rows) -> tuple[tuple[str, float], ...]:
    """First week of each model that came in after the first week."""
    first: dict[str, float] = {}
    if len(rows):
        for source, week in zip(
            rows.text("advice_source"), rows.numbers("week").tolist(), strict=True
        ):
            if source is not None:
                first[source] = min(week, first.get(source, week))
    start = min(first.values(), default=0.0)
    late = sorted((week, source) for source, week in first.items() if week > start)
    return tuple((source, week) for week, source in late[:MOST_SOURCES])


def _marks(series: Series, sources: tuple[tuple[str, float], ...]) -> tuple[Note, ...]:
    span = series.week[-1] - series.week[0] + 1
    gaps = int(span) - len(series)
    notes: list[Note] = [("weeks", len(series)), ("gaps", gaps)]
    notes += [(f"source {source}", week) for source, week in sources]
    return tuple(notes)


def _halves(name: str, series: Series, setting: Setting, notes: tuple[Note, ...]) -> Figure:
    answer = late_less_early(series, line=setting.line, bounds=NET)
    return Figure(
        measure="drift",
        groups=(("series", name),),
        answer=answer,
        grade=Grade.BEFORE_AFTER,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.BEFORE_AFTER),
        line=setting.line,
        notes=notes,
    )


def _dated(
    name: str, change: Change, setting: Setting, sources: tuple[tuple[str, float], ...]
) -> Figure:
    notes: list[Note] = [
        ("week", change.week),
        ("before", change.before),
        ("after", change.after),
        ("p", change.p),
        ("wander", change.wander),
    ]
    near = [source for source, week in sources if abs(week - change.week) <= 1]
    notes += [("new_source", source) for source in near[:1]]
    return Figure(
        measure="drift-change",
        groups=(("series", name), ("week", f"{change.week:g}")),
        answer=change.answer,
        grade=Grade.BEFORE_AFTER,
        unit=Unit.NET_SHARE,
        word=word_for(change.answer, line=setting.line, grade=Grade.BEFORE_AFTER),
        line=setting.line,
        notes=tuple(notes),
    )


def _inputs(rows: Rows) -> list[Figure]:
    """How far the mix of each input moved; Holm over all inputs, since one of many always moves."""
    if not len(rows):
        return []
    found: list[tuple[str, Drifted | NotEnoughData]] = []
    names = rows.text("input")
    for name in dict.fromkeys(names):
        if name is not None:
            found.append((name, drifted(_mixes(rows.equal("input", name)))))
    kept = iter(holm([d.p for _, d in found if isinstance(d, Drifted)]))
    return [
        _input(name, one, stands=isinstance(one, Drifted) and next(kept)) for name, one in found
    ]


def _mixes(rows: Rows) -> Mixes:
    # An empty cell is a kind of its own, and NaN equals nothing, not even itself.
    held = rows.numbers("input_code")
    _, code = np.unique(np.where(np.isnan(held), -1.0, held), return_inverse=True)
    weeks, week = np.unique(rows.numbers("week"), return_inverse=True)
    late = rows.numbers("late_half") == 1.0
    halves: list[Floats] = []
    for half in (~late, late):
        counts = np.zeros((len(weeks), int(code.max()) + 1))
        np.add.at(counts, (week[half], code[half]), rows.numbers("cases")[half])
        halves.append(counts)
    return Mixes(halves[0], halves[1])


def _input(name: str, one: Drifted | NotEnoughData, *, stands: bool) -> Figure:
    if isinstance(one, NotEnoughData):
        answer, notes = one, ()
    else:
        answer = one.answer
        notes = (
            ("psi", one.raw),
            ("threshold", one.threshold),
            ("wander", one.wander),
            ("jensen_shannon_bits", one.bits),
            ("moved", one.moved),
            ("p", one.p),
        )
    word = word_for(answer, line=None, grade=Grade.BEFORE_AFTER)
    if isinstance(answer, Estimate) and not stands:
        word = Word.EITHER
    return Figure(
        measure="drift-input",
        groups=(("input", name),),
        answer=answer,
        grade=Grade.BEFORE_AFTER,
        unit=Unit.COEFFICIENT,
        word=word,
        notes=notes,
    )


DRIFT = JointMeasure(
    key="drift",
    question="Are cases, choices and advice what they were, and since when not?",
    needs=("week",),
    queries=lambda _: {"series": query("drift_series"), "inputs": query("drift_inputs")},
    join=_drift,
    gap=Gap(
        question="Since when is something different?",
        cheapest_way="The file has no dates. Add when each case was decided.",
        measure="drift",
    ),
)
