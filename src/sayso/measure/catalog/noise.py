"""How noisy the same cases are: by level, pattern and occasion, what two differ by, what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import (
    Answer,
    CannotTell,
    Estimate,
    NotEnoughData,
    Range,
)
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import ratio, share
from sayso.measure.estimators.mean_squares import chi_squared, degrees_of, jackknifed
from sayso.measure.estimators.noise import Noise, noise
from sayso.measure.estimators.pairs import cost_of_differing, distance_of_two
from sayso.measure.measure import JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_OPTIONS = 12
MOST_ROWS = 1_000_000
FEW_REPEATS = CannotTell(
    "No case was shown again to the same person.",
    "Show a few cases twice, some days apart; `sayso noise plan` does.",
)


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"panel": query("panel")}
    return wanted | {"repeats": query("repeats")} if setting.holds("repeat_of") else wanted


def _noise(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    again = _again(rows["repeats"], setting) if "repeats" in rows else []
    panel = rows["panel"]
    if not len(panel):
        return tuple(again)
    cases, people = panel.codes("case_id")[0], panel.codes("decider")[0]
    if setting.quantity:
        answers = panel.numbers("choice_number")[:, None]
        two = distance_of_two(answers[:, 0], cases, people, population=setting.population)
        made = noise(answers, cases, people, population=setting.population)
        return (
            *_parts(made, again, setting),
            *_variances(made, 1.0),
            _figure("two-apart", two, Unit.AMOUNT),
            *again,
        )
    option = panel.codes("choice")[0]
    options = int(option.max()) + 1
    if options > MOST_OPTIONS:
        return tuple(again)
    columns = (option[:, None] == np.arange(options)[None, :]).astype(np.float64)
    # With two options both columns say the same, so one stands for both.
    made = noise(
        columns[:, :1] if options == 2 else columns,
        cases,
        people,
        population=setting.population,
        chosen=True,
    )
    if isinstance(made, Noise) and options == 2:
        made = _scaled(made, 2.0)
    figures = [*_parts(made, again, setting), *_variances(made, 0.5), *again]
    labels = panel.codes("choice")[1]
    costs = dict(setting.costs)
    if setting.loss_unit and all(label in costs for label in labels):
        stakes = np.array([costs[str(label)] for label in labels])[option]
        cost = cost_of_differing(option, stakes, cases, people, population=setting.population)
        figures.append(_figure("noise-cost", cost, Unit.MONEY))
    return tuple(figures)


def _parts(
    made: Noise | NotEnoughData | CannotTell, again: list[Figure], setting: Setting
) -> list[Figure]:
    """Of pairs of people on one case, how many differ, by where it comes from.

    For options the parts are shares of pairs and sum to how often two differ: exact for the raw
    parts of a complete table and two different people, near otherwise (RULINGS 20). For a
    quantity they are standard deviations, which do not sum.
    """
    if not isinstance(made, Noise):
        return [_figure("noise-differ", made, Unit.SHARE, part="system")]
    occasion = next((f.estimate for f in again if f.measure == "repeat-differ"), None)
    parts: list[tuple[str, Answer]] = [
        ("system", made.system),
        ("level", made.level),
        ("pattern", made.pattern),
    ]
    if isinstance(made.pattern, Estimate) and occasion is not None and not setting.quantity:
        parts += [("occasion", occasion), ("own pattern", _less(made.pattern, occasion))]
    if setting.quantity:
        spread = next((f.estimate for f in again if f.measure == "noise-occasion"), None)
        if isinstance(made.pattern, Estimate) and spread is not None:
            parts += [("occasion", spread), ("own pattern", _less(made.pattern, spread))]
        parts = [(name, _root(answer)) for name, answer in parts]
    notes: tuple[tuple[str, float | int | str | bool], ...] = (
        ("method", made.method),
        ("complete", made.complete),
    )
    if made.level_raw is not None:
        notes = (*notes, ("raw", made.level_raw))
    key = "noise-apart" if setting.quantity else "noise-differ"
    unit = Unit.AMOUNT if setting.quantity else Unit.SHARE
    return [
        replace(_figure(key, _within(answer, setting), unit, part=name), notes=notes)
        for name, answer in parts
    ]


def _variances(made: Noise | NotEnoughData | CannotTell, factor: float) -> list[Figure]:
    """The same as variances; of options, half of what two people differ by."""
    if not isinstance(made, Noise):
        return [_figure("noise-system", made, Unit.COEFFICIENT)]
    raw = () if made.level_raw is None else (("raw", factor * made.level_raw),)
    return [
        replace(
            _figure(f"noise-{name}", _times(answer, factor), Unit.COEFFICIENT),
            notes=(("method", made.method), *(raw if name == "level" else ())),
        )
        for name, answer in (
            ("system", made.system),
            ("level", made.level),
            ("pattern", made.pattern),
            ("case", made.case),
        )
    ]


def _again(rows: Rows, setting: Setting) -> list[Figure]:
    """How often, or how far, one person differs from themselves."""
    if not len(rows):
        return [_figure("repeat-differ", FEW_REPEATS, Unit.SHARE)]
    if setting.quantity:
        freedom = rows.numbers("freedom")
        answer = _of_one(rows.numbers("m2"), freedom)
        return [_figure("noise-occasion", answer, Unit.COEFFICIENT)]
    pairs, differing = rows.numbers("pairs"), rows.numbers("differing")
    answer = share(differing, pairs, population=setting.population)
    return [
        _figure("repeat-differ", answer, Unit.SHARE),
        _figure("noise-occasion", _times(answer, 0.5), Unit.COEFFICIENT),
    ]


def _of_one(m2: Floats, freedom: Floats) -> Answer:
    """Variance of a person's answers to one case; its range is a mean square's, by people."""
    found = ratio(m2, freedom, freedom, bounds=Range(0.0, float("inf")))
    if not isinstance(found, Estimate):
        return found
    m2, freedom = m2[freedom > 0], freedom[freedom > 0]
    left = (m2.sum() - m2) / (freedom.sum() - freedom)
    degrees = degrees_of(found.value, jackknifed(left), float(freedom.sum()))

    def around(level: float) -> Range:
        low, high = chi_squared(found.value, degrees, level)
        return Range(min(low, found.value), max(high, found.value))

    return replace(found, r95=around(0.95), r90=around(0.90), r50=around(0.50))


def _figure(key: str, answer: Answer, unit: Unit, **groups: str) -> Figure:
    return Figure(
        measure=key,
        groups=tuple(groups.items()),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=unit,
    )


def _scaled(made: Noise, factor: float) -> Noise:
    return replace(
        made,
        level=_times(made.level, factor),
        pattern=_times(made.pattern, factor),
        system=_times(made.system, factor),
        case=_times(made.case, factor),
        level_raw=None if made.level_raw is None else factor * made.level_raw,
    )


def _times(answer: Answer, factor: float) -> Answer:
    def scaled(of: Range) -> Range:
        return Range(factor * of.low, factor * of.high)

    if not isinstance(answer, Estimate):
        return answer
    return _changed(answer, factor * answer.value, scaled)


def _root(answer: Answer) -> Answer:
    """A standard deviation from a variance."""
    if not isinstance(answer, Estimate):
        return answer
    return _changed(
        answer, answer.value**0.5, lambda of: Range(max(0.0, of.low) ** 0.5, of.high**0.5)
    )


def _within(answer: Answer, setting: Setting) -> Answer:
    """A share cannot pass 1."""
    if setting.quantity or not isinstance(answer, Estimate):
        return answer
    return _changed(
        answer, min(answer.value, 1.0), lambda of: Range(min(of.low, 1.0), min(of.high, 1.0))
    )


def _less(whole: Estimate, part: Estimate) -> Answer:
    """What is left of a part; each end as far away as both ends put it, added in squares."""
    value = max(0.0, whole.value - part.value)

    def left(one: Range, other: Range) -> Range:
        down = np.hypot(whole.value - one.low, other.high - part.value)
        up = np.hypot(one.high - whole.value, part.value - other.low)
        centre = whole.value - part.value
        low, high = max(0.0, centre - float(down)), max(0.0, centre + float(up))
        return Range(min(low, value), max(high, value))

    return replace(
        whole,
        value=value,
        r95=left(whole.r95, part.r95),
        r90=left(whole.r90, part.r90),
        r50=left(whole.r50, part.r50),
        events=None,
        non_events=None,
        p_line=None,
    )


def _changed(answer: Estimate, value: float, ends: _Ends) -> Estimate:
    return replace(
        answer,
        value=value,
        r95=ends(answer.r95),
        r90=ends(answer.r90),
        r50=ends(answer.r50),
        p_line=None,
    )


NOISE = JointMeasure(
    key="noise-differ",
    question="Where does it come from that two people decide the same case differently?",
    needs=("case_id", "decider"),
    applies=lambda s: (
        (s.holds("choice") or s.holds("choice_number"))
        and s.panel_rows <= MOST_ROWS
        and (s.panel_rows > 0 or s.holds("repeat_of"))
    ),
    queries=_queries,
    join=_noise,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    _Ends = Callable[[Range], Range]
