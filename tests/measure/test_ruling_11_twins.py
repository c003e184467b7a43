"""Ruling 11: the old correction is zero whatever the noise; ours is only said as an upper figure."""

import numpy as np

from sayso.measure.estimators.twins import pairs_within
from sayso.present.sections import alike


def test_the_old_excess_is_zero_under_pure_noise_and_under_pure_knowledge():
    # Old: flip rate less 2 p (1 - p) of the fitted policy. Pure occasion noise at p = .3 and
    # pure unrecorded knowledge with the same share give the same flips, and no excess in either.
    draw = np.random.default_rng(1)
    for chosen in (
        (draw.random(4000) < 0.3).astype(np.intp),
        (np.arange(4000) % 10 < 3).astype(np.intp),
    ):
        pairs = pairs_within(
            np.zeros(4000, dtype=np.intp),
            np.arange(4000, dtype=np.intp) % 40,
            chosen,
            np.ones(4000),
            deciders=40,
        )
        flip = pairs.differing / pairs.all_pairs
        fitted = 2 * chosen.mean() * (1 - chosen.mean())
        assert abs(flip - fitted) < 0.001
        assert flip > 0.4, "the raw flips stay what is printed"


def test_so_the_report_calls_natural_twins_alike_in_what_was_recorded_only():
    assert "recorded" in alike.ALIKE
    assert "upper" in alike.UPPER
