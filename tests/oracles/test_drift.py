"""Drift against Montgomery's table, river's example and hand-worked values."""

import random

import numpy as np
import pytest

from sayso.measure.estimators.change import Cusum, Window
from sayso.measure.estimators.drift import (
    jensen_shannon,
    population_stability,
    stability_threshold,
)


@pytest.mark.oracle("S7")
def test_stability_its_threshold_and_divergence_are_those_worked_by_hand():
    e, a = np.array([0.1, 0.2, 0.4, 0.2, 0.1]), np.array([0.05, 0.15, 0.4, 0.25, 0.15])
    assert population_stability(e, a) == pytest.approx(0.0804719, abs=1e-6)
    assert stability_threshold(500, 500, 5) == pytest.approx(0.0379509, abs=1e-6)
    assert jensen_shannon(e, a) == pytest.approx(0.0143520, abs=1e-6)


@pytest.mark.oracle("S5")
def test_the_sums_are_those_of_montgomery_in_every_row(reference_data):
    table = np.genfromtxt(
        reference_data / "cusum" / "montgomery_16_8.csv", delimiter=",", skip_header=1
    )
    assert len(table) == 20
    state = Cusum()
    for _, x, high, low in table.tolist():
        state = state.after(x, target=99.0, slack=1.0)
        assert (state.high, state.low) == pytest.approx((high, low), abs=1e-9)
        assert not state.signals(10.0)


def test_an_adaptive_window_is_cut_where_rivers_is():
    # 1,000 draws of 0 or 1, then 1,000 of 4 to 7: river's documentation finds index 1023.
    draw = random.Random(12345)
    values = draw.choices([0, 1], k=1000) + draw.choices(range(4, 8), k=1000)
    window = Window()
    assert [i for i, value in enumerate(values) if window.take(float(value))] == [1023]
