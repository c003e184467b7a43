"""A workspace with a round without cases, answered, for tests to settle."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sayso.align.round import SettleBy
from sayso.workspace.round_opening import open_round
from sayso.workspace.rounds import begin, send
from tests.declare.good_charter import GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.workspace.round_opening import OpenedRound

DAY = date(2026, 11, 24)
ROUND, OWNER = "first-visit-part-1", "head-of-field-service"
PEOPLE = f"- {{role: {OWNER}, person: Ada, from: 2025-01-01}}   # since the merger\n"
ANSWER = {"owner": "Ann Berg", "purpose": "solved at once", "points-1": "60", "points-2": "40"}


def workspace(folder: Path, charter: str = GOOD, people: str = PEOPLE) -> Path:
    """A workspace with one charter and whoever is accountable for it."""
    (folder / "charters").mkdir(exist_ok=True)
    (folder / "charters" / "first-visit-part.yaml").write_text(charter, encoding="utf-8")
    if people:
        (folder / "people.yaml").write_text(people, encoding="utf-8")
    return folder


def opened(
    folder: Path,
    *,
    settle: SettleBy = SettleBy.OWNER,
    quorum: float = 0.6,
    invite: int = 5,
    charter: str = GOOD,
    people: str = PEOPLE,
) -> OpenedRound:
    """A round that nobody has answered yet."""
    workspace(folder, charter, people)
    return open_round(
        folder, "first-visit-part", today=DAY, n=0, invite=invite, settle=settle, quorum=quorum
    )


def answered(folder: Path, round_: OpenedRound, number: int) -> None:
    """Some of those who were asked answer."""
    for token in round_.links[:number]:
        secret = begin(folder, token, DAY)
        assert send(folder, round_.round.id, secret, ANSWER, today=DAY) == ()


def held(folder: Path, settle: SettleBy = SettleBy.OWNER, charter: str = GOOD) -> Path:
    """A workspace whose round everybody has answered."""
    answered(folder, opened(folder, settle=settle, charter=charter), 5)
    return folder
