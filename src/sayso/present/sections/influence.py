"""What the advice does to choices, by the strongest design the table allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.grade import Grade
from sayso.present.numbers import count, key_of, of_hundred
from sayso.present.section import FlowChart, FlowPart, Reference, Row, RowChart, Section
from sayso.present.sentence import Cited, Sentence, Tone, Toned, say
from sayso.present.telling import THERE, estimate_of, how_many_more

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.section import Chart
    from sayso.present.telling import Telling

AI = Toned("AI’s", Tone.AI)
FIRST_VIEWS = ("agreed", "moved-to", "moved-away", "held")
FLOW = (
    ("agreed", "Agreed before the advice", Tone.BOTH, False),
    ("moved-to", "Moved to the advice", Tone.AI, False),
    ("moved-away", "Moved away from the advice", Tone.PEOPLE, True),
    ("held", "Kept a view of their own", Tone.PEOPLE, False),
    ("other", "Moved to something else", Tone.BOTH, True),
)

# Claims by design and word; only a randomised design may use a causal verb.
DESIGNS = {
    "randomised": Grade.RANDOMISED,
    "prior": Grade.SEALED_PRIOR,
    "before-after": Grade.BEFORE_AFTER,
}
CLAIMS_RANDOMISED = {
    Word.CLEAR: "Seeing the advice changes about {k} choices, net",
    Word.LIKELY: "Seeing the advice probably changes about {k} choices, net",
    Word.SMALL: "The advice moves choices its way, perhaps too little to matter",
    Word.EITHER: "The advice may or may not move choices",
    Word.TOO_SMALL: "Net, the advice moves too few choices to matter",
}
CLAIMS_PRIOR = {
    Word.LIKELY: "Net, {k} first views move to the advice",
    Word.SMALL: "First views move to the advice, perhaps too little to matter",
    Word.EITHER: "First views move to the advice about as often as away",
    Word.TOO_SMALL: "Net, too few first views move to the advice to matter",
}
CLAIM_PRIOR_MEASURED = "Beyond second thoughts, {k} first views move to the advice"
CLAIM_PRIOR_QUANTITY = "Net, {k} first views move nearer to the advice"
CLAIMS_BEFORE_AFTER = {
    Word.LIKELY: "Choices match the advice {k} more since it is shown",
    Word.SMALL: "Choices match the advice more since it is shown, perhaps too little",
    Word.EITHER: "Choices match the advice about as often as before",
    Word.TOO_SMALL: "Choices match the advice hardly more since it is shown",
}
CLAIMS_AWAY = {
    Grade.RANDOMISED: "Seeing the advice moves choices away from it, net",
    Grade.SEALED_PRIOR: "Net, first views move away from the advice",
    Grade.BEFORE_AFTER: "Choices match the advice less since it is shown",
}
CLAIMS = {
    Grade.RANDOMISED: CLAIMS_RANDOMISED,
    Grade.SEALED_PRIOR: CLAIMS_PRIOR,
    Grade.BEFORE_AFTER: CLAIMS_BEFORE_AFTER,
}
NO_DESIGN = "This file cannot tell whether the advice moves choices"
TOO_FEW = "Not enough cases yet to see what the advice does"

LEAD_RANDOMISED = (
    "In view, {shown} of 100 choices are the advice; hidden, {hidden}. "
    "The advice moved at least about {k} its way, net: {who}, randomised. {word}."
)
LEAD_RANDOMISED_AWAY = (
    "In view, {shown} of 100 choices are the advice; hidden, {hidden}. "
    "The advice moved at least about {k} away from it, net: {who}, randomised. {word}."
)
LEAD_RANDOMISED_EITHER = (
    "In view, {shown} of 100 choices are the advice; hidden, {hidden}. "
    "The difference is {k}, net: {who}, randomised. {word}."
)
LEAD_PRIOR = (
    "People gave a first view, saw the advice and chose. Of 100 cases, {moved_to} moved to the "
    "advice and {moved_away} moved away from it: net {k}. In {agreed} the first view already was the "
    "advice; in {held} people kept a view of their own."
)
LEAD_PRIOR_MEASURED = (
    "People gave a first view, saw the advice and chose. Of 100 cases, {moved_to} moved to the "
    "advice and {moved_away} moved away from it. Where the advice stayed hidden, second thoughts "
    "alone moved {second} its way, net. The difference is {k}."
)
LEAD_PRIOR_QUANTITY = (
    "People gave a first view, saw the advice and chose. Moves nearer to the advice less moves "
    "further away come to {k}."
)
LEAD_PRIOR_SHORT = (
    "People gave a first view, saw the advice and chose. Moves to the advice less moves away "
    "from it come to {k}."
)
LEAD_PLAIN = {
    Grade.RANDOMISED: "With the advice in view, choices are it more often by {k}, net.",
    Grade.BEFORE_AFTER: "Since the advice is shown, choices match it more often by {k}.",
}
LEAD_BEFORE_AFTER = (
    "Since the advice is shown, choices match it {shown} times in 100; before, when nobody "
    "could see it, they already matched it {hidden} times. The difference is {k}."
)
LEAD_ASSOCIATION = (
    "Choices {agree} the advice {k}. People and the AI read the same facts, so they can agree "
    "without any influence. We cannot say how much of this is the AI’s doing."
)
LEAD_NOTHING = "Nothing in the file shows what would have been chosen without the advice."

NOT_CHANCE = {
    "share": "Advice is not in view as often as was stated, so chance alone did not decide.",
    "balance": (
        "Cases with the advice in view differ from the others before it comes, so chance alone "
        "did not decide."
    ),
    "choices": "Choices are missing more often with the advice in view, or without it.",
    "late": "What was in view was settled after the choice, so it cannot have come from chance.",
}
FADES = (
    "The effect fades between the halves of the period: {first} in the first half, {second} in "
    "the second. Hidden cases have become more like shown ones: people may have learned the "
    "advice, stopped reading it, or the cases changed; this file cannot say which."
)
RISES = (
    "Hidden cases have become more like shown ones: people may have learned the advice, "
    "stopped reading it, or the cases changed; this file cannot say which."
)
MOVES = (
    "Moves in both directions cancel in this figure. At least {least} and at most {most} "
    "choices are other than they would have been."
)
SPREAD = "How much people move differs between them by {k}, as a standard deviation."
ADJUSTED = "Weighed so that both arms have the same mix of advice, the figure is {k}."
PLACEBO = "Of {n} other cut dates, a gap as large shows at {k}."
ASKED_MORE = "Being asked for a first view makes choices match the advice more often, by {k}."
ASKED_LESS = "Being asked for a first view makes choices match the advice less often, by {k}."
ASKED_MORE_PLAIN = "Cases where a first view was asked for match the advice more often, by {k}."
ASKED_LESS_PLAIN = "Cases where a first view was asked for match the advice less often, by {k}."
ASKED_SMALL = "Being asked for a first view makes too little difference to matter: {k}."
ASKED_EITHER = "Whether the question for a first view changes choices could go either way: {k}."
SKIPPED = (
    "The first view was skipped {k}. Counting those cases as none moved or as all moved, "
    "the net figure could lie anywhere from {low} to {high}."
)

NOTE_RANDOMISED = "Advice was shown or hidden by chance, so the two groups of cases are alike."
NOTE_NET = "A net shift: choices that moved both ways cancel out, so it is a floor."
NOTE_PRIOR = (
    "Not an experiment: second thoughts without advice can move choices too, and this file "
    "does not measure them. So no word here goes above “likely”."
)
NOTE_PRIOR_MEASURED = (
    "Not an experiment. Cases where the advice stayed hidden show how often second thoughts move "
    "choices by themselves; no word here goes above “likely”."
)
NOTE_GIVEN = "These figures speak of cases where a first view was given."
NOTE_BEFORE_AFTER = (
    "Not an experiment. Other things may have moved at the same time, so no word here goes "
    "above “likely”."
)

NOTES = {
    Grade.RANDOMISED: (NOTE_RANDOMISED, NOTE_NET),
    Grade.SEALED_PRIOR: (NOTE_PRIOR, NOTE_GIVEN),
    Grade.BEFORE_AFTER: (NOTE_BEFORE_AFTER, NOTE_NET),
}
NOTES_MEASURED = (NOTE_PRIOR_MEASURED, NOTE_GIVEN)
TERMS = {
    Grade.RANDOMISED: "Difference in agreement between randomised arms; 95% range.",
    Grade.SEALED_PRIOR: "Net switch from first view; 95% range, clustered by person.",
    Grade.BEFORE_AFTER: "Difference in agreement before and after, by week; 95% range.",
}
SPLIT_TITLES = {
    Grade.RANDOMISED: "How far the advice moves choices its way",
    Grade.SEALED_PRIOR: "Moves to the advice, less moves away from it",
    Grade.BEFORE_AFTER: "How much more often choices match the advice since it is shown",
}

VERDICTS = {
    Verdict.CANNOT_TELL: "This file cannot tell whether the advice moves choices.",
    Verdict.TOO_EARLY: "It is too early to tell whether the advice moves enough choices to matter.",
    Verdict.TOO_SMALL: "The net effect is too small to matter; opposite moves can cancel.",
    Verdict.DECORATIVE: "The advice changes too little to matter.",
}
VERDICTS_RANDOMISED = {
    Quality.BETTER: "The advice changes choices, for the better.",
    Quality.WORSE: "The advice changes choices, for the worse.",
    Quality.UNKNOWN: "The advice changes choices; for better or worse is not known.",
}
VERDICTS_PERHAPS = {
    Quality.BETTER: "The advice changes choices, perhaps too few to matter, and for the better.",
    Quality.WORSE: "The advice changes choices, perhaps too few to matter, and for the worse.",
    Quality.UNKNOWN: (
        "The advice changes choices, perhaps too few to matter; for better or worse is not known."
    ),
}
VERDICTS_OTHERWISE = {
    Quality.BETTER: "Choices move towards the advice, and turn out better.",
    Quality.WORSE: "Choices move towards the advice, and turn out worse.",
    Quality.UNKNOWN: "Choices move towards the advice; for better or worse is not known.",
}
REFUSED = {
    "not-randomised": "The advice was not shown by chance.",
    "kinds": "In some kinds of case the effect may be large enough to matter.",
    "spread": "It may differ from person to person.",
    "fading": "It may have faded over time.",
    "hidden-rising": "Hidden cases have become more like shown ones.",
}


def verdict_sentence(telling: Telling) -> Sentence:
    """What the advice does to choices, against the line that matters."""
    judged = telling.reading.judgement
    figure = telling.reading.figure("influence")
    causal = figure is not None and figure.grade.may_say_because
    if judged.verdict is Verdict.DECORATIVE and not causal:
        return say(VERDICTS[Verdict.TOO_SMALL])
    if judged.verdict is not Verdict.CHANGES_CHOICES:
        refused = [REFUSED[c] for c in judged.not_decorative if c in REFUSED]
        if judged.verdict is Verdict.TOO_SMALL and refused:
            return say("{net} {why}", net=VERDICTS[judged.verdict], why=" ".join(refused))
        return say(VERDICTS[judged.verdict])
    if figure is not None and causal:
        perhaps = figure.word is Word.SMALL
        return say((VERDICTS_PERHAPS if perhaps else VERDICTS_RANDOMISED)[judged.quality])
    return say(VERDICTS_OTHERWISE[judged.quality])


def influence(telling: Telling) -> Section | None:
    """The section on influence; None where the table has no advice."""
    figure = telling.reading.figure("influence")
    agreement = telling.figure("agreement")
    if figure is None and agreement is None:
        return None
    if figure is not None and isinstance(figure.answer, NotEnoughData) and not figure.hidden:
        return _not_enough(figure, figure.answer)
    design = design_of(figure)
    if figure is None or figure.estimate is None or design is None:
        return _no_design(telling, agreement)
    more = (*_by_period(telling), *_bounds(telling), *_beside(telling, figure))
    return Section(
        key="influence",
        claim=_claim(telling, figure, design),
        lead=(_lead(telling, figure, design), *more),
        charts=_charts(telling, figure, design),
        note=_note(telling, figure, design),
        term=TERMS[design],
        word=figure.word,
        primary=figure,
    )


def design_of(figure: Figure | None) -> Grade | None:
    """Which comparison a figure of influence makes; None where it makes none.

    First views without hidden cases are graded an association, as second thoughts may move
    choices by themselves; they still show what moved to the advice and what moved away.
    """
    if figure is None:
        return None
    grade = DESIGNS.get(str(figure.note("design")), figure.grade)
    return grade if grade in CLAIMS else None


def _not_enough(figure: Figure, answer: NotEnoughData) -> Section:
    return Section(
        key="influence",
        claim=say(TOO_FEW),
        lead=(say("So far there are {have}.", have=how_many_more(answer)),),
        word=Word.NOT_YET,
        primary=figure,
    )


def _no_design(telling: Telling, agreement: Figure | None) -> Section:
    near = telling.reading.setting.quantity
    agree = "lie within a twentieth of" if near else "are the same as"
    if agreement is None:
        return Section(
            key="influence",
            claim=say(NO_DESIGN),
            lead=(say(LEAD_NOTHING),),
            word=Word.CANNOT_TELL,
        )
    return Section(
        key="influence",
        claim=say(NO_DESIGN),
        lead=(say(LEAD_ASSOCIATION, agree=agree, k=telling.times(agreement)),),
        note=(say("Counted over {n}.", n=telling.counted(agreement)), _why_not(telling)),
        term="Agreement rate, without a comparison.",
        word=Word.CANNOT_TELL,
        primary=agreement,
    )


def _why_not(telling: Telling) -> Sentence:
    """Why the table is not read as an experiment, where a check said so."""
    figure = telling.reading.figure("influence")
    failed = str(figure.note("refused") or "") if figure is not None else ""
    return say(NOT_CHANCE.get(failed, LEAD_NOTHING))


def _claim(telling: Telling, figure: Figure, design: Grade) -> Sentence:
    word = figure.word or Word.EITHER
    if word in THERE and estimate_of(figure).value < 0:
        return say(CLAIMS_AWAY[design])
    if telling.reading.setting.quantity and word is Word.LIKELY and design is Grade.SEALED_PRIOR:
        return say(CLAIM_PRIOR_QUANTITY, k=telling.bare(figure))
    if figure.note("second_thoughts") is not None and word is Word.LIKELY:
        return say(CLAIM_PRIOR_MEASURED, k=telling.bare(figure))
    claims = CLAIMS[design]
    return say(claims.get(word, claims[Word.EITHER]), k=telling.bare(figure))


def _arm(telling: Telling, figure: Figure, arm: str) -> Cited | None:
    """Agreement in one arm as a number of a hundred, cited to its own figure where it has one."""
    arms = {name: telling.figure("agreement", arm=name) for name in ("shown", "hidden")}
    own = arms[arm] if all(arms.values()) else None
    noted = figure.note(arm)
    if noted is None and own is None:
        return None
    share = float(noted) if noted is not None else estimate_of(own).value if own else 0.0
    return Cited(of_hundred(share), key_of(own if own is not None else figure))


def _lead(telling: Telling, figure: Figure, design: Grade) -> Sentence:
    """The finding in full."""
    word = figure.word or Word.EITHER
    value = estimate_of(figure).value
    if design is Grade.SEALED_PRIOR:
        parts = {p: telling.figure(f"first-view-{p}") for p in FIRST_VIEWS}
        cited = {
            p.replace("-", "_"): telling.value_of(f) for p, f in parts.items() if f is not None
        }
        if len(cited) < 4:
            quantity = telling.reading.setting.quantity
            short = LEAD_PRIOR_QUANTITY if quantity else LEAD_PRIOR_SHORT
            return say(short, k=telling.cite(figure))
        second = figure.note("second_thoughts")
        if isinstance(second, int | float):
            del cited["agreed"], cited["held"]
            alone = Cited(of_hundred(float(second)), key_of(figure))
            return say(LEAD_PRIOR_MEASURED, k=telling.value_of(figure), second=alone, **cited)
        return say(LEAD_PRIOR, k=telling.value_of(figure), **cited)
    shown, hidden = _arm(telling, figure, "shown"), _arm(telling, figure, "hidden")
    if shown is None or hidden is None:
        return say(LEAD_PLAIN[design], k=telling.cite(figure))
    if design is Grade.BEFORE_AFTER:
        return say(LEAD_BEFORE_AFTER, shown=shown, hidden=hidden, k=telling.cite(figure))
    there = word in THERE
    lead = LEAD_RANDOMISED if there else LEAD_RANDOMISED_EITHER
    if there and value < 0:
        lead = LEAD_RANDOMISED_AWAY
    return say(
        lead,
        shown=shown,
        hidden=hidden,
        k=telling.cite(figure, size=there),
        who=telling.who(figure),
        word=str(word),
    )


def _by_period(telling: Telling) -> tuple[Sentence, ...]:
    """What RULINGS 7 asks for where the effect fades between the halves."""
    fading = telling.figure("influence-fading")
    halves = [telling.figure("influence", period=p) for p in ("first half", "second half")]
    refused = telling.reading.judgement.not_decorative
    fades = fading is not None and estimate_of(fading).low > 0
    if fades and halves[0] is not None and halves[1] is not None:
        return (say(FADES, first=telling.cite(halves[0]), second=telling.cite(halves[1])),)
    rising = telling.figure("influence-hidden-rise")
    rises = rising is not None and estimate_of(rising).low > 0
    if fades or rises or "fading" in refused or "hidden-rising" in refused:
        return (say(RISES),)
    return ()


def _bounds(telling: Telling) -> tuple[Sentence, ...]:
    least, most = telling.figure("influence-least"), telling.figure("influence-most")
    if least is None or most is None:
        return ()
    return (say(MOVES, least=telling.cite(least), most=telling.cite(most)),)


def _beside(telling: Telling, whole: Figure) -> tuple[Sentence, ...]:
    """What the question for a first view does by itself, and what skipping it hides."""
    found: list[Sentence] = []
    asking = telling.figure("influence-asking")
    if asking is not None and asking.word in THERE:
        more = estimate_of(asking).value > 0
        texts = (ASKED_MORE, ASKED_LESS)
        if not asking.grade.may_say_because:
            texts = (ASKED_MORE_PLAIN, ASKED_LESS_PLAIN)
        found.append(say(texts[0 if more else 1], k=telling.cite(asking, size=True)))
    elif asking is not None and asking.grade.may_say_because:
        small = asking.word is Word.TOO_SMALL
        found.append(say(ASKED_SMALL if small else ASKED_EITHER, k=telling.cite(asking)))
    skipped = telling.figure("first-view-skipped")
    low, high = whole.note("worst_low"), whole.note("worst_high")
    if skipped is not None and isinstance(low, float) and isinstance(high, float):
        ends = (Cited(of_hundred(end), key_of(whole)) for end in (low, high))
        found.append(say(SKIPPED, k=telling.bare_times(skipped), low=next(ends), high=next(ends)))
    return tuple(found)


def _charts(telling: Telling, figure: Figure, design: Grade) -> tuple[Chart, ...]:
    flow = _flow(telling) if design is Grade.SEALED_PRIOR else None
    charts: list[Chart | None] = [flow or _arms(telling, design), _splits(telling, figure, design)]
    return tuple(chart for chart in charts if chart is not None)


def _flow(telling: Telling) -> FlowChart | None:
    parts = [
        FlowPart(label=label, figure=found, tone=tone, pale=pale)
        for part, label, tone, pale in FLOW
        if (found := telling.figure(f"first-view-{part}")) is not None
    ]
    if len(parts) < 3:
        return None
    spoken = "; ".join(f"{p.label}: {telling.number(p.figure).full}" for p in parts)
    return FlowChart(
        title=say("How 100 cases went, from first view to choice"),
        subtitle="Each tick is one case in a hundred with a first view",
        spoken=f"Of 100 cases: {spoken}",
        parts=tuple(parts),
    )


def _arms(telling: Telling, design: Grade) -> RowChart | None:
    shown = telling.figure("agreement", arm="shown")
    hidden = telling.figure("agreement", arm="hidden")
    if shown is None or hidden is None:
        return None
    before = design is Grade.BEFORE_AFTER
    near = "; within a twentieth of it counts" if telling.reading.setting.quantity else ""
    return RowChart(
        title=say("How often the choice was the same as the {ai} advice", ai=AI),
        subtitle=f"Per 100 cases{near}",
        head="When" if before else "Advice",
        value_head="per 100",
        rows=(
            Row(label="Before, hidden" if before else "Hidden", figure=hidden, tone=Tone.BOTH),
            Row(label="Since, in view" if before else "In view", figure=shown, tone=Tone.AI),
        ),
    )


def _splits(telling: Telling, figure: Figure, design: Grade) -> RowChart | None:
    """The net shift by half of the period, by advice and by kind of case."""
    rows = [
        Row(label=f"{lead}{found.group(by)}", figure=found, tone=Tone.AI)
        for by, lead in (
            ("period", "In the "),
            ("advised", "Advice: "),
            ("kind", telling.kind_label),
        )
        for found in telling.shown("influence", by)[:8]
    ]
    if not any(row.figure.estimate for row in rows):
        return None
    return RowChart(
        title=say(SPLIT_TITLES[design]),
        subtitle="Net, per 100 cases; left of the line is away from the advice",
        head="Cases",
        value_head="per 100",
        rows=(Row(label="All cases", figure=figure, tone=Tone.AI), *rows),
        references=(Reference(at=0.0, label="no difference"),),
    )


def _note(telling: Telling, figure: Figure, design: Grade) -> tuple[Sentence, ...]:
    notes: list[Sentence] = []
    n_shown, n_hidden = figure.note("n_shown"), figure.note("n_hidden")
    if isinstance(n_shown, int | float) and isinstance(n_hidden, int | float):
        words = "{shown} cases in view, {hidden} hidden; {n} in all."
        if design is Grade.BEFORE_AFTER:
            words = "{hidden} cases before, {shown} since; {n} in all."
        notes.append(
            say(words, shown=count(n_shown), hidden=count(n_hidden), n=telling.counted(figure))
        )
    else:
        notes.append(say("Counted over {n}.", n=telling.counted(figure)))
    measured = figure.grade is Grade.SEALED_PRIOR
    notes += [say(text) for text in (NOTES_MEASURED if measured else NOTES[design])]
    if (placebo := telling.figure("influence-placebo")) is not None:
        other = estimate_of(placebo)
        as_large = round(other.value * other.n)
        notes.append(say(PLACEBO, n=count(other.n), k=count(as_large) if as_large else "none"))
    for measure, text in (("influence-adjusted", ADJUSTED), ("influence-spread", SPREAD)):
        if (found := telling.figure(measure)) is not None:
            notes.append(say(text, k=telling.cite(found)))
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
