"""How near is what a mistake costs to where most choices would turn?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.cost_ratio import STEPS, turning
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, JointMeasure, query
from sayso.measure.setting import RightRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

UNCLEAR = CannotTell(
    "The stated chances speak of neither answer throughout, so none of them turns at a cost.",
    "State the chance of one answer, the same in every case.",
)

FREE = CannotTell("A mistake is said to cost nothing.", "Write down what it costs.")


def _cost_ratio(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    first, second = setting.options
    facts = rows["costs"]
    costs = dict(zip(facts.text("advice"), facts.numbers("cost"), strict=True))
    if first not in costs or second not in costs:
        return (_figure(NotEnoughData(2, len(costs), "answers that were advised"), setting),)
    event = _spoken_of(facts, first, second)
    if event is None:
        return (_figure(UNCLEAR, setting),)
    if min(costs[first], costs[second]) <= 0:
        return (_figure(FREE, setting),)
    # Told as how many times the dearer mistake costs the cheaper one.
    first, second = sorted((first, second), key=lambda o: -float(costs[o]))
    chances = _chances(rows["chances"], first, event)
    ratio = float(costs[first] / costs[second])
    found = turning(chances, ratio, population=setting.population)
    declared = setting.loss_unit is not None
    notes = (("ratio", ratio), ("first", first), ("second", second), ("declared", declared))
    figures = [_figure(found.between, setting, notes)]
    if found.half is not None:
        figures.append(
            Figure(
                measure="cost-ratio-half",
                answer=found.half,
                grade=Grade.DESCRIPTION,
                unit=Unit.COEFFICIENT,
                notes=(*notes, *_factor(found.half, ratio)),
            )
        )
    return tuple(figures)


def _factor(half: Answer, ratio: float) -> tuple[tuple[str, float], ...]:
    return (("factor", half.value / ratio),) if isinstance(half, Estimate) else ()


def _spoken_of(facts: Rows, first: str, second: str) -> str | None:
    """Whose chance is stated: one answer's in every case, or ("") that of the advice itself."""
    own: dict[str | None, bool] = {}
    for name, same, other in zip(
        facts.text("advice"), facts.numbers("same"), facts.numbers("other"), strict=True
    ):
        if same + other == 0 or (same and other):
            return None
        own[name] = bool(same)
    match own[first], own[second]:
        case True, True:
            return ""
        case True, False:
            return first
        case False, True:
            return second
        case _:
            return None


def _chances(rows: Rows, first: str, event: str) -> Floats:
    """Cases by decider and step of the chance that the first answer is right."""
    person, people = rows.codes("decider")
    step = np.minimum(rows.numbers("step"), STEPS - 1).astype(np.intp)
    of = [event or advice for advice in rows.text("advice")]
    turned = np.array([name != first for name in of], dtype=bool)
    at = np.where(turned, STEPS - 1 - step, step)
    chances = np.zeros((max(1, len(people)), STEPS))
    if len(rows):
        np.add.at(chances, (person, at), rows.numbers("cases"))
    return chances


def _figure(
    answer: Answer, setting: Setting, notes: tuple[tuple[str, float | str | bool], ...] = ()
) -> Figure:
    return Figure(
        measure="cost-ratio",
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.DESCRIPTION),
        line=setting.line,
        notes=notes,
    )


COST_RATIO = JointMeasure(
    key="cost-ratio",
    question="How many choices would turn if a mistake cost half as much, or twice?",
    needs=("said", "advice", "advice_stake", "happened"),
    applies=lambda s: len(s.options) == 2 and not s.quantity and s.right is not RightRule.NONE,
    queries=lambda _: {"chances": query("stated_chances"), "costs": query("stated_costs")},
    join=_cost_ratio,
    gap=Gap(
        question="How near is what a mistake costs to where most choices would turn?",
        cheapest_way="Keep the AI’s estimate beside its advice, and write down what a mistake of "
        "either kind costs.",
        measure="cost-ratio",
        stays_open=lambda s: len(s.options) == 2 and not s.quantity and s.holds("advice"),
    ),
)
