"""Cases whose outcome nobody saw: worked by hand, true in a simulation, and told in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.measure.catalog.unseen import UNSEEN_WRONG
from sayso.measure.estimators.unseen import Assumption, Sums, ends, unseen_share
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from sayso.workspace.audit import audit
from tests.measure.case_rows import cases_from


def one_kind(cases: float, seen: float, wrong: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([cases]), np.array([seen]), np.array([wrong])


@pytest.mark.oracle("O3")
@pytest.mark.parametrize(
    ("assumption", "low", "high"),
    [
        (Assumption.NOTHING, 0.14, 0.44),
        # RULINGS 16: the lower end rises to 14/70.
        (Assumption.AS_RISKY, 0.20, 0.44),
        # Odds 14:56 = .25; halved .125 is 1/9, doubled .5 is 1/3: .14 + .3/9 and .14 + .3/3.
        (Assumption.TWICE_THE_ODDS, 0.14 + 0.3 / 9, 0.14 + 0.1),
        (Assumption.ALIKE, 0.20, 0.20),
    ],
)
def test_each_assumption_narrows_the_range_as_worked_by_hand(
    assumption: Assumption, low: float, high: float
):
    assert ends(*one_kind(100, 70, 14), assumption) == pytest.approx((low, high))


def test_alike_cases_are_taken_kind_by_kind():
    # Kind one: 50 of 60 seen, 5 wrong; kind two: 10 of 40 seen, 5 wrong.
    low, high = ends(
        np.array([60.0, 40.0]), np.array([50.0, 10.0]), np.array([5.0, 5.0]), Assumption.ALIKE
    )
    assert low == pytest.approx((5 + 1 + 5 + 15) / 100)
    assert high == pytest.approx(low)


def test_of_a_kind_with_nothing_seen_nothing_is_assumed():
    low, high = ends(
        np.array([60.0, 40.0]), np.array([60.0, 0.0]), np.array([6.0, 0.0]), Assumption.ALIKE
    )
    assert (low, high) == pytest.approx((0.06, 0.46))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5
    )
)
def test_every_assumption_lies_within_the_one_that_assumes_nothing(
    kinds: list[tuple[int, float, float]],
):
    cases = np.array([float(n) for n, _, _ in kinds])
    seen = np.array([float(round(n * s)) for n, s, _ in kinds])
    wrong = np.array([float(round(m * w)) for m, (_, _, w) in zip(seen, kinds, strict=True)])
    low, high = ends(cases, seen, wrong, Assumption.NOTHING)
    assert 0 <= low <= high <= 1 + 1e-12
    inner = ends(cases, seen, wrong, Assumption.TWICE_THE_ODDS)
    for assumption in Assumption:
        a, b = ends(cases, seen, wrong, assumption)
        assert low - 1e-12 <= a <= b + 1e-12
        assert b <= high + 1e-12
    alike = ends(cases, seen, wrong, Assumption.ALIKE)
    assert inner[0] - 1e-12 <= alike[0]
    assert alike[1] <= inner[1] + 1e-12


def drawn(draw: np.random.Generator, people: int, hidden: float) -> tuple[Sums, float]:
    """People take the option less often in risky cases, by the kind and by what only they see."""
    n = 60
    person = np.repeat(np.arange(people), n)
    kind = draw.integers(0, 3, size=people * n)
    secret = draw.random(people * n) < 0.5
    risk = 0.1 + 0.1 * kind + hidden * secret
    takes = draw.random(people * n) < 0.8 - 0.15 * kind - hidden * secret
    wrong = draw.random(people * n) < risk
    sums = Sums(
        np.ones(people * n),
        takes.astype(float),
        (wrong & takes).astype(float),
        person.astype(np.intp),
        kind.astype(np.intp),
    )
    return sums, float((0.1 + 0.1 * np.arange(3)).mean() + hidden / 2)


@pytest.mark.parametrize("hidden", [0.0, 0.3])
def test_ranges_hold_the_truth_where_their_assumption_does(hidden: float):
    draw = np.random.default_rng(1)
    covered = dict.fromkeys(Assumption, 0)
    for _ in range(60):
        sums, truth = drawn(draw, 12, hidden)
        for assumption in Assumption:
            got = unseen_share(sums, assumption, population=Population.LIKE_THESE)
            assert isinstance(got, Estimate)
            covered[assumption] += got.r95.contains(truth)
    assert covered[Assumption.NOTHING] == 60
    assert covered[Assumption.AS_RISKY] >= 55
    if hidden:
        # What only people see breaks the boldest assumption, which is why it comes last.
        assert covered[Assumption.ALIKE] < 45
    else:
        assert covered[Assumption.ALIKE] >= 52


def test_few_outcomes_or_people_are_refused():
    few = Sums(*one_kind(100, 70, 4), np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp))
    for assumption in Assumption:
        assert unseen_share(few, assumption, population=Population.THESE) == NotEnoughData(
            10, 4, "known outcomes of either kind"
        )
    enough = Sums(*one_kind(100, 70, 14), np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp))
    assert unseen_share(
        enough, Assumption.NOTHING, population=Population.LIKE_THESE
    ) == NotEnoughData(5, 1, "people")
    assert isinstance(
        unseen_share(enough, Assumption.NOTHING, population=Population.THESE), Estimate
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "decider": st.sampled_from(["a", "b", None]),
                "alike_wide": st.sampled_from(["k", None]),
                "choice": st.sampled_from(["yes", "no", None]),
                "outcome_matured": st.booleans(),
                "choice_right": st.sampled_from([True, False, None]),
            }
        ),
        max_size=25,
    )
)
def test_the_query_counts_what_plain_python_counts(rows: list[dict[str, object]]):
    got = cases_from(rows).fetch(query("unseen"), {"option": "yes"})
    kept = [r for r in rows if r["choice"] is not None and r["outcome_matured"]]
    taken = [r for r in kept if r["choice"] == "yes"]
    sums = {
        "cases": len(kept),
        "seen": sum(r["choice_right"] is not None for r in taken),
        "wrong": sum(r["choice_right"] is False for r in taken),
    }
    for name, total in sums.items():
        assert (float(got.numbers(name).sum()) if len(got) else 0) == total


def test_an_empty_table_says_so():
    setting = Setting(
        has=frozenset({"choice", "choice_right"}), options=("yes", "no"), outcome_seen_for="yes"
    )
    (figure,) = UNSEEN_WRONG.read(cases_from([]), setting)
    assert isinstance(figure.answer, NotEnoughData)


def frame() -> pd.DataFrame:
    draw = np.random.default_rng(2)
    n = 2000
    yes = draw.random(n) < 0.7
    return pd.DataFrame(
        {
            "decider": [f"p{i % 12}" for i in range(n)],
            "kind": np.where(draw.random(n) < 0.5, "a", "b"),
            "choice": np.where(yes, "grant", "refuse"),
            "advice": np.where(draw.random(n) < 0.6, "grant", "refuse"),
            "outcome": [
                (None if not y else ("grant" if draw.random() < 0.8 else "refuse")) for y in yes
            ],
        }
    )


@pytest.mark.feature("M6")
def test_the_report_tells_each_assumption_in_words():
    found = audit(frame())
    page = found.to_html()
    assert "Had every case been “grant”" in page
    assert "Assuming nothing" in page
    assert "at least as risky as those seen" in page
    assert "the boldest" in page
    assumed = [
        f["groups"]["assuming"]
        for f in found.to_json()["figures"]
        if f["measure"] == "unseen-wrong"
    ]
    assert assumed == [a.value for a in Assumption]
