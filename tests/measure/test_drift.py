"""Drift is told from the wandering of weeks, and dated only where it can be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sayso
from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.catalog.drift import DRIFT
from sayso.measure.estimators.change import Series, Window, changes, late_less_early
from sayso.measure.estimators.drift import (
    Drifted,
    Mixes,
    ToldApart,
    distance_between,
    drifted,
    jensen_shannon,
    mix_moved,
    population_stability,
    shares_of,
    told_apart,
)
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from tests.measure.case_rows import HandEngine, cases_from

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.domain.figure import Figure

quick = settings(max_examples=40, deadline=None)
counts = st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(lambda c: sum(c) > 0)


@quick
@given(counts, counts)
def test_divergences_are_mirrored_never_negative_and_nothing_for_the_same(
    one: list[int], other: list[int]
):
    p, q = shares_of(np.array(one, float)), shares_of(np.array(other, float))
    for measure in (population_stability, jensen_shannon, mix_moved):
        assert measure(p, q) == pytest.approx(measure(q, p), abs=1e-12)
        assert measure(p, q) >= -1e-12
        assert measure(p, p) == pytest.approx(0.0, abs=1e-12)
    assert jensen_shannon(p, q) <= 1 + 1e-12


def test_an_empty_bin_gets_half_a_case():
    assert shares_of(np.array([0.0, 9.0])) == pytest.approx([0.05, 0.95])


@quick
@given(st.integers(2, 60), st.integers(0, 1000))
def test_the_distance_lies_between_its_sketched_ends(bins: int, seed: int):
    draw = np.random.default_rng(seed)
    x, y = draw.normal(size=300), draw.normal(0.3, 1.2, size=200)
    edges = np.linspace(-6, 6, bins + 1)
    got = distance_between(np.histogram(x, edges)[0], np.histogram(y, edges)[0])
    grid = np.sort(np.concatenate([x, y]))
    exact = max(abs(float((x <= v).mean() - (y <= v).mean())) for v in grid)
    assert got.low - 1e-12 <= exact <= got.high + 1e-12


def weeks_of(draw: np.random.Generator, share: float, wander: float, weeks: int = 20) -> np.ndarray:
    """Counts of two kinds by week; ``wander`` is how far the share strays from week to week."""
    p = np.clip(share + wander * draw.normal(size=weeks), 0.02, 0.98)
    yes = draw.binomial(200, p)
    return np.column_stack([yes, 200 - yes]).astype(float)


def test_a_mix_that_only_wanders_is_no_drift_though_the_plain_threshold_says_so():
    draw = np.random.default_rng(1)
    called = plain = 0
    for _ in range(300):
        one = drifted(Mixes(weeks_of(draw, 0.4, 0.08), weeks_of(draw, 0.4, 0.08)))
        assert isinstance(one, Drifted)
        called += one.p < 0.05
        plain += one.raw > one.threshold
    assert called / 300 < 0.09
    assert plain / 300 > 0.3


def test_a_real_shift_is_found_and_its_size_is_in_the_range():
    draw = np.random.default_rng(2)
    truth = population_stability(np.array([0.4, 0.6]), np.array([0.6, 0.4]))
    found = covered = 0
    for _ in range(200):
        one = drifted(Mixes(weeks_of(draw, 0.4, 0.03), weeks_of(draw, 0.6, 0.03)))
        assert isinstance(one, Drifted)
        assert isinstance(one.answer, Estimate)
        found += one.p < 0.001
        covered += one.answer.r95.contains(truth)
    assert found == 200
    assert covered / 200 > 0.9


@pytest.mark.parametrize(
    "early",
    [np.full((3, 2), 50.0), np.full((5, 2), 1.0), np.zeros((9, 2))],
    ids=["three weeks", "few cases", "no cases"],
)
def test_too_little_is_said(early: np.ndarray):
    assert isinstance(drifted(Mixes(early, np.full((9, 2), 50.0))), NotEnoughData)


def test_one_kind_alone_cannot_drift():
    assert drifted(Mixes(np.full((9, 1), 50.0), np.full((9, 1), 50.0))) == NotEnoughData(
        2, 1, "kinds of case"
    )


def test_periods_that_differ_are_told_apart_and_the_column_is_named():
    draw = np.random.default_rng(3)
    x = draw.normal(size=(1200, 4))
    late = (np.arange(1200) % 2).astype(np.intp)
    same = told_apart(x, late)
    assert isinstance(same, ToldApart)
    assert same.p > 0.01
    x[late == 1, 2] += 0.8
    x[:, 3] = 7.0  # constant: tells nothing, and must not divide by zero
    apart = told_apart(x, late)
    assert isinstance(apart, ToldApart)
    assert apart.area > 0.65
    assert apart.p < 1e-6
    assert int(np.argmax(np.abs(apart.weights))) == 2
    assert apart.weights[3] == pytest.approx(0.0, abs=1e-9)


def test_periods_that_are_wholly_apart_do_not_break_the_line():
    x = np.concatenate([np.zeros((100, 1)), np.ones((100, 1))])
    late = np.repeat([0, 1], 100).astype(np.intp)
    apart = told_apart(x, late)
    assert isinstance(apart, ToldApart)
    assert apart.area == pytest.approx(1.0)
    assert told_apart(x[:60], late[:60]) == NotEnoughData(50, 0, "cases in each period")


def test_told_apart_says_so_of_the_same_in_at_most_one_of_twenty():
    draw = np.random.default_rng(4)
    late = (np.arange(200) % 2).astype(np.intp)
    said = 0
    for _ in range(200):
        got = told_apart(draw.normal(size=(200, 3)), late)
        assert isinstance(got, ToldApart)
        said += got.p < 0.05
    assert said / 200 < 0.09


def wandering(draw: np.random.Generator, weeks: int, carried: float) -> np.ndarray:
    y = np.empty(weeks)
    y[0] = draw.normal()
    for week in range(1, weeks):
        y[week] = carried * y[week - 1] + np.sqrt(1 - carried**2) * draw.normal()
    return y


def series_of(values: np.ndarray, cases: float = 100.0) -> Series:
    n = np.full(len(values), cases)
    return Series(np.arange(len(values), dtype=float), values * n, n)


def test_a_step_is_dated_within_a_week_and_its_levels_are_told():
    draw = np.random.default_rng(5)
    values = 0.4 + 0.02 * draw.normal(size=52)
    values[30:] += 0.12
    (change,) = changes(series_of(values), alpha=0.005, seed=1)
    assert abs(change.week - 30) <= 1
    assert change.before == pytest.approx(0.4, abs=0.02)
    assert change.after == pytest.approx(0.52, abs=0.02)
    assert isinstance(change.answer, Estimate)
    assert change.answer.r95.contains(0.12)


def test_two_steps_are_both_dated():
    draw = np.random.default_rng(6)
    values = 0.3 + 0.02 * draw.normal(size=120)
    values[40:] += 0.15
    values[80:] -= 0.1
    found = changes(series_of(values), alpha=0.005, seed=1)
    assert [round(c.week / 40) for c in found] == [1, 2]


@pytest.mark.parametrize("values", [np.full(60, 0.5), np.arange(10) / 10.0])
def test_a_flat_or_short_series_has_no_date(values: np.ndarray):
    assert changes(series_of(values), alpha=0.005, seed=1) == ()


def test_the_same_seed_dates_the_same():
    values = 0.5 + 0.05 * wandering(np.random.default_rng(7), 60, 0.5)
    assert changes(series_of(values), alpha=0.5, seed=3) == changes(
        series_of(values), alpha=0.5, seed=3
    )


@pytest.mark.parametrize("carried", [0.0, 0.8])
def test_series_that_only_wander_are_rarely_dated(carried: float):
    draw = np.random.default_rng(8)
    dated = sum(
        bool(changes(series_of(0.5 + 0.05 * wandering(draw, 40, carried)), alpha=0.005, seed=i))
        for i in range(40)
    )
    assert dated / 40 <= 0.08


@pytest.mark.deep
@pytest.mark.parametrize(("carried", "weeks"), [(0.0, 52), (0.5, 30), (0.8, 26), (0.8, 104)])
def test_series_that_only_wander_are_dated_in_at_most_one_of_twenty(carried: float, weeks: int):
    draw = np.random.default_rng(9)
    dated = sum(
        bool(changes(series_of(0.5 + 0.05 * wandering(draw, weeks, carried)), alpha=0.005, seed=i))
        for i in range(200)
    )
    assert dated / 200 <= 0.05 + 0.025


def test_weeks_without_cases_have_no_place_and_weeks_ascend():
    with pytest.raises(ValueError, match="gap"):
        Series(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    with pytest.raises(ValueError, match="ascend"):
        Series(np.array([1.0, 1.0]), np.array([0.0, 1.0]), np.array([1.0, 2.0]))


def test_halves_need_four_weeks_each():
    assert late_less_early(series_of(np.full(7, 0.5)), line=0.05, bounds=None) == NotEnoughData(
        8, 7, "weeks"
    )


def test_a_window_holds_its_mean_whatever_its_length():
    draw = np.random.default_rng(10)
    values = draw.random(777)
    window = Window()
    for value in values.tolist():
        window.take(value)
    assert window.width == 777
    assert window.mean == pytest.approx(float(values.mean()))
    assert sum(len(row) for row in window.rows) < 60


def test_an_empty_window_has_no_mean_to_divide():
    assert Window().mean == 0.0


def table(
    seed: int, *, step: float, weeks: int = 52, per_week: int = 30
) -> list[dict[str, object]]:
    """Overruling steps up in week 30, when the model v2 comes in."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for week in range(weeks):
        for _ in range(per_week):
            advice = "yes" if draw.random() < 0.5 else "no"
            against = draw.random() < 0.2 + (step if week >= 30 else 0.0)
            choice = advice if not against else ("no" if advice == "yes" else "yes")
            rows.append(
                {
                    "week": float(week),
                    "late_half": week >= weeks / 2,
                    "advice": advice,
                    "choice": choice,
                    "shown": True,
                    "said": 0.7,
                    "advice_source": "v2" if week >= 30 else "v1",
                    "kind": "a" if draw.random() < (0.3 if week < weeks / 2 else 0.6) else "b",
                }
            )
    return rows


def with_inputs(rows: list[dict[str, object]]) -> HandEngine:
    """The view of inputs, here of the kind alone and of a column that stays as it is."""
    engine = cases_from(rows)
    engine.connection.execute(
        """CREATE OR REPLACE VIEW case_inputs AS
        SELECT *, 'kind' AS input, CASE kind WHEN 'a' THEN 0 WHEN 'b' THEN 1 END AS input_code,
            CAST(NULL AS DOUBLE) AS input_number, false AS input_affected FROM cases
        UNION ALL
        SELECT *, 'advised' AS input, CASE advice WHEN 'yes' THEN 0 END AS input_code,
            CAST(NULL AS DOUBLE) AS input_number, false AS input_affected FROM cases"""
    )
    return engine


def read(rows: list[dict[str, object]]) -> dict[str, Figure]:
    setting = Setting(
        has=frozenset({"week", "choice", "advice", "said"}), options=("yes", "no"), deciders=9
    )
    return {
        "|".join([f.measure, *(v for _, v in f.groups)]): f
        for f in DRIFT.read(with_inputs(rows), setting)
    }


@pytest.mark.feature("M13")
def test_overruling_that_steps_up_is_dated_and_the_new_model_is_named():
    figures = read(table(1, step=0.2))
    (change,) = [f for f in figures.values() if f.measure == "drift-change"]
    assert change.group("series") == "overruled"
    week = change.note("week")
    assert isinstance(week, float)
    assert abs(week - 30) <= 1
    assert change.note("new_source") == "v2"
    assert change.grade is Grade.BEFORE_AFTER
    assert change.word is not Word.CLEAR
    assert figures["drift|overruled"].note("source v2") == 30.0


def test_an_input_whose_mix_moved_is_told_from_one_that_stayed():
    figures = read(table(2, step=0.0))
    moved, stayed = figures["drift-input|kind"], figures["drift-input|advised"]
    assert moved.word is Word.NOT_ZERO
    assert moved.note("moved") == pytest.approx(0.3, abs=0.05)
    assert stayed.word is Word.EITHER
    assert not [f for f in figures.values() if f.measure == "drift-change"]


def test_series_with_gaps_say_how_many():
    rows = [r for r in table(3, step=0.2) if not 10 <= float(str(r["week"])) < 14]
    figures = read(rows)
    assert figures["drift|overruled"].note("gaps") == 4
    assert figures["drift|overruled"].note("weeks") == 48


def test_a_table_of_one_week_says_what_is_missing():
    figures = read([r for r in table(4, step=0.0) if r["week"] == 0.0])
    assert figures["drift|overruled"].answer == NotEnoughData(8, 1, "weeks")
    assert isinstance(figures["drift-input|kind"].answer, NotEnoughData)


@pytest.mark.feature("M13")
def test_a_model_that_came_in_is_told_with_its_day_though_nothing_moved(tmp_path: Path):
    draw = np.random.default_rng(5)
    lines = ["decider,decided_at,choice,advice,model"]
    for i in range(16 * 70):
        day = date(2026, 1, 5) + timedelta(days=i // 10)
        advice, choice = (str(draw.choice(["yes", "no"])) for _ in range(2))
        model = "<i>next</i>" if day >= date(2026, 3, 2) else "first"
        lines.append(f"p{i % 8},{day},{choice},{advice},{model}")
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(lines), "utf-8")
    audit = sayso.audit(path, outcome="none", prior="none", advice_source="model")
    page = audit.to_html()
    assert "began to advise after the first week" in page
    assert "“&lt;i&gt;next&lt;/i&gt;” from 2 March 2026 on" in re.sub(
        r"</?(b|span)[^>]*>", "", page
    )
    assert "<i>next" not in page
    assert "“first” from" not in page


flag = st.sampled_from([True, False, None])
option = st.sampled_from(["yes", "no", None])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "week": st.sampled_from([0.0, 1.0, None]),
                "late_half": flag,
                "choice": option,
                "advice": option,
                "shown": flag,
                "justification": flag,
                "said": st.sampled_from([0.2, None]),
                "advice_confidence": st.sampled_from([0.9, None]),
                "kind": st.sampled_from(["a", "b", None]),
            }
        ),
        max_size=25,
    )
)
def test_the_queries_count_what_plain_python_counts(rows: list[dict[str, object]]):
    engine = with_inputs(rows)
    got = engine.fetch(query("drift_series"), {})
    kept = [r for r in rows if r["week"] is not None and r["choice"] is not None]
    view = [
        r
        for r in kept
        if r["advice"] is not None and r["shown"] is not False and not r["justification"]
    ]
    sure = [
        r["said"] if r["said"] is not None else r["advice_confidence"]
        for r in kept
        if r["said"] is not None or r["advice_confidence"] is not None
    ]
    sums = {
        "cases": len(kept),
        "in_view": len(view),
        "overruled": sum(r["choice"] != r["advice"] for r in view),
        "stated": len(sure),
        "stated_sum": sum(float(str(s)) for s in sure),
    }
    for name, total in sums.items():
        assert (float(got.numbers(name).sum()) if len(got) else 0) == pytest.approx(total), name
    mixes = engine.fetch(query("drift_inputs"), {})
    dated = [r for r in rows if r["week"] is not None and r["late_half"] is not None]
    for code, kind in ((0.0, "a"), (1.0, "b")):
        mine = mixes.equal("input", "kind") if len(mixes) else mixes
        found = (
            float(mine.numbers("cases")[mine.numbers("input_code") == code].sum())
            if len(mine)
            else 0
        )
        assert found == sum(r["kind"] == kind for r in dated)
