"""What speaks against taking the inputs as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.present.numbers import of_hundred
from sayso.present.section import Line, Section
from sayso.present.sentence import joined, say
from sayso.present.telling import PAST_LINE, THERE, estimate_of, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM = "Handle with care: some inputs bend what is said here"
AT_ONCE = (
    "Of the outcomes with a time, {k} were written down within a minute of the choice. Whoever "
    "chose may have written them, so they may say what was hoped rather than what happened."
)
EARLY = "Of the known outcomes, {k} came before they were due."
EARLY_GAP = (
    "Outcomes that came early turned out wrong {k} {than} than those that were due; until the "
    "rest is known, figures on quality lean that way."
)
MISSING = {
    "shown": "Outcomes are missing {k} {than} with advice in view than without.",
    "overruled": "Outcomes are missing {k} {than} where the advice was overruled than followed.",
}
MISSING_OPTION = "Outcomes are missing {k} {than} after “{option}” than after the other option."
RATIO = (
    "Advice was in view in {k}, where a coin of {stated} in 100 is said to have decided. Something "
    "else decided too, so nothing here is taken as randomised."
)
LEARNED = (
    "Choices without advice in view came to look more like the advice over time: {k}. What is "
    "learned from one arm is carried into the other, and the arms then differ less than they would."
)
CLEAN = (
    "Nothing looked at speaks against the inputs: when outcomes were written down, whether they "
    "came early, whether they are missing on one side, and how often advice was in view."
)
TERM = (
    "Self-report, early resolution, missing not at random, sample-ratio mismatch, learning across "
    "arms."
)


def input_care(telling: Telling) -> Section | Line | None:
    """The section of warnings; a line where there is nothing to warn of; None without figures."""
    told = [item for item in _warnings(telling) if item is not None]
    looked = [
        f
        for name in ("outcome-at-once", "outcome-early", "missing-apart", "sample-ratio")
        for f in telling.reading.all_of(name)
        if f.estimate is not None
    ]
    if not told:
        return Line(key="care", says=say(CLEAN)) if looked else None
    first = told[0][1]
    return Section(
        key="care",
        claim=say(CLAIM),
        lead=(told[0][0], joined(*(s for s, _ in told[1:]))) if told[1:] else (told[0][0],),
        note=(say("Counted over {n}.", n=telling.counted(first)),),
        term=TERM,
        word=None,
        primary=first,
        leads=False,
    )


def _warnings(telling: Telling) -> list[tuple[Sentence, Figure] | None]:
    found: list[tuple[Sentence, Figure] | None] = []
    ratio = telling.figure("sample-ratio")
    if ratio is not None and ratio.note("mismatch") is True:
        stated = of_hundred(noted_number(ratio, "stated") or 0.0)
        found.append(
            (say(RATIO, k=telling.cite(ratio), stated=telling.noted(ratio, stated)), ratio)
        )
    at_once = telling.figure("outcome-at-once")
    if at_once is not None and at_once.word in PAST_LINE:
        found.append((say(AT_ONCE, k=telling.cite(at_once)), at_once))
    found.append(_early(telling))
    for figure in telling.with_value("missing-apart", "more_in"):
        found.append(_missing(telling, figure))
    learned = telling.figure("influence-hidden-rise")
    if learned is not None and estimate_of(learned).low > 0:
        found.append((say(LEARNED, k=telling.cite(learned)), learned))
    return found


def _early(telling: Telling) -> tuple[Sentence, Figure] | None:
    early, gap = telling.figure("outcome-early"), telling.figure("outcome-early-gap")
    if early is None or early.word not in THERE:
        return None
    told = say(EARLY, k=telling.cite(early))
    if gap is None or gap.word not in THERE:
        return (told, early)
    than = "more often" if estimate_of(gap).value > 0 else "less often"
    more = say(EARLY_GAP, k=telling.cite(gap, size=True), than=than)
    return (joined(told, more), early)


def _missing(telling: Telling, figure: Figure) -> tuple[Sentence, Figure] | None:
    if figure.word not in (*PAST_LINE, Word.SMALL):
        return None
    side = figure.group("more_in") or ""
    than = "more often" if estimate_of(figure).value > 0 else "less often"
    k = telling.cite(figure, size=True)
    if side in MISSING:
        return (say(MISSING[side], k=k, than=than), figure)
    return (say(MISSING_OPTION, k=k, than=than, option=side), figure)
