"""What each option would bring in live cases, whatever turns out: the ground that weights act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.align.considerations import Consideration

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """Live cases as a decision problem under each state of the world.

    Attributes:
        options: Allowed answers.
        considerations: What matters, with ranges.
        states: What may turn out, such as ("false", "true") of the outcome.
        values: Value of each option on each consideration, worst 0 to best 1, shape (cases,
            options, states, considerations).
        belief: How likely each state is in each case, shape (cases, states); rows sum to 1.
        held_out: The same beliefs from the other half of the cases, for split draws: what is
            chosen by ``belief`` is scored by ``held_out``. None where no outcome was learned from.
        inputs: What is known of each case, coded as numbers, by name, each of shape (cases, n).
        deciders: Number of the person who decided each case, shape (cases,), -1 for unknown.
        chosen: Number of the option chosen in each case, -1 for unknown, shape (cases,).
        cases_a_month: How many such cases come in a month; None where the table has no dates.
        of: Cases in the table that these stand for.
    """

    options: tuple[str, ...]
    considerations: tuple[Consideration, ...]
    states: tuple[str, ...]
    values: Floats
    belief: Floats
    held_out: Floats | None = None
    inputs: dict[str, Floats] = field(default_factory=dict[str, "Floats"])
    deciders: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    chosen: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    cases_a_month: float | None = None
    of: int = 0

    def __post_init__(self) -> None:
        cases, options, states, considerations = self.values.shape
        if (options, states, considerations) != (
            len(self.options),
            len(self.states),
            len(self.considerations),
        ):
            raise ValueError(f"values of shape {self.values.shape} do not belong to their names")
        if self.belief.shape != (cases, states) or not np.allclose(self.belief.sum(1), 1):
            raise ValueError("beliefs must be given for each case and sum to 1")
        if not np.isfinite(self.values).all():
            raise ValueError("a value is missing")

    @property
    def expected(self) -> Floats:
        """Expected value on each consideration, shape (cases, options, considerations)."""
        return np.einsum("cosk,cs->cok", self.values, self.belief)

    def utility(self, weights: Floats) -> Floats:
        """Expected utility by these weights, shape (cases, options), or (people, cases, options).

        Args:
            weights: Shape (considerations,), or (people, considerations).
        """
        if weights.ndim == 1:
            return self.expected @ weights
        return np.einsum("cok,pk->pco", self.expected, weights)
