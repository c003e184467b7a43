"""Where the table holds no evidence: answers never tried, outcomes never seen, inputs that never vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.jackknife import share
from sayso.measure.estimators.whole import whole_share
from sayso.measure.measure import JointMeasure, Measure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.domain.answer import Answer
    from sayso.measure.case_inputs import CaseInput
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

MOST_VALUES = 5


def _support(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    found: list[Figure] = []
    cells = rows["cells"]
    if len(cells):
        one, none, cases, thin, seen = by_decider(
            cells, "one_answer", "no_outcome", "cases", "thin", "seen"
        )
        notes = (("thin", float(thin.sum()) / max(1.0, float(cases.sum()))),)
        if float(one.sum()) > 0:
            answer = share(one, cases, population=setting.population)
            found.append(_whole("outside-support", answer, notes))
        if float(none.sum()) > 0 and float(seen.sum()) > 0:
            answer = share(none, cases, population=setting.population)
            found.append(_whole("outside-outcomes", answer, notes))
    return (*found, *_values(rows["values"], setting))


def _whole(key: str, answer: Answer, notes: tuple[tuple[str, float], ...]) -> Figure:
    return Figure(
        measure=key,
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        notes=notes,
    )


def _values(rows: Rows, setting: Setting) -> list[Figure]:
    """Values of one input with one answer only, or without outcomes; the most frequent first."""
    found: list[tuple[int, Figure]] = []
    inputs = {one.name: one for one in setting.inputs}
    anywhere = float(rows.numbers("known").sum()) > 0 if len(rows) else False
    tried = _tried(rows, setting)
    for i, name in enumerate(rows.text("input") if len(rows) else ()):
        one = inputs.get(name or "")
        cases, people = (int(rows.numbers(c)[i]) for c in ("cases", "people"))
        named = setting.deciders == 0 or people >= min(setting.minimum_people, setting.deciders)
        if one is None or cases < setting.minimum_cases or not named:
            continue
        label = _label(one, int(rows.numbers("input_code")[i]))
        due, known = (int(rows.numbers(c)[i]) for c in ("due", "known"))
        option, last = (rows.text(c)[i] or "" for c in ("first_answer", "last_answer"))
        if label and name in tried and option == last:
            found.append((cases, _value("outside-support", one, label, cases, people, option)))
        elif label and anywhere and known == 0 and due >= setting.minimum_cases:
            found.append((due, _value("outside-outcomes", one, label, due, people, "")))
    found.sort(key=lambda pair: -pair[0])
    return [figure for _, figure in found[:MOST_VALUES]]


def _tried(rows: Rows, setting: Setting) -> frozenset[str | None]:
    """Inputs with a value where several answers were tried; others spell the choice itself."""
    if not len(rows):
        return frozenset()
    several = zip(
        rows.text("input"),
        rows.numbers("cases"),
        rows.text("first_answer"),
        rows.text("last_answer"),
        strict=True,
    )
    return frozenset(
        name for name, n, first, last in several if n >= setting.minimum_cases and first != last
    )


def _label(one: CaseInput, code: int) -> str:
    """What a code says; nothing for the rest of many values, which no condition names."""
    if not 0 <= code < len(one.labels):
        return ""
    rest = not one.number and code == len(one.labels) - 1 and one.labels[code] == "any other"
    return "" if rest else one.labels[code]


def _value(key: str, one: CaseInput, label: str, cases: int, people: int, option: str) -> Figure:
    answer = whole_share(cases, people=people)
    return Figure(
        measure=key,
        groups=(("input", one.name), ("value", label)),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        notes=(
            ("number", one.number),
            *((("option", option),) if option else ()),
            ("holds_low", answer.low),
            ("holds_high", 1.0),
        ),
    )


SUPPORT = JointMeasure(
    key="outside-support",
    question="In how many cases is there no evidence on any other answer?",
    needs=("choice",),
    applies=lambda s: bool(s.inputs) and not s.quantity,
    queries=lambda _: {"cells": query("support"), "values": query("support_values")},
    params=lambda s: {"least": s.minimum_cases},
    join=_support,
)


def _unseen(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Options after which no outcome was ever known, though others have theirs."""
    found: list[Figure] = []
    if not len(rows) or float(rows.numbers("closed").sum()) == 0:
        return ()
    for option in setting.options:
        part = rows.equal("choice", option)
        matured, closed = by_decider(part, "matured", "closed") if len(part) else ((), ())
        due = round(float(sum(matured)))
        people = sum(1 for name in set(part.text("decider")) if name is not None)
        if due < setting.minimum_cases or float(sum(closed)) > 0:
            continue
        answer = whole_share(due, people=people)
        found.append(
            Figure(
                measure="unseen-outcomes",
                groups=(("option", option),),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
                notes=(("holds_low", answer.low), ("holds_high", 1.0)),
            )
        )
    return tuple(found)


UNSEEN = Measure(
    key="unseen-outcomes",
    question="After which answers is it never known how they turned out?",
    needs=("choice",),
    applies=lambda s: not s.quantity and (s.holds("outcome") or s.holds("outcome_number")),
    # The same text as closure's, so that both read one scan.
    sql=query("closure"),
    estimate=_unseen,
)


def _constant(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Inputs that are the same in every case, or empty in every case."""
    found: list[Figure] = []
    for i, name in enumerate(rows.text("input")):
        cases, filled = (int(rows.numbers(c)[i]) for c in ("cases", "filled"))
        first, last = (rows.text(c)[i] for c in ("first_value", "last_value"))
        if cases < setting.minimum_cases or first != last or filled not in (0, cases):
            continue
        answer = whole_share(cases, people=setting.deciders)
        found.append(
            Figure(
                measure="constant-input",
                groups=(("input", name or ""),),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
                notes=(
                    ("value", (first or "")[:80]),
                    ("holds_low", answer.low),
                    ("holds_high", 1.0),
                ),
            )
        )
    return tuple(found)


CONSTANT = Measure(
    key="constant-input",
    question="Which inputs are the same in every case?",
    needs=(),
    sql=query("constant_inputs"),
    estimate=_constant,
)
