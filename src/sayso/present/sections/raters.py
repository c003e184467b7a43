"""How far several people agree on the same cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_RAW = "On the same case, two people agree {k}"
CLAIM = "How far people agree on the same case"
RAW = "Two people who judge the same case agree {k}."
CHANCE = "Counting out what chance alone would bring, agreement is {k} on a scale to 1."
PARTS = (
    ("noise-case", "Differences between cases"),
    ("noise-level", "People’s general level"),
    ("noise-pattern", "People’s own pattern"),
    ("noise-system", "All between people"),
)
COEFFICIENTS = (
    ("krippendorff-alpha", "Krippendorff’s alpha", {}),
    ("fleiss-kappa", "Fleiss’ kappa", {}),
    ("gwet-ac1", "Gwet’s AC1", {}),
    ("icc", "Intraclass correlation (2,1)", {"form": "2,1"}),
)
TERM = "Agreement coefficients and variance components of a crossed table; 95% range."


def raters(telling: Telling) -> Section | Line | None:
    """The section on agreement between people; None where cases are not shared."""
    coefficients = [
        (found, label)
        for measure, label, groups in COEFFICIENTS
        if (found := telling.figure(measure, **groups) or telling.figure(measure)) is not None
    ]
    raw = telling.figure("raw-agreement")
    primary = raw or (coefficients[0][0] if coefficients else None)
    if primary is None:
        return None
    lead: list[Sentence] = []
    if raw is not None:
        lead.append(say(RAW, k=telling.times(raw)))
    if coefficients:
        lead.append(say(CHANCE, k=telling.cite(coefficients[0][0])))
    parts = [
        Row(label=label, figure=found, tone=Tone.PEOPLE)
        for measure, label in PARTS
        if (found := telling.figure(measure)) is not None
    ]
    charts: list[RowChart] = []
    if coefficients:
        charts.append(
            _table(
                "Agreement, counting out chance",
                "Coefficient",
                "0 to 1",
                [
                    Row(label=label, figure=figure, tone=Tone.PEOPLE)
                    for figure, label in coefficients
                ],
            )
        )
    if len(parts) > 1:
        charts.append(_table("Where the differences lie", "Part", "variance", parts))
    return Section(
        key="raters",
        claim=say(CLAIM_RAW, k=telling.bare_times(raw)) if raw is not None else say(CLAIM),
        lead=(joined(*lead),),
        charts=tuple(charts),
        note=_note(telling, primary),
        term=TERM,
        word=primary.word or Word.CLEAR,
        primary=primary,
        leads=raw is not None and raw.word is not None,
    )


def _table(title: str, head: str, value_head: str, rows: list[Row]) -> RowChart:
    return RowChart(
        title=say(title),
        subtitle="The range says how far the figure could be off",
        head=head,
        value_head=value_head,
        rows=tuple(rows),
        wide=True,
    )


def _note(telling: Telling, primary: Figure) -> tuple[Sentence, ...]:
    notes = [say("Counted over {n}.", n=telling.counted(primary))]
    if (about := telling.population(primary)) is not None:
        notes.append(about)
    return tuple(notes)
