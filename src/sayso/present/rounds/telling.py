"""How a round is told: its units, its counts of people, and answers that may not be exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.present.numbers import Printed, count, in_words, key_of, printed
from sayso.present.sentence import Cited
from sayso.present.telling import estimate_of

if TYPE_CHECKING:
    from sayso.align.counts import Counted, Spread
    from sayso.align.round_reading import RoundReading
    from sayso.domain.answer import Answer
    from sayso.domain.evidence import Word
    from sayso.present.sentence import Sentence

# Of a heading.
WORDS = 12


@dataclass(frozen=True, slots=True)
class RoundTelling:
    """A round with the words it is told in.

    Attributes:
        reading: What it says.
        owner: The charter's owner; "" where it names none.
        money: Unit of money of "what would help most"; None for points.
        cited: Every figure that a sentence prints, by key: what is printed is in the data too.
    """

    reading: RoundReading
    owner: str = ""
    money: str | None = None
    cited: dict[str, Figure] = field(default_factory=dict[str, Figure], compare=False)

    def number(self, figure: Figure, *, size: bool = False, column: bool = False) -> Printed:
        """A figure's value and range, ready to print."""
        unit = "degrees" if figure.measure.endswith("angle") else "points"
        return printed(
            estimate_of(figure),
            figure.unit,
            money=self.money,
            amount=unit,
            size=size,
            column=column,
        )

    def counted(self, figure: Figure, of: str = "cases") -> str:
        """What stands behind a figure."""
        estimate = estimate_of(figure)
        of = "times" if figure.measure.startswith("round-differing") else of
        people = f"{count(estimate.people)} people" if estimate.people else ""
        cases = f"{count(estimate.n)} {of}" if estimate.n else ""
        return ", ".join(part for part in (cases, people) if part)

    def cite(self, figure: Figure) -> Cited:
        """A figure in full: "8 in 100 (5 to 10)"."""
        return self._cited(figure, self.number(figure).full)

    def cite_of(self, figure: Figure) -> Cited:
        """A share in full, before what it is a share of: "8 of 100 (5 to 10)"."""
        return self._cited(figure, self.number(figure).full.replace(" in 100", " of 100", 1))

    def of_hundred(self, figure: Figure) -> Cited:
        """A share's value alone, for headings: "19 of 100"."""
        number = self.number(figure)
        return self._cited(figure, f"{number.value} of{number.unit.removeprefix(' in')}")

    def bare(self, figure: Figure) -> Cited:
        """A figure's value alone, for headings whose paragraph gives the range."""
        return self._cited(figure, self.number(figure).single)

    def _cited(self, figure: Figure, text: str) -> Cited:
        key = key_of(figure)
        self.cited[key] = figure
        return Cited(text, key)


def figure_of(
    measure: str,
    answer: Answer,
    *,
    unit: Unit = Unit.SHARE,
    grade: Grade = Grade.DESCRIPTION,
    word: Word | None = None,
    groups: tuple[tuple[str, str], ...] = (),
    notes: tuple[tuple[str, float | int | str | bool], ...] = (),
) -> Figure:
    """One answer of a round as a figure, under the catalogue's way of naming."""
    return Figure(
        measure=f"round-{measure}",
        groups=groups,
        answer=answer,
        grade=grade,
        unit=unit,
        word=word,
        notes=notes,
    )


def spread_figure(name: str, spread: Spread | NotEnoughData) -> Figure:
    """People's weights on one consideration: the middle answer, and the ends but one.

    The ends are answers that people gave, not a range that luck could reach.
    """
    if isinstance(spread, NotEnoughData):
        return figure_of("weight", spread, groups=(("consideration", name),))
    middle, low, high = (
        min(1.0, max(0.0, v / 100)) for v in (spread.middle, spread.low, spread.high)
    )
    answer = Estimate(
        value=middle,
        r95=Range(low, high),
        r90=Range(low, high),
        r50=Range(middle, middle),
        n=0,
        people=spread.n,
        population=Population.THESE,
    )
    return figure_of(
        "weight",
        answer,
        groups=(("consideration", name),),
        notes=(("range", "answers, the two at the ends left out"),),
    )


def people(number: int) -> str:
    """So many people, in words.

    Examples:
        >>> people(1), people(5)
        ('one person', 'five people')
    """
    return "one person" if number == 1 else f"{in_words(number)} people"


def capital(text: str) -> str:
    """The text with its first letter as a capital, whatever the others are."""
    return text[:1].upper() + text[1:]


def listed(items: list[str] | tuple[str, ...]) -> str:
    """Several things in a row.

    Examples:
        >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
        ('a', 'a and b', 'a, b and c')
    """
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def at_least(counted: Counted, number: int) -> str:
    """A count that may hide one person: "at least four", or "four"."""
    return f"at least {in_words(number)}" if counted.at_least else in_words(number)


def role_name(role: str) -> str:
    """A role's name as people read it, rather than as a file spells it."""
    return role.replace("-", " ").replace("_", " ")


def short(*claims: Sentence) -> Sentence:
    """The first of several claims that fits a heading; the last where none does."""
    return next((c for c in claims if len(c.text.split()) <= WORDS), claims[-1])


def missing(answer: object) -> str:
    """Why there is no answer, in a sentence; "" where there is one.

    Examples:
        >>> missing(NotEnoughData(10, 8, "live cases"))
        'That needs ten live cases, and there are eight.'
    """
    match answer:
        case NotEnoughData(need, have, of):
            there = "there is" if have == 1 else "there are"
            return f"That needs {in_words(need)} {of}, and {there} {in_words(have) if have else 'none'}."
        case CannotTell():
            return answer.reason
        case _:
            return ""
