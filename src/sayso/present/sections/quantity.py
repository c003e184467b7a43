"""Where the choice is a quantity: how far people move towards the advice, and what it adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.domain.figure import Unit
from sayso.present.section import Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.section import Chart
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_MOVES = "People move part of the way from first view to advice"
CLAIM_STAYS = "People hardly move from their first view to the advice"
CLAIM_EITHER = "Whether people move to the advice could go either way"
CLAIMS_ADDED = {
    True: "Choices end nearer the outcome than first views did",
    False: "Choices end further from the outcome than first views did",
}
CLAIM_ADDED_EITHER = "Choices end about as near the outcome as first views"
CLAIM_ADDED = "What advice and people each add to the estimate"
WEIGHT = (
    "Of the way from their first view to the advice, people move a share of {k}; 0 is staying, "
    "1 is taking the advice."
)
WOBBLE = "Second thoughts without advice are part of this, so it is an upper figure."
STAYED = "{k} stayed exactly at their first view."
TOOK = "{k} took the advice as it was."
ADDED = {
    "advice over first view": "The advice lies nearer the outcome than first views by {k}.",
    "choice over advice": "Choices lie nearer than the advice by {k}.",
    "choice over first view": "Choices lie nearer than first views by {k}.",
}
LOST = {
    "advice over first view": "The advice lies further from the outcome than first views by {k}.",
    "choice over advice": "Choices lie further off than the advice by {k}.",
    "choice over first view": "Choices lie further off than first views by {k}.",
}
STEPS = (
    ("first view", "First view", Tone.PEOPLE),
    ("advice", "Advice", Tone.AI),
    ("choice", "Choice", Tone.BOTH),
)
TERM_WEIGHT = "Weight of advice, by regression of movement on distance; 95% range."
TERM_ADDED = "Forecast value added: difference in mean absolute error; 95% range."


def weight_of_advice(telling: Telling) -> Section | None:
    """How far people move from first view to advice; None where it is not known."""
    weight = telling.figure("weight-of-advice")
    if weight is None:
        return None
    claim = CLAIM_EITHER
    if weight.word in THERE:
        claim = CLAIM_MOVES if estimate_of(weight).value > 0 else CLAIM_STAYS
    elif weight.word is Word.TOO_SMALL:
        claim = CLAIM_STAYS
    ends = (("at zero", STAYED), ("at one", TOOK))
    found = [(telling.figure("weight-of-advice", statistic=s), text) for s, text in ends]
    others = [
        say(text, k=telling.cite(replace(figure, unit=Unit.SHARE)))
        for figure, text in found
        if figure is not None
    ]
    lead = [joined(say(WEIGHT, k=telling.cite(weight)), say(WOBBLE))]
    if others:
        lead.append(joined(*others))
    return Section(
        key="weight",
        claim=say(claim),
        lead=tuple(lead),
        note=_note(telling, weight),
        term=TERM_WEIGHT,
        word=weight.word,
        primary=weight,
    )


def value_added(telling: Telling) -> Section | None:
    """What the advice and the choice each add; None where it is not known."""
    steps = {s: telling.figure("forecast-value-added", step=s) for s in ADDED}
    known = {step: figure for step, figure in steps.items() if figure is not None}
    if not known:
        return None
    primary = steps["choice over first view"] or next(iter(known.values()))
    claim = CLAIM_ADDED
    if primary is steps["choice over first view"]:
        there = primary.word in THERE
        claim = CLAIMS_ADDED[estimate_of(primary).value > 0] if there else CLAIM_ADDED_EITHER
    lead = [
        say((ADDED if estimate_of(f).value >= 0 else LOST)[step], k=telling.cite(f, size=True))
        for step, f in known.items()
    ]
    return Section(
        key="value-added",
        claim=say(claim),
        lead=(joined(*lead),),
        charts=_charts(telling),
        note=_note(telling, primary),
        term=TERM_ADDED,
        word=primary.word,
        primary=primary,
    )


def _charts(telling: Telling) -> tuple[Chart, ...]:
    rows = tuple(
        Row(label=label, figure=found, tone=tone)
        for step, label, tone in STEPS
        if (found := telling.figure("mean-absolute-error", step=step)) is not None
    )
    if len(rows) < 2:
        return ()
    return (
        RowChart(
            title=say("How far each lies from the outcome, on average"),
            subtitle="Further left is nearer",
            head="Estimate",
            value_head=telling.unit_of(rows[0].figure),
            rows=rows,
            wide=True,
            references=(),
        ),
    )


def _note(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    notes = [say("Counted over {n}.", n=telling.counted(figure))]
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
