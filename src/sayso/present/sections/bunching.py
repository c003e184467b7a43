"""Whether cases gather on one side of a line that the charter draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.numbers import count, decimal
from sayso.present.section import Line, Reference, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "Cases gather on one side of a line the charter draws"
AT = "Of the cases right at {line}, {k} lie just above it. Without a jump it would be 50."
EVEN = "No line shows more cases on one side than the cases around it would: {lines}."
REFUSED = "Whether cases gather at {line} cannot be told. {reason}"
NOT_YET = "Whether cases gather at {line} cannot be told yet: {missing}."
WHY = (
    "Gathering at a line can be rounding, a rule elsewhere, or somebody writing the number that "
    "brings the answer they want. The table cannot say which."
)
READ = "Read from {below} cases within {left} below and {above} cases within {right} above."
TERM = "Manipulation test by local polynomial densities; robust range, Holm over lines."


def bunching(telling: Telling) -> Section | Line | None:
    """The section on lines; a line where nothing gathers; None where no line is drawn."""
    found = telling.reading.all_of("bunching")
    if not found:
        return None
    there = [f for f in found if f.word is Word.NOT_ZERO]
    if not there:
        return Line(key="bunching", says=_nothing(telling, found))
    return Section(
        key="bunching",
        claim=say(CLAIM),
        lead=(joined(*(_told(telling, f) for f in there)), say(WHY)),
        charts=(
            RowChart(
                title=say("Cases just above a line, of those right at it"),
                subtitle="Per 100; 50 is no jump",
                head="Line",
                value_head="per 100",
                rows=tuple(
                    Row(label=_line(f), figure=f, tone=Tone.BOTH)
                    for f in found
                    if f.estimate is not None
                ),
                references=(Reference(at=0.5, label="no jump"),),
            ),
        ),
        note=tuple(_read(telling, f) for f in there),
        term=TERM,
        word=None,
        primary=there[0],
        leads=False,
    )


def _line(figure: Figure) -> str:
    return f"{figure.group('input')} {figure.group('at')}"


def _told(telling: Telling, figure: Figure) -> Sentence:
    return say(AT, line=_line(figure), k=telling.cite(figure))


def _nothing(telling: Telling, found: tuple[Figure, ...]) -> Sentence:
    known = [f for f in found if f.estimate is not None]
    if known:
        return say(EVEN, lines=", ".join(_line(f) for f in known))
    match found[0].answer:
        case CannotTell() as answer:
            return say(REFUSED, line=_line(found[0]), reason=answer.reason)
        case NotEnoughData() as answer:
            return say(NOT_YET, line=_line(found[0]), missing=how_many_more(answer))
        case Estimate():
            raise AssertionError("an estimate is known")


def _read(telling: Telling, figure: Figure) -> Sentence:
    noted = {name: noted_number(figure, name) or 0.0 for name, _ in figure.notes}
    return say(
        READ,
        below=telling.noted(figure, count(noted["cases_below"])),
        above=telling.noted(figure, count(noted["cases_above"])),
        left=telling.noted(figure, decimal(noted["reach_below"], 2)),
        right=telling.noted(figure, decimal(noted["reach_above"], 2)),
    )
