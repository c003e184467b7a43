"""What the file cannot tell, with the cheapest way to find out; and what to do next."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell
from sayso.present.numbers import count
from sayso.present.section import Step, Unknown
from sayso.present.sections.assumptions import review_steps
from sayso.present.telling import NO_REASON, PAST_LINE, estimate_of

if TYPE_CHECKING:
    from sayso.present.telling import Telling

TEAMS = "Would another {team} decide differently?"
WHY = "Why was the AI overruled?"
WHY_NONE = "The file holds no reasons. Offer five short reasons and a free line."
WHY_SOME = "{none} of {all} overruled cases have no reason. Offer five short ones and a free line."
REST = "How did the rest turn out?"
REST_WAY = "{n} cases that are due have no outcome. Fill them in and run this again."
NEVER_SEEN = "How would the other cases have turned out?"
NEVER_SEEN_WAY = (
    "Outcomes are known after “{option}” only, and no further rows will show the rest. Follow some "
    "of them up elsewhere, or, if the accountable person agrees, let chance decide a few "
    "borderline cases."
)
COST = "What does a wrong choice cost?"
COST_WAY = "Write down one figure for each kind of mistake. Until then they count as equal."
OWNER = "Who is accountable?"
OWNER_WAY = "Nothing in the file says. Name one person in the charter."
LINE = "How much influence would matter?"
LINE_WAY = "Write one figure in the charter, before looking again. Until then 5 in 100 is the line."


def unknown(telling: Telling) -> tuple[Unknown, ...]:
    """The questions that stay open, most telling first, each once."""
    reading = telling.reading
    found = [Unknown(question=g.question, cheapest_way=g.cheapest_way) for g in reading.gaps]
    found += [u for u in (_teams(telling), _reasons(telling), _rest(telling)) if u is not None]
    setting, charter = reading.setting, reading.charter
    if setting.loss_unit is None and not setting.quantity:
        found.append(Unknown(question=COST, cheapest_way=COST_WAY))
    if charter is None or charter.owner is None:
        found.append(Unknown(question=OWNER, cheapest_way=OWNER_WAY))
    if not setting.line_declared:
        found.append(Unknown(question=LINE, cheapest_way=LINE_WAY))
    once: dict[str, Unknown] = {}
    for item in found:
        once.setdefault(_bare(item.question), item)
    return tuple(once.values())


def _bare(question: str) -> str:
    """A question without what may differ between two ways of asking it."""
    words = "".join(c for c in question.lower() if c.isalnum() or c == " ").split()
    return " ".join(words)


def _teams(telling: Telling) -> Unknown | None:
    """Teams are named and cannot be compared."""
    gap = telling.reading.figure("team-gap")
    if gap is None or not isinstance(gap.answer, CannotTell):
        return None
    way = f"{gap.answer.reason} {gap.answer.cheapest_way}"
    return Unknown(question=TEAMS.format(team=telling.team), cheapest_way=way)


def _reasons(telling: Telling) -> Unknown | None:
    overruled = telling.figure("override-right") or telling.figure("override-value")
    if overruled is None:
        return None
    if not telling.reading.setting.holds("reason_code"):
        return Unknown(question=WHY, cheapest_way=WHY_NONE)
    none = telling.figure(overruled.measure, reason=NO_REASON)
    if none is None or estimate_of(none).n * 10 < estimate_of(overruled).n:
        return None
    way = WHY_SOME.format(none=count(estimate_of(none).n), all=count(estimate_of(overruled).n))
    return Unknown(question=WHY, cheapest_way=way)


def _rest(telling: Telling) -> Unknown | None:
    closure = telling.figure("closure")
    if closure is None:
        return None
    estimate = estimate_of(closure)
    missing = round((1 - estimate.value) * estimate.n)
    if missing == 0:
        return None
    if (option := telling.reading.setting.outcome_seen_for) is not None:
        return Unknown(question=NEVER_SEEN, cheapest_way=NEVER_SEEN_WAY.format(option=option))
    return Unknown(question=REST, cheapest_way=REST_WAY.format(n=count(missing)))


def steps(telling: Telling) -> tuple[Step, ...]:
    """What to do next, most valuable first; only commands that exist are printed."""
    reading = telling.reading
    table = quote(reading.profile.name)
    found = list(review_steps(telling))
    gap = telling.figure("team-gap")
    if gap is not None and gap.word in PAST_LINE:
        found.append(
            Step(
                title=f"Put two {telling.teams} in a room with 20 alike cases",
                why="Ask each case: what would you choose, and what would change your mind? An "
                "hour usually surfaces the rule nobody wrote down.",
            )
        )
    charter = reading.charter
    if charter is None:
        found.append(
            Step(
                title="Write the charter: what is decided, who is accountable, what mistakes cost",
                why="Ten minutes. It starts from what this file already says.",
                command=f"sayso charter draft {table}",
            )
        )
    else:
        found.append(
            Step(
                title="Check the charter for what is still unclear",
                why="It lists every gap with its line, and what to write there.",
                command="sayso check",
            )
        )
        if charter.owner is not None:
            found.append(
                Step(
                    title="Let the accountable person accept the charter",
                    why="Until then it names somebody who may not know it.",
                    command=f"sayso accept {charter.ref}",
                )
            )
    first_views = reading.setting.holds("prior") or reading.setting.holds("prior_number")
    if not first_views and reading.setting.show_probability is None:
        found.append(
            Step(
                title="Ask for a first view in 1 case of 5, or hide the advice in some by chance",
                why="The cheapest ways to know whether the advice moves choices or agrees with "
                "them. About 15 seconds a case.",
            )
        )
    elif charter is None:
        found.append(
            Step(
                title="Run this again with the charter",
                why="Its line, its costs and its kinds of case sharpen every figure here.",
                command=f"sayso audit {table} --charter charter.yaml",
            )
        )
    return tuple(found[:4])
