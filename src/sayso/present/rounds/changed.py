"""Which cases depend on whose weights count, why people differ in a case, and their own wobble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.round_reading import Differing, Flips, Wobble
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
STOP = "You weigh things differently, and no case depends on it"
SAME = "You weigh things alike, so no case depends on who decides"
STOP_LEAD = (
    "Stop arguing: in none of the {cases} {which} would another’s weights change the answer. "
    "With so few different cases to go by, it might still happen in up to {most} of 100."
)
STOP_LEAD_MANY = (
    "Stop arguing: in none of the {cases} {which} would another’s weights change the answer."
)
SAME_LEAD = "Nobody’s weights differ by more than a point of 100."
LIVE, ASKED = "live cases", "cases asked"
TWO = "If each of you decided by the weights you gave, two of you would answer {two} differently."
ANYBODY = "In {anybody} at least one of you would."
MONTH = "That is about {two} cases a month."
NOT_LIVE = "These cases were picked to tell views apart; live cases may be easier."
ONE_WEIGHT = "Agreeing on {most} alone would leave {left} of 100."
STRIP = "Of 100 {which}, how many would be answered differently…"
STRIP_TWO, STRIP_ANY = "…by two of you", "…by at least one of you"
SPOKEN = "Of 100 cases, {value}, between {low} and {high}."
SOURCE = "Each tick is one case in a hundred: solid, almost surely; pale, our best estimate; outlined, possibly."
HOW = "Each person’s points, applied to what each option would bring in {cases} {which}."
HOW_TERM = "Rank acceptability; 1 − Σ b² over two different people."


def flips(telling: RoundTelling) -> Section | Line:
    """In how many cases the answer depends on who decides."""
    found, idle = telling.reading.flips, telling.reading.decorative
    if idle is not None and not idle.flips:
        which = LIVE if idle.live else ASKED
        if not idle.differ:
            return Section(key="flips", claim=say(SAME), lead=(say(SAME_LEAD),))
        lead = STOP_LEAD if idle.at_most is not None and idle.at_most >= 0.005 else STOP_LEAD_MANY
        values = {"cases": count(idle.cases), "which": which}
        if lead is STOP_LEAD and idle.at_most is not None:
            values["most"] = count(idle.at_most * 100)
        return Section(key="flips", claim=say(STOP), lead=(say(lead, **values),))
    if not isinstance(found, Flips):
        return Line(
            key="flips", says=say(f"Which cases depend on whose weights count: {missing(found)}")
        )
    which = LIVE if found.live else ASKED
    two = figure_of(
        "flips", found.two, word=word_for(found.two, line=LINE, grade=Grade.DESCRIPTION)
    )
    if not isinstance(found.two, Estimate):
        return Line(
            key="flips",
            says=say(f"Which cases depend on whose weights count: {missing(found.two)}"),
        )
    anybody = figure_of("flips-anybody", found.anybody)
    lead = [say(TWO, two=telling.cite(two))]
    if isinstance(found.anybody, Estimate):
        lead.append(say(ANYBODY, anybody=telling.cite(anybody)))
    if found.live and isinstance(found.two_a_month, Estimate):
        month = figure_of("flips-a-month", found.two_a_month, unit=Unit.COUNT)
        lead.append(say(MONTH, two=telling.cite(month)))
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


def _spoken(figure: Figure) -> str:
    estimate = figure.estimate
    if estimate is None:
        return ""
    value, low, high = (count(v * 100) for v in (estimate.value, estimate.low, estimate.high))
    return SPOKEN.format(value=value, low=low, high=high)


READING = "Where you choose differently, you mostly read the case differently"
WANTING = "Where you choose differently, you mostly want different things"
MIXED = "Where you choose differently, no one reason stands out"
UNFOLLOWED = "Where you choose differently, it mostly does not follow from what you said"
DIFFERING_LEAD = (
    "Two of you chose differently in {differently} of the cases asked. Holding the other’s beliefs "
    "would make you agree in {reading}; wanting what the other wants, in {wanting}."
)
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
                says=say(f"Whether you read cases or want things differently: {reason}"),
            )
            if reason
            else None
        )
    shares = {name: getattr(found, name) for name, *_ in PARTS}
    if not all(isinstance(a, Estimate) for a in (*shares.values(), found.differently)):
        short = next(
            a for a in (found.differently, *shares.values()) if not isinstance(a, Estimate)
        )
        return Line(
            key="differing",
            says=say(f"Whether you read cases or want things differently: {missing(short)}"),
        )
    figures = {name: figure_of(f"differing-{name}", answer) for name, answer in shares.items()}
    largest = next((n for n in ("reading", "wanting", "unfollowed") if _most(shares[n])), None)
    claim = {"reading": READING, "wanting": WANTING, "unfollowed": UNFOLLOWED}.get(
        largest or "", MIXED
    )
    lead = say(
        DIFFERING_LEAD,
        differently=telling.cite(figure_of("differently", found.differently)),
        reading=telling.cite(figures["reading"]),
        wanting=telling.cite(figures["wanting"]),
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


WOBBLES = "Asked the same case twice, people answer {share} differently."
BEYOND = "Two people differ by {beyond} more than that."
WOBBLE_ONLY = "Beyond that, two people do not surely differ at all ({beyond})."


def wobble(telling: RoundTelling) -> Line | None:
    """How often the same person answers the same case differently."""
    found = telling.reading.wobble
    if not isinstance(found, Wobble) or not isinstance(found.share, Estimate):
        answer = found.share if isinstance(found, Wobble) else found
        reason = missing(answer)
        return (
            Line(key="wobble", says=say(f"People’s own wobble on a case asked twice: {reason}"))
            if reason
            else None
        )
    told = [say(WOBBLES, share=telling.cite(figure_of("wobble", found.share)))]
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
        if c.others:
            parts.append(f"another answer: {in_words(c.others)}")
        if case.believed is not None and not isinstance(case.believed, NotEnoughData):
            b = case.believed
            parts.append(f"expected {count(b.low)} to {count(b.high)} times in 100")
        told.append((facts, capital("; ".join(parts)) if parts else capital(NOT_SHOWN)))
    return tuple(told)
