"""Sections and their pictures as plain values for a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sayso.domain.answer import NotEnoughData
from sayso.present.marks import (
    axis,
    evidence,
    flow_strip,
    hundred_strip,
    range_row,
    scale_over,
    trade_map,
    twenty_dots,
)
from sayso.present.numbers import key_of
from sayso.present.section import (
    DotChart,
    FlowChart,
    ListChart,
    MapChart,
    RowChart,
    StripChart,
    TableChart,
    TimeChart,
)
from sayso.present.telling import estimate_of, how_many_more, is_share
from sayso.present.time_picture import time_picture

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.numbers import Printed
    from sayso.present.section import Chart, Row, Section


class Teller(Protocol):
    """Whoever knows in which units and words figures are told."""

    def number(self, figure: Figure, *, size: bool = False, column: bool = False) -> Printed:
        """A figure's value and range, ready to print."""
        ...

    def counted(self, figure: Figure, of: str = "cases") -> str:
        """Cases and people behind a figure."""
        ...


def drawn_short(section: Section) -> dict[str, Any]:
    """A section's claim with its evidence word, as a list names it."""
    return {
        "key": section.key,
        "claim": section.claim,
        "word": section.word,
        "tag": evidence(section.word) if section.word else None,
    }


def drawn_section(telling: Teller, section: Section, *, keyed: bool) -> tuple[dict[str, Any], bool]:
    """One section, and whether a key to the ranges has been printed by now."""
    charts: list[dict[str, Any]] = []
    for chart in section.charts:
        drawn = _chart(telling, chart)
        needs_key = isinstance(chart, RowChart) and chart.open_key is None and not chart.bar_key
        drawn["first"] = needs_key and not keyed
        keyed = keyed or needs_key
        charts.append(drawn)
    values = {
        **drawn_short(section),
        "lead": section.lead,
        "charts": charts,
        "note": section.note,
        "term": section.term,
    }
    return values, keyed


def _chart(telling: Teller, chart: Chart) -> dict[str, Any]:
    match chart:
        case RowChart():
            return _rows(telling, chart)
        case FlowChart():
            return _flow(telling, chart)
        case StripChart():
            return drawn_strips(telling, chart)
        case DotChart():
            return _dots(telling, chart)
        case TableChart():
            return {
                "kind": "table",
                "title": chart.title,
                "subtitle": chart.subtitle,
                "corner": chart.corner,
                "heads": chart.heads,
                "rows": chart.rows,
            }
        case MapChart():
            return {
                "kind": "map",
                "title": chart.title,
                "subtitle": chart.subtitle,
                "across": chart.across,
                "up": chart.up,
                "picture": trade_map(chart.points),
                "corner": "Rule",
                "heads": chart.heads,
                "rows": chart.rows,
            }
        case TimeChart():
            return _over_time(telling, chart)
        case ListChart():
            return {
                "kind": "list",
                "title": chart.title,
                "subtitle": chart.subtitle,
                "entries": chart.items,
            }


def _rows(telling: Teller, chart: RowChart) -> dict[str, Any]:
    known = [row.figure.estimate for row in chart.rows if row.figure.estimate is not None]
    hundred = any(is_share(row.figure) for row in chart.rows)
    values = [end for e in known for end in (e.low, e.high)]
    values += [row.said for row in chart.rows if row.said is not None]
    values += [reference.at for reference in chart.references]
    scale = scale_over(values or [0.0, 1.0], hundred=hundred)
    at = [reference.at for reference in chart.references]
    rows: list[dict[str, Any]] = []
    for row in chart.rows:
        number = (
            telling.number(row.figure, column=True) if row.figure.estimate is not None else None
        )
        rows.append(
            {
                "label": row.label,
                "sub": row.sub or _behind(telling, row, chart.of),
                "key": key_of(row.figure),
                "value": number.single if number else "",
                "span": number.span if number else "",
                "plot": range_row(
                    scale,
                    row.figure.estimate,
                    row.tone,
                    references=at,
                    said=row.said,
                    said_tone=chart.open_tone,
                ),
            }
        )
    return {
        "kind": "rows",
        "title": chart.title,
        "subtitle": chart.subtitle,
        "head": chart.head,
        "value_head": chart.value_head,
        "rows": rows,
        "axis": axis(scale, [(r.at, r.label) for r in chart.references], hundred=hundred),
        "open_key": chart.open_key,
        "open_tone": chart.open_tone.value,
        "filled_key": chart.filled_key,
        "bar_key": chart.bar_key,
        "narrow": chart.narrow,
        "wide": chart.wide,
    }


def _behind(telling: Teller, row: Row, of: str) -> str:
    """Second line of a row: what stands behind it, or what is missing."""
    if row.figure.estimate is not None:
        return telling.counted(row.figure, of)
    answer = row.figure.answer
    return how_many_more(answer) if isinstance(answer, NotEnoughData) else ""


def drawn_strips(telling: Teller, chart: StripChart) -> dict[str, Any]:
    """Hundred strips under one title."""
    strips: list[dict[str, Any]] = []
    for strip in chart.strips:
        number = telling.number(strip.figure, size=True, column=True)
        estimate = estimate_of(strip.figure)
        low, high = sorted((abs(estimate.low), abs(estimate.high)))
        if estimate.low <= 0 <= estimate.high:
            low, high = 0.0, estimate.high if estimate.value >= 0 else -estimate.low
        strips.append(
            {
                "label": strip.label,
                "key": key_of(strip.figure),
                "value": number.single,
                "span": number.span,
                "picture": hundred_strip(low, abs(estimate.value), high, strip.tone, strip.spoken),
            }
        )
    return {"kind": "strips", "title": chart.title, "strips": strips, "source": chart.source}


def _flow(telling: Teller, chart: FlowChart) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for part in chart.parts:
        number = telling.number(part.figure, column=True)
        parts.append(
            {
                "label": part.label,
                "sub": telling.counted(part.figure),
                "key": key_of(part.figure),
                "value": number.single,
                "span": number.span,
                "swatch": f"sw-{part.tone.value}{'2' if part.pale else ''}",
            }
        )
    return {
        "kind": "flow",
        "title": chart.title,
        "subtitle": chart.subtitle,
        "picture": flow_strip(chart.parts, chart.spoken),
        "parts": parts,
    }


def _dots(telling: Teller, chart: DotChart) -> dict[str, Any]:
    scale = scale_over([0.0, *(dot for row in chart.rows for dot in row.dots)], hundred=False)
    rows: list[dict[str, Any]] = []
    for row in chart.rows:
        number = (
            telling.number(row.figure, column=True) if row.figure.estimate is not None else None
        )
        rows.append(
            {
                "label": row.label,
                "sub": row.sub,
                "key": key_of(row.figure),
                "value": number.single if number else "",
                "span": number.span if number else "",
                "plot": twenty_dots(scale, row.dots, row.tone),
            }
        )
    return {
        "kind": "dots",
        "title": chart.title,
        "subtitle": chart.subtitle,
        "head": "What",
        "value_head": chart.value_head,
        "rows": rows,
        "axis": axis(scale, [], hundred=False),
        "source": chart.source,
    }


def _over_time(telling: Teller, chart: TimeChart) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for point in chart.points:
        figure = point.figure
        number = telling.number(figure, column=True) if figure.estimate is not None else None
        missing = figure.answer
        rows.append(
            {
                "label": point.label,
                "behind": telling.counted(figure)
                if number
                else how_many_more(missing)
                if isinstance(missing, NotEnoughData)
                else "",
                "key": key_of(figure),
                "value": number.single if number else "",
                "span": number.span if number else "",
            }
        )
    return {
        "kind": "time",
        "title": chart.title,
        "subtitle": chart.subtitle,
        "value_head": chart.value_head,
        "picture": time_picture(chart),
        "rows": rows,
    }
