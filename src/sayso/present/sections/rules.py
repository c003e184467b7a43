"""What another rule would have brought, by the chances stored with the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.figure import Unit
from sayso.present.numbers import count
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import estimate_of, how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "What another rule would have cost, by the stored chances"
WRONG = "Had {rule} decided every case, {k} would have turned out wrong, by the stored chances."
COST = "Had {rule} decided every case, it would have cost {k} a case, by the stored chances."
FEWER = "That is {k} fewer than with the choices as made."
MORE = "That is {k} more than with the choices as made."
EITHER = "Against the choices as made that may be fewer or more: {k} fewer."
LESS = "That is {k} less than the choices as made."
DEARER = "That is {k} more than the choices as made."
EVEN = "Against the choices as made that may be less or more: {k} less."
CANNOT = "What {rule} would have brought cannot be told. {reason}"
NOT_YET = "What {rule} would have brought cannot be told yet: {missing}."
WORTH = (
    "Cases that chance sent the rule’s way count as {worth} of {n}; the largest weight is {most}."
)
CHANCES = (
    "The chances are those of the file. Where a case was really chosen otherwise than they say, "
    "this is wrong."
)
TERM = "Doubly robust off-policy value, cross-fitted between people; influence-function range."
RULES = {
    "advice": "the advice",
    "always shown": "advice in view",
    "never shown": "no advice in view",
}


def rules(telling: Telling) -> tuple[Section | Line, ...]:
    """The sections on rules and on showing; none where no chance was stored."""
    found = (_told(telling, "policy"), _told(telling, "showing"))
    return tuple(item for item in found if item is not None)


def _told(telling: Telling, key: str) -> Section | Line | None:
    gains = telling.shown(f"{key}-gain", "policy")
    if not gains:
        return None
    losses = telling.with_value(f"{key}-loss", "policy")
    if not losses:
        return Line(key=key, says=_refused(gains[0]))
    first, gain = losses[0], telling.figure(f"{key}-gain", policy=losses[0].group("policy") or "")
    wrong = say(
        COST if first.unit is Unit.MONEY else WRONG,
        rule=_name(first),
        k=telling.cite(first),
    )
    lead = [wrong]
    if gain is not None:
        lead.append(_against(telling, gain))
    lead += [_refused(g) for g in gains if not isinstance(g.answer, Estimate)][:1]
    return Section(
        key=key,
        claim=say(CLAIM),
        lead=(joined(*lead),),
        charts=(
            RowChart(
                title=say("What each rule would have cost"),
                subtitle="Cases that would have turned out wrong, per 100"
                if first.unit is not Unit.MONEY
                else "Cost a case",
                head="Rule",
                value_head=telling.unit_of(first),
                rows=tuple(Row(label=_label(f), figure=f, tone=Tone.BOTH) for f in losses),
            ),
        ),
        note=(*_worth(telling, first), say(CHANCES)),
        term=TERM,
        word=gain.word if gain is not None else None,
        primary=gain,
        leads=False,
    )


def _against(telling: Telling, gain: Figure) -> Sentence:
    """How far the rule lies from the choices as made; a sign only where it may be either."""
    estimate = estimate_of(gain)
    less, more, even = (LESS, DEARER, EVEN) if gain.unit is Unit.MONEY else (FEWER, MORE, EITHER)
    if estimate.low > 0 or estimate.high < 0:
        return say(less if estimate.value > 0 else more, k=telling.cite(gain, size=True))
    return say(even, k=telling.cite(gain))


def _name(figure: Figure) -> str:
    policy = figure.group("policy") or ""
    return RULES.get(policy, f"“{policy}”")


def _label(figure: Figure) -> str:
    name = RULES.get(figure.group("policy") or "", figure.group("policy") or "")
    return name[:1].upper() + name[1:]


def _refused(figure: Figure) -> Sentence:
    match figure.answer:
        case CannotTell() as answer:
            return say(CANNOT, rule=_name(figure), reason=answer.reason)
        case NotEnoughData() as answer:
            return say(NOT_YET, rule=_name(figure), missing=how_many_more(answer))
        case Estimate():
            raise ValueError("this figure has a value")


def _worth(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    worth, most = noted_number(figure, "worth"), noted_number(figure, "most_weight")
    if worth is None or most is None:
        return ()
    return (
        say(
            WORTH,
            worth=telling.noted(figure, count(worth)),
            n=count(estimate_of(figure).n),
            most=telling.noted(figure, f"{most:.1f}"),
        ),
    )
