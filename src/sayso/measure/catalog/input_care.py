"""What speaks against taking the inputs as they are: warnings, each with its figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import by_decider
from sayso.measure.estimators.arms import Arms, compare
from sayso.measure.estimators.designs import LEAST_P
from sayso.measure.estimators.jackknife import difference_within, share
from sayso.measure.estimators.ranges import wilson_estimate
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.domain.answer import Answer
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def _care(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    if not len(rows):
        return ()
    figures: list[Figure] = []
    if float(rows.numbers("timed").sum()) > 0:
        figures.append(_share("outcome-at-once", rows, "at_once", "timed", setting))
    else:
        figures.append(_figure("outcome-at-once", NO_TIMES, setting))
    if setting.holds("outcome_due"):
        figures += _early(rows, setting)
    figures += _missing(rows, setting)
    if setting.show_probability is not None:
        figures += _sample_ratio(rows, setting.show_probability)
    return tuple(figures)


NO_TIMES = CannotTell(
    "Nothing says at what time outcomes were written down.",
    "Store the time of each outcome, and who wrote it down.",
)


def _share(key: str, rows: Rows, part: str, whole: str, setting: Setting) -> Figure:
    events, cases = by_decider(rows, part, whole)
    answer = share(events, cases, population=setting.population, line=setting.line)
    return _figure(key, answer, setting)


def _figure(key: str, answer: Answer, setting: Setting) -> Figure:
    return Figure(
        measure=key,
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.DESCRIPTION),
        line=setting.line,
    )


def _early(rows: Rows, setting: Setting) -> list[Figure]:
    """Outcomes that are known though they are not due: those that are bad often show first."""
    early = _share("outcome-early", rows, "early", "known", setting)
    found = [early]
    wrong = by_decider(rows, "early_wrong", "due_wrong")
    judged = by_decider(rows, "early_judged", "due_judged")
    if float(judged[0].sum()) > 0 and setting.outcome_seen_for is None:
        arms = Arms((wrong[0], wrong[1]), (judged[0], judged[1]))
        answer = compare(arms, population=setting.population, line=setting.line)
        found.append(_apart("outcome-early-gap", (), answer, setting))
    return found


def _missing(rows: Rows, setting: Setting) -> list[Figure]:
    """Whether outcomes are missing more often on one side; 7 in 100 can invent a verdict."""
    if float((rows.numbers("matured") - rows.numbers("known")).sum()) == 0:
        return []
    if setting.outcome_seen_for is not None:
        # There the other outcomes are not missing; they were never seen.
        return []
    sides: list[tuple[str, Bools, Bools]] = []
    shown, followed = rows.numbers("shown"), rows.numbers("followed")
    sides.append(("shown", shown == 1.0, shown == 0.0))
    sides.append(("overruled", followed == 0.0, followed == 1.0))
    if len(setting.options) == 2:
        chosen = rows.text("choice")
        first, second = (
            np.array([c == option for c in chosen], dtype=bool) for option in setting.options
        )
        sides.append((setting.options[0], first, second))
    found: list[Figure] = []
    for name, one, other in sides:
        if not (one.any() and other.any()):
            continue
        arms = Arms(_gone(rows, one, other), _due(rows, one, other))
        answer = _more_missing(arms, setting)
        found.append(_apart("missing-apart", (("more_in", name),), answer, setting))
    return found


def _more_missing(arms: Arms, setting: Setting) -> Answer:
    """With less without; outcomes missing on one side only are the worst case, not too few."""
    if setting.population is not Population.LIKE_THESE:
        return compare(arms, population=setting.population, line=setting.line)
    gone = sum(arms.total(arm)[0] for arm in (0, 1))
    there = min(cases - events for events, cases in (arms.total(0), arms.total(1)))
    return difference_within(arms.events, arms.cases, line=setting.line, happened=(gone, there))


def _gone(rows: Rows, one: Bools, other: Bools) -> tuple[Floats, Floats]:
    gone = rows.numbers("matured") - rows.numbers("known")
    return _by_person(rows, gone, one), _by_person(rows, gone, other)


def _due(rows: Rows, one: Bools, other: Bools) -> tuple[Floats, Floats]:
    matured = rows.numbers("matured")
    return _by_person(rows, matured, one), _by_person(rows, matured, other)


def _by_person(rows: Rows, values: Floats, kept: Bools) -> Floats:
    place, names = rows.codes("decider")
    return np.bincount(place[kept], values[kept], len(names)).astype(np.float64)


def _apart(
    key: str, groups: tuple[tuple[str, str], ...], answer: Answer, setting: Setting
) -> Figure:
    return Figure(
        measure=key,
        groups=groups,
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=Grade.ASSOCIATION),
        line=setting.line,
    )


def _sample_ratio(rows: Rows, stated: float) -> list[Figure]:
    """The share with advice in view against the coin that is said to have decided it."""
    shown, cases = rows.numbers("shown"), rows.numbers("cases")
    seen = float(cases[shown == 1.0].sum())
    total = float(cases[~np.isnan(shown)].sum())
    if total == 0 or not 0 < stated < 1:
        return []
    answer = wilson_estimate(round(seen), round(total), people=0)
    z = abs(seen - total * stated) / (total * stated * (1 - stated)) ** 0.5
    p = 2 * float(special.ndtr(-z))
    off = p < LEAST_P and isinstance(answer, Estimate)
    word = Word.NOT_YET if isinstance(answer, NotEnoughData) else Word.EITHER
    return [
        Figure(
            measure="sample-ratio",
            answer=answer,
            grade=Grade.DESCRIPTION,
            unit=Unit.SHARE,
            word=Word.NOT_ZERO if off else word,
            notes=(("stated", stated), ("p", p), ("mismatch", off)),
        )
    ]


INPUT_CARE = Measure(
    key="outcome-at-once",
    question="What speaks against taking the inputs as they are?",
    needs=(),
    applies=lambda s: (
        s.holds("outcome") or s.holds("outcome_number") or s.show_probability is not None
    ),
    sql=query("input_care"),
    estimate=_care,
)
