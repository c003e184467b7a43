"""The report of a round, as a page of its own, as plain values and as text for a terminal."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from textwrap import fill
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sayso.align.counts import Spread
from sayso.align.round_reading import HelpMost, OrderReading
from sayso.domain.figure import Unit
from sayso.present.drawn import drawn_section, drawn_short
from sayso.present.marks import swatch
from sayso.present.numbers import key_of, on_day
from sayso.present.report import sheet_style, sheet_templates
from sayso.present.report_json import figure_json
from sayso.present.rounds.help import regret_shown
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
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sayso.align.counts import Counted
    from sayso.align.round_reading import RoundReading
    from sayso.domain.figure import Figure
    from sayso.present.rounds.told import RoundTold
    from sayso.present.section import Chart

LEADING = 6
SHARE_PLACES = 2


def round_page(told: RoundTold) -> dict[str, Any]:  # values of any type, as Jinja takes them
    """Everything the templates print of a round."""
    keyed = False
    sections: list[dict[str, Any]] = []
    for section in told.sections:
        drawn, keyed = drawn_section(told.telling, section, keyed=keyed)
        sections.append(drawn)
    return {
        "headline": told.headline,
        "eyebrow": f"{told.telling.reading.charter}: {told.telling.reading.question}",
        "stand": told.stand,
        "short": [drawn_short(s) for s in told.sections if s.leads][:LEADING],
        "sections": sections,
        "lines": told.lines,
        "cases": told.cases,
        "unknown": told.unknown,
        "steps": told.steps,
        "settled": told.settled,
    }


def round_html(told: RoundTold, *, made_on: date, version: str, system_fonts: bool = False) -> str:
    """The report as one self-contained page; the same round gives the same bytes.

    Args:
        told: What the round says.
        made_on: The day it was made.
        version: Sayso's version.
        system_fonts: Whether the page leaves its own fonts out.
    """
    style = sheet_style(system_fonts=system_fonts)
    return (
        sheet_templates()
        .get_template("round_report.html")
        .render(
            page={**round_page(told), "made_on": on_day(made_on), "version": version},
            style=Markup(style),
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            swatch=swatch,
        )
    )


def round_json(told: RoundTold) -> dict[str, Any]:  # JSON holds values of every type
    """The report's content: headline, findings, figures and what it cannot tell."""
    reading = told.telling.reading
    return {
        "round": reading.round_id,
        "charter": str(reading.charter),
        "sent": reading.sent,
        "invited": reading.invited,
        "headline": told.headline.text,
        "findings": [
            {
                "section": section.key,
                "claim": section.claim.text,
                "sentence": " ".join(sentence.text for sentence in section.lead),
                "word": str(section.word) if section.word is not None else None,
            }
            for section in told.sections
        ],
        "also": [line.says.text for line in told.lines],
        "owners": _counted(reading.owners),
        "purposes": _counted(reading.purposes),
        "order": _order(reading),
        "cases": [{"case": facts, "counts": counts} for facts, counts in told.cases],
        "figures": [_coarse(figure_json(figure)) for figure in _figures(told)],
        "regret": _regret(reading),
        "cannot_tell": [
            {"question": item.question, "cheapest_way": item.cheapest_way} for item in told.unknown
        ],
    }


def _regret(reading: RoundReading) -> list[list[float]]:
    """The table of losses that stands in for figures under five people; empty from five on."""
    found = reading.help_most
    table = found.regret if isinstance(found, HelpMost) else ()
    return [list(regret_shown(row)) for row in table]


def _counted(counted: Counted) -> dict[str, Any]:
    """Counts as far as they may be told; where they are lower bounds, that is said."""
    return {
        "said": [{"text": text, "people": people} for text, people in counted.shown],
        "at_least": counted.at_least,
        "others": counted.others,
        "skipped": counted.skipped,
    }


def _coarse(plain: dict[str, Any]) -> dict[str, Any]:
    """A figure with no more digits than a page prints: from all of them, answers could be solved for."""
    fine = plain["unit"] in (Unit.SHARE, Unit.NET_SHARE)
    kept = {
        name: _digits(plain[name], share=fine)
        for name in ("value", "low", "high")
        if isinstance(plain[name], float)
    }
    if "notes" not in plain:
        return {**plain, **kept}
    notes = {
        name: round(value, SHARE_PLACES) if isinstance(value, float) else value
        for name, value in plain["notes"].items()
        if name != "raw"
    }
    return {**plain, **kept, "notes": notes}


def _digits(value: float, *, share: bool) -> float:
    """A number to one in a hundred, or to two significant digits."""
    if share or value == 0:
        return round(value, SHARE_PLACES)
    return float(f"{value:.1e}")


def _order(reading: RoundReading) -> dict[str, Any] | None:
    """How alike people order what matters; nothing where one person alone would show."""
    order = reading.order
    known = any(isinstance(w.spread, Spread) for w in reading.weights)
    if not known or not isinstance(order, OrderReading) or order.but_one:
        return None
    return {
        "nearest": list(order.order),
        "next": list(order.runner_up),
        "spearman": round(order.spearman, 2),
        "w": round(order.w, 2),
        "w_by_chance": round(order.by_chance, 2),
        "margin": order.margin,
        "pairs": order.pairs,
    }


def _figures(told: RoundTold) -> Iterator[Figure]:
    """Every figure that is drawn or printed, once each."""
    found: dict[str, Figure] = {}
    for section in told.sections:
        drawn = [f for chart in section.charts for f in _of(chart)]
        if section.primary is not None:
            drawn.insert(0, section.primary)
        for figure in drawn:
            found.setdefault(key_of(figure), figure)
    yield from (found | told.telling.cited).values()


def _of(chart: Chart) -> Iterator[Figure]:
    match chart:
        case RowChart() | DotChart():
            yield from (row.figure for row in chart.rows)
        case TableChart():
            # Under five people nothing has a range, so there is no figure; see ``regret``.
            return
        case MapChart():
            yield from (figure for row in chart.rows for figure in row.figures)
        case StripChart():
            yield from (strip.figure for strip in chart.strips)
        case FlowChart():
            yield from (part.figure for part in chart.parts)
        case TimeChart():
            yield from (point.figure for point in chart.points)
        case ListChart():
            return


def round_text(told: RoundTold) -> str:
    """What a terminal shows: each claim with its sentence."""
    lines = [_wrapped(f"{told.headline.text}."), "", _wrapped(told.stand)]
    if told.settled is not None:
        lines += ["", _wrapped(f"Settled: {told.settled.rule}")]
    for section in told.sections:
        word = f" [{section.word}]" if section.word is not None else ""
        lines += ["", _wrapped(f"{section.claim.text}.{word}")]
        lines += [_wrapped(sentence.text, "    ") for sentence in section.lead]
    for line in told.lines:
        lines += ["", _wrapped(line.says.text)]
    return plain("\n".join(lines))


def _wrapped(text: str, indent: str = "  ") -> str:
    return fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
