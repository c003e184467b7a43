"""What another rule would have brought is told with how much of the table stands behind it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sayso.workspace.audit import Audit, audit

RULES = """\
decision: lots
version: 1
question: Should this lot be opened and checked?
options: [open, pass]
outcome: {name: faulty, kind: boolean, due: 1d, seen_when: always}
mistakes:
  open: {when: not faulty}
  pass: {when: faulty}
source:
  table: lots.csv
  columns: {decider: person, choice: choice, choice_probability: chance, advice: advice,
            outcome: faulty}
"""


def audited(place: Path, *, followed: float, cases: int = 2000) -> Audit:
    """Lots whose advice was followed with a stated chance."""
    draw = np.random.default_rng(3)
    lines = ["person,choice,chance,advice,faulty"]
    for i in range(cases):
        advised = bool(draw.random() < 0.5)
        faulty = advised if draw.random() < 0.8 else not advised
        follows = bool(draw.random() < followed)
        chance = followed if follows else 1 - followed
        names = ["open" if yes else "pass" for yes in (advised == follows, advised)]
        lines.append(f"p{i % 12},{names[0]},{chance},{names[1]},{str(faulty).lower()}")
    (place / "lots.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (place / "charter.yaml").write_text(RULES, "utf-8")
    return audit(place / "lots.csv", charter=place / "charter.yaml", seed=1)


def policy(report: Audit) -> dict[str, Any]:
    (figure,) = (
        f for f in report.to_json()["figures"] if f["key"] == "policy-gain|policy=advice"
    )  # fmt: skip
    return figure


@pytest.mark.feature("E6")
def test_how_many_cases_count_for_a_rule_is_said_beside_its_value(tmp_path: Path):
    report = audited(tmp_path, followed=0.6)
    figure = policy(report)
    assert figure["status"] == "ok"
    assert figure["notes"]["worth"] == pytest.approx(1200, rel=0.1)
    page = report.to_html()
    assert "Cases that chance sent the rule’s way count as" in page
    assert "the largest weight is" in page
    assert "The chances are those of the file." in page


@pytest.mark.feature("E6")
def test_a_rule_that_hardly_any_case_went_by_is_refused_with_what_is_missing(tmp_path: Path):
    report = audited(tmp_path, followed=0.02)
    figure = policy(report)
    assert figure["status"] == "not_enough"
    assert figure["value"] is None
    assert "What the advice would have brought cannot be told yet" in report.to_html()
