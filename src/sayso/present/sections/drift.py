"""Since when cases, choices or advice are not what they were."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.numbers import decimal, of_hundred, on_day
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import estimate_of, how_many_more, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "Not everything is as it was when the table begins"
STEP = "From {when} on, {what} stands at {after} in 100 instead of {before}."
SOURCE = "The model “{source}” first advised about then."
MIX = "The mix of {input} is another: {moved} of 100 late cases are of another kind than early ones (PSI {psi})."
STEADY = (
    "Over {weeks} weeks, nothing here moved beyond what weeks differ by anyway: neither choices "
    "nor advice nor the kinds of case."
)
NOT_YET = "Whether anything moved over time cannot be told yet: {missing}."
CAME_IN = "Models that began to advise after the first week: {models}."
DATE = "A date says when, not why. What else happened then is for people to say."
WANDER = (
    "A week is the unit, and weeks that resemble the last one are allowed for; a range holds for "
    "every week in which the step could have been."
)
TERM = (
    "Change points by the largest studentised step, against series that only wander; population "
    "stability index against the spread of weeks, Holm over inputs."
)
MOST = 5
WHAT = {"overruled": "overruling", "confidence": "the AI’s own estimate"}


def drift(telling: Telling) -> Section | Line | None:
    """The section on what moved over time; a line where nothing did; None without dates."""
    halves = telling.reading.all_of("drift")
    if not halves:
        return None
    steps = sorted(telling.reading.all_of("drift-change"), key=_size)[:MOST]
    mixes = [f for f in telling.with_value("drift-input") if f.word is Word.NOT_ZERO]
    mixes.sort(key=lambda f: -(noted_number(f, "moved") or 0.0))
    if not steps and not mixes:
        return Line(key="drift", says=joined(_steady(telling, halves), *_came_in(telling, halves)))
    lead = [_stepped(telling, f) for f in steps] + [_mixed(telling, f) for f in mixes[:MOST]]
    rows = tuple(
        Row(label=_what(f).capitalize(), figure=f, tone=Tone.BOTH, sub=f"from {_when(telling, f)}")
        for f in steps
    )
    charts = (
        (
            RowChart(
                title=say("Steps, new level less the old"),
                subtitle="Per 100 cases",
                head="What",
                value_head="per 100",
                rows=rows,
            ),
        )
        if rows
        else ()
    )
    return Section(
        key="drift",
        claim=say(CLAIM),
        lead=(*lead[:1], joined(*lead[1:])) if len(lead) > 1 else tuple(lead),
        charts=charts,
        note=(*((say(WANDER),) if steps else ()), *_came_in(telling, halves), say(DATE)),
        term=TERM,
        word=None,
        primary=steps[0] if steps else mixes[0],
        leads=False,
    )


def _size(figure: Figure) -> float:
    return -abs(estimate_of(figure).value)


def _steady(telling: Telling, halves: tuple[Figure, ...]) -> Sentence:
    known = [f for f in halves if f.estimate is not None]
    if known:
        weeks = noted_number(known[0], "weeks") or 0
        return say(STEADY, weeks=telling.noted(known[0], f"{weeks:.0f}"))
    answer = halves[0].answer
    if not isinstance(answer, NotEnoughData):
        raise TypeError(f"{answer} is no answer of this measure")
    return say(NOT_YET, missing=how_many_more(answer))


def _stepped(telling: Telling, figure: Figure) -> Sentence:
    before, after = noted_number(figure, "before"), noted_number(figure, "after")
    told = say(
        STEP,
        when=_when(telling, figure),
        what=_what(figure),
        before=telling.noted(figure, of_hundred(before or 0.0)),
        after=telling.noted(figure, of_hundred(after or 0.0)),
    )
    source = figure.note("new_source")
    return joined(told, say(SOURCE, source=str(source))) if source is not None else told


def _came_in(telling: Telling, halves: tuple[Figure, ...]) -> tuple[Sentence, ...]:
    """When other models came in, beside what moved or did not."""
    began = {
        name.removeprefix("source "): float(week)
        for name, week in halves[0].notes
        if name.startswith("source ") and isinstance(week, int | float)
    }
    if not began:
        return ()
    told = [f"“{name}” from {_day(telling, week)} on" for name, week in began.items()]
    return (say(CAME_IN, models=telling.noted(halves[0], "; ".join(told))),)


def _mixed(telling: Telling, figure: Figure) -> Sentence:
    moved, psi = noted_number(figure, "moved"), noted_number(figure, "psi")
    return say(
        MIX,
        input=f"“{figure.group('input')}”",
        moved=telling.noted(figure, of_hundred(moved or 0.0)),
        psi=telling.noted(figure, decimal(psi or 0.0, 2)),
    )


def _what(figure: Figure) -> str:
    series = figure.group("series") or ""
    role, _, option = series.partition(" ")
    if role == "choice":
        return f"choosing “{option}”"
    return f"advice of “{option}”" if role == "advice" else WHAT.get(series, series)


def _when(telling: Telling, figure: Figure) -> str:
    """The first day of the week in which a figure's step lies."""
    return _day(telling, noted_number(figure, "week") or 0.0)


def _day(telling: Telling, week: float) -> str:
    """The first day of a week, or its number where the table has no calendar."""
    profile = telling.reading.profile
    if profile.calendar and profile.since is not None:
        return on_day((profile.since + timedelta(days=7 * week)).date())
    return f"week {week + 1:.0f}"
