"""Whether the advice does more, as much or less than at first; and whether it should stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Verdict, Word
from sayso.domain.grade import Grade
from sayso.present.numbers import on_day
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of, how_many_more

if TYPE_CHECKING:
    from datetime import date

    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIMS_RANDOMISED = {
    "growing": "Seeing the advice moves more choices from quarter to quarter",
    "fading": "Seeing the advice moves fewer choices from quarter to quarter",
}
CLAIMS = {
    "growing": "Choices match the advice more from quarter to quarter",
    "fading": "Choices match the advice less from quarter to quarter",
}
CLAIMS_PRIOR = {
    "growing": "First views move to the advice more from quarter to quarter",
    "fading": "First views move to the advice less from quarter to quarter",
}
LEAD = "In the first quarter since launch it is {first}, in the last {last}."
ALONG = "Along a straight line through all of them that is {k} {way}."
ALONG_ONLY = "Along a straight line through the quarters since launch, that is {k} {way}."
LEARNED = (
    "People may have learned the advice, stopped reading it, or the cases differ by now; this file "
    "cannot say which."
)
OTHER_THINGS = (
    "Not an experiment: cases and people may differ between quarters, so no word here goes above "
    "“likely”."
)
LEVEL = "Since launch the advice does about as much from quarter to quarter: {k}, first to last."
EITHER = (
    "Whether the advice does more or less than at first could go either way: {k}, first to last."
)
NOT_YET = "Too early to say whether the advice does more or less than at first: {missing}."
TERM = "Weighted straight line through quarters since launch; 95% range."
COUNTED = "Counted over {n}."
SHORT = {
    "growing": "Growing since launch: {k} from first quarter to last.",
    "fading": "Fading since launch: {k} from first quarter to last.",
    "level": "Level since launch: {k} from first quarter to last.",
    "not clear": "Growing or fading since launch is not clear: {k} from first quarter to last.",
}
KEEP = "Keep, change or retire?"
KEEP_SMALL = (
    "The charter wanted this advice looked at again by {day}. What it moves is too small to "
    "matter, net: {k}."
)
KEEP_FADED = (
    "The charter wanted this advice looked at again by {day}. It fades, and in the last quarter "
    "it can no longer be told from nothing: {k}."
)
KEEP_WHAT = (
    "Keep it and say what for, alter what it says or when it is shown, or retire it. Whoever is "
    "accountable decides and writes the reason into the next version of the charter."
)


def momentum(telling: Telling) -> Section | Line | None:
    """The section on momentum; a line where it is level or not clear."""
    found = telling.reading.figure("momentum")
    if found is None or found.hidden:
        return None
    if isinstance(found.answer, NotEnoughData):
        return Line(key="momentum", says=say(NOT_YET, missing=how_many_more(found.answer)))
    if found.estimate is None:
        return None
    state = str(found.note("state"))
    if state not in CLAIMS or found.word not in THERE:
        return Line(key="momentum", says=_short_line(telling, found, state))
    claims = CLAIMS_RANDOMISED if found.grade is Grade.RANDOMISED else CLAIMS
    if found.note("design") == "prior":
        claims = CLAIMS_PRIOR
    quarters = _quarters(telling, found)
    return Section(
        key="momentum",
        claim=say(claims[state]),
        lead=(joined(*_lead(telling, found, state, quarters)),),
        charts=_charts(telling, found, quarters),
        note=_note(telling, found),
        term=TERM,
        word=found.word,
        primary=found,
    )


def momentum_sentence(telling: Telling) -> Sentence | None:
    """Growing, fading or level, in one sentence; None where it is not known."""
    found = telling.figure("momentum")
    if found is None:
        return None
    return say(SHORT[str(found.note("state"))], k=telling.cite(found))


def _short_line(telling: Telling, found: Figure, state: str) -> Sentence:
    return say(LEVEL if state == "level" else EITHER, k=telling.cite(found))


def _quarters(telling: Telling, found: Figure) -> list[Figure]:
    """Influence by quarter; where no design gives it, agreement by quarter."""
    moved = telling.with_value("influence-by-quarter", "quarter")
    if len(moved) >= 2 or found.note("design") != "association":
        return list(moved)
    return list(telling.with_value("reliance-by-quarter", "quarter"))


def _lead(telling: Telling, found: Figure, state: str, quarters: list[Figure]) -> list[Sentence]:
    way = "more" if estimate_of(found).value >= 0 else "less"
    k = telling.cite(found, size=True)
    lead = [say(ALONG_ONLY, k=k, way=way)]
    if len(quarters) >= 2:
        first, last = telling.cite(quarters[0]), telling.cite(quarters[-1])
        lead = [say(LEAD, first=first, last=last), say(ALONG, k=k, way=way)]
    if state == "fading":
        lead.append(say(LEARNED))
    return lead


def _charts(telling: Telling, found: Figure, quarters: list[Figure]) -> tuple[RowChart, ...]:
    if len(quarters) < 2:
        return ()
    moved = quarters[0].measure == "influence-by-quarter"
    return (
        RowChart(
            title=say(
                "How many choices go its way, net, by quarter since launch"
                if moved
                else "How many choices match the advice, by quarter since launch"
            ),
            subtitle="Per 100 cases of each quarter",
            head="Quarter",
            value_head=telling.unit_of(quarters[0]),
            rows=tuple(
                Row(label=f"Quarter {f.group('quarter')}", figure=f, tone=Tone.AI) for f in quarters
            ),
        ),
    )


def _note(telling: Telling, found: Figure) -> tuple[Sentence, ...]:
    notes = [say(COUNTED, n=telling.counted(found))]
    if found.grade is not Grade.RANDOMISED:
        notes.append(say(OTHER_THINGS))
    if (about := telling.population(found)) is not None:
        notes.append(about)
    return tuple(notes)


def keep_or_retire(telling: Telling, today: date) -> Section | None:
    """The question that advice raises which does too little past its day of looking again."""
    charter = telling.reading.charter
    look = charter.look_again if charter is not None else None
    if look is None or look.next is None or look.next > today:
        return None
    moved, found = telling.figure("influence"), telling.figure("momentum")
    small = telling.reading.judgement.verdict in (Verdict.TOO_SMALL, Verdict.DECORATIVE)
    if small and moved is not None:
        return _question(KEEP_SMALL, moved, telling, look.next)
    quarters = telling.with_value("influence-by-quarter", "quarter")
    if found is None or found.note("state") != "fading" or len(quarters) < 2:
        return None
    last = quarters[-1]
    if last.word not in (Word.EITHER, Word.TOO_SMALL):
        return None
    return _question(KEEP_FADED, last, telling, look.next)


def _question(text: str, figure: Figure, telling: Telling, day: date) -> Section:
    notes = [say(COUNTED, n=telling.counted(figure))]
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return Section(
        key="keep",
        claim=say(KEEP),
        lead=(joined(say(text, day=on_day(day), k=telling.cite(figure)), say(KEEP_WHAT)),),
        note=tuple(notes),
        term="Influence against the charter’s line, past its day of looking again.",
        word=figure.word,
        primary=figure,
    )
