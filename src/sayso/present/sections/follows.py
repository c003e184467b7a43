"""What choices go with: the case, the advice, people's own view, the superior, habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.grade import Grade
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of, how_many_more

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

BLOCKS = {
    "first view": ("The first view", "the first view", Tone.PEOPLE),
    "advice": ("The advice", "the advice", Tone.AI),
    "superior": ("What a superior said", "what a superior said", Tone.BOTH),
    "last choice": ("The last choice", "the last choice", Tone.BOTH),
    "person": ("Who decides", "who decides", Tone.PEOPLE),
    "case": ("The case as recorded", "the case as recorded", Tone.BOTH),
}
CLAIM_AHEAD = "Choices go most with {first}"
CLAIM_LEVEL = "Choices go with {first} about as much as with {second}"
# At most two words each, so that a heading with two of them stays short.
SHORT = {
    "first view": "first views",
    "advice": "the advice",
    "superior": "superiors",
    "last choice": "last choices",
    "person": "who decides",
    "case": "the case",
}
CLAIM_EXACT = "What is recorded tells nearly every choice"
LEAD = "Of what these records tell about choices, {first} has {k}."
LEAD_SECOND = "{second} has {k}."
DOMINATES = "It tells more than each of the others, whatever else is known."
DIFFER = "Leave {first} out, and the likelier choice would be another in {k}."
MOVED_TO = "From first view to choice, people moved towards the advice by {k}, net."
MOVED_AWAY = "From first view to choice, people moved away from the advice by {k}, net."
MOVED_ABOVE = "Towards what a superior said they moved by {k}, net."
WEIGHT = "From first view to choice, people go a share of {k} of the way to the advice."
WEIGHT_ABOVE = "With the other advice held equal, they go {k} of the way to what a superior said."
DRIVES = (
    "Whether the advice was in view was left to chance: seeing it drives choices its way, net, by "
    "{k}. Of the other shares nothing of the kind can be said."
)
BEYOND = (
    "The advice tells more of the choice than of the first view, given before it could be seen, "
    "by {k} on a scale from 0 to 1; mere second thoughts would leave 0."
)
GOES_WITH = (
    "All these read the same facts, so a share says what choices go with, not what moves them."
)
TOO_LITTLE = "What is recorded tells too little about choices to say what they follow."
NOT_YET = "Not enough yet to say what choices follow: {missing}."
SAMPLED = "Read in {n} cases picked evenly by a seed."
REPEATED = "{inputs} says what the advice says and is counted with it."
COUNTED = "Counted over {n}."
TERM = {
    "McFadden": "Shapley shares of McFadden’s R², judged by cases the fit had not seen.",
    "R2": "Shapley shares of R² (LMG).",
}


def follows(telling: Telling) -> Section | Line | None:
    """The section on what choices go with; a line where it cannot be said."""
    found = telling.reading.figure("follows")
    if found is None or found.hidden:
        return None
    if isinstance(found.answer, NotEnoughData):
        return Line(key="follows", says=say(NOT_YET, missing=how_many_more(found.answer)))
    shares = [f for f in telling.with_value("follows-share", "block") if _known(f)]
    if found.estimate is None or len(shares) < 2:
        return Line(key="follows", says=say(TOO_LITTLE))
    shares = sorted(shares, key=lambda f: -estimate_of(f).value)
    return Section(
        key="follows",
        claim=_claim(found, shares),
        lead=(joined(*_lead(telling, found, shares)), *_grades(telling)),
        charts=(
            RowChart(
                title=say("What choices go with"),
                subtitle="Parts of 100 of what these records tell about choices",
                head="What is known",
                value_head="per 100",
                rows=tuple(
                    Row(label=BLOCKS[_block(f)][0], figure=f, tone=BLOCKS[_block(f)][2])
                    for f in shares
                ),
            ),
        ),
        note=_note(telling, found),
        term=TERM.get(str(found.note("of")), TERM["R2"]),
        word=None,
        primary=shares[0],
        leads=False,
    )


def _block(figure: Figure) -> str:
    return figure.group("block") or ""


def _known(figure: Figure) -> bool:
    return _block(figure) in BLOCKS


def _claim(found: Figure, shares: list[Figure]) -> Sentence:
    first, second = (SHORT[_block(f)] for f in shares[:2])
    if found.note("exact") is True and estimate_of(found).value > 0.99:
        return say(CLAIM_EXACT)
    if found.note("ahead") is True:
        return say(CLAIM_AHEAD, first=BLOCKS[_block(shares[0])][1])
    return say(CLAIM_LEVEL, first=first, second=second)


def _lead(telling: Telling, found: Figure, shares: list[Figure]) -> list[Sentence]:
    first, second = shares[:2]
    lead = [say(LEAD, first=BLOCKS[_block(first)][1], k=telling.cite(first))]
    if (
        found.note("ahead") is True
        and len(str(found.note("dominates")).split(", ")) == len(shares) - 1
    ):
        lead.append(say(DOMINATES))
    lead.append(say(LEAD_SECOND, second=BLOCKS[_block(second)][0], k=telling.cite(second)))
    other = telling.figure("follows-differ", block=_block(first))
    if other is not None:
        lead.append(say(DIFFER, first=BLOCKS[_block(first)][1], k=telling.cite(other)))
    lead.append(say(GOES_WITH))
    return lead


def _grades(telling: Telling) -> tuple[Sentence, ...]:
    """What first views and chance add, each with the verb it may use."""
    told: list[Sentence] = []
    towards = telling.figure("follows-moves", towards="advice")
    if towards is not None:
        text = MOVED_TO if estimate_of(towards).value >= 0 else MOVED_AWAY
        told.append(say(text, k=telling.cite(towards, size=True)))
    above = telling.figure("follows-moves", towards="superior")
    if above is not None and estimate_of(above).value > 0:
        told.append(say(MOVED_ABOVE, k=telling.cite(above)))
    weight = telling.figure("follows-weight", of="advice")
    if weight is not None:
        told.append(say(WEIGHT, k=telling.cite(weight)))
    above = telling.figure("follows-weight", of="superior")
    if above is not None and estimate_of(above).low > 0:
        told.append(say(WEIGHT_ABOVE, k=telling.cite(above)))
    beyond = telling.figure("follows-beyond-first-view")
    if beyond is not None and estimate_of(beyond).low > 0:
        told.append(say(BEYOND, k=telling.cite(beyond)))
    moved = telling.figure("influence")
    chance = moved is not None and moved.grade is Grade.RANDOMISED and moved.word in THERE
    if moved is not None and chance and estimate_of(moved).value > 0:
        told.append(say(DRIVES, k=telling.cite(moved)))
    return (joined(*told),) if told else ()


def _note(telling: Telling, found: Figure) -> tuple[Sentence, ...]:
    notes = [say(COUNTED, n=telling.counted(found))]
    if found.note("sampled") is True:
        notes.append(say(SAMPLED, n=f"{estimate_of(found).n:,}"))
    if repeated := found.note("repeated"):
        notes.append(say(REPEATED, inputs=str(repeated)))
    if (about := telling.population(found)) is not None:
        notes.append(about)
    return tuple(notes)
