"""Who people say is accountable, and what they say the decision is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.owners import is_group
from sayso.present.numbers import in_words
from sayso.present.rounds.telling import at_least, capital, listed, people, role_name
from sayso.present.section import Line, Section
from sayso.present.sentence import joined, say

if TYPE_CHECKING:
    from sayso.align.counts import Counted
    from sayso.present.rounds.telling import RoundTelling
    from sayso.present.sentence import Sentence

NOBODY_SAID = "Nobody said who is accountable."
OWNERS_DIFFER = "{People} named {owners} owners"
OWNERS_NO_TWO = "{People} named {owners} owners, no two the same"
OWNERS_AT_LEAST = "{People} named at least {owners} owners"
OWNER_AGREED = "At least {most} of {people} name the same owner"
OWNERS_SPLIT = "{most} of {people} name one owner, the rest others"
NAMED = "{Counts}."
OTHERS = "{People} named others; whom only one person names is not shown."
OTHER = "One person named another; whom only one person names is not shown."
CHARTER_NAMES = "The charter names “{owner}”."
CHARTER_NOBODY = "The charter names nobody."
GROUP = "“{name}” is a group, so nobody’s phone rings."
MAY_BE_ONE = "“{one}” and “{other}” may be one; nobody has merged them."
SKIPPED = "{People} did not say."
OWNER_HIDDEN = (
    "Who is accountable is not shown: so few said, or said alike, that it would tell on somebody."
)
HOW = "Asked of each person apart, before anybody saw another’s answer."
COUNTED = "Counts stop short of telling on anyone: a lone answer is never shown by itself."

NOBODY_PURPOSE = "Nobody said what the decision is for."
PURPOSES_DIFFER = "People say the decision is for {purposes} different things"
PURPOSES_AT_LEAST = "People say the decision is for at least {purposes} things"
PURPOSE_AGREED = "At least {most} of {people} say it is for the same thing"
PURPOSES_SPLIT = "{most} of {people} say it is for one thing, the rest others"
PURPOSES_OTHER = "{People} said other things, too few of them alike to show."
PURPOSE_OTHER = "One person said something else, which is not shown."
PURPOSE_HIDDEN = "What the decision is for is not shown: so few said, or said alike, that it would tell on somebody."


def owners(telling: RoundTelling) -> Section | Line:
    """Whom people name as accountable."""
    counted = telling.reading.owners
    if counted.answered == 0:
        return Line(key="owners", says=say(NOBODY_SAID))
    if not counted.shown and counted.distinct in (None, 1):
        return Line(key="owners", says=say(OWNER_HIDDEN))
    lead = [_names(counted, OTHER, OTHERS)] if counted.shown else []
    lead += [say(GROUP, name=name) for name, _ in counted.shown if is_group(name)][:1]
    charter = role_name(telling.owner)
    lead.append(say(CHARTER_NAMES, owner=charter) if charter else say(CHARTER_NOBODY))
    lead += [say(MAY_BE_ONE, one=one, other=other) for one, other in counted.alike]
    return Section(
        key="owners",
        claim=_claim_of_owners(counted),
        lead=(joined(*lead),),
        note=_note(counted),
        term="",
        leads=True,
    )


def _claim_of_owners(counted: Counted) -> Sentence:
    who = capital(people(counted.answered))
    if counted.distinct is not None and counted.distinct > 1:
        template = OWNERS_DIFFER if counted.shown else OWNERS_NO_TWO
        if not counted.shown and counted.distinct < counted.answered:
            template = OWNERS_DIFFER
        return say(template, People=who, owners=in_words(counted.distinct))
    if len(counted.shown) > 1:
        return say(OWNERS_AT_LEAST, People=who, owners=in_words(len(counted.shown)))
    return _of(counted, OWNER_AGREED, OWNERS_SPLIT)


def purposes(telling: RoundTelling) -> Section | Line:
    """What people say the decision is for."""
    counted = telling.reading.purposes
    if counted.answered == 0:
        return Line(key="purposes", says=say(NOBODY_PURPOSE))
    if not counted.shown and counted.distinct in (None, 1):
        return Line(key="purposes", says=say(PURPOSE_HIDDEN))
    if counted.distinct is not None and counted.distinct > 1:
        claim = say(PURPOSES_DIFFER, purposes=in_words(counted.distinct))
    elif len(counted.shown) > 1:
        claim = say(PURPOSES_AT_LEAST, purposes=in_words(len(counted.shown)))
    else:
        claim = _of(counted, PURPOSE_AGREED, PURPOSES_SPLIT)
    lead = (
        (_names(counted, PURPOSE_OTHER, PURPOSES_OTHER),) if counted.shown or counted.others else ()
    )
    return Section(key="purposes", claim=claim, lead=lead, note=_note(counted))


def _of(counted: Counted, agreed: str, split: str) -> Sentence:
    """How many of how many gave the one answer that is shown: all but one at most, or fewer."""
    most = counted.shown[0][1]
    template = agreed if counted.at_least and most >= counted.answered - 1 else split
    number = in_words(most)
    return say(
        template,
        most=number if template is agreed else capital(number),
        people=in_words(counted.answered),
    )


def _names(counted: Counted, other: str, others: str) -> Sentence:
    told: list[Sentence] = []
    if counted.shown:
        counts = listed([f"{at_least(counted, n)} said “{text}”" for text, n in counted.shown])
        told.append(say(NAMED, Counts=capital(counts)))
    if counted.others:
        template = other if counted.others == 1 else others
        told.append(say(template, People=capital(people(counted.others))))
    return joined(*told)


def _note(counted: Counted) -> tuple[Sentence, ...]:
    note = [say(HOW), say(COUNTED)]
    if counted.skipped:
        note.append(say(SKIPPED, People=capital(people(counted.skipped))))
    return tuple(note)
