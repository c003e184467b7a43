"""How far people lie apart who decide cases of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, how_many_more, is_share

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIMS = {
    Word.CLEAR: "The same mix of cases gets different answers from different {people}",
    Word.LIKELY: "The same mix of cases probably gets different answers from different {people}",
    Word.SMALL: "Different {people} differ on the same mix, perhaps too little to matter",
    Word.TOO_SMALL: "Different {people} decide the same mix of cases alike",
    Word.NOT_ZERO: "Different {people} differ on the same mix of cases",
}
CLAIM_EITHER = "Whether {people} differ on the same mix of cases could go either way"
GAP = (
    "Given the same kinds of case{team}, how often two {people} choose “{option}” lies {k} apart, "
    "after taking out what chance alone would bring."
)
GAP_QUANTITY = (
    "Given the same kinds of case{team}, two {people} lie {k} apart on average, after taking out "
    "what chance alone would bring."
)
BY_CHANCE = (
    "Cases went to {people} as if by chance: nothing that was recorded of them differs between "
    "{people} by more than luck."
)
NOT_BY_CHANCE = (
    "Cases did not go to {people} by chance: what was recorded of them differs between {people}. "
    "So part of it may be that they get different cases."
)
NOT_CHECKED = (
    "Nothing was recorded that could show whether cases went to {people} by chance, so part of "
    "it may be that they get different cases."
)
NOT_PATTERN = (
    "It shows general levels only; two {people} with one average may still differ in each case."
)
NOTHING = "How far apart {people} decide: {missing}."
TERM = (
    "Root of twice the variance between people within strata, by moments; range from chi-squared. "
    "Balance of kinds: Haldane’s moments of Pearson’s statistic."
)


def leniency(telling: Telling) -> Section | Line | None:
    """The section on levels of people; None where nobody is named."""
    found = telling.reading.figure("leniency", mix="same kinds")
    if found is None or found.hidden:
        return None
    if found.estimate is None:
        if not isinstance(found.answer, NotEnoughData):
            return None
        missing = how_many_more(found.answer)
        return Line(key="leniency", says=say(NOTHING, people=telling.deciders, missing=missing))
    words = {"people": telling.deciders}
    claim = CLAIMS.get(found.word or Word.EITHER, CLAIM_EITHER)
    return Section(
        key="leniency",
        claim=say(claim, **words),
        lead=_lead(telling, found),
        charts=_charts(telling, found),
        note=_note(telling, found),
        term=TERM,
        word=found.word,
        primary=found,
        leads=found.word in THERE,
    )


def _lead(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    people = telling.deciders
    team = f" in one {telling.team}" if telling.reading.setting.holds("team") else ""
    option = telling.reading.setting.options[0] if telling.reading.setting.options else ""
    first = say(
        GAP if is_share(figure) else GAP_QUANTITY,
        people=people,
        team=team,
        k=telling.cite(figure),
        option=option,
    )
    dealt = BY_CHANCE if figure.note("as_if_by_chance") else NOT_BY_CHANCE
    if not figure.note("checked"):
        dealt = NOT_CHECKED
    return (joined(first, say(dealt, people=people)),)


def _charts(telling: Telling, figure: Figure) -> tuple[RowChart, ...]:
    """The same at the mix as dealt: how much the kinds of case have to do with it."""
    dealt = telling.figure("leniency", mix="as dealt")
    if dealt is None:
        return ()
    return (
        RowChart(
            title=say("How far two {people} lie apart", people=telling.deciders),
            subtitle="Given the same kinds of case, and with the kinds each of them gets",
            head="Cases",
            value_head=telling.unit_of(figure),
            rows=(
                Row(label="Same kinds", figure=figure, tone=Tone.PEOPLE),
                Row(label="As dealt", figure=dealt, tone=Tone.PEOPLE),
            ),
        ),
    )


def _note(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    notes = [
        say("Counted over {n}.", n=telling.counted(figure)),
        say(NOT_PATTERN, people=telling.deciders),
    ]
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
