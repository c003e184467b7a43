"""Numbers as people read them: whole counts of a hundred, ranges, money, true minus signs."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from sayso.domain.figure import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.domain.answer import Estimate
    from sayso.domain.figure import Figure

MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def count(number: float) -> str:
    """A whole number with thousands separators and a true minus.

    Examples:
        >>> count(4276)
        '4,276'
    """
    whole = round(number)
    return f"{whole:,}".replace("-", MINUS)


def decimal(number: float, places: int) -> str:
    """A number with that many decimals, a true minus, and no minus zero.

    Args:
        number: Finite.
        places: Decimals; negative rounds to tens, hundreds and so on.
    """
    rounded = round(number, places)
    if rounded == 0:
        rounded = 0.0
    return f"{rounded:,.{max(0, places)}f}".replace("-", MINUS)


def places_for(low: float, high: float, *, figures: int = 2) -> int:
    """Decimals that a range supports: so many significant figures of half its width.

    Examples:
        >>> places_for(1200.0, 3400.0)
        -2
        >>> places_for(0.31, 0.39)
        3
    """
    reach = (high - low) / 2
    size = reach if reach > 0 else max(abs(low), abs(high))
    if size <= 0 or not isfinite(size):
        return 0
    return figures - 1 - floor(log10(size))


def base_of(high: float) -> int:
    """Of how many a share is told: 100, or more where it would vanish."""
    size = abs(high)
    if size == 0 or size >= 0.015:
        return 100
    return 1_000 if size >= 0.0015 else 10_000


def of_hundred(share: float, base: int = 100) -> str:
    """A share as whole cases of a hundred; two neighbours where it lies half way.

    Examples:
        >>> of_hundred(0.7553)
        '75 or 76'
        >>> of_hundred(0.6988)
        '70'
    """
    scaled = share * base
    under = floor(scaled)
    if abs(scaled - under - 0.5) < 0.05:
        return f"{count(under)} or {count(under + 1)}"
    return count(scaled)


def _share_end(end: float, base: int, *, net: bool) -> str:
    """One end of a range; a difference that leaves out zero does not print as if it held it."""
    text = count(end * base)
    if net and end != 0 and text in ("0", f"{MINUS}0"):
        return "just above 0" if end > 0 else "just below 0"
    return text


@dataclass(frozen=True, slots=True)
class Printed:
    """A value and its range, ready to print.

    Attributes:
        value: The best estimate.
        low: Lower end of the 95 % range.
        high: Upper end.
        unit: Behind the value, such as " in 100"; empty where the table's head says it.
        before: In front of the value, such as a currency sign.
    """

    value: str
    low: str
    high: str
    unit: str = ""
    before: str = ""

    @property
    def single(self) -> str:
        """The value with its unit."""
        if self.before and self.value.startswith(MINUS):
            return f"{MINUS}{self.before}{self.value[1:]}{self.unit}"
        return f"{self.before}{self.value}{self.unit}"

    @property
    def span(self) -> str:
        """The range, without brackets."""
        return f"{self.low} to {self.high}"

    @property
    def full(self) -> str:
        """Value, unit and range: "8 in 100 (5 to 10)"."""
        return f"{self.single} ({self.span})"


def printed(
    estimate: Estimate,
    unit: Unit,
    *,
    money: str | None = None,
    amount: str = "",
    size: bool = False,
    column: bool = False,
) -> Printed:
    """A value and its range at the precision the range supports.

    Args:
        estimate: What to print.
        unit: What it is counted in.
        money: Unit of costs, such as EUR.
        amount: Unit of a quantity, such as "minutes".
        size: Drop the sign of a difference whose direction the sentence says; the range is
            turned over with it.
        column: For a table whose head names the unit: always of 100, no unit behind.
    """
    value, low, high = estimate.value, estimate.low, estimate.high
    if size and value < 0:
        value, low, high = -value, -high, -low
    match unit:
        case Unit.SHARE | Unit.NET_SHARE:
            base = 100 if column else base_of(max(abs(low), abs(high)))
            net = unit is Unit.NET_SHARE and not column
            return Printed(
                count(value * base),
                _share_end(low, base, net=net),
                _share_end(high, base, net=net),
                "" if column else f" in {count(base)}",
            )
        case Unit.MONEY:
            places = min(2, 1 - _magnitude(max(abs(low), abs(high))))
            symbol = _SYMBOLS.get(money or "")
            return Printed(
                decimal(value, places),
                decimal(low, places),
                decimal(high, places),
                "" if symbol or not money else f" {money}",
                symbol or "",
            )
        case Unit.COEFFICIENT:
            places = min(3, max(2, places_for(low, high, figures=1)))
        case Unit.COUNT:
            places = 0
        case Unit.AMOUNT | Unit.SECONDS:
            places = min(3, places_for(low, high))
    tail = {"s": "seconds"}.get(amount, amount) if unit is Unit.AMOUNT else ""
    if unit is Unit.SECONDS:
        tail = "seconds"
    return Printed(
        decimal(value, places),
        decimal(low, places),
        decimal(high, places),
        f" {tail}" if tail and not column else "",
    )


def _magnitude(value: float) -> int:
    """Power of ten of a value; 0 for nothing."""
    return floor(log10(abs(value))) if value and isfinite(value) else 0


def counted(estimate: Estimate, *, of: str = "cases", people: str = "people") -> str:
    """How many cases and people stand behind a value.

    Examples:
        "2,414 cases, 39 people"; without people where the table does not name them.
    """
    text = f"{count(estimate.n)} {of}"
    return f"{text}, {count(estimate.people)} {people}" if estimate.people >= 2 else text


def series(parts: Sequence[str], *, last: str = "and") -> str:
    """Several words or numbers in a row: "a, b and c".

    Examples:
        >>> series(["a", "b", "c"])
        'a, b and c'
    """
    *first, end = parts
    return f"{', '.join(first)} {last} {end}" if first else end


def on_day(day: date) -> str:
    """A date in words: "9 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def between_days(since: date, until: date) -> str:
    """A period in words; the year once where it is the same."""
    if since.year == until.year:
        return f"{since.day} {_MONTHS[since.month - 1]} and {on_day(until)}"
    return f"{on_day(since)} and {on_day(until)}"


def in_words(number: int) -> str:
    """Small counts as words, others as figures."""
    small = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    return small[number] if 0 <= number < len(small) else count(number)


def key_of(figure: Figure) -> str:
    """The name under which a printed figure is found in the JSON."""
    return "|".join([figure.measure, *(f"{name}={value}" for name, value in figure.groups)])
