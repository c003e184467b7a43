"""What can be said of cases whose outcome nobody saw, one assumption after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.measure.estimators.unseen import Assumption
from sayso.present.numbers import of_hundred
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "Had every case been “{option}”: what the unseen outcomes allow"
TOLD = {
    Assumption.NOTHING: (
        "Assuming nothing, “{option}” would have turned out wrong in {low} to {high} of 100 cases."
    ),
    Assumption.AS_RISKY: (
        "If the cases that went otherwise are at least as risky as those seen, it is {low} to "
        "{high}."
    ),
    Assumption.TWICE_THE_ODDS: (
        "If their odds lie within half and twice those of alike cases, it is {low} to {high}."
    ),
    Assumption.ALIKE: (
        "If they are exactly as alike cases that were seen, it is {low}{to}. People who decide "
        "usually see more than the table, so this is the boldest."
    ),
}
LABELS = {
    Assumption.NOTHING: "nothing",
    Assumption.AS_RISKY: "at least as risky",
    Assumption.TWICE_THE_ODDS: "within twice the odds",
    Assumption.ALIKE: "as alike cases",
}
NOT_YET = "What the unseen outcomes allow cannot be told yet: {missing}."
SAMPLING = "Bars add what sampling adds to the ends; the middle of a bar claims nothing."
TERM = (
    "Worst-case bounds; monotone selection; odds bound; imputation by alike cases. Imbens-Manski "
    "ranges clustered by who decided."
)


def unseen(telling: Telling) -> Section | Line | None:
    """The section on unseen outcomes; None where outcomes are seen after every option."""
    found = [f for f in telling.reading.figures if f.measure == "unseen-wrong"]
    if not found:
        return None
    known = [f for f in found if f.estimate is not None]
    if not known:
        answer = found[0].answer
        missing = how_many_more(answer) if isinstance(answer, NotEnoughData) else ""
        return Line(key="unseen", says=say(NOT_YET, missing=missing))
    option = known[0].group("option") or ""
    return Section(
        key="unseen",
        claim=say(CLAIM, option=option),
        lead=(
            _told(telling, known[0]),
            joined(*(_told(telling, f) for f in known[1:])),
        ),
        charts=(
            RowChart(
                title=say("“{option}” turning out wrong, by what is assumed", option=option),
                subtitle="Per 100 cases",
                head="Assuming of the unseen",
                value_head="per 100",
                rows=tuple(
                    Row(label=LABELS[_assumption(f)], figure=f, tone=Tone.BOTH) for f in known
                ),
                bar_key="between the ends, with sampling",
            ),
        ),
        note=(say("Counted over {n}.", n=telling.counted(known[0])), say(SAMPLING)),
        term=TERM,
        word=None,
        primary=known[0],
        leads=False,
    )


def _assumption(figure: Figure) -> Assumption:
    return Assumption(figure.group("assuming") or "")


def _told(telling: Telling, figure: Figure) -> Sentence:
    low, high = noted_number(figure, "low") or 0.0, noted_number(figure, "high") or 0.0
    ends = [of_hundred(end) for end in (low, high)]
    assumption = _assumption(figure)
    values = {
        "low": telling.noted(figure, ends[0]),
        "high": telling.noted(figure, ends[1]),
        "option": figure.group("option") or "",
        "to": telling.noted(figure, f" to {ends[1]}") if ends[0] != ends[1] else "",
    }
    return say(TOLD[assumption], **values)
