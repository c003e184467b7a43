"""What choices rest on and nobody wrote down; proposed, never decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sayso.measure.surfaced import name_of, surfaced
from sayso.present.numbers import count, in_words
from sayso.present.section import Line, ListChart, ListItem, Section
from sayso.present.sentence import joined, say

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.context import ReportContext
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

MOST, MOST_OF_A_KIND = 6, 2
ONE = "One assumption stands that nobody wrote down"
SEVERAL = "{n} assumptions stand that nobody wrote down"
NONE = (
    "Nothing was found that choices rest on and nobody wrote down: no answer never tried for a "
    "kind of case, no outcome never seen, no input that never varies, no empty cell that says "
    "something."
)
SAME_ANSWER = (
    "In {k} cases, every case alike in what was recorded got the same answer, so what another "
    "would bring there is not known."
)
NO_OUTCOME = "In {k} cases, no case alike in what was recorded has a known outcome."
RESTS = "Choices rest on this, and the charter does not say it: {says}."
TAKE_UP = (
    "Each can be taken into the charter with the command under it; from then on it is watched."
)
WRITE_FIRST = "A charter can take each of them up, and watches it from then on."
WHERE_ALL = "All {n} cases recorded so got it. Nobody has seen what another answer brings there."
WHERE_NONE = "{n} cases recorded so are due, and none of them has an outcome."
AFTER_NONE = "{n} cases answered so are due, and none of them has an outcome."
CONSTANT = "In all {n} cases. It tells no case from another."
EMPTY = "{k} {way} often than where it is filled{within}."
REASON = "At least three people gave it as a reason, in {k} of the reasons given in words."
REASON_BARE = "At least three people gave it as a reason in words."
COUNTED = "Counted over {counts}."
COST = (
    "Between half and twice that ratio, the cheaper answer turns in {k} cases, going by the AI’s "
    "own estimates."
)
COST_HALF = "Half of all cases would turn at a ratio of {half}."
COST_FAR = "No ratio within ten times of it would turn half of all cases."
NOTE = (
    "These are read off the table, not off anybody’s mind. Words in reasons are compared with the "
    "declared codes and inputs; who used them is counted, never shown."
)
TERM = "Support, positivity, selective labels, missingness; TF-IDF; sensitivity to costs."


def surfaced_section(telling: Telling, context: ReportContext) -> Section | Line | None:
    """What nobody wrote down, each with the command that takes it into the charter."""
    reading = telling.reading
    adopted = {a.id for a in reading.charter.assumptions} if reading.charter else set[str]()
    open_ = [f for f in surfaced(reading.figures) if name_of(f) not in adopted]
    if not open_:
        whole = _whole(telling)
        looked = bool(reading.setting.inputs) and reading.setting.holds("choice")
        says = whole if whole is not None else say(NONE) if looked and not adopted else None
        return Line(key="surfaced", says=says) if says is not None else None
    told = _told(open_)
    items = tuple(
        ListItem(
            says=say("{says}.", says=says_of(figure)),
            sub=_behind(telling, figure),
            command=adopt_command(figure, context) if reading.charter is not None else "",
        )
        for figure in told
    )
    n = len(open_)
    return Section(
        key="surfaced",
        claim=say(ONE) if n == 1 else say(SEVERAL, n=in_words(n).capitalize()),
        lead=(
            _whole(telling) or say(RESTS, says=says_of(told[0])),
            say(TAKE_UP if reading.charter is not None else WRITE_FIRST),
        ),
        charts=(ListChart(title=say("What choices rest on"), items=items),),
        note=(say(NOTE),),
        term=TERM,
        leads=False,
    )


def cost_line(telling: Telling) -> Line | None:
    """How much hangs on the costs that the charter declares; None where it declares none."""
    figure = telling.figure("cost-ratio")
    if figure is None or figure.note("declared") is not True:
        return None
    says = joined(
        say("{says}, as the charter has it.", says=says_of(figure)), _cost(telling, figure)
    )
    return Line(key="cost-ratio", says=says)


def adopt_command(figure: Figure, context: ReportContext) -> str:
    """What to type to take an assumption into the charter."""
    file = context.charter_file or "CHARTER.yaml"
    table = context.table_arguments or "TABLE"
    return f"sayso charter adopt {file} {name_of(figure)} --table {table}"


def says_of(figure: Figure) -> str:
    """A surfaced assumption as a charter would say it: one sentence without its full stop."""
    name, value = figure.group("input") or "", figure.group("value") or ""
    option = str(figure.group("option") or figure.note("option") or "")
    match figure.measure:
        case "cost-ratio":
            ratio, first, second = (figure.note(n) for n in ("ratio", "first", "second"))
            unequal = isinstance(ratio, float) and abs(ratio - 1) > 1e-9
            times = f"{ratio:.3g} times a" if unequal else "as much as a"
            return f"A wrong “{first}” costs {times} wrong “{second}”"
        case "unseen-outcomes":
            return f"“{option}” was right where it was chosen, though no outcome after it is seen"
        case "outside-support":
            return (
                f"“{option}” is right where {_is(name, value)}: nothing else was ever tried there"
            )
        case "outside-outcomes":
            return f"Cases where {_is(name, value)} turn out as others do: none has a known outcome"
        case "missing-as-value" if figure.group("outcome") is not None:
            return f"An empty {name} says something of how a case turns out"
        case "missing-as-value":
            return f"An empty {name} says something of whether “{option}” is right"
        case "constant-input":
            held = str(figure.note("value") or "")
            return f"{name} is “{held}” in every case" if held else f"{name} is empty in every case"
        case _:
            return f"What people call “{figure.group('theme')}” need not be an input"


def _told(figures: list[Figure]) -> list[Figure]:
    """Some of each kind, so that one kind does not hide the others."""
    seen: Counter[str] = Counter()
    told: list[Figure] = []
    for figure in figures:
        seen[figure.measure] += 1
        if seen[figure.measure] <= MOST_OF_A_KIND and len(told) < MOST:
            told.append(figure)
    return told


def _is(name: str, value: str) -> str:
    return f"{name} is {value}" if value.startswith(("up to ", "over ")) else f"{name} is “{value}”"


def _whole(telling: Telling) -> Sentence | None:
    """How many cases lie where nothing else was tried, or nothing is known."""
    said: list[Sentence] = []
    same, none = telling.figure("outside-support"), telling.figure("outside-outcomes")
    if same is not None:
        said.append(say(SAME_ANSWER, k=telling.cite(same)))
    if none is not None:
        said.append(say(NO_OUTCOME, k=telling.cite(none)))
    return joined(*said) if said else None


def _behind(telling: Telling, figure: Figure) -> Sentence:
    estimate = figure.estimate
    match figure.measure:
        case "unheld-reasons":
            if estimate is None:
                return say(REASON_BARE)
            return joined(say(REASON, k=telling.cite(figure)), _counted(telling, figure))
        case "cost-ratio":
            return joined(_cost(telling, figure), _counted(telling, figure))
        case "missing-as-value":
            way = "more" if estimate is not None and estimate.value > 0 else "less"
            people = telling.reading.setting.deciders >= 5
            within = ", compared within people" if people else ""
            apart = say(EMPTY, k=telling.cite(figure, size=True), way=way, within=within)
            return joined(apart, _counted(telling, figure))
        case "constant-input":
            return say(CONSTANT, n=_cases(figure))
        case "outside-support":
            return say(WHERE_ALL, n=_cases(figure))
        case "outside-outcomes":
            return say(WHERE_NONE, n=_cases(figure))
        case _:
            return say(AFTER_NONE, n=_cases(figure))


def _cost(telling: Telling, figure: Figure) -> Sentence:
    """How many choices turn near the ratio, and where half of them would."""
    half = telling.figure("cost-ratio-half")
    near = say(COST, k=telling.cite(figure))
    if half is not None:
        return joined(near, say(COST_HALF, half=telling.cite(half)))
    known = telling.reading.figure("cost-ratio-half") is None
    return joined(near, say(COST_FAR)) if known else near


def _counted(telling: Telling, figure: Figure) -> Sentence:
    return say(COUNTED, counts=telling.counted(figure))


def _cases(figure: Figure) -> str:
    return count(figure.estimate.n) if figure.estimate is not None else "no"
