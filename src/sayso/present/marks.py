"""Pictures of ranges: inline SVG with positions in percent and no style attributes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from markupsafe import Markup

from sayso.domain.evidence import Word
from sayso.present.numbers import decimal
from sayso.present.sentence import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sayso.domain.answer import Estimate
    from sayso.present.section import FlowPart, MapPoint

_LINE = '<line x1="{0}" x2="{0}" y2="12" class="dash"/>'
_BAR = '<rect x="{0}" y="4" width="{1}" height="4" rx="2" fill="currentColor"/>'
_NONE = '<rect x="1.5" y="3.5" width="21" height="5" rx="2.5" class="open"/>'
_EVIDENCE = {
    Word.CLEAR: _LINE.format(5) + _BAR.format(10, 11),
    Word.LIKELY: _LINE.format(7) + _BAR.format(5.5, 14),
    Word.SMALL: _LINE.format(15) + _BAR.format(6, 14) + '<path d="M3 1v10" class="zero"/>',
    Word.NOT_ZERO: _BAR.format(8, 13) + '<path d="M3 1v10" class="zero"/>',
    Word.EITHER: _LINE.format(12) + _BAR.format(3, 18),
    Word.TOO_SMALL: _LINE.format(5) + _LINE.format(19) + _BAR.format(8, 8),
    Word.NOT_YET: _LINE.format(12) + _NONE,
    Word.CANNOT_TELL: _NONE,
}
_WIDE = 720


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to positions in percent, with its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    places: int

    def at(self, value: float) -> float:
        """The position of a value, cut at the ends."""
        place = (value - self.low) / (self.high - self.low) * 100
        return min(100.0, max(0.0, place))


def evidence(word: Word) -> Markup:
    """The small picture of a range against the line that matters."""
    return Markup(f'<svg width="24" height="12" aria-hidden="true">{_EVIDENCE[word]}</svg>')


def scale_over(values: Iterable[float], *, hundred: bool) -> Scale:
    """A scale with four to seven round ticks that holds all values.

    Args:
        values: In the natural unit; at least one.
        hundred: Whether they are shares, ticked per 100.
    """
    factor = 100.0 if hundred else 1.0
    held = [value * factor for value in values]
    low, high = min(held), max(held)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    step = _step((high - low) / 5)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    if last - first < 2:
        last = first + 2
    ticks = [i * step for i in range(first, last + 1)]
    places = max(0, -floor(log10(step))) if step < 1 else 0
    return Scale(
        first * step / factor, last * step / factor, tuple(t / factor for t in ticks), places
    )


def _step(wanted: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** floor(log10(wanted))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= wanted * 0.999)


def tick_text(scale: Scale, tick: float, *, hundred: bool) -> str:
    """A tick's label."""
    return decimal(tick * 100 if hundred else tick, scale.places)


def _p(position: float) -> str:
    """A position, short."""
    return f"{_short(position)}%"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _bar(kind: str, low: float, high: float, tone: Tone) -> str:
    round_ends = ' rx="4"' if kind == "r95" else ""
    width = _p(max(0.0, high - low))
    return (
        f'<rect class="{kind} {tone.value}" x="{_p(low)}" y="7" width="{width}" '
        f'height="8"{round_ends}/>'
    )


def dashed(scale: Scale, references: Sequence[float]) -> str:
    """Lines that run through all rows of a chart."""
    return "".join(
        f'<line class="ref" x1="{_p(scale.at(at))}" x2="{_p(scale.at(at))}" y1="-60" y2="82"/>'
        for at in references
    )


def range_row(
    scale: Scale,
    estimate: Estimate | None,
    tone: Tone,
    *,
    references: Sequence[float] = (),
    said: float | None = None,
    said_tone: Tone = Tone.AI,
) -> Markup:
    """A range with its best estimate; hatched where there is none.

    Args:
        scale: Positions.
        estimate: What to draw; None where there is not enough.
        tone: Whose view it is.
        references: Dashed lines.
        said: Where the open point stands.
        said_tone: Whose view the open point is.
    """
    marks = [dashed(scale, references)]
    if estimate is None:
        marks.append('<rect class="none" y="7" width="100%" height="8" rx="4"/>')
    else:
        at = scale.at(estimate.value)
        if said is not None:
            low, high = sorted((scale.at(said), at))
            marks.append(
                f'<line class="ln {said_tone.value}" x1="{_p(low)}" x2="{_p(high)}" '
                'y1="11" y2="11"/>'
            )
        marks.append(_bar("r95", scale.at(estimate.low), scale.at(estimate.high), tone))
        marks.append(_bar("r50", scale.at(estimate.r50.low), scale.at(estimate.r50.high), tone))
        marks.append(f'<circle class="pt {tone.value}" cx="{_p(at)}" cy="11" r="6"/>')
        if said is not None:
            marks.append(
                f'<circle class="pt o {said_tone.value}" cx="{_p(scale.at(said))}" '
                'cy="11" r="4.75"/>'
            )
    inside = "".join(marks)
    return Markup(f'<svg class="plot" width="100%" height="22" aria-hidden="true">{inside}</svg>')


def twenty_dots(scale: Scale, dots: Sequence[float], tone: Tone) -> Markup:
    """Twenty equally likely values as stacked dots, with a dashed line at nothing.

    Args:
        scale: Positions.
        dots: The values; none draws the hatch of "not enough yet".
        tone: Whose view it is.
    """
    if not dots:
        return Markup(
            '<svg class="plot" width="100%" height="22" aria-hidden="true">'
            '<rect class="none" y="7" width="100%" height="8" rx="4"/></svg>'
        )
    # Dots that would overlap stand on each other; 1/24 of the axis is one dot and its gap.
    stacks: dict[int, int] = {}
    marks: list[str] = []
    placed: list[tuple[float, int]] = []
    for dot in sorted(dots):
        column = round(scale.at(dot) / 100 * 24)
        level = stacks.get(column, 0)
        stacks[column] = level + 1
        placed.append((column / 24 * 100, level))
    # A sure value piles its dots up; they are drawn smaller rather than as a tower.
    step = min(12.0, 84 / max(stacks.values()))
    tall = max(22, round(step * max(stacks.values())) + 6)
    for at, level in placed:
        up = _short(tall - 2 - step * (level + 0.5))
        marks.append(
            f'<circle class="pt {tone.value}" cx="{_p(at)}" cy="{up}" r="{_short(step * 0.375)}"/>'
        )
    zero = _p(scale.at(0.0))
    floor_line = f'<line class="ref" x1="{zero}" x2="{zero}" y1="-60" y2="{tall + 60}"/>'
    base = f'<line class="base" x1="0" x2="100%" y1="{tall - 1}" y2="{tall - 1}"/>'
    inside = floor_line + base + "".join(marks)
    return Markup(
        f'<svg class="plot" width="100%" height="{tall}" aria-hidden="true">{inside}</svg>'
    )


def trade_map(points: Sequence[MapPoint]) -> Markup:
    """Rules as points of a map, joined in their order; the table beside it has the figures.

    Args:
        points: At least one; larger is better on both axes.
    """
    across, up = ([getattr(p, axis_) for p in points] for axis_ in ("x", "y"))

    def place(value: float, held: Sequence[float], reach: float) -> str:
        wide = max(held) - min(held)
        share = (value - min(held)) / wide if wide > 0 else 0.5
        return _short(12 + share * (reach - 24))

    placed = [(place(p.x, across, 600), place(-p.y, [-u for u in up], 260), p.kind) for p in points]
    line = " ".join(f"{x},{y}" for x, y, kind in placed if kind != "today")
    marks = [f'<polyline class="base" fill="none" points="{line}"/>']
    shapes = {
        "rule": '<circle class="dot both" cx="{x}" cy="{y}" r="4"/>',
        "pale": '<circle class="dot pale" cx="{x}" cy="{y}" r="4"/>',
        "agreed": '<circle class="pt people" cx="{x}" cy="{y}" r="8"/>',
        "today": '<circle class="pt o both" cx="{x}" cy="{y}" r="7"/>',
    }
    # The marked ones last, so that they lie on top.
    for kind in ("pale", "rule", "agreed", "today"):
        marks += [shapes[kind].format(x=x, y=y) for x, y, of in placed if of == kind]
    inside = Markup("".join(marks))  # numbers and our own class names
    return Markup(
        '<svg class="map" viewBox="0 0 600 260" width="100%" aria-hidden="true">{}</svg>'
    ).format(inside)


def axis(scale: Scale, references: Sequence[tuple[float, str]], *, hundred: bool) -> Markup:
    """Ticks and the labels of dashed lines; labels are placed away from each other."""
    tall = 18 if references else 0
    marks: list[Markup] = []
    placed = sorted(references)
    for index, (at, label) in enumerate(placed):
        place = scale.at(at)
        left = (len(placed) > 1 and index == 0) or place > 62
        marks.append(
            Markup(
                '<line class="ref" x1="{0}" x2="{0}" y1="3" y2="60"/>'
                '<text class="rl" x="{0}" y="12" dx="{1}" text-anchor="{2}">{3}</text>'
            ).format(_p(place), -7 if left else 7, "end" if left else "start", label)
        )
    if references:
        marks.append(Markup('<rect class="mask" y="{}" width="100%" height="18"/>').format(tall))
    last = len(scale.ticks) - 1
    for index, tick in enumerate(scale.ticks):
        anchor = "start" if index == 0 else "end" if index == last else "middle"
        marks.append(
            Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
                _p(scale.at(tick)), tall + 13, anchor, tick_text(scale, tick, hundred=hundred)
            )
        )
    inside = Markup("").join(marks)
    return Markup('<svg class="axis" width="100%" height="{}" aria-hidden="true">{}</svg>').format(
        tall + 18, inside
    )


def _ticks(first: int, until: int, kind: str) -> str:
    """Ticks of a hundred strip from one to before another, as one path."""
    if until <= first:
        return ""
    open_ = kind.endswith("3")
    one = "h5v42h-5z" if open_ else "h7v44h-7z"
    start = f"M{first * 10 + (1 if open_ else 0)} {1 if open_ else 0}"
    return f'<path class="{kind}" d="{start}{one}{("m10 0" + one) * (until - first - 1)}"/>'


def _strip(inside: str, spoken: str) -> Markup:
    return Markup(
        '<svg class="strip" role="img" aria-label="{}" viewBox="0 0 997 44" width="100%" '
        'height="44" preserveAspectRatio="none">{}</svg>'
    ).format(spoken, Markup(inside))


def hundred_strip(low: float, value: float, high: float, tone: Tone, spoken: str) -> Markup:
    """A hundred ticks: solid up to the low end, pale to the estimate, outlined to the high end.

    Args:
        low: Lower end of the range as a share; below 0 counts as 0.
        value: Best estimate, 0 <= value <= 1.
        high: Upper end.
        tone: Whose view it is.
        spoken: The whole sentence, for those who do not see it.
    """
    ends = [min(100, max(0, round(end * 100))) for end in (low, value, high)]
    solid, best, most = ends[0], max(ends[0], ends[1]), max(ends)
    inside = (
        _ticks(0, solid, f"{tone.value}")
        + _ticks(solid, best, f"{tone.value}2")
        + _ticks(best, most, f"{tone.value}3")
        + _ticks(most, 100, "off")
    )
    return _strip(inside, spoken)


def flow_strip(parts: Sequence[FlowPart], spoken: str) -> Markup:
    """A hundred ticks divided among parts, by largest remainder so that they fill it."""
    shares = [part.figure.estimate.value if part.figure.estimate else 0.0 for part in parts]
    total = sum(shares) or 1.0
    exact = [share / total * 100 for share in shares]
    counts = [floor(e) for e in exact]
    for index in sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])[: 100 - sum(counts)]:
        counts[index] += 1
    inside, first = "", 0
    for part, width in zip(parts, counts, strict=True):
        inside += _ticks(first, first + width, f"{part.tone.value}{'2' if part.pale else ''}")
        first += width
    return _strip(inside, spoken)


def swatch(kind: str) -> Markup:
    """The mark that a key explains."""
    shapes = {
        "point": '<circle class="pt both" cx="7" cy="7" r="6"/>',
        "even": '<rect class="r50 both" x="4" y="3" width="28" height="8"/>',
        "wide": '<rect class="r95 both" y="3" width="36" height="8" rx="4"/>',
        "agreed": '<circle class="pt people" cx="7" cy="7" r="6"/>',
        "open ai": '<circle class="pt o ai" cx="7" cy="7" r="4.75"/>',
        "open people": '<circle class="pt o people" cx="7" cy="7" r="4.75"/>',
        "open both": '<circle class="pt o both" cx="7" cy="7" r="4.75"/>',
    }
    width = {"even": 36, "wide": 36}.get(kind, 14 if kind in shapes else 7)
    shape = shapes.get(kind) or f'<rect class="{kind}" width="7" height="14"/>'
    return Markup(f'<svg width="{width}" height="14" aria-hidden="true">{shape}</svg>')
