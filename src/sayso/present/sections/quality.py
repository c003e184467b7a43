"""Whether choices are better or worse with the advice, with every missing outcome at its worst."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.present.section import Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of, is_share, worst_case

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIMS_RANDOMISED = {
    True: "Seeing the advice makes choices better",
    False: "Seeing the advice makes choices worse",
}
CLAIMS_OTHERWISE = {
    True: "Choices turn out better than first views",
    False: "Choices turn out worse than first views",
}
CLAIMS_SINCE = {
    True: "Choices turn out better since the advice is shown",
    False: "Choices turn out worse since the advice is shown",
}
CLAIM_EITHER = "Whether choices are better with the advice is not known"
CLAIM_TOO_SMALL = "Choices turn out about as well with the advice as without"
CLAIM_TOO_SMALL_PRIOR = "Choices turn out about as well as first views"
CLAIM_ALONE = "What following the advice alone would bring lies between two bounds"
LEADS = {
    Grade.RANDOMISED: "With the advice in view, choices turn out right more often by {k}.",
    Grade.SEALED_PRIOR: "Final choices turn out right more often than first views by {k}.",
    Grade.BEFORE_AFTER: "Since the advice is shown, choices turn out right more often by {k}.",
}
LEADS_LESS = {
    Grade.RANDOMISED: "With the advice in view, choices turn out right less often by {k}.",
    Grade.SEALED_PRIOR: "Final choices turn out right less often than first views by {k}.",
    Grade.BEFORE_AFTER: "Since the advice is shown, choices turn out right less often by {k}.",
}
LEADS_EITHER = {
    Grade.RANDOMISED: "How often choices turn out right differs by {k} with the advice in view.",
    Grade.SEALED_PRIOR: "How often final choices and first views turn out right differs by {k}.",
    Grade.BEFORE_AFTER: "How often choices turn out right differs by {k} from before.",
}
LEADS_COST = {
    Grade.RANDOMISED: "With the advice in view, a case costs {k} {less}.",
    Grade.SEALED_PRIOR: "A final choice costs {k} {less} than the first view.",
    Grade.BEFORE_AFTER: "Since the advice is shown, a case costs {k} {less}.",
}
SEEN = (
    "Outcomes are seen for “{option}” only. With the advice in view, choosing it wrongly differs "
    "by {wrong}, and wrongly leaving it out by {left}."
)
WORST = "With every missing outcome set to each extreme, it lies between {ends}."
ALONE = (
    "Following the advice alone, against people’s choices, would bring between {wrong} cases of "
    "“{option}” chosen wrongly, and between {left} of it wrongly left out: bounded, as most of "
    "this is never seen."
)
WHO = (
    ("first view", "First view", Tone.PEOPLE),
    ("advice", "Advice", Tone.AI),
    ("choice", "Choice", Tone.BOTH),
)
TERM_LOSS = "Difference in mean loss, among matured cases; 95% range."
TERM = "Difference in share right, among matured cases; worst-case range for missing outcomes."


def quality(telling: Telling) -> Section | None:
    """The section on quality; None where outcomes say nothing of it."""
    figure = telling.reading.figure("quality")
    if telling.reading.setting.quantity and telling.with_value("forecast-value-added"):
        return None  # how near choices come to the outcome is told there
    accuracy = _accuracy(telling)
    if figure is None or figure.hidden or figure.estimate is None:
        return None if accuracy is None else _accuracy_only(telling, accuracy, figure)
    return Section(
        key="quality",
        claim=_claim(figure),
        lead=_lead(telling, figure),
        charts=(accuracy,) if accuracy is not None else (),
        note=_note(telling, figure),
        term=TERM if is_share(figure) else TERM_LOSS,
        word=figure.word,
        primary=figure,
    )


def _accuracy_only(telling: Telling, chart: RowChart, figure: Figure | None) -> Section:
    first = chart.rows[0]
    answer = figure.answer if figure is not None else None
    enough = not isinstance(answer, NotEnoughData)
    said = [say(ACCURACY, who=row.label, k=telling.times(row.figure)) for row in chart.rows]
    return Section(
        key="quality",
        claim=say(CLAIM_EITHER),
        lead=(joined(*said),),
        charts=(chart,),
        note=(say("Counted over {n}.", n=telling.counted(first.figure)),),
        term="Share right, of cases with a known outcome; 95% range.",
        word=Word.CANNOT_TELL if enough else Word.NOT_YET,
        primary=figure or first.figure,
        leads=False,
    )


ACCURACY = "{who}: right {k}."


def _claim(figure: Figure) -> Sentence:
    word = figure.word or Word.EITHER
    if word is Word.TOO_SMALL:
        prior = _design(figure) is Grade.SEALED_PRIOR
        return say(CLAIM_TOO_SMALL_PRIOR if prior else CLAIM_TOO_SMALL)
    if word not in THERE:
        return say(CLAIM_EITHER)
    claims = {
        Grade.RANDOMISED: CLAIMS_RANDOMISED,
        Grade.BEFORE_AFTER: CLAIMS_SINCE,
        Grade.SEALED_PRIOR: CLAIMS_OTHERWISE,
    }[_design(figure)]
    return say(claims[estimate_of(figure).value > 0])


def _design(figure: Figure) -> Grade:
    """What choices are held against: without experiment or dates, it is first views."""
    known = figure.grade in (Grade.RANDOMISED, Grade.BEFORE_AFTER)
    return figure.grade if known else Grade.SEALED_PRIOR


def _lead(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    there, better = figure.word in THERE, estimate_of(figure).value >= 0
    leads = LEADS_COST
    if is_share(figure):
        leads = LEADS_EITHER if not there else LEADS if better else LEADS_LESS
    size = there or not is_share(figure)
    words = {} if is_share(figure) else {"less": "less" if better else "more"}
    first = [say(leads[_design(figure)], k=telling.cite(figure, size=size), **words)]
    if (worst := worst_case(figure)) is not None:
        first.append(say(WORST, ends=telling.ends(worst)))
    return (joined(*first), *_one_option(telling))


def _one_option(telling: Telling) -> tuple[Sentence, ...]:
    """What can be said where outcomes are seen after one option only."""
    option = telling.reading.setting.outcome_seen_for
    if option is None:
        return ()
    told: list[Sentence] = []
    for text, stem, cite in (
        (SEEN, "quality", telling.cite),
        (ALONE, "advice-alone", partial(telling.ends, sides=("fewer", "more"))),
    ):
        wrong = telling.figure(f"{stem}-false-negative")
        left = telling.figure(f"{stem}-false-positive")
        if wrong is not None and left is not None:
            told.append(say(text, option=option, wrong=cite(wrong), left=cite(left)))
    return tuple(told)


def _accuracy(telling: Telling) -> RowChart | None:
    rows = tuple(
        Row(label=label, figure=found, tone=tone)
        for who, label, tone in WHO
        if (found := telling.figure("accuracy", who=who)) is not None
    )
    if not rows:
        return None
    return RowChart(
        title=say("How often each was right"),
        subtitle="Per 100 cases with a known outcome",
        head="Who",
        value_head="per 100",
        rows=rows,
    )


def _note(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    notes = [say("Counted over {n}.", n=telling.counted(figure))]
    if figure.grade is not Grade.RANDOMISED:
        notes.append(say("Not an experiment, so no word here goes above “likely”."))
    if figure.unit is Unit.NET_SHARE and telling.reading.setting.loss_unit is None:
        notes.append(say("Right and wrong count the same in every case: no costs are declared."))
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
