"""Ruling 4: second thoughts look like moves to the advice; only the net does not see them."""

import numpy as np

from sayso.domain.answer import Estimate
from sayso.domain.grade import Grade
from sayso.measure.catalog.first_views import FIRST_VIEWS
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset({"prior", "choice", "advice"})


def redrawn(seed: int) -> list[dict[str, object]]:
    """First view and choice are fresh draws of one person on one case: the advice does nothing."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for i in range(6000):
        lean = draw.beta(0.6, 0.6)
        views = ["yes" if draw.random() < lean else "no" for _ in range(2)]
        right = lean > 0.5 if draw.random() < 0.85 else lean <= 0.5
        rows.append(
            {
                "decider": f"p{i % 40}",
                "prior": views[0],
                "choice": views[1],
                "advice": "yes" if right else "no",
            }
        )
    return rows


def test_the_switch_fraction_is_large_where_the_advice_does_nothing_and_the_net_is_not():
    setting = Setting(has=HAS, options=("yes", "no"), deciders=40)
    engine = cases_from(redrawn(1))
    flow = {f.measure: f.answer for f in FIRST_VIEWS.read(engine, setting)}
    switch, away = flow["switch-fraction"], flow["first-view-moved-away"]
    assert isinstance(switch, Estimate)
    assert isinstance(away, Estimate)
    assert switch.value > 0.3, "RULINGS 4 measured .439 at zero influence"
    assert switch.value - away.value > 0.15, "and the old noise floor left .32 of it"
    net, *_ = INFLUENCE.read(engine, setting)
    assert isinstance(net.answer, Estimate)
    assert net.answer.low <= 0 <= net.answer.high
    assert net.grade is Grade.ASSOCIATION
