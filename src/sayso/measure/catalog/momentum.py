"""Quarter by quarter since launch: does the advice do more, as much, or less than at first?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.designs import check_assignment
from sayso.measure.estimators.jackknife import (
    difference_of_shares,
    difference_within,
    ratio,
    share,
)
from sayso.measure.estimators.trend import difference_change, ratio_change, week_error
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap, JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]

NAMES = ("cases", "agreed", "viewed", "moved_to", "moved_away")


@dataclass(frozen=True, slots=True)
class _Quarters:
    """Sums of each decider in each quarter, with the advice in view and without.

    Attributes:
        shown: By name, each of shape (deciders, quarters).
        hidden: The same.
        before: Cases before the launch and those that were the advice, each (deciders,).
    """

    shown: Mapping[str, Floats]
    hidden: Mapping[str, Floats]
    before: tuple[Floats, Floats]

    @property
    def count(self) -> int:
        return self.shown["cases"].shape[1]


def _momentum(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    quarters = _quarters(rows["momentum"], setting)
    if quarters.count < 2:
        few = NotEnoughData(2, quarters.count, "quarters since the advice came into view")
        return (_figure("momentum", few, Grade.ASSOCIATION, setting),)
    floor = _of_weeks(rows["weekly"])
    whole, design, grade, by_quarter = _influence(rows, quarters, setting, floor)
    figures = [
        _figure(
            "momentum", whole, grade, setting,
            notes=(("design", design), ("quarters", quarters.count), ("state", state_of(whole, setting))),
        )
    ]  # fmt: skip
    figures += [
        _figure("influence-by-quarter", a, grade, setting, (("quarter", str(q + 1)),))
        for q, a in enumerate(by_quarter)
    ]
    shown = quarters.shown
    reliance = ratio_change(
        shown["agreed"], shown["cases"],
        population=setting.population, line=setting.line, floor=floor,
    )  # fmt: skip
    figures.append(
        _figure(
            "reliance-momentum", reliance, Grade.ASSOCIATION, setting,
            notes=(("state", state_of(reliance, setting)),),
        )
    )  # fmt: skip
    for q in range(quarters.count):
        answer = share(shown["agreed"][:, q], shown["cases"][:, q], population=setting.population)
        figures.append(
            Figure(
                measure="reliance-by-quarter",
                groups=(("quarter", str(q + 1)),),
                answer=answer,
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
            )
        )
    return tuple(figures)


def _quarters(rows: Rows, setting: Setting) -> _Quarters:
    """The sums, without a last quarter that has hardly begun."""
    people, names = rows.codes("decider")
    quarter = rows.numbers("quarter")
    after = np.isfinite(quarter)
    last = int(quarter[after].max()) + 1 if after.any() else 0
    in_view = rows.numbers("in_view") == 1.0

    def table(name: str, kept: NDArray[np.bool_]) -> Floats:
        made = np.zeros((len(names), last))
        place = (people[kept], quarter[kept].astype(np.intp))
        np.add.at(made, place, rows.numbers(name)[kept])
        return made

    shown = {name: table(name, after & in_view) for name in NAMES}
    hidden = {name: table(name, after & ~in_view) for name in NAMES}
    before = tuple(
        np.bincount(people[~after], rows.numbers(name)[~after], len(names)).astype(np.float64)
        for name in ("cases", "agreed")
    )
    while last > 1 and shown["cases"][:, last - 1].sum() < setting.minimum_cases:
        last -= 1
    return _Quarters(
        {n: t[:, :last] for n, t in shown.items()},
        {n: t[:, :last] for n, t in hidden.items()},
        (before[0], before[1]),
    )


def _influence(
    rows: Mapping[str, Rows], of: _Quarters, setting: Setting, floor: float
) -> tuple[Answer, str, Grade, list[Answer]]:
    """The change, its design, and influence in each quarter, by the strongest design there is."""
    population, line = setting.population, setting.line
    stated = setting.show_probability
    if stated is not None and "assignment" in rows:
        check = check_assignment(rows["assignment"], rows["balance"], stated)
        if check.random:
            events = of.shown["agreed"], of.hidden["agreed"]
            cases = of.shown["cases"], of.hidden["cases"]
            change = difference_change(events, cases, population=population, line=line)
            each = [_difference(events, cases, q, setting) for q in range(of.count)]
            return change, "randomised", Grade.RANDOMISED, each
    viewed = of.shown["viewed"]
    if (viewed.sum(axis=0) >= setting.minimum_cases).sum() >= 2:
        net = of.shown["moved_to"] - of.shown["moved_away"]
        change = ratio_change(net, viewed, population=population, line=line, floor=floor)
        each = [_net(net[:, q], viewed[:, q], setting) for q in range(of.count)]
        # Second thoughts without advice are not measured by quarter, so this is no sealed prior.
        return change, "prior", Grade.ASSOCIATION, each
    change = ratio_change(
        of.shown["agreed"], of.shown["cases"], population=population, line=line, floor=floor
    )
    cases_before, agreed_before = of.before
    if float(cases_before.sum()) >= setting.minimum_cases:
        each = [
            _difference(
                (of.shown["agreed"], agreed_before[:, None]),
                (of.shown["cases"], cases_before[:, None]),
                q,
                setting,
            )
            for q in range(of.count)
        ]
        return change, "before-after", Grade.BEFORE_AFTER, each
    return change, "association", Grade.ASSOCIATION, []


def _difference(
    events: tuple[Floats, Floats], cases: tuple[Floats, Floats], q: int, setting: Setting
) -> Answer:
    """With less without in one quarter; a comparison before the launch has one column for all."""
    x = [t[:, min(q, t.shape[1] - 1)] for t in events]
    n = [t[:, min(q, t.shape[1] - 1)] for t in cases]
    if min(float(c.sum()) for c in n) < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, round(min(float(c.sum()) for c in n)))
    if setting.population is Population.LIKE_THESE:
        return difference_within((x[0], x[1]), (n[0], n[1]), line=setting.line)
    return difference_of_shares(
        (float(x[0].sum()), float(x[1].sum())),
        (float(n[0].sum()), float(n[1].sum())),
        people=int(((n[0] + n[1]) > 0).sum()),
        line=setting.line,
    )


def _net(net: Floats, viewed: Floats, setting: Setting) -> Answer:
    if float(viewed.sum()) < setting.minimum_cases:
        return NotEnoughData(setting.minimum_cases, round(float(viewed.sum())))
    return ratio(
        net, viewed, viewed,
        population=setting.population, line=setting.line, bounds=Range(-1.0, 1.0),
    )  # fmt: skip


def _of_weeks(weekly: Rows) -> float:
    """How far weeks differ by themselves, as an error of the change."""
    seen = weekly.where(weekly.numbers("in_view") == 1.0) if len(weekly) else weekly
    if not len(seen):
        return 0.0
    cases = seen.numbers("cases")
    return week_error(seen.numbers("agreed") / cases, cases)


def state_of(answer: Answer, setting: Setting) -> str:
    """Growing, fading, level, or not clear; level needs the whole range inside the line."""
    if not isinstance(answer, Estimate):
        return "not clear"
    if answer.r95.inside(setting.line):
        return "level"
    if answer.low > 0:
        return "growing"
    return "fading" if answer.high < 0 else "not clear"


def _figure(
    key: str,
    answer: Answer,
    grade: Grade,
    setting: Setting,
    groups: tuple[tuple[str, str], ...] = (),
    notes: tuple[tuple[str, float | int | str | bool], ...] = (),
) -> Figure:
    return Figure(
        measure=key,
        groups=groups,
        answer=answer,
        grade=grade,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=setting.line, grade=grade),
        line=setting.line,
        notes=notes,
    )


def _queries(setting: Setting) -> Mapping[str, str]:
    wanted = {"momentum": query("momentum"), "weekly": query("agreement_by_week")}
    if setting.holds("shown") and setting.show_probability is not None:
        wanted |= {name: query(name) for name in ("assignment", "balance")}
    return wanted


MOMENTUM = JointMeasure(
    key="momentum",
    question="Since launch, does the advice do more, as much, or less from quarter to quarter?",
    needs=("week",),
    applies=lambda s: (
        (s.holds("advice") or s.holds("advice_number"))
        and (s.holds("choice") or s.holds("choice_number"))
    ),
    queries=_queries,
    params=lambda s: {"stated": s.show_probability or 0.5},
    join=_momentum,
    gap=Gap(
        question="Does the advice do more or less than at first?",
        cheapest_way="Note the day of each decision.",
        measure="momentum",
        stays_open=lambda s: s.holds("advice") or s.holds("advice_number"),
    ),
)
