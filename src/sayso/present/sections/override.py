"""What overruling the AI brings, by reason and by kind of case; never by person or team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.domain.figure import Unit
from sayso.measure.estimators.words import holm
from sayso.present.section import Reference, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import NO_REASON, PAST_LINE, THERE, estimate_of, is_share, worst_case

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.section import Chart
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_REASON = "Overruling the AI pays off with reason {reason}"
CLAIM_REASONS = "Overruling the AI pays off for some reasons"
# A reason that may follow the outcome says how cases went, not that it pays to act on it.
CLAIMS_REASON_UNDATED = {
    Unit.MONEY: "With reason {reason}, overruling cost less than the advice",
    Unit.NET_SHARE: "With reason {reason}, people were more often right",
    Unit.SHARE: "With reason {reason}, people were mostly right",
    Unit.AMOUNT: "With reason {reason}, choices ended nearer than the advice",
}
CLAIMS_REASONS_UNDATED = {
    Unit.MONEY: "For some reasons, overruling cost less than the advice would have",
    Unit.NET_SHARE: "For some reasons, people were right more often than the AI",
    Unit.SHARE: "For some reasons, people were right more often than not",
    Unit.AMOUNT: "For some reasons, choices ended nearer than the advice",
}
CLAIMS_COST = {
    True: "Overruling costs less than the advice would have",
    False: "Overruling costs more than the advice would have",
}
CLAIMS_RIGHT = {
    True: "Overruling the AI ends right more often than following it",
    False: "Overruling the AI ends right less often than following it",
}
CLAIMS_NEARER = {
    True: "Where people depart from the AI’s figure, choices end nearer",
    False: "Where people depart from the AI’s figure, choices end further off",
}
CLAIMS_MOSTLY = {
    True: "Where people overrule the AI, they are mostly right",
    False: "Where people overrule the AI, they are mostly wrong",
}
CLAIM_EITHER = "Overruling the AI could pay off or cost"
CLAIM_TOO_SMALL = "Overruling the AI makes too little difference to matter"
CLAIM_NOT_YET = "Not enough overruled cases yet to see what they bring"
CLAIM_RATE = "People overrule the AI {k}"

RATE = "People overrule the AI {k}."
RIGHT = "Where it is known how overruled cases turned out, people were right {k}."
VALUE = {
    Unit.MONEY: "Set against following the advice, an overruled case cost {k} less.",
    Unit.NET_SHARE: "Against following the advice, overruling is right more often by {k}.",
    Unit.AMOUNT: "Against following the advice, an overruled case ends nearer by {k}.",
}
VALUE_WORSE = {
    Unit.MONEY: "Set against following the advice, an overruled case cost {k} more.",
    Unit.NET_SHARE: "Against following the advice, overruling is right less often by {k}.",
    Unit.AMOUNT: "Against following the advice, an overruled case ends further off by {k}.",
}
WRONG = (
    "The advice is wrong {overruled} where people overrule it, and {followed} where they follow it."
)
REASON = "With reason “{reason}”, people were right {k}."
REASON_COST = (
    "With reason “{reason}”, people were right {k}, and against following the advice an overruled "
    "case cost {value} less."
)
WITHOUT_REASON = "With no reason given, {k}."
LOSSES = "Over all cases, the choices cost {choices} each; always following the AI, {advice}."
LOSSES_AMOUNT = "Over all cases, choices lie off by {choices}; always following the AI, {advice}."
BOUNDS = "With every missing outcome set to each extreme, it lies between {ends}."
AVERAGE = (
    "An average over the cases people chose to overrule: it does not say whether to overrule "
    "more or less, nor who does it well."
)
FAMILY = "Reasons are judged together, with “none given” among them, so luck finds no favourite."
UNDATED = "When reasons were written is not recorded, so a reason may follow the outcome."
EQUAL = "A mistake of either kind counts the same, as no costs are declared."
HIDDEN = "Reasons given by too few people are not shown."
TERM = "Override value: loss of the advice less loss of the choice, per overruled case; 95% range."


def override(telling: Telling) -> Section | None:
    """The section on overruling; None where nothing is known of it."""
    value = telling.reading.figure("override-value")
    right = telling.reading.figure("override-right")
    rate = telling.figure("override-rate")
    known = [f for f in (value, right) if f is not None and not f.hidden]
    primary = next((f for f in known if f.estimate is not None), next(iter(known), None))
    if primary is None and rate is None:
        return None
    if primary is None or primary.estimate is None:
        return _rate_only(telling, rate, primary)
    stands = _surviving(telling)
    return Section(
        key="override",
        claim=_claim(telling, primary, stands),
        lead=(*_lead(telling, primary, rate), *_by_reason(telling, stands)),
        charts=_charts(telling),
        note=_note(telling, primary),
        term=TERM,
        word=stands[0].word if stands else primary.word,
        primary=stands[0] if stands else primary,
    )


def _rate_only(telling: Telling, rate: Figure | None, primary: Figure | None) -> Section | None:
    if rate is None:
        return None
    return Section(
        key="override",
        claim=say(CLAIM_NOT_YET if primary else CLAIM_RATE, k=telling.bare_times(rate)),
        lead=(say(RATE, k=telling.times(rate)),),
        note=(say("Counted over {n}.", n=telling.counted(rate)),),
        term="Override rate.",
        word=Word.NOT_YET if primary else rate.word,
        primary=primary or rate,
        leads=False,
    )


def _surviving(telling: Telling) -> tuple[Figure, ...]:
    """Reasons whose value stands when all reasons are judged as one family."""
    value = telling.with_value("override-value", "reason")
    reasons = value or telling.with_value("override-right", "reason")
    tested = [f for f in reasons if estimate_of(f).p_line is not None]
    kept = holm([estimate_of(f).p_line or 0.0 for f in tested])
    centre = 0.0 if value else 0.5
    return tuple(
        f
        for f, stands in zip(tested, kept, strict=True)
        if stands
        and f.group("reason") != NO_REASON
        and f.word in (*PAST_LINE, Word.NOT_ZERO)
        and estimate_of(f).low > centre
    )


def _by_reason(telling: Telling, stands: tuple[Figure, ...]) -> tuple[Sentence, ...]:
    """How often each reason that stands ended right, beside cases without a reason."""
    none = telling.figure("override-right", reason=NO_REASON)
    told: list[Sentence] = []
    for figure in stands:
        reason = figure.group("reason") or ""
        right = telling.figure("override-right", reason=reason)
        if right is None:
            continue
        text = REASON_COST if figure.unit is Unit.MONEY else REASON
        value = telling.cite(figure, size=True) if text is REASON_COST else ""
        told.append(say(text, reason=reason, k=telling.times(right), value=value))
    if told and none is not None:
        told.append(say(WITHOUT_REASON, k=telling.times(none)))
    return (joined(*told),) if told else ()


def _claim(telling: Telling, primary: Figure, stands: tuple[Figure, ...]) -> Sentence:
    named = [f.group("reason") or "" for f in stands]
    if named:
        dated = telling.reading.setting.holds("reason_at")
        unit = stands[0].unit
        if len(named) == 1 and len(named[0].split()) <= 4 and len(named[0]) <= 40:
            claim = CLAIM_REASON if dated else CLAIMS_REASON_UNDATED[unit]
            return say(claim, reason=f"“{named[0]}”")
        return say(CLAIM_REASONS if dated else CLAIMS_REASONS_UNDATED[unit])
    word = primary.word or Word.EITHER
    if word is Word.TOO_SMALL:
        return say(CLAIM_TOO_SMALL)
    if word not in THERE:
        return say(CLAIM_EITHER if word is not Word.NOT_YET else CLAIM_NOT_YET)
    if primary.measure != "override-value":
        return say(CLAIMS_MOSTLY[estimate_of(primary).value > 0.5])
    claims = {
        Unit.MONEY: CLAIMS_COST,
        Unit.NET_SHARE: CLAIMS_RIGHT,
        Unit.AMOUNT: CLAIMS_NEARER,
    }.get(primary.unit, CLAIMS_COST)
    return say(claims[estimate_of(primary).value > 0])


def _lead(telling: Telling, primary: Figure, rate: Figure | None) -> tuple[Sentence, ...]:
    lead: list[Sentence] = []
    right = telling.figure("override-right")
    if rate is not None:
        lead.append(say(RATE, k=telling.times(rate)))
    if right is not None:
        lead.append(say(RIGHT, k=telling.times(right)))
    if primary.measure == "override-value" and primary.unit in VALUE:
        sentences = VALUE if estimate_of(primary).value >= 0 else VALUE_WORSE
        lead.append(say(sentences[primary.unit], k=telling.cite(primary, size=True)))
        bounds = telling.figure("override-value-bounds")
        if bounds is not None and bounds.note("missing"):
            lead.append(say(BOUNDS, ends=telling.ends(bounds)))
    elif (worst := worst_case(primary)) is not None:
        lead.append(say(BOUNDS, ends=telling.between(worst)))
    wrong = [telling.figure("advice-wrong", when=w) for w in ("overruled", "followed")]
    if wrong[0] is not None and wrong[1] is not None:
        lead.append(say(WRONG, overruled=telling.times(wrong[0]), followed=telling.times(wrong[1])))
    losses = [telling.figure(m) for m in ("loss-of-choices", "loss-of-advice")]
    if losses[0] is not None and losses[1] is not None and not is_share(losses[0]):
        text = LOSSES_AMOUNT if losses[0].unit is Unit.AMOUNT else LOSSES
        lead.append(say(text, choices=telling.cite(losses[0]), advice=telling.cite(losses[1])))
    return (joined(*lead[:4]), joined(*lead[4:])) if len(lead) > 4 else (joined(*lead),)


def _charts(telling: Telling) -> tuple[Chart, ...]:
    charts = (
        _split(telling, "reason", "Reason given", "by the reason they gave"),
        _split(telling, "kind", "Kind of case", "by kind of case"),
    )
    return tuple(chart for chart in charts if chart is not None)


def _split(telling: Telling, by: str, head: str, how: str) -> RowChart | None:
    """How often overruling ended right, or what it brought, by reason or kind of case."""
    right = telling.shown("override-right", by)
    figures = right or telling.shown("override-value", by)
    if not any(f.estimate for f in figures):
        return None
    ordered = sorted(figures, key=lambda f: -f.estimate.value if f.estimate else float("inf"))
    rows = tuple(
        Row(label=_label(telling, by, f.group(by) or ""), figure=f, tone=Tone.PEOPLE)
        for f in ordered[:10]
    )
    if right:
        two = len(telling.reading.setting.options) == 2
        return RowChart(
            title=say("When people overruled the AI, how often they turned out right"),
            subtitle=f"Per 100 overruled cases with a known outcome, {how}",
            head=head,
            value_head="per 100",
            rows=rows,
            references=(Reference(at=0.5, label="AI right just as often"),) if two else (),
        )
    return RowChart(
        wide=not is_share(figures[0]),
        title=say("What overruling brought, against following the advice"),
        subtitle=f"Per overruled case, {how}; right of the line is better",
        head=head,
        value_head=telling.unit_of(figures[0]),
        rows=rows,
        references=(Reference(at=0.0, label="same as the AI"),),
    )


def _label(telling: Telling, by: str, text: str) -> str:
    """A reason in its own words; a kind of case after what it is a kind of."""
    if by == "kind":
        return f"{telling.kind_label}{text}"
    return "No reason given" if text == NO_REASON else text[:1].upper() + text[1:]


def _note(telling: Telling, primary: Figure) -> tuple[Sentence, ...]:
    amount = primary.unit is Unit.AMOUNT
    of = "cases off the AI’s figure" if amount else "overruled cases"
    notes = [say("Counted over {n}.", n=telling.counted(primary, of))]
    notes.append(say(AVERAGE))
    if telling.with_value("override-value", "reason"):
        notes.append(say(FAMILY))
        if not telling.reading.setting.holds("reason_at"):
            notes.append(say(UNDATED))
    if any(f.hidden for f in telling.reading.all_of("override-right", "reason")):
        notes.append(say(HIDDEN))
    if telling.reading.setting.loss_unit is None and primary.unit is not Unit.AMOUNT:
        notes.append(say(EQUAL))
    if (about := telling.population(primary)) is not None:
        notes.append(about)
    return tuple(notes)
