"""What whoever convenes a round reads: before it, while people answer, and how to settle it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sayso.align.round import RoundState, SettleBy
from sayso.learn.proposal import OPEN_DAYS
from sayso.present.numbers import in_words, on_day
from sayso.present.round_form import minutes_for, minutes_of
from sayso.present.round_notice import LOCAL
from sayso.present.rounds.telling import capital, listed, role_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.align.considerations import Consideration
    from sayso.align.round import Round
    from sayso.declare.charter import Charter
    from sayso.learn.proposal import Expected, Proposal

CASES = 12
SETTLES = (
    (SettleBy.OWNER.value, "Whoever is accountable, after hearing everybody"),
    (
        SettleBy.CONSENT.value,
        "Whoever is accountable, once no reasoned objection is left unanswered",
    ),
    (SettleBy.QUORUM.value, "Whoever is accountable, if at least six in ten have answered"),
    (SettleBy.VETO.value, "Whoever is accountable, unless {roles} stops it"),
)
FIRST_TITLE = "Do we agree who is accountable, and what it is for?"
STAND = (
    "Five to fifteen people answer the same questions apart, before anybody sees another’s answer. "
    "It takes each of them about {minutes} minutes on a phone."
)
LINKS = "{Links} links, one for each person"
ONLY_HERE = (
    "These links open on this computer only. To reach other people, serve the pages under an address "
    "that they can open: sayso serve --host."
)
OPEN = "People are still answering"
OPEN_SAYS = (
    "Results open to everybody at once when all have answered, or on {day}. Until then nobody sees "
    "any, and you neither."
)
COUNT = "{Sent} of {invited} have answered."
ONE = "One of {invited} has answered."
NONE_YET = "Nobody of {invited} has answered yet."
NEEDED = "{Least} are needed before anything is shown."
FORGOTTEN = "The answers to this round are no longer kept"
WITHHELD = "Nothing will be shown of this round"
WITHHELD_SAYS = "{Sent} answered, and {least} are needed: among fewer, people would be recognised."
ASK_AGAIN = "Open another round and give it more time."
NOBODY_SEES = "Nobody sees any of the answers, whoever convened the round neither."
MESSAGE = (
    "Please take about {minutes} minutes for this, before {day}: {question} Your answers are kept "
    "without your name, and nobody sees any until all can. The link works once, for you:"
)
SENT = "Your answers are in"
SENT_SAYS = (
    "Results open to everybody at once when nobody can answer any more, on {day} at the latest. Come "
    "back to this page in this browser then."
)
ASKS_WHO = "Who is accountable, and what the decision is for."
ASKS_WHAT = "What matters to them: 100 points over {names}."
ASKS_CASES = "What they would choose in a dozen cases, two of them twice, if you ask cases."
ASKS_LITTLE = (
    "The charter does not say yet what matters, so they are not asked to weigh it, and no cases are "
    "asked. That can come with the next round."
)
SETTLE_TITLE, LYING_TITLE = "Write the rule", "The rule lies open"
SETTLE_STAND = "The round says: {headline}."
SETTLES_IT = "{person} settles it, as {role}."
HELD_BY_NOBODY = "Nobody is on record as {role}, so nobody can settle it yet."
NO_OWNER = "The charter names nobody who is accountable, so nobody can settle it yet."
RULE_SAYS = {
    SettleBy.OWNER: "As was said before anybody answered, they decide after hearing everybody.",
    SettleBy.CONSENT: (
        "As was said before anybody answered, the rule lies open for {days} days, and every "
        "objection is answered first."
    ),
    SettleBy.QUORUM: "As was said before anybody answered, enough have to have answered.",
    SettleBy.VETO: (
        "As was said before anybody answered, the rule lies open for {days} days, in which a role "
        "with a veto may stop it."
    ),
}
NEXT_VERSION = "It becomes {version}, and stands there from that day."
BEFORE = (
    "What you expect is written down before, and held against what happens on the day you name."
)
TOLD = "Everybody who answered is told what was decided, and why."
WRITE, SEE_OPEN = "Write the rule", "See what it waits for"
PROPOSED = "Proposed by {role}"
UNTIL = "It lies open until {day}. Every objection is answered before it is settled."
VETO_UNTIL = (
    "It lies open until {day}. A role with a veto may stop it; what anybody else says is answered "
    "here."
)


def stand(weighed: Sequence[Consideration], *, cases: int) -> str:
    """What a round is, and how long it takes each person."""
    asked = cases + 2 if weighed else 0
    return STAND.format(minutes=in_words(minutes_for(weighs=bool(weighed), cases=asked)))


def settles(charter: Charter) -> tuple[tuple[str, str], ...]:
    """Who may settle, to pick from; a veto only where the charter gives one to somebody."""
    roles = listed([role_name(role) for role in charter.rights.veto])
    return tuple(
        (value, label.format(roles=f"a role with a veto ({roles})"))
        for value, label in SETTLES
        if roles or value != SettleBy.VETO.value
    )


def links_title(number: int) -> str:
    """Title of the page of links."""
    return LINKS.format(Links=capital(in_words(number)))


def only_here(address: str) -> str:
    """That links open on this computer only; "" where they open elsewhere."""
    return ONLY_HERE if urlsplit(address).hostname in LOCAL else ""


def waiting(round_: Round, sent: int, state: RoundState, *, convener: bool) -> dict[str, str]:
    """A round that shows nothing yet, or never will."""
    least, invited = in_words(round_.least), in_words(round_.invited)
    if state is RoundState.WITHHELD:
        nobody = "Nobody" if sent == 0 else capital(in_words(sent))
        says = WITHHELD_SAYS.format(Sent=nobody, least=least)
        return {
            "title": WITHHELD,
            "says": f"{says} {ASK_AGAIN if convener else NOBODY_SEES}",
            "count": _count(sent, invited),
            "sub": "",
        }
    return {
        "title": OPEN,
        "says": OPEN_SAYS.format(day=on_day(round_.closes)),
        "count": _count(sent, invited),
        "sub": NEEDED.format(Least=capital(least)) if sent < round_.least else "",
    }


def _count(sent: int, invited: str) -> str:
    if sent <= 1:
        return (ONE if sent else NONE_YET).format(invited=invited)
    return COUNT.format(Sent=capital(in_words(sent)), invited=invited)


def message(round_: Round) -> str:
    """What to write with a link."""
    return MESSAGE.format(
        minutes=in_words(minutes_of(round_)),
        day=on_day(round_.closes),
        question=round_.question,
    )


def takes(round_: Round) -> str:
    """How long a round takes one person."""
    return f"About {in_words(minutes_of(round_))} minutes."


def sent_says(round_: Round) -> str:
    """What somebody who has answered reads."""
    return SENT_SAYS.format(day=on_day(round_.closes))


def asks(charter: Charter, weighed: Sequence[Consideration]) -> tuple[str, ...]:
    """What people are asked, for whoever invites them."""
    if not weighed:
        return (ASKS_WHO, ASKS_LITTLE)
    without = [o.name for o in charter.matters if o.name not in {c.name for c in weighed}]
    left = (LEFT_OUT.format(names=listed(without)),) if without else ()
    return (ASKS_WHO, ASKS_WHAT.format(names=listed([c.name for c in weighed])), *left, ASKS_CASES)


LEFT_OUT = "Not asked, for want of a range: {names}."


def settle_title(lying: bool) -> str:
    """Title of the page on which the rule is written."""
    return LYING_TITLE if lying else SETTLE_TITLE


def settle_stand(headline: str) -> str:
    """What the rule answers."""
    return SETTLE_STAND.format(headline=f"{headline[:1].lower()}{headline[1:]}")


def who_settles(role: str | None, person: str | None) -> str:
    """Whose word it is."""
    if role is None:
        return NO_OWNER
    if person is None:
        return HELD_BY_NOBODY.format(role=role_name(role))
    return (
        SETTLES_IT.format(person=person, role=role_name(role))
        if person != role
        else f"{person} settles it."
    )


def roles(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Roles to pick from."""
    return tuple((name, capital(role_name(name))) for name in names)


def waits(reasons: Sequence[str]) -> tuple[str, ...]:
    """What is still missing, as sentences of a page."""
    return tuple(of_page(reason) for reason in reasons)


def of_page(reason: str) -> str:
    """A reason as a page says it, with what there is to press instead of what there is to type."""
    said = reason.replace("add --although-changed", "say so below, and settle once more")
    return _DAY.sub(lambda found: on_day(date.fromisoformat(found[0])), said)


_DAY = re.compile(r"\b\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])\b")


def notes(version: str, settle: SettleBy) -> tuple[str, ...]:
    """What settling does."""
    return (
        RULE_SAYS[settle].format(days=in_words(OPEN_DAYS)),
        NEXT_VERSION.format(version=version),
        BEFORE,
        TOLD,
    )


def settle_button(settle: SettleBy, lying: bool) -> str:
    """What the button does: the rule is laid open first where others may still say no."""
    first = settle in (SettleBy.CONSENT, SettleBy.VETO) and not lying
    return f"Lay it open for {in_words(OPEN_DAYS)} days" if first else "Settle it"


def next_step(lying: bool) -> str:
    """What whoever convenes does next."""
    return SEE_OPEN if lying else WRITE


def proposed(proposal: Proposal, settle: SettleBy) -> dict[str, Any]:
    """A rule that lies open, as its page prints it; of any type, as Jinja takes it."""
    effect = proposal.expected
    until = on_day(proposal.open_until)
    return {
        "by": PROPOSED.format(role=role_name(proposal.by)),
        "rule": proposal.rule,
        "why": proposal.why,
        "expects": expected_text(effect) + f" It is checked on {on_day(proposal.check_on)}.",
        "until": (VETO_UNTIL if settle is SettleBy.VETO else UNTIL).format(day=until),
        "objections": [
            {
                "number": o.number,
                "because": o.because,
                "veto": role_name(o.veto),
                "answer": o.answer,
            }
            for o in proposal.objections
        ],
    }


def expected_text(effect: Expected) -> str:
    """What is expected, as far as an expression can be read: "how often “pay” is chosen"."""
    chosen = _CHOSEN.fullmatch(effect.check)
    over = "" if effect.where is None else f", where {effect.where.replace('_', ' ')}"
    if chosen is None:
        return f"{effect.check}{over}, from {effect.start:g} to {effect.target:g}."
    option = chosen[1].replace("''", "'")
    start, target = (f"{100 * share:.3g}" for share in (effect.start, effect.target))
    return f"“{option}” is chosen {target} times in 100{over}, where it was {start}."


_CHOSEN = re.compile(r"avg\(choice = '((?:[^']|'')*)'\)")
