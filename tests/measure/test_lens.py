"""Inputs used and useful: known truths, the lens by hand, and tables that try to fool it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.figure import Figure
from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.lens import LENS
from sayso.measure.catalog.selective_use import SELECTIVE_USE
from sayso.measure.estimators.policy import (
    drawn_in,
    group_products,
    lens,
    linear_policy,
    policies,
    pooled,
    probit_policy,
    wald,
    weights_from,
)
from sayso.measure.setting import Setting
from tests.measure.case_rows import HandEngine, cases_from

INPUTS = tuple(
    CaseInput(name=name, place=i, number=True, labels=(), coarse=())
    for i, name in enumerate(("both", "leaned on", "overlooked", "nothing", "turned"))
)
HOLDS = frozenset({"choice", "choice_right", "decider"})


def table(seed: int, people: int = 12, each: int = 200) -> HandEngine:
    """Five inputs: used and useful, used only, useful only, neither, and used the wrong way."""
    draw = np.random.default_rng(seed)
    n = people * each
    x = draw.normal(size=(n, 5))
    used = x @ np.array([0.8, 0.8, 0.0, 0.0, -0.8])
    useful = x @ np.array([0.8, 0.0, 0.8, 0.0, 0.8])
    chosen = draw.random(n) < 1 / (1 + np.exp(-used))
    needed = draw.random(n) < 1 / (1 + np.exp(-useful))
    engine = cases_from(
        {
            "case_id": str(i),
            "decider": f"p{i % people}",
            "choice": "yes" if chosen[i] else "no",
            "choice_right": bool(chosen[i] == needed[i]),
            "outcome_matured": True,
        }
        for i in range(n)
    )
    columns = ", ".join(f"ADD COLUMN num_{i} DOUBLE" for i in range(5))
    for column in columns.split(", "):
        engine.connection.execute(f"ALTER TABLE cases {column}")
    import pyarrow as pa

    given_rows = pa.table(
        {"id": [str(i) for i in range(n)], **{f"v{k}": x[:, k] for k in range(5)}}
    )
    engine.connection.register("given_inputs", given_rows)
    sets = ", ".join(f"num_{k} = g.v{k}" for k in range(5))
    engine.connection.execute(
        f"UPDATE cases SET {sets} FROM given_inputs AS g WHERE g.id = cases.case_id"  # noqa: S608
    )
    return engine


def read(engine: HandEngine, **frame: object) -> list[Figure]:
    values: dict[str, object] = {"options": ("yes", "no"), "deciders": 12, "inputs": INPUTS}
    return list(LENS.read(engine, Setting(has=HOLDS, **{**values, **frame})))  # type: ignore[arg-type]


def one(figures: list[Figure], measure: str, **groups: str) -> Figure:
    (found,) = (f for f in figures if f.measure == measure and dict(f.groups) == groups)
    return found


@pytest.mark.feature("M22")
def test_each_input_is_told_for_what_it_is():
    figures = read(table(1))
    kinds = {str(f.group("input")): f.note("kind") for f in figures if f.measure == "input-used"}
    assert kinds == {
        "both": "used and useful",
        "leaned on": "used, not useful",
        "overlooked": "useful, not used",
        "nothing": "neither",
        "turned": "used the other way round",
    }
    assert str(one(figures, "input-used", input="leaned on").word) == "Likely"
    assert not any(f.group("decider") for f in figures)


def test_outcomes_seen_after_one_option_only_cannot_tell_what_is_useful():
    base = Setting(has=HOLDS, options=("yes", "no"), deciders=12, inputs=INPUTS)
    assert LENS.can_read(base)
    for frame in ({"outcome_seen_for": "yes"}, {"inputs": ()}, {"options": ("a", "b", "c")}):
        values: dict[str, object] = {"options": ("yes", "no"), "deciders": 12, "inputs": INPUTS}
        assert not LENS.can_read(Setting(has=HOLDS, **{**values, **frame}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM cases",
        "DELETE FROM cases WHERE case_id <> '3'",
        "UPDATE cases SET choice = 'yes'",
        "UPDATE cases SET num_0 = 1, num_1 = NULL, num_2 = 7, num_3 = 0, num_4 = NULL",
        "UPDATE cases SET choice_right = NULL",
    ],
)
def test_what_cannot_be_told_is_not_told(change: str):
    engine = table(2, people=5, each=30)
    engine.connection.execute(change)
    figures = read(engine, deciders=5)
    assert [type(f.answer) for f in figures] == [NotEnoughData]


def test_one_decider_speaks_of_these_cases_and_no_weights_are_compared():
    figures = read(table(3, people=1, each=600), deciders=1)
    used = one(figures, "input-used", input="both").answer
    assert isinstance(used, Estimate)
    assert str(used.population) == "these people and cases"
    assert not [f for f in figures if f.measure == "policy-spread"]


def test_a_column_that_repeats_another_breaks_nothing():
    engine = table(4)
    engine.connection.execute("UPDATE cases SET num_1 = num_0")
    figures = read(engine)
    first, second = (one(figures, "input-used", input=n).answer for n in ("both", "leaned on"))
    assert isinstance(first, Estimate)
    assert isinstance(second, Estimate)
    assert first.value == pytest.approx(second.value, abs=1e-6)


def test_people_who_weigh_alike_have_no_spread_and_others_have_theirs():
    """RULINGS 17: identical weights, few cases: the raw spread is noise and is taken out."""
    draw = np.random.default_rng(5)
    raw, clean, real = [], [], []
    for _ in range(30):
        people = np.repeat(np.arange(12), 30)
        x = draw.normal(size=(360, 2))
        y = x @ np.ones(2) + draw.normal(size=360)
        of = policies(x, y, people)
        raw.append(float(np.trace(of.squares @ np.cov(of.weights, rowvar=False))))
        found = pooled(of)
        assert not isinstance(found, NotEnoughData)
        clean.append(float(np.trace(of.squares @ np.diag(found.raw))))
        slopes = 1 + draw.normal(0, 0.5, size=(12, 2))
        y = (x * slopes[people]).sum(axis=1) + draw.normal(size=360)
        other = pooled(policies(x, y, people))
        assert not isinstance(other, NotEnoughData)
        real.append(other.policy)
    assert np.mean(raw) > 0.05
    assert abs(np.mean(clean)) < 0.01
    assert np.mean(real) == pytest.approx(0.5, abs=0.1)


def test_weights_drawn_in_predict_better_than_each_ones_own():
    draw = np.random.default_rng(6)
    people = np.repeat(np.arange(40), 20)
    slopes = 1 + draw.normal(0, 0.15, size=(40, 2))
    x = draw.normal(size=(800, 2))
    y = (x * slopes[people]).sum(axis=1) + draw.normal(size=800)
    of = policies(x, y, people)
    whole = pooled(of)
    assert not isinstance(whole, NotEnoughData)
    own = float(((of.weights - slopes) ** 2).mean())
    assert float(((drawn_in(of, whole) - slopes) ** 2).mean()) < 0.7 * own


def test_fewer_than_ten_cases_an_input_are_refused():
    x = np.random.default_rng(7).normal(size=(10_000, 2))
    found = pooled(policies(x, x[:, 0], np.arange(10_000)))
    assert found == NotEnoughData(5, 0, "people with 20 cases")


def test_the_lens_by_hand():
    # Judgment and outcome are the one input, so all correlations are 1 and nothing is left over.
    x = np.array([1.0, 2, 3, 4])
    rows = np.column_stack([x, 2 * x, 3 * x])
    rows = rows - rows.mean(axis=0)
    found = lens(rows.T @ rows)
    assert found is not None
    parts = (found.achievement, found.world, found.consistency, found.knowledge)
    assert parts == pytest.approx((1, 1, 1, 1))
    assert found.unmodelled == 0
    assert lens(np.zeros((3, 3))) is None


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_lens_equation_is_exact(seed: int, inputs: int):
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(40, inputs + 2)) @ draw.normal(size=(inputs + 2, inputs + 2))
    rows = rows - rows.mean(axis=0)
    found = lens(rows.T @ rows)
    assert found is not None
    assert abs(found.remainder) < 1e-10


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_weights_from_sums_are_those_from_rows_whole_and_without_a_group(seed: int):
    draw = np.random.default_rng(seed)
    x, y = draw.normal(size=(60, 3)), draw.normal(size=60) + 1e6
    group = draw.permutation(60) % 4
    found = weights_from(group_products(np.column_stack([x, y]), group))
    assert found[0] == pytest.approx(linear_policy(x, y)[1:], abs=1e-6)
    for g in range(4):
        rest = group != g
        assert found[g + 1] == pytest.approx(linear_policy(x[rest], y[rest])[1:], abs=1e-6)


def test_a_probit_told_exactly_stays_finite():
    x = np.arange(20.0)[:, None]
    assert np.isfinite(probit_policy(x, (x[:, 0] > 9).astype(float))).all()


def test_a_weight_of_nothing_is_found_there_one_time_in_twenty():
    draw = np.random.default_rng(8)
    found = []
    for _ in range(300):
        x, y = draw.normal(size=(200, 2)), draw.normal(size=200)
        every = weights_from(group_products(np.column_stack([x, y]), np.arange(200) % 10))
        found.append(wald(every[0], every[1:]) < 0.05)
    assert 0.02 < np.mean(found) < 0.09


kinds = st.sampled_from(["k", "l", None])
option = st.sampled_from(["yes", "no", None])
uses = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "kind": kinds,
            "choice": option,
            "advice": option,
            "prior": option,
            "shown": st.sampled_from([True, False, None]),
            "justification": st.sampled_from([True, False, None]),
        }
    ),
    max_size=25,
)


@settings(max_examples=12, deadline=None)
@given(uses)
def test_uses_by_kind_are_counted_as_in_plain_python(rows: list[dict[str, object]]):
    got = cases_from(rows).fetch(SELECTIVE_USE.sql, {})
    used = [
        r
        for r in rows
        if r["shown"] is not False
        and not r["justification"]
        and None not in (r["kind"], r["choice"], r["advice"])
    ]
    for kind in ("k", "l"):
        mine = [r for r in used if r["kind"] == kind]
        part = got.equal("kind", kind) if len(got) else got
        total = {c: float(part.numbers(c).sum()) if len(part) else 0.0 for c in
                 ("cases", "followed", "apart", "moved")}  # fmt: skip
        apart = [r for r in mine if r["prior"] not in (None, r["advice"])]
        assert total == {
            "cases": len(mine),
            "followed": sum(r["choice"] == r["advice"] for r in mine),
            "apart": len(apart),
            "moved": sum(r["choice"] == r["advice"] for r in apart),
        }


def test_a_kind_where_advice_is_followed_less_stands_apart():
    draw = np.random.default_rng(9)
    rows = [
        {
            "decider": f"p{i % 10}",
            "kind": "k" if i % 3 else "l",
            "advice": "yes",
            "choice": "yes" if draw.random() < (0.8 if i % 3 else 0.5) else "no",
        }
        for i in range(900)
    ]
    setting = Setting(has=frozenset({"kind", "advice", "choice"}), deciders=10)
    figures = SELECTIVE_USE.read(cases_from(rows), setting)
    assert all(f.note("apart") for f in figures)
    for row in rows:  # each decider sees one kind only: people and kinds cannot be told apart
        row["decider"] = f"{row['kind']}{row['decider']}"
    figures = SELECTIVE_USE.read(cases_from(rows), setting)
    assert all(f.note("apart") is None for f in figures)
