"""Noise, calibration and closure: SQL against plain Python, and attacks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.figure import Figure
from sayso.measure.catalog.all import CATALOGUE
from sayso.measure.catalog.calibration import CALIBRATION_AI, CALIBRATION_PEOPLE
from sayso.measure.catalog.closure import CLOSURE
from sayso.measure.catalog.panel import PANEL
from sayso.measure.catalog.team_gap import TEAM_GAP
from sayso.measure.catalog.twins import TWINS, TWINS_BY_ESTIMATE, TWINS_NARROW, TWINS_WIDE
from sayso.measure.estimators.components import crossed
from sayso.measure.estimators.twins import pairs_within
from sayso.measure.grouping import Team, shown_teams
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

options = st.sampled_from(["yes", "no", None])
rows = st.lists(
    st.fixed_dictionaries(
        {
            "case_id": st.sampled_from(["1", "2", "3", "4", None]),
            "decider": st.sampled_from(["a", "b", "c", None]),
            "team": st.sampled_from(["X", "Y", None]),
            "choice": options,
            "outcome": options,
            "shown": st.sampled_from([True, False, None]),
            "outcome_matured": st.booleans(),
            "alike": st.sampled_from(["k", "l", None]),
            "alike_wide": st.sampled_from(["k", None]),
            "said": st.sampled_from([0.1, 0.10004, 0.8, None]),
            "happened": st.sampled_from([True, False, None]),
        }
    ),
    max_size=25,
)
SOME = Setting(has=frozenset({"team", "choice", "decider"}), options=("yes", "no"), deciders=3)


@settings(max_examples=25, deadline=None)
@given(rows)
def test_closure_counts_what_python_counts(cases: list[dict[str, object]]):
    got = cases_from(cases).fetch(CLOSURE.sql, {})
    for who in {r["decider"] for r in cases}:
        for view in (1.0, 0.0):
            mine = [
                r for r in cases if r["decider"] == who and (r["shown"] is not False) == bool(view)
            ]
            part = got.equal("decider", who).where(
                got.equal("decider", who).numbers("in_view") == view
            )  # type: ignore[arg-type]
            matured = [r for r in mine if r["outcome_matured"]]
            assert part.numbers("matured").sum() == len(matured)
            closed = sum(r["outcome"] is not None for r in matured)
            assert part.numbers("closed").sum() == closed


@settings(max_examples=25, deadline=None)
@given(rows)
def test_missing_outcomes_are_told_by_choice_too(cases: list[dict[str, object]]):
    figures = CLOSURE.read(cases_from(cases), SOME)
    got = cases_from(cases).fetch(CLOSURE.sql, {})
    for option in ("yes", "no"):
        mine = [r for r in cases if r["choice"] == option and r["outcome_matured"]]
        part = got.equal("choice", option)
        assert part.numbers("matured").sum() == len(mine)
        assert part.numbers("closed").sum() == sum(r["outcome"] is not None for r in mine)
        told = [f for f in figures if f.group("choice") == option]
        assert len(told) == any(r["choice"] == option for r in cases)


@settings(max_examples=25, deadline=None)
@given(rows)
def test_calibration_of_people_counts_what_python_counts(cases: list[dict[str, object]]):
    table = [{**r, "prior_said": r["said"], "prior_happened": r["happened"]} for r in cases]
    for row in table:
        row["said"] = row["happened"] = None
    got = cases_from(table).fetch(CALIBRATION_PEOPLE.sql, {})
    used = [
        r
        for r in table
        if r["prior_said"] is not None and r["prior_happened"] is not None and r["outcome_matured"]
    ]
    want: dict[tuple[object, float], list[int]] = {}
    for r in used:
        cell = want.setdefault((r["decider"], round(float(str(r["prior_said"])), 4)), [0, 0])
        cell[0] += 1
        cell[1] += bool(r["prior_happened"])
    assert len(got) == len(want)
    if want:
        pairs = sorted(zip(got.numbers("cases"), got.numbers("events"), strict=True))
        assert pairs == sorted((float(n), float(x)) for n, x in want.values())
        assert set(got.numbers("said").round(4)) == {said for _, said in want}
        assert len(set(got.numbers("person"))) == len({who for who, _ in want})


@settings(max_examples=40, deadline=None)
@given(rows)
def test_a_panel_is_the_cases_that_several_people_decided(cases: list[dict[str, object]]):
    # The import leaves one row of a person and a case, so these tables have no more either.
    table = list({(r["case_id"], r["decider"]): r for r in cases}.values())
    got = cases_from(table).fetch(PANEL.sql, {})
    people: dict[object, set[object]] = {}
    for r in table:
        if r["case_id"] is not None and r["decider"] is not None:
            people.setdefault(r["case_id"], set()).add(r["decider"])
    want = sorted(
        (str(r["case_id"]), str(r["decider"]), str(r["choice"]))
        for r in table
        if r["decider"] is not None
        and r["choice"] is not None
        and len(people.get(r["case_id"], ())) > 1
    )
    columns = [got.text(name) for name in ("case_id", "decider", "choice")] if len(got) else []
    assert (list(zip(*columns, strict=True)) if columns else []) == want


def test_components_of_one_answer_are_nothing_without_a_warning():
    places = np.arange(12)
    found = crossed(np.ones(12), (places % 4).astype(np.intp), (places // 4).astype(np.intp))
    assert (found.case, found.level, found.pattern) == (0.0, 0.0, 0.0)


@settings(max_examples=25, deadline=None)
@given(rows)
def test_calibration_counts_what_python_counts(cases: list[dict[str, object]]):
    got = cases_from(cases).fetch(CALIBRATION_AI.sql, {})
    used = [
        r
        for r in cases
        if r["said"] is not None and r["happened"] is not None and r["outcome_matured"]
    ]
    assert got.numbers("cases").sum() == len(used) if len(got) else not used
    for said in (0.1, 0.8):
        mine = [r for r in used if round(float(r["said"]), 4) == said]  # type: ignore[arg-type]
        part = got.where(np.isclose(got.numbers("said"), said)) if len(got) else got
        if len(got):
            assert part.numbers("cases").sum() == len(mine)
            assert part.numbers("events").sum() == sum(bool(r["happened"]) for r in mine)


@settings(max_examples=25, deadline=None)
@given(rows)
def test_team_sums_are_what_python_sums(cases: list[dict[str, object]]):
    got = cases_from(cases).fetch(TEAM_GAP.sql, {"option": "yes"})
    used = [r for r in cases if r["team"] is not None and r["choice"] is not None]
    for team in ("X", "Y"):
        part = got.equal("team", team) if len(got) else got
        mine = [r for r in used if r["team"] == team]
        if len(got):
            assert part.numbers("cases").sum() == len(mine)
            assert part.numbers("total").sum() == sum(r["choice"] == "yes" for r in mine)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_pairs_are_counted_as_if_each_were_looked_at(cases: list[dict[str, object]]):
    used = [r for r in cases if r["alike"] and r["choice"] and r["decider"]]
    if not used:
        return
    names = sorted({str(r["decider"]) for r in used})
    pairs = pairs_within(
        np.array([["k", "l"].index(str(r["alike"])) for r in used], dtype=np.intp),
        np.array([names.index(str(r["decider"])) for r in used], dtype=np.intp),
        np.array([["yes", "no"].index(str(r["choice"])) for r in used], dtype=np.intp),
        np.ones(len(used)),
        deciders=len(names),
    )

    def looked(among: list[dict[str, object]]) -> tuple[int, int]:
        alike = [(a, b) for a, b in combinations(among, 2) if a["alike"] == b["alike"]]
        return len(alike), sum(a["choice"] != b["choice"] for a, b in alike)

    every, differing = looked(used)
    assert (pairs.all_pairs, pairs.differing) == (every, differing)
    for i, name in enumerate(names):
        left, left_differing = looked([r for r in used if r["decider"] != name])
        assert pairs.lost[i] == every - left
        assert pairs.differing_lost[i] == differing - left_differing


teams = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 90)), min_size=1, max_size=8).map(
    lambda sizes: [Team((f"t{i}",), p, n) for i, (p, n) in enumerate(sizes)]
)


@pytest.mark.feature("T5")
@given(teams)
def test_no_group_is_shown_under_the_minimum_and_none_is_left_out(found: list[Team]):
    shown = shown_teams(found, people=5, cases=30)
    for group in shown:
        assert group.people >= 5
        assert group.cases >= 30
    if shown:
        # Everyone is in exactly one group, so no total minus the rest names a hidden one.
        assert sorted(n for g in shown for n in g.names) == sorted(
            n for t in found for n in t.names
        )
    else:
        assert sum(t.people for t in found) < 5 or sum(t.cases for t in found) < 30


FULL = frozenset(
    {
        "case_id", "decider", "team", "choice", "prior", "advice", "outcome", "shown", "said",
        "happened", "alike", "alike_wide", "alike_narrow", "choice_right", "advice_right",
        "prior_right", "choice_loss", "advice_loss", "prior_loss", "kind", "late_half", "week",
        "reason_code", "prior_said", "prior_happened",
    }
)  # fmt: skip


def person(i: int, who: str | None, **changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "case_id": str(i),
        "decider": who,
        "team": "X" if i % 2 else "Y",
        "choice": "yes" if i % 3 else "no",
        "advice": "yes" if i % 2 else "no",
        "prior": "yes" if i % 5 else "no",
        "outcome": "yes" if i % 4 else "no",
        "shown": i % 2 == 0,
        "outcome_matured": True,
        "choice_right": i % 3 == 0,
        "advice_right": i % 2 == 0,
        "prior_right": i % 5 == 0,
        "choice_loss": float(i % 3 != 0),
        "advice_loss": float(i % 2 != 0),
        "prior_loss": float(i % 5 != 0),
        "said": (i % 10) / 10,
        "happened": i % 4 == 0,
        "prior_said": 0.5,
        "prior_happened": True,
        "alike": "k",
        "alike_wide": "k",
        "alike_narrow": "k",
        "kind": "k",
        "late_half": i > 50,
        "week": float(i // 10),
        "reason_code": "r",
    }
    return {**row, **changed}


ATTACKS: dict[str, list[dict[str, object]]] = {
    "one decider": [person(i, "a") for i in range(100)],
    "one case": [person(1, "a")],
    "a thousand deciders with one case each": [person(i, f"p{i}") for i in range(1000)],
    "all ties": [person(1, f"p{i % 9}") for i in range(200)],
    "one option": [person(i, f"p{i % 9}", choice="yes", advice="yes") for i in range(200)],
    "no outcomes": [
        person(
            i,
            f"p{i % 9}",
            outcome=None,
            choice_right=None,
            advice_right=None,
            prior_right=None,
            choice_loss=None,
            advice_loss=None,
            prior_loss=None,
            happened=None,
        )
        for i in range(200)
    ],
    "nobody named": [person(i, None, team=None) for i in range(200)],
    "nothing known": [{"case_id": None} for _ in range(50)],
    "certain and wrong": [person(i, f"p{i % 9}", said=1.0, happened=False) for i in range(200)],
    "advice after the choice": [person(i, f"p{i % 9}", justification=True) for i in range(200)],
}


@pytest.mark.parametrize("name", sorted(ATTACKS))
@pytest.mark.parametrize("deciders", [0, 3, 9])
def test_no_measure_breaks_or_answers_with_nothing(name: str, deciders: int):
    engine = cases_from(ATTACKS[name])
    setting = Setting(
        has=FULL, options=("yes", "no"), deciders=deciders, show_probability=0.5, panel_rows=1
    )
    for measure in CATALOGUE:
        if not measure.can_read(setting):
            continue
        for figure in measure.read(engine, setting):
            _stands(figure, deciders)


def _stands(figure: Figure, deciders: int) -> None:
    answer = figure.answer
    if not isinstance(answer, Estimate):
        return
    numbers = (answer.value, answer.low, answer.high, answer.r90.low, answer.r50.high)
    assert np.all(np.isfinite(numbers)), f"{figure.measure} {figure.groups}: {answer}"
    assert answer.low <= answer.value <= answer.high
    assert answer.n > 0, f"{figure.measure} {figure.groups} counts nothing"
    del deciders


def test_four_people_with_a_panel_are_refused():
    engine = cases_from([person(i % 10, f"p{i // 10}") for i in range(40)])
    setting = Setting(has=FULL, options=("yes", "no"), deciders=4, panel_rows=40)
    two, *_ = PANEL.read(engine, setting)
    assert isinstance(two.answer, NotEnoughData)


def test_people_who_state_one_number_have_no_slope():
    engine = cases_from([person(i, f"p{i % 9}", prior_happened=i % 2 == 0) for i in range(200)])
    setting = Setting(has=FULL, options=("yes", "no"), deciders=9)
    figures = CALIBRATION_PEOPLE.read(engine, setting)
    slope = next(f for f in figures if f.measure == "calibration-slope")
    assert slope.answer == NotEnoughData(2, 1, "different stated values")


def test_twins_of_a_team_are_its_pairs_of_two_people():
    # Three cases alike: a yes, a no, b no, all of team X. Between people: (a yes, b no),
    # (a no, b no): 1 of 2 differ; same person: 1 of 1.
    made = [
        {"decider": d, "team": "X", "choice": c, "alike": "k"}
        for d, c in (("a", "yes"), ("a", "no"), ("b", "no"))
    ]
    figures = {f.group("between"): f for f in TWINS.read(cases_from(made), SOME)}
    assert figures["people in a team"].note("pairs") == 2
    assert figures["same person"].note("pairs") == 1
    assert figures["teams"].note("pairs") == 0


@settings(max_examples=40, deadline=None)
@given(rows)
def test_twins_in_sql_are_the_pairs_that_can_be_looked_at(cases: list[dict[str, object]]):
    # Where teams are known, a case without one is no team of its own.
    used = [r for r in cases if r["alike"] and r["choice"] and r["decider"] and r["team"]]
    figures = {f.group("between"): f for f in TWINS.read(cases_from(cases), SOME)}
    alike = [(a, b) for a, b in combinations(used, 2) if a["alike"] == b["alike"]]
    expected = {
        "teams": sum(a["team"] != b["team"] for a, b in alike),
        "people in a team": sum(
            a["team"] == b["team"] and a["decider"] != b["decider"] for a, b in alike
        ),
        "people": sum(a["decider"] != b["decider"] for a, b in alike),
        "same person": sum(a["decider"] == b["decider"] for a, b in alike),
    }
    assert {name: f.note("pairs") for name, f in figures.items()} == (expected if used else {})
    got = cases_from(cases).fetch(TWINS.sql, {"teams": True})
    for measure, column, place in (
        (TWINS_WIDE, "alike_wide", str),
        (TWINS_NARROW, "alike_narrow", str),
        # Twentieths of the estimate stand for the two keys of these rows.
        (TWINS_BY_ESTIMATE, "said", lambda key: {"k": 0.11, "l": 0.14, "m": 0.52}.get(key, 0.9)),
    ):
        keyed = [
            {
                **r,
                "alike": None,
                column: None if r["alike"] is None else place(r["alike"]),
                "advice": None,
            }
            for r in cases
        ]
        other = cases_from(keyed).fetch(measure.sql, {"teams": True})
        if measure is not TWINS_BY_ESTIMATE:
            for name in got.columns:
                assert other.columns[name].tolist() == got.columns[name].tolist()
        elif used:
            bins = [int(place(r["alike"]) * 20) for r in used]  # type: ignore[no-untyped-call]
            pairs = sum(a == b for a, b in combinations(bins, 2))
            assert other.numbers("cell_pairs").sum() / 2 == pairs
    if used:
        differ = [(a, b) for a, b in alike if a["choice"] != b["choice"]]
        assert got.numbers("cell_differing").sum() / 2 == len(differ)
        own = sum(a["decider"] == b["decider"] for a, b in differ)
        assert got.numbers("own_differing").sum() / 2 == own
        team = sum(a["team"] == b["team"] for a, b in differ)
        assert got.numbers("team_differing").sum() / 2 == team
