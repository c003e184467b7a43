"""One unit for what things are worth: money where people weigh money, else points of 100."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sayso.align.considerations import Consideration

    Floats = NDArray[np.float64]

POINTS = "points"
# From so many people on, some are left out together: the error is the same, the wait is not.
MOST_LEFT_OUT = 20
# ISO 4217, written out because MWH and DAY have three capitals too.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG € $ £ ¥"
)
CURRENCIES = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True)
class Numeraire:
    """What one unit of utility is worth.

    Attributes:
        unit: A currency, or "points".
        place: Number of the consideration that is counted in money; None for points.
        span: Money between that consideration's ends.
    """

    unit: str
    place: int | None = None
    span: float = 0.0

    def factor(self, mean: Floats) -> float:
        """Units per unit of utility, where these are the mean weights.

        A step of the whole range of money counts ``mean[place]``, so 1 is worth span / that.
        """
        if self.place is None:
            return 100.0
        return self.span / float(mean[self.place])


def numeraire(considerations: Sequence[Consideration], weights: Floats) -> Numeraire:
    """The consideration that makes utility money, or points where there is none.

    Money needs two people at least who weigh it: on one person's weight alone nobody else's value
    can rest, nor should it be told. Of several, the one that weighs most.

    Args:
        considerations: What matters, with units.
        weights: Each person's weights, shape (people, considerations).
    """
    # Where many answer, groups are left out together; money must survive any of them.
    alone = max(1, ceil(len(weights) / MOST_LEFT_OUT))
    fit = [
        place
        for place, consideration in enumerate(considerations)
        if consideration.unit in CURRENCIES and int((weights[:, place] > 0).sum()) > alone
    ]
    if not fit:
        return Numeraire(POINTS)
    place = max(fit, key=lambda k: float(weights[:, k].mean()))
    return Numeraire(considerations[place].unit, place, considerations[place].span)
