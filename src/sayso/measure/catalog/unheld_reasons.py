"""Which reasons do people give that no input of the case holds?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import share
from sayso.measure.estimators.wording import Said, Theme, themes
from sayso.measure.measure import Gap, JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

NOBODY_NAMED = CannotTell(
    "Reasons are given in words, and nobody is named, so nobody can know that three people said "
    "something alike.",
    "Keep a key for each person beside their reasons.",
)


def _unheld(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    texts = rows["reasons"]
    if not len(texts):
        return ()
    if setting.deciders == 0:
        return (_figure((), NOBODY_NAMED),)
    person, names = texts.codes("decider")
    cases = texts.numbers("cases")
    said = [
        Said(text or "", None if names[who] is None else int(who), float(n))
        for text, who, n in zip(texts.text("reason_text"), person, cases, strict=True)
    ]
    codes = [c for c in rows["codes"].text("reason_code") if c]
    known = [*codes, *setting.reasons, *setting.options, *(one.name for one in setting.inputs)]
    loads = np.bincount(person, cases, minlength=len(names)).astype(float)
    found = themes(said, known, names=[n for n in names if n])
    return tuple(_theme(theme, loads, setting) for theme in found)


def _theme(theme: Theme, loads: np.ndarray, setting: Setting) -> Figure:
    events = np.zeros(len(loads))
    for who, n in theme.cases.items():
        events[who] = n
    answer = share(events, loads, population=setting.population)
    return _figure((("theme", " ".join(theme.words)),), answer)


def _figure(groups: tuple[tuple[str, str], ...], answer: Answer) -> Figure:
    return Figure(
        measure="unheld-reasons",
        groups=groups,
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


UNHELD_REASONS = JointMeasure(
    key="unheld-reasons",
    question="Which reasons do people give that no input holds?",
    needs=("reason_text",),
    queries=lambda _: {"reasons": query("reasons_said"), "codes": query("reason_codes")},
    join=_unheld,
    gap=Gap(
        question="What do people know that no column holds?",
        cheapest_way="Leave a free line for a reason where somebody overrules; what three people "
        "say alike is shown, and nobody’s own words are.",
        measure="unheld-reasons",
        stays_open=lambda s: s.holds("advice") or s.holds("reason_code"),
    ),
)
