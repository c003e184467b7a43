"""The noise audit: what pairs differ by, in parts; repeats; what differing costs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population
from sayso.domain.figure import Figure
from sayso.measure.catalog.noise import NOISE
from sayso.measure.catalog.panel import PANEL
from sayso.measure.estimators.noise import Noise, noise
from sayso.measure.estimators.pairs import cost_of_differing, distance_of_two
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset({"case_id", "decider", "choice", "repeat_of"})
LIKE = Population.LIKE_THESE


def setting(people: int, rows: int, **more: object) -> Setting:
    frame = {"has": HAS, "options": ("yes", "no"), "deciders": people, "panel_rows": rows}
    return Setting(**(frame | more))  # type: ignore[arg-type]


def rows_of(table: np.ndarray, **more: object) -> list[dict[str, object]]:
    return [
        {"case_id": f"c{c}", "decider": f"p{p}", "choice": "yes" if table[c, p] else "no", **more}
        for c in range(table.shape[0])
        for p in range(table.shape[1])
    ]


def drawn(seed: int, cases: int = 40, people: int = 8, *, level: float = 0.3) -> np.ndarray:
    draw = np.random.default_rng(seed)
    odds = draw.normal(0, 1.5, (cases, 1)) + draw.normal(0, level, (1, people))
    return draw.random((cases, people)) < 1 / (1 + np.exp(-odds))


def found(figures: tuple[Figure, ...], measure: str, **groups: str) -> Estimate:
    (figure,) = [f for f in figures if f.measure == measure and dict(f.groups) == groups]
    assert isinstance(figure.answer, Estimate), figure.answer
    return figure.answer


@pytest.mark.feature("M8")
def test_the_parts_of_a_complete_table_are_how_often_two_people_differ():
    # RULINGS 20: P(differ) = 2 (level + pattern), for two different people on a complete table.
    table = drawn(1, level=1.0)
    differ = np.mean([a != b for row in table for a, b in combinations(row, 2)])
    got = NOISE.read(cases_from(rows_of(table)), setting(8, 320))
    system, level, pattern = (
        found(got, "noise-differ", part=p).value for p in ("system", "level", "pattern")
    )
    assert system == pytest.approx(float(differ), abs=1e-12)
    assert level + pattern == pytest.approx(system, abs=1e-12)
    assert found(got, "noise-system").value == pytest.approx(system / 2, abs=1e-12)


def test_with_three_options_the_parts_are_still_how_often_two_differ():
    draw = np.random.default_rng(2)
    chosen = draw.integers(0, 3, (30, 7))
    rows = [
        {"case_id": f"c{c}", "decider": f"p{p}", "choice": "abc"[chosen[c, p]]}
        for c in range(30)
        for p in range(7)
    ]
    got = NOISE.read(cases_from(rows), setting(7, 210, options=("a", "b", "c")))
    differ = np.mean([a != b for row in chosen for a, b in combinations(row, 2)])
    assert found(got, "noise-differ", part="system").value == pytest.approx(float(differ))


def test_a_level_that_wants_to_be_negative_is_none_with_its_raw_value():
    # Two options in turn: everybody says yes in half of the cases, so averages are alike.
    table = np.array([[(c + p) % 2 for p in range(8)] for c in range(40)], dtype=bool)
    got = NOISE.read(cases_from(rows_of(table)), setting(8, 320))
    assert found(got, "noise-differ", part="level").value == 0.0
    (figure,) = [f for f in got if f.measure == "noise-level"]
    assert float(str(figure.note("raw"))) < 0


def test_the_same_case_again_is_an_occasion_and_no_case_of_its_own():
    table = drawn(3)
    rows = rows_of(table)
    draw = np.random.default_rng(4)
    changed = 0
    for p in range(8):
        for c in range(15):
            flips = bool(draw.random() < 0.25)
            changed += flips
            again = table[c, p] != flips
            rows.append(
                {
                    "case_id": f"again{c}",
                    "repeat_of": f"c{c}",
                    "decider": f"p{p}",
                    "choice": "yes" if again else "no",
                }
            )
    got = NOISE.read(cases_from(rows), setting(8, 320))
    once = NOISE.read(cases_from(rows_of(table)), setting(8, 320))
    repeat = found(got, "repeat-differ")
    assert repeat.value == pytest.approx(changed / 120)
    assert repeat.n == 120
    for part in ("system", "level", "pattern"):
        assert found(got, "noise-differ", part=part) == found(once, "noise-differ", part=part)
    own = found(got, "noise-differ", part="own pattern")
    pattern = found(got, "noise-differ", part="pattern")
    assert own.value == pytest.approx(max(0.0, pattern.value - repeat.value))
    assert own.low <= own.value <= own.high


def test_a_case_planted_again_before_somebody_else_is_a_case_of_both():
    rows = [
        {"case_id": f"x{c}{p}", "repeat_of": f"x{c}0" if p else None, "decider": f"p{(c + p) % 9}",
         "choice": "yes" if (c + p) % 3 else "no"}
        for c in range(60)
        for p in range(2)
    ]  # fmt: skip
    panel = cases_from(rows).fetch(PANEL.sql, {})
    assert len(panel) == 120
    assert len(set(panel.text("case_id"))) == 60


def test_without_repeats_the_table_cannot_tell_the_occasion():
    got = NOISE.read(
        cases_from([*rows_of(drawn(5)), {"repeat_of": "c1", "decider": "p1"}]), setting(8, 320)
    )
    (figure,) = [f for f in got if f.measure == "repeat-differ"]
    assert isinstance(figure.answer, CannotTell)


answers = st.lists(
    st.fixed_dictionaries(
        {
            "case_id": st.sampled_from(["1", "2", "3", "4", None]),
            "repeat_of": st.sampled_from(["1", "2", None, None]),
            "decider": st.sampled_from(["a", "b", None]),
            "choice": st.sampled_from(["yes", "no", None]),
            "choice_number": st.sampled_from([1.0, 2.5, 4.0, None]),
        }
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(answers)
def test_repeats_are_what_python_counts(rows: list[dict[str, object]]):
    got = cases_from(rows).fetch(NOISE.queries(setting(2, 0))["repeats"], {})
    again = {r["repeat_of"] for r in rows if r["repeat_of"] is not None}
    by: dict[tuple[object, object], list[dict[str, object]]] = {}
    for r in rows:
        name = r["repeat_of"] or r["case_id"]
        if r["decider"] is not None and name in again:
            by.setdefault((name, r["decider"]), []).append(r)
    pairs = differing = 0
    freedom = m2 = 0.0
    for mine in by.values():
        chosen = [r["choice"] for r in mine if r["choice"] is not None]
        pairs += len(list(combinations(chosen, 2)))
        differing += sum(a != b for a, b in combinations(chosen, 2))
        numbers = np.array([r["choice_number"] for r in mine if r["choice_number"] is not None])
        if len(numbers) > 1:
            freedom += len(numbers) - 1
            m2 += float(((numbers - numbers.mean()) ** 2).sum())
    totals = [
        float(got.numbers(name).sum()) if len(got) else 0.0
        for name in ("pairs", "differing", "freedom", "m2")
    ]
    assert totals == pytest.approx([pairs, differing, freedom, m2])


@settings(max_examples=15, deadline=None)
@given(answers)
def test_a_panel_holds_the_first_answer_of_each_person_to_each_case(
    rows: list[dict[str, object]],
):
    made = cases_from(rows).fetch(PANEL.sql, {})
    people: dict[object, set[object]] = {}
    for r in rows:
        name = r["repeat_of"] or r["case_id"]
        if name is not None and r["decider"] is not None:
            people.setdefault(name, set()).add(r["decider"])
    want = {
        (r["repeat_of"] or r["case_id"], r["decider"])
        for r in rows
        if r["decider"] is not None
        and (r["repeat_of"] or r["case_id"]) is not None
        and (r["choice"] is not None or r["choice_number"] is not None)
        and len(people[r["repeat_of"] or r["case_id"]]) > 1
    }
    got = list(zip(made.text("case_id"), made.text("decider"), strict=True)) if len(made) else []
    assert sorted(got) == sorted(want)  # type: ignore[type-var]


def test_cost_is_told_where_every_option_has_one():
    table = drawn(1)
    costs = (("yes", 190.0), ("no", 310.0))
    got = NOISE.read(cases_from(rows_of(table)), setting(8, 320, loss_unit="EUR", costs=costs))
    differ = found(got, "noise-differ", part="system").value
    # Two of a pair differ so often, and then at least 190 is lost between their two decisions.
    assert found(got, "noise-cost").value == pytest.approx(differ * 190 / 2)
    some = setting(8, 320, loss_unit="EUR", costs=costs[:1])
    assert "noise-cost" not in {f.measure for f in NOISE.read(cases_from(rows_of(table)), some)}


def table_of(seed: int, *, cases: int = 12, people: int = 9, kept: float = 0.8):
    draw = np.random.default_rng(seed)
    case, person = np.divmod(np.arange(cases * people), people)
    stays = draw.random(case.size) < kept
    return draw, case[stays], person[stays]


@pytest.mark.parametrize("seed", range(3))
def test_distance_and_cost_are_means_over_all_pairs(seed: int):
    draw, case, person = table_of(seed)
    y = draw.integers(0, 6, case.size).astype(float)
    pairs = [(i, j) for i, j in combinations(range(len(y)), 2) if case[i] == case[j]]
    got = distance_of_two(y, case, person, population=LIKE)
    assert isinstance(got, Estimate)
    assert got.value == pytest.approx(np.mean([abs(y[i] - y[j]) for i, j in pairs]))
    option = draw.integers(0, 2, case.size)
    stake = np.where(option == 0, 190.0, 310.0)
    cost = cost_of_differing(option, stake, case, person, population=LIKE)
    assert isinstance(cost, Estimate)
    want = np.mean([min(stake[i], stake[j]) / 2 * (option[i] != option[j]) for i, j in pairs])
    assert cost.value == pytest.approx(want)


def test_leaving_out_a_person_leaves_out_their_pairs():
    draw, case, person = table_of(9, kept=1.0)
    y = draw.normal(0, 1, case.size)
    whole = distance_of_two(y, case, person, population=LIKE)
    assert isinstance(whole, Estimate)

    def mean(keep: np.ndarray) -> float:
        c, v = case[keep], y[keep]
        return float(np.mean([
            abs(v[i] - v[j]) for i, j in combinations(range(len(v)), 2) if c[i] == c[j]
        ]))  # fmt: skip

    left = np.log([mean(person != p) for p in range(9)])
    apart = (left - left.mean()) ** 2
    error = (8 / 9 * apart.sum()) ** 0.5
    # Eight degrees of freedom, or what the kurtosis of the errors leaves of them.
    freedom = min(8.0, 18 / (9 * (apart**2).sum() / apart.sum() ** 2 - 1))
    reach = float(special.stdtrit(freedom, 0.975)) * error
    assert whole.high == pytest.approx(whole.value * np.exp(reach), rel=1e-5)


def test_how_far_two_lie_apart_is_not_said_of_fewer_than_eight():
    _, case, person = table_of(9, people=7)
    y = np.arange(case.size, dtype=np.float64)
    assert distance_of_two(y, case, person, population=LIKE) == NotEnoughData(8, 7, "people")


def test_costs_scale_with_the_unit():
    draw, case, person = table_of(4)
    option = draw.integers(0, 2, case.size)
    stake = np.where(option == 0, 190.0, 310.0)
    one = cost_of_differing(option, stake, case, person, population=LIKE)
    other = cost_of_differing(option, 100 * stake, case, person, population=LIKE)
    assert isinstance(one, Estimate)
    assert isinstance(other, Estimate)
    assert other.high == pytest.approx(100 * one.high)


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        (rows_of(drawn(1)[:, :1]), 1),
        (rows_of(drawn(1)[:1]), 8),
        (rows_of(drawn(1)[:, :4]), 4),
        (rows_of(np.ones((20, 8), dtype=bool)), 8),
        (rows_of(np.eye(40, 8, dtype=bool)), 8),
        ([{"case_id": f"c{i}", "decider": f"p{i}", "choice": "yes"} for i in range(2000)], 2000),
        ([{"case_id": None, "decider": None, "choice": None}], 5),
        ([], 0),
    ],
    ids=[
        "one person", "one case", "four people", "one answer", "one answer but for a few",
        "a case each", "nothing known", "no rows",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_told(rows: list[dict[str, object]], people: int):
    for figure in NOISE.read(cases_from(rows), setting(people, len(rows))):
        match figure.answer:
            case Estimate() as answer:
                assert people >= 5
                assert np.all(np.isfinite((answer.value, answer.low, answer.high)))
                assert answer.low <= answer.value <= answer.high
            case NotEnoughData() | CannotTell():
                pass


def test_a_quantity_is_told_in_its_own_unit():
    draw = np.random.default_rng(6)
    y = draw.normal(0, 3, (30, 1)) + draw.normal(0, 2, (1, 9)) + draw.normal(0, 1, (30, 9))
    rows = [
        {"case_id": f"c{c}", "decider": f"p{p}", "choice_number": y[c, p]}
        for c in range(30)
        for p in range(9)
    ]
    has = frozenset({"case_id", "decider", "choice_number"})
    got = NOISE.read(cases_from(rows), setting(9, 270, has=has, quantity=True, options=()))
    level = found(got, "noise-apart", part="level")
    assert level.value == pytest.approx(found(got, "noise-level").value ** 0.5)
    assert level.low < 2 < level.high
    assert found(got, "two-apart").value > 0


@pytest.mark.parametrize("people", [5, 8, 20])
def test_ranges_of_level_hold_what_they_should(people: int):
    # 200 tables with a known level: the range holds it in 93 of 100 and more.
    held = 0
    case, person = np.divmod(np.arange(30 * people), people)
    for seed in range(200):
        draw = np.random.default_rng(seed)
        y = (
            draw.normal(0, 1, 30)[case]
            + draw.normal(0, 0.7, people)[person]
            + draw.normal(0, 1, case.size)
        )
        got = noise(y[:, None], case, person, population=LIKE)
        assert isinstance(got, Noise)
        assert isinstance(got.level, Estimate)
        held += got.level.low <= 0.49 <= got.level.high
    assert held >= 186
