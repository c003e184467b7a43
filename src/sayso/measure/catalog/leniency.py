"""How far people who decide cases of their own lie apart on the same mix of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.leniency import (
    Assignment,
    gap_of_two,
    kinds_by_chance,
    numbers_by_chance,
)
from sayso.measure.estimators.parts import Sums, crossing
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def _leniency(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """The same at the kinds as given and at one mix of kinds, with how cases were dealt.

    Unless cases fell to people as if by chance, people may decide differently because they get
    different cases, so the grade is association.
    """
    # Who is asked again what they decided before would count twice.
    rows = rows.where((rows.numbers("again") == 0.0) & ~np.isnan(rows.numbers("person")))
    if not len(rows):
        return ()
    cases = rows.numbers("cases")
    sums = Sums(cases, rows.numbers("total") / cases, rows.numbers("m2"))
    pools, kinds = rows.codes("team")[0], rows.codes("mix", "kind")[0]
    people = rows.codes("person")[0]
    told = rows.numbers("said_cases") > 0
    said = Sums(rows.numbers("said_cases"), rows.numbers("said_mean"), rows.numbers("said_m2"))
    dealt = Assignment(
        kinds=kinds_by_chance(sums.n, pools, kinds, people),
        estimates=numbers_by_chance(said.where(told), pools[told], people[told])
        if told.any()
        else None,
    )
    grade = Grade.DESCRIPTION if dealt.as_if_by_chance else Grade.ASSOCIATION
    events = None
    if not setting.quantity:
        yes = float((sums.n * sums.mean).sum())
        events = round(yes), round(float(sums.n.sum()) - yes)
    notes: list[tuple[str, float | int | str | bool]] = [
        ("checked", dealt.checked),
        ("as_if_by_chance", dealt.as_if_by_chance),
    ]
    notes += [
        (f"p_{name}", p)
        for name, p in (("kinds", dealt.kinds), ("estimates", dealt.estimates))
        if p is not None
    ]
    line = setting.loss_line if setting.quantity else setting.line
    figures: list[Figure] = []
    mixes = [("same kinds", crossing(pools, kinds))]
    if int(kinds.max()) > 0:
        mixes.append(("as dealt", pools))
    for name, strata in mixes:
        answer = gap_of_two(sums, strata, people, events=events, line=line)
        # Kinds as dealt mix what people do with what they get, however cases fell.
        own = grade if name == "same kinds" else Grade.ASSOCIATION
        figures.append(
            Figure(
                measure="leniency",
                groups=(("mix", name),),
                answer=answer,
                grade=own,
                unit=Unit.AMOUNT if setting.quantity else Unit.NET_SHARE,
                word=word_for(answer, line=line, grade=own),
                line=line,
                notes=tuple(notes),
            )
        )
    return tuple(figures)


LENIENCY = Measure(
    key="leniency",
    question="How far apart do two people decide the same mix of cases?",
    needs=("decider",),
    applies=lambda s: (
        (s.holds("choice") or s.holds("choice_number")) and s.panel_rows == 0 and s.deciders > 1
    ),
    params=lambda s: {"option": s.options[0] if s.options else ""},
    sql=query("practice"),
    estimate=_leniency,
    gap=Gap(
        question="Would another person decide the same case differently?",
        cheapest_way="Let several people decide the same 30 cases apart; `sayso noise plan` says "
        "how many are needed and writes them out.",
        measure="leniency",
        stays_open=lambda s: s.panel_rows == 0 and s.deciders < 2,
    ),
)


__all__ = ["LENIENCY"]
