"""Sequences against confseq's own tests and hand-worked values."""

from math import exp

import numpy as np
import pytest

from sayso.measure.estimators.bets import log_winnings
from sayso.measure.estimators.sequences import (
    Counted,
    mean_reach,
    mixture_width,
    normal_bound,
    normal_log_wealth,
    shares_held,
)


@pytest.mark.oracle("S1")
def test_the_normal_mixture_is_that_of_confseq():
    rho = mixture_width(100.0, alpha=0.05)
    assert rho == pytest.approx(12.60056, abs=1e-5)
    assert normal_bound(100.0, rho, alpha=0.05) == pytest.approx(30.35209, abs=1e-5)
    assert normal_log_wealth(10.0, 100.0, rho) == pytest.approx(-0.6510052, abs=1e-5)


@pytest.mark.oracle("S2")
@pytest.mark.parametrize(
    ("events", "cases", "best_at", "low", "high"),
    [(700, 1000, 100.0, 0.651629, 0.745949), (5, 50, 50.0, 0.013021, 0.269264)],
)
def test_the_range_of_a_share_is_that_of_confseq(
    events: int, cases: int, best_at: float, low: float, high: float
):
    got = shares_held(Counted("m", events, cases), alpha=0.05, best_at=best_at)
    assert (got.low, got.high) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.oracle("S4")
def test_the_asymptotic_range_has_the_stated_width():
    assert mean_reach(1000, 0.5, 0.1, alpha=0.05) == pytest.approx(0.0480320, abs=1e-6)


def test_the_winnings_of_a_bet_are_the_product_of_its_factors():
    # 1.5 eight times and 0.5 twice: 1.5^8 x 0.5^2 = 6.407227.
    won = log_winnings(np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 1.0]), 0.5, 1.0)
    assert exp(won) == pytest.approx(6.407227, abs=1e-6)
