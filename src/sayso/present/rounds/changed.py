"""Which cases depend on whose weights count, why people differ in a case, and their own wobble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.round import FEWEST
from sayso.align.round_reading import Decorative, Differing, Flips, Wobble
from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.words import word_for
from sayso.present.numbers import count, in_words
from sayso.present.rounds.telling import at_least, capital, figure_of, listed, missing, people
from sayso.present.section import FlowChart, FlowPart, Line, Section, Strip, StripChart
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.rounds.telling import RoundTelling

# The smallest share of cases that matters, as everywhere: 5 in 100.
LINE = 0.05
LIVE_CLAIM = "In {k} live cases, your weights lead to different answers"
ASKED_CLAIM = "In {k} cases asked, your weights lead to different answers"
STOP = "Your weights differ, and for nearly all no case depends on it"
SAME = "Nearly all weigh things alike, so no case depends on it"
STOP_LEAD = (
    "Stop arguing: in none of the {cases} {which} would another’s weights change the answer, for all "
    "of you or for all but one; which of the two is not told."
)
ALIKE_LEAD = (
    "Your weights lie within a point of 100 of each other, for all of you or for all but one; which of "
    "the two is not told. By those, the answer is the same in all {cases} {which}."
)
PERHAPS = "With so few different cases to go by, it might still happen in up to {most} of 100."
TOO_ALIKE = "These cases differ too little from each other to say so of any other."
# Beyond this, the cases looked at say nothing of others.
LITTLE = 0.2
LIVE, ASKED = "live cases", "cases asked"
TWO = "If each of you decided by the weights you gave, two of you, picked by lot, would answer {two} differently."
ANYBODY = "In {anybody} somebody would answer differently from the others."
MONTH = "That is about {two} cases a month."
NOT_LIVE = "These cases were picked to tell views apart; live cases may be easier."
ONE_WEIGHT = "Agreeing on {most} alone would leave {left} of 100."
STRIP = "Of 100 {which}, how many would be answered differently…"
STRIP_TWO, STRIP_ANY = "…by two of you", "…by at least one of you"
SPOKEN = "Of 100 cases, {value}, between {low} and {high}."
SOURCE = "Each tick is one case in a hundred: solid, almost surely; pale, our best estimate; outlined, possibly."
NO_FLIPS = "Which cases depend on whose weights count: {why}"
HOW = "Each person’s points, applied to what each option would bring in {cases} {which}."
HOW_TERM = "Rank acceptability; 1 − Σ b² over two different people."


def flips(telling: RoundTelling) -> Section | Line:
    """In how many cases the answer depends on who decides."""
    found, idle = telling.reading.flips, telling.reading.decorative
    if idle is not None and not idle.flips:
        return _idle(idle)
    if not isinstance(found, Flips):
        return Line(key="flips", says=say(NO_FLIPS, why=missing(found)))
    which = LIVE if found.live else ASKED
    two = figure_of(
        "flips", found.two, word=word_for(found.two, line=LINE, grade=Grade.DESCRIPTION)
    )
    if not isinstance(found.two, Estimate):
        return Line(
            key="flips",
            says=say(NO_FLIPS, why=missing(found.two)),
        )
    anybody = figure_of("flips-anybody", found.anybody)
    lead = [say(TWO, two=telling.cite_of(two))]
    # Right behind the share that it is of: behind the next it would be read as of that.
    if found.live and isinstance(found.two_a_month, Estimate):
        month = figure_of("flips-a-month", found.two_a_month, unit=Unit.COUNT)
        lead.append(say(MONTH, two=telling.cite(month)))
    if isinstance(found.anybody, Estimate):
        lead.append(say(ANYBODY, anybody=telling.cite_of(anybody)))
    if not found.live:
        lead.append(say(NOT_LIVE))
    left = dict(found.settled).get(found.most or "")
    if found.most and left is not None:
        lead.append(say(ONE_WEIGHT, most=f"the weight of {found.most}", left=count(left * 100)))
    shown = [(STRIP_TWO, two)]
    if isinstance(found.anybody, Estimate):
        shown.append((STRIP_ANY, anybody))
    chart = StripChart(
        title=say(STRIP, which=which),
        strips=tuple(
            Strip(label=say(label), spoken=_spoken(figure), figure=figure, tone=Tone.PEOPLE)
            for label, figure in shown
        ),
        source=SOURCE,
    )
    return Section(
        key="flips",
        claim=say(LIVE_CLAIM if found.live else ASKED_CLAIM, k=telling.of_hundred(two)),
        lead=(joined(*lead),),
        charts=(chart,),
        note=(
            say(HOW, cases=count(found.cases), which=which),
            say("Weights of {people}.", people=people(found.people)),
        ),
        term=HOW_TERM,
        word=two.word,
        primary=two,
    )


def _idle(idle: Decorative) -> Section:
    """That no case depends on whose weights count, whatever one person alone might do."""
    which = LIVE if idle.live else ASKED
    lead = [say(STOP_LEAD if idle.differ else ALIKE_LEAD, cases=count(idle.cases), which=which)]
    if idle.differ and idle.at_most is not None:
        if idle.at_most > LITTLE:
            lead.append(say(TOO_ALIKE))
        elif idle.at_most >= 0.005:
            lead.append(say(PERHAPS, most=count(idle.at_most * 100)))
    return Section(
        key="flips", claim=say(STOP if idle.differ else SAME), lead=(joined(*lead),), term=HOW_TERM
    )


def _spoken(figure: Figure) -> str:
    estimate = figure.estimate
    if estimate is None:
        return ""
    value, low, high = (count(v * 100) for v in (estimate.value, estimate.low, estimate.high))
    return SPOKEN.format(value=value, low=low, high=high)


READING = "Where you choose differently, you mostly read the case differently"
WANTING = "Where you choose differently, you mostly want different things"
MIXED = "Where you choose differently, no one reason stands out"
UNFOLLOWED = "Where you differ, it mostly does not follow from what you said"
DIFFERING_LEAD = (
    "Two of you, picked by lot, chose differently in at least {differently} cases asked. Of those times, only the "
    "other’s beliefs would settle {reading}, only what the other wants {wanting}, and either of them {either}."
)
NOT_WHY = (
    "Two of you, picked by lot, chose differently in at least {differently} cases asked. Why is not "
    "told: {why}"
)
NO_DIFFERING = "Whether you read cases or want things differently: {why}"
DIFFERING_WHAT = {
    "reading": "Facts settle differences of the first kind: find out, do not vote.",
    "wanting": "No fact settles differences of the second kind: that is what a rule is for.",
}
PARTS = (
    ("reading", "Read differently", Tone.BOTH, False),
    ("either", "Either would do", Tone.BOTH, True),
    ("both", "Both together", Tone.PEOPLE, True),
    ("wanting", "Want different things", Tone.PEOPLE, False),
    ("unfollowed", "Does not follow from what was said", Tone.AI, True),
)
FLOW = "Why two of you choose differently"
FLOW_SUB = "Of 100 times that two people chose differently in the same case"
DIFFERING_NOTE = "{pairs} times in {cases} cases, {people}."
DIFFERING_TERM = "Beliefs and weights swapped between two people, one at a time."


def differing(telling: RoundTelling) -> Section | Line | None:
    """Reading differently against wanting differently."""
    found = telling.reading.differing
    if not isinstance(found, Differing):
        reason = missing(found)
        return (
            Line(
                key="differing",
                says=say(NO_DIFFERING, why=reason),
            )
            if reason
            else None
        )
    shares = {name: getattr(found, name) for name, *_ in PARTS}
    apart = figure_of("differently", found.differently)
    short = next((a for a in shares.values() if not isinstance(a, Estimate)), None)
    if apart.estimate is None:
        return Line(key="differing", says=say(NO_DIFFERING, why=missing(apart.answer)))
    if short is not None:
        why = missing(short)
        return Line(
            key="differing",
            says=say(
                NOT_WHY, differently=telling.cite_of(apart), why=f"{why[:1].lower()}{why[1:]}"
            ),
        )
    figures = {name: figure_of(f"differing-{name}", answer) for name, answer in shares.items()}
    largest = next((n for n in ("reading", "wanting", "unfollowed") if _most(shares[n])), None)
    claim = {"reading": READING, "wanting": WANTING, "unfollowed": UNFOLLOWED}.get(
        largest or "", MIXED
    )
    lead = say(
        DIFFERING_LEAD,
        differently=telling.cite_of(apart),
        reading=telling.cite(figures["reading"]),
        wanting=telling.cite(figures["wanting"]),
        either=telling.cite(figures["either"]),
    )
    parts = [p for p in PARTS if _value(shares[p[0]]) > 0]
    told = listed([f"{label.lower()}, {count(_value(shares[n]) * 100)}" for n, label, *_ in parts])
    chart = FlowChart(
        title=say(FLOW),
        subtitle=FLOW_SUB,
        spoken=f"Of 100 such times: {told}.",
        parts=tuple(
            FlowPart(label=label, figure=figures[name], tone=tone, pale=pale)
            for name, label, tone, pale in parts
        ),
    )
    return Section(
        key="differing",
        claim=say(claim),
        lead=(joined(lead, *(say(s) for s in DIFFERING_WHAT.values())),),
        charts=(chart,),
        note=(
            say(
                DIFFERING_NOTE,
                pairs=count(found.pairs),
                cases=count(found.cases),
                people=people(found.people),
            ),
        ),
        term=DIFFERING_TERM,
    )


def _most(answer: object) -> bool:
    """Whether a share is surely more than half."""
    return isinstance(answer, Estimate) and answer.low > 0.5


def _value(answer: object) -> float:
    return answer.value if isinstance(answer, Estimate) else 0.0


WOBBLES = "Asked the same case twice, people answer {share} differently the second time."
ALIKE_AGAIN = (
    "Asked the same case twice, all of you, or all but one, answer alike; by those, {share} answers "
    "differ."
)
BEYOND = "Two people differ by at least {beyond} more than that."
WOBBLE_ONLY = "What two people differ by beyond that is at least {beyond}, which luck could make."
NO_WOBBLE = "How often people answer a case otherwise when asked again: {why}"


def wobble(telling: RoundTelling) -> Line | None:
    """How often the same person answers the same case differently."""
    found = telling.reading.wobble
    if not isinstance(found, Wobble) or not isinstance(found.share, Estimate):
        why = missing(found.share if isinstance(found, Wobble) else found)
        return Line(key="wobble", says=say(NO_WOBBLE, why=why)) if why else None
    says = WOBBLES if found.share.value > 0 or found.people < FEWEST else ALIKE_AGAIN
    told = [say(says, share=telling.cite(figure_of("wobble", found.share)))]
    if isinstance(found.beyond, Estimate):
        beyond = figure_of("beyond-wobble", found.beyond, unit=Unit.NET_SHARE)
        told.append(
            say(BEYOND if found.beyond.low > 0 else WOBBLE_ONLY, beyond=telling.cite(beyond))
        )
    return Line(key="wobble", says=joined(*told))


SPLITS = "How you chose, case by case"
SPLITS_LEAD = (
    "In the order asked. Where one person might stand alone, the count stops short of saying so."
)
NOT_SHOWN = "not shown: it would tell on somebody"


def splits(telling: RoundTelling) -> tuple[tuple[str, str], ...]:
    """Each case with its counts, as (facts, counts) pairs in words."""
    told: list[tuple[str, str]] = []
    for case in telling.reading.splits:
        facts = "; ".join(f"{name} {value}" for name, value in case.facts) or f"Case {case.number}"
        c = case.choices
        parts = [f"{option}: {at_least(c, n)}" for option, n in c.shown]
        if c.shown and c.others:
            parts.append(f"not shown: {in_words(c.others)}")
        if not parts:
            parts.append(NOT_SHOWN)
        if case.believed is not None and not isinstance(case.believed, NotEnoughData):
            low, high = count(case.believed.low), count(case.believed.high)
            span = f"about {low}" if low == high else f"{low} to {high}"
            parts.append(f"expected {span} times in 100")
        told.append((facts, capital("; ".join(parts))))
    return tuple(told)
