"""Agreement on what matters, flips, information and clarity: published and worked figures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sayso.align.acceptability import acceptability, confidence
from sayso.align.clarity import clarity, compared, quadratic_clarity
from sayso.align.comparisons import Worth, bradley_terry, davidson, plackett_luce
from sayso.align.information import evpi, evppi, value_of_model
from sayso.align.pairwise import pairwise_weights
from sayso.align.rankings import kemeny, kendall_w, preferred


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def wines(folder: Path, tasting: str) -> np.ndarray:
    rows = [r for r in table(folder / "quandt_wine" / "rankings.csv") if r["tasting"] == tasting]
    judges = list(dict.fromkeys(r["judge"] for r in rows))
    names = sorted({r["wine"] for r in rows})
    ranks = np.full((len(judges), len(names)), np.nan)
    for r in rows:
        ranks[judges.index(r["judge"]), names.index(r["wine"])] = float(r["rank"])
    return ranks


@pytest.mark.oracle("N12")
@pytest.mark.parametrize(
    ("tasting", "w", "p", "spearman"),
    [("report104", 0.0692, 0.7941, -0.064), ("report75", 0.2420, 0.1054, 0.116)],
)
def test_kendall_of_wine_tastings(
    reference_data: Path, tasting: str, w: float, p: float, spearman: float
):
    """Quandt (2006), J. Wine Econ.; mean Spearman by RULINGS 20."""
    found = kendall_w(wines(reference_data, tasting))
    assert found.w == pytest.approx(w, abs=5e-5)
    assert found.p == pytest.approx(p, abs=5e-5)
    assert found.spearman == pytest.approx(spearman, abs=5e-4)


def test_kemeny_of_a_cycle_worked_by_hand():
    """ABC x3, BCA x2, CAB x2: distances 8, 10 and 10 (MEASURES 1.18)."""
    ranks = np.array([[1.0, 2, 3]] * 3 + [[3.0, 1, 2]] * 2 + [[2.0, 3, 1]] * 2)
    found = kemeny(preferred(ranks))
    assert (found.order, found.distance, found.next_distance) == ((0, 1, 2), 8, 10)


@pytest.mark.oracle("V5")
def test_citations_of_statistical_journals(reference_data: Path):
    """Agresti (1990); R's BradleyTerry2."""
    rows = table(reference_data / "bradley_terry" / "citations.csv")
    names = ["Biometrika", "Comm Statist", "JASA", "JRSS-B"]
    cited = {(r["cited"], r["citing"]): float(r["Freq"]) for r in rows}
    pairs = [(i, j) for i in range(4) for j in range(i)]
    first, second = (np.array(x) for x in zip(*pairs, strict=True))
    wins = np.array([cited[names[i], names[j]] for i, j in pairs])
    losses = np.array([cited[names[j], names[i]] for i, j in pairs])
    found = bradley_terry(first, second, wins, losses)
    assert isinstance(found, Worth)
    assert found.values.tolist() == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=1e-5)


def test_baseball_has_a_home_advantage(reference_data: Path):
    """Agresti (2002): home advantage .302 on the log scale, by BradleyTerry2 as well."""
    rows = table(reference_data / "bradley_terry" / "baseball.csv")
    teams = sorted({r["home.team"] for r in rows} | {r["away.team"] for r in rows})
    home, away = (np.array([teams.index(r[f"{w}.team"]) for r in rows]) for w in ("home", "away"))
    wins, losses = (np.array([float(r[f"{w}.wins"]) for r in rows]) for w in ("home", "away"))
    found = bradley_terry(home, away, wins, losses, order_effect=True)
    assert isinstance(found, Worth)
    assert found.extra[0] == pytest.approx(0.3023, abs=5e-4)


@pytest.mark.oracle("V7")
def test_puddings_that_tie(reference_data: Path):
    """Davidson (1970), six puddings."""
    rows = table(reference_data / "plackett_luce" / "pudding.csv")
    i, j = (np.array([int(r[k]) - 1 for r in rows]) for k in ("i", "j"))
    wins, losses, ties = (np.array([float(r[k]) for r in rows]) for k in ("w_ij", "w_ji", "t_ij"))
    found = davidson(i, j, wins, losses, ties)
    assert isinstance(found, Worth)
    assert found.shares.tolist() == pytest.approx(
        [0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024], abs=1e-4
    )
    assert np.exp(found.extra[0]) == pytest.approx(0.7468, abs=1e-4)


def test_orders_of_two_are_pairs():
    """Plackett and Luce's orders of two things are Bradley and Terry's pairs."""
    orders = [[0, 1]] * 7 + [[1, 0]] * 3 + [[1, 2]] * 6 + [[2, 1]] * 4 + [[0, 2]] * 5 + [[2, 0]] * 5
    pairs = bradley_terry(
        np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([7.0, 6, 5]), np.array([3.0, 4, 5])
    )
    whole = plackett_luce(orders)
    assert isinstance(pairs, Worth)
    assert isinstance(whole, Worth)
    assert whole.values.tolist() == pytest.approx(pairs.values.tolist(), abs=1e-9)
    assert whole.errors.tolist() == pytest.approx(pairs.errors.tolist(), abs=1e-6)


@pytest.mark.oracle("V3")
def test_pairwise_weights_of_a_city(reference_data: Path):
    """ahpsurvey's city200, first row: a ratio above 0 favours the second of the pair."""
    row = table(reference_data / "ahp_city200" / "city200.csv")[0]
    names = ["cult", "fam", "house", "jobs", "trans"]
    ratios = np.ones((5, 5))
    for key, text in row.items():
        one, other = (names.index(part) for part in key.split("_"))
        times = float(text)
        ratio = 1 / times if times > 0 else -times
        ratios[one, other], ratios[other, one] = ratio, 1 / ratio
    found = pairwise_weights(ratios, random_index=1.11)
    assert found.weights.tolist() == pytest.approx(
        [0.17095, 0.45872, 0.08547, 0.25076, 0.03410], abs=1e-5
    )
    assert found.largest == pytest.approx(5.271966, abs=1e-6)
    assert found.ratio == pytest.approx(0.061254, abs=1e-6)
    assert pairwise_weights(ratios).ratio == pytest.approx(0.060707, abs=1e-6), "Saaty's 1.12"


@pytest.mark.oracle("V1")
def test_acceptability_of_two_drugs(reference_data: Path):
    """R's smaa with its own draws: prevention of thrombosis."""
    folder = reference_data / "smaa_thrombo"
    rows = table(folder / "measurements.csv")
    names = ["Heparin", "Enoxaparin"]
    considered = ["Prox.DVT", "Dist.DVT", "Bleed"]
    draws = max(int(r["iter"]) for r in rows)
    values = np.zeros((draws, 2, 3))
    for r in rows:
        values[int(r["iter"]) - 1, names.index(r["alternative"])] = [
            float(r[c]) for c in considered
        ]
    weights = np.array([[float(v) for v in r.values()] for r in table(folder / "weights.csv")])
    found = acceptability(values, weights)
    assert found.first.tolist() == pytest.approx([0.3504, 0.6496], abs=1e-6)
    assert found.central[0].tolist() == pytest.approx([0.1865097, 0.2772205, 0.5362698], abs=1e-6)
    assert found.central[1].tolist() == pytest.approx([0.4073100, 0.3641477, 0.2285423], abs=1e-6)
    assert found.entropy == pytest.approx(0.9344248, abs=1e-6)
    assert found.flips == pytest.approx(1 - 0.3504**2 - 0.6496**2)
    assert (
        (confidence(values, found.central) >= 0) & (confidence(values, found.central) <= 1)
    ).all()


@pytest.fixture(scope="module")
def chemo(reference_data: Path) -> dict[str, np.ndarray]:
    rows = table(reference_data / "voi_chemo" / "chemo.csv")
    return {name: np.array([float(r[name]) for r in rows]) for name in rows[0]}


@pytest.mark.oracle("V9")
def test_perfect_information_on_chemotherapy(chemo: dict[str, np.ndarray]):
    """R's voi, chemo_nb at 20,000 a year of life in full health."""
    utility = np.column_stack([chemo["SoC"], chemo["Novel"]])
    assert evpi(utility) == pytest.approx(368.6051, abs=1e-4)


@pytest.mark.oracle("V10")
def test_information_on_side_effects(chemo: dict[str, np.ndarray]):
    """Its GAM says 262.11, our cubic polynomial 261.88."""
    utility = np.column_stack([chemo["SoC"], chemo["Novel"]])
    found = evppi(utility, chemo["p_side_effects_t2"][:, None])
    assert found.value == pytest.approx(262.11, abs=2)
    assert found.value == pytest.approx(261.88, abs=0.01)
    assert abs(found.split - found.value) < 15
    assert found.value <= evpi(utility)


@pytest.mark.oracle("V12")
def test_howards_party():
    sun, rain = [100.0, 90, 40], [0.0, 20, 50]
    utility = np.array([sun] * 4 + [rain] * 6)
    assert utility.mean(0).tolist() == pytest.approx([40, 48, 46])
    assert evpi(utility) == pytest.approx(22)
    assert value_of_model(utility, 0.5) == pytest.approx(11)
    assert value_of_model(utility, 1.0, signal=30) == 0


@pytest.mark.oracle("V13")
def test_clarity_worked_by_hand():
    weights = np.array([[0.8, 0.2], [0.3, 0.7]])
    options = np.array([[1.0, 0.2], [0.4, 0.9], [0.7, 0.6]])
    found = clarity(weights @ options.T)
    assert found.planner == pytest.approx(0.14, abs=1e-9)
    assert found.decider == pytest.approx(0.1625, abs=1e-9)
    assert found.rule == pytest.approx(0.0225, abs=1e-9), "RULINGS 17"
    assert found.flips == pytest.approx(0.5)
    assert found.agreed == 2
    assert found.regret.tolist() == [
        pytest.approx([0, 0.34]), pytest.approx([0.31, 0]),
    ]  # fmt: skip


@pytest.mark.oracle("V13")
def test_data_alone_is_worthless_and_with_clarity_it_is_not():
    weights = np.array([[0.8, 0.2], [0.3, 0.7]])
    states = np.array([[[1.0, 0.2], [0.4, 0.9], [0.7, 0.6]], [[0.2, 0.2], [0.4, 0.7], [0.5, 0.6]]])
    utility = np.einsum("pk,sok->pso", weights, states)
    both = compared(utility)
    assert both.planner == pytest.approx(0.04, abs=1e-9)
    assert both.information == pytest.approx(0, abs=1e-9)
    assert both.joint == pytest.approx(0.08, abs=1e-9)
    assert both.interaction == pytest.approx(0.04, abs=1e-9)
    assert both.rule == pytest.approx(0.01, abs=1e-9), "RULINGS 17"
    assert clarity(utility.mean(1)).decider == pytest.approx(0.05, abs=1e-9)


@pytest.mark.oracle("V15")
def test_clarity_of_numbers_under_squared_loss():
    moments = np.array([[1.0, 0.5], [0.5, 2.0]])
    weights = np.array([[1.0, 0.5], [0.6, 0.9], [1.2, 0.1]])
    found = quadratic_clarity(moments, weights)
    assert found.planner == pytest.approx(0.1955556, abs=1e-6)
    assert found.decider == pytest.approx(0.3911111, abs=1e-6)
    assert found.rule == pytest.approx(0.1955556, abs=1e-6)
    pairs = [(a - b) @ moments @ (a - b) for a in weights for b in weights]
    assert found.planner == pytest.approx(np.mean(pairs) / 2)
