"""Shares of a fit: published ones for quantities, our own recomputed for the card game.

Swiss: Groemping (2006), J. Stat. Softw. 17(1). Cars: the README of R's domir. Card game: data of
Corvelo Benz and Gomez Rodriguez (2025), arXiv 2501.14035; figures of conformance.csv.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sayso.measure.estimators.choice_model import Design, all_values
from sayso.measure.estimators.dominance import centred_products, dominance, linear_values
from tests.oracles.card_game import all_games

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oracles.card_game import Game


def shares(path: Path, answer: str, names: list[str]) -> dict[str, float]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row[name]) for name in names] for row in rows])
    y = np.array([float(row[answer]) for row in rows])
    found = dominance(
        names, linear_values(centred_products(x, y), [[i] for i in range(len(names))])
    )
    assert sum(found.shares) == pytest.approx(found.total, abs=1e-12)
    return dict(zip(names, found.shares, strict=True))


@pytest.mark.oracle("P3")
def test_shares_of_swiss_fertility(reference_data: Path):
    got = shares(
        reference_data / "relative_importance" / "swiss.csv",
        "Fertility",
        ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"],
    )
    wanted = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    assert list(got.values()) == pytest.approx(wanted, abs=1e-8)


@pytest.mark.oracle("P4")
def test_general_dominance_of_cars(reference_data: Path):
    got = shares(reference_data / "relative_importance" / "mtcars.csv", "mpg", ["am", "vs", "cyl"])
    assert list(got.values()) == pytest.approx([0.1774892, 0.2027032, 0.3817849], abs=1e-7)


def games_with_a_last_choice(folder: Path) -> list[tuple[Game, str]]:
    """Games of everybody in the four groups that have a previous one, with its final choice."""
    found: list[tuple[Game, str]] = []
    before: dict[tuple[str, str], str] = {}
    for game in sorted(all_games(folder), key=lambda g: (g.group, g.participant, g.trial)):
        if game.game < 0:
            continue
        key = (game.group, game.participant)
        if key in before:
            found.append((game, before[key]))
        before[key] = game.final
    assert len(found) == 9223
    return found


@pytest.mark.oracle("I23")
@pytest.mark.parametrize(
    ("advice", "wanted", "placebo"),
    [
        ("number", (0.3342, 0.2827, 0.0004, 0.6173), 0.2164),
        # RULINGS 20: recommendation times confidence in place of the number itself.
        ("recommendation", (0.3522, 0.2729, 0.0004, 0.6255), 0.1808),
    ],
)
def test_shares_of_the_final_guess(
    reference_data: Path, advice: str, wanted: tuple[float, ...], placebo: float
):
    rows = games_with_a_last_choice(reference_data)
    number = np.array([g.ai_conf for g, _ in rows])
    if advice == "recommendation":
        number = np.where(number > 50, np.maximum(number, 100 - number), 0.0)
    first = np.array([g.prior == "Red" for g, _ in rows], dtype=float)
    own = np.array([g.human_conf for g, _ in rows])
    last = np.array([choice == "Red" for _, choice in rows], dtype=float)
    y = np.array([g.final == "Red" for g, _ in rows], dtype=float)
    names = sorted({g.participant for g, _ in rows})
    place = {name: i for i, name in enumerate(names)}
    people = np.array([place[g.participant] for g, _ in rows], dtype=np.intp) % 40
    whole = np.zeros(len(rows), dtype=np.intp)
    x = np.column_stack([first, own, number, last])
    values = all_values(Design(x, y, ((0, 1), (2,), (3,)), people, whole)).mcfadden()
    found = dominance(["own view", "AI", "last choice"], values[:, 0])
    assert [*found.shares, found.total] == pytest.approx(list(wanted), abs=1e-4)
    alone = all_values(Design(number[:, None], first, ((0,),), people, whole)).mcfadden()[1, 0]
    assert alone == pytest.approx(placebo, abs=1e-4)
    if advice == "number":
        assert found.last[:2] == pytest.approx((0.211, 0.160), abs=5e-4)
        # RULINGS 14: like for like, the advice alone before and after it could be seen.
        assert found.alone[1] - alone == pytest.approx(0.190, abs=5e-4)
