"""What a table does not say outright: which choice was right, what it cost, what is alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal
from sayso.measure.setting import RightRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WHO = ("choice", "advice", "prior")


@dataclass(frozen=True, slots=True, kw_only=True)
class RightSql:
    """SQL over the typed rows for one option having been right, and the cost if it was not.

    Attributes:
        rule: Where "right" comes from.
        right: Option to condition; NULL where not known.
        cost: Option to the cost of a mistake; 1 where none is declared.
        outcome_is_option: Whether each outcome is one of the options, whatever was best.
    """

    rule: RightRule
    right: Mapping[str, str]
    cost: Mapping[str, float]
    outcome_is_option: bool = False

    def was_right(self, who: str) -> str:
        """SQL for "this view turned out right"."""
        match self.rule:
            case RightRule.BEST:
                return f"({who} = best)"
            case RightRule.OUTCOME:
                return f"({who} = outcome)"
            case RightRule.MISTAKES:
                arms = " ".join(
                    f"WHEN {literal(option)} THEN ({sql})" for option, sql in self.right.items()
                )
                return f"(CASE {who} {arms} END)"
            case RightRule.DISTANCE | RightRule.NONE:
                return "CAST(NULL AS BOOLEAN)"

    def came_true(self, who: str) -> str:
        """SQL for "what this view said happened".

        A chance is held against what happened and not against what was best: seven in ten is
        true of a card that is red seven times in ten, though red is always the better guess.
        """
        return f"({who} = outcome)" if self.outcome_is_option else self.was_right(who)

    def happened(self, option: str) -> str:
        """SQL for "what this option stands for happened"."""
        if self.outcome_is_option:
            return f"(outcome = {literal(option)})"
        if self.rule is RightRule.BEST:
            return f"(best = {literal(option)})"
        return f"({self.right[option]})"

    def stake(self, who: str) -> str:
        """SQL for what acting on this view costs if it is wrong; NULL for quantities."""
        if self.rule in (RightRule.DISTANCE, RightRule.NONE):
            return "CAST(NULL AS DOUBLE)"
        costs = {option: self.cost.get(option, 1.0) for option in self.right}
        if set(costs.values()) <= {1.0}:
            return "1e0"
        arms = " ".join(f"WHEN {literal(o)} THEN {c!r}e0" for o, c in costs.items())
        return f"CASE {who} {arms} ELSE 1e0 END"

    def loss(self, who: str) -> str:
        """SQL for what acting on this view cost, or would have."""
        if self.rule is RightRule.DISTANCE:
            return f"abs({who}_number - outcome_number)"
        if self.rule is RightRule.NONE:
            return "CAST(NULL AS DOUBLE)"
        right = self.was_right(who)
        return f"CASE WHEN {right} THEN 0e0 WHEN NOT {right} THEN {self.stake(who)} END"


@dataclass(frozen=True, slots=True)
class Stated:
    """The confidences that go with one option: their average and their ends, in 0..1."""

    mean: float = 0.5
    low: float = 0.0
    high: float = 1.0


def stated_probability(
    confidence: str, who: str, options: Sequence[str], by: Mapping[str, Stated], right: RightSql
) -> tuple[str, str, str]:
    """The probability a confidence states, and the event it speaks of.

    A confidence whose average lies under one half for one of two options and over it for the
    other is the probability of the latter: nobody advises what they hold unlikely. So is one
    that a line divides between the two options, wherever the line lies, and that goes below one
    half: an advice is not given with less confidence than its opposite. Else it is the
    confidence that the view itself is right.

    Args:
        confidence: Column of the confidence, in 0..1.
        who: "advice" or "prior".
        options: The two or more options.
        by: The confidences where the view is each option; empty where they are not two.
        right: What was right.

    Returns:
        SQL for the probability, SQL for the event, and the option it speaks of ("" for the view).
    """
    if right.rule in (RightRule.NONE, RightRule.DISTANCE):
        return "CAST(NULL AS DOUBLE)", "CAST(NULL AS BOOLEAN)", ""
    if len(options) == 2 and len(by) == 2:
        first, second = options
        event = first if by[first].mean > by[second].mean else second
        other = second if event == first else first
        straddle = by[other].mean < 0.5 < by[event].mean
        divided = by[other].high <= by[event].low and by[other].low < 0.5
        if straddle or divided:
            return confidence, right.happened(event), event
    return confidence, right.came_true(who), ""


def joined(parts: Sequence[str]) -> str:
    """SQL for a key of several texts; NULL parts count as a value of their own."""
    if not parts:
        return "CAST(NULL AS VARCHAR)"
    cells = [f"coalesce(CAST({p} AS VARCHAR), '-')" for p in parts]
    return " || ' / ' || ".join(cells)


def key_of(parts: Sequence[str]) -> str:
    """SQL for a key of several values, as a number; NULL is a value of its own.

    A number is grouped several times as fast as a text is. Of 52 bits every one survives in a
    DOUBLE; among a hundred thousand different kinds of case two share a key once in a million
    tables.
    """
    if not parts:
        return "CAST(NULL AS UBIGINT)"
    return f"(hash({', '.join(parts)}) >> 12)"


def binned(number: str, width: float) -> str:
    """SQL for a number's bin of that width; cases in one bin lie within the width."""
    return f"floor({number} / {width!r})"


def between(number: str, cuts: Sequence[float]) -> str:
    """SQL for the place of a number between ascending cuts."""
    arms = " ".join(f"WHEN {number} <= {cut!r} THEN {i}" for i, cut in enumerate(cuts))
    return f"CASE WHEN {number} IS NULL THEN NULL {arms} ELSE {len(cuts)} END" if cuts else "0"
