"""The picture of values over time: dots with their ranges against what was written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sayso.present.marks import scale_over, tick_text
from sayso.present.telling import is_share

if TYPE_CHECKING:
    from sayso.present.marks import Scale
    from sayso.present.section import TimeChart

# Heights in pixels; what lies across is in percent, so that texts keep their size on a phone.
TOP, TALL, FOOT = 22, 150, 24
LEFT, RIGHT = 9.0, 98.0
MOST_LABELS = 6


def time_picture(chart: TimeChart) -> Markup:
    """Dots with 95 % bars in order of time, the assumed range as a band between dashed lines.

    Args:
        chart: What to draw; periods without a value are hatched.
    """
    figures = [point.figure for point in chart.points]
    hundred = any(is_share(figure) for figure in figures)
    known = [f.estimate for f in figures if f.estimate is not None]
    ends = [end for e in known for end in (e.low, e.high)]
    scale = scale_over([*ends, *chart.band], hundred=hundred)
    marks = [_grid(scale, hundred=hundred), _band(scale, chart)]
    every = -(-len(figures) // MOST_LABELS)
    step = (RIGHT - LEFT) / max(1, len(figures))
    for i, point in enumerate(chart.points):
        x = f"{LEFT + step * (i + 0.5):.2f}%"
        estimate = point.figure.estimate
        if estimate is None:
            marks.append(
                Markup('<rect class="none" x="{}" y="{}" width="{}" height="{}"/>').format(
                    f"{LEFT + step * (i + 0.3):.2f}%", TOP, f"{step * 0.4:.2f}%", TALL
                )
            )
        else:
            marks.append(
                Markup(
                    '<line class="bar" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
                    '<circle class="pt both" cx="{0}" cy="{3}" r="5"/>'
                ).format(
                    x, _y(scale, estimate.high), _y(scale, estimate.low), _y(scale, estimate.value)
                )
            )
        if i % every == 0:
            marks.append(
                Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    x, TOP + TALL + FOOT - 6, point.short
                )
            )
    if chart.event is not None:
        marks.append(_event(f"{LEFT + step * chart.event:.2f}", chart))
    return Markup(
        '<svg class="time" role="img" aria-label="{}" width="100%" height="{}">{}</svg>'
    ).format(chart.spoken, TOP + TALL + FOOT, Markup("").join(marks))


def _y(scale: Scale, value: float) -> str:
    """Pixels from the top."""
    return f"{TOP + TALL * (1 - scale.at(value) / 100):.1f}".rstrip("0").rstrip(".")


def _grid(scale: Scale, *, hundred: bool) -> Markup:
    lines = [
        Markup(
            '<line class="grid1" x1="{0}%" x2="100%" y1="{1}" y2="{1}"/>'
            '<text x="{2}%" y="{1}" dy="4" text-anchor="end">{3}</text>'
        ).format(LEFT, _y(scale, tick), LEFT - 1.5, tick_text(scale, tick, hundred=hundred))
        for tick in scale.ticks
    ]
    return Markup("").join(lines)


def _band(scale: Scale, chart: TimeChart) -> Markup:
    low, high = chart.band
    top, bottom = _y(scale, high), _y(scale, low)
    tall = f"{max(0.0, float(bottom) - float(top)):.1f}"
    return Markup(
        '<rect class="band" x="{0}%" y="{1}" width="{2}%" height="{3}"/>'
        '<line class="edge" x1="{0}%" x2="100%" y1="{1}" y2="{1}"/>'
        '<line class="edge" x1="{0}%" x2="100%" y1="{4}" y2="{4}"/>'
        '<text class="said" x="100%" y="{5}" text-anchor="end">{6}</text>'
    ).format(LEFT, top, 100 - LEFT, tall, bottom, max(11.0, float(top) - 5), chart.band_label)


def _event(at: str, chart: TimeChart) -> Markup:
    right = float(at) > 60
    return Markup(
        '<line class="event" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
        '<text x="{0}%" dx="{3}" y="11" text-anchor="{4}">{5}</text>'
    ).format(at, 4, TOP + TALL, -5 if right else 5, "end" if right else "start", chart.event_label)
