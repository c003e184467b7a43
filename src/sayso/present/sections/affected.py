"""Whether groups of affected people get other decisions, and worse ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.present.numbers import of_hundred
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "Groups by {input} get different decisions: {gap} apart"
CLAIM_EVEN = "Decisions by {input}: what each group gets"
APART = "Two groups by {input} differ by {gap} on average, beyond what sampling alone would show."
EVEN = "Whether groups by {input} get different decisions is open: {gap} apart, beyond sampling."
ALIKE = "On the same mix of alike cases it is {gap}."
NOT_ALIKE = "No two groups share enough alike cases to hold the mix the same."
WRONG = "How often choices turned out wrong differs by {gap}."
WRONG_OPEN = "How often choices turned out wrong cannot be compared. {reason}"
WRONG_NOT_YET = "How often choices turned out wrong cannot be compared yet: {missing}."
MISSING = (
    "Missing outcomes could widen or close that: with them at either extreme, {low} to {high}."
)
NONE = "Whether groups by {input} get different decisions cannot be told yet: {missing}."
WHY = (
    "A difference can be rightful, such as another need or another risk. The table says that it "
    "is there, not why."
)
NEVER = "Figures are by group of affected people, never by who decided."
TERM = (
    "Root mean square difference of groups, clustered by who decides across groups; noncentral F."
)
MOST_GROUPS = 8


def affected(telling: Telling) -> tuple[Section | Line, ...]:
    """One section for each input that names groups of affected people."""
    return tuple(_told(telling, gap) for gap in telling.reading.all_of("affected-gap"))


def _told(telling: Telling, gap: Figure) -> Section | Line:
    name = gap.group("affected") or ""
    if gap.estimate is None:
        missing = how_many_more(gap.answer) if isinstance(gap.answer, NotEnoughData) else ""
        return Line(key="affected", says=say(NONE, input=f"“{name}”", missing=missing))
    there = gap.word in THERE
    lead = [say(APART if there else EVEN, input=f"“{name}”", gap=telling.cite(gap))]
    alike = telling.reading.figure("affected-gap-alike", affected=name)
    if alike is not None:
        lead.append(
            say(ALIKE, gap=telling.cite(alike)) if alike.estimate is not None else say(NOT_ALIKE)
        )
    quality = telling.reading.figure("affected-quality-gap", affected=name)
    more = [_quality(telling, quality)] if quality is not None else []
    charts = tuple(
        chart
        for chart in (
            _chart(telling, name, "affected-practice"),
            _chart(telling, name, "affected-wrong"),
            _chart(telling, name, "affected-wrong-bounds"),
        )
        if chart is not None
    )
    return Section(
        key=f"affected-{_anchor(telling, gap)}",
        claim=say(CLAIM, input=f"“{name}”", gap=telling.bare(gap))
        if there
        else say(CLAIM_EVEN, input=f"“{name}”"),
        lead=(joined(*lead), *more, say(WHY)),
        charts=charts,
        note=(say("Counted over {n}.", n=telling.counted(gap)), say(NEVER)),
        term=TERM,
        word=gap.word,
        primary=gap,
        leads=there,
    )


def _anchor(telling: Telling, gap: Figure) -> int:
    """A number, since an input's name need not be fit for an address."""
    return telling.reading.all_of("affected-gap").index(gap) + 1


def _quality(telling: Telling, figure: Figure) -> Sentence:
    if figure.estimate is not None:
        told = say(WRONG, gap=telling.cite(figure))
        low, high = noted_number(figure, "worst_low"), noted_number(figure, "worst_high")
        if low is None or high is None:
            return told
        ends = {
            name: telling.noted(figure, of_hundred(end))
            for name, end in (("low", low), ("high", high))
        }
        return joined(told, say(MISSING, **ends))
    match figure.answer:
        case CannotTell() as answer:
            return say(WRONG_OPEN, reason=answer.reason)
        case NotEnoughData() as answer:
            return say(WRONG_NOT_YET, missing=how_many_more(answer))
        case _:
            raise AssertionError("an estimate has a value")


_TITLES = {
    "affected-practice": "What each group gets",
    "affected-wrong": "Choices that turned out wrong",
    "affected-wrong-bounds": "Choices that would turn out wrong, whatever is not seen",
}


def _chart(telling: Telling, name: str, measure: str) -> RowChart | None:
    found = [
        f for f in telling.reading.figures
        if f.measure == measure and f.group("affected") == name and f.estimate is not None
    ]  # fmt: skip
    if len(found) < 2:
        return None
    option = found[0].group("option")
    return RowChart(
        title=say(_TITLES[measure] + (": “{option}”" if option else ""), option=option or ""),
        subtitle="Per 100 cases of the group" if option or measure != "affected-practice" else "",
        head="Group",
        value_head=telling.unit_of(found[0]),
        rows=tuple(
            Row(label=f.group("group") or "", figure=f, tone=Tone.PEOPLE)
            for f in found[:MOST_GROUPS]
        ),
    )
