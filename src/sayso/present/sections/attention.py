"""Whether advice is read before it is taken, what attention it costs, and what wrong advice does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.present.numbers import of_hundred
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import PAST_LINE, THERE, estimate_of, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_FAST = "Some advice is taken faster than it can be read"
CLAIM_READ = "Hardly any advice is taken faster than it can be read"
CLAIM_ROWS = "Advice is taken in long rows more than chance brings"
STAMPED = (
    "Of the advice that was taken, {k} was taken within a tenth of the usual time for its kind of "
    "case, or within ten seconds where that is less."
)
PACE = "Taken that fast, it turned out wrong {fast}; taken slower, {slow}."
PACE_ALONE = "Taken that fast, it turned out wrong {fast}."
SKILL = (
    "Fast can be skilled, and reading may happen elsewhere, so this is about how the advice is "
    "shown and never about a person."
)
ROWS = (
    "Of the advice that was taken, {k} was taken ten times or more in a row; with the same cases "
    "in any order it would be {chance} in 100. Alike cases that follow each other do this too."
)
ROWS_LINE = "Advice is taken ten times or more in a row about as often as chance brings: {k} more."
ROWS_EITHER = (
    "Whether advice is taken in rows of ten or more beyond what chance brings could go either way: "
    "{k} more."
)
LONGER = "A decision takes {k} longer with the advice in view."
SHORTER = "A decision takes {k} less with the advice in view."
LONGER_RANDOMISED = "Seeing the advice makes a decision take {k} longer."
SHORTER_RANDOMISED = "Seeing the advice makes a decision take {k} less."
ALIKE = "With and without the advice, decisions take about as long: {k} apart."
MEAN = "With the advice in view, a decision takes {k}."
PLANTED = "Of wrong advice planted to see whether it is read, {k} was taken."
COUNTED = "Counted over {n}."
TERM = "NT10 response-time floor (Wise and Ma 2012); times cut at each kind’s 99th hundredth."

CLAIM_MORE = "Wrong advice goes with more wrong choices than no advice"
CLAIM_MORE_RANDOMISED = "Seeing wrong advice makes choices wrong more often"
CLAIM_FROM_VIEW = "After wrong advice, choices are wrong more often than first views"
MORE = "Where the advice was wrong, choices were wrong more often with it in view, by {k}."
LESS = "Where the advice was wrong, choices were wrong less often with it in view, by {k}."
TIMES = "That is {k} times as often as without it."
FROM_VIEW = (
    "Where the advice was wrong, choices were wrong more often than the first views of the same "
    "cases, by {k}; second thoughts alone are part of that."
)
FROM_VIEW_LESS = (
    "Where the advice was wrong, choices were wrong less often than the first views of the same "
    "cases, by {k}."
)
OTHER_SIDE = (
    "Right advice has its own effect, told elsewhere here; this is what its mistakes cost while "
    "people can still stop them."
)
MISSED = "Where the advice was right and in view, choices were still wrong {k}."
MISSED_LESS = "With it hidden they were wrong more often, by {k}."
MISSED_MORE = "With it hidden they were wrong less often, by {k}."
MISSED_VIEWS = "The first views of those cases were wrong more often, by {k}."
BOTH_SIDES = "Which of the two weighs more depends on how often the advice is right."
TERM_BIAS = "Commission and omission errors (Skitka, Mosier and Burdick 1999); 95% range."


def attention(telling: Telling) -> Section | Line | None:
    """The section on reading and time; a line where there is little to say."""
    stamped = telling.figure("rubber-stamp")
    rows = telling.figure("streaks-beyond-chance")
    if stamped is None:
        return _rows_only(telling, rows)
    claim = CLAIM_FAST if stamped.word in PAST_LINE else CLAIM_READ
    lead = [say(STAMPED, k=telling.cite(stamped)), *_pace(telling), say(SKILL)]
    more = [*_rows(telling, rows), *_seconds(telling), *_planted(telling)]
    times = [
        (telling.figure("seconds", arm=arm), label)
        for arm, label in (("with advice", "Advice in view"), ("without", "Without advice"))
    ]
    drawn = tuple(Row(label=label, figure=f, tone=Tone.AI) for f, label in times if f is not None)
    chart = RowChart(
        title=say("How long a decision takes"),
        subtitle="Seconds, times cut where a tab was left open",
        head="Cases",
        value_head="seconds",
        rows=drawn,
    )
    return Section(
        key="attention",
        claim=say(claim),
        lead=(joined(*lead), *((joined(*more),) if more else ())),
        charts=(chart,) if len(drawn) > 1 else (),
        note=_note(telling, stamped),
        term=TERM,
        word=stamped.word,
        primary=stamped,
        leads=stamped.word in PAST_LINE,
    )


def _rows_only(telling: Telling, rows: Figure | None) -> Section | Line | None:
    if rows is None:
        return None
    if rows.word not in PAST_LINE or estimate_of(rows).value <= 0:
        text = ROWS_LINE if rows.word is Word.TOO_SMALL else ROWS_EITHER
        return Line(key="attention", says=say(text, k=telling.cite(rows)))
    return Section(
        key="attention",
        claim=say(CLAIM_ROWS),
        lead=(joined(*_rows(telling, rows), say(SKILL), *_planted(telling)),),
        note=_note(telling, rows),
        term="Runs of ten and more against the same cases in any order (Mood 1940).",
        word=rows.word,
        primary=rows,
    )


def _pace(telling: Telling) -> list[Sentence]:
    fast, slow = (telling.figure("taken-wrong", pace=p) for p in ("fast", "slow"))
    if fast is None:
        return []
    if slow is None:
        return [say(PACE_ALONE, fast=telling.times(fast))]
    return [say(PACE, fast=telling.times(fast), slow=telling.times(slow))]


def _rows(telling: Telling, rows: Figure | None) -> list[Sentence]:
    share = telling.figure("streaks")
    chance = noted_number(rows, "chance")
    if rows is None or share is None or chance is None or rows.word not in PAST_LINE:
        return []
    return [
        say(ROWS, k=telling.cite(share), chance=telling.noted(rows, of_hundred(chance)))
    ]  # fmt: skip


def _seconds(telling: Telling) -> list[Sentence]:
    apart = telling.figure("seconds-with-advice")
    if apart is None:
        alone = telling.figure("seconds", arm="with advice")
        return [] if alone is None else [say(MEAN, k=telling.cite(alone))]
    if apart.word not in THERE:
        return [say(ALIKE, k=telling.cite(apart))]
    longer = estimate_of(apart).value > 0
    text = LONGER if longer else SHORTER
    if apart.grade is Grade.RANDOMISED:
        text = LONGER_RANDOMISED if longer else SHORTER_RANDOMISED
    return [say(text, k=telling.cite(apart, size=True))]


def _planted(telling: Telling) -> list[Sentence]:
    planted = telling.figure("planted-taken")
    return [] if planted is None else [say(PLANTED, k=telling.cite(planted))]


def automation_bias(telling: Telling) -> Section | Line | None:
    """What wrong advice does to choices; None where it is not known."""
    apart = telling.figure("commission")
    views = telling.figure("commission-from-first-view")
    primary = apart or views
    if primary is None:
        return None
    value = estimate_of(primary).value
    lead: list[Sentence] = []
    if apart is not None:
        lead += _apart(telling, apart)
    if views is not None:
        text = FROM_VIEW if estimate_of(views).value >= 0 else FROM_VIEW_LESS
        lead.append(say(text, k=telling.cite(views, size=True)))
    if primary.word not in PAST_LINE or value <= 0:
        return Line(key="wrong-advice", says=joined(*lead))
    claim = CLAIM_FROM_VIEW
    if apart is not None:
        claim = CLAIM_MORE_RANDOMISED if apart.grade is Grade.RANDOMISED else CLAIM_MORE
    return Section(
        key="wrong-advice",
        claim=say(claim),
        lead=(joined(*lead), joined(*(_missed(telling) or [say(OTHER_SIDE)]))),
        note=_note(telling, primary),
        term=TERM_BIAS,
        word=primary.word,
        primary=primary,
    )


def _missed(telling: Telling) -> list[Sentence]:
    """The other side: what became of cases in which the advice was right."""
    missed = telling.figure("omission")
    if missed is None:
        return []
    told = [say(MISSED, k=telling.times(missed))]
    apart = telling.figure("omission-apart")
    views = telling.figure("omission-from-first-view")
    if apart is not None and apart.word in THERE:
        text = MISSED_LESS if estimate_of(apart).value < 0 else MISSED_MORE
        told.append(say(text, k=telling.cite(apart, size=True)))
    elif views is not None and views.word in THERE and estimate_of(views).value < 0:
        told.append(say(MISSED_VIEWS, k=telling.cite(views, size=True)))
    return [*told, say(BOTH_SIDES)]


def _apart(telling: Telling, apart: Figure) -> list[Sentence]:
    text = MORE if estimate_of(apart).value >= 0 else LESS
    told = [say(text, k=telling.cite(apart, size=True))]
    times = telling.figure("commission-ratio")
    if times is not None:
        told.append(say(TIMES, k=telling.cite(times)))
    return told


def _note(telling: Telling, figure: Figure) -> tuple[Sentence, ...]:
    notes = [say(COUNTED, n=telling.counted(figure))]
    if (about := telling.population(figure)) is not None:
        notes.append(about)
    return tuple(notes)
