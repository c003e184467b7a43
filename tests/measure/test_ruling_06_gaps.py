"""Ruling 6: the mean of absolute differences is mostly sampling noise; ours is not."""

import numpy as np

from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.estimators.gaps import Adjusted, Standardised, adjusted, root_mean_square_gap
from sayso.measure.estimators.words import word_for

RUNS = 300


def groups(draw: np.random.Generator, spread: float, size: int, count: int) -> list[Standardised]:
    truths = np.clip(0.4 + draw.normal(0, spread, count), 0.02, 0.98)
    shares = draw.binomial(size, truths) / size
    return [Standardised(float(p), float(p * (1 - p) / (size - 1)), size, 10) for p in shares]


def test_six_equal_groups_of_thirty_look_ten_apart_by_the_old_rule_and_not_by_ours():
    draw = np.random.default_rng(1)
    old, clear = [], 0
    for _ in range(RUNS):
        made = groups(draw, 0.0, 30, 6)
        means = np.array([g.mean for g in made])
        old.append(np.abs(means[:, None] - means[None, :])[np.triu_indices(6, 1)].mean())
        answer = root_mean_square_gap(made, line=0.05)
        assert isinstance(answer, Estimate)
        clear += word_for(answer, line=0.05, grade=Grade.DESCRIPTION) is Word.CLEAR
    assert np.mean(old) > 0.08, "RULINGS 6 measured 10.2 in 100 where nothing differs"
    assert clear / RUNS < 0.04


def test_the_range_holds_these_groups_own_difference_at_the_nominal_rate():
    draw = np.random.default_rng(3)
    truths = np.array([0.2, 0.3, 0.4, 0.5, 0.55, 0.35])
    true = (2 * truths.var(ddof=1)) ** 0.5
    held = 0
    for _ in range(RUNS):
        shares = draw.binomial(120, truths) / 120
        made = [Standardised(float(p), float(p * (1 - p) / 119), 120, 10) for p in shares]
        answer = root_mean_square_gap(made, line=0.05)
        assert isinstance(answer, Estimate)
        held += answer.low <= true <= answer.high
    assert held / RUNS > 0.92


def clustered(draw: np.random.Generator, gap: float, wobble: float) -> Adjusted | None:
    """Two teams of five people with thirty cases each; people differ by ``wobble``."""
    rows: list[tuple[float, float, int, int, int]] = []
    for person in range(10):
        team = person // 5
        lean = float(np.clip(0.4 + gap * (team - 0.5) + draw.normal(0, wobble), 0.02, 0.98))
        for cell in (0, 1):
            rows.append((float(draw.binomial(15, lean)), 15.0, person, team, cell))
    totals, cases, people, teams, cells = (np.array(column) for column in zip(*rows, strict=True))
    return adjusted(totals, cases, people, teams, cells)


def test_two_teams_of_five_are_compared_without_inventing_a_gap():
    draw = np.random.default_rng(5)
    clear = held = 0
    for gap in (0.0, 0.15):
        for _ in range(RUNS):
            made = clustered(draw, gap, 0.08)
            assert made is not None
            answer = root_mean_square_gap(made.groups, line=0.05, covariance=made.covariance)
            assert isinstance(answer, Estimate)
            held += answer.low <= gap <= answer.high
            if gap == 0:
                clear += word_for(answer, line=0.05, grade=Grade.DESCRIPTION) is Word.CLEAR
    assert clear / RUNS < 0.04
    assert held / (2 * RUNS) > 0.92
