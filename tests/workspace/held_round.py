"""A workspace with one round open, for tests to answer, close and attack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sayso.align.round import RoundCase
from sayso.workspace import round_cases
from sayso.workspace.round_opening import open_round
from sayso.workspace.rounds import begin, send
from tests.declare.good_charter import GOOD

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from sayso.workspace.round_opening import OpenedRound

DAY = date(2026, 11, 24)
LATER = date(2026, 12, 8)
FACTS = ((("fault code", "E-41"),), (("fault code", "E-12"),))
CASES = (
    RoundCase(number=1, facts=FACTS[0]),
    RoundCase(number=2, facts=FACTS[1]),
    RoundCase(number=3, facts=FACTS[0], repeats=1),
)
INVENTED = (
    RoundCase(number=1, facts=(), brings=((1.0, 190.0), (0.0, 0.0))),
    RoundCase(number=2, facts=(), brings=((1.0, 0.0), (0.5, -3.5))),
)
ANSWER = {
    "owner": "Ann Berg",
    "purpose": "solved at once",
    "points-1": "60",
    "points-2": "40",
    "choice-1": "bring",
    "choice-2": "leave",
    "choice-3": "bring",
    "belief-1": "70",
}


def workspace(folder: Path, charter: str = GOOD) -> Path:
    """A workspace with one charter."""
    (folder / "charters").mkdir(exist_ok=True)
    (folder / "charters" / "first-visit-part.yaml").write_text(charter, encoding="utf-8")
    return folder


def use_cases(monkeypatch: pytest.MonkeyPatch, cases: tuple[RoundCase, ...] = CASES) -> None:
    """Let every round draw the cases above, however cases are chosen."""
    monkeypatch.setattr(
        round_cases, "choose_cases", lambda *_, **__: round_cases.ChosenCases(cases=cases)
    )


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: object) -> OpenedRound:
    """A round that five may answer."""
    use_cases(monkeypatch)
    asked = {"invite": 5, "today": DAY, **given}
    return open_round(workspace(folder), "first-visit-part", **asked)  # type: ignore[arg-type]


def answer(folder: Path, token: str, **said: str) -> str:
    """One person begins and sends; their secret."""
    secret = begin(folder, token, DAY)
    round_id = next((folder / "rounds").iterdir()).name
    fields = {**ANSWER, **{name.replace("_", "-"): value for name, value in said.items()}}
    assert send(folder, round_id, secret, fields, today=DAY) == ()
    return secret
