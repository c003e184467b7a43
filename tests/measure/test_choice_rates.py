"""How often each option is chosen with the advice in view, without it, and advised."""

import pytest

from sayso.domain.answer import Estimate
from sayso.measure.catalog.agreement import AGREEMENT_BY_OPTION
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from


def test_rates_are_counted_by_hand():
    """Per person 20 shown (12 yes, 15 advised yes) and 20 hidden (6 yes, 10 advised yes)."""
    table: list[dict[str, object]] = []
    for person in range(8):
        for shown, yes, advised in ((True, 12, 15), (False, 6, 10)):
            table += [
                {
                    "decider": f"p{person}",
                    "shown": shown,
                    "choice": "yes" if i < yes else "no",
                    "advice": "yes" if i < advised else "no",
                }
                for i in range(20)
            ]
    setting = Setting(
        has=frozenset({"advice", "choice", "shown"}), options=("yes", "no"), deciders=8
    )
    rates = {
        (f.group("arm"), f.group("option")): f.answer
        for f in AGREEMENT_BY_OPTION.read(cases_from(table), setting)
        if f.measure == "choice-rate"
    }
    want = {"shown": 0.6, "hidden": 0.3, "advice": 0.625}
    for arm, yes in want.items():
        for option, value in (("yes", yes), ("no", 1 - yes)):
            answer = rates[arm, option]
            assert isinstance(answer, Estimate)
            assert answer.value == pytest.approx(value)
