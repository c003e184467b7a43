"""Whether stated chances come true: the AI's and people's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.present.numbers import count, decimal
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, Toned, joined, say
from sayso.present.telling import estimate_of, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

LEAST_SURE = 0.05
CLAIMS_AI = {
    "surer": "The AI sounds surer than it should",
    "shyer": "The AI is less sure than it could be",
    "off": "What the AI says is not how often it happens",
}
CLAIMS_PEOPLE = {
    "surer": "First views sound surer than they should",
    "shyer": "First views are less sure than they could be",
    "off": "What first views say is not how often it happens",
}
NOTHING_AI = "The AI’s stated chances show no sign of being off; luck alone would look the same."
NOTHING_PEOPLE = "People’s stated chances show no sign of being off; luck would look the same."
UNTESTED_AI = "What the AI says, and how often it happens"
UNTESTED_PEOPLE = "What first views say, and how often it happens"
TOP = "When {who} {says} {said} in 100, it happens {k}."
SLOPE = "Logistic slope {k}, where 1 is true and less is surer than it should be."
READ = {
    "surer": "Read what sounds almost certain as likely, and what sounds hopeless as unlikely.",
    "shyer": "What sounds likely may be taken as more certain than it sounds.",
}
MISS = "The miss is {k} in squared error; true chances would show {mean} by luck alone."
GROUPED = "{n} cases with a known outcome, grouped by what was said; {rows} in a row."
SEEN = (
    "Outcomes are known after “{option}” only, and people chose those cases; the others may have "
    "come out otherwise."
)
TERM = "Calibration (reliability), pooled by isotonic regression; logistic slope."
WHO = {"ai": ("it", "says"), "people": ("people", "say")}


def calibration(telling: Telling) -> tuple[Section | Line, ...]:
    """Sections on stated chances, the AI's first."""
    found = (_calibration(telling, of) for of in ("ai", "people"))
    return tuple(section for section in found if section is not None)


def _calibration(telling: Telling, of: str) -> Section | Line | None:
    tenths = sorted(
        (f for f in telling.with_value("calibration") if f.group("of") == of), key=_said
    )
    if not tenths:
        return None
    slope = telling.figure("calibration-slope", of=of)
    miss = telling.figure("miscalibration", of=of)
    kind = _kind(slope, miss)
    if kind is None and miss is not None:
        return Line(key=f"calibration-{of}", says=say(NOTHING_AI if of == "ai" else NOTHING_PEOPLE))
    claims = CLAIMS_AI if of == "ai" else CLAIMS_PEOPLE
    untested = UNTESTED_AI if of == "ai" else UNTESTED_PEOPLE
    primary = slope if kind in ("surer", "shyer") and slope is not None else (miss or tenths[-1])
    return Section(
        key=f"calibration-{of}",
        claim=say(claims[kind] if kind else untested),
        lead=_lead(telling, of, tenths, kind),
        charts=(_chart(of, tenths),),
        note=_note(telling, primary, tenths, slope, miss),
        term=TERM,
        word=primary.word,
        primary=primary,
        leads=kind is not None,
    )


def _kind(slope: Figure | None, miss: Figure | None) -> str | None:
    """What may be said: nothing unless the miss is more than luck (RULINGS 18)."""
    p = noted_number(miss, "p")
    if p is None or p >= LEAST_SURE:
        return None
    if slope is not None and estimate_of(slope).high < 1:
        return "surer"
    if slope is not None and estimate_of(slope).low > 1:
        return "shyer"
    return "off"


def _said(figure: Figure) -> float:
    said = noted_number(figure, "said")
    if said is not None:
        return said
    text = figure.group("said") or "0"
    return float(text) / 100 if text.replace(".", "", 1).isdigit() else 0.0


def _lead(
    telling: Telling, of: str, tenths: list[Figure], kind: str | None
) -> tuple[Sentence, ...]:
    who, says = WHO[of]
    ends = [tenths[-1], tenths[0]] if len(tenths) > 1 else tenths
    told = [
        say(TOP, who=who, says=says, said=count(_said(f) * 100), k=telling.times(f)) for f in ends
    ]
    if kind in READ:
        told.append(say(READ[kind]))
    return (joined(*told),)


def _chart(of: str, tenths: list[Figure]) -> RowChart:
    who, tone = ("the AI", Tone.AI) if of == "ai" else ("people", Tone.PEOPLE)
    return RowChart(
        title=say("{who} said and what happened", who=Toned(f"What {who}", tone)),
        subtitle="How often it happened, per 100 cases",
        head=f"{who[0].upper()}{who[1:]} said",
        value_head="happened",
        rows=tuple(
            Row(
                label=f"{count(_said(f) * 100)} in 100",
                sub=f"{count(estimate_of(f).n)} cases",
                figure=f,
                tone=Tone.BOTH,
                said=_said(f),
            )
            for f in tenths
        ),
        open_key=f"what {who} said",
        filled_key="what happened, with its range",
        open_tone=tone,
        narrow=True,
    )


def _note(
    telling: Telling,
    primary: Figure,
    tenths: list[Figure],
    slope: Figure | None,
    miss: Figure | None,
) -> tuple[Sentence, ...]:
    sizes = [estimate_of(f).n for f in tenths]
    total, least, most = count(sum(sizes)), count(min(sizes)), count(max(sizes))
    rows = f"from {least} to {most}" if least != most else least
    notes = [say(GROUPED, n=total, rows=rows)]
    if slope is not None:
        notes.append(say(SLOPE, k=telling.cite(slope)))
    mean = noted_number(miss, "null_mean")
    if miss is not None and mean is not None:
        notes.append(say(MISS, k=telling.cite(miss), mean=decimal(mean, 3)))
    if (option := telling.reading.setting.outcome_seen_for) is not None:
        notes.append(say(SEEN, option=option))
    if (about := telling.population(primary)) is not None:
        notes.append(about)
    return tuple(notes)
