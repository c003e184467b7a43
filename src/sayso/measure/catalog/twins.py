"""Do cases that are alike in what was recorded get the same answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Population
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.forced import LEAST_FOLDS, MOST_FOLDS, forced
from sayso.measure.estimators.twins import Pairs, share_differing
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def _reader(alike: str) -> Callable[[Rows, Setting], tuple[Figure, ...]]:
    def read(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
        return _twins(rows, setting, alike)

    return read


def _twins(rows: Rows, setting: Setting, alike: str) -> tuple[Figure, ...]:
    """Pairs between teams, between people of a team, and of one person with themselves.

    What was not recorded may tell two such cases apart, so the figure is an upper one for
    inconsistency (RULINGS 11).
    """
    if not len(rows):
        return ()
    loads = rows.numbers("cases")

    def pairs(level: str, within: str) -> Pairs:
        """Pairs at a level; what goes with a decider counts their own pairs once, not twice."""
        differing, every = rows.numbers(f"{level}_differing"), rows.numbers(f"{level}_pairs")
        own, own_every = rows.numbers(f"{within}_differing"), rows.numbers(f"{within}_pairs")
        return Pairs(
            float(differing.sum()) / 2,
            float(every.sum()) / 2,
            differing - own / 2,
            every - own_every / 2,
        )

    in_cell, of_person = pairs("cell", "own"), pairs("own", "own")
    found: list[tuple[str, Pairs]] = []
    if setting.holds("team"):
        in_team, alone = pairs("team", "team_own"), pairs("team_own", "team_own")
        found.append(("teams", in_cell - in_team))
        found.append(("people in a team", in_team - alone))
    found.append(("people", in_cell - of_person))
    found.append(("same person", of_person))
    return tuple(_figure(between, p, loads, setting, alike) for between, p in found)


def _figure(
    between: str, pairs: Pairs, loads: NDArray[np.float64], setting: Setting, alike: str
) -> Figure:
    answer = share_differing(pairs, loads, population=Population.LIKE_THESE)
    return Figure(
        measure="twins-differ",
        groups=(("between", between), ("alike", alike)),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.DESCRIPTION),
        line=setting.line,
        notes=(("pairs", round(pairs.all_pairs)),),
    )


def _of(key: str, name: str, *columns: str) -> Measure:
    return Measure(
        key="twins-differ",
        question="How often do cases alike in what was recorded get different answers?",
        needs=("choice", "decider", *columns),
        sql=query("twins").replace("alike_key", key),
        params=lambda s: {"teams": s.holds("team")},
        estimate=_reader(name),
    )


TWINS = _of("alike", "as declared", "alike")
TWINS_WIDE = _of("alike_wide", "wide", "alike_wide")
TWINS_NARROW = _of("alike_narrow", "narrow", "alike_narrow")
# What the AI read predicts the outcome, so cases alike in its estimate are alike in what matters.
TWINS_BY_ESTIMATE = _of(
    "CAST(floor(said * 2e1) AS VARCHAR) || coalesce(advice, '')", "AI's estimate", "said"
)


def _forced(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """What recorded differences would bring by themselves, and what is left of the rest."""
    parts, cells = rows.codes("part")[1], rows.codes("cell")[1]
    if len(parts) == len(cells):
        # Nothing recorded tells cases of one cell apart.
        return ()
    found = forced(
        rows.codes("part")[0],
        rows.codes("cell")[0],
        rows.codes("answer")[0],
        rows.numbers("fold").astype(np.intp),
        rows.numbers("cases"),
        people=setting.deciders,
    )
    return tuple(
        Figure(
            measure=key,
            groups=(("alike", "as declared"),),
            answer=answer,
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE,
        )
        for key, answer in (("twins-forced", found.forced), ("twins-excess", found.excess))
    )


TWINS_FORCED = Measure(
    key="twins-forced",
    question="How often would recorded differences alone bring different answers?",
    needs=("choice", "decider", "alike", "alike_narrow"),
    applies=lambda s: s.deciders >= LEAST_FOLDS,
    sql=query("twins_forced"),
    params=lambda s: {"folds": min(MOST_FOLDS, s.deciders)},
    estimate=_forced,
)
