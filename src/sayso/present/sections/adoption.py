"""How far the advice reaches people: computed, in view, opened, chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.present.telling import Telling

CLAIM = "From advice computed to advice taken: where cases drop out"
LADDER = (
    ("coverage", "Advice was there", "cases"),
    ("exposure", "It was in view in time", "cases"),
    ("attention", "It was opened", "cases with advice in view"),
    ("use", "The first view moved to it", "cases with a first view"),
)
AGREE = "The choice was the same as the advice {k}."
# What agreement means for quantities, as its query counts it.
AGREE_NEARLY = "The choice lay within a twentieth of the advice {k}."
KAPPA = "Counting out what chance alone would bring, that is {k} on a scale to 1."
AFTER = "In {k} the advice was fetched after the choice; there it is justification, not advice."
ALONE = "Agreement alone is not influence: people and the AI read the same facts."


def adoption(telling: Telling) -> Section | Line | None:
    """The ladder from advice to choice; None where there is no advice."""
    rows = tuple(
        Row(label=label, figure=found, tone=Tone.AI, sub=f"of {telling.counted(found, of)}")
        for measure, label, of in LADDER
        if (found := telling.figure(measure)) is not None
    )
    agreement, kappa = telling.figure("agreement"), telling.figure("agreement-kappa")
    agree = AGREE_NEARLY if telling.reading.setting.quantity else AGREE
    lead = [say(agree, k=telling.times(agreement))] if agreement is not None else []
    if kappa is not None:
        lead.append(say(KAPPA, k=telling.cite(kappa)))
    after = telling.figure("justification")
    if after is not None and after.estimate is not None and after.estimate.value > 0:
        lead.append(say(AFTER, k=telling.cite(after)))
    if not rows:
        return Line(key="adoption", says=joined(*lead)) if lead else None
    chart = RowChart(
        title=say("How far the advice gets"),
        subtitle="Per 100 cases of each step",
        head="Step",
        value_head="per 100",
        rows=rows,
    )
    primary = agreement or rows[0].figure
    return Section(
        key="adoption",
        claim=say(CLAIM),
        lead=(joined(*lead, say(ALONE)),),
        charts=(chart,),
        note=(say("Counted over {n}.", n=telling.counted(primary)),),
        term="Adoption ladder; agreement rate and Cohen’s kappa.",
        word=None,
        primary=primary,
        leads=False,
    )
