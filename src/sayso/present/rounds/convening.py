"""What whoever convenes a round reads: before it, while people answer, and how to settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.round import FEWEST, MOST, RoundState, SettleBy
from sayso.present.numbers import in_words, on_day
from sayso.present.rounds.questions import asked_pages, minutes
from sayso.present.rounds.telling import capital, people

if TYPE_CHECKING:
    from datetime import date

    from sayso.align.round import Round
    from sayso.declare.charter import Charter

SETTLES = (
    (SettleBy.OWNER.value, "Whoever is accountable, after hearing everybody"),
    (
        SettleBy.CONSENT.value,
        "Whoever is accountable, once no reasoned objection is left unanswered",
    ),
    (SettleBy.QUORUM.value, "Whoever is accountable, if enough have answered"),
    (SettleBy.VETO.value, "Whoever is accountable, unless a role with a veto stops it"),
)
STAND = (
    "Five to fifteen people answer the same questions apart, before anybody sees another’s answer. "
    "It takes each of them about eight minutes on a phone."
)
OPEN = "People are still answering"
OPEN_SAYS = (
    "Results open to everybody at once when all have answered, or on {day}. Until then nobody sees "
    "any, and you neither."
)
COUNT = "{Sent} of {invited} have answered."
NONE_YET = "Nobody of {invited} has answered yet."
NEEDED = "{Least} are needed before anything is shown."
WITHHELD = "Nothing will be shown of this round"
WITHHELD_SAYS = (
    "{Sent} answered, and {least} are needed: among fewer, people would be recognised. Open another "
    "round and give it more time."
)
MESSAGE = (
    "Please take about {minutes} minutes for this, before {day}: {question} Your answers are kept "
    "without your name, and nobody sees any until all can. The link works once, for you:"
)
SENT = "Your answers are in"
SENT_SAYS = (
    "Results open to everybody at once when nobody can answer any more, on {day} at the latest. Come "
    "back to this page in this browser then."
)
NOTES = (
    "It becomes the charter’s next version, and stands there from today.",
    "What you expect is written down before, and held against what happens on the day you name.",
    "Everybody who answered is told what was decided, and why.",
)
ASKS_WHO = "Who is accountable, and what the decision is for."
ASKS_WHAT = "What matters to them: 100 points over {names}."
ASKS_CASES = "What they would choose in a dozen cases, two of them twice."
ASKS_LITTLE = (
    "The charter does not say yet what matters, from its worst to its best, so they are not asked to "
    "weigh it. Write it into the charter to have that asked too."
)


def waiting(round_: Round, sent: int, state: RoundState) -> dict[str, str]:
    """A round that shows nothing yet, or never will."""
    least, invited = in_words(round_.least), in_words(round_.invited)
    if state is RoundState.WITHHELD:
        says = WITHHELD_SAYS.format(Sent=capital(in_words(sent)), least=least)
        return {"title": WITHHELD, "says": says, "count": _count(sent, invited), "sub": ""}
    return {
        "title": OPEN,
        "says": OPEN_SAYS.format(day=on_day(round_.closes)),
        "count": _count(sent, invited),
        "sub": NEEDED.format(Least=capital(least)) if sent < round_.least else "",
    }


def _count(sent: int, invited: str) -> str:
    if sent == 0:
        return NONE_YET.format(invited=invited)
    return COUNT.format(Sent=capital(in_words(sent)), invited=invited)


def message(round_: Round) -> str:
    """What to write with a link."""
    return MESSAGE.format(
        minutes=in_words(minutes(asked_pages(round_))),
        day=on_day(round_.closes),
        question=round_.question,
    )


def sent_says(round_: Round) -> str:
    """What somebody who has answered reads."""
    return SENT_SAYS.format(day=on_day(round_.closes))


def asks(charter: Charter) -> tuple[str, ...]:
    """What people are asked, for whoever invites them."""
    names = [o.name for o in charter.matters if o.range is not None]
    if len(names) < 2 or len(charter.options) < 2:
        return (ASKS_WHO, ASKS_LITTLE)
    said = ", ".join(names[:-1]) + f" and {names[-1]}"
    return (ASKS_WHO, ASKS_WHAT.format(names=said), ASKS_CASES)


def settle_stand(headline: str, role: str, holder: str | None) -> str:
    """What the rule answers, and whose word it is."""
    who = f"{holder}, {role}" if holder else (role or "Nobody yet")
    return f"The round says: {headline[:1].lower()}{headline[1:]}. {who} settles it."


def how_many(day: date) -> str:
    """An example of a day as fields take it."""
    return day.isoformat()


def range_of_people() -> str:
    """From how many to how many a round is for."""
    return f"{people(FEWEST)} to {in_words(MOST)}"
