"""Do some groups of affected people get other decisions, or worse ones? Never by decider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.affected import Treated, gap_between, mean_of_group, treated
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE, Bounds, bounded_estimate, capped
from sayso.measure.estimators.jackknife import share
from sayso.measure.estimators.words import word_for
from sayso.measure.grouping import Team, shown_teams
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.case_inputs import CaseInput
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

NOT_RECORDED = "not recorded"
NORMAL = 1.959963984540054


def _affected(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    figures: list[Figure] = []
    for one in setting.inputs:
        if one.affected:
            mine = rows.equal("input", one.name) if len(rows) else rows
            figures += _input(one, mine, setting)
    return tuple(figures)


def _input(one: CaseInput, rows: Rows, setting: Setting) -> list[Figure]:
    if not len(rows):
        return [_gap("affected-gap", one, NotEnoughData(1, 0), setting)]
    groups, labels = _groups(one, rows, setting)
    if len(labels) < 2:
        missing = NotEnoughData(2, len(labels), "groups that may be shown")
        return [_gap("affected-gap", one, missing, setting)]
    people = _people(rows)
    cells = rows.codes("cell")[0]
    same = np.zeros(len(cells), dtype=np.intp)
    cases, totals = rows.numbers("cases"), rows.numbers("total")
    plain = treated(totals, cases, people, groups, same)
    figures = [_gap("affected-gap", one, _read(plain, setting), setting)]
    if isinstance(plain, Treated):
        figures += _means("affected-practice", one, plain, labels, setting)
        alike = treated(totals, cases, people, groups, cells)
        figures.append(_gap("affected-gap-alike", one, _read(alike, setting), setting))
    return figures + _quality(one, rows, groups, labels, people, setting)


def _groups(one: CaseInput, rows: Rows, setting: Setting) -> tuple[Places, list[str]]:
    """Groups large enough to be shown, smaller ones merged; the place of each row's."""
    code, person = rows.numbers("input_code"), rows.numbers("person")
    cases = rows.numbers("cases")
    held = np.where(np.isnan(code), -1.0, code)
    found: list[Team] = []
    names: dict[float, str] = {}
    for value in np.unique(held).tolist():
        mine = held == value
        names[value] = NOT_RECORDED if value < 0 else one.labels[int(value)]
        deciders = len(np.unique(person[mine & (rows.numbers("named") == 1.0)]))
        found.append(Team((names[value],), deciders, round(float(cases[mine].sum()))))
    shown = shown_teams(found, people=setting.minimum_people, cases=setting.minimum_cases)
    of = {name: place for place, team in enumerate(shown) for name in team.names}
    if not shown:
        return np.zeros(len(held), dtype=np.intp), []
    places = np.array([of[names[v]] for v in held.tolist()], dtype=np.intp)
    return places, [team.label for team in shown]


def _people(rows: Rows) -> Places:
    """Who decides, from 0; rows without a name are one person, so they claim little."""
    _, place = np.unique(rows.numbers("person"), return_inverse=True)
    return place.astype(np.intp)


def _read(fit: Treated | NotEnoughData, setting: Setting) -> Answer:
    if isinstance(fit, NotEnoughData):
        return fit
    return gap_between(fit, line=_line(setting))


def _line(setting: Setting) -> float | None:
    return setting.loss_line if setting.quantity else setting.line


def _gap(
    key: str,
    one: CaseInput,
    answer: Answer,
    setting: Setting,
    *,
    missing: float = 0.0,
    notes: tuple[tuple[str, float | int | str | bool], ...] = (),
) -> Figure:
    quality = key == "affected-quality-gap"
    line = setting.line if quality else _line(setting)
    word = word_for(answer, line=line, grade=Grade.DESCRIPTION)
    if missing and isinstance(answer, Estimate):
        # All missing outcomes could be wrong in one group and right in the other.
        worst = Range(max(0.0, answer.low - missing), answer.high + missing)
        word = capped(word, worst, line)
        notes = (*notes, ("worst_low", worst.low), ("worst_high", worst.high))
    return Figure(
        measure=key,
        groups=(("affected", one.name),),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.AMOUNT if setting.quantity and not quality else Unit.NET_SHARE,
        word=word,
        line=line,
        notes=notes,
    )


def _means(
    key: str, one: CaseInput, fit: Treated, labels: list[str], setting: Setting
) -> list[Figure]:
    is_share = not setting.quantity or key != "affected-practice"
    option = setting.options[0] if setting.options and key == "affected-practice" else ""
    groups = (("option", option),) if option else ()
    return [
        Figure(
            measure=key,
            groups=(("affected", one.name), ("group", label), *groups),
            answer=mean_of_group(fit, place, share=is_share),
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE if is_share else Unit.AMOUNT,
        )
        for place, label in enumerate(labels)
    ]


def _quality(
    one: CaseInput,
    rows: Rows,
    groups: Places,
    labels: list[str],
    people: Places,
    setting: Setting,
) -> list[Figure]:
    """How often choices turned out wrong for each group, with what is missing at its extremes."""
    known, wrong, matured = (rows.numbers(n) for n in ("known", "wrong", "matured"))
    if setting.quantity or float(known.sum()) == 0:
        return []
    if setting.outcome_seen_for is not None:
        figures = [_gap("affected-quality-gap", one, SEEN_AFTER_ONE, setting)]
        return figures + _bounds(one, rows, groups, labels, setting)
    used = known > 0
    count = len(labels)
    shares = np.bincount(groups, known, count) / np.maximum(np.bincount(groups, matured, count), 1)
    if len(np.unique(groups[used])) < count:
        missing = NotEnoughData(count, len(np.unique(groups[used])), "groups with known outcomes")
        return [_gap("affected-quality-gap", one, missing, setting)]
    _, place = np.unique(people[used], return_inverse=True)
    same = np.zeros(int(used.sum()), dtype=np.intp)
    fit = treated(wrong[used], known[used], place.astype(np.intp), groups[used], same)
    answer = fit if isinstance(fit, NotEnoughData) else gap_between(fit, line=setting.line)
    lost = float(np.sort(1 - shares)[-2:].sum())
    figures = [_gap("affected-quality-gap", one, answer, setting, missing=lost)]
    if isinstance(fit, Treated):
        figures += _means("affected-wrong", one, fit, labels, setting)
    return figures


def _bounds(
    one: CaseInput, rows: Rows, groups: Places, labels: list[str], setting: Setting
) -> list[Figure]:
    """How often the revealing option would turn out wrong in each group, unseen at the extremes."""
    figures: list[Figure] = []
    for place, label in enumerate(labels):
        mine = groups == place
        matured = float(rows.numbers("matured")[mine].sum())
        if matured == 0:
            continue
        wrong = float(rows.numbers("wrong")[mine].sum())
        unseen = matured - float(rows.numbers("known")[mine].sum())
        low, high = wrong / matured, (wrong + unseen) / matured
        # No share of so many cases has a larger error than one half does; people add theirs.
        least = 0.5 / matured**0.5
        down, up = _errors(rows.where(mine), setting)
        error, upper = max(least, down), max(least, up)
        figures.append(
            Figure(
                measure="affected-wrong-bounds",
                groups=(("affected", one.name), ("group", label)),
                answer=bounded_estimate(
                    Bounds(low, high, error, upper),
                    n=round(matured),
                    people=0,
                    population=Population.THESE,
                ),
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
                word=Word.CANNOT_TELL,
                notes=(("low", low), ("high", high)),
            )
        )
    return figures


def _errors(rows: Rows, setting: Setting) -> tuple[float, float]:
    """What people's own ways add to the error of either end; 0 where too few say so."""
    _, person = np.unique(rows.numbers("person"), return_inverse=True)
    wrong, known, matured = (
        np.bincount(person, rows.numbers(n)).astype(np.float64)
        for n in ("wrong", "known", "matured")
    )
    ends = [
        share(x, matured, population=setting.population) for x in (wrong, wrong + matured - known)
    ]
    low, high = ends
    return (
        (low.value - low.low) / NORMAL if isinstance(low, Estimate) else 0.0,
        (high.high - high.value) / NORMAL if isinstance(high, Estimate) else 0.0,
    )


AFFECTED = Measure(
    key="affected-gap",
    question="Do some groups of affected people get other decisions?",
    needs=("decider",),
    applies=lambda s: (
        any(one.affected for one in s.inputs) and (s.holds("choice") or s.holds("choice_number"))
    ),
    params=lambda s: {"option": s.options[0] if s.options else ""},
    sql=query("affected"),
    estimate=_affected,
    gap=Gap(
        question="Do some groups of affected people get other decisions?",
        cheapest_way="Nothing says who is affected. Name the inputs that do under `affected` in "
        "a charter; thirty cases in each group are enough.",
        measure="affected-gap",
    ),
)
