"""Outcomes seen after one option only: the worked examples of MEASURES 1.12."""

import pytest

from sayso.measure.estimators.bounds import at_least_as_risky, contraction, manski

RISKS = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
FAILED = [True, True, False, True, False, False, False, False]


@pytest.mark.oracle("O3")
@pytest.mark.parametrize(("accept", "failures"), [(0.8, 0.3), (0.6, 0.1), (0.5, 0.1), (0.4, 0.0)])
def test_contraction_drops_the_riskiest_first(accept: float, failures: float):
    # Ten cases of one decider, eight released.
    assert contraction(RISKS, FAILED, 10, accept) == pytest.approx(failures)


@pytest.mark.oracle("O3")
def test_bounds_of_approving_everyone():
    got = manski(14, 70, 100)
    assert (got.low, got.high) == pytest.approx((0.14, 0.44))


def test_unseen_cases_at_least_as_risky_raise_the_lower_bound():
    # RULINGS 16b: MEASURES had the upper bound fall; it is the lower one that rises to 14/70.
    got = at_least_as_risky(14, 70, 100)
    assert (got.low, got.high) == pytest.approx((0.20, 0.44))


def test_more_than_the_decider_accepted_cannot_be_answered():
    with pytest.raises(ValueError, match="outcomes are known for 8"):
        contraction(RISKS, FAILED, 10, 0.9)
