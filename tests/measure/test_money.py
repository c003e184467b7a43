"""Where mistakes have costs, figures on quality are in the charter's unit, worst cases too."""

from __future__ import annotations

import pytest

from sayso.domain.answer import Estimate
from sayso.domain.figure import Figure, Unit
from sayso.measure.catalog.override import OVERRIDE
from sayso.measure.catalog.quality import QUALITY
from sayso.measure.setting import RightRule, Setting
from tests.measure.case_rows import cases_from

Case = dict[str, object]
COSTS = {"bring": 190.0, "leave": 310.0}
HAS = frozenset(
    {"choice", "advice", "prior", "shown", "decider", "choice_loss", "advice_loss", "prior_loss"}
)


def setting(**more: object) -> Setting:
    frame: dict[str, object] = {
        "has": HAS, "options": ("bring", "leave"), "deciders": 10, "loss_unit": "EUR",
        "right": RightRule.MISTAKES, **more,
    }  # fmt: skip
    return Setting(**frame)  # type: ignore[arg-type]


def case(person: int, right: str | None, **views: str) -> Case:
    """One matured case; ``right`` is what should have been chosen, None where not known."""
    row: Case = {"decider": f"p{person}", "outcome_matured": True, **views}
    for who in ("choice", "advice", "prior"):
        if who in views:
            row[f"{who}_stake"] = COSTS[views[who]]
            row[f"{who}_right"] = None if right is None else views[who] == right
            row[f"{who}_loss"] = (
                None if right is None else 0.0 if views[who] == right else COSTS[views[who]]
            )
    return row


def overruled(unknown: int) -> list[Case]:
    """Ten people overrule "bring" with "leave" 20 times each: right in 15; so many unknown."""
    rows: list[Case] = []
    for person in range(10):
        for i in range(20):
            right = "leave" if i < 15 else "bring"
            rows.append(case(person, right, choice="leave", advice="bring"))
        rows += [case(person, None, choice="leave", advice="bring") for _ in range(unknown)]
    return rows


def figure(figures: tuple[Figure, ...], measure: str) -> Figure:
    return next(f for f in figures if f.measure == measure and not f.groups)


def test_what_overruling_brought_and_could_have_brought_in_euros():
    """15 times 190 saved, 5 times 310 lost: 1300 in 20, so 65. Five unknown: 190 or -310 each."""
    figures = OVERRIDE.read(cases_from(overruled(5)), setting())
    value, bounds = figure(figures, "override-value"), figure(figures, "override-value-bounds")
    assert value.unit is bounds.unit is Unit.MONEY
    assert isinstance(value.answer, Estimate)
    assert value.answer.value == pytest.approx(65)
    assert bounds.note("low") == pytest.approx((1300 - 5 * 310) / 25)
    assert bounds.note("high") == pytest.approx((1300 + 5 * 190) / 25)
    assert bounds.note("missing") == 50


def test_choices_against_first_views_in_euros():
    """Per person: 6 mended saving 310 each, 2 spoiled at 190 each, 12 unmoved: 1480 in 20."""
    rows: list[Case] = []
    for person in range(10):
        rows += [
            case(person, "bring", choice="bring", prior="leave", advice="bring") for _ in range(6)
        ]
        rows += [
            case(person, "leave", choice="bring", prior="leave", advice="bring") for _ in range(2)
        ]
        rows += [
            case(person, "leave", choice="leave", prior="leave", advice="leave") for _ in range(12)
        ]
        # Unmoved with an unknown outcome: nothing can have been saved, so no worst case either.
        rows += [
            case(person, None, choice="leave", prior="leave", advice="leave") for _ in range(4)
        ]
        rows.append(case(person, None, choice="bring", prior="leave", advice="bring"))
    found = figure(QUALITY.read(cases_from(rows), setting()), "quality")
    assert found.unit is Unit.MONEY
    assert isinstance(found.answer, Estimate)
    assert found.answer.value == pytest.approx(1480 / 20)
    reach = found.answer.value - found.answer.low
    assert found.note("worst_low") == pytest.approx((1480 - 190) / 25 - reach)
    assert found.note("worst_high") == pytest.approx((1480 + 310) / 25 + reach)


@pytest.mark.parametrize("deciders", [10, 1])
def test_seeing_the_advice_in_euros(deciders: int):
    """In view 10 of 40 wrong at 190; hidden 20 of 40 wrong at 310: 155 less 47.5 is 107.5."""
    rows: list[Case] = []
    for person in range(10):
        who = person % deciders
        for i in range(40):
            right = "leave" if i < 10 else "bring"
            rows.append({**case(who, right, choice="bring", advice="bring"), "shown": True})
            right = "bring" if i < 20 else "leave"
            rows.append({**case(who, right, choice="leave", advice="bring"), "shown": False})
    found = figure(
        QUALITY.read(cases_from(rows), setting(show_probability=0.5, deciders=deciders)), "quality"
    )
    assert found.unit is Unit.MONEY
    assert isinstance(found.answer, Estimate)
    assert found.answer.value == pytest.approx(107.5)
    assert found.note("missing_shown") == 0
    if deciders == 1:
        # Neyman: 190^2 x .1875 / 399 and 310^2 x .25 / 399.
        error = (190**2 * 0.1875 / 399 + 310**2 * 0.25 / 399) ** 0.5
        assert found.answer.high - found.answer.value == pytest.approx(1.959964 * error, rel=1e-4)
