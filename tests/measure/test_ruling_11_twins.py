"""Ruling 11: the old correction is zero whatever the noise; ours sees noise and spares knowledge."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData
from sayso.measure.catalog.twins import TWINS_FORCED
from sayso.measure.estimators.forced import Forced, forced
from sayso.measure.estimators.twins import pairs_within
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from sayso.present.sections import alike
from tests.measure.case_rows import cases_from

PEOPLE, PARTS, CELLS = 20, 40, 4
Case = dict[str, object]


def old_excess(chosen: np.ndarray) -> tuple[float, float]:
    """Flip rate, and what is left of it after 2 p (1 - p) of the fitted policy."""
    pairs = pairs_within(
        np.zeros(len(chosen), dtype=np.intp),
        np.arange(len(chosen), dtype=np.intp) % PEOPLE,
        chosen,
        np.ones(len(chosen)),
        deciders=PEOPLE,
    )
    flip = pairs.differing / pairs.all_pairs
    return flip, flip - 2 * float(chosen.mean()) * (1 - float(chosen.mean()))


def of(chosen: np.ndarray, part: np.ndarray) -> Forced:
    """Ours, over cases of one part and cell each, dealt to people in turn."""
    return forced(
        part.astype(np.intp),
        (part % CELLS).astype(np.intp),
        chosen.astype(np.intp),
        (np.arange(len(chosen)) // PARTS % 10).astype(np.intp),
        np.ones(len(chosen)),
        people=PEOPLE,
    )


def test_pure_noise_is_excess_now_and_was_not():
    draw = np.random.default_rng(1)
    part = np.arange(4000) % PARTS
    chosen = (draw.random(4000) < 0.3).astype(np.intp)
    flip, old = old_excess(chosen)
    assert abs(old) < 0.001, "RULINGS 11: Excess .000 under pure noise"
    ours = of(chosen, part)
    assert isinstance(ours.forced, Estimate)
    assert isinstance(ours.excess, Estimate)
    assert ours.forced.value < 0.01
    assert ours.excess.low <= flip <= ours.excess.high
    assert ours.excess.value > 0.4


def test_what_recorded_differences_force_is_not_excess():
    part = np.arange(4000) % PARTS
    chosen = (part // CELLS % 2).astype(np.intp)
    flip, old = old_excess(chosen)
    assert flip > 0.4
    assert abs(old) < 0.001
    ours = of(chosen, part)
    assert isinstance(ours.forced, Estimate)
    assert isinstance(ours.excess, Estimate)
    assert ours.excess.value == pytest.approx(0, abs=1e-12)


def test_rates_of_few_cases_do_not_force_by_chance():
    """Two cases a part and half: |p - p'| of such rates is .3 where every true rate is .3."""
    draw = np.random.default_rng(2)
    part = np.arange(1600) % 400
    chosen = (draw.random(1600) < 0.3).astype(np.intp)
    rate = np.bincount(part, chosen) / 4
    naive = np.mean([abs(a - b) for a, b in itertools.combinations(rate[::CELLS], 2)])
    assert naive > 0.2
    ours = forced(
        part.astype(np.intp), (part % CELLS).astype(np.intp), chosen,
        (np.arange(1600) // 400 % 4 + np.arange(1600) % 2 * 4).astype(np.intp), np.ones(1600),
        people=PEOPLE,
    )  # fmt: skip
    assert isinstance(ours.forced, Estimate)
    assert ours.forced.low < 0.03


def test_forced_pairs_are_worked_by_hand():
    """One cell, two parts of 50: rates .9 and .2 in both halves, so 2500 x .7 of 4950 pairs."""
    counts = [(0, 1, 45), (0, 0, 5), (1, 1, 10), (1, 0, 40)]
    rows = [(p, a, f, n / 10) for f in range(10) for p, a, n in counts]
    part, answer, fold, cases = (np.array(x) for x in zip(*rows, strict=True))
    found = forced(part, np.zeros(40, dtype=np.intp), answer, fold, cases, people=10)
    assert isinstance(found.forced, Estimate)
    assert isinstance(found.excess, Estimate)
    assert found.forced.value == pytest.approx(2500 * 0.7 / 4950)
    differing = 100 * 99 / 2 - (55 * 54 + 45 * 44) / 2
    assert found.excess.value == pytest.approx((differing - 1750) / 4950)


@pytest.mark.parametrize("options", [2, 3])
def test_sorting_gives_what_looking_at_every_pair_gives(options: int):
    draw = np.random.default_rng(options)
    part = draw.integers(12, size=600)
    answer, fold = draw.integers(options, size=600), draw.integers(6, size=600)
    found = forced(part, part % 3, answer, fold, np.ones(600), people=30)
    n = np.bincount(part, minlength=12)
    total = 0.0
    for sign, size in ((fold % 2 == 0, fold % 2 == 1), (fold % 2 == 1, fold % 2 == 0)):
        a, b = (
            np.array(
                [
                    [np.mean(answer[(part == p) & half] == k) for k in range(options)]
                    for p in range(12)
                ]
            )
            for half in (sign, size)
        )
        for p, q in itertools.combinations(range(12), 2):
            if p % 3 == q % 3:
                total += n[p] * n[q] * (np.sign(a[p] - a[q]) * (b[p] - b[q])).sum() / 2
    pairs = sum(n[part_cell::3].sum() * (n[part_cell::3].sum() - 1) / 2 for part_cell in range(3))
    assert isinstance(found.forced, Estimate)
    assert found.forced.value == pytest.approx(max(0.0, total / 2) / pairs)


def test_few_pairs_and_few_people_are_refused():
    one = np.zeros(4, dtype=np.intp)
    assert isinstance(
        forced(one, one, one, np.arange(4), np.ones(4), people=4).forced, NotEnoughData
    )
    many = np.zeros(40, dtype=np.intp)
    few = forced(many, many, many, np.arange(40) % 4, np.ones(40), people=4)
    assert isinstance(few.excess, NotEnoughData)


texts = st.sampled_from(["a", "b", None])
cases = st.lists(
    st.fixed_dictionaries(
        {"alike": texts, "alike_narrow": texts, "choice": texts,
         "decider": st.sampled_from(["p", "q", "r", "s", "t", "u", None])}
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(cases)
def test_the_query_counts_what_plain_python_counts(table: list[Case]):
    rows = cases_from(table).fetch(query("twins_forced"), {"folds": 5})
    used = [r for r in table if all(v is not None for v in r.values())]
    names = sorted({str(r["decider"]) for r in table if r["decider"] is not None})
    fold = {name: (place + 1) % 5 for place, name in enumerate(names)}
    want: dict[tuple[object, ...], int] = {}
    for r in used:
        key = (r["alike"], r["alike_narrow"], fold[str(r["decider"])], r["choice"])
        want[key] = want.get(key, 0) + 1
    got = list(rows.numbers("cases").tolist()) if len(rows) else []
    assert sorted(got) == sorted(want.values())
    if len(rows):
        assert len(set(rows.numbers("part"))) == len({k[:2] for k in want})
        assert len(set(rows.numbers("cell"))) == len({k[0] for k in want})
        by_fold = {f: sum(n for k, n in want.items() if k[2] == f) for f in range(5)}
        for f, n in by_fold.items():
            assert sum(rows.numbers("cases")[rows.numbers("fold") == f]) == n


def test_nothing_is_said_where_nothing_recorded_tells_alike_cases_apart():
    table = [{"alike": "a", "alike_narrow": "a", "choice": "yes" if i % 3 else "no",
              "decider": f"p{i % 8}"} for i in range(200)]  # fmt: skip
    setting = Setting(has=frozenset({"alike"}), options=("yes", "no"), deciders=8)
    assert TWINS_FORCED.read(cases_from(table), setting) == ()


def test_so_the_report_calls_natural_twins_alike_in_what_was_recorded_only():
    assert "recorded" in alike.ALIKE
    assert "upper" in alike.UPPER
