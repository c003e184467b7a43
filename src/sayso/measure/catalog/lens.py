"""For each input: is it used, is it useful; and what a model of the choices would achieve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.follows import (
    LEAST_PEOPLE_PICKED,
    LEAST_VIEWS,
    MOST_CASES,
    MOST_CASES_LOOKED_AT,
    associated,
)
from sayso.measure.estimators.policy import (
    group_products,
    lens,
    policies,
    pooled,
    wald,
    weights_from,
)
from sayso.measure.estimators.replicates import from_replicates, groups_of
from sayso.measure.estimators.signals import filled, levels, varying
from sayso.measure.estimators.words import holm, word_for
from sayso.measure.input_columns import watched, with_inputs
from sayso.measure.measure import JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_A_COLUMN = 10
# Fits of a few people's cases: without these the ranges held in 90 to 93 of 100.
FEW_PEOPLE, SPREAD = 1.1, 1.6
USED_USEFUL = "used and useful"
USED_USELESS = "used, not useful"
UNUSED_USEFUL = "useful, not used"
NEITHER = "neither"
OTHER_WAY = "used the other way round"
UNCLEAR = "not clear"


@dataclass(frozen=True, slots=True)
class _Judged:
    """Choices and what was right, with inputs by name."""

    names: tuple[str, ...]
    columns: tuple[Floats, ...]
    answers: tuple[tuple[str, Floats], ...]
    came: Floats
    people: Places
    group: Places

    @property
    def x(self) -> Floats:
        return np.column_stack(self.columns)


def _lens(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    kept = rows["lens"]
    judged = _judged(kept, setting)
    if isinstance(judged, NotEnoughData):
        return (associated("lens-achievement", judged, (("of", "choice"),)),)
    figures: list[Figure] = []
    for of, y in judged.answers:
        figures += _parts(judged, of, y, setting)
    figures += _cues(judged, setting)
    return tuple(figures)


def _judged(rows: Rows, setting: Setting) -> _Judged | NotEnoughData:
    if not len(rows):
        return NotEnoughData(setting.minimum_cases, 0, "known outcomes")
    answers: list[tuple[str, Floats]]
    if setting.quantity:
        came, chosen = rows.numbers("outcome_number"), rows.numbers("choice_number")
        first = rows.numbers("prior_number")
    else:
        option = setting.options[0]
        is_first = np.array([c == option for c in rows.text("choice")])
        right = rows.numbers("choice_right") == 1.0
        came = (is_first == right).astype(np.float64)
        chosen = is_first.astype(np.float64)
        first = np.array(
            [np.nan if p is None else float(p == option) for p in rows.text("prior")]
        )  # fmt: skip
    answers = [("choice", chosen)]
    # A lens compares like with like only over the same cases.
    if int(np.isfinite(first).sum()) >= max(LEAST_VIEWS, len(first) - 1):
        answers.append(("first view", filled(first)))
    names: list[str] = []
    columns: list[Floats] = []
    for i, one in enumerate(watched(setting.inputs)):
        raw = (
            [filled(rows.numbers(f"number_{i}"))] if one.number else levels(rows.text(f"input_{i}"))
        )
        found = varying(raw)
        if found is not None:
            names.append(one.name)
            columns.append((found - found.mean(axis=0)) / found.std(axis=0))
    if not columns:
        return NotEnoughData(1, 0, "inputs that vary")
    width = sum(c.shape[1] for c in columns)
    need = max(setting.minimum_cases, LEAST_A_COLUMN * (1 + width))
    if len(rows) < need:
        return NotEnoughData(need, len(rows), "known outcomes")
    for y in (came, chosen):
        least = float(min((y == y.min()).sum(), (y != y.min()).sum()))
        if not setting.quantity and least < LEAST_A_COLUMN:
            return NotEnoughData(LEAST_A_COLUMN, round(least), "cases of a second kind")
    people = rows.codes("who")[0]
    group = groups_of(people, len(rows), setting.population)
    return _Judged(tuple(names), tuple(columns), tuple(answers), came, people, group)


_PARTS = (
    ("lens-achievement", "achievement"),
    ("lens-world", "world"),
    ("lens-consistency", "consistency"),
    ("lens-knowledge", "knowledge"),
    ("lens-unmodelled", "unmodelled"),
    ("lens-model", "model"),
)


def _parts(judged: _Judged, of: str, y: Floats, setting: Setting) -> list[Figure]:
    """The lens equation, and what the model of the choices achieves less the choices."""
    table = np.column_stack([judged.x, y, judged.came])
    found = [lens(products) for products in group_products(table, judged.group)]
    if any(f is None for f in found):
        never = NotEnoughData(1, 0, "inputs that tell both choice and outcome")
        return [associated("lens-achievement", never, (("of", of),))]
    known = [f for f in found if f is not None]
    figures: list[Figure] = []
    for key, name in _PARTS:
        values = np.array([float(getattr(f, name)) for f in known])
        answer = _correlation(judged, values, setting, near_one=name == "knowledge")
        figures.append(associated(key, answer, (("of", of),)))
    gain = np.array([f.model - f.achievement for f in known])
    answer = _answer(judged, gain, setting, Range(-2.0, 2.0))
    figures.append(associated("lens-model-gain", answer, (("of", of),)))
    return figures


def _correlation(judged: _Judged, values: Floats, setting: Setting, *, near_one: bool) -> Answer:
    """A correlation's range where its spread does not depend on its size: Fisher's z.

    Source:
        Fisher (1921), Metron 1:3-32.
    """
    edge = 1 - 1e-9
    turned = np.arctanh(np.clip(values, -edge, edge))
    found = _answer(judged, turned, setting, None)
    if not isinstance(found, Estimate):
        return found
    value = float(values[0])
    # Weights that chance made unlike look less alike than they are, and never more than wholly:
    # near 1 the upper end is also that of the value without what leaving people out adds to it.
    raw = _answer(judged, values, setting, None)
    drawn_down = (len(values) - 1) * (float(values[1:].mean()) - value) if len(values) > 1 else 0.0

    def back(span: Range, plain: Range) -> Range:
        low, high = float(np.tanh(span.low)), float(np.tanh(span.high))
        if near_one:
            high = max(high, min(1.0, plain.high - min(0.0, drawn_down)))
        return Range(min(low, value), max(high, value))

    if not isinstance(raw, Estimate):
        return raw

    return Estimate(
        value=value,
        r95=back(found.r95, raw.r95),
        r90=back(found.r90, raw.r90),
        r50=back(found.r50, raw.r50),
        n=found.n,
        people=found.people,
        population=found.population,
    )


@dataclass(frozen=True, slots=True)
class _Weight:
    """What one input moves when it differs by its usual amount, and whether that is not 0."""

    answer: Answer
    p: float
    signed: bool


def _cues(judged: _Judged, setting: Setting) -> list[Figure]:
    """Each input's weight in the choices and in what came out, and which of five kinds it is.

    Holm holds the family of all inputs, used and useful together, at 5 %.
    """
    line = _line(judged, setting)
    used = _weights(judged, judged.answers[0][1], setting, line)
    useful = _weights(judged, judged.came, setting, line)
    there = holm([w.p for w in (*used, *useful)])
    unit = Unit.AMOUNT if setting.quantity else Unit.NET_SHARE
    figures: list[Figure] = []
    spreads = _disagreement(judged, setting)
    for i, name in enumerate(judged.names):
        kind = _kind(used[i], useful[i], there[i], there[len(used) + i], line)
        group = (("input", name),)
        figures += [
            replace(
                associated("input-used", used[i].answer, group, unit=unit, notes=(("kind", kind),)),
                word=word_for(used[i].answer, line=line, grade=Grade.ASSOCIATION),
                line=line,
            ),
            associated("input-useful", useful[i].answer, group, unit=unit, notes=(("kind", kind),)),
        ]
    return figures + spreads


def _line(judged: _Judged, setting: Setting) -> float:
    """The smallest weight that matters: the charter's line, or 5 in 100 of the mean quantity."""
    if not setting.quantity:
        return setting.line
    return setting.line * float(np.abs(judged.answers[0][1]).mean())


def _weights(judged: _Judged, y: Floats, setting: Setting, line: float) -> list[_Weight]:
    """For a number what one standard deviation more goes with; for categories the spread."""
    every = weights_from(group_products(np.column_stack([judged.x, y]), judged.group))
    found: list[_Weight] = []
    place = 0
    for columns in judged.columns:
        width = columns.shape[1]
        part = slice(place, place + width)
        place += width
        weights = every[:, part]
        sizes: Floats = weights[:, 0]
        if width > 1:
            spread = np.cov(columns, rowvar=False)
            sizes = np.sqrt(np.maximum(np.einsum("gi,ij,gj->g", weights, spread, weights), 0.0))
        bounds = None if width == 1 else Range(0.0, float("inf"))
        answer = _answer(judged, sizes, setting, bounds, line=line)
        found.append(_Weight(answer, wald(weights[0], weights[1:]), width == 1))
    return found


def _kind(used: _Weight, useful: _Weight, is_used: bool, is_useful: bool, line: float) -> str:
    """Which kind an input is; "not" needs a range inside the line, never a missing proof."""
    a, b = used.answer, useful.answer
    if not isinstance(a, Estimate) or not isinstance(b, Estimate):
        return UNCLEAR
    small_use, small_worth = a.r95.inside(line), b.r95.inside(line)
    match (is_used and not small_use, is_useful and not small_worth):
        case (True, True):
            return USED_USEFUL if not used.signed or a.value * b.value > 0 else OTHER_WAY
        case (True, False) if small_worth:
            return USED_USELESS
        case (False, True) if small_use:
            return UNUSED_USEFUL
        case (False, False) if small_use and small_worth:
            return NEITHER
        case _:
            return UNCLEAR


def _disagreement(judged: _Judged, setting: Setting) -> list[Figure]:
    """How far people's weights lie apart, pooled; nobody's own weights leave the estimator."""
    if setting.deciders < 2:
        return []
    of = policies(judged.x, judged.answers[0][1], judged.people)
    whole = pooled(of)
    if isinstance(whole, NotEnoughData):
        return [associated("policy-spread", whole)]
    group_of = np.zeros(int(judged.people.max()) + 1, dtype=np.intp)
    group_of[judged.people] = judged.group
    spreads = [whole.policy]
    for g in range(int(judged.group.max()) + 1):
        rest = pooled(of, group_of[of.of] != g)
        if isinstance(rest, NotEnoughData):
            return [associated("policy-spread", NotEnoughData(whole.people + 1, whole.people))]
        spreads.append(rest.policy)
    unit = Unit.AMOUNT if setting.quantity else Unit.NET_SHARE
    # Ranges are those of the variance: a root near 0 looks as if it were surely more than that.
    answer = _root(
        _answer(judged, np.array(spreads), setting, Range(0.0, float("inf")), wider=SPREAD)
    )
    notes = (("people", whole.people),)
    return [associated("policy-spread", answer, unit=unit, notes=notes)]


def _root(answer: Answer) -> Answer:
    if not isinstance(answer, Estimate):
        return answer

    def root(span: Range) -> Range:
        return Range(span.low**0.5, span.high**0.5)

    return replace(
        answer,
        value=answer.value**0.5,
        r95=root(answer.r95),
        r90=root(answer.r90),
        r50=root(answer.r50),
    )


def _answer(
    judged: _Judged,
    values: Floats,
    setting: Setting,
    bounds: Range | None,
    *,
    line: float | None = None,
    wider: float = FEW_PEOPLE,
) -> Answer:
    return from_replicates(
        values,
        judged.group,
        judged.people,
        population=setting.population,
        bounds=bounds,
        line=line,
        wider=wider,
    )


def _readable(setting: Setting) -> bool:
    """Whether inputs, choices and what was right after either option are known."""
    if not watched(setting.inputs) or setting.outcome_seen_for is not None:
        return False
    if setting.quantity:
        return setting.holds("choice_number", "outcome_number")
    return len(setting.options) == 2 and setting.holds("choice", "choice_right")


LENS = JointMeasure(
    key="lens-achievement",
    question="Which inputs are used, which are useful, and what would a model of choices achieve?",
    needs=(),
    applies=_readable,
    queries=lambda s: {"lens": with_inputs(query("lens"), watched(s.inputs))},
    params=lambda s: {
        "seed": str(s.seed),
        "people": LEAST_PEOPLE_PICKED,
        "wide": MOST_CASES_LOOKED_AT,
        "most": MOST_CASES,
    },
    join=_lens,
)
