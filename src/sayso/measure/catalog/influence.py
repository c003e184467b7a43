"""Does the advice change choices? The strongest design the table allows, and no stronger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, CannotTell, Estimate, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import net_apart, net_of
from sayso.measure.estimators.arms import (
    Arms,
    arms_of,
    compare,
    compare_differences,
    spread_of_effects,
)
from sayso.measure.estimators.asking import Skips, skips_of
from sayso.measure.estimators.bounds import capped, with_sampling
from sayso.measure.estimators.designs import (
    Table,
    adjusted,
    before_after,
    check_assignment,
    flips,
)
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

_HIDE = "Hide the advice by a coin in 1 case of 10 for a few weeks, and note the coin."


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"agreement": query("agreement")}
    if setting.holds("shown"):
        if setting.show_probability is not None:
            wanted |= {name: query(name) for name in ("assignment", "balance", "advised")}
        if setting.holds("week"):
            wanted["weekly"] = query("agreement_by_week")
    if setting.holds("prior") or setting.holds("prior_number"):
        wanted["first_views"] = query("first_views")
        if setting.holds("prior_skipped"):
            wanted["asking"] = query("asking")
    return wanted


def _influence(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    stated = setting.show_probability
    failed = ""
    if stated is not None and "assignment" in rows:
        check = check_assignment(rows["assignment"], rows["balance"], stated)
        if check.random:
            return _randomised(rows, setting)
        failed = check.failed
    agreement = rows["agreement"]
    both = set(agreement.numbers("in_view")) == {0.0, 1.0}
    if both and "weekly" in rows:
        dated = before_after(rows["weekly"], line=setting.line)
        if dated is not None:
            notes = (
                ("design", "before-after"),
                ("shown", dated.since),
                ("hidden", dated.before),
                ("n_shown", dated.n_since),
                ("n_hidden", dated.n_before),
            )
            return (
                _figure(dated.difference, Grade.BEFORE_AFTER, setting, notes),
                Figure(
                    measure="influence-placebo",
                    answer=dated.placebo,
                    grade=Grade.BEFORE_AFTER,
                    unit=Unit.SHARE,
                ),
            )
    if "first_views" in rows and len(rows["first_views"]):
        return _by_first_view(rows, setting)
    if both:
        arms = arms_of(agreement, "in_view", "agreed")
        notes = (("design", "association"), ("refused", failed), *_shares(arms))
        # Who saw the advice was nobody's coin, so with against without compares other cases.
        chosen = CannotTell(
            "Some cases had the advice in view and some had not, but no coin decided which.", _HIDE
        )
        return (_figure(chosen, Grade.ASSOCIATION, setting, notes),)
    never = CannotTell(
        "Every case here had the advice in view, so there is nothing to compare with.", _HIDE
    )
    return (_figure(never, Grade.ASSOCIATION, setting, (("design", "association"),)),)


def _randomised(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    agreement, grade = rows["agreement"], Grade.RANDOMISED
    whole = arms_of(agreement, "in_view", "agreed")
    notes = (("design", "randomised"), *_shares(whole))
    line, population = setting.line, setting.population
    figures = [_figure(compare(whole, population=population, line=line), grade, setting, notes)]
    for name, label in (("kind", "kind"),):
        for value in _kinds(agreement, name):
            arms = arms_of(agreement.equal(name, value), "in_view", "agreed")
            answer = compare(arms, population=population, line=line)
            figures.append(_figure(answer, grade, setting, _shares(arms), ((label, value),)))
    figures += _by_advice(rows["advised"], setting, whole.people)
    figures += _by_period(agreement, setting)
    spread = spread_of_effects(whole)
    figures.append(
        Figure(measure="influence-spread", answer=spread, grade=grade, unit=Unit.NET_SHARE)
    )
    return tuple(figures)


def _by_advice(advised: Rows, setting: Setting, people: int) -> list[Figure]:
    """Per advised option, weighted to one mix, and the bounds of choices changed."""
    if setting.quantity or not len(advised):
        return []
    options = sorted({o for o in (*advised.text("advice"), *advised.text("choice")) if o})
    figures: list[Figure] = []
    tables: list[Table] = []
    places: list[int] = []
    for option in options:
        rows = advised.equal("advice", option)
        if not len(rows):
            continue
        chosen = rows.text("choice")
        cases, shown = rows.numbers("cases"), rows.numbers("in_view")
        counts = [
            np.array([cases[[c == o for c in chosen] & (shown == arm)].sum() for o in options])
            for arm in (1.0, 0.0)
        ]
        tables.append(Table(counts[0], counts[1]))
        places.append(options.index(option))
        agreed = np.where([c == option for c in chosen], cases, 0.0)
        arms = _arms_with(rows, agreed)
        answer = compare(arms, population=setting.population, line=setting.line)
        group = (("advised", option),)
        figures.append(_figure(answer, Grade.RANDOMISED, setting, _shares(arms), group))
    mix = adjusted(tables, places, people=people, line=setting.line)
    figures.append(_plain("influence-adjusted", mix, Unit.NET_SHARE, setting))
    for key, most in (("influence-least", False), ("influence-most", True)):
        figures.append(_plain(key, flips(tables, people=people, most=most), Unit.SHARE, None))
    return figures


def _arms_with(rows: Rows, agreed: np.ndarray) -> Arms:
    from sayso.measure.rows import Rows as Made

    return arms_of(Made({**rows.columns, "agreed": agreed}), "in_view", "agreed")


def _by_period(agreement: Rows, setting: Setting) -> list[Figure]:
    """Each half of the period, their difference, and agreement in hidden cases over time."""
    if not setting.holds("late_half"):
        return []
    late = agreement.numbers("late_half")
    halves = [_masked(agreement, late == value) for value in (0.0, 1.0)]
    figures = [
        _figure(
            compare(arms, population=setting.population, line=setting.line),
            Grade.RANDOMISED,
            setting,
            _shares(arms),
            (("period", name),),
        )
        for name, arms in zip(("first half", "second half"), halves, strict=True)
    ]
    fading = compare_differences(halves[0], halves[1], population=setting.population)
    figures.append(_plain("influence-fading", fading, Unit.NET_SHARE, setting))
    hidden = Arms(
        (halves[1].events[1], halves[0].events[1]), (halves[1].cases[1], halves[0].cases[1])
    )
    rise = compare(hidden, population=setting.population, line=setting.line)
    figures.append(_plain("influence-hidden-rise", rise, Unit.NET_SHARE, setting))
    return figures


def _masked(rows: Rows, kept: np.ndarray) -> Arms:
    """The arms of some rows, with every decider of all rows in place."""
    from sayso.measure.rows import Rows as Made

    zero = {name: np.where(kept, rows.numbers(name), 0.0) for name in ("cases", "agreed")}
    return arms_of(Made({**rows.columns, **zero}), "in_view", "agreed")


def _by_first_view(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    """Net moves from the first view to the advice, less those without it where there are any.

    Second thoughts alone move people both ways; without first views in hidden cases they are not
    measured, and the figure is an association (RULINGS 4).
    """
    views = rows["first_views"]
    shown = views.where(views.numbers("in_view") == 1.0)
    hidden = views.where(views.numbers("in_view") == 0.0)
    controlled = len(hidden) > 0 and float(hidden.numbers("cases").sum()) >= 30

    def net(of: Rows, without: Rows) -> Answer:
        if controlled and len(of) and float(without.numbers("cases").sum()) >= 30:
            return net_apart(of, without, population=setting.population, line=setting.line)
        return net_of(of, population=setting.population, line=setting.line)

    grade = Grade.SEALED_PRIOR if controlled else Grade.ASSOCIATION
    before = shown.numbers("agreed").sum() + shown.numbers("moved_away").sum()
    after = shown.numbers("agreed").sum() + shown.numbers("moved_to").sum()
    cases = float(shown.numbers("cases").sum())
    notes: tuple[tuple[str, float | int | str | bool], ...] = (("design", "prior"),)
    if cases and not setting.quantity:
        notes += (
            ("hidden", float(before) / cases),
            ("shown", float(after) / cases),
            ("n_shown", round(cases)),
        )
    if controlled:
        to, away = (float(hidden.numbers(c).sum()) for c in ("moved_to", "moved_away"))
        notes += (("second_thoughts", (to - away) / float(hidden.numbers("cases").sum())),)
    whole = _figure(net(shown, hidden), grade, setting, notes)
    if "asking" in rows:
        whole = _with_skips(whole, shown, skips_of(rows["asking"]))
    figures = [whole]
    for kind in _kinds(shown, "kind"):
        part, without = shown.equal("kind", kind), hidden.equal("kind", kind)
        measured = controlled and float(without.numbers("cases").sum()) >= 30
        of_part = Grade.SEALED_PRIOR if measured else Grade.ASSOCIATION
        figures.append(_figure(net(part, without), of_part, setting, (), (("kind", kind),)))
    return tuple(figures)


def _with_skips(figure: Figure, shown: Rows, skips: Skips) -> Figure:
    """The figure with the worst cases of first views that were skipped, and the word they allow."""
    if not skips.matter or not isinstance(figure.answer, Estimate):
        return figure
    to, away, cases = (float(shown.numbers(c).sum()) for c in ("moved_to", "moved_away", "cases"))
    without = figure.note("second_thoughts")
    hidden = float(without) if isinstance(without, int | float) else 0.0
    in_view = skips.worst(to - away, cases)
    worst = with_sampling(Range(in_view.low - hidden, in_view.high - hidden), figure.answer)
    return replace(
        figure,
        word=capped(figure.word, worst, figure.line) if figure.word is not None else None,
        notes=(*figure.notes, ("worst_low", worst.low), ("worst_high", worst.high)),
    )


def _kinds(rows: Rows, name: str) -> list[str]:
    found = sorted({v for v in rows.text(name) if v is not None})
    return found if 1 < len(found) <= 30 else []


def _shares(arms: Arms) -> tuple[tuple[str, float | int], ...]:
    shown, hidden = arms.share(0), arms.share(1)
    counts = (("n_shown", round(arms.total(0)[1])), ("n_hidden", round(arms.total(1)[1])))
    if shown is None or hidden is None:
        return counts
    return (("shown", shown), ("hidden", hidden), *counts)


def _figure(
    answer: Answer,
    grade: Grade,
    setting: Setting,
    notes: tuple[tuple[str, float | int | str | bool], ...],
    groups: tuple[tuple[str, str], ...] = (),
) -> Figure:
    return Figure(
        measure="influence",
        groups=groups,
        answer=answer,
        grade=grade,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=grade),
        line=setting.line,
        notes=notes,
    )


def _plain(key: str, answer: Answer, unit: Unit, setting: Setting | None) -> Figure:
    """A supporting figure of the randomised design; with a word where a setting gives the line."""
    return Figure(
        measure=key,
        answer=answer,
        grade=Grade.RANDOMISED,
        unit=unit,
        word=None
        if setting is None
        else word_for(answer, line=setting.line, grade=Grade.RANDOMISED),
        line=None if setting is None else setting.line,
    )


INFLUENCE = JointMeasure(
    key="influence",
    question="How many choices does seeing the advice change, net?",
    needs=(),
    applies=lambda s: (
        (s.holds("advice") or s.holds("advice_number"))
        and (s.holds("choice") or s.holds("choice_number"))
    ),
    queries=_queries,
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_influence,
    gap=Gap(
        question="Does the advice change choices?",
        cheapest_way="The file has no column of advice. Store what the AI advised in every case, "
        "also where nobody saw it.",
        measure="influence",
    ),
)
