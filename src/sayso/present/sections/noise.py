"""Where noise comes from: general level, own pattern, the occasion; and what it costs at least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Word
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import estimate_of, how_many_more, is_share

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_PATTERN = "On the same cases, own patterns tell {people} apart more than strictness"
CLAIM_LEVEL = "On the same cases, general strictness tells {people} apart most"
CLAIM_EITHER = "Where differences on the same case come from"
CLAIM_REPEAT = "Shown the same case again, a {person} chooses differently {k}"
DIFFER = "Of 100 pairs of {people} on the same case, {k} choose differently."
LEVEL = (
    "{level} of them go with general level, some choosing an option more often in every case; "
    "{pattern} with patterns, each leaning in cases of their own."
)
APART = "Two {people} lie {k} apart on the same case, on average."
SPREAD = (
    "General level, some higher in every case, spreads by {level}; patterns, each leaning in cases "
    "of their own, by {pattern}; these do not add up."
)
REPEAT = "Shown the same case again, one {person} chooses differently {k}."
OCCASION = "So of the patterns, {own} are left once the occasion is taken out."
COST = "Of two who differ at most one is right, so that costs at least {k} a case."
NOTHING = "Where differences on the same case come from: {missing}."
EXACT = "Everybody answered every case, so the parts of pairs add up exactly."
NEAR = "Not everybody answered every case, so the parts are estimates and need not add up."
FROM_SUMS = "The table is large, so they come from its sums."
NO_LEVEL = "Levels differ less than patterns alone would make them, so their part is told as none."
PARTS = (
    ("level", "General level"),
    ("pattern", "Patterns, with occasion"),
    ("own pattern", "Patterns, without occasion"),
    ("occasion", "The same person again"),
    ("system", "All between people"),
)
TERM = (
    "Level, pattern and occasion noise; ranges from chi-squared mean squares, narrowed by nothing "
    "that leaving out people or cases does not bear out."
)
TERM_REPEAT = "Disagreement of repeats within people; 95% range."


def noise(telling: Telling) -> Section | Line | None:
    """The section on noise; None where no case was decided more than once."""
    key = "noise-apart" if telling.reading.setting.quantity else "noise-differ"
    parts = {
        name: found for name, _ in PARTS if (found := telling.figure(key, part=name)) is not None
    }
    repeat = telling.figure("repeat-differ")
    if "system" not in parts:
        return _repeat_only(telling, repeat) if repeat is not None else _nothing(telling, key)
    if (two := telling.figure("two-differ")) is not None:
        # The same share by looking at pairs, whose range speaks of people on these cases.
        parts = {**parts, "system": two}
    system = parts["system"]
    claim, word = _claim(telling, parts)
    return Section(
        key="noise",
        claim=claim,
        lead=_lead(telling, parts, repeat),
        charts=(_chart(telling, parts),),
        note=_note(telling, parts),
        term=TERM,
        word=word,
        primary=system,
        leads=word is Word.CLEAR,
    )


def _nothing(telling: Telling, key: str) -> Line | None:
    """One line where cases are shared and too few for a range."""
    found = telling.reading.figure(key, part="system")
    if found is None or not isinstance(found.answer, NotEnoughData):
        return None
    return Line(key="noise", says=say(NOTHING, missing=how_many_more(found.answer)))


def _repeat_only(telling: Telling, repeat: Figure) -> Section:
    return Section(
        key="noise",
        claim=say(CLAIM_REPEAT, person=_person(telling), k=telling.bare_times(repeat)),
        lead=(say(REPEAT, person=_person(telling), k=telling.times(repeat)),),
        note=(say("Counted over {n}.", n=telling.counted(repeat, of="pairs of answers")),),
        term=TERM_REPEAT,
        word=Word.CLEAR,
        primary=repeat,
        leads=False,
    )


def _person(telling: Telling) -> str:
    return telling.decider if telling.decider != "decider" else "person"


def _claim(telling: Telling, parts: dict[str, Figure]) -> tuple[Sentence, Word]:
    """Which part is larger, said only where their ranges lie apart."""
    level, pattern = (estimate_of(parts[name]) for name in ("level", "pattern"))
    if level.high < pattern.low:
        return say(CLAIM_PATTERN, people=telling.deciders), Word.CLEAR
    if pattern.high < level.low:
        return say(CLAIM_LEVEL, people=telling.deciders), Word.CLEAR
    return say(CLAIM_EITHER), Word.EITHER


def _lead(
    telling: Telling, parts: dict[str, Figure], repeat: Figure | None
) -> tuple[Sentence, ...]:
    shares = is_share(parts["system"])
    size = {name: telling.value_of(parts[name]) for name in ("level", "pattern")}
    first: list[Sentence] = []
    if shares:
        first.append(say(DIFFER, people=telling.deciders, k=telling.value_of(parts["system"])))
        first.append(say(LEVEL, **size))
    else:
        if (apart := telling.figure("two-apart")) is not None:
            first.append(say(APART, people=telling.deciders, k=telling.cite(apart)))
        first.append(
            say(SPREAD, level=telling.cite(parts["level"]), pattern=telling.cite(parts["pattern"]))
        )
    second: list[Sentence] = []
    if repeat is not None:
        second.append(say(REPEAT, person=_person(telling), k=telling.times(repeat)))
    if "own pattern" in parts:
        own = parts["own pattern"]
        second.append(say(OCCASION, own=telling.value_of(own) if shares else telling.cite(own)))
    if (cost := telling.figure("noise-cost")) is not None:
        second.append(say(COST, k=telling.cite(cost)))
    return tuple(joined(*paragraph) for paragraph in (first, second) if paragraph)


def _chart(telling: Telling, parts: dict[str, Figure]) -> RowChart:
    shares = is_share(parts["system"])
    return RowChart(
        title=say(
            "Of 100 pairs on the same case, how many differ"
            if shares
            else "How widely answers to the same case spread"
        ),
        subtitle="By where it comes from"
        if shares
        else "Standard deviation, by where it comes from",
        head="Part",
        value_head=telling.unit_of(parts["system"]),
        rows=tuple(
            Row(label=label, figure=parts[name], tone=Tone.PEOPLE)
            for name, label in PARTS
            if name in parts
        ),
        wide=True,
        of="answers",
    )


def _note(telling: Telling, parts: dict[str, Figure]) -> tuple[Sentence, ...]:
    system, pattern = parts["system"], parts["pattern"]
    notes = [say("Counted over {n}.", n=telling.counted(system, of="answers"))]
    if is_share(system):
        notes.append(say(EXACT if pattern.note("complete") else NEAR))
    if pattern.note("method") == "moments" and not pattern.note("complete"):
        notes.append(say(FROM_SUMS))
    if pattern.note("raw") is not None:
        notes.append(say(NO_LEVEL))
    if (about := telling.population(system)) is not None:
        notes.append(about)
    return tuple(notes)
