"""May the AI decide this case alone? By the charter's mode, its ceiling and its routine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter import Mode
from sayso.record.condition import holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.declare.charter import Charter
    from sayso.record.case_state import CaseState
    from sayso.record.terms import Scalar


@dataclass(frozen=True, slots=True)
class Mandate:
    """Whether the AI may decide a case alone.

    Attributes:
        alone: Whether it may.
        mode: What the AI may do, the ceiling applied.
        why: One sentence.
    """

    alone: bool
    mode: Mode
    why: str


def mandate(charter: Charter, inputs: Mapping[str, Scalar]) -> Mandate:
    """Whether the AI may decide a case with these inputs alone; no where it cannot be told.

    Args:
        charter: The version that counts.
        inputs: The case's inputs.
    """
    advice = charter.advice
    if advice is None:
        return Mandate(False, Mode.WATCH, f"{charter.ref} gives the AI no part in this decision.")
    mode = min(advice.mode, advice.ceiling, key=lambda one: one.rank)
    if mode is Mode.ACT:
        return Mandate(True, mode, f"{charter.ref} lets the AI act; people check a sample.")
    if mode is not Mode.DELEGATE:
        return Mandate(False, mode, f"In mode {mode} a person decides every case.")
    if advice.routine is None:
        return Mandate(False, mode, f"{charter.ref} delegates without saying which cases.")
    met = holds(advice.routine, charter, inputs)
    if met is None:
        return Mandate(False, mode, f"It cannot be told whether the case meets: {advice.routine}.")
    if met:
        return Mandate(True, mode, f"The case meets the routine: {advice.routine}.")
    return Mandate(False, mode, f"The case is not routine, which is: {advice.routine}.")


def may_decide_alone(state: CaseState, charter: Charter) -> bool:
    """Whether the AI may decide a case alone; never one that was handed to a person."""
    if state.opening is None or state.escalated_to is not None:
        return False
    return mandate(charter, dict(state.opening.data.inputs)).alone
