"""Whether what the charter said would change can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.figure import Unit
from sayso.present.section import Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import THERE, estimate_of

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIMS = {
    "happened": "What the charter said would be different is different",
    "did not": "What the charter said would be different is not",
    "not yet": "What the charter said would be different is not due yet",
    "cannot tell": "This file cannot tell whether what should differ does",
}
STATES = {
    "happened": "{says}: it happened. It stands at {k}.",
    "did not": "{says}: it did not. It stands at {k}.",
    "not yet": "{says}: not yet. It stands at {k}.",
}
STATES_BARE = {
    "happened": "{says}: it happened.",
    "did not": "{says}: it did not.",
    "not yet": "{says}: not yet.",
    "cannot tell": "{says}: this file cannot tell.",
}
OVER_TIME = "From the first quarter since launch to the last, that is {k} {way}."
SEVERAL = "{happened} of {all} things the charter said would differ do"


def differently(telling: Telling) -> Section | None:
    """The section on "differently"; None where the charter names nothing."""
    figures = telling.shown("differently")
    first = next(iter(figures), None)
    if first is None:
        return None
    states = [_state(figure) for figure in figures]
    claim = say(CLAIMS[states[0]])
    if len(figures) > 1:
        claim = say(SEVERAL, happened=str(states.count("happened")), all=str(len(figures)))
    rows = tuple(
        Row(
            label=figure.group("check") or "",
            figure=figure,
            tone=Tone.BOTH,
            said=_number(figure, "target"),
        )
        for figure in figures
        if figure.estimate is not None and figure.unit is Unit.SHARE
    )
    known = [f for f in figures if f.estimate is not None]
    charts = (
        (
            RowChart(
                title=say("Where it stands, and where the charter wants it"),
                subtitle="Per 100 cases",
                head="What should differ",
                value_head="per 100",
                rows=rows,
                open_key="where the charter wants it",
                filled_key="where it stands, with its range",
                open_tone=Tone.BOTH,
            ),
        )
        if rows and any(row.said is not None for row in rows)
        else ()
    )
    return Section(
        key="differently",
        claim=claim,
        lead=(joined(*(s for f in figures for s in (_said(telling, f), *_over_time(telling, f)))),),
        charts=charts,
        note=tuple(say("Counted over {n}.", n=telling.counted(f)) for f in known[:1]),
        term="What was stated, against the charter’s own line.",
        word=first.word,
        primary=first,
        leads=bool(known),
    )


def _state(figure: Figure) -> str:
    state = str(figure.note("state"))
    return state if state in STATES_BARE else "cannot tell"


def _number(figure: Figure, name: str) -> float | None:
    value = figure.note(name)
    return float(value) if isinstance(value, int | float) else None


def _over_time(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    """How it moved from quarter to quarter, where that is there."""
    moved = telling.figure("differently-momentum", check=figure.group("check") or "")
    if moved is None or moved.word not in THERE:
        return ()
    way = "more" if estimate_of(moved).value >= 0 else "less"
    return (say(OVER_TIME, k=telling.cite(moved, size=True), way=way),)


def _said(telling: Telling, figure: Figure) -> Sentence:
    says = (figure.group("check") or "").rstrip(".")
    state = _state(figure)
    if figure.estimate is None or state not in STATES:
        return say(STATES_BARE[state], says=says)
    return say(STATES[state], says=says, k=telling.cite(figure))
