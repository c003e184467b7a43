"""Whether alike cases get alike answers: between teams, between people, and in the same hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.evidence import Word
from sayso.present.numbers import series
from sayso.present.section import Reference, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import PAST_LINE, THERE, estimate_of, is_share

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.section import Chart
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

CLAIM_MORE_THAN_AI = "Choices differ more from {team} to {team} than with or without AI"
CLAIMS_TEAMS = {
    Word.CLEAR: "The same kind of case gets different answers in different {teams}",
    Word.LIKELY: "The same kind of case probably gets different answers in different {teams}",
    Word.SMALL: "The {teams} differ on the same cases, perhaps too little to matter",
    Word.EITHER: "Whether the {teams} differ on the same cases could go either way",
    Word.TOO_SMALL: "The {teams} differ too little on the same cases to matter",
    Word.NOT_ZERO: "The {teams} differ on the same kind of case",
    Word.NOT_YET: "Not enough cases yet to compare the {teams}",
}
CLAIM_TWINS = "Cases recorded alike get different answers {k}"
CLAIM_TWO = "Two {people} decide the same case differently {k}"

GAP = (
    "Give every {team} the same mix of cases, and two {teams} differ by {k}, after taking out "
    "what chance alone would bring."
)
GAP_QUANTITY = (
    "Give every {team} the same mix of cases, and two {teams} lie {k} apart, after taking out "
    "what chance alone would bring."
)
NOBODY = "Neither is wrong on the evidence here: what a {team} does is compared, not how well."
TWINS = {
    "teams": "Two such cases in different {teams} are decided differently {k}.",
    "people in a team": "Two such cases in one {team} are decided differently {k}.",
    "people": "Two such cases before two {people} are decided differently {k}.",
    "same person": "Two such cases before the same {person} are decided differently {k}.",
}
ALIKE = "Take cases alike in what was recorded."
FORCED = (
    "Of all pairs, whoever decided, the differences that were recorded would bring at least {k}."
)
UPPER = (
    "Some of the rest is knowledge this file does not hold, so these are upper figures for "
    "chance and habit."
)
TWO = "Shown the same case, two {people} decide it differently {k}."
WORKING = "Who works in a {team} is part of the gap, so these {teams} differ, not the place itself."
MERGED = "A {team} with too few people or cases is shown together with another, never by itself."
TERM_GAP = (
    "RMS difference of adjusted rates, less sampling variance; range by inverting the noncentral F."
)
TERM_TWINS = "Within- and between-group disagreement of near twins; 95% range."
BETWEEN = (
    ("teams", "In different {teams}"),
    ("people in a team", "In one {team}"),
    ("people", "Before two {people}"),
    ("same person", "Before the same {person}"),
)
ALIKE_EXACT = "Alike means the same {exact}."
ALIKE_WITHIN = "Alike means the same {exact}, with {near}."
GUESSED = "as recorded"
MOST_TEAMS = 20
DEFINITIONS = (
    ("wide", "loosely"),
    ("as declared", "as declared"),
    ("narrow", "strictly"),
    ("AI's estimate", "in the AI’s estimate"),
)


def alike(telling: Telling) -> Section | None:
    """The section on alike cases; None where the table cannot show any."""
    gap = telling.figure("team-gap")
    two = telling.figure("two-differ")
    twins = [
        telling.figure("twins-differ", between=b, alike="as declared") for b in _between(telling)
    ]
    differ = next((f for f in twins if f is not None), None)
    primary = gap or two or differ
    if primary is None:
        return None
    return Section(
        key="alike",
        claim=_claim(telling, primary),
        lead=_lead(telling, gap, two, [f for f in twins if f is not None]),
        charts=_charts(telling),
        note=_note(telling, primary),
        term=TERM_GAP if gap is not None else TERM_TWINS,
        word=primary.word,
        primary=primary,
    )


def _between(telling: Telling) -> tuple[str, ...]:
    """Which pairs are told: where there are teams, pairs of any two people say nothing more."""
    teams = telling.figure("twins-differ", between="teams", alike="as declared") is not None
    return tuple(b for b, _ in BETWEEN if b != "people" or not teams)


def teams_differ_more(telling: Telling) -> bool:
    """Whether two teams differ by clearly more than the advice moves choices."""
    gap, moved = telling.figure("team-gap"), telling.figure("influence")
    if gap is None or moved is None or not is_share(gap) or gap.word not in PAST_LINE:
        return False
    return estimate_of(gap).low > max(abs(estimate_of(moved).low), abs(estimate_of(moved).high))


def _claim(telling: Telling, primary: Figure) -> Sentence:
    if primary.measure == "two-differ":
        return say(CLAIM_TWO, people=telling.deciders, k=telling.bare_times(primary))
    if primary.measure != "team-gap":
        return say(CLAIM_TWINS, k=telling.bare_times(primary))
    if teams_differ_more(telling):
        return say(CLAIM_MORE_THAN_AI, team=telling.team)
    claim = CLAIMS_TEAMS.get(primary.word or Word.EITHER, CLAIMS_TEAMS[Word.EITHER])
    return say(claim, teams=telling.teams)


def _lead(
    telling: Telling, gap: Figure | None, two: Figure | None, twins: list[Figure]
) -> tuple[Sentence, ...]:
    words = {
        "team": telling.team,
        "teams": telling.teams,
        "people": telling.deciders if telling.deciders != "people" else "people",
        "person": telling.decider if telling.decider != "decider" else "person",
    }
    first: list[Sentence] = []
    if gap is not None:
        first.append(say(GAP if is_share(gap) else GAP_QUANTITY, k=telling.cite(gap), **words))
        if gap.word in THERE:
            first.append(say(NOBODY, **words))
    if two is not None:
        first.append(say(TWO, k=telling.times(two), **words))
    second: list[Sentence] = []
    for figure in twins:
        second.append(say(TWINS[figure.group("between") or ""], k=telling.times(figure), **words))
    if second:
        forced = telling.figure("twins-forced", alike="as declared")
        second.insert(0, say(ALIKE))
        second += [say(FORCED, k=telling.cite(forced))] if forced is not None else []
        second.append(say(UPPER))
    return tuple(joined(*paragraph) for paragraph in (first, second) if paragraph)


def _charts(telling: Telling) -> tuple[Chart, ...]:
    charts = (_practice(telling), _definitions(telling))
    return tuple(chart for chart in charts if chart is not None)


def _practice(telling: Telling) -> RowChart | None:
    """What each team does with the same mix of cases."""
    listed = [f for f in telling.shown("team-practice") if f.group("team") is not None]
    options = [
        o for o in telling.reading.setting.options if any(f.group("option") == o for f in listed)
    ]
    option = options[0] if options else next((f.group("option") for f in listed), None)
    rows = sorted(
        (f for f in listed if f.group("option") == option and f.estimate is not None),
        key=lambda f: estimate_of(f).value,
    )
    if len(rows) < 2:
        return None
    drawn = _spread(rows)
    title = "How often each {team} chooses “{option}”, given the same cases"
    if option is None or not is_share(rows[0]):
        title = "What each {team} chooses on average, given the same cases"
    advised = telling.figure("choice-rate", arm="advice", option=option or "")
    return RowChart(
        title=say(title, team=telling.team, option=option or ""),
        subtitle=f"{_per(rows[0])}What a {telling.team} does, not how well it does"
        + _some(telling, len(drawn), len(rows)),
        head=telling.team.capitalize(),
        value_head=telling.unit_of(rows[0]),
        rows=tuple(Row(label=f.group("team") or "", figure=f, tone=Tone.PEOPLE) for f in drawn),
        references=()
        if advised is None
        else (Reference(at=estimate_of(advised).value, label="AI advises"),),
    )


def _spread(rows: list[Figure]) -> list[Figure]:
    """At most so many teams at even steps of their order, the ends among them."""
    if len(rows) <= MOST_TEAMS:
        return rows
    return [rows[round(i * (len(rows) - 1) / (MOST_TEAMS - 1))] for i in range(MOST_TEAMS)]


def _some(telling: Telling, drawn: int, of: int) -> str:
    """What is left out of the drawing, which the JSON holds."""
    if drawn == of:
        return ""
    return f"; {drawn} of {of} {telling.teams}, evenly from the first to the last"


def _per(figure: Figure) -> str:
    return "Per 100 cases. " if is_share(figure) else ""


def _definitions(telling: Telling) -> RowChart | None:
    """How often alike cases are decided differently, at several definitions of alike."""
    words = {"team": telling.team, "teams": telling.teams, "people": "people", "person": "person"}
    charter = telling.reading.charter
    declared = charter is not None and (charter.alike is not None or bool(charter.kinds))
    rows = tuple(
        Row(
            label=f"{label.format(**words)}, alike {how if declared or name != how else GUESSED}",
            figure=found,
            tone=Tone.PEOPLE,
        )
        for between, label in BETWEEN
        if between in _between(telling)
        for name, how in DEFINITIONS
        # The three definitions are compared once, where pairs are furthest apart.
        if (name == "as declared" or between == _between(telling)[0])
        and (found := telling.figure("twins-differ", between=between, alike=name)) is not None
    )
    if len(rows) < 2:
        return None
    return RowChart(
        title=say("How often two alike cases are decided differently"),
        subtitle="Per 100 pairs alike in what was recorded, at several definitions of alike",
        head="Two cases",
        value_head="per 100",
        rows=rows,
        of="cases",
    )


def _note(telling: Telling, primary: Figure) -> tuple[Sentence, ...]:
    words = {"team": telling.team, "teams": telling.teams}
    notes = [say("Counted over {n}.", n=telling.counted(primary))]
    charter = telling.reading.charter
    if charter is not None and charter.alike is not None and charter.alike.exact:
        exact = series([name.replace("_", " ") for name in charter.alike.exact])
        near = series([f"{n.replace('_', ' ')} within {w:g}" for n, w in charter.alike.within])
        words_for_alike = ALIKE_WITHIN if near else ALIKE_EXACT
        notes.append(say(words_for_alike, exact=exact, near=near))
    if primary.measure == "team-gap":
        notes += [say(WORKING, **words), say(MERGED, **words)]
    if (about := telling.population(primary)) is not None:
        notes.append(about)
    return tuple(notes)
