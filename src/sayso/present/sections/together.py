"""Whether people and the AI together do better than either alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of, how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_BETTER = "Final choices are right more often than first views or the AI alone"
CLAIM_WORSE = "Final choices are right less often than the better of first views and AI"
CLAIM_SAME = "Final choices are right about as often as the better of first views and AI"
CLAIM_EITHER = "Whether people and AI together beat either alone could go either way"
RIGHT = "On the same cases, first views are right {people}, the AI {ai}, and final choices {both}."
AGAINST = "Held against whichever alone is better, final choices differ by {k}."
RULE = (
    "A simple rule, one option for each kind of case, learned from half of the {people} and held "
    "against the others, is right {k}."
)
QUESTIONS = (
    "A rule of two questions about the case ({asked}), learned from half of the {people} and held "
    "against the others, is right {k}."
)
QUESTIONS_MORE = "Final choices are right more often than that rule, by {k}."
QUESTIONS_LESS = "Final choices are right less often than that rule, by {k}."
WORST = "Outcomes that are missing could move it to anywhere between {low} and {high} in 100."
FIRST_VIEWS = (
    "First views stand for people alone; people who never see the AI may decide differently. "
    "These are cases with advice in view and a first view, and nothing was left to chance."
)
NOTHING = "Whether people and AI together beat either alone: {missing}."
WHO = (
    ("people", "First views", Tone.PEOPLE),
    ("AI", "The AI alone", Tone.AI),
    ("both", "Final choices", Tone.BOTH),
    ("shallow tree", "A rule of two questions", Tone.BOTH),
    ("simple rule", "One option for each kind", Tone.BOTH),
    ("last choice", "What the same person chose last", Tone.PEOPLE),
)
TERM = (
    "Paired difference in share right; intersection-union test against both alone; rules "
    "cross-fitted between people."
)


def together(telling: Telling) -> Section | Line | None:
    """The section on both together; None where first views or outcomes are missing."""
    found = telling.reading.figure("together", against="better alone")
    if found is None or found.hidden:
        return None
    if found.estimate is None:
        if not isinstance(found.answer, NotEnoughData):
            return None
        return Line(key="together", says=say(NOTHING, missing=how_many_more(found.answer)))
    return Section(
        key="together",
        claim=_claim(found),
        lead=_lead(telling, found),
        charts=_charts(telling),
        note=_note(telling, found),
        term=TERM,
        word=found.word,
        primary=found,
    )


def _claim(figure: Figure) -> Sentence:
    if figure.word in THERE:
        return say(CLAIM_BETTER if estimate_of(figure).value > 0 else CLAIM_WORSE)
    return say(CLAIM_SAME if figure.word is Word.TOO_SMALL else CLAIM_EITHER)


def _lead(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    right = {who: telling.figure("right-alone", who=who) for who, _, _ in WHO}
    people, ai, both = right["people"], right["AI"], right["both"]
    first: list[Sentence] = []
    if people is not None and ai is not None and both is not None:
        first.append(
            say(RIGHT, people=telling.times(people), ai=telling.times(ai), both=telling.times(both))
        )
    first.append(say(AGAINST, k=telling.cite(figure)))
    low, high = noted_number(figure, "worst_low"), noted_number(figure, "worst_high")
    if low is not None and high is not None:
        ends = (
            telling.noted(figure, f"{round(100 * end)}".replace("-", "−")) for end in (low, high)
        )
        first.append(say(WORST, **dict(zip(("low", "high"), ends, strict=True))))
    rule = _rule(telling, right["shallow tree"], right["simple rule"])
    return (joined(*first), *((joined(*rule),) if rule else ()))


def _rule(telling: Telling, tree: Figure | None, kinds: Figure | None) -> list[Sentence]:
    """The rule that needs no AI. One by kinds may use the AI's own number, so it comes second."""
    if tree is None or not (asked := tree.note("asked")):
        if kinds is None:
            return []
        return [say(RULE, people=telling.deciders, k=telling.times(kinds))]
    told = [say(QUESTIONS, asked=str(asked), people=telling.deciders, k=telling.times(tree))]
    apart = telling.figure("together", against="shallow tree")
    if apart is not None and apart.word in THERE:
        text = QUESTIONS_MORE if estimate_of(apart).value > 0 else QUESTIONS_LESS
        told.append(say(text, k=telling.cite(apart, size=True)))
    return told


def _charts(telling: Telling) -> tuple[RowChart, ...]:
    found_tree = telling.figure("right-alone", who="shallow tree")
    tree = found_tree is not None and bool(found_tree.note("asked"))
    rows = tuple(
        Row(label=label, figure=found, tone=tone)
        for who, label, tone in WHO
        if (found := telling.figure("right-alone", who=who)) is not None
        and who != ("simple rule" if tree else "shallow tree")
    )
    if len(rows) < 2:
        return ()
    return (
        RowChart(
            title=say("How often each is right on the same cases"),
            subtitle="Per 100 cases with a first view, advice in view and a known outcome",
            head="Who",
            value_head="per 100",
            rows=rows,
            wide=True,
        ),
    )


def _note(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    notes = [say("Counted over {n}.", n=telling.counted(figure)), say(FIRST_VIEWS)]
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
