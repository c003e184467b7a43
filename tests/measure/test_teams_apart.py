"""Teams whose cases are never alike: practice and mix cannot be told apart."""

from __future__ import annotations

import pandas as pd

import sayso
from sayso.domain.answer import CannotTell


def test_teams_that_share_no_alike_cases_are_not_compared():
    rows = [
        {
            "officer": f"o{i % 24}",
            "branch": f"B{i % 4}",
            # Each branch has two kinds of its own.
            "kind": f"k{i % 4}{(i // 4) % 2}",
            "advice": "approve" if i % 3 else "decline",
            "choice": "approve" if (i // 4) % 3 else "decline",
        }
        for i in range(1200)
    ]
    audit = sayso.audit(pd.DataFrame(rows), choice="choice", advice="advice", decider="officer",
                        team="branch")  # fmt: skip
    gap = audit.reading.figure("team-gap")
    assert gap is not None
    assert isinstance(gap.answer, CannotTell)
    (asked,) = (
        u for u in audit.to_json()["cannot_tell"]
        if u["question"] == "Would another branch decide differently?"
    )  # fmt: skip
    assert "no alike cases" in asked["cheapest_way"]
