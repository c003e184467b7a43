"""The card game of Corvelo Benz and Gomez Rodriguez (2025, arXiv 2501.14035), ready to read.

Before the advice a person says how sure they are that a card is red, and guesses; then the AI's
number is shown; then they say both again. Games with a negative number are attention checks.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean, stdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = ("level_A", "level_B", "level_C", "level_BP")
"""The four groups of the study; the fifth, level_B_cal, is a calibration arm left out of it."""


@dataclass(frozen=True, slots=True)
class Game:
    """One game; confidences and the true probability of red are in 0..100, 0..100, 0..1."""

    participant: str
    group: str
    batch: int
    game: int
    trial: int
    human_conf: float
    final_conf: float
    ai_conf: float
    true_prob: float
    prior: str
    final: str
    outcome: str

    @property
    def advice(self) -> str:
        """The side the AI's number leans to."""
        return "Red" if self.ai_conf > 50 else "Black"

    @property
    def best(self) -> str:
        """The side more likely to win, whatever came out."""
        return "Red" if self.true_prob > 0.5 else "Black"


@lru_cache(maxsize=2)
def all_games(data: Path) -> tuple[Game, ...]:
    """Every row of the four groups, attention checks included, in the file's order."""
    with (data / "human_alignment" / "games.csv").open(encoding="utf-8") as file:
        return tuple(
            Game(
                participant=row["participant_id"],
                group=row["level_name"],
                batch=int(row["game_batch"]),
                game=int(row["game_id"]),
                trial=int(row["trial_id"]),
                human_conf=float(row["human_conf"]),
                final_conf=float(row["human_AI_conf"]),
                # The fourth group's attention checks show the number under its older name.
                ai_conf=float(row["AI_conf"] or row["AI_conf_pre"]),
                true_prob=float(row["true_prob"]) / 100,
                prior=row["initial_decision"],
                final=row["final_decision"],
                outcome=row["outcome"],
            )
            for row in csv.DictReader(file)
            if row["level_name"] in GROUPS
        )


def inattentive(data: Path) -> dict[str, set[str]]:
    """Participants of each group who fail the study's attention filter (I8).

    A check is failed where the first confidence is more than one standard deviation from its mean
    over the four groups together; two of three failed checks leave a participant out.
    """
    checks: dict[int, list[Game]] = defaultdict(list)
    for row in all_games(data):
        if row.game < 0:
            checks[row.game].append(row)
    failed: dict[tuple[str, str], int] = defaultdict(int)
    for rows in checks.values():
        mean, spread = fmean(r.human_conf for r in rows), stdev(r.human_conf for r in rows)
        for row in rows:
            failed[row.group, row.participant] += abs(row.human_conf - mean) > spread
    out: dict[str, set[str]] = {group: set() for group in GROUPS}
    for (group, participant), count in failed.items():
        if count >= 2:
            out[group].add(participant)
    return out


def filtered_games(data: Path, group: str | None = None) -> list[Game]:
    """Games of attentive participants, checks left out; of one group or of all four."""
    left_out = inattentive(data)
    return [
        row
        for row in all_games(data)
        if row.game >= 0
        and row.participant not in left_out[row.group]
        and (group is None or row.group == group)
    ]
