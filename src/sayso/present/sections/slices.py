"""Kinds of case that stand out: found in one half of the people, held in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.numbers import of_hundred
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "{what} stands out where {where}"
CLAIM_SHORT = "{what} stands out in some kinds of case"
TOLD = (
    "Where {where}, {does} in {inside} of 100 cases, elsewhere in {outside}: {k} more, among "
    "people it was not found in."
)
NONE = (
    "No kind of case stands out: what looked worst among one half of the people did not hold "
    "among the other."
)
NOT_YET = "Whether some kind of case stands out cannot be told yet: {missing}."
CANNOT = "Whether some kind of case stands out cannot be told. {reason}"
HOW = (
    "Every pair of inputs was searched in the cases of one half of the people; what is said here "
    "comes from the other half."
)
NO_CAUSE = "That these cases differ does not say what makes them differ."
TERM = (
    "SliceLine, exact at two terms; held-out half, delete-one-group jackknife; false discovery "
    "rate of Benjamini and Hochberg at one in twenty."
)
MOST = 6
LONGEST_CLAIM = 40
WHAT = {
    "overruled": ("Overruling", "the advice is overruled"),
    "wrong and followed": ("Wrong advice that is followed", "the advice is wrong and followed"),
    "advice worse": ("Advice worse than the choice", "the advice would have cost more"),
    "choice worse": ("A choice worse than the advice", "the choice cost more than the advice"),
}


def slices(telling: Telling) -> Section | Line | None:
    """The section on kinds of case; a line where none stands out; None where none was searched."""
    found = telling.reading.all_of("slice")
    if not found:
        return None
    standing = [
        f
        for f in found
        if f.note("stands") is True and f.estimate is not None and f.word is not Word.EITHER
    ]
    if not standing:
        return Line(key="slices", says=_nothing(found))
    first = standing[0]
    what, where = WHAT[first.group("target") or ""][0], _where(first)
    claim = CLAIM if len(where) <= LONGEST_CLAIM else CLAIM_SHORT
    return Section(
        key="slices",
        claim=say(claim, what=what, where=where),
        lead=(_told(telling, first), joined(*(_told(telling, f) for f in standing[1:MOST]))),
        charts=(
            RowChart(
                title=say("Kinds of case, less all others"),
                subtitle="Per 100 cases of the kind",
                head="Kind",
                value_head="per 100",
                rows=tuple(
                    Row(
                        label=_where(f),
                        sub=WHAT[f.group("target") or ""][0].lower(),
                        figure=f,
                        tone=Tone.BOTH,
                    )
                    for f in standing[:MOST]
                ),
                wide=True,
            ),
        ),
        note=(say("Counted over {n}.", n=telling.counted(first)), say(HOW), say(NO_CAUSE)),
        term=TERM,
        word=first.word,
        primary=first,
    )


def _where(figure: Figure) -> str:
    return (figure.group("where") or "").replace(": ", " is ").replace("; ", " and ")


def _told(telling: Telling, figure: Figure) -> Sentence:
    inside, outside = noted_number(figure, "inside"), noted_number(figure, "outside")
    return say(
        TOLD,
        where=_where(figure),
        does=WHAT[figure.group("target") or ""][1],
        inside=telling.noted(figure, of_hundred(inside or 0.0)),
        outside=telling.noted(figure, of_hundred(outside or 0.0)),
        k=telling.cite(figure),
    )


def _nothing(found: tuple[Figure, ...]) -> Sentence:
    if any(f.estimate is not None for f in found):
        return say(NONE)
    for figure in found:
        match figure.answer:
            case NotEnoughData() as answer:
                return say(NOT_YET, missing=how_many_more(answer))
            case CannotTell() as answer:
                return say(CANNOT, reason=answer.reason)
            case _:
                continue
    return say(NONE)
