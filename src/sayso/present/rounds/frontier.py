"""What a rule with one line would trade off: today, the agreed one, and where favourites lie."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from sayso.align.read_frontier import TradeOff
from sayso.align.round import FEWEST
from sayso.domain.answer import NotEnoughData
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.present.numbers import count, decimal
from sayso.present.rounds.telling import capital, figure_of, missing
from sayso.present.section import Line, MapChart, MapPoint, MapRow, Section
from sayso.present.sentence import joined, say

if TYPE_CHECKING:
    from sayso.align.frontier import FrontierPoint
    from sayso.domain.answer import CannotTell, Estimate

CLAIM = "More of one thing costs some of another"
DOMINATED = "In these cases one rule does at least as well on everything"
LEAD = "Each point is a rule: {above} from {line} up, {below} under it."
CHANCE = "{n} of 100 in the AI’s stated chance"
TODAY_BETTER = (
    "Today’s choices lie inside: in these cases some rule brings at least as much of everything, "
    "and more of something{such}."
)
SUCH = ", such as the line at {line}"
TODAY_ON = "No rule of this kind beats today’s choices on everything."
AGREED = "By the weights that you hold on average, the line lies at {line}."
FAVOURITES = "Your own favourites lie from {low} to {high}, the two at the ends left out."
SAME = "Nearly all of your favourites lie at {low}."
BOUNDED = (
    "Some outcomes are seen for one option only, so places are ranges; the map draws their middle."
)
NOTE = "{cases} live cases, per 100 of them."
TERM = "Pareto frontier of threshold rules; jackknife over deciders."
TITLE = "What rules with one line would bring"
SUBTITLE = "Per 100 cases; up and to the right is better"
TODAY, AGREED_RULE = "Today’s choices", "The rule that your mean weights favour"
BETTER_RULE = "A rule at least as good on everything"


def frontier(
    found: TradeOff | NotEnoughData | CannotTell | None,
) -> Section | Line | None:
    """The map of one family of rules, over the two considerations that trade off most."""
    if found is None:
        return None
    if not isinstance(found, TradeOff):
        return Line(
            key="frontier", says=say("What a rule would trade off: {why}", why=missing(found))
        )
    drawn = found.frontier
    today = next((p for p in drawn.points if p.today), None)
    agreed = next((p for p in drawn.points if p.agreed), None)
    better = _that_beats(found, today)
    across, up = _axes(found)
    lead = [say(LEAD, above=found.above, line="a line", below=found.below)]
    if today is not None:
        such = say(SUCH, line=_line(found, better)).text if better is not None else ""
        lead.append(say(TODAY_BETTER, such=such) if today.dominated else say(TODAY_ON))
    if agreed is not None:
        lead.append(say(AGREED, line=_line(found, agreed)))
    lead += [say(text) for text in _favourites(found)]
    if drawn.bounded:
        lead.append(say(BOUNDED))
    marked = [(TODAY, today), (BETTER_RULE, better), (AGREED_RULE, agreed)]
    kinds = {TODAY: "today", BETTER_RULE: "better", AGREED_RULE: "agreed"}
    chart = MapChart(
        title=say(TITLE),
        subtitle=SUBTITLE,
        across=_axis(found, across),
        up=_axis(found, up),
        points=tuple(
            MapPoint(
                x=_better(found, p, across),
                y=_better(found, p, up),
                kind="today"
                if p.today
                else "agreed"
                if p.agreed
                else "pale"
                if p.dominated
                else "rule",
            )
            for p in drawn.points
        ),
        heads=tuple(_axis(found, k) for k in range(len(drawn.considerations))),
        rows=tuple(
            MapRow(
                label=label if p is today else f"{label}: {_line(found, p)}",
                figures=tuple(
                    figure_of(
                        "frontier",
                        amount,
                        unit=Unit.AMOUNT,
                        grade=Grade.ASSOCIATION,
                        groups=(("rule", kinds[label]), ("of", c.name)),
                    )
                    for amount, c in zip(p.amounts, drawn.considerations, strict=True)
                ),
                values=tuple(_amount(a) for a in p.amounts),
            )
            for label, p in marked
            if p is not None
        ),
    )
    return Section(
        key="frontier",
        claim=say(DOMINATED if today is not None and today.dominated else CLAIM),
        lead=(joined(*lead),),
        charts=(chart,),
        note=(say(NOTE, cases=count(drawn.cases)),),
        term=TERM,
        leads=False,
    )


def _that_beats(found: TradeOff, today: FrontierPoint | None) -> FrontierPoint | None:
    """A rule that brings at least as much of everything as today's choices; the middle of several."""
    if today is None or not today.dominated or found.frontier.bounded:
        return None
    kinds = range(len(found.frontier.considerations))
    beat = [
        p
        for p in found.frontier.points
        if not (p.today or p.dominated)
        and all(_better(found, p, k) >= _better(found, today, k) for k in kinds)
    ]
    return beat[len(beat) // 2] if beat else None


def _axes(found: TradeOff) -> tuple[int, int]:
    """The two considerations of which one is lost where the other is won, most of all."""
    considerations = found.frontier.considerations
    rules = [p for p in found.frontier.points if not p.today]
    shares = [[_better(found, p, k) / c.span for p in rules] for k, c in enumerate(considerations)]

    def opposed(pair: tuple[int, int]) -> float:
        one, other = (shares[k] for k in pair)
        steps = zip(one, one[1:], other, other[1:], strict=False)
        return sum((b - a) * (d - c) for a, b, c, d in steps)

    return min(combinations(range(len(considerations)), 2), key=opposed)


def _better(found: TradeOff, point: FrontierPoint, k: int) -> float:
    """Where a point lies on an axis whose good end is on the right: the amount, or its negative."""
    c = found.frontier.considerations[k]
    value = point.amounts[k].value
    return value if c.best > c.worst else -value


def _axis(found: TradeOff, k: int) -> str:
    c = found.frontier.considerations[k]
    name = f"{capital(c.name)}, {c.unit}" if c.unit else capital(c.name)
    return f"{name}, less is better" if c.best < c.worst else name


def _amount(estimate: Estimate) -> str:
    places = 0 if abs(estimate.value) >= 20 else 1
    value, low, high = (decimal(v, places) for v in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def _line(found: TradeOff, point: FrontierPoint) -> str:
    """Where a rule changes its choice, in words."""
    if point.threshold is None or point.threshold == float("inf"):
        return f"always {found.below}"
    if found.by:
        return f"{found.by.replace('_', ' ')} {decimal(point.threshold, 2).rstrip('0').rstrip('.')}"
    return CHANCE.format(n=count(point.threshold * 100))


def _favourites(found: TradeOff) -> list[str]:
    places = found.frontier.favourites
    if isinstance(places, NotEnoughData) or len(places) < FEWEST:
        return []
    inner = places[1:-1]
    low, high = (_line(found, found.frontier.points[i]) for i in (inner[0], inner[-1]))
    if low == high:
        return [SAME.format(low=low)]
    said = CHANCE.format(n="")
    if low.endswith(said) and high.endswith(said):
        # One unit for both ends: "from 23 to 72 of 100".
        low = low.removesuffix(said)
    return [FAVOURITES.format(low=low, high=high)]
