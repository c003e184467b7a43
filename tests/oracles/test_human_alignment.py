"""401 people guess cards with an AI's number in view.

Data of Corvelo Benz and Gomez Rodriguez (2025), arXiv 2501.14035. The attention filter is the
authors' notebook's; other figures are those of conformance.csv, recomputed from the same rows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sayso
from sayso.domain.answer import Estimate
from sayso.measure.catalog.first_views import FIRST_VIEWS
from sayso.measure.catalog.reliance import RELIANCE
from sayso.measure.estimators.jackknife import freedom_of, ratio
from sayso.measure.estimators.ranges import t_quantile
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from
from tests.oracles.card_game import Game, all_games, filtered_games, inattentive

HAS = frozenset({"prior", "choice", "advice", "choice_loss", "advice_loss", "prior_loss"})


def setting(games: list[Game]) -> Setting:
    people = {(g.group, g.participant) for g in games}
    return Setting(has=HAS, options=("Red", "Black"), deciders=len(people))


def rows(games: list[Game]) -> list[dict[str, object]]:
    return [
        {
            "decider": f"{g.group}/{g.participant}",
            "prior": g.prior,
            "advice": g.advice,
            "choice": g.final,
            "prior_right": g.prior == g.best,
            "advice_right": g.advice == g.best,
            "choice_right": g.final == g.best,
            "prior_loss": float(g.prior != g.best),
            "advice_loss": float(g.advice != g.best),
            "choice_loss": float(g.final != g.best),
            "outcome_matured": True,
        }
        for g in games
    ]


@pytest.mark.oracle("I8")
def test_the_attention_filter_leaves_out_whom_the_authors_left_out(reference_data: Path):
    out = inattentive(reference_data)
    assert [len(out[f"level_{g}"]) for g in ("A", "B", "C", "BP")] == [15, 17, 20, 9]


@pytest.mark.oracle("I12")
def test_expected_accuracy_of_first_view_choice_and_advice(reference_data: Path):
    games = filtered_games(reference_data, "level_A")
    people = sorted({g.participant for g in games})
    place = np.array([people.index(g.participant) for g in games])
    cases = np.bincount(place).astype(float)
    for side, expected in (("prior", 67.322), ("final", 70.072), ("advice", 73.077)):
        chance = np.array(
            [g.true_prob if getattr(g, side) == "Red" else 1 - g.true_prob for g in games]
        )
        got = ratio(np.bincount(place, chance), cases, cases)
        assert isinstance(got, Estimate)
        assert 100 * got.value == pytest.approx(expected, abs=1e-3)


@pytest.mark.oracle("I14")
@pytest.mark.feature("M4")
def test_listened_and_held_firm_against_the_best_action(reference_data: Path):
    games = filtered_games(reference_data, "level_A")
    listened, held, _ = RELIANCE.read(cases_from(rows(games)), setting(games))
    assert isinstance(listened.answer, Estimate)
    assert isinstance(held.answer, Estimate)
    assert listened.answer.value == pytest.approx(0.4726, abs=5e-5)
    assert held.answer.value == pytest.approx(0.7712, abs=5e-5)


@pytest.mark.oracle("I16")
@pytest.mark.feature("M2")
def test_the_switch_fraction_and_what_clustering_does_to_its_error(reference_data: Path):
    # All participants of the four groups, games that have a previous one: n = 9,223.
    games: list[Game] = []
    before: set[tuple[str, str]] = set()
    for g in sorted(all_games(reference_data), key=lambda g: (g.group, g.participant, g.trial)):
        if g.game < 0:
            continue
        if (g.group, g.participant) in before:
            games.append(g)
        before.add((g.group, g.participant))
    assert len(games) == 9223
    figures = {f.measure: f for f in FIRST_VIEWS.read(cases_from(rows(games)), setting(games))}
    answer = figures["switch-fraction"].answer
    assert isinstance(answer, Estimate)
    assert answer.value == pytest.approx(0.45161, abs=1e-5)
    people = sorted({(g.group, g.participant) for g in games})
    place = np.array([people.index((g.group, g.participant)) for g in games])
    apart = np.array([g.prior != g.advice for g in games], dtype=float)
    moved = np.array([g.prior != g.advice and g.final == g.advice for g in games], dtype=float)
    loads = np.bincount(place, apart, len(people))
    got = ratio(np.bincount(place, moved, len(people)), loads, loads)
    assert isinstance(got, Estimate)
    clustered = (got.high - got.low) / (2 * t_quantile(0.95, freedom_of(loads[loads > 0])))
    naive = (got.value * (1 - got.value) / apart.sum()) ** 0.5
    assert clustered / naive == pytest.approx(1.80, abs=0.1)


@pytest.mark.feature("M10")
def test_the_ais_chances_are_held_against_cards_and_not_against_the_better_guess(
    reference_data: Path,
):
    # RULINGS 18: by outcomes the AI's numbers are near true; held against the better guess, 76 in
    # 100 would come out as 98.
    audit = sayso.audit(
        reference_data / "human_alignment" / "games.csv",
        charter=Path(__file__).parents[2] / "examples" / "human_alignment" / "charter.yaml",
    )
    highest = max(
        (f for f in audit.reading.all_of("calibration") if f.group("of") == "ai"),
        key=lambda f: float(f.group("said") or 0),
    )
    assert isinstance(highest.answer, Estimate)
    assert abs(highest.answer.value - float(highest.group("said") or 0) / 100) < 0.05
    assert "less sure than it could be" not in audit.to_html()
