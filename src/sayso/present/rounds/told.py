"""Everything a round says, in order: one claim that leads, sections, what stays open, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.align.round_reading import HelpMost
from sayso.domain.answer import CannotTell
from sayso.measure.estimators.words import holm, one_lower
from sayso.present.numbers import in_words, on_day
from sayso.present.rounds.changed import differing, flips, splits, wobble
from sayso.present.rounds.frontier import frontier
from sayso.present.rounds.help import help_most
from sayso.present.rounds.named import owners, purposes
from sayso.present.rounds.telling import RoundTelling, capital, people
from sayso.present.rounds.weighed import revealed, weights
from sayso.present.section import Line, Section, Step, Unknown
from sayso.present.sentence import Sentence, say

if TYPE_CHECKING:
    from datetime import date

    from sayso.align.read_frontier import TradeOff
    from sayso.align.round_reading import RoundReading
    from sayso.domain.answer import NotEnoughData

NOTHING = "This round holds too little to say anything yet"
STAND = (
    "{People} answered apart, before anybody saw another’s answer. Nobody is told who said what."
)
ALL, SOME = "All {invited} invited", "{Sent} of the {invited} invited"
OPEN = "What this round cannot tell"
RULE = Step(
    title="Write the rule",
    why=(
        "A round ends when the accountable person writes one rule, what they expect of it, and the "
        "day to check. Everybody who answered is told what was decided and why."
    ),
    command="sayso settle {id} --rule TEXT --why TEXT --expect CHECK --from X --to Y --check-on DATE",
)
NAME = Step(
    title="Agree on one name",
    why="Until one person is accountable, nobody can write the rule. Five minutes, face to face.",
    command="sayso accept {charter}",
)
ASK_THEM = "Ask them in another round; this one takes no answers any more."
FIRST_DAY = "What matters to each of you, and in which cases it would change the answer."
FIRST_DAY_WAY = (
    "Write into the charter what matters, each from its worst to its best, and ask again."
)
NEVER = "Who said what."
NEVER_WAY = (
    "This report tells nobody, and what is stored holds no names. People who put their own answers "
    "together can work out the rest."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What was said against a rule, by nobody who is named.

    Attributes:
        because: The reason.
        answer: What was answered; "" for nothing yet.
        veto: The role that stopped it; "" for an objection.
    """

    because: str
    answer: str = ""
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a round ended.

    Attributes:
        rule: The rule, as the accountable person wrote it.
        why: Their reason.
        expected: What they expect of it, in words; "" where nothing can be seen.
        check_on: The day on which it is checked.
        role: The accountable role.
        charter: The charter's version that holds the rule.
        against: What was said against it, each with its answer.
    """

    rule: str
    why: str
    expected: str
    check_on: date
    role: str
    charter: str
    against: tuple[Against, ...] = ()

    @property
    def when(self) -> str:
        """The day of the check, in words."""
        return on_day(self.check_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTold:
    """Everything one round says.

    Attributes:
        telling: The round with its words.
        headline: Claim of the first section.
        stand: Who answered, and how.
        sections: In order of what matters.
        lines: What has no picture.
        cases: Each case with its counts, in the order asked.
        unknown: What the round cannot tell.
        steps: What to do next.
        settled: How it ended; None while it has not.
    """

    telling: RoundTelling
    headline: Sentence
    stand: str
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]
    cases: tuple[tuple[str, str], ...]
    unknown: tuple[Unknown, ...]
    steps: tuple[Step, ...]
    settled: Settled | None = None


def round_told(
    reading: RoundReading,
    *,
    owner: str = "",
    settled: Settled | None = None,
    traded: TradeOff | NotEnoughData | CannotTell | None = None,
) -> RoundTold:
    """What a round says.

    Args:
        reading: Its figures and facts.
        owner: The charter's owner; "" where it names none.
        settled: How it ended.
        traded: What one rule with a line would trade off; None without a table.
    """
    found = reading.help_most
    money = found.unit if isinstance(found, HelpMost) and found.numeraire else None
    telling = RoundTelling(reading, owner, money)
    made = [
        flips(telling),
        help_most(telling),
        owners(telling),
        weights(telling),
        differing(telling),
        purposes(telling),
        frontier(traded),
        revealed(telling),
        wobble(telling),
    ]
    sections = _in_family([item for item in made if isinstance(item, Section)])
    ordered = _first_that_leads(sections)
    lines = _lines(reading, [item for item in made if isinstance(item, Line)])
    invited = in_words(reading.invited)
    who = (
        ALL.format(invited=invited)
        if reading.sent == reading.invited
        else SOME.format(Sent=capital(in_words(reading.sent)), invited=invited)
    )
    return RoundTold(
        telling=telling,
        headline=ordered[0].claim if ordered else say(NOTHING),
        stand=STAND.format(People=who),
        sections=ordered,
        lines=lines,
        cases=splits(telling),
        unknown=_unknown(reading),
        steps=_steps(reading, owner) if settled is None else (),
        settled=settled,
    )


def _in_family(sections: list[Section]) -> list[Section]:
    """Words of one report are one family: Holm at 5 % over them all (RULINGS 2)."""
    family = [
        s
        for s in sections
        if s.word is not None
        and s.primary is not None
        and s.primary.estimate is not None
        and s.primary.estimate.p_line is not None
    ]
    p_values = [
        s.primary.estimate.p_line or 0.0
        for s in family
        if s.primary is not None and s.primary.estimate is not None
    ]
    fallen = {s.key for s, kept in zip(family, holm(p_values), strict=True) if not kept}
    return [
        replace(s, word=one_lower(s.word)) if s.key in fallen and s.word is not None else s
        for s in sections
    ]


def _first_that_leads(sections: list[Section]) -> tuple[Section, ...]:
    """Sections that claim something come first, in the order that was fixed beforehand."""
    return tuple(sorted(sections, key=lambda section: not section.leads))


# What cannot be told at all is said once, among what the round cannot tell.
PARTS = {
    "flips": "flips",
    "help": "help_most",
    "differing": "differing",
    "revealed": "revealed",
    "wobble": "wobble",
}


def _lines(reading: RoundReading, made: list[Line]) -> tuple[Line, ...]:
    """What was looked at and has little to show."""
    if not reading.considerations:
        made = [line for line in made if line.key in ("owners", "purposes")]
    return tuple(
        line
        for line in made
        if not isinstance(getattr(reading, PARTS.get(line.key, ""), None), CannotTell)
    )


def _unknown(reading: RoundReading) -> tuple[Unknown, ...]:
    found: list[Unknown] = []
    if not reading.considerations:
        found.append(Unknown(question=FIRST_DAY, cheapest_way=FIRST_DAY_WAY))
        return (*found, *_missing(reading))
    parts = (reading.flips, reading.differing, reading.wobble, reading.revealed, reading.help_most)
    told = [p for p in parts if isinstance(p, CannotTell)]
    told += reading.help_most.cannot_tell if isinstance(reading.help_most, HelpMost) else ()
    for part in told:
        item = Unknown(question=part.reason, cheapest_way=part.cheapest_way)
        if item not in found:
            found.append(item)
    return (*found, *_missing(reading))


def _missing(reading: RoundReading) -> tuple[Unknown, ...]:
    """What those who did not answer would have said, and who said what."""
    never = Unknown(question=NEVER, cheapest_way=NEVER_WAY)
    missing = reading.invited - reading.sent
    if missing <= 0:
        return (never,)
    question = f"What {people(missing)} who did not answer would have said."
    return (Unknown(question=question, cheapest_way=ASK_THEM), never)


def _steps(reading: RoundReading, owner: str) -> tuple[Step, ...]:
    names = {"id": reading.round_id, "charter": str(reading.charter)}
    steps = [RULE] if owner else [NAME, RULE]
    return tuple(replace(step, command=step.command.format(**names)) for step in steps)
