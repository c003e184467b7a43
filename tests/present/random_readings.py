"""Readings at random: any figure, any word, any status, any name a table could hold."""

from __future__ import annotations

import random
from dataclasses import replace

from sayso.domain.answer import CannotTell, NotEnoughData, Population
from sayso.domain.evidence import Quality, Verdict
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.measure import Gap
from sayso.measure.reading import Judgement, Reading
from sayso.measure.setting import Setting
from tests.present.readings import estimate, figure, service_company

NASTY = ("<script>alert(1)</script>", "=SUM(A1)", "Ø & co", 'x" onload="y', "A|B=C", "{k}")
DESIGNS = (Grade.RANDOMISED, Grade.SEALED_PRIOR, Grade.BEFORE_AFTER, Grade.ASSOCIATION)
HIDDEN_VALUE = 0.123456

# Measure, unit and the groups it comes in.
SHAPES: tuple[tuple[str, Unit, tuple[dict[str, str], ...]], ...] = (
    ("coverage", Unit.SHARE, ({},)),
    ("use", Unit.SHARE, ({},)),
    ("justification", Unit.SHARE, ({},)),
    ("agreement", Unit.SHARE, ({}, {"arm": "shown"}, {"arm": "hidden"})),
    ("agreement-kappa", Unit.COEFFICIENT, ({},)),
    (
        "influence",
        Unit.NET_SHARE,
        ({}, {"period": "first half"}, {"period": "second half"}, {"kind": NASTY[0]}),
    ),
    ("influence-fading", Unit.NET_SHARE, ({},)),
    ("influence-hidden-rise", Unit.NET_SHARE, ({},)),
    ("influence-adjusted", Unit.NET_SHARE, ({},)),
    ("influence-least", Unit.SHARE, ({},)),
    ("influence-most", Unit.SHARE, ({},)),
    ("influence-placebo", Unit.SHARE, ({},)),
    ("influence-spread", Unit.COEFFICIENT, ({},)),
    ("first-view-agreed", Unit.SHARE, ({},)),
    ("first-view-moved-to", Unit.SHARE, ({},)),
    ("first-view-moved-away", Unit.SHARE, ({},)),
    ("first-view-held", Unit.SHARE, ({},)),
    ("weight-of-advice", Unit.COEFFICIENT, ({},)),
    ("reliance-listened", Unit.SHARE, ({},)),
    ("reliance-held-firm", Unit.SHARE, ({},)),
    ("reliance-sum", Unit.COEFFICIENT, ({},)),
    ("over-acceptance", Unit.SHARE, ({},)),
    ("under-acceptance", Unit.SHARE, ({},)),
    ("override-rate", Unit.SHARE, ({},)),
    ("override-right", Unit.SHARE, ({}, *({"reason": r} for r in (*NASTY, "none given")))),
    ("override-value", Unit.NET_SHARE, ({}, *({"reason": r} for r in (*NASTY, "none given")))),
    ("advice-wrong", Unit.SHARE, ({"when": "overruled"}, {"when": "followed"})),
    ("quality", Unit.NET_SHARE, ({},)),
    ("accuracy", Unit.SHARE, ({"who": "choice"}, {"who": "advice"})),
    ("team-gap", Unit.NET_SHARE, ({},)),
    ("team-practice", Unit.SHARE, tuple({"team": t, "option": "yes"} for t in NASTY)),
    (
        "twins-differ",
        Unit.SHARE,
        tuple(
            {"between": b, "alike": a}
            for b in ("teams", "people in a team", "people", "same person")
            for a in ("wide", "as declared", "narrow")
        ),
    ),
    ("two-differ", Unit.SHARE, ({},)),
    ("raw-agreement", Unit.SHARE, ({},)),
    ("krippendorff-alpha", Unit.COEFFICIENT, ({},)),
    ("calibration", Unit.SHARE, tuple({"of": "ai", "said": s} for s in ("5.0", "50.0", "95.0"))),
    ("calibration-slope", Unit.COEFFICIENT, ({"of": "ai"},)),
    ("miscalibration", Unit.COEFFICIENT, ({"of": "ai"},)),
    ("closure", Unit.SHARE, ({},)),
    ("maturity", Unit.SHARE, ({},)),
    ("differently", Unit.SHARE, ({"check": "The customer's own words count"},)),
)


def random_reading(seed: int) -> Reading:
    """A reading that no table gave, but any could."""
    dice = random.Random(seed)
    few = dice.random() < 0.3
    grade = dice.choice(DESIGNS)
    people = dice.choice((1, 3)) if few else dice.choice((5, 9, 40))
    population = Population.THESE if few else Population.LIKE_THESE
    figures = tuple(
        _random_figure(dice, measure, unit, groups, grade, people, population)
        for measure, unit, all_groups in SHAPES
        if dice.random() < 0.8
        for groups in all_groups
    )
    base = service_company()
    return Reading(
        profile=replace(base.profile, deciders=people, name=dice.choice(NASTY)),
        setting=Setting(
            has=frozenset({"choice", "advice", "reason_code"}),
            options=("yes", "no"),
            deciders=people,
            loss_unit=dice.choice((None, "EUR")),
        ),
        figures=figures,
        judgement=Judgement(
            verdict=dice.choice(list(Verdict)),
            quality=dice.choice(list(Quality)),
            not_decorative=("fading",) if dice.random() < 0.3 else (),
        ),
        gaps=(Gap(question="Is it <b>so</b>?", cheapest_way="Ask & see.", measure="x"),),
    )


def _random_figure(
    dice: random.Random,
    measure: str,
    unit: Unit,
    groups: dict[str, str],
    grade: Grade,
    people: int,
    population: Population,
) -> Figure:
    causal = measure.startswith(("influence", "first-view", "quality"))
    graded = grade if causal else Grade.DESCRIPTION
    fate = dice.random()
    notes: tuple[tuple[str, float | int | str | bool], ...] = (
        ("shown", dice.random()),
        ("hidden", dice.random()),
        ("p", dice.random() ** 3),
        ("null_mean", 0.002),
        ("worst_low", -0.2),
        ("worst_high", 0.3),
        ("state", dice.choice(("happened", "did not", "not yet", "cannot tell"))),
        ("target", dice.random()),
        ("broken", float("nan")),
    )
    if fate < 0.1:
        answer = NotEnoughData(30, dice.randrange(30))
        return figure(measure, answer, unit, graded, line=0.05, notes=notes, **groups)
    if fate < 0.2:
        answer = CannotTell("It cannot.", "Ask.")
        return figure(measure, answer, unit, graded, line=0.05, notes=notes, **groups)
    hidden = fate < 0.35
    value = HIDDEN_VALUE if hidden else dice.random()
    if unit is not Unit.SHARE and not hidden:
        value = dice.uniform(-0.5, 0.5)
    reach = dice.choice((0.002, 0.03, 0.2))
    floor, ceiling = (0.0, 1.0) if unit is Unit.SHARE else (-1.0, 1.0)
    told = estimate(
        value,
        max(floor, value - reach),
        min(ceiling, value + reach),
        987_654 if hidden else dice.randrange(30, 9_000),
        people,
        line=0.05,
        population=population,
    )
    return figure(measure, told, unit, graded, line=0.05, hidden=hidden, notes=notes, **groups)
