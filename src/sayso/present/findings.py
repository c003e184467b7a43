"""What a reading says, in order of what matters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.estimators.words import REFERENCES, holm
from sayso.measure.estimators.words import settled as settled_word
from sayso.present.numbers import count, key_of, series
from sayso.present.section import Findings, Line, RowChart, Section, Strip, StripChart
from sayso.present.sections.adoption import adoption
from sayso.present.sections.affected import affected
from sayso.present.sections.alike import alike, teams_differ_more
from sayso.present.sections.assumptions import assumptions
from sayso.present.sections.attention import attention, automation_bias
from sayso.present.sections.bunching import bunching
from sayso.present.sections.calibration import calibration
from sayso.present.sections.differently import differently
from sayso.present.sections.drift import drift
from sayso.present.sections.follows import follows
from sayso.present.sections.influence import design_of, influence, verdict_sentence
from sayso.present.sections.input_care import input_care
from sayso.present.sections.leniency import leniency
from sayso.present.sections.lens import lens, selective_use
from sayso.present.sections.momentum import keep_or_retire, momentum
from sayso.present.sections.noise import noise
from sayso.present.sections.outcomes import outcomes
from sayso.present.sections.override import override
from sayso.present.sections.quality import quality
from sayso.present.sections.quantity import value_added, weight_of_advice
from sayso.present.sections.raters import raters
from sayso.present.sections.reliance import reliance
from sayso.present.sections.rules import rules
from sayso.present.sections.slices import slices
from sayso.present.sections.surfaced import cost_line, surfaced_section
from sayso.present.sections.together import together
from sayso.present.sections.unseen import unseen
from sayso.present.sentence import Sentence, Tone, Toned, joined, say
from sayso.present.telling import THERE, Telling, estimate_of, is_share, telling_of
from sayso.present.unknown import steps, unknown

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.measure.reading import Reading
    from sayso.present.context import ReportContext

MOST_LEADING = 6
NOTHING = "This table holds too little to say anything yet"
HERO = "Out of 100 cases, how many differ…"
HERO_ADVICE = {
    Grade.RANDOMISED: "…with the {ai} in view, net",
    Grade.SEALED_PRIOR: "…from first view to choice, net towards the {ai}",
    Grade.BEFORE_AFTER: "…since the {ai} is shown, net",
}
HERO_SOURCE = (
    "Each tick is one case in a hundred: solid, almost surely; pale, our best estimate; "
    "outlined, possibly. Moves both ways cancel, so these are floors."
)
LINE_COUNTS = "Counted over {counts}."
FIRST_WORDS = (*THERE, Word.TOO_SMALL)
COUNTS = "Other figures here stand on {counts}."

_STRENGTH = {
    Word.CLEAR: 0,
    Word.LIKELY: 1,
    Word.NOT_ZERO: 1,
    Word.SMALL: 2,
    Word.TOO_SMALL: 3,
    Word.EITHER: 4,
    Word.NOT_YET: 5,
    Word.CANNOT_TELL: 6,
}


def findings(reading: Reading, context: ReportContext) -> Findings:
    """Everything a report says of a reading.

    The words of the lead findings are one family: Holm at 5 % over all candidates, so that
    choosing the strongest to lead cannot make luck look like evidence (RULINGS 2).

    Args:
        reading: Figures and frame.
        context: Whether teams may be named.
    """
    telling = telling_of(reading, team_names=context.team_names)
    drafted, _ = _told(telling, context)
    telling = replace(telling, reading=_settled(telling.reading, drafted))
    sections, lines = _told(telling, context)
    return Findings(
        reading=telling.reading,
        headline=sections[0].claim if sections else say(NOTHING),
        verdict=verdict_sentence(telling),
        hero=_hero(telling, context),
        sections=tuple(_with_counts(telling, _with_people(telling, s)) for s in sections),
        lines=tuple(_line_with_counts(telling, line) for line in lines),
        unknown=unknown(telling),
        steps=steps(telling),
    )


def _told(telling: Telling, context: ReportContext) -> tuple[tuple[Section, ...], tuple[Line, ...]]:
    """Sections in order of what matters, and what has only a line."""
    made = [
        influence(telling),
        keep_or_retire(telling, context.made_on),
        momentum(telling),
        quality(telling),
        together(telling),
        override(telling),
        alike(telling),
        reliance(telling),
        unseen(telling),
        *rules(telling),
        weight_of_advice(telling),
        value_added(telling),
        *calibration(telling),
        raters(telling),
        noise(telling),
        leniency(telling),
        automation_bias(telling),
        attention(telling),
        follows(telling),
        lens(telling),
        selective_use(telling),
        differently(telling),
        assumptions(telling),
        surfaced_section(telling, context),
        cost_line(telling),
        adoption(telling),
        outcomes(telling),
        *affected(telling),
        slices(telling),
        input_care(telling),
        drift(telling),
        bunching(telling),
    ]
    sections = [_ranked(item) for item in made if isinstance(item, Section)]
    order = {section.key: place for place, section in enumerate(sections)}
    first = _first(telling)

    def weight(section: Section) -> tuple[bool, int, int, int]:
        preferred = first.index(section.key) if section.key in first else len(first)
        strength = _STRENGTH[section.word] if section.word is not None else len(_STRENGTH)
        return (not section.leads, preferred, strength, order[section.key])

    ordered = tuple(sorted(sections, key=weight))
    return ordered, tuple(item for item in made if isinstance(item, Line))


def _ranked(section: Section) -> Section:
    """A section without an evidence word has no claim to lead with."""
    return section if section.word is not None else replace(section, leads=False)


def _first(telling: Telling) -> tuple[str, ...]:
    """What leads whatever else is clear: what the advice does, or a gap larger than that."""
    moved = telling.figure("influence")
    known = design_of(moved) is not None and moved is not None and moved.word in FIRST_WORDS
    return (("alike",) if teams_differ_more(telling) else ()) + (("influence",) if known else ())


def _settled(reading: Reading, sections: tuple[Section, ...]) -> Reading:
    """The reading with the words of its claims as they stand in their family."""
    family: dict[str, Figure] = {}
    for section in sections:
        figure = section.primary
        if not section.leads or figure is None or figure.estimate is None:
            continue
        if figure.estimate.p_line is not None and figure.word is not None:
            family[key_of(figure)] = figure
    kept = holm([estimate_of(f).p_line or 0.0 for f in family.values()])
    stands = dict(zip(family, kept, strict=True))

    def settled(figure: Figure) -> Figure:
        key = key_of(figure)
        if key in stands and figure.word is not None and figure.estimate is not None:
            return figure.worded(
                settled_word(
                    figure.word,
                    figure.estimate,
                    stands=stands[key],
                    family=len(family),
                    reference=REFERENCES.get(figure.measure, 0.0),
                )
            )
        return figure

    return replace(reading, figures=tuple(settled(f) for f in reading.figures))


def _hero(telling: Telling, context: ReportContext) -> StripChart | None:
    """The strips on top: what the advice moves, and what another team would."""
    strips: list[Strip] = []
    moved, gap = telling.figure("influence"), telling.figure("team-gap")
    if moved is not None and is_share(moved) and (design := design_of(moved)) is not None:
        label = say(HERO_ADVICE[design], ai=Toned("AI’s advice", Tone.AI))
        strips.append(_strip(telling, moved, label, Tone.AI))
    if gap is not None and is_share(gap):
        label = say("…in {team}", team=Toned(f"another {telling.team}", Tone.PEOPLE))
        strips.append(_strip(telling, gap, label, Tone.PEOPLE))
    if not strips:
        return None
    source = HERO_SOURCE
    if context.guess is not None:
        source = f"{source} You guessed {context.guess} before looking."
    return StripChart(title=say(HERO), strips=tuple(strips), source=source)


def _strip(telling: Telling, figure: Figure, label: Sentence, tone: Tone) -> Strip:
    number = telling.number(figure, size=True)
    away = estimate_of(figure).value < 0 and figure.measure == "influence"
    spoken = f"About {number.single} cases, between {number.low} and {number.high}"
    shown = say("{label} (away from it)", label=label.text) if away else label
    return Strip(label=shown, spoken=spoken, figure=figure, tone=tone)


def _line_with_counts(telling: Telling, line: Line) -> Line:
    """The line with the counts behind every figure it prints."""
    figures = {key_of(f): f for f in telling.reading.figures}
    counts = dict.fromkeys(telling.counted(figures[key]) for key in line.says.keys)
    if not counts:
        return line
    return replace(line, says=joined(line.says, say(LINE_COUNTS, counts="; ".join(counts))))


def _with_people(telling: Telling, section: Section) -> Section:
    """The section whose sentence itself says of whom it speaks, where they are few (RULINGS 1)."""
    about = telling.population(section.primary) if section.primary is not None else None
    if about is None or not section.lead or "these cases" in section.lead[0].text:
        return section
    first, *more = section.lead
    note = tuple(line for line in section.note if line != about)
    return replace(section, lead=(joined(first, about), *more), note=note)


def _with_counts(telling: Telling, section: Section) -> Section:
    """The section with the counts behind every figure it prints and does not draw."""
    drawn = {
        key_of(row.figure)
        for chart in section.charts
        if isinstance(chart, RowChart)
        for row in chart.rows
    }
    words = " ".join(s.text for s in section.note).replace(";", "").replace(".", "").split()
    keys = dict.fromkeys(key for s in (*section.lead, *section.note) for key in s.keys)
    figures = {key_of(f): f for f in telling.reading.figures}
    estimates = [
        estimate
        for key in keys
        if key not in drawn and (estimate := figures[key].estimate) is not None
    ]
    by_people: dict[int, list[str]] = {}
    for estimate in estimates:
        cases = by_people.setdefault(estimate.people, [])
        if (n := count(estimate.n)) not in words and n not in cases:
            cases.append(n)
    missing = [
        f"{series(cases)} cases" + (f", {count(people)} {telling.deciders}" if people > 1 else "")
        for people, cases in by_people.items()
        if cases
    ]
    if not missing:
        return section
    return replace(section, note=(*section.note, say(COUNTS, counts="; ".join(missing))))
