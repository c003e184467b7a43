"""What choices follow: the query by hand, shares of known truths, and tables that try to fool it."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.figure import Figure
from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.follows import FOLLOWS
from sayso.measure.estimators.signals import lean, repeats
from sayso.measure.input_columns import with_inputs
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

Case = dict[str, object]
START = datetime(2026, 1, 1)  # noqa: DTZ001 - moments of the case table carry no zone
HOLDS = frozenset(
    {"choice", "prior", "advice", "decided_at", "decider", "advice_confidence", "prior_confidence"}
)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def read(table: list[Case], has: frozenset[str] = HOLDS, **frame: object) -> list[Figure]:
    people = len({r.get("decider") for r in table} - {None})
    setting = Setting(has=has, options=("yes", "no"), deciders=people, **frame)  # type: ignore[arg-type]
    return list(FOLLOWS.read(cases_from(table), setting))


def value(figures: list[Figure], measure: str, **groups: str) -> Estimate:
    (found,) = (f for f in figures if f.measure == measure and dict(f.groups) == groups)
    assert isinstance(found.answer, Estimate), found
    return found.answer


def simulated(
    seed: int, *, own: float, advice: float, people: int = 20, each: int = 40
) -> list[Case]:
    """Choices that follow a first view and the advice with given log odds, and nothing else."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for i in range(people * each):
        first, said = draw.random(2) < 0.5
        odds = own * (2 * first - 1) + advice * (2 * said - 1)
        yes = draw.random() < 1 / (1 + np.exp(-odds))
        table.append(
            {
                "case_id": f"c{i:05d}",
                "decider": f"p{i % people}",
                "decided_at": at(i // people),
                "prior": "yes" if first else "no",
                "advice": "yes" if said else "no",
                "choice": "yes" if yes else "no",
            }
        )
    return table


moment = st.sampled_from([None, *(at(i) for i in range(6))])
option = st.sampled_from(["yes", "no", None])
tables = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "decided_at": moment,
            "choice": option,
            "prior": option,
            "advice": option,
            "shown": st.sampled_from([True, False, None]),
            "justification": st.sampled_from([True, False, None]),
        }
    ),
    max_size=20,
)


@settings(max_examples=12, deadline=None)
@given(tables)
def test_the_query_gives_each_choice_in_view_with_the_same_persons_last(table: list[Case]):
    for i, row in enumerate(table):
        row["case_id"] = f"{i:03d}"
    sql = with_inputs(query("follows"), ())
    rows = cases_from(table).fetch(sql, {"seed": "0", "people": 99, "wide": 10**6, "most": 10**6})
    late = datetime.max  # noqa: DTZ901 - no zone here
    order = sorted(
        (r for r in table if r["choice"] is not None),
        key=lambda r: (r["decider"] or "", r["decided_at"] or late, r["case_id"]),
    )
    wanted: list[tuple[object, ...]] = []
    last: dict[object, object] = {}
    for row in order:
        who = row["decider"] or ""
        if row["shown"] is not False and not row["justification"]:
            wanted.append((row["case_id"], row["choice"], last.get(who)))
        last[who] = row["choice"]
    got = (
        list(zip(rows.text("case_id"), rows.text("choice"), rows.text("last_choice"), strict=True))
        if len(rows)
        else []
    )
    assert got == wanted


def test_above_the_limit_cases_are_spaced_evenly_and_people_picked_by_the_seed():
    table = simulated(1, own=1, advice=1, people=30, each=20)
    sql = with_inputs(query("follows"), ())
    engine = cases_from(table)

    def people(seed: str) -> tuple[int, set[str | None]]:
        rows = engine.fetch(sql, {"seed": seed, "people": 10, "wide": 100, "most": 50})
        return len(rows), set(rows.text("who"))

    first, again, other = people("1"), people("1"), people("2")
    assert first == again
    assert first[0] == 50
    assert len(first[1]) == 10
    assert first[1] != other[1]


@pytest.mark.feature("M7")
def test_shares_find_what_was_built_in():
    figures = read(simulated(2, own=2.0, advice=1.2))
    own, said, last = (
        value(figures, "follows-share", block=b) for b in ("first view", "advice", "last choice")
    )
    assert own.low > said.high
    assert said.low > last.high
    assert own.value + said.value + last.value == pytest.approx(1, abs=1e-9)
    assert figures[0].note("first") == "first view"
    assert figures[0].note("ahead") is True
    parts = sum(
        value(figures, "follows-part", block=b, of="McFadden").value
        for b in ("first view", "advice", "last choice")
    )
    assert parts == pytest.approx(value(figures, "follows").value, abs=1e-9)


@pytest.mark.feature("M7")
def test_a_second_draw_of_the_same_view_shows_no_more_of_the_advice_than_the_first():
    """RULINGS 14: with no influence, advice goes with choices, and the contrast is 0."""
    draw = np.random.default_rng(3)
    table = simulated(3, own=0, advice=0, people=30, each=60)
    for row in table:
        lean_to = draw.random() < 0.5
        for name, chance in (("advice", 0.8), ("prior", 0.75), ("choice", 0.75)):
            row[name] = "yes" if lean_to == (draw.random() < chance) else "no"
    figures = read(table)
    assert value(figures, "follows-share", block="advice").low > 0.1
    assert value(figures, "follows-beyond-first-view").r95.contains(0)


def test_moves_from_the_first_view_are_counted_net():
    table = simulated(4, own=3, advice=1)
    figures = read(table)
    to = sum(r["prior"] != r["advice"] and r["choice"] == r["advice"] for r in table)
    away = sum(r["prior"] == r["advice"] and r["choice"] != r["advice"] for r in table)
    # Cases without a last choice, one a person, are left out.
    got = value(figures, "follows-moves", towards="advice").value
    assert got == pytest.approx((to - away) / len(table), abs=0.02)


@pytest.mark.feature("M7")
def test_habit_is_found_where_people_repeat_themselves():
    draw = np.random.default_rng(5)
    table = simulated(5, own=0, advice=0.5)
    last: dict[object, object] = {}
    for row in table:
        if draw.random() < 0.6 and row["decider"] in last:
            row["choice"] = last[row["decider"]]
        last[row["decider"]] = row["choice"]
    figures = read(table)
    assert figures[0].note("first") == "last choice"
    assert value(figures, "follows-differ", block="last choice").low > 0.1


def test_an_input_that_repeats_the_advice_is_counted_with_it():
    table = simulated(6, own=1, advice=1)
    engine = cases_from(table)
    engine.connection.execute("ALTER TABLE cases ADD COLUMN in_0 VARCHAR")
    engine.connection.execute("UPDATE cases SET in_0 = advice")
    engine.connection.execute("ALTER TABLE cases ADD COLUMN num_1 DOUBLE")
    engine.connection.execute("UPDATE cases SET num_1 = length(case_id) + random()")
    inputs = (
        CaseInput(name="hint", place=0, number=False, labels=("no", "yes"), coarse=("no", "yes")),
        CaseInput(name="size", place=1, number=True, labels=(), coarse=()),
    )
    setting = Setting(has=HOLDS, options=("yes", "no"), deciders=20, inputs=inputs)
    figures = list(FOLLOWS.read(engine, setting))
    assert figures[0].note("repeated") == "hint"
    value(figures, "follows-share", block="case")


def test_advice_that_is_always_followed_is_told_exactly():
    table = simulated(7, own=0, advice=0)
    for row in table:
        row["choice"] = row["advice"]
    figures = read(table)
    assert figures[0].note("exact") is True
    assert value(figures, "follows-share", block="advice").value == pytest.approx(1, abs=0.02)


def _without(*names: str):
    def made(table: list[Case]) -> list[Case]:
        return [{k: v for k, v in row.items() if k not in names} for row in table]

    return made


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "nothing"),
        (simulated(8, own=1, advice=1, people=1, each=1), "one case"),
        ([{**r, "choice": "yes"} for r in simulated(8, own=1, advice=1)], "always the same"),
        (
            [
                {**r, "prior": "yes", "advice": "yes", "decided_at": None, "case_id": None}
                for r in simulated(8, own=1, advice=1)
            ],
            "signals that never vary",
        ),
    ],
)
def test_what_cannot_be_told_is_not_told(table: list[Case], said: str):
    figures = read(table)
    assert len(figures) == 1, said
    assert isinstance(figures[0].answer, NotEnoughData), said


def test_one_decider_gets_no_claim_about_people_like_these():
    figures = read(simulated(9, own=2, advice=1, people=1, each=400))
    estimate = value(figures, "follows-share", block="first view")
    assert estimate.people == 1
    assert str(estimate.population) == "these people and cases"


def test_ten_thousand_people_with_one_case_each_earn_nothing_by_being_many():
    draw = np.random.default_rng(10)
    table: list[Case] = [
        {
            "case_id": str(i),
            "decider": f"p{i}",
            "advice": "yes" if draw.random() < 0.5 else "no",
            "choice": "yes" if draw.random() < 0.5 else "no",
        }
        for i in range(10_000)
    ]
    figures = read(table, frozenset({"choice", "advice", "signal", "decider"}))
    # Nobody's other cases are known, so who decides is no signal, and one alone is no contest.
    assert isinstance(figures[0].answer, NotEnoughData)
    assert np.ptp(lean(np.arange(10_000.0) % 2, np.arange(10_000))) == 0


def test_three_options_are_judged_one_by_one():
    draw = np.random.default_rng(11)
    table = simulated(11, own=0, advice=0)
    for row in table:
        for name in ("prior", "advice"):
            row[name] = str(draw.choice(["a", "b", "c"]))
        row["choice"] = row["prior"] if draw.random() < 0.8 else row["advice"]
    figures = read(table)
    assert figures[0].note("first") == "first view"
    assert value(figures, "follows-differ", block="first view").value > 0.4


def test_quantities_give_each_adviser_a_weight():
    draw = np.random.default_rng(12)
    table: list[Case] = []
    for i in range(800):
        first, said = draw.normal(100, 20, 2)
        table.append(
            {
                "decider": f"p{i % 20}",
                "case_id": f"{i:04d}",
                "decided_at": at(i // 20),
                "prior_number": first,
                "advice_number": said,
                "choice_number": first + 0.4 * (said - first) + draw.normal(0, 2),
            }
        )
    has = frozenset({"choice_number", "prior_number", "advice_number", "decided_at", "decider"})
    figures = read(table, has, quantity=True)
    assert value(figures, "follows-weight", of="advice").value == pytest.approx(0.4, abs=0.02)
    assert value(figures, "follows-weight", of="last choice").value == pytest.approx(0, abs=0.02)
    assert value(figures, "follows").value > 0.95


def quantities(seed: int, *, said: float = 1.0, above: float = 0.3) -> list[Case]:
    """Prices that go 0.4 of the way to the advice and ``above`` of the way to a superior's."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for i in range(800):
        first, advice, superior = draw.normal(100, 20, 3)
        told = bool(draw.random() < said)
        moved = 0.4 * (advice - first) + above * told * (superior - first)
        table.append(
            {
                "decider": f"p{i % 20}",
                "case_id": f"{i:04d}",
                "decided_at": at(i // 20),
                "prior_number": first,
                "advice_number": advice,
                "signal": f"{superior:.6f}" if told else None,
                "choice_number": first + moved + draw.normal(0, 2),
            }
        )
    return table


AMOUNTS = frozenset(
    {"choice_number", "prior_number", "advice_number", "signal", "decided_at", "decider"}
)


@pytest.mark.feature("M7")
def test_what_a_superior_said_in_numbers_has_its_weight_beside_the_advice():
    figures = read(quantities(21), AMOUNTS, quantity=True)
    for of, wanted in (("advice", 0.4), ("superior", 0.3), ("last choice", 0.0)):
        assert value(figures, "follows-weight", of=of).value == pytest.approx(wanted, abs=0.02)
    shares = {b: value(figures, "follows-share", block=b).value for b in ("advice", "superior")}
    assert shares["advice"] > shares["superior"] > 0.05


def test_two_advisers_by_hand():
    # Choices of first + .5 (advice - first) + .25 (superior - first), without any noise.
    table = quantities(22)
    for row in table:
        first, advice, superior = (
            float(str(row[c])) for c in ("prior_number", "advice_number", "signal")
        )
        row["choice_number"] = first + 0.5 * (advice - first) + 0.25 * (superior - first)
    figures = read(table, AMOUNTS, quantity=True)
    assert value(figures, "follows-weight", of="advice").value == pytest.approx(0.5, abs=1e-6)
    assert value(figures, "follows-weight", of="superior").value == pytest.approx(0.25, abs=1e-6)


@pytest.mark.parametrize("attack", ["seldom said", "in words", "always the advice"])
def test_a_superior_whose_weight_cannot_be_told_has_none(attack: str):
    table = quantities(23, said=0.3 if attack == "seldom said" else 1.0)
    for row in table:
        if attack == "in words":
            row["signal"] = "much more"
        elif attack == "always the advice":
            row["signal"] = str(row["advice_number"])
    weights = {
        dict(f.groups)["of"]
        for f in read(table, AMOUNTS, quantity=True)
        if f.measure == "follows-weight"
    }
    assert weights == (set() if attack == "always the advice" else {"advice", "last choice"})


def test_a_persons_level_leaves_their_own_case_out():
    # Two people, levels 1 and 0, ten cases each: every other case says so.
    y = np.repeat([1.0, 0.0], 10)
    people = np.repeat([0, 1], 10)
    assert np.ptp(lean(y, people)) == 0  # without spread inside people nothing can be drawn in
    y[[0, 10]] = [0.0, 1.0]
    got = lean(y, people)
    assert got[1] > 0.5 > got[11]
    assert got[0] > got[1]  # the one that went the other way does not count against itself


def test_repeats_are_seen_through_a_change_of_unit():
    x = np.random.default_rng(13).normal(size=(50, 1))
    assert repeats(3 - 2 * x[:, 0], x)
    assert not repeats(np.random.default_rng(14).normal(size=50), x)
