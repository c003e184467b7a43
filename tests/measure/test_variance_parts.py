"""Variance in parts: exact REML and moments, against each other, by hand and under attack."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.domain.answer import CannotTell
from sayso.measure.estimators.components import balanced
from sayso.measure.estimators.moments import by_moments, left_out
from sayso.measure.estimators.parts import Parts, Sums, compact, crossing, one_a_row
from sayso.measure.estimators.reml import by_reml, fits


def table(seed: int, cases: int, people: int, *, level: float, case: float, rest: float):
    draw = np.random.default_rng(seed)
    answers = (
        draw.normal(0, case, (cases, 1))
        + draw.normal(0, level, (1, people))
        + draw.normal(0, rest, (cases, people))
    )
    c, p = np.divmod(np.arange(cases * people), people)
    return answers, c, p


def of(parts: Parts | CannotTell) -> list[float]:
    assert isinstance(parts, Parts)
    return [*(p.variance for p in parts.groupings), parts.rest.variance]


def test_both_are_the_analysis_of_variance_of_a_complete_table():
    answers, c, p = table(1, 12, 7, level=1.0, case=2.0, rest=0.7)
    want = balanced(answers)
    for got in (by_reml(answers.ravel(), [c, p]), by_moments(one_a_row(answers.ravel()), [c, p])):
        assert of(got) == pytest.approx([want.case, want.level, want.pattern], rel=1e-4)


def test_errors_of_a_complete_table_are_those_of_its_mean_squares():
    # Normal theory: var(level) = 2 / n^2 (EMS_people^2 / (k - 1) + EMS_rest^2 / ((n-1)(k-1))).
    answers, c, p = table(2, 30, 8, level=1.0, case=2.0, rest=0.7)
    got = by_reml(answers.ravel(), [c, p])
    assert isinstance(got, Parts)
    level, rest = got.groupings[1].variance, got.rest.variance
    people = 30 * level + rest
    want = (2 / 30**2 * (people**2 / 7 + rest**2 / (29 * 7))) ** 0.5
    assert got.groupings[1].error == pytest.approx(want, rel=1e-3)
    assert got.rest.error == pytest.approx((2 * rest**2 / (29 * 7)) ** 0.5, rel=1e-3)


def test_a_negative_part_is_none_beside_its_raw_value():
    answers, c, p = table(1, 12, 7, level=0.0, case=1.0, rest=1.0)
    answers = answers - answers.mean(0)
    want = balanced(answers)
    assert want.level_raw < 0
    exact = by_reml(answers.ravel(), [c, p])
    quick = by_moments(one_a_row(answers.ravel()), [c, p])
    for got in (exact, quick):
        assert isinstance(got, Parts)
        assert got.groupings[1].variance == 0.0
        assert got.groupings[1].raw == pytest.approx(want.level_raw, rel=1e-3)
    # Held at none, the rest is the mean square within cases, not that of the crossed table.
    assert isinstance(exact, Parts)
    within = float(((answers - answers.mean(1, keepdims=True)) ** 2).sum()) / (12 * 6)
    assert exact.rest.variance == pytest.approx(within, rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_moments_lie_within_two_in_a_hundred_of_reml_where_few_answers_are_missing(seed: int):
    answers, c, p = table(seed, 120, 40, level=0.6, case=1.0, rest=0.8)
    kept = np.random.default_rng(seed).random(c.size) > 0.05
    y, c, p = answers.ravel()[kept], c[kept], p[kept]
    assert of(by_moments(one_a_row(y), [c, p])) == pytest.approx(of(by_reml(y, [c, p])), rel=0.02)


def test_three_groupings_part_pattern_from_occasion():
    # Complete, so the mean squares say what each part is.
    draw = np.random.default_rng(7)
    cases, people, times = 60, 25, 2
    y = (
        draw.normal(0, 1.0, (cases, 1, 1))
        + draw.normal(0, 0.5, (1, people, 1))
        + draw.normal(0, 0.8, (cases, people, 1))
        + draw.normal(0, 0.6, (cases, people, times))
    )
    means = balanced(y.mean(2))
    occasion = float(y.var(axis=2, ddof=1).mean())
    c, p, _ = (a.ravel() for a in np.indices(y.shape))
    got = by_reml(y.ravel(), [c, p, crossing(c, p)])
    pattern = means.pattern - occasion / times
    assert of(got) == pytest.approx([means.case, means.level, pattern, occasion], rel=1e-3)


def test_moments_of_a_nested_table_are_its_analysis_of_variance():
    draw = np.random.default_rng(4)
    y = draw.normal(0, 1, (8, 1, 1)) + draw.normal(0, 2, (8, 5, 1)) + draw.normal(0, 1, (8, 5, 3))
    outer, inner, _ = (a.ravel() for a in np.indices(y.shape))
    within = float(y.var(axis=2, ddof=1).mean())
    between = float(y.mean(2).var(axis=1, ddof=1).mean())
    top = float(y.mean((1, 2)).var(ddof=1))
    want = [top - between / 5, between - within / 3, within]
    inner = outer * 5 + inner
    assert of(by_moments(one_a_row(y.ravel()), [outer, inner])) == pytest.approx(want, rel=1e-9)
    swapped = by_moments(one_a_row(y.ravel()), [inner, outer])
    assert of(swapped) == pytest.approx([want[1], want[0], want[2]], rel=1e-9)
    assert of(by_reml(y.ravel(), [outer, inner])) == pytest.approx(want, rel=1e-3)


def test_sums_give_what_their_rows_give():
    answers, c, p = table(3, 10, 6, level=1.0, case=1.0, rest=1.0)
    twice = np.r_[answers.ravel(), answers.ravel() + 0.5]
    cc, pp = np.r_[c, c], np.r_[p, p]
    summed = Sums(np.full(60, 2.0), answers.ravel() + 0.25, np.full(60, 2 * 0.25**2))
    one, other = by_moments(one_a_row(twice), [cc, pp]), by_moments(summed, [c, p])
    assert isinstance(one, Parts)
    assert isinstance(other, Parts)
    assert of(one) == pytest.approx(of(other), rel=1e-9)
    assert [g.error for g in one.groupings] == pytest.approx([g.error for g in other.groupings])


def test_leaving_groups_out_by_their_sums_is_nearly_leaving_out_their_rows():
    answers, c, p = table(5, 60, 40, level=1.0, case=1.0, rest=1.0)
    kept = np.random.default_rng(1).random(c.size) > 0.3
    y, places = answers.ravel()[kept], [c[kept], p[kept]]
    for over in (0, 1):
        got = left_out(one_a_row(y), places, over)
        assert not isinstance(got, CannotTell)
        want = []
        for group in range(20):
            stays = places[over] % 20 != group
            left = by_moments(one_a_row(y[stays]), [q[stays] for q in places], over=())
            assert isinstance(left, Parts)
            want.append([*(g.raw for g in left.groupings), left.rest.raw])
        assert got.values == pytest.approx(np.array(want), rel=5e-3)


def test_large_answers_lose_nothing():
    answers, c, p = table(6, 20, 10, level=1.0, case=1.0, rest=1.0)
    near, far = (by_moments(one_a_row(answers.ravel() + shift), [c, p]) for shift in (0.0, 1e8))
    assert of(far) == pytest.approx(of(near), rel=1e-6)


def test_units_square():
    answers, c, p = table(8, 20, 10, level=1.0, case=1.0, rest=1.0)
    for fit in (by_reml, lambda y, g: by_moments(one_a_row(y), g)):
        one, other = fit(answers.ravel(), [c, p]), fit(1000 * answers.ravel(), [c, p])
        assert of(other) == pytest.approx([1e6 * v for v in of(one)], rel=1e-6)


ONE = np.zeros(40, dtype=np.intp)
EACH = np.arange(40)


@pytest.mark.parametrize(
    "groupings",
    [
        [np.arange(40) % 8, ONE],
        [ONE, np.arange(40) % 8],
        [EACH // 2, EACH // 2],
        [EACH, np.arange(40) % 8],
        [EACH % 8, EACH],
    ],
    ids=["one person", "one case", "the same twice", "each case once", "each person once"],
)
def test_parts_that_cannot_be_told_apart_are_refused(groupings: list[np.ndarray]):
    y = np.random.default_rng(1).normal(0, 1, 40)
    assert isinstance(by_moments(one_a_row(y), groupings), CannotTell)
    assert isinstance(by_reml(y, groupings), CannotTell)


def test_one_answer_for_all_has_no_parts():
    got = by_reml(np.ones(40), [EACH // 8, EACH % 8])
    assert of(got) == [0.0, 0.0, 0.0]
    assert of(by_moments(one_a_row(np.ones(40)), [EACH // 8, EACH % 8])) == [0.0, 0.0, 0.0]


def test_people_who_differ_by_their_level_alone_leave_nothing():
    # The variance of 0..7 is 6.
    answers = np.tile(np.arange(8.0), 5)
    assert of(by_reml(answers, [EACH // 8, EACH % 8])) == pytest.approx([0.0, 6.0, 0.0], abs=1e-9)


def test_too_many_levels_that_meet_are_not_fitted_exactly():
    draw = np.random.default_rng(2)
    c, p = draw.integers(0, 4000, 30_000), draw.integers(0, 5000, 30_000)
    assert not fits([c, p])
    with pytest.raises(ValueError, match="at most"):
        by_reml(np.ones(30_000), [c, p])


def test_ten_thousand_people_with_a_case_each_say_nothing_of_people():
    people = np.arange(10_000)
    cases = people % 500
    y = np.random.default_rng(3).normal(0, 1, 10_000)
    assert isinstance(by_moments(one_a_row(y), [cases, people]), CannotTell)


def test_places_close_up():
    assert compact(np.array([5, 2, 9, 5])).tolist() == [1, 0, 2, 1]
    assert compact(np.array([10**9, 3, 10**9])).tolist() == [1, 0, 1]


def test_errors_from_leaving_out_are_as_large_as_the_parts_vary():
    # 150 tables of the same kind: the mean squared error is held against the parts' own variance.
    found = []
    errors = []
    for seed in range(150):
        answers, c, p = table(seed, 40, 20, level=0.7, case=1.0, rest=1.0)
        got = by_moments(one_a_row(answers.ravel()), [c, p])
        assert isinstance(got, Parts)
        found.append([g.raw for g in got.groupings])
        errors.append([g.error**2 for g in got.groupings])
    ratio = np.mean(errors, 0) / np.var(found, 0)
    assert np.all(ratio > 0.75)
    assert np.all(ratio < 1.9)
