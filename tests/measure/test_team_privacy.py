"""People who work in two teams are counted once, and nobody is found by subtraction."""

import pytest

from sayso.domain.answer import NotEnoughData
from sayso.measure.catalog.team_gap import TEAM_GAP
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from


@pytest.mark.feature("T5")
def test_three_people_in_two_small_teams_are_not_six():
    rows = [
        {"decider": f"p{i % 3}", "team": "A" if i % 2 else "B", "choice": "yes", "alike_wide": "k"}
        for i in range(90)
    ]
    rows += [
        {"decider": f"q{i % 9}", "team": "C", "choice": "no" if i % 3 else "yes", "alike_wide": "k"}
        for i in range(200)
    ]
    setting = Setting(
        has=frozenset({"team", "decider", "choice"}), options=("yes", "no"), deciders=12
    )
    figures = TEAM_GAP.read(cases_from(rows), setting)
    assert [f.measure for f in figures] == ["team-gap"]
    assert isinstance(figures[0].answer, NotEnoughData)
