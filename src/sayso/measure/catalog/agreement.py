"""How often choices are the advice; never a verdict alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error, share
from sayso.measure.estimators.ranges import refuse, t_estimate
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]


def _agreement(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    figures = [_share("agreement", rows, setting, ())]
    arms = rows.numbers("in_view")
    if set(arms) == {0.0, 1.0}:
        for name, value in (("shown", 1.0), ("hidden", 0.0)):
            part = rows.where(arms == value)
            figures.append(_share("agreement", part, setting, (("arm", name),)))
    return tuple(figures)


def _share(key: str, rows: Rows, setting: Setting, groups: tuple[tuple[str, str], ...]) -> Figure:
    agreed, cases = by_decider(rows, "agreed", "cases")
    return Figure(
        measure=key,
        groups=groups,
        answer=share(agreed, cases, population=setting.population),
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
    )


def _choices(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Chance-corrected agreement, and how often each option is chosen in each arm."""
    figures = [
        Figure(
            measure="agreement-kappa",
            answer=_kappa(rows, setting),
            grade=Grade.DESCRIPTION,
            unit=Unit.COEFFICIENT,
        )
    ]
    arms = rows.numbers("in_view")
    both = len(set(arms)) == 2
    for name, value in (("shown", 1.0), ("hidden", 0.0)) if both else ():
        figures += _rates(name, "choice", rows.where(arms == value), setting)
    return (*figures, *_rates("advice", "advice", rows, setting))


def _rates(arm: str, column: str, rows: Rows, setting: Setting) -> list[Figure]:
    """How often each option is chosen, or advised, in the cases of an arm."""
    said = np.array(rows.text(column), dtype=object)
    people, names = rows.codes("decider")
    cases = rows.numbers("cases")
    loads = np.bincount(people, cases, len(names)).astype(float)
    return [
        Figure(
            measure="choice-rate",
            groups=(("arm", arm), ("option", option)),
            answer=share(
                np.bincount(people, np.where(said == option, cases, 0.0), len(names)).astype(float),
                loads,
                population=setting.population,
            ),
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE,
        )
        for option in setting.options
    ]


def _kappa(rows: Rows, setting: Setting) -> Answer:
    """Cohen's kappa of choice and advice, jackknifed by decider.

    Source:
        Cohen (1960), Educ. Psychol. Meas. 20:37-46.
    """
    people = rows.text("decider")
    place = {who: i for i, who in enumerate(dict.fromkeys(people))}
    options = sorted({o for o in (*rows.text("advice"), *rows.text("choice")) if o is not None})
    if len(options) < 2:
        return NotEnoughData(2, len(options), "options")
    counts = np.zeros((len(place), len(options), len(options)))
    for who, a, c, n in zip(
        people, rows.text("advice"), rows.text("choice"), rows.numbers("cases"), strict=True
    ):
        counts[place[who], options.index(str(a)), options.index(str(c))] += n
    total = counts.sum(0)
    loads = counts.sum((1, 2))
    freedom = freedom_of(loads)
    missing = (
        refuse(people=len(place), freedom=freedom, events=None, non_events=None)
        if setting.population is Population.LIKE_THESE
        else None
    )
    value = _kappa_of(total)
    if missing or value is None:
        return missing or NotEnoughData(2, 1, "options")
    if len(place) < 2:
        n = float(total.sum())
        observed = float(np.trace(total)) / n
        chance = float((total.sum(1) * total.sum(0)).sum()) / n**2
        error = (observed * (1 - observed) / n) ** 0.5 / (1 - chance)
        freedom = float("inf")
    else:
        left = [_kappa_of(total - c) for c in counts]
        if any(v is None for v in left):
            return NotEnoughData(2, 1, "people with both options")
        error = jackknife_error(np.array(left, dtype=np.float64))
    return t_estimate(
        value,
        error,
        freedom,
        n=round(float(total.sum())),
        people=len(place),
        population=setting.population,
        bounds=Range(-1.0, 1.0),
    )


def _kappa_of(table: Floats) -> float | None:
    n = float(table.sum())
    if n == 0:
        return None
    chance = float((table.sum(1) * table.sum(0)).sum()) / n**2
    return None if chance >= 1 else (float(np.trace(table)) / n - chance) / (1 - chance)


AGREEMENT = Measure(
    key="agreement",
    question="How often is the choice the same as the advice?",
    needs=(),
    applies=lambda s: s.holds("advice", "choice") or s.holds("advice_number", "choice_number"),
    sql=query("agreement"),
    estimate=_agreement,
)
AGREEMENT_BY_OPTION = Measure(
    key="agreement-kappa",
    question="How much of the agreement is more than chance?",
    needs=("advice", "choice"),
    sql=query("advised"),
    estimate=_choices,
)
