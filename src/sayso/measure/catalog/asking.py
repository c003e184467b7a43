"""What being asked for a first view does by itself, and who skips it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.arms import arms_of, compare
from sayso.measure.estimators.asking import asked_by_coin
from sayso.measure.estimators.jackknife import share
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting


def _asking(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """Agreement where a first view was asked for less where it was not, as assigned.

    A first view that was skipped was still asked for: those who skip are not those who answer.
    """
    figures: list[Figure] = []
    if set(rows.numbers("asked")) == {0.0, 1.0}:
        stated = setting.ask_probability
        coin = stated is not None and asked_by_coin(rows, stated)
        grade = Grade.RANDOMISED if coin else Grade.ASSOCIATION
        arms = arms_of(rows, "asked", "agreed")
        answer = compare(arms, population=setting.population, line=setting.line)
        figures.append(
            Figure(
                measure="influence-asking",
                answer=answer,
                grade=grade,
                unit=Unit.NET_SHARE,
                word=word_for(answer, line=setting.line, grade=grade),
                line=setting.line,
                notes=tuple(
                    (name, value)
                    for name, value in (("asked", arms.share(0)), ("not_asked", arms.share(1)))
                    if value is not None
                ),
            )
        )
    if setting.holds("prior_skipped"):
        asked = rows.where(rows.numbers("asked") == 1.0)
        skipped, cases = by_decider(asked, "skipped", "cases")
        figures.append(
            Figure(
                measure="first-view-skipped",
                answer=share(skipped, cases, population=setting.population),
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
            )
        )
    return tuple(figures)


ASKING = Measure(
    key="influence-asking",
    question="Does being asked for a first view change what is chosen?",
    needs=(),
    applies=lambda s: (
        (s.holds("prior_asked") or s.holds("prior_skipped"))
        and (s.holds("advice", "choice") or s.holds("advice_number", "choice_number"))
    ),
    sql=query("asking"),
    estimate=_asking,
)
