"""How many cases a holdback needs before it can say anything."""

from __future__ import annotations

from dataclasses import dataclass

_TWO_SIDED = 1.96
_POWER_80 = 0.84
_POWER_90 = 1.28


@dataclass(frozen=True, slots=True)
class CasesNeeded:
    """Cases in both arms together.

    Attributes:
        changes: To see an influence of the size of the line, with 80 % power.
        too_small: To say that it is too small to matter.
    """

    changes: int
    too_small: int


def cases_needed(holdback: float, line: float, *, agreement: float) -> CasesNeeded:
    """Cases needed where a share of them has the advice withheld.

    Args:
        holdback: Share withheld, 0 < holdback < 1.
        line: Smallest influence that matters, as a share.
        agreement: Share of choices that are the advice, in 0..1.

    Source:
        RULINGS 19: N = (1.96 + z)^2 p(1-p) (1/e + 1/(1-e)) / delta^2.

    Examples:
        >>> cases_needed(0.1, 0.05, agreement=0.7).changes
        7317
    """
    spread = agreement * (1 - agreement) * (1 / holdback + 1 / (1 - holdback)) / line**2

    def needed(power: float) -> int:
        return round((_TWO_SIDED + power) ** 2 * spread)

    return CasesNeeded(needed(_POWER_80), needed(_POWER_90))
