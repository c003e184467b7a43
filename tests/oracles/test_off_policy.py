"""Off-policy values against obp's, worked by hand, and the Open Bandit sample."""

import numpy as np
import pytest

from sayso.measure.estimators.off_policy import (
    Logged,
    by_both,
    by_both_shared,
    by_model,
    by_share_of_weights,
    by_weights,
    capped_weights,
    one_by_one,
    shrunk_weights,
)

REWARD = np.array([1, 0, 1, 1, 0, 1, 0, 1.0])
CHOSEN = np.array([0, 1, 1, 0, 0, 1, 1, 0])
CHANCE = np.array([0.5, 0.5, 0.25, 0.5, 0.5, 0.25, 0.25, 0.8])
RULE = np.array(
    [(0.8, 0.2), (0.2, 0.8), (0.2, 0.8), (0.8, 0.2), (0.8, 0.2), (0.2, 0.8), (0.2, 0.8), (1, 0)]
)
MODEL = np.array(
    [(0.6, 0.4), (0.6, 0.4), (0.5, 0.7), (0.6, 0.4), (0.3, 0.4), (0.5, 0.7), (0.5, 0.7), (0.9, 0.1)]
)


def weights() -> np.ndarray:
    return RULE[np.arange(8), CHOSEN] / CHANCE


def log(w: np.ndarray | None = None) -> Logged:
    return one_by_one(
        weights() if w is None else w,
        REWARD,
        fitted=MODEL[np.arange(8), CHOSEN],
        planned=(RULE * MODEL).sum(1),
    )


@pytest.mark.oracle("O1")
def test_five_figures_are_those_of_obp():
    assert by_weights(log()).value == pytest.approx(1.35625, abs=1e-6)
    assert by_share_of_weights(log()).value == pytest.approx(0.6289855, abs=1e-6)
    assert by_model(log()).value == pytest.approx(0.595, abs=1e-6)
    assert by_both(log()).value == pytest.approx(0.590625, abs=1e-6)
    assert log().worth == pytest.approx(6.997766, abs=1e-6)


def test_the_variants_of_both_are_worked_by_hand():
    # w = 1.6 1.6 3.2 1.6 1.6 3.2 3.2 1.25; r - q = .4 -.4 .3 .4 -.3 .3 -.7 .1.
    w, off = weights(), REWARD - MODEL[np.arange(8), CHOSEN]
    assert w == pytest.approx([1.6, 1.6, 3.2, 1.6, 1.6, 3.2, 3.2, 1.25])
    # .64 - .64 + .96 + .64 - .48 + .96 - 2.24 + .125 = -.035, over 17.25 and over 8.
    assert float((w * off).sum()) == pytest.approx(-0.035)
    assert by_both_shared(log()).value == pytest.approx(0.595 - 0.035 / 17.25)
    # Without the three weights of 3.2: .64 - .64 + .64 - .48 + .125 = .285.
    assert by_both(log(capped_weights(w, 3.0))).value == pytest.approx(0.595 + 0.285 / 8)
    assert by_both(log(shrunk_weights(w, 1e12))).value == pytest.approx(0.590625)
    assert by_both(log(shrunk_weights(w, 1e-12))).value == pytest.approx(0.595)
    # One weight by hand: lambda 4, w 1.6: 4 x 1.6 / (2.56 + 4) = .97561.
    assert float(shrunk_weights(np.array([1.6]), 4.0)[0]) == pytest.approx(0.9756098)


def test_the_bandit_sample_gives_its_click_rates_and_weights_near_one(reference_data):
    folder = reference_data / "open_bandit_small"
    rates = {}
    for policy in ("random", "bts"):
        rows = np.genfromtxt(
            folder / f"{policy}_men.csv",
            delimiter=",",
            skip_header=1,
            usecols=(1, 3, 4),
            encoding="utf-8",
        )
        item, click, chance = rows[:, 0], rows[:, 1], rows[:, 2]
        rates[policy] = float(click.mean())
        # A rule that takes one of 34 items at random, from either log.
        uniform = one_by_one((1 / 34) / chance, click)
        if policy == "random":
            assert uniform.mean_weight == pytest.approx(1.0, abs=1e-9)
            assert by_weights(uniform).value == pytest.approx(rates["random"])
        else:
            # The other log must give the random rate within its own, wide, error.
            assert by_share_of_weights(uniform).value == pytest.approx(rates["random"], abs=0.006)
            assert uniform.worth < 0.5 * len(item)
    assert rates["random"] == pytest.approx(0.0046, abs=5e-5)
    assert rates["bts"] == pytest.approx(0.0069, abs=5e-5)
