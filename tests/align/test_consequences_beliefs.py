"""Beliefs are learned as by hand, and hold: of cases believed at 30 in 100, 30 in 100 happen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.align.beliefs import folded_beliefs, learn
from sayso.align.input_coding import CategoryCoding, coded, learn_coding

EVEN = np.array([0.5, 0.5])


def test_without_inputs_a_belief_is_the_share_with_one_more_case_spread_over_the_states():
    shares = np.array([0.7, 0.2, 0.1])
    states = np.array([0] * 6 + [1] * 3)
    found = learn(np.zeros((9, 0)), states, shares).of(np.zeros((2, 0)))
    # Six, three and no cases and the shares of one more, over ten.
    assert found == pytest.approx(np.array([[0.67, 0.32, 0.01]] * 2), abs=1e-6)


def test_one_input_is_fitted_as_its_score_equation_says():
    # 30 cases at -1 with 10 yes, 30 at +1 with 20 yes; ridge 4 on each of two opposite slopes b/2.
    # d/db: 20 - 30 p(b) + 20 - 30 p(b) = ridge * b / 2, with p(b) = 1 / (1 + exp(-b)).
    inputs = np.array([[-1.0]] * 30 + [[1.0]] * 30)
    states = np.array([1] * 10 + [0] * 20 + [1] * 20 + [0] * 10)
    low, high = 0.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        more = 40 - 60 / (1 + np.exp(-middle)) > 4 * middle / 2
        low, high = (middle, high) if more else (low, middle)
    found = learn(inputs, states, EVEN, ridge=4.0).of(np.array([[1.0]]))
    assert found[0, 1] == pytest.approx(1 / (1 + np.exp(-low)), abs=1e-5)


def test_without_penalty_and_with_many_cases_it_finds_the_law_that_made_them():
    random = np.random.default_rng(3)
    inputs = random.normal(size=(40_000, 2))
    odds = np.column_stack([np.zeros(40_000), 0.5 + inputs[:, 0], -1 + 0.7 * inputs[:, 1]])
    chance = np.exp(odds) / np.exp(odds).sum(1, keepdims=True)
    states = (random.random(40_000)[:, None] > chance.cumsum(1)).sum(1)
    found = learn(inputs, states, np.full(3, 1 / 3)).of(inputs)
    assert np.abs(found - chance).max() < 0.03


def test_beliefs_are_calibrated_on_cases_they_have_not_seen():
    random = np.random.default_rng(11)
    n = 12_000
    code = random.integers(6, size=n)
    age = random.uniform(0, 15, n)
    odds = np.array([-1.3, -1.8, -0.3, 1.0, 0.4, -0.6])[code] + 0.08 * (age - 7.5)
    states = (random.random(n) < 1 / (1 + np.exp(-odds))).astype(np.intp)
    folds = random.integers(3, size=n)
    known = {"code": np.array([f"E{c}" for c in code], dtype=object), "age": age}
    codings = {name: learn_coding(values, most=50) for name, values in known.items()}
    inputs = coded(known, codings, n)
    found = folded_beliefs(inputs, states, folds, of=inputs, of_folds=folds, states_n=2)
    for belief in (found.belief[:, 1], found.held_out[:, 1]):
        tenths = np.argsort(belief).reshape(10, -1)
        gap = belief[tenths].mean(1) - states[tenths].mean(1)
        assert np.abs(gap).max() < 4 * np.sqrt(0.25 / 1200)
        said = np.log(belief / (1 - belief))
        slope = learn(((said - said.mean()) / said.std())[:, None], states, EVEN).slopes
        assert float(slope[0, 1] - slope[0, 0]) / said.std() == pytest.approx(1, abs=0.1)


def test_no_case_is_believed_by_a_rule_that_has_seen_it():
    # The state of each part is its own: whoever had seen a part would know it.
    folds = np.repeat([0, 1, 2], 40)
    states = (folds == 2).astype(np.intp)
    none = np.zeros((120, 0))
    found = folded_beliefs(none, states, folds, of=none, of_folds=folds, states_n=2)
    assert (found.belief[folds == 1, 1] > 0.9).all()
    assert (found.held_out[folds == 1, 1] < 0.1).all()
    assert (found.belief[folds == 2, 1] < 0.1).all()
    assert (found.held_out[folds == 2, 1] < 0.1).all()


def test_a_state_that_one_part_never_saw_is_rare_and_not_impossible():
    states = np.array([0] * 30 + [1] * 30)
    folds = np.array([0] * 30 + [1, 2] * 15)
    none = np.zeros((60, 0))
    found = folded_beliefs(
        none, states, folds, of=none[:3], of_folds=np.array([0, 1, 2]), states_n=2
    )
    assert (found.belief > 0).all()
    assert found.belief.sum(1) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_the_names_of_states_change_no_belief(seed: int, count: int):
    random = np.random.default_rng(seed)
    inputs, states = random.normal(size=(40, 2)), random.integers(count, size=40)
    shares = random.dirichlet(np.ones(count)) * 0.9 + 0.1 / count
    order = random.permutation(count)
    plain = learn(inputs, states, shares).of(inputs)
    renamed = learn(inputs, np.argsort(order)[states], shares[order]).of(inputs)
    assert renamed == pytest.approx(plain[:, order], abs=1e-3)


@pytest.mark.parametrize("shares", [np.array([1.0, 0.0]), np.array([0.5, -0.5])])
def test_a_state_that_cannot_be_is_refused(shares: np.ndarray):
    with pytest.raises(ValueError, match="shares"):
        learn(np.zeros((2, 0)), np.array([0, 0]), shares)


class TestCoding:
    def test_a_number_is_centred_scaled_and_says_where_it_is_missing(self):
        values = np.array([1.0, 3.0, np.nan, 5.0])
        found = learn_coding(values, most=5).columns(values)
        spread = np.sqrt(8 / 3)
        assert found == pytest.approx(np.array([[-2 / spread, 0], [0, 0], [0, 1], [2 / spread, 0]]))

    def test_a_category_has_a_column_a_value_the_most_common_first(self):
        values = np.array(["b", "a", "b", None], dtype=object)
        coding = learn_coding(values, most=5)
        assert coding == CategoryCoding(("b", None, "a"), others=False)
        assert coding.columns(values).tolist() == [[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]

    def test_rarer_values_share_a_column_and_so_does_one_never_seen(self):
        values = np.array(list("aaabbbcd"), dtype=object)
        coding = learn_coding(values, most=2)
        assert coding == CategoryCoding(("a", "b"), others=True)
        new = coding.columns(np.array(["c", "zzz", "a"], dtype=object))
        assert new.tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]

    @pytest.mark.parametrize(
        "values",
        [
            np.full(5, np.nan),
            np.full(5, 3.0),
            np.zeros(5),
            np.array([1.0]),
            np.array([np.inf, -np.inf, 1.0, 2.0]),
            np.array([1e308, -1e308, 0.0, 5e-324]),
            np.array([5e-324, 1e-323]),
        ],
        ids=str,
    )
    def test_odd_numbers_give_finite_columns(self, values: np.ndarray):
        found = learn_coding(values, most=5).columns(values)
        assert found.shape[0] == len(values)
        assert np.isfinite(found).all()

    def test_one_mistyped_number_does_not_decide_what_the_others_mean(self):
        values = np.arange(1000.0)
        values[7] = 1e12
        found = learn_coding(values, most=5).columns(values)[:, 0]
        assert found.max() < 3
        assert np.ptp(found[100:900]) > 2

    def test_yes_and_no_are_never_cut_off_however_rare_yes_is(self):
        values = np.zeros(10_000)
        values[3] = 1
        assert np.ptp(learn_coding(values, most=5).columns(values)) > 50
