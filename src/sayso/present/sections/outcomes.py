"""How many cases are known to their end, and what the missing ones could hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.present.section import Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.present.telling import Telling

CLAIM = "Of the cases that are due, {k} have an outcome"
DUE = "Of the cases whose outcome is due, {k} have one."
MATURE = "Of all cases, {k} are due."
ONE = (
    "They are known after “{option}” only: how the other cases would have turned out is not "
    "missing, it was never seen."
)
MISSING = "Missing outcomes can hide a difference as large as their share, so ranges include them."


def outcomes(telling: Telling) -> Section | None:
    """The section on known outcomes; None where there are none."""
    closure, maturity = telling.figure("closure"), telling.figure("maturity")
    if closure is None:
        return None
    lead = [say(DUE, k=telling.cite(closure))]
    if maturity is not None:
        lead.append(say(MATURE, k=telling.cite(maturity)))
    option = telling.reading.setting.outcome_seen_for
    lead.append(say(MISSING) if option is None else say(ONE, option=option))
    missing = [
        Row(label=f"Advice {arm}", figure=found, tone=tone)
        for arm, tone in (("shown", Tone.AI), ("hidden", Tone.BOTH))
        if (found := telling.figure("missing-outcome", arm=arm)) is not None
    ]
    missing += [
        Row(label=f"Choice: {found.group('choice')}", figure=found, tone=Tone.PEOPLE)
        for found in telling.with_value("missing-outcome", "choice")[:10]
    ]
    charts = (
        (
            RowChart(
                title=say("Cases that are due and have no outcome"),
                subtitle="Per 100 cases that are due",
                head="Cases",
                value_head="per 100",
                rows=tuple(missing),
            ),
        )
        if len(missing) > 1
        else ()
    )
    return Section(
        key="outcomes",
        claim=say(CLAIM, k=telling.bare(closure)),
        lead=(joined(*lead),),
        charts=charts,
        note=(say("Counted over {n}.", n=telling.counted(closure)),),
        term="Closure and maturity of outcomes.",
        word=None,
        primary=closure,
        leads=False,
    )
