"""What a command on a case is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sayso.record.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from sayso.declare.charter import Charter
    from sayso.record.case_state import CaseState
    from sayso.record.coins import Drawn
    from sayso.record.events import CaseData

ANSWER_WITHIN = timedelta(days=14)
MOST_OWED = 10
MOST_A_DAY = 100
# Outcomes often carry a date alone; a day on which both fall is no contradiction.
OUTCOME_SLACK = timedelta(days=1)

Said = tuple["CaseData", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a command is held against, besides the case.

    Attributes:
        now: The moment.
        charter: The charter that counts for this case: the version it was opened under, or the one
            in force where it is being opened; None where there is no such decision.
        fingerprint: The charter's fingerprint.
        drawn: Both coins of the case, for opening it.
        may_decide_alone: Whether an agent may decide this case by the charter's mode.
        filed_today: Contests and workarounds that the asker has filed in the last day, anywhere.
    """

    now: datetime
    charter: Charter | None
    fingerprint: str = ""
    drawn: Drawn | None = None
    may_decide_alone: bool = False
    filed_today: int = 0


def due_on(at: datetime, charter: Charter) -> datetime | None:
    """When the outcome is due, as the charter says; None where it says nothing."""
    days = None if charter.outcome is None else charter.outcome.due_days
    return None if days is None else at + timedelta(days=days)


def has_ended(state: CaseState) -> Refusal:
    """What comes too late."""
    how = "decided" if state.choice is not None else str(state.end)
    return Refusal("case-ended", f"The case was {how}.", "Record its outcome, or contest it.")


def not_seen() -> Refusal:
    """What is said of advice that the asker has not seen, whether or not there is any."""
    return Refusal(
        "advice-not-seen",
        "The advice of this case has not been handed out.",
        "Ask for it first.",
    )


def choice_first() -> Refusal:
    """What comes too early."""
    return Refusal("choice-first", "There is no choice yet.", "Record the choice first.")


def for_people(why: str) -> Refusal:
    """What an agent may not do."""
    return Refusal("not-yours-to-decide", why, "Ask the person the agent acts for.", "by")
