"""The record as the case table: one row a case, in the columns that every measure reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.record.moments import read_instant
from sayso.record.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sayso.record.case_state import CaseState
    from sayso.record.terms import Scalar

    Cell = Scalar | datetime


COLUMNS = (
    "decision",
    "charter_version",
    "case",
    "opened_at",
    "decided_at",
    "decider",
    "team",
    "prior",
    "prior_confidence",
    "prior_at",
    "prior_asked",
    "prior_ask_probability",
    "prior_skipped",
    "advice",
    "advice_confidence",
    "advice_source",
    "advice_at",
    "advice_opened_at",
    "shown",
    "show_probability",
    "signal",
    "choice",
    "override_kind",
    "reason_code",
    "reason_text",
    "reason_at",
    "seconds",
    "outcome",
    "outcome_at",
    "outcome_due",
    "value",
    "best",
    "ended",
    "contested",
    "worked_around",
)


MOMENTS = frozenset(name for name in COLUMNS if name.endswith("_at")) | {"outcome_due"}


def case_row(state: CaseState) -> dict[str, Cell]:
    """One case as a row of the case table.

    Advice counts as shown only where it was handed out before the choice; a first view counts only
    where the person who chose gave it. A case that ended without a choice keeps its row, with how
    it ended, so that nothing is left out of a count.

    Args:
        state: The case.

    Returns:
        A value for each of ``COLUMNS``, None where there is none, and the inputs under ``in_``
        and their name.
    """
    row: dict[str, Cell] = dict.fromkeys(COLUMNS)
    row |= {
        "decision": state.decision,
        "charter_version": state.version,
        "case": state.case,
        "contested": bool(state.contests),
        "worked_around": bool(state.workarounds),
        "outcome_due": state.outcome_due,
        "ended": "chosen" if state.choice is not None else _ended(state),
    }
    if state.imported is not None:
        past = state.imported.data
        row |= {name: value for name, value in past.row if name in row}
        row |= {name: _moment(row[name]) for name in MOMENTS if row[name] is not None}
        row |= {f"in_{name}": value for name, value in past.inputs}
        row |= {"decider": past.decider, "reason_text": past.text, "ended": "imported"}
    if state.opening is not None:
        row |= _opened(state)
    if state.advice is not None:
        said = state.advice.data
        row |= {
            "advice": said.answer,
            "advice_confidence": said.confidence,
            "advice_source": said.source,
            "advice_at": state.advice.at,
            "advice_opened_at": state.opened_at,
        }
    if state.signal is not None:
        row["signal"] = state.signal.data.says
    if state.choice is not None:
        row |= _chosen(state)
    if state.outcome is not None:
        told = state.outcome.data
        row |= {
            "outcome": told.outcome,
            "outcome_at": state.outcome.at,
            "value": told.value,
            "best": told.best,
        }
    return row


def personal_cells(state: CaseState) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Whose text is in which columns of a case's row, so that it is kept under their key.

    Returns:
        A pseudonym and columns; columns of inputs begin with ``in_``.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    past, opening = state.imported, state.opening
    whose = None if past is None or not past.data.text else past.data.decider
    if state.choice is not None:
        # The same order as in the row: what was said with the choice comes before what came later.
        reason = state.reason if state.choice.data.reason_text is None else state.choice
        whose = None if reason is None else reason.by.person or reason.by.name
    if whose is not None:
        found.append((whose, ("reason_text",)))
    if opening is not None and opening.data.subject is not None and opening.data.inputs:
        found.append((opening.data.subject, tuple(f"in_{name}" for name, _ in opening.data.inputs)))
    return tuple(found)


def _moment(value: Cell) -> Cell:
    """A past case's moment as a moment, like those of cases that were recorded live."""
    if not isinstance(value, str):
        return value
    found = read_instant(value, "")
    return value if isinstance(found, Refusal) else found


def _opened(state: CaseState) -> dict[str, Cell]:
    opening = state.opening
    if opening is None:
        return {}
    cells: dict[str, Cell] = {
        "opened_at": opening.at,
        "team": opening.data.team,
        "prior_asked": opening.data.prior_asked,
        "prior_ask_probability": opening.data.prior_ask_probability,
        "shown": state.shown is not None and not state.shown.data.after_choice,
        "show_probability": None if state.draw is None else state.draw.show_probability,
        **{f"in_{name}": value for name, value in opening.data.inputs},
    }
    if opening.data.prior_asked:
        cells["prior_skipped"] = state.skipped
    prior = state.prior
    chose = None if state.choice is None else state.choice.by.person
    if prior is not None and (chose is None or chose == prior.by.person):
        cells |= {
            "prior": prior.data.answer,
            "prior_confidence": prior.data.confidence,
            "prior_at": prior.at,
        }
    return cells


def _chosen(state: CaseState) -> dict[str, Cell]:
    choice = state.choice
    if choice is None:
        return {}
    said, later = choice.data, state.reason
    # A text whose person was erased is empty, and not absent: that there was one stays.
    reason_at = choice.at if said.reason_code or said.reason_text is not None else None
    cells: dict[str, Cell] = {
        "decided_at": choice.at,
        "decider": choice.by.person or choice.by.name,
        "choice": said.answer,
        "override_kind": said.override_kind,
        "reason_code": said.reason_code,
        "reason_text": said.reason_text,
        "reason_at": reason_at,
        "seconds": said.seconds,
    }
    if later is not None:
        cells |= {
            "reason_code": said.reason_code or later.data.code,
            "reason_text": later.data.text if said.reason_text is None else said.reason_text,
            "reason_at": reason_at or later.at,
        }
    return cells


def _ended(state: CaseState) -> str:
    if state.end is not None:
        return str(state.end)
    return "open" if state.escalated_to is None else "escalated"


@dataclass(frozen=True, slots=True)
class Closure:
    """How much of what fell due is known.

    Attributes:
        due: Ended cases whose outcome is due.
        known: Those of them whose outcome is on record.
        early: Outcomes that came before they were due.
        waiting: Ended cases whose outcome is not due yet: neither missing nor good.
        never: Ended cases without a due date and without an outcome.
    """

    due: int
    known: int
    early: int
    waiting: int
    never: int


def closure(states: Iterable[CaseState], now: datetime) -> Closure:
    """Count the outcomes that are due, known, early and not due yet."""
    due = known = early = waiting = never = 0
    for state in states:
        if not state.final:
            continue
        has = state.outcome is not None
        if state.outcome_due is None:
            never += not has
        elif state.outcome_due <= now:
            due += 1
            known += has
        elif has:
            early += 1
        else:
            waiting += 1
    return Closure(due, known, early, waiting, never)
