"""What a report is made of: sections with a claim, its pictures and how we know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.present.sentence import Sentence, Tone

if TYPE_CHECKING:
    from sayso.domain.evidence import Word
    from sayso.domain.figure import Figure
    from sayso.measure.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a row chart: a label, a mark and its value in figures.

    Attributes:
        label: What it is.
        figure: The figure drawn and printed.
        tone: Whose view it is.
        sub: Second line; empty for the count of cases and people.
        said: Where the open point stands (what was said, or was before), in the same unit.
    """

    label: str
    figure: Figure
    tone: Tone
    sub: str = ""
    said: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A dashed line across all rows."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChart:
    """A table whose middle cell is a picture.

    Attributes:
        title: What is shown.
        subtitle: Unit, population, how to read it.
        head: Head of the label column.
        value_head: Head of the value column, which names the unit.
        rows: In the order they are read.
        references: Dashed lines.
        open_key: What the open point means; None where no row has one.
        filled_key: What the filled point means, beside ``open_key``.
        open_tone: Whose view the open point is.
        narrow: Whether labels are short.
        wide: Whether values need room.
        of: What is counted in the second line.
        bar_key: What a bar is, where it is no range of an estimate.
    """

    title: Sentence
    subtitle: str
    head: str
    value_head: str
    rows: tuple[Row, ...]
    references: tuple[Reference, ...] = ()
    open_key: str | None = None
    filled_key: str = ""
    open_tone: Tone = Tone.AI
    narrow: bool = False
    wide: bool = False
    of: str = "cases"
    bar_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A hundred ticks: solid for almost surely, pale for best estimate, outlined for possibly."""

    label: Sentence
    spoken: str
    figure: Figure
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class StripChart:
    """Hundred strips under one title."""

    title: Sentence
    strips: tuple[Strip, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPart:
    """One part of a hundred cases."""

    label: str
    figure: Figure
    tone: Tone
    pale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChart:
    """How a hundred cases went, as one strip and a table."""

    title: Sentence
    subtitle: str
    spoken: str
    parts: tuple[FlowPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DotRow:
    """Twenty equally likely values of one thing; no dots where there is no range."""

    label: str
    figure: Figure
    tone: Tone
    dots: tuple[float, ...]
    sub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DotChart:
    """What somebody may spend money on, each dot one chance in twenty.

    Attributes:
        title: What is shown.
        subtitle: Unit, and how to read a dot.
        value_head: Head of the value column, which names the unit.
        rows: In the order they are read.
        source: What must not be done with them.
    """

    title: Sentence
    subtitle: str
    value_head: str
    rows: tuple[DotRow, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One rule on a map: ``kind`` is rule, pale (beaten by another), today or agreed."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """A marked rule in figures, with their texts."""

    label: str
    figures: tuple[Figure, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapChart:
    """Rules by what they bring on two considerations, and the marked ones as a table.

    Attributes:
        title: What is shown.
        subtitle: Unit, and which end is better.
        across: What the horizontal axis shows.
        up: What the vertical one shows.
        points: In the rules' own order, which a line follows.
        heads: Heads of the table's columns.
        rows: Marked rules, each with a value and range for each consideration.
    """

    title: Sentence
    subtitle: str
    across: str
    up: str
    points: tuple[MapPoint, ...]
    heads: tuple[str, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class TimePoint:
    """One period of a time picture.

    Attributes:
        label: The period in words.
        short: The same, where there is little room.
        figure: What is drawn; hatched where there is not enough.
    """

    label: str
    short: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """Values of periods against a range that somebody wrote down, and the same as a table.

    Attributes:
        title: What is shown.
        subtitle: Unit, population, how to read it.
        spoken: The whole picture in a sentence, for those who do not see it.
        value_head: Head of the value column, which names the unit.
        points: In order of time.
        band: Where the values are assumed to lie, in their own unit.
        band_label: What the two lines say.
        event: Place of the period before which something happened; None for nothing.
        event_label: What happened.
    """

    title: Sentence
    subtitle: str
    spoken: str
    value_head: str
    points: tuple[TimePoint, ...]
    band: tuple[float, float]
    band_label: str
    event: int | None = None
    event_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One statement with what stands behind it.

    Attributes:
        says: The statement.
        sub: Evidence, in one or two sentences.
        state: Its state in words; "" for none.
        command: What to type about it; "" where nothing is to be typed.
    """

    says: Sentence
    sub: Sentence
    state: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChart:
    """Statements, one under the other, each with its evidence and state."""

    title: Sentence
    items: tuple[ListItem, ...]
    subtitle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChart:
    """A plain table, where nothing is to be drawn.

    Attributes:
        title: What is shown.
        subtitle: Unit, and how to read it.
        corner: Head of the rows' labels.
        heads: Heads of the columns.
        rows: Rows, each with a value for each column.
    """

    title: Sentence
    subtitle: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[MapRow, ...]


Chart = RowChart | StripChart | FlowChart | DotChart | MapChart | TimeChart | ListChart | TableChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing the table says.

    Attributes:
        key: Anchor in the page.
        claim: Heading, at most twelve words, in the present tense.
        lead: Paragraphs; the first says the finding in full.
        charts: Pictures of it.
        note: How we know: counts, design, caveats.
        term: The statistical words, last in the margin.
        word: Evidence word of the claim; None for a section without a claim.
        primary: The figure that the claim speaks of.
        leads: Whether it may be a lead finding.
    """

    key: str
    claim: Sentence
    lead: tuple[Sentence, ...]
    charts: tuple[Chart, ...] = ()
    note: tuple[Sentence, ...] = ()
    term: str = ""
    word: Word | None = None
    primary: Figure | None = None
    leads: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A section with nothing to show, in one line."""

    key: str
    says: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A question the file leaves open, with the cheapest way to find out."""

    question: str
    cheapest_way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do next; the command is empty where none is needed."""

    title: str
    why: str
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything one report says.

    Attributes:
        reading: As told: teams lettered unless named, words as they stand in the family.
        headline: Claim of the first finding.
        verdict: On influence, in a sentence.
        hero: The strips on top; None where no share can lead.
        sections: Findings in order, lead ones first.
        lines: Sections with nothing to show.
        unknown: What the file cannot tell.
        steps: What to do next.
    """

    reading: Reading
    headline: Sentence
    verdict: Sentence
    hero: StripChart | None
    sections: tuple[Section, ...]
    lines: tuple[Line, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    steps: tuple[Step, ...] = field(default=())

    @property
    def leading(self) -> tuple[Section, ...]:
        """The lead findings, at most six."""
        return tuple(s for s in self.sections if s.leads)[:6]
