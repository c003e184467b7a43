"""What matters, each on a stated scale from its worst to its best, so that weights compare."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.declare.charter import Charter


@dataclass(frozen=True, slots=True, kw_only=True)
class Consideration:
    """One thing that matters, over the range that is realistic here.

    Attributes:
        name: As people read it.
        worst: Amount at the bad end of the range; may lie above ``best``.
        best: Amount at the good end.
        unit: What the amounts are counted in; "" for plain numbers.
    """

    name: str
    worst: float
    best: float
    unit: str = ""

    def __post_init__(self) -> None:
        if not (isfinite(self.worst) and isfinite(self.best)) or self.worst == self.best:
            raise ValueError(f"{self.name}: a range needs two different ends")

    @property
    def span(self) -> float:
        """How many units lie between the ends, > 0."""
        return abs(self.best - self.worst)

    def value(self, amount: float) -> float:
        """An amount as a share of the way from worst to best, held to 0..1.

        Examples:
            >>> Consideration(name="parts not wasted", worst=310, best=0).value(155)
            0.5
        """
        share = (amount - self.worst) / (self.best - self.worst)
        return min(1.0, max(0.0, share))


def considerations_of(charter: Charter) -> tuple[Consideration, ...]:
    """The charter's objectives that state a range; the others cannot be weighed against them."""
    return tuple(
        Consideration(name=o.name, worst=o.range[0], best=o.range[1], unit=o.unit or "")
        for o in charter.matters
        if o.range is not None and o.range[0] != o.range[1]
    )
