"""What people say matters, whether they put it in the same order, and what choices follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.round import FEWEST
from sayso.align.round_reading import OrderReading, Revealed
from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.present.numbers import count, decimal
from sayso.present.rounds.telling import (
    capital,
    figure_of,
    listed,
    missing,
    people,
    short,
    spread_figure,
)
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.align.counts import Spread
    from sayso.present.rounds.telling import RoundTelling
    from sayso.present.sentence import Sentence

# In points of 100. Fixed before any round was read: a tenth of all points is the unit in which
# people hand them out, and twice that is what one would notice across a table.
CLOSE, APART = 10.0, 20.0
NOBODY = "Nobody shared out points, so what people say matters is not known."
TOO_FEW = "What people say matters is not shown. {missing}"
DIFFER_AND_AGREE = "You mostly agree on {alike}, and differ most on {apart}"
DIFFER = "You differ most on {apart}"
CLOSE_TOGETHER = "Most of you weigh what matters much alike"
BETWEEN = "You differ a little on what matters"
RANGES = "Each weighs a change from the worst to the best that is realistic here."
WIDEST = "For {name}, answers lie from {low} to {high} points of 100."
NEAREST = "The order nearest to all of yours is {order}."
TIED = "Another is just as near: {order}."
NARROW = "The next nearest is {order}; {margin} of {pairs} pairs more would stand the other way."
ALIKE = (
    "Two people’s orders are much alike, by {spearman} on a scale from −1 to 1, where luck gives 0."
)
SOME = "Two people’s orders are somewhat alike, by {spearman} on a scale from −1 to 1."
NONE = (
    "Two people’s orders are not surely more alike than luck would make them ({spearman} on a scale "
    "from −1 to 1)."
)
BUT_ONE = "All of you, or all but one, put them in one order; which of the two is not told."
NOTE = (
    "Points by {people}; the lowest and the highest answer are left out, so that nobody is shown."
)
NOTE_FEW = "Points by {people}, who agreed beforehand to be so few."
BAR = "from the lowest answer to the highest, without the two at the ends"
BAR_FEW = "from the lowest answer to the highest"
TERM = "Swing weights; Kendall’s W {w} (luck: {chance}), Kemeny order."
TERM_ALONE = "Swing weights."
LUCK = 0.05
MUCH = 0.6


def weights(telling: RoundTelling) -> Section | Line:
    """What people say matters, the widest spread first."""
    reading = telling.reading
    if not reading.weights:
        return Line(key="weights", says=say(NOBODY))
    known = [(w.name, w.spread) for w in reading.weights if not isinstance(w.spread, NotEnoughData)]
    if not known:
        spread = reading.weights[0].spread
        return Line(key="weights", says=say(TOO_FEW, missing=missing(spread)))
    widest, spread = known[0]
    lead = [say(RANGES)]
    if spread.width > 0:
        lead.append(say(WIDEST, name=widest, low=_points(spread.low), high=_points(spread.high)))
    chart = RowChart(
        title=say("What people say matters"),
        subtitle="Points of 100; the bar goes from answer to answer, it is no range of luck",
        head="What",
        value_head="of 100",
        rows=tuple(
            Row(label=name, figure=spread_figure(name, s), tone=Tone.PEOPLE) for name, s in known
        ),
        bar_key=BAR if spread.n >= FEWEST else BAR_FEW,
        of="",
    )
    order = reading.order
    if isinstance(order, OrderReading):
        lead += _order(order)
    return Section(
        key="weights",
        claim=_claim(known),
        lead=(joined(*lead),),
        charts=(chart,),
        note=(say(NOTE if spread.n >= FEWEST else NOTE_FEW, people=people(spread.n)),),
        term=say(TERM, w=decimal(order.w, 2), chance=decimal(order.by_chance, 2)).text
        if isinstance(order, OrderReading) and not order.but_one
        else TERM_ALONE,
    )


def _points(value: float) -> str:
    return count(value)


def _claim(known: list[tuple[str, Spread]]) -> Sentence:
    widest, apart = known[0]
    narrowest, alike = known[-1]
    if apart.width <= CLOSE:
        return say(CLOSE_TOGETHER)
    if apart.width < APART:
        return say(BETWEEN)
    if alike.width <= CLOSE and len(known) > 1:
        return short(
            say(DIFFER_AND_AGREE, alike=narrowest, apart=widest), say(DIFFER, apart=widest)
        )
    return say(DIFFER, apart=widest)


def _order(order: OrderReading) -> list[Sentence]:
    if order.but_one:
        return [say(BUT_ONE)]
    if not order.order:
        return []
    said = [say(NEAREST, order=_in_order(order.order))]
    if order.tied:
        said.append(say(TIED, order=_in_order(order.runner_up)))
    elif order.runner_up and order.pairs and order.margin / order.pairs < LUCK:
        said.append(
            say(
                NARROW,
                order=_in_order(order.runner_up),
                margin=count(order.margin),
                pairs=count(order.pairs),
            )
        )
    text = decimal(order.spearman, 2)
    if order.p >= LUCK:
        said.append(say(NONE, spearman=text))
    else:
        said.append(say(ALIKE if order.spearman >= MUCH else SOME, spearman=text))
    return said


def _in_order(names: tuple[str, ...]) -> str:
    return ", then ".join(names)


FOLLOWS_MORE = "Choices follow {more} more than you say"
FOLLOWS_LESS = "Choices follow {less} less than you say"
FOLLOWS_BOTH = "Choices follow {more} more than you say, and {less} less"
FOLLOWS_ELSE = "Choices follow other weights than those you say"
FOLLOWS_SAID = "No gap shows between what you say and what choices follow"
REVEALED = "{Cases} past choices of {people} were read for the weights that come nearest to them."
AGAINST = "Choices go against {names}; that is drawn as 0."
REVEALED_NOTE = (
    "Choices may follow something else that goes with these; this is association. "
    "Gaps are judged together, so that luck among several does not look like a gap."
)
REVEALED_TERM = "Stated against revealed weights; conditional logit, pooled over deciders."


def revealed(telling: RoundTelling) -> Section | Line | None:
    """Stated weights beside those that past choices follow."""
    found = telling.reading.revealed
    if not isinstance(found, Revealed):
        return None
    more = [w.name for w in found.weights if w.differs and _gap(w.gap) > 0]
    less = [w.name for w in found.weights if w.differs and _gap(w.gap) < 0]
    if more and less:
        claim = short(
            say(FOLLOWS_BOTH, more=listed(more), less=listed(less)),
            say(FOLLOWS_MORE, more=listed(more)),
            say(FOLLOWS_ELSE),
        )
    elif more:
        claim = short(say(FOLLOWS_MORE, more=listed(more)), say(FOLLOWS_ELSE))
    elif less:
        claim = short(say(FOLLOWS_LESS, less=listed(less)), say(FOLLOWS_ELSE))
    else:
        claim = say(FOLLOWS_SAID)
    lead = [
        say(REVEALED, Cases=capital(count(found.cases)), people=people(found.deciders)),
    ]
    if found.against:
        lead.append(say(AGAINST, names=listed(list(found.against))))
    chart = RowChart(
        title=say("What you say matters, and what choices follow"),
        subtitle="Points of 100; open: said in this round, filled: followed in past choices",
        head="What",
        value_head="followed",
        rows=tuple(
            Row(
                label=w.name,
                sub=f"about {count(coarse(w.stated) * 100)} said",
                figure=figure_of(
                    "revealed-weight",
                    w.revealed,
                    grade=Grade.ASSOCIATION,
                    groups=(("consideration", w.name),),
                    notes=(("stated", coarse(w.stated)),),
                ),
                tone=Tone.PEOPLE,
                said=coarse(w.stated),
            )
            for w in found.weights
        ),
        open_key="said",
        open_tone=Tone.PEOPLE,
        filled_key="followed, with its 95% range",
    )
    lead.append(_angle(telling, found))
    return Section(
        key="revealed",
        claim=claim,
        lead=(joined(*lead),),
        charts=(chart,),
        note=(say(REVEALED_NOTE),),
        term=REVEALED_TERM,
        leads=bool(more or less),
    )


ANGLE = "The two sets of weights stand {angle} apart; luck alone would give about {chance}."
NO_ANGLE = "How far the two sets of weights stand apart has no range yet."


def _angle(telling: RoundTelling, found: Revealed) -> Sentence:
    if not isinstance(found.angle, Estimate):
        return say(NO_ANGLE)
    figure = figure_of("revealed-angle", found.angle, unit=Unit.AMOUNT, grade=Grade.ASSOCIATION)
    return say(ANGLE, angle=telling.cite(figure), chance=f"{decimal(found.by_chance, 0)} degrees")


def coarse(weight: float) -> float:
    """A mean weight to the nearest five points: from an exact one, a last answer could be found."""
    return round(weight * 20) / 20


def _gap(answer: object) -> float:
    return answer.value if isinstance(answer, Estimate) else 0.0
