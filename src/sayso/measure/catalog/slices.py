"""In which kinds of case is advice overruled, wrong and followed, or worse than people?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.case_inputs import EMPTY, CaseInput, unpacked
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE
from sayso.measure.estimators.slices import (
    Held,
    Slice,
    held,
    in_slice,
    kept_by_share,
    search,
    without_repeats,
)
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint8]

LEAST_PEOPLE = 10
LEAST_PART = 0.01
MOST_CASES = 2e6
SEARCHED = 10
TRIED = 5
# What is searched for, among which cases, and whether outcomes must be known.
TARGETS: tuple[tuple[str, str, str, bool], ...] = (
    ("overruled", "overruled", "cases", False),
    ("wrong and followed", "wrong_followed", "known", True),
    ("advice worse", "advice_worse", "known", True),
    ("choice worse", "choice_worse", "known", True),
)


def _slices(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Found in one half of the people, held in the other, and kept by Benjamini and Hochberg."""
    watched = [one for one in setting.inputs if one.watched]
    if not len(rows):
        return (_none("overruled", NotEnoughData(1, 0, "cases with advice in view")),)
    people = setting.deciders
    if people < LEAST_PEOPLE:
        return (_none("overruled", NotEnoughData(LEAST_PEOPLE, people, "people")),)
    # Every step-th person is read; those with odd numbers are the half in which slices are held.
    other_half = (people // int(rows.numbers("step")[0]) + 1) // 2
    codes = unpacked(rows.numbers("packed"), len(watched))
    fold = rows.numbers("fold")
    figures: list[Figure] = []
    tried: list[tuple[str, Slice, Held]] = []
    for target, errors, among, outcomes in TARGETS:
        if outcomes and setting.outcome_seen_for is not None:
            figures.append(_none(target, SEEN_AFTER_ONE))
            continue
        x, n = rows.numbers(errors), rows.numbers(among)
        if float(n.sum()) == 0:
            continue
        found = _found(codes, x, n, fold, setting)
        if not found:
            few = min(float(x.sum()), float((n - x).sum()))
            if few < LEAST_PEOPLE:
                figures.append(_none(target, NotEnoughData(10, int(few), "cases of this kind")))
        for one in found:
            got = _held(one, codes, x, n, fold, setting, other_half)
            if isinstance(got, Held):
                tried.append((target, one, got))
            else:
                figures.append(_refused(target, one, watched, got))
    kept = kept_by_share([got.p for _, _, got in tried])
    for (target, one, got), stands in zip(tried, kept, strict=True):
        figures.append(_figure(target, one, got, watched, setting, stands=stands))
    first = _headline(figures)
    return (first, *(f for f in figures if f is not first))


def _found(
    codes: Codes, errors: Floats, cases: Floats, fold: Floats, setting: Setting
) -> tuple[Slice, ...]:
    """The worst kinds of case among the even groups of people."""
    mine = (fold % 2 == 0) & (cases > 0)
    total = float(cases[mine].sum())
    if total == 0:
        return ()
    least = max(setting.minimum_cases, int(np.ceil(LEAST_PART * total)))
    found = search(
        codes[mine], errors[mine], least=least, most=SEARCHED, terms=2, cases=cases[mine]
    )
    return without_repeats(found, codes[mine], cases[mine])[:TRIED]


def _held(
    one: Slice,
    codes: Codes,
    errors: Floats,
    cases: Floats,
    fold: Floats,
    setting: Setting,
    people: int,
) -> Held | NotEnoughData:
    """The same kind of case among the odd groups of people."""
    other = fold % 2 == 1
    inside = in_slice(one, codes) & other
    groups = np.unique(fold[other], return_inverse=True)[1]
    count = int(groups.max()) + 1 if len(groups) else 0
    within = inside[other]

    def by_group(values: Floats, rows: NDArray[np.bool_]) -> Floats:
        return np.bincount(groups[rows], values[other][rows], count).astype(np.float64)

    if float(cases[inside].sum()) < setting.minimum_cases:
        have = round(float(cases[inside].sum()))
        return NotEnoughData(setting.minimum_cases, have, "cases of this kind")
    return held(
        (by_group(errors, within), by_group(cases, within)),
        (by_group(errors, ~within), by_group(cases, ~within)),
        line=setting.line,
        people=people,
    )


def where(one: Slice, watched: list[CaseInput]) -> str:
    """A slice in words: "colour: red; amount: over 10 to 20"."""
    parts: list[str] = []
    for place, code in one.terms:
        label = "empty" if code == EMPTY else watched[place].coarse[code]
        parts.append(f"{watched[place].name}: {label}")
    return "; ".join(parts)


def _figure(
    target: str,
    one: Slice,
    got: Held,
    watched: list[CaseInput],
    setting: Setting,
    *,
    stands: bool,
) -> Figure:
    word = word_for(got.apart, line=setting.line, grade=Grade.ASSOCIATION)
    if isinstance(got.apart, Estimate) and not stands:
        word = Word.EITHER
    return Figure(
        measure="slice",
        groups=(("target", target), ("where", where(one, watched))),
        answer=got.apart,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=word,
        line=setting.line,
        notes=(
            ("inside", got.inside),
            ("outside", got.outside),
            ("p", got.p),
            ("stands", stands),
            ("found_score", one.score),
            ("found_cases", one.cases),
        ),
    )


def _refused(target: str, one: Slice, watched: list[CaseInput], missing: NotEnoughData) -> Figure:
    return Figure(
        measure="slice",
        groups=(("target", target), ("where", where(one, watched))),
        answer=missing,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=Word.NOT_YET,
    )


def _none(target: str, answer: NotEnoughData | CannotTell) -> Figure:
    return Figure(
        measure="slice",
        groups=(("target", target),),
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=Word.CANNOT_TELL if isinstance(answer, CannotTell) else Word.NOT_YET,
    )


def _headline(figures: list[Figure]) -> Figure:
    """The one that stands and differs most; else whatever was said first."""
    if not figures:
        return _none("any", NotEnoughData(1, 0, "kinds of case that are worse than the rest"))
    standing = [f for f in figures if f.note("stands") is True and f.estimate is not None]
    return max(standing, key=lambda f: f.estimate.low if f.estimate else 0.0, default=figures[0])


SLICES = Measure(
    key="slice",
    question="In which kinds of case is advice overruled, wrong and followed, or worse?",
    needs=("advice", "choice", "decider"),
    applies=lambda s: not s.quantity and any(one.watched for one in s.inputs),
    sql=query("slices"),
    params=lambda _: {"most": MOST_CASES},
    estimate=_slices,
)
