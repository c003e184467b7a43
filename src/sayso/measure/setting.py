"""What is fixed before any figure is seen: the line, the minimums, what the table holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.declare.charter import FewDeciders
from sayso.domain.answer import Population

if TYPE_CHECKING:
    from sayso.measure.case_inputs import CaseInput


class RightRule(StrEnum):
    """Where "right" comes from."""

    MISTAKES = "mistakes"
    BEST = "best"
    OUTCOME = "outcome"
    DISTANCE = "distance"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The frame in which every figure of one audit is read.

    Attributes:
        has: Columns of the case table with at least one value.
        options: Allowed answers in the charter's order, else as found; empty for a quantity.
        quantity: Whether the choice is a quantity.
        deciders: People in the table; 0 where it does not name them.
        line: Smallest influence that matters, as a share; the charter's, else 5 in 100.
        line_declared: Whether a charter declares the line.
        loss_unit: The charter's unit of costs, such as EUR; None where wrong counts as 1.
        loss_line: Smallest cost per case that matters; None: no line, so no word needs one.
        costs: What each option costs if it is wrong, as (option, amount); empty where the charter
            does not say, or not in one unit.
        minimum_people: Smallest group shown.
        minimum_cases: Fewest cases behind a shown figure.
        few_deciders: What may be reported on fewer than five people.
        show_probability: Stated probability that advice is shown; None: not randomised.
        ask_probability: Stated probability that a first view is asked for; None: not by a coin.
        right: Where "right" comes from.
        outcome_seen_for: The one option for which outcomes are seen; None: for all.
        teams_agreed: Whether the charter records the teams' consent to quality by team.
        panel_rows: Rows of cases that several people decided; 0 where there are none.
        inputs: Inputs of the case that tell cases apart, with what their codes say.
        reasons: The charter's codes for reasons.
        seed: Seed of every random draw.
    """

    has: frozenset[str]
    options: tuple[str, ...] = ()
    quantity: bool = False
    deciders: int = 0
    line: float = 0.05
    line_declared: bool = False
    loss_unit: str | None = None
    loss_line: float | None = None
    costs: tuple[tuple[str, float], ...] = ()
    minimum_people: int = 5
    minimum_cases: int = 30
    few_deciders: FewDeciders = FewDeciders.REFUSE
    show_probability: float | None = None
    ask_probability: float | None = None
    right: RightRule = RightRule.NONE
    outcome_seen_for: str | None = None
    teams_agreed: bool = False
    panel_rows: int = 0
    inputs: tuple[CaseInput, ...] = ()
    reasons: tuple[str, ...] = ()
    seed: int = 0

    @property
    def population(self) -> Population:
        """Of whom figures may speak: people like these from five named deciders on."""
        return Population.LIKE_THESE if self.deciders >= 5 else Population.THESE

    def holds(self, *columns: str) -> bool:
        """Whether the table has values in all these columns."""
        return all(column in self.has for column in columns)
