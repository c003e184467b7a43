"""A rule of two questions about a case, as anybody could follow it without an AI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

QUESTIONS = 2
LEAST_LEAF = 10
LINES = 15


@dataclass(frozen=True, slots=True)
class Tree:
    """A question and what follows either answer; or, at the end, which option to take.

    Attributes:
        first: Whether the first option was right more often here.
        column: Which column is asked about; -1 at the end.
        line: The question is whether the column lies above it.
        under: What follows a no.
        over: What follows a yes.
    """

    first: bool
    column: int = -1
    line: float = 0.0
    under: Tree | None = None
    over: Tree | None = None

    def takes_first(self, x: Floats) -> Truth:
        """Whether it takes the first option, for each row of x, shape (cases, columns)."""
        if self.under is None or self.over is None:
            return np.full(len(x), self.first)
        above = x[:, self.column] > self.line
        return np.where(above, self.over.takes_first(x), self.under.takes_first(x))

    @property
    def asked(self) -> tuple[int, ...]:
        """Columns it asks about, first question first."""
        if self.under is None or self.over is None:
            return ()
        return tuple(dict.fromkeys((self.column, *self.under.asked, *self.over.asked)))


def grow(x: Floats, first: Truth, *, questions: int = QUESTIONS) -> Tree:
    """The tree that parts cases best, one question after the other.

    Lines lie at sixteenths of what a column holds, so that nothing is fitted to single cases, and
    no end holds fewer than ten of them. Ties go to the column that comes first.

    Args:
        x: Columns to ask about, shape (cases, columns), finite.
        first: Whether the first option was right, shape (cases,).
        questions: How many may be asked of one case.

    Source:
        Breiman, Friedman, Olshen and Stone (1984), by the Gini index.

    Examples:
        >>> x = np.repeat([[0.0], [1.0]], 20, axis=0)
        >>> tree = grow(x, np.arange(40) >= 20)
        >>> tree.asked, tree.takes_first(np.array([[0.0], [1.0]])).tolist()
        ((0,), [False, True])
    """
    won = float(first.sum())
    here = Tree(first=bool(2 * won >= len(first)))
    if questions == 0 or won in (0.0, float(len(first))):
        return here
    found = _best(x, first)
    if found is None:
        return here
    column, line = found
    above = x[:, column] > line
    under, over = (
        grow(x[side], first[side], questions=questions - 1) for side in (~above, above)
    )  # fmt: skip
    if not under.asked and not over.asked and under.first == over.first:
        # A question whose answers lead to the same option is none.
        return here
    return Tree(here.first, column, line, under, over)


def _best(x: Floats, first: Truth) -> tuple[int, float] | None:
    """The column and line after which options are least mixed; None where none parts them."""
    count, won = len(first), float(first.sum())
    best, least = None, won * (count - won) / count - 1e-9
    for column in range(x.shape[1]):
        values = x[:, column]
        lines = np.unique(
            np.quantile(values, np.arange(1, LINES + 1) / (LINES + 1), method="lower")
        )
        for line in lines.tolist():
            above = values > line
            over = int(above.sum())
            if min(over, count - over) < LEAST_LEAF:
                continue
            yes = float(first[above].sum())
            mixed = yes * (over - yes) / over
            mixed += (won - yes) * (count - over - won + yes) / (count - over)
            if mixed < least:
                best, least = (column, float(line)), mixed - 1e-9
    return best
