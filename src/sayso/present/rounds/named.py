"""Who people say is accountable, and what they say the decision is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.owners import is_group
from sayso.present.numbers import in_words
from sayso.present.rounds.telling import at_least, capital, listed, people
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
OWNER_AGREED = "Nearly everybody names the same owner, or everybody does"
OWNERS_SPLIT = "Not everybody names the same owner"
NAMED = "{Counts}."
OTHERS = "{People} named others; whom only one person names is not shown."
CHARTER_NAMES = "The charter names “{owner}”."
CHARTER_NOBODY = "The charter names nobody."
GROUP = "“{name}” is a group, so nobody’s phone rings."
MAY_BE_ONE = "“{one}” and “{other}” may be one; nobody has merged them."
SKIPPED = "{People} did not say."
WITHHELD = "So few answered that to name an answer would tell on somebody."
HOW = "Asked of each person apart, before anybody saw another’s answer."
COUNTED = "Counts stop short of telling on anyone: a lone answer is never shown by itself."

NOBODY_PURPOSE = "Nobody said what the decision is for."
PURPOSES_DIFFER = "People say the decision is for {purposes} different things"
PURPOSE_AGREED = "Nearly everybody says the decision is for the same thing"
PURPOSES_SPLIT = "Not everybody says the decision is for the same thing"
PURPOSES_OTHER = "{People} said other things, too few of them alike to show."


def owners(telling: RoundTelling) -> Section | Line:
    """Whom people name as accountable."""
    counted = telling.reading.owners
    if counted.answered == 0:
        return Line(key="owners", says=say(NOBODY_SAID))
    if not counted.shown and counted.distinct in (None, 1):
        return Line(key="owners", says=say(f"{capital('who is accountable')}: {WITHHELD}"))
    lead = [_names(counted, OTHERS)] if counted.shown else []
    if counted.shown and is_group(counted.shown[0][0]):
        lead.append(say(GROUP, name=counted.shown[0][0]))
    lead.append(say(CHARTER_NAMES, owner=telling.owner) if telling.owner else say(CHARTER_NOBODY))
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
    return say(OWNER_AGREED if _nearly_all(counted) else OWNERS_SPLIT)


def purposes(telling: RoundTelling) -> Section | Line:
    """What people say the decision is for."""
    counted = telling.reading.purposes
    if counted.answered == 0:
        return Line(key="purposes", says=say(NOBODY_PURPOSE))
    if not counted.shown and counted.distinct in (None, 1):
        return Line(key="purposes", says=say(f"What the decision is for: {WITHHELD}"))
    if counted.distinct is not None and counted.distinct > 1:
        claim = say(PURPOSES_DIFFER, purposes=in_words(counted.distinct))
    else:
        claim = say(PURPOSE_AGREED if _nearly_all(counted) else PURPOSES_SPLIT)
    lead = (_names(counted, PURPOSES_OTHER),) if counted.shown or counted.others else ()
    return Section(key="purposes", claim=claim, lead=lead, note=_note(counted))


def _nearly_all(counted: Counted) -> bool:
    """Whether one answer is everybody's, or everybody's but one."""
    return (
        len(counted.shown) == 1 and counted.at_least and counted.shown[0][1] >= counted.answered - 1
    )


def _names(counted: Counted, others: str) -> Sentence:
    told: list[Sentence] = []
    if counted.shown:
        counts = listed([f"{at_least(counted, n)} said “{text}”" for text, n in counted.shown])
        told.append(say(NAMED, Counts=capital(counts)))
    if counted.others:
        told.append(say(others, People=capital(people(counted.others))))
    return joined(*told)


def _note(counted: Counted) -> tuple[Sentence, ...]:
    note = [say(HOW), say(COUNTED)]
    if counted.skipped:
        note.append(say(SKIPPED, People=capital(people(counted.skipped))))
    return tuple(note)
