"""The demo's round: eight simulated leaders answer apart, as people do, through the same verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.workspace.demo_claims import LEADERS, SLUG, TABLE, gain_of_paying, genuine_odds
from sayso.workspace.round_opening import open_round
from sayso.workspace.rounds import begin, send

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.align.round import Round, RoundCase
    from sayso.workspace.demo_claims import Leader

WOBBLE = 0.03
BELIEF_SPREAD = 0.2


def hold_round(place: Path, seed: int, today: date) -> str:
    """Open a round about warranty claims and have everybody answer it.

    Args:
        place: The demo's folder, with the charter and its table.
        seed: Seed of what people answer.
        today: The day.

    Returns:
        The round's name.
    """
    opened = open_round(
        place,
        SLUG,
        today=today,
        cases=str(place / TABLE),
        invite=len(LEADERS),
        seed=seed,
    )
    draw = np.random.default_rng([seed, 3])
    for leader, token in zip(LEADERS, opened.links, strict=True):
        secret = begin(place, token, today)
        fields = answers(leader, opened.round, draw)
        problems = send(place, opened.round.id, secret, fields, today=today)
        if problems:
            raise ValueError(f"a simulated answer is refused: {problems[0]}")
    return opened.round.id


def answers(leader: Leader, round_: Round, draw: np.random.Generator) -> dict[str, str]:
    """What one leader answers, by field, as a form posts it."""
    points = [round(100 * weight) for weight in leader.weights]
    fields = {
        "owner": leader.owner,
        "purpose": round_.considerations[leader.purpose].name,
        **{f"points-{k}": str(p) for k, p in enumerate(points, 1)},
    }
    weights = np.array(leader.weights)
    for case in round_.cases:
        amount, odds = _read(case)
        odds += leader.leans + draw.normal(0, BELIEF_SPREAD)
        chance = 1 / (1 + np.exp(-odds))
        gain = float(gain_of_paying(np.array(chance), np.array(amount), weights))
        pays = draw.random() < 1 / (1 + np.exp(-gain / WOBBLE))
        fields[f"choice-{case.number}"] = "pay" if pays else "examine"
        if round_.event:
            fields[f"belief-{case.number}"] = str(round(100 * chance))
    return fields


def _read(case: RoundCase) -> tuple[float, float]:
    """The amount, and the log odds that the claim is genuine, from what people read of a case."""
    facts = dict(case.facts)

    def number(name: str) -> float:
        return float(facts[name].split()[0].replace(",", ""))

    def flag(name: str) -> np.bool_:
        return np.bool_(facts[name] == "yes")

    amount = number("amount eur")
    odds = genuine_odds(
        np.array(amount),
        np.array(number("unit age years")),
        np.array(flag("regular customer")),
        np.array(flag("dealer report")),
    )
    return amount, float(odds)
