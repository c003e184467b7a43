"""What becomes of cases where the advice was right and people were not, and the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.present.section import Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "People listen {listened} and hold firm {firm} times"
CLAIM_OVER = "Where the advice is wrong, choices follow it {over}"
LISTENED = "Of the cases where the advice was right and they first were not, {k} ended right."
FIRM = "Of the cases where they were right and the advice was not, {k} stayed right."
SUM = (
    "The two add up to {k}. People who moved at random would come to 1; second thoughts alone "
    "already bring more, so the sum is no proof of telling good advice from bad."
)
OVER = "Of the cases where the advice was wrong, {k} were chosen as advised."
UNDER = "Of the cases where the advice was right, {k} were chosen otherwise."
NO_PRIOR = "Without first views nobody can say what people would have chosen by themselves."
NO_WITHHELD = "First views in hidden cases would show how many of these moves come without advice."
TERM = "Relative AI reliance and relative self-reliance; 95% range."
TERM_NO_PRIOR = "Over- and under-acceptance of advice; 95% range."


def reliance(telling: Telling) -> Section | None:
    """The section on reliance; None where nothing of it is known."""
    listened = telling.figure("reliance-listened")
    firm = telling.figure("reliance-held-firm")
    if listened is not None and firm is not None:
        return _with_first_views(telling, listened, firm)
    over, under = telling.figure("over-acceptance"), telling.figure("under-acceptance")
    if over is not None and under is not None:
        return _without(telling, over, under)
    return None


def _with_first_views(telling: Telling, listened: Figure, firm: Figure) -> Section:
    total = telling.figure("reliance-sum")
    lead = [say(LISTENED, k=telling.cite(listened)), say(FIRM, k=telling.cite(firm))]
    more = (say(SUM, k=telling.cite(total)),) if total is not None else ()
    return Section(
        key="reliance",
        claim=say(CLAIM, listened=telling.bare_times(listened), firm=telling.bare_value(firm)),
        lead=(joined(*lead), *more),
        charts=(
            RowChart(
                title=say("When people and the AI first differed"),
                subtitle="Per 100 cases of each kind that ended right",
                head="People",
                value_head="per 100",
                rows=(
                    Row(
                        label="Listened",
                        sub=f"AI right, they first not; {telling.counted(listened)}",
                        figure=listened,
                        tone=Tone.AI,
                    ),
                    Row(
                        label="Held firm",
                        sub=f"right, and the AI not; {telling.counted(firm)}",
                        figure=firm,
                        tone=Tone.PEOPLE,
                    ),
                ),
            ),
        ),
        note=_note(telling, listened, total, NO_WITHHELD),
        term=TERM,
        word=listened.word or firm.word or Word.EITHER,
        primary=listened,
    )


def _without(telling: Telling, over: Figure, under: Figure) -> Section:
    return Section(
        key="reliance",
        claim=say(CLAIM_OVER, over=telling.bare_times(over)),
        lead=(joined(say(OVER, k=telling.cite(over)), say(UNDER, k=telling.cite(under))),),
        charts=(
            RowChart(
                title=say("How often choices go against what turned out right"),
                subtitle="Per 100 cases of each kind",
                head="The advice was",
                value_head="per 100",
                rows=(
                    Row(
                        label="Wrong, and followed",
                        figure=over,
                        tone=Tone.AI,
                    ),
                    Row(label="Right, and overruled", figure=under, tone=Tone.PEOPLE),
                ),
            ),
        ),
        note=_note(telling, over, None, NO_PRIOR),
        term=TERM_NO_PRIOR,
        word=over.word,
        primary=over,
    )


def _note(
    telling: Telling, figure: Figure, total: Figure | None, caveat: str
) -> tuple[Sentence, ...]:
    notes = [say("Counted over {n}.", n=telling.counted(figure))]
    if total is not None:
        notes.append(say("The sum speaks of {n}.", n=telling.counted(total)))
    notes.append(say(caveat))
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
