"""What was taken to be true, and whether it still is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.measure.estimators.standing import Standing
from sayso.present.numbers import count, in_words, on_day
from sayso.present.section import Line, ListChart, ListItem, Section, Step, TimeChart, TimePoint
from sayso.present.sentence import joined, say
from sayso.present.telling import how_many_more, is_share, noted_number

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

MOST_PICTURES = 3
MOST_IN_A_LINE = 4
ONE_FAILED = "The one assumption written down has stopped being true"
FAILED = "{k} of {n} assumptions {have} stopped being true"
ONE_NEAR = "The one assumption written down is near its line"
NEAR = "{k} of {n} assumptions {are} near {their} line"
NO_LONGER = (
    "{says}: no longer true. It stands at {now}; {assumed} was assumed. That opens a review."
)
SINCE = (
    "{says}: no longer true since {day}. It stands at {now} from then on; {assumed} was assumed. "
    "{n} such cases were decided since. That opens a review."
)
IS_NEAR = "{says}: near its line. It stands at {now}; {assumed} was assumed."
HOLDS = "{says}: it holds, at {now}."
MORE_HOLD = "{n} more hold."
STANDS = "It stands at {now}; {assumed} was assumed. Counted over {counts}."
STANDS_SINCE = "Since {day} it stands at {now}; {assumed} was assumed. Counted over {counts}."
UNTESTED = "{says}: not tested."
METHOD = (
    "It stopped in the first period from which on every value lies outside what was assumed, if "
    "the cases from then on, taken together, lie outside by more than chance over all the "
    "periods looked at."
)
TERM = "Drift against a stated assumption; Bonferroni over the periods."
NOBODY = "Nobody watches it."


def assumptions(telling: Telling) -> Section | Line | None:
    """What became of the charter's assumptions; None where it has none."""
    figures = telling.shown("assumption")
    if not figures:
        return None
    of = {one: [f for f in figures if f.note("state") == str(one)] for one in Standing}
    failed, near = of[Standing.NO_LONGER], of[Standing.NEAR]
    held, untested = of[Standing.HOLDS], of[Standing.NOT_TESTED]
    if not failed and not near:
        return Line(key="assumptions", says=_quiet(telling, held, untested))
    told = (failed or near)[:MOST_PICTURES]
    primary = _latest(telling, told[0])
    pictures = (_picture(telling, f) for f in told)
    listed = ListChart(
        title=say("What was taken to be true"),
        items=tuple(_item(telling, f) for f in (*failed, *near, *untested, *held)),
    )
    return Section(
        key="assumptions",
        claim=_claim(len(failed), len(near), len(figures)),
        lead=tuple(_lead(telling, f) for f in told),
        charts=(*(p for p in pictures if p is not None), listed),
        note=(say(METHOD),) if failed else (),
        term=TERM,
        word=primary.word,
        primary=primary,
        leads=bool(failed),
    )


def review_steps(telling: Telling) -> tuple[Step, ...]:
    """A step for each assumption that stopped holding, at most two: look at it again."""
    found: list[Step] = []
    for figure in telling.shown("assumption"):
        if figure.note("state") != str(Standing.NO_LONGER):
            continue
        cases = noted_number(figure, "cases_since")
        since = f"{count(cases)} cases were decided since it stopped. " if cases else ""
        found.append(
            Step(
                title=f"Look again at what no longer holds: {_says(figure)}",
                why=f"{_watched(figure)} {since}Say what is true now, change what rests on it, or "
                "take it out of the charter.",
            )
        )
    return tuple(found[:2])


def _claim(failed: int, near: int, all_: int) -> Sentence:
    if all_ == 1:
        return say(ONE_FAILED if failed else ONE_NEAR)
    n, k = in_words(all_), in_words(failed or near).capitalize()
    if failed:
        return say(FAILED, k=k, n=n, have="has" if failed == 1 else "have")
    are, their = ("is", "its") if near == 1 else ("are", "their")
    return say(NEAR, k=k, n=n, are=are, their=their)


def _quiet(telling: Telling, held: list[Figure], untested: list[Figure]) -> Sentence:
    """One line: what holds, and what nobody tests."""
    said = [say(HOLDS, says=_says(f), now=telling.cite(f)) for f in held[:MOST_IN_A_LINE]]
    if len(held) > MOST_IN_A_LINE:
        said.append(say(MORE_HOLD, n=in_words(len(held) - MOST_IN_A_LINE).capitalize()))
    for figure in untested[:MOST_IN_A_LINE]:
        said.append(say(UNTESTED, says=_says(figure)))
        said.append(say("{why} {who}", why=_why(figure), who=_watched(figure)))
    if len(untested) > MOST_IN_A_LINE:
        n = in_words(len(untested) - MOST_IN_A_LINE).capitalize()
        said.append(say("{n} more are not tested.", n=n))
    return joined(*said)


def _lead(telling: Telling, figure: Figure) -> Sentence:
    latest, assumed = _latest(telling, figure), _assumed(telling, figure)
    says, now = _says(figure), telling.cite(latest)
    day, cases = _day(figure, "stopped"), noted_number(figure, "cases_since")
    if figure.note("state") == str(Standing.NEAR):
        return say(IS_NEAR, says=says, now=now, assumed=assumed)
    if day is None or cases is None or latest is figure:
        return say(NO_LONGER, says=says, now=now, assumed=assumed)
    return say(SINCE, says=says, day=on_day(day), now=now, assumed=assumed, n=count(cases))


def _item(telling: Telling, figure: Figure) -> ListItem:
    state = str(figure.note("state"))
    latest = _latest(telling, figure)
    if latest.estimate is None:
        sub = say("{why} {who}", why=_why(figure), who=_watched(figure))
        return ListItem(says=say("{says}.", says=_says(figure)), sub=sub, state=state)
    values = {
        "now": telling.cite(latest),
        "assumed": _assumed(telling, figure),
        "counts": telling.counted(latest),
    }
    day = _day(figure, "stopped")
    sub = say(STANDS, **values) if day is None else say(STANDS_SINCE, day=on_day(day), **values)
    return ListItem(says=say("{says}.", says=_says(figure)), sub=sub, state=state)


def _latest(telling: Telling, figure: Figure) -> Figure:
    """Where it stands since it stopped holding, else over all cases."""
    since = telling.figure("assumption-since", assumption=figure.group("assumption") or "")
    return since or figure


def _picture(telling: Telling, figure: Figure) -> TimeChart | None:
    name = figure.group("assumption")
    points = [f for f in telling.shown("assumption-over-time") if f.group("assumption") == name]
    low, high = noted_number(figure, "holds_low"), noted_number(figure, "holds_high")
    if len(points) < 2 or low is None or high is None:
        return None
    shares = any(is_share(f) for f in points)
    stopped, starts = figure.note("stopped"), [f.group("period") for f in points]
    event = starts.index(str(stopped)) if stopped in starts else None
    day = _day(figure, "stopped")
    assumed = _assumed(telling, figure)
    what = f"{_says(figure)}, by {_unit(points[0])}"
    return TimeChart(
        title=say("{what}", what=what),
        subtitle=(
            f"{'Per 100 cases. ' if shares else ''}Dots are best estimates, bars hold the value "
            "with a 19 in 20 chance; the dashed lines are what was assumed"
        ),
        spoken=f"{what}: {len(points)} periods against {assumed} as assumed. Values are in the table.",
        value_head="per 100" if shares else "value",
        points=tuple(TimePoint(*_labels(f), f) for f in points),
        band=(low, high),
        band_label=f"you assumed {assumed.removesuffix(' in 100')}",
        event=event or None,
        event_label=f"stopped {on_day(day)}" if day is not None else "",
    )


def _labels(figure: Figure) -> tuple[str, str]:
    """A period in words, and short."""
    since = date.fromisoformat(figure.group("period") or "")
    until = date.fromisoformat(str(figure.note("until"))) - timedelta(days=1)
    month = on_day(since).split()[1]
    match figure.note("unit"):
        case "month":
            return f"{month} {since.year}", month[:3]
        case "quarter":
            quarter = (since.month + 2) // 3
            return f"quarter {quarter} of {since.year}", f"{since.year} Q{quarter}"
        case "half-year":
            half = "first" if since.month < 7 else "second"
            return (
                f"{half} half of {since.year}",
                f"{since.year} {'H1' if since.month < 7 else 'H2'}",
            )
        case "year":
            return str(since.year), str(since.year)
        case _:
            return f"{on_day(since)} to {on_day(until)}", f"{since.day} {month[:3]}"


def _unit(figure: Figure) -> str:
    unit = str(figure.note("unit"))
    return "period" if unit == "days" else unit


def _assumed(telling: Telling, figure: Figure) -> str:
    """The range that was written down: "69 to 79 in 100"."""
    low, high = noted_number(figure, "holds_low"), noted_number(figure, "holds_high")
    if low is None or high is None:
        return "nothing"
    if is_share(_latest(telling, figure)):
        return f"{low * 100:g} to {high * 100:g} in 100"
    return f"{low:g} to {high:g}"


def _says(figure: Figure) -> str:
    return str(figure.note("says") or figure.group("assumption") or "").strip().rstrip(".")


def _why(figure: Figure) -> str:
    """Why it is not tested."""
    match figure.answer:
        case NotEnoughData() as answer:
            return f"So far there are {how_many_more(answer)}."
        case CannotTell() as answer:
            return f"{answer.reason} {answer.cheapest_way}"
        case _:
            return ""


def _watched(figure: Figure) -> str:
    """Who watches it, and since when it is believed."""
    owner, since = figure.note("owner"), _day(figure, "since")
    who = f"{_role(str(owner))} watches it" if owner else NOBODY.rstrip(".")
    believed = f", believed since {on_day(since)}" if since is not None else ""
    return f"{who[:1].upper()}{who[1:]}{believed}."


def _role(owner: str) -> str:
    return owner.replace("-", " ").replace("_", " ") if owner.islower() else owner


def _day(figure: Figure, name: str) -> date | None:
    said = figure.note(name)
    return date.fromisoformat(said) if isinstance(said, str) else None
