"""Asking for a first view changes what is measured, and skipping it is informative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows

    Floats = NDArray[np.float64]

LEAST_P = 0.001
MOST_SKIPPED = 0.05
SAME_P = 0.05
LEAST_EXPECTED = 5
DESCRIBED_BY = ("decider", "kind", "sure")


@dataclass(frozen=True, slots=True)
class Skips:
    """First views that were asked for and not given.

    Attributes:
        skipped: How many.
        asked: Of how many.
        matter: More than 5 in 100, or unlike in kind or in how sure the AI was (RULINGS 13).
    """

    skipped: float
    asked: float
    matter: bool

    def worst(self, net: float, answered: float) -> Range:
        """A net share per asked case, with the skipped cases set to none and to all moved.

        Args:
            net: Moved to the advice less moved away, in cases.
            answered: Cases with a first view.
        """
        asked = answered + self.skipped
        return Range(net / asked, (net + self.skipped) / asked)


def skips_of(rows: Rows) -> Skips:
    """Count what was skipped, and whether it was skipped alike.

    Args:
        rows: Rows of queries/asking.sql.
    """
    asked = rows.where(rows.numbers("asked") == 1.0)
    skipped, cases = asked.numbers("skipped"), asked.numbers("cases")
    total, of = float(skipped.sum()), float(cases.sum())
    if total == 0:
        return Skips(0.0, of, matter=False)
    unlike = any(
        unevenness(skipped, cases, asked.codes(name)[0], total / of) < SAME_P
        for name in ("kind", "sure")
    )
    return Skips(total, of, matter=total > MOST_SKIPPED * of or unlike)


def asked_by_coin(rows: Rows, stated: float) -> bool:
    """Whether first views were asked for as the stated coin would ask; a name never says so.

    Args:
        rows: Rows of queries/asking.sql.
        stated: Chance of being asked.
    """
    if not 0 < stated < 1 or not len(rows):
        return False
    cases = rows.numbers("cases")
    asked = np.where(rows.numbers("asked") == 1.0, cases, 0.0)
    one = np.zeros(len(rows), dtype=np.intp)
    cells: Sequence[NDArray[np.intp]] = [one, *(rows.codes(name)[0] for name in DESCRIBED_BY)]
    least = LEAST_P / len(cells)
    return all(unevenness(asked, cases, cell, stated) >= least for cell in cells)


def unevenness(events: Floats, cases: Floats, cell: NDArray[np.intp], share: float) -> float:
    """P of cells as far from one share, by Pearson's chi-squared with the share as given.

    Args:
        events: Cases that count in each row.
        cases: Cases of each row.
        cell: The cell each row belongs to.
        share: The share that all cells should have; small cells are left out.
    """
    x, n = np.bincount(cell, events), np.bincount(cell, cases)
    used = n * share * (1 - share) >= LEAST_EXPECTED
    if not used.any():
        return 1.0
    x, n = x[used], n[used]
    distance = float(((x - n * share) ** 2 / (n * share * (1 - share))).sum())
    return float(special.chdtrc(len(n), distance))
