"""Would another team decide the same alike cases differently? Practice, never quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.gaps import (
    Adjusted,
    Standardised,
    adjusted,
    differing_pairs,
    root_mean_square_gap,
)
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.grouping import Team, shown_teams
from sayso.measure.measure import Gap, Measure, query

if TYPE_CHECKING:
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


# Teams that never decide the same kind of case differ in practice or in mix: nobody can say.
_NOTHING_ALIKE = CannotTell(
    "Some teams share no alike cases with the others, so what they do and what they get cannot "
    "be told apart.",
    "Say in a charter which cases count as alike, by fewer or coarser inputs.",
)


def _gap(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    rows = rows.where(np.array([name is not None for name in rows.text("team")], dtype=bool))
    if not len(rows) or setting.deciders == 0:
        return ()
    team, names = rows.codes("team")
    cell, _ = rows.codes("mix")
    cases, totals = rows.numbers("cases"), rows.numbers("total")
    # A decider counts once in each team, and not at all where nobody is named.
    numbers = rows.numbers("person")
    unnamed = np.isnan(numbers)
    person = np.where(unnamed, 0.0, numbers).astype(np.intp)
    everyone = int(person.max()) + 1
    member, place = np.unique(team * everyone + person, return_inverse=True)
    named = np.zeros(len(member), dtype=bool)
    named[place[~unnamed]] = True
    size = np.bincount(member[named] // everyone, minlength=len(names))
    loads = np.bincount(team, cases, len(names))
    found = [
        Team((str(name),), int(size[i]), round(float(loads[i]))) for i, name in enumerate(names)
    ]
    groups = shown_teams(found, people=setting.minimum_people, cases=setting.minimum_cases)
    if not groups:
        return (_team_gap(NotEnoughData(2, 0, "teams that may be shown"), setting),)
    of = {name: g for g, group in enumerate(groups) for name in group.names}
    merged = np.array([of[str(name)] for name in names], dtype=np.intp)[team]
    # Somebody who works in two of the merged teams is one person of the group.
    _, own = np.unique(merged * everyone + person, return_inverse=True)
    made = adjusted(totals, cases, own.astype(np.intp), merged, cell)
    if made is None:
        return (_team_gap(_NOTHING_ALIKE, setting),)
    least = min(one.people for one in made.groups)
    if least < setting.minimum_people:
        # Teams that share people merged into fewer persons than their sum. Showing the others
        # would leave these to be found by subtraction, so none is shown.
        return (_team_gap(NotEnoughData(setting.minimum_people, least, "people"), setting),)
    return _figures(groups, made, setting)


def _figures(groups: tuple[Team, ...], fit: Adjusted, setting: Setting) -> tuple[Figure, ...]:
    line = setting.loss_line if setting.quantity else setting.line
    made = fit.groups
    gap: Answer = root_mean_square_gap(made, line=line, covariance=fit.covariance)
    option = "" if setting.quantity else setting.options[0]
    pairs = differing_pairs(made, covariance=fit.covariance)
    notes = (("pairs_differ", pairs), ("pairs", len(made) * (len(made) - 1) // 2))
    figures = [_team_gap(gap, setting, notes)]
    for group, one in zip(groups, made, strict=True):
        figures.append(
            Figure(
                measure="team-practice",
                groups=(("team", group.label), ("option", option)),
                answer=_practice(one, setting),
                grade=Grade.DESCRIPTION,
                unit=Unit.AMOUNT if setting.quantity else Unit.SHARE,
            )
        )
    return tuple(figures)


def _team_gap(gap: Answer, setting: Setting, notes: tuple[tuple[str, int], ...] = ()) -> Figure:
    line = setting.loss_line if setting.quantity else setting.line
    return Figure(
        measure="team-gap",
        answer=gap,
        grade=Grade.DESCRIPTION,
        unit=Unit.AMOUNT if setting.quantity else Unit.NET_SHARE,
        word=word_for(gap, line=line, grade=Grade.DESCRIPTION),
        line=line,
        notes=notes,
    )


def _practice(one: Standardised, setting: Setting) -> Answer:
    if one.people < setting.minimum_people:
        return NotEnoughData(setting.minimum_people, one.people, "people")
    return t_estimate(
        one.mean,
        one.variance**0.5,
        one.people - 1 if one.freedom is None else one.freedom,
        n=one.cases,
        people=one.people,
        population=Population.LIKE_THESE,
        bounds=None if setting.quantity else Range(0.0, 1.0),
    )


TEAM_GAP = Measure(
    key="team-gap",
    question="How far apart do two teams decide alike cases?",
    needs=("team", "decider"),
    applies=lambda s: s.holds("choice") or s.holds("choice_number"),
    params=lambda s: {"option": s.options[0] if s.options else ""},
    sql=query("practice"),
    estimate=_gap,
    gap=Gap(
        question="Would another team decide differently?",
        cheapest_way="The file does not name teams. Add the branch, depot or ward of each "
        "decider; five people in each are enough.",
        measure="team-gap",
    ),
)
