"""Draws the pictures of these pages: `python docs/measures/pictures.py`.

Every figure is read by the audit, from the demo's simulated tables or from the invented ones
below, and drawn with the marks of the report. The same seeds give the same pictures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from sayso.domain.figure import Figure, Unit
from sayso.measure.reading import Reading
from sayso.present.marks import axis, range_row, scale_over
from sayso.present.numbers import printed
from sayso.present.sentence import Tone
from sayso.workspace.audit import audit
from sayso.workspace.demo_company import write_demo
from sayso.workspace.demo_orders import write_orders

HERE = Path(__file__).parent
SEED = 7
WIDE, LEFT, PLOT, RIGHT, TOP, STEP = 720, 200, 330, 706, 46, 34
STYLE = """
svg{--paper:#fbfaf7;--ink:#17191e;--ink2:#474c56;--ink3:#5f646e;--line2:#8b8980;--people:#b9570f;
--people2:#e3b48f;--ai:#15508a;--ai2:#9cc1e3;--both2:#c9cbcd}
@media (prefers-color-scheme:dark){svg{--paper:#131417;--ink:#ededec;--ink2:#b9bcc3;--ink3:#a2a7b0;
--line2:#6d727c;--people:#ef9a5e;--people2:#8d5a36;--ai:#70b1ee;--ai2:#3f6a92;--both2:#4f535b}}
text{font:400 13px system-ui,"Segoe UI",Roboto,sans-serif;fill:var(--ink2)}
.paper,.mask{fill:var(--paper)}.t{font-weight:600;font-size:15px;fill:var(--ink)}.n{fill:var(--ink)}
.axis text{font-size:12px;fill:var(--ink3)}.axis .rl{fill:var(--ink2)}
.ai{--c:var(--ai);--c2:var(--ai2)}.people{--c:var(--people);--c2:var(--people2)}
.both{--c:var(--ink2);--c2:var(--both2)}.r95{fill:var(--c2)}.r50,.pt{fill:var(--c)}
.pt.o{fill:var(--paper);stroke:var(--c);stroke-width:2.5}.ln{stroke:var(--c2);stroke-width:2}
.ref{stroke:var(--line2);stroke-width:1.5;stroke-dasharray:4 3}
.plot,.axis{overflow:visible}.none{fill:none;stroke:var(--line2);stroke-dasharray:3 3}
"""

AI, PEOPLE, BOTH = Tone.AI, Tone.PEOPLE, Tone.BOTH
Groups = dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture; ``said`` is where an open point stands, read from another figure."""

    label: str
    measure: str
    groups: Groups
    tone: Tone = BOTH
    said: tuple[str, Groups] | float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture: which table, what is drawn, and the dashed lines."""

    table: str
    title: str
    lines: tuple[Line, ...]
    references: tuple[tuple[float, str], ...] = ()
    money: str | None = None


def drawn(picture: Picture, reading: Reading) -> str:
    """The picture as a file that looks right by itself, on light and on dark."""
    found = [(line, _figure(reading, line.measure, line.groups)) for line in picture.lines]
    hundred = all(f.unit in (Unit.SHARE, Unit.NET_SHARE) for _, f in found)
    held = [at for at, _ in picture.references]
    said: list[float | None] = []
    for line, figure in found:
        said.append(_open_point(reading, line.said))
        one = figure.estimate
        held += [one.low, one.high] if one else []
    held += [value for value in said if value is not None]
    scale = scale_over(held or [0.0, 1.0], hundred=hundred)
    parts: list[str] = []
    for place, ((line, figure), open_point) in enumerate(zip(found, said, strict=True)):
        y = TOP + place * STEP
        mark = range_row(scale, figure.estimate, line.tone, said=open_point)
        first, _, second = line.label.partition("; ")
        parts.append(f'<text x="14" y="{y + (8 if second else 15)}">{escape(first)}</text>')
        if second:
            parts.append(f'<text x="14" y="{y + 23}">{escape(second)}</text>')
        parts.append(_placed(str(mark), y, 22))
        parts.append(f'<text class="n" x="{RIGHT}" y="{y + 15}" text-anchor="end">')
        parts.append(f"{escape(_told(figure, picture.money))}</text>")
    bottom = TOP + len(found) * STEP
    below = _placed(str(axis(scale, picture.references, hundred=hundred)), bottom, 40)
    dashes = "".join(
        f'<line class="ref" x1="{scale.at(at):.2f}%" x2="{scale.at(at):.2f}%" y2="{bottom - TOP}"/>'
        for at, _ in picture.references
    )
    parts.insert(0, _placed(dashes, TOP, bottom - TOP))
    unit = "in 100" if hundred else picture.money or ""
    tall = bottom + (44 if picture.references else 26)
    title = escape(picture.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" width="{WIDE}" '
        f'height="{tall}" role="img" aria-label="{title}"><style>{STYLE}</style>'
        f'<rect class="paper" width="{WIDE}" height="{tall}" rx="8"/>'
        f'<text class="t" x="14" y="26">{title}</text>'
        f'<text x="{RIGHT}" y="26" text-anchor="end">{escape(unit)}</text>'
        f"{''.join(parts)}{below}</svg>\n"
    )


def _open_point(reading: Reading, said: tuple[str, Groups] | float | None) -> float | None:
    if not isinstance(said, tuple):
        return said
    beside = _figure(reading, *said).estimate
    return beside.value if beside else None


def _placed(mark: str, y: int, tall: int) -> str:
    """A mark of the report, whose positions are in percent, at its place in the picture."""
    return f'<svg x="{LEFT}" y="{y}" width="{PLOT}" height="{tall}" overflow="visible">{mark}</svg>'


def _figure(reading: Reading, measure: str, groups: Groups) -> Figure:
    figure = reading.figure(measure, **groups)
    if figure is None:
        held = [f.groups for f in reading.figures if f.measure == measure]
        raise KeyError(f"no figure {measure} for {groups}; there are {held}")
    return figure


def _told(figure: Figure, money: str | None) -> str:
    one = figure.estimate
    if one is None:
        return "not enough yet"
    return printed(one, figure.unit, money=money, column=True).full


def by(*lines: tuple[str, Groups, Tone] | tuple[str, Groups], of: str) -> tuple[Line, ...]:
    """Lines of one measure."""
    return tuple(Line(one[0], of, one[1], one[2] if len(one) > 2 else BOTH) for one in lines)


THE_LINE = ((-0.05, ""), (0.05, "the line"))
NOTHING = ((0.0, "no difference"),)
PICTURES: dict[str, Picture] = {
    "adoption": Picture(
        "visits",
        "How far the advice got",
        (
            Line("computed", "coverage", {}, AI),
            Line("of those, shown", "exposure", {}, AI),
            Line("choice moved to it", "use", {}, PEOPLE),
        ),
    ),
    "agreement": Picture(
        "visits",
        "The choice is the advice",
        by(
            ("advice in view", {"arm": "shown"}, AI),
            ("advice hidden", {"arm": "hidden"}, PEOPLE),
            of="agreement",
        ),
    ),
    "influence": Picture(
        "orders",
        "Choices that seeing the advice moves its way, net",
        by(
            ("all cases", {}, AI),
            ("first half", {"period": "first half"}, AI),
            ("second half", {"period": "second half"}, AI),
            of="influence",
        ),
        THE_LINE,
    ),
    "momentum": Picture(
        "orders",
        "Influence, quarter by quarter",
        by(
            ("first quarter", {"quarter": "1"}, AI),
            ("second", {"quarter": "2"}, AI),
            ("third", {"quarter": "3"}, AI),
            of="influence-by-quarter",
        ),
        THE_LINE,
    ),
    "first-views": Picture(
        "visits",
        "What became of first views",
        (
            Line("agreed anyway", "first-view-agreed", {}),
            Line("moved to the advice", "first-view-moved-to", {}, AI),
            Line("moved away from it", "first-view-moved-away", {}, PEOPLE),
            Line("held another view", "first-view-held", {}, PEOPLE),
        ),
    ),
    "asking": Picture(
        "visits",
        "Agreement where a first view was asked for, less where not",
        (Line("asked less not asked", "influence-asking", {}, PEOPLE),),
        THE_LINE,
    ),
    "automation-bias": Picture(
        "visits",
        "More wrong choices where the advice is wrong",
        (
            Line("in view less hidden", "commission", {}, AI),
            Line("choice less first view", "commission-from-first-view", {}, PEOPLE),
        ),
        ((0.0, "no more"), (0.05, "the line")),
    ),
    "attention": Picture(
        "lots",
        "Advice taken that turned out wrong",
        by(
            ("taken very fast", {"pace": "fast"}, PEOPLE),
            ("taken slowly", {"pace": "slow"}, PEOPLE),
            of="taken-wrong",
        ),
    ),
    "follows": Picture(
        "visits",
        "Of what records tell about choices, whose part it is",
        by(
            ("own first view", {"block": "first view"}, PEOPLE),
            ("the advice", {"block": "advice"}, AI),
            ("the case", {"block": "case"}),
            ("last choice", {"block": "last choice"}, PEOPLE),
            of="follows-share",
        ),
    ),
    "lens": Picture(
        "visits",
        "Used in choices (filled), useful for what was right (open)",
        tuple(
            Line(name.replace("_", " "), "input-used", {"input": name}, PEOPLE, useful)
            for name in ("fault_code", "unit_age_years", "stock_low", "customer_words_match")
            for useful in [("input-useful", {"input": name})]
        ),
        NOTHING,
    ),
    "selective-use": Picture(
        "orders",
        "How often the advice is followed, by kind of case",
        by(
            *(
                (kind, {"use": "followed", "kind": kind}, AI)
                for kind in ("boards", "burners", "fans", "valves")
            ),
            of="selective-use",
        ),
    ),
    "advice-weight": Picture(
        "quotes",
        "How far quantities move from the first view to the advice",
        by(
            ("by regression", {"statistic": "regression"}, AI),
            ("mean, cut at 0 and 1", {"statistic": "mean clipped"}, AI),
            ("the middle case", {"statistic": "median"}, AI),
            of="weight-of-advice",
        ),
        ((0.0, "stayed"), (1.0, "took it")),
    ),
    "reliance": Picture(
        "visits",
        "Ended right, of cases where one was right and the other not",
        (
            Line("advice was right", "reliance-listened", {}, AI),
            Line("first view was right", "reliance-held-firm", {}, PEOPLE),
        ),
    ),
    "override": Picture(
        "visits",
        "What overruling cost less than following, by reason",
        by(
            *(
                (reason, {"reason": reason}, PEOPLE)
                for reason in (
                    "customer described the fault",
                    "known issue on this unit",
                    "stock is low",
                    "none given",
                )
            ),
            of="override-value",
        ),
        NOTHING,
        "EUR",
    ),
    "quality": Picture(
        "orders",
        "What a case costs less with the advice in view",
        (Line("shown less hidden", "quality", {}, AI),),
        NOTHING,
        "EUR",
    ),
    "together": Picture(
        "visits",
        "People with the AI, right more often than…",
        by(
            ("people alone", {"against": "people"}, PEOPLE),
            ("the AI alone", {"against": "AI"}, AI),
            ("the better of the two", {"against": "better alone"}),
            ("a simple rule", {"against": "simple rule"}),
            of="together",
        ),
        NOTHING,
    ),
    "selective": Picture(
        "loans",
        "With the advice in view, less without",
        (
            Line("misses", "quality-false-negative", {}, AI),
            Line("false alarms", "quality-false-positive", {}, AI),
            Line("both together", "quality-loss", {}, AI),
        ),
        NOTHING,
    ),
    "unseen": Picture(
        "loans",
        "How often granting would go wrong in all cases, assuming…",
        by(
            ("nothing", {"option": "grant", "assuming": "nothing"}),
            ("at least as risky", {"option": "grant", "assuming": "at least as risky"}),
            (
                "within twice the odds",
                {"option": "grant", "assuming": "within twice the odds of alike cases"},
            ),
            ("as alike cases", {"option": "grant", "assuming": "as alike cases"}),
            of="unseen-wrong",
        ),
    ),
    "off-policy": Picture(
        "lots",
        "What a rule would have brought, in choices turned right",
        by(
            ("always the advice", {"policy": "advice"}, AI),
            ("always open", {"policy": "always open"}),
            ("always pass", {"policy": "always pass"}),
            of="policy-gain",
        ),
        NOTHING,
    ),
    "team-gap": Picture(
        "visits",
        "Part sent along, at the same mix of cases",
        by(
            *(
                (team, {"team": team, "option": "bring"}, PEOPLE)
                for team in ("Harbour", "Southfield", "Northgate", "Millside")
            ),
            of="team-practice",
        ),
    ),
    "twins": Picture(
        "visits",
        "Pairs of alike cases that got different answers",
        by(
            *(
                (label, {"between": between, "alike": "as declared"}, PEOPLE)
                for label, between in (
                    ("in different depots", "teams"),
                    ("two people, one depot", "people in a team"),
                    ("one person, twice", "same person"),
                )
            ),
            of="twins-differ",
        ),
    ),
    "panel": Picture(
        "panel",
        "Agreement on the same cases: 0 is chance, 1 is always",
        (
            Line("Gwet’s AC1", "gwet-ac1", {}, PEOPLE),
            Line("Krippendorff’s alpha", "krippendorff-alpha", {}, PEOPLE),
            Line("Fleiss’ kappa", "fleiss-kappa", {}, PEOPLE),
        ),
        ((0.0, "chance"),),
    ),
    "noise": Picture(
        "panel",
        "Two people differ on one case, and where it comes from",
        by(
            ("two people differ", {"part": "system"}, PEOPLE),
            ("stricter or milder", {"part": "level"}, PEOPLE),
            ("own patterns", {"part": "own pattern"}, PEOPLE),
            ("the moment", {"part": "occasion"}, PEOPLE),
            of="noise-differ",
        ),
    ),
    "leniency": Picture(
        "visits",
        "How far apart two people decide",
        by(
            ("same kinds of case", {"mix": "same kinds"}, PEOPLE),
            ("cases as dealt", {"mix": "as dealt"}, PEOPLE),
            of="leniency",
        ),
        ((0.05, "the line"),),
    ),
    "calibration": Picture(
        "visits", "What happened (filled), where the AI said so many (open)", ()
    ),
    "closure": Picture(
        "visits",
        "Due outcomes that are missing",
        by(
            ("advice in view", {"arm": "shown"}, AI),
            ("advice hidden", {"arm": "hidden"}, PEOPLE),
            ("after “bring”", {"choice": "bring"}),
            ("after “leave”", {"choice": "leave"}),
            of="missing-outcome",
        ),
    ),
    "input-care": Picture(
        "visits",
        "Outcomes missing more often on one side",
        by(
            ("shown less hidden", {"more_in": "shown"}, AI),
            ("overruled less followed", {"more_in": "overruled"}, PEOPLE),
            ("“bring” less “leave”", {"more_in": "bring"}),
            of="missing-apart",
        ),
        THE_LINE,
    ),
    "drift": Picture(
        "orders",
        "Later half of the weeks, less the earlier half",
        by(
            ("advice overruled", {"series": "overruled"}, PEOPLE),
            ("chosen: early", {"series": "choice early"}, PEOPLE),
            ("advised: early", {"series": "advice early"}, AI),
            ("stated confidence", {"series": "confidence"}, AI),
            of="drift",
        ),
        THE_LINE,
    ),
    "bunching": Picture(
        "lots",
        "Of the cases right at a line, those just above it",
        (Line("line at 40", "bunching", {"input": "defects", "at": "40"}, PEOPLE),),
        ((0.5, "no jump"),),
    ),
    "affected": Picture(
        "visits",
        "Part sent along, by kind of customer",
        by(
            *(
                (group, {"affected": "customer_kind", "group": group, "option": "bring"}, PEOPLE)
                for group in ("household", "business")
            ),
            of="affected-practice",
        ),
    ),
    "slices": Picture("visits", "Advice overruled more often than elsewhere", ()),
    "cost-ratio": Picture(
        "visits",
        "Cases that hang on what a mistake costs",
        (Line("half as much, or twice", "cost-ratio", {}),),
    ),
    "support": Picture(
        "visits",
        "Cases without evidence on any other answer",
        (Line("alike cases, one answer", "outside-support", {}),),
    ),
    "missing-values": Picture(
        "lots",
        "Lots opened where a cell is empty, less where filled",
        by(
            ("supplier grade", {"input": "supplier_grade", "option": "open"}, PEOPLE),
            of="missing-as-value",
        ),
        THE_LINE,
    ),
    "unheld-reasons": Picture("lots", "Reasons in words that no input holds", ()),
}


def whole(key: str, reading: Reading) -> Picture:
    """The picture with lines that only the table can name."""
    picture = PICTURES[key]
    if picture.lines:
        return picture
    figures = reading.figures
    match key:
        case "calibration":
            kept = [f for f in figures if f.measure == "calibration" and f.group("of") == "ai"]
            lines = tuple(
                Line(
                    f"said {f.group('said')}", key, dict(f.groups), BOTH, float(f.note("said") or 0)
                )
                for f in kept
            )
            return _with(picture, lines)
        case "slices":
            kept = [f for f in figures if f.measure == "slice" and f.note("stands")]
            kept = [f for f in kept if f.group("target") == "overruled"][:4]
            lines = by(
                *(
                    ((f.group("where") or "").replace("_", " "), dict(f.groups), PEOPLE)
                    for f in kept
                ),
                of="slice",
            )
            return _with(picture, lines, ((0.0, "as elsewhere"), (0.05, "the line")))
        case _:
            kept = [f for f in figures if f.measure == key]
            lines = by(*((f.group("theme") or "", dict(f.groups), PEOPLE) for f in kept), of=key)
            return _with(picture, lines)


def _with(
    picture: Picture, lines: tuple[Line, ...], references: tuple[tuple[float, str], ...] = ()
) -> Picture:
    return Picture(picture.table, picture.title, lines, references)


def visits(place: Path) -> Reading:
    """The demo's visits."""
    made = write_demo(place, SEED)
    return audit(made.table, charter=made.charter, seed=SEED, team_names=True).reading


def orders(place: Path) -> Reading:
    """The demo's orders, in which a coin decided who sees the advice."""
    charter = write_orders(place, SEED)
    return audit(place / "part_orders.csv", charter=charter, seed=SEED).reading


def _saved(place: Path, columns: dict[str, list[object]]) -> Path:
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)])
    path = place / "table.csv"
    path.write_text(text + "\n", "utf-8")
    return path


def quotes(place: Path) -> Reading:
    """Invented: hours for a repair, first guessed, then advised, then quoted."""
    draw = np.random.default_rng(SEED)
    people, cases = 48, 2400
    who = draw.integers(people, size=cases)
    needed = draw.gamma(9, 1.2, cases)
    first = needed * draw.lognormal(0, 0.25, cases)
    advice = needed * draw.lognormal(0, 0.15, cases)
    weight = np.clip(draw.beta(2, 2, people)[who] + draw.normal(0, 0.15, cases), 0, 1.1)
    quote = first + weight * (advice - first)
    columns: dict[str, list[object]] = {
        "person": [f"p{w}" for w in who],
        "first_hours": list(first.round(1)),
        "advised_hours": list(advice.round(1)),
        "quoted_hours": list(quote.round(1)),
        "needed_hours": list(needed.round(1)),
    }
    return audit(
        _saved(place, columns),
        seed=SEED,
        decider="person",
        prior="first_hours",
        advice="advised_hours",
        choice="quoted_hours",
        outcome="needed_hours",
    ).reading


def panel(place: Path) -> Reading:
    """Invented: twelve people decide the same sixty cases, twenty of them twice."""
    draw = np.random.default_rng(SEED)
    people, cases = 12, 60
    level, case = draw.normal(0, 0.7, people), draw.normal(0, 1.3, cases)
    own = draw.normal(0, 0.6, (people, cases))
    columns: dict[str, list[object]] = {"case": [], "again": [], "person": [], "choice": []}
    for c in [*range(cases), *range(20)]:
        again = len(columns["case"]) >= people * cases
        for p in range(people):
            says = level[p] + case[c] + own[p, c] + draw.normal(0, 0.5) > 0
            columns["case"].append(f"{'r' if again else 'c'}{c}")
            columns["again"].append(f"c{c}" if again else "")
            columns["person"].append(f"p{p}")
            columns["choice"].append("accept" if says else "refuse")
    roles = {"case": "case", "repeat_of": "again", "decider": "person", "choice": "choice"}
    return audit(_saved(place, columns), seed=SEED, **roles).reading


LOANS = """\
decision: loans
version: 1
question: Should this loan be granted?
options: [grant, refuse]
owner: head-of-credit
inputs: {income: category}
kinds: [income]
alike: {exact: [income]}
outcome: {name: defaulted, kind: boolean, due: 1d, seen_when: choice = 'grant'}
mistakes:
  grant: {when: defaulted}
  refuse: {when: not defaulted}
advice: {source: scores, mode: advise, ceiling: advise, show_probability: 0.5}
source:
  table: table.csv
  columns: {decider: person, choice: choice, advice: advice, shown: shown, outcome: defaulted}
"""


def loans(place: Path) -> Reading:
    """Invented: loans whose outcome is seen only where they were granted; a coin shows advice."""
    draw = np.random.default_rng(SEED)
    people, cases = 30, 6000
    who, income = draw.integers(people, size=cases), draw.integers(3, size=cases)
    risk = draw.normal(-1.6 + 0.5 * income, 0.9)
    default = draw.random(cases) < 1 / (1 + np.exp(-risk))
    advised = risk < -0.6
    own = risk + draw.normal(0, 1.4, cases) < -0.5
    shown = draw.random(cases) < 0.5
    grant = np.where(shown & (draw.random(cases) < 0.5), advised, own)
    columns: dict[str, list[object]] = {
        "person": [f"p{w}" for w in who],
        "income": [("low", "middle", "high")[i] for i in income],
        "choice": ["grant" if g else "refuse" for g in grant],
        "advice": ["grant" if a else "refuse" for a in advised],
        "shown": ["true" if s else "false" for s in shown],
        "defaulted": [
            str(bool(d)).lower() if g else "" for d, g in zip(default, grant, strict=True)
        ],
    }
    return _declared(place, columns, LOANS)


LOTS = """\
decision: lots
version: 1
question: Should this lot be opened and checked?
options: [open, pass]
owner: head-of-quality
inputs: {defects: number, supplier_grade: category, line: category}
kinds: [line]
alike: {exact: [line]}
outcome: {name: faulty, kind: boolean, due: 1d, seen_when: always}
mistakes:
  open: {when: not faulty}
  pass: {when: faulty}
advice: {source: scanner, mode: advise, ceiling: delegate, routine: defects < 40}
reasons: [known supplier, other]
source:
  table: table.csv
  columns: {case: case, decider: person, choice: choice, choice_probability: chance,
            advice: advice, outcome: faulty, seconds: seconds, reason_text: why}
"""


def lots(place: Path) -> Reading:
    """Invented: lots of goods, with seconds, empty cells, reasons, and choices left to chance."""
    draw = np.random.default_rng(SEED)
    people, cases = 40, 6000
    who, line = draw.integers(people, size=cases), draw.integers(3, size=cases)
    defects = draw.gamma(6, 7, cases)
    moved = (defects >= 40) & (defects < 44) & (draw.random(cases) < 0.45)
    defects = np.where(moved, 40 - (defects - 40) * 0.7 - 0.01, defects).round(3)
    faulty = draw.random(cases) < 1 / (1 + np.exp(-(defects - 45) / 8))
    advised = defects + draw.normal(0, 6, cases) > 42
    empty = draw.random(cases) < 0.12
    would = draw.random(cases) < np.where(advised, 0.8, 0.2) + 0.12 * empty
    chance = np.where(would, np.where(advised, 0.8, 0.2) + 0.12 * empty,
                      1 - np.where(advised, 0.8, 0.2) - 0.12 * empty)  # fmt: skip
    agrees = would == advised
    quick = agrees & (draw.random(cases) < 0.25)
    seconds = np.where(quick, draw.uniform(0.5, 2.5, cases), draw.gamma(4, 12, cases)).round(1)
    words = ("label damaged in transport", "smells of solvent", "known supplier", "")
    said = draw.choice(4, size=cases, p=(0.3, 0.2, 0.3, 0.2))
    columns: dict[str, list[object]] = {
        "case": [f"l{i}" for i in range(cases)],
        "person": [f"p{w}" for w in who],
        "line": [("north", "south", "west")[i] for i in line],
        "defects": list(defects),
        "supplier_grade": ["" if e else "ab"[i] for e, i in zip(empty, who % 2, strict=True)],
        "advice": ["open" if a else "pass" for a in advised],
        "choice": ["open" if w else "pass" for w in would],
        "chance": list(chance.round(4)),
        "seconds": list(seconds),
        "faulty": [str(bool(f)).lower() for f in faulty],
        "why": ["" if a else words[i] for a, i in zip(agrees, said, strict=True)],
    }
    return _declared(place, columns, LOTS)


def _declared(place: Path, columns: dict[str, list[object]], charter: str) -> Reading:
    path = place / "charter.yaml"
    path.write_text(charter, "utf-8")
    return audit(_saved(place, columns), charter=path, seed=SEED).reading


TABLES: dict[str, Callable[[Path], Reading]] = {
    "visits": visits,
    "orders": orders,
    "quotes": quotes,
    "panel": panel,
    "loans": loans,
    "lots": lots,
}


def all_pictures() -> dict[str, str]:
    """Every picture by the name of its page."""
    made: dict[str, str] = {}
    for name, read in TABLES.items():
        with tempfile.TemporaryDirectory() as folder:
            reading = read(Path(folder))
        for key, picture in PICTURES.items():
            if picture.table == name:
                made[key] = drawn(whole(key, reading), reading)
    return made


if __name__ == "__main__":
    for key, text in all_pictures().items():
        (HERE / f"{key}.svg").write_text(text, "utf-8")
