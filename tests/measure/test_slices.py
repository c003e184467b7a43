"""Slices: exact against brute force, held in the other half, and never a difference with a sign."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.slices import SLICES
from sayso.measure.estimators.slices import (
    Held,
    held,
    in_slice,
    kept_by_share,
    scores,
    search,
    without_repeats,
)
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from sayso.workspace.audit import audit
from tests.measure.case_rows import HandEngine, cases_from

if TYPE_CHECKING:
    from sayso.domain.figure import Figure

Case = dict[str, object]


def by_brute_force(
    codes: np.ndarray, errors: np.ndarray, cases: np.ndarray, *, least: int, terms: int
) -> list[float]:
    """Scores of every slice, the highest first."""
    found: list[float] = []
    for count in range(1, terms + 1):
        for places in combinations(range(codes.shape[1]), count):
            for values in product(*(np.unique(codes[:, p]) for p in places)):
                held = np.all(codes[:, places] == values, axis=1)
                size = float(cases[held].sum())
                if size >= least:
                    (score,) = scores(
                        np.array([size]),
                        np.array([errors[held].sum()]),
                        of=float(cases.sum()),
                        total=float(errors.sum()),
                    )
                    found.append(float(score))
    return sorted((s for s in found if s > 0), reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(1, 12),
    st.integers(1, 3),
    st.sampled_from(["yes or no", "amounts", "counted"]),
)
def test_no_slice_scores_higher_than_those_found(seed: int, least: int, terms: int, kind: str):
    draw = np.random.default_rng(seed)
    codes = draw.integers(0, 3, size=(60, 4)).astype(np.uint8)
    cases = draw.integers(1, 5, size=60).astype(float) if kind == "counted" else np.ones(60)
    errors = {
        "yes or no": (draw.random(60) < 0.2).astype(float),
        "amounts": draw.exponential(size=60) * (draw.random(60) < 0.3),
        "counted": draw.binomial(cases.astype(int), 0.2).astype(float),
    }[kind]
    found = search(
        codes,
        errors,
        least=least,
        most=5,
        terms=terms,
        cases=cases if kind == "counted" else None,
    )
    expected = by_brute_force(codes, errors, cases, least=least, terms=terms)[:5]
    if errors.sum() == 0:
        assert found == ()
        return
    assert [s.score for s in found] == pytest.approx(expected)
    for one in found:
        rows = in_slice(one, codes)
        assert one.cases == cases[rows].sum()
        assert one.errors == pytest.approx(float(errors[rows].sum()))


def test_a_difference_that_may_be_negative_is_refused():
    # RULINGS 16: with a mean near zero the score rewards the opposite of what is looked for.
    codes = np.zeros((4, 1), dtype=np.uint8)
    with pytest.raises(ValueError, match="positive part and its mirror"):
        search(codes, np.array([0.3, -0.1, 0.0, 0.2]), least=1, most=3)
    with pytest.raises(ValueError, match="0 or more"):
        search(codes, np.array([0.3, np.nan, 0.0, 0.2]), least=1, most=3)
    with pytest.raises(ValueError, match="finite"):
        search(codes, np.array([0.3, np.inf, 0.0, 0.2]), least=1, most=3)


def test_codes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="codes"):
        search(np.array([[255]], dtype=np.uint8), np.ones(1), least=1, most=1)


def test_where_nothing_errs_or_all_err_alike_nothing_is_found():
    codes = np.random.default_rng(0).integers(0, 3, size=(200, 3)).astype(np.uint8)
    assert search(codes, np.zeros(200), least=5, most=5) == ()
    assert search(codes, np.ones(200), least=5, most=5) == ()
    assert search(codes[:0], np.zeros(0), least=5, most=5) == ()


def test_nearly_the_same_cases_are_named_once():
    draw = np.random.default_rng(1)
    one = draw.integers(0, 3, size=2000)
    copy = np.where(draw.random(2000) < 0.02, 2, one)
    other = draw.integers(0, 3, size=2000)
    codes = np.column_stack([one, copy, other]).astype(np.uint8)
    errors = (draw.random(2000) < np.where(one == 1, 0.5, 0.1)).astype(float)
    found = search(codes, errors, least=50, most=6, terms=1)
    assert {s.terms for s in found[:2]} == {((0, 1),), ((1, 1),)}
    assert len([s for s in without_repeats(found, codes) if s.terms[0][1] == 1]) == 1


def test_a_large_table_is_searched_in_seconds():
    draw = np.random.default_rng(2)
    codes = draw.integers(0, 8, size=(200_000, 13)).astype(np.uint8)
    worse = (codes[:, 2] == 3) & (codes[:, 7] == 5)
    errors = (draw.random(200_000) < np.where(worse, 0.7, 0.05)).astype(float)
    (best, *_) = search(codes, errors, least=2000, most=5)
    assert best.terms == ((2, 3), (7, 5))


def groups(
    draw: np.random.Generator, share: float, count: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    n = draw.integers(20, 60, size=count).astype(float)
    p = np.clip(share + 0.05 * draw.normal(size=count), 0, 1)
    return draw.binomial(n.astype(int), p).astype(float), n


def test_what_holds_in_the_other_half_is_told_from_luck():
    draw = np.random.default_rng(3)
    said = covered = found = 0
    for _ in range(300):
        same = held(groups(draw, 0.2), groups(draw, 0.2), line=0.05, people=32)
        worse = held(groups(draw, 0.35), groups(draw, 0.2), line=0.05, people=32)
        assert isinstance(same, Held)
        assert isinstance(worse, Held)
        assert isinstance(worse.apart, Estimate)
        said += same.p < 0.05
        found += worse.p < 0.01
        covered += worse.apart.r95.contains(0.15)
    assert said / 300 < 0.09
    assert found / 300 > 0.9
    assert covered / 300 > 0.92


@pytest.mark.parametrize(
    ("inside", "answer"),
    [
        (([9, 9, 9, 9], [20, 20, 20, 20]), NotEnoughData(5, 4, "people with cases of this kind")),
        (([1] * 6, [20] * 6), NotEnoughData(10, 6, "cases of this kind")),
        (([20] * 6, [20] * 6), NotEnoughData(10, 0, "cases of this kind")),
    ],
)
def test_too_few_people_or_events_are_refused(
    inside: tuple[list[int], list[int]], answer: NotEnoughData
):
    x, n = (np.array(v, dtype=float) for v in inside)
    assert held((x, n), (n / 10, n), line=None, people=6) == answer


def test_one_group_that_holds_all_other_cases_is_refused():
    n = np.full(6, 20.0)
    rest = np.array([50.0, 0, 0, 0, 0, 0])
    assert isinstance(held((n / 4, n), (rest / 5, rest), line=None, people=6), NotEnoughData)


def test_the_share_of_false_findings_is_held_by_rank():
    assert kept_by_share([0.04, 0.03, 0.02, 0.9]) == (False, False, False, False)
    assert kept_by_share([0.012, 0.02, 0.03, 0.9]) == (True, True, True, False)
    assert kept_by_share([]) == ()


WATCHED = (
    CaseInput(name="colour", place=0, number=False, labels=("red", "blue"), coarse=("red", "blue")),
    CaseInput(name="size", place=1, number=False, labels=("s", "m", "l"), coarse=("s", "m", "l")),
)


def cases_of(
    *, people: int, cases: int, seed: int, worse: float = 0.4, person_sd: float = 0.0
) -> list[Case]:
    """Advice is overruled in 2 of 10 cases, more where the case is red and large."""
    draw = np.random.default_rng(seed)
    own = person_sd * draw.normal(size=people)
    rows: list[Case] = []
    for i in range(cases):
        colour, size = ("red", "blue")[draw.integers(2)], ("s", "m", "l")[draw.integers(3)]
        share = 0.2 + (worse if (colour, size) == ("red", "l") else 0.0) + own[i % people]
        over = bool(draw.random() < share)
        wrong = bool(draw.random() < 0.3)
        rows.append(
            {
                "decider": f"p{i % people}",
                "kind": colour,
                "alike": size,
                "advice": "yes",
                "choice": "no" if over else "yes",
                "shown": True,
                "outcome_matured": True,
                "advice_loss": float(wrong),
                "choice_loss": float(wrong != over),
            }
        )
    return rows


def with_slices(rows: list[Case]) -> HandEngine:
    engine = cases_from(rows)
    engine.connection.execute(
        """CREATE OR REPLACE VIEW case_slices AS SELECT *,
            coalesce(CASE kind WHEN 'red' THEN 0 WHEN 'blue' THEN 1 END, 15)
            + 16e0 * coalesce(CASE alike WHEN 's' THEN 0 WHEN 'm' THEN 1 WHEN 'l' THEN 2 END, 15)
            AS packed FROM cases"""
    )
    return engine


def read(rows: list[Case], *, people: int, seen_for: str | None = None) -> tuple[Figure, ...]:
    setting = Setting(
        has=frozenset({"advice", "choice", "decider"}),
        options=("yes", "no"),
        deciders=people,
        inputs=WATCHED,
        outcome_seen_for=seen_for,
    )
    return SLICES.read(with_slices(rows), setting)


@pytest.mark.feature("M21")
def test_the_kind_of_case_that_is_overruled_more_is_found_and_held():
    figures = read(cases_of(people=20, cases=4000, seed=4), people=20)
    first = figures[0]
    assert dict(first.groups) == {"target": "overruled", "where": "colour: red; size: l"}
    assert first.note("stands") is True
    assert first.grade is Grade.ASSOCIATION
    assert first.word is Word.LIKELY
    assert first.estimate is not None
    assert first.estimate.r95.contains(0.4)
    assert first.estimate.people == 10
    targets = {f.group("target") for f in figures}
    # Overruling where advice is right as often is worse than the advice there.
    assert {"overruled", "choice worse"} <= targets


def test_people_who_differ_are_no_kind_of_case():
    said = 0
    for seed in range(12):
        figures = read(
            cases_of(people=14, cases=1400, seed=100 + seed, worse=0.0, person_sd=0.1), people=14
        )
        said += any(f.note("stands") is True for f in figures)
    assert said <= 2


def test_nine_people_are_too_few_to_halve():
    figures = read(cases_of(people=9, cases=900, seed=5), people=9)
    assert [f.answer for f in figures] == [NotEnoughData(10, 9, "people")]


def test_outcomes_seen_after_one_option_leave_only_overruling():
    figures = read(cases_of(people=20, cases=3000, seed=6), people=20, seen_for="yes")
    known = {f.group("target") for f in figures if f.estimate is not None}
    assert known == {"overruled"}
    assert sum(isinstance(f.answer, CannotTell) for f in figures) == 3


def test_an_empty_table_says_what_is_missing():
    (figure,) = read([], people=20)
    assert isinstance(figure.answer, NotEnoughData)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "decider": st.sampled_from(["a", "b", "c", None]),
                "kind": st.sampled_from(["red", "blue", None]),
                "alike": st.sampled_from(["s", None]),
                "choice": st.sampled_from(["yes", "no", None]),
                "advice": st.sampled_from(["yes", "no", None]),
                "shown": st.sampled_from([True, False, None]),
                "justification": st.sampled_from([True, False, None]),
                "outcome_matured": st.booleans(),
                "choice_loss": st.sampled_from([0.0, 2.0, None]),
                "advice_loss": st.sampled_from([0.0, 3.0, None]),
            }
        ),
        max_size=30,
    )
)
def test_the_query_counts_what_plain_python_counts(rows: list[Case]):
    got = with_slices(rows).fetch(query("slices"), {"most": 2e6})
    kept = [
        r
        for r in rows
        if r["decider"] is not None
        and r["choice"] is not None
        and r["advice"] is not None
        and r["shown"] is not False
        and not r["justification"]
    ]
    pairs = [
        (r, float(str(r["choice_loss"])), float(str(r["advice_loss"])))
        for r in kept
        if r["outcome_matured"] and r["choice_loss"] is not None and r["advice_loss"] is not None
    ]
    sums = {
        "cases": len(kept),
        "overruled": sum(r["choice"] != r["advice"] for r in kept),
        "known": len(pairs),
        "wrong_followed": sum(r["choice"] == r["advice"] and a > 0 for r, _, a in pairs),
        "advice_worse": sum(a > c for _, c, a in pairs),
        "choice_worse": sum(c > a for _, c, a in pairs),
    }
    for name, total in sums.items():
        assert (float(got.numbers(name).sum()) if len(got) else 0) == total, name
    people = {str(r["decider"]) for r in rows if r["decider"] is not None}
    if len(got):
        folds = set(got.numbers("fold").tolist())
        assert len(folds) == len({str(r["decider"]) for r in kept})
        assert folds <= set(range(1, len(people) + 1))


def test_beyond_a_number_of_cases_every_other_person_is_read():
    rows = cases_of(people=20, cases=1000, seed=8)
    got = with_slices(rows).fetch(query("slices"), {"most": 600.0})
    # 1,000 cases over 600: every second person, ten of twenty with fifty cases each.
    assert len(set(got.numbers("fold").tolist())) == 10
    assert float(got.numbers("cases").sum()) == 500


def frame(rows: list[Case]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "decider": [r["decider"] for r in rows],
            "colour <b>": [r["kind"] for r in rows],
            "size": [r["alike"] for r in rows],
            "advice": [r["advice"] for r in rows],
            "choice": [r["choice"] for r in rows],
        }
    )


def test_the_report_names_the_kind_of_case_with_both_shares():
    found = audit(frame(cases_of(people=20, cases=4000, seed=4)))
    page = found.to_html()
    assert 'id="slices"' in page
    assert "Where colour &lt;b&gt; is red and size is l, the advice is overruled in" in page
    assert "<b> is" not in page


def test_a_table_where_no_kind_stands_out_says_so_in_one_line():
    page = audit(frame(cases_of(people=20, cases=2000, seed=7, worse=0.0))).to_html()
    assert 'id="slices"' not in page
    assert "No kind of case stands out" in page or "kind of case stands out cannot" in page
