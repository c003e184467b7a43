"""The density test on the margins of Senate elections, as the Stata Journal prints it."""

import numpy as np
import pytest

from sayso.measure.estimators.density import Jump, jump_at


@pytest.mark.oracle("S8")
def test_the_jump_of_senate_margins_is_that_of_rddensity(reference_data):
    margins = np.genfromtxt(reference_data / "rddensity_senate" / "senate.csv", skip_header=1)
    values, counts = np.unique(margins[~np.isnan(margins)], return_counts=True)
    jump = jump_at(values, counts.astype(float), 0.0)
    assert isinstance(jump, Jump)
    assert (jump.t, jump.p) == pytest.approx((-0.8753, 0.3814), abs=5e-5)
    assert (jump.below.reach, jump.above.reach) == pytest.approx((19.841, 27.119), abs=1e-3)
    assert (jump.below.cases, jump.above.cases) == (408, 460)
