"""Ruling 18: miscalibration has no zero, so it is read beside what luck alone would show."""

import numpy as np

from sayso.domain.answer import Estimate, Population
from sayso.measure.estimators.isotonic import corp, null_miscalibration
from sayso.measure.estimators.slope import slope

VALUES = np.arange(1, 20) / 20
CASES = np.full(19, 10.0)


def test_perfect_forecasts_never_show_zero_and_are_not_called_miscalibrated():
    draw = np.random.default_rng(1)
    shown, called = [], 0
    for run in range(60):
        events = draw.binomial(10, VALUES).astype(float)
        found = corp(VALUES, CASES, events).miscalibration
        shown.append(found)
        null = null_miscalibration(VALUES, CASES, found, redraws=200, seed=run)
        called += null.p < 0.05
    assert min(shown) > 0, "the old rule would call every one of them miscalibrated"
    assert called <= 8


def test_forecasts_surer_than_they_should_be_are():
    draw = np.random.default_rng(2)
    odds = np.log(VALUES / (1 - VALUES)) / 2
    events = draw.binomial(200, 1 / (1 + np.exp(-odds))).astype(float)
    cases = np.full(19, 200.0)
    found = corp(VALUES, cases, events).miscalibration
    assert null_miscalibration(VALUES, cases, found, redraws=200, seed=0).p < 0.01
    people = np.arange(19, dtype=np.intp) % 10
    answer = slope(VALUES, cases, events, people, population=Population.LIKE_THESE)
    assert isinstance(answer, Estimate)
    assert answer.low <= 0.5 <= answer.high
    assert answer.high < 1


def test_the_slope_of_people_who_differ_covers_at_the_nominal_rate():
    draw = np.random.default_rng(3)
    held = runs = 0
    for _ in range(150):
        people = np.repeat(np.arange(12), 19)
        said = np.tile(VALUES, 12)
        own = draw.normal(1.0, 0.3, 12)[people]
        chance = 1 / (1 + np.exp(-own * np.log(said / (1 - said))))
        events = draw.binomial(8, chance).astype(float)
        answer = slope(
            said, np.full(len(said), 8.0), events, people, population=Population.LIKE_THESE
        )
        assert isinstance(answer, Estimate)
        runs += 1
        # Marginal slope over people with slopes N(1, .3) is a little under 1.
        held += answer.low <= 0.96 <= answer.high
    assert held / runs > 0.90
