"""The page of one decision as plain values: every section a claim, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.align.round import RoundState
from sayso.declare.people import Accountability
from sayso.present.assumption_list import assumption_list
from sayso.present.decision import (
    field_href,
    mode,
    next_step,
    role_words,
    state,
)
from sayso.present.home import decision_line
from sayso.present.numbers import in_words, on_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.charter import Charter, Different, Money
    from sayso.present.decision import DecisionFacts, RoundSeen, Settled

_MAY = {
    None: "Nothing: no AI has a part in it",
    "watch": "Watch; nobody sees its advice",
    "advise": "Advise; people decide",
    "delegate": "Decide routine cases; people decide the rest",
    "act": "Decide; people can change it",
}
NOT_SAID = "Not said yet"
NOT_MEASURED = "Nothing is measured here yet"
MEASURED = "A table was asked what a rule changed"


def decision_page(facts: DecisionFacts, today: date) -> dict[str, Any]:
    """Everything the template prints.

    Args:
        facts: What is on record of the decision.
        today: The day.

    Returns:
        Values by the names the template uses; of any type, as Jinja takes them.
    """
    found, step, charter = state(facts, today), next_step(facts, today), facts.charter
    unclear = {
        "claim": _open_points(facts),
        "items": [
            {
                "label": finding.label,
                "says": finding.says,
                "hint": finding.hint,
                "error": finding.error,
                "href": field_href(facts.slug, finding.key) if charter else "",
            }
            for finding in facts.findings
        ],
    }
    return {
        "slug": facts.slug,
        "file": facts.file,
        "question": facts.question,
        "version": charter.version if charter else None,
        "stand": stand(facts, today),
        "step": step,
        "differently_href": field_href(facts.slug, "differently"),
        "assumptions_href": field_href(facts.slug, "assumptions"),
        "need": found.need.value,
        "word": found.need.word,
        "reason": "" if found.reason == step.label.lower() else found.reason,
        "read": charter is not None,
        "differently": _differently(charter) if charter else None,
        "unclear": unclear,
        "rounds": _rounds(facts),
        "settled": _settled(facts),
        "assumptions": assumption_list(charter, facts.stood) if charter else None,
        "measure": _measure(facts) if charter else None,
        "card": card(facts) if charter else [],
    }


def stand(facts: DecisionFacts, today: date) -> str:
    """Who is accountable, and what the AI may do, in whole sentences."""
    charter = facts.charter
    if charter is None:
        return f"{facts.file} cannot be read, so nothing is known of this decision."
    match facts.standing:
        case Accountability.ACCEPTED:
            first = f"{facts.person} is accountable, and has accepted version {charter.version}."
        case Accountability.NAMED:
            first = f"{facts.person} is named as accountable, and has not accepted version {charter.version}."
        case Accountability.VACANT:
            first = (
                f"Nobody is accountable: {role_words(charter.owner)} is vacant on {on_day(today)}."
            )
        case Accountability.NOBODY if charter.owner is not None:
            first = (
                f"Nobody is accountable: the charter names {role_words(charter.owner)}, and nobody is "
                "on record as that."
            )
        case Accountability.NOBODY:
            first = "Nobody is accountable."
    return f"{first} {_MODES[mode(facts)]}"


_MODES = {
    "People, no AI": "People decide; no AI has a part in it.",
    "People, AI in the background": "People decide; an AI runs in the background, and nobody sees its advice.",
    "People, AI advises": "People decide; an AI advises.",
    "AI on routine cases, people on the rest": "An AI decides routine cases; people decide the rest.",
    "AI, people can change it": "An AI decides; people can change it.",
}


def _differently(charter: Charter) -> dict[str, Any]:
    n = len(charter.differently)
    if n == 0:
        claim = "Nothing is to be decided differently"
    else:
        claim = f"{_things(n)} to be decided differently"
    return {
        "claim": claim,
        "items": [
            {"says": d.says, "check": d.check or "", "how": _how(d)} for d in charter.differently
        ],
    }


def _things(n: int) -> str:
    return "One thing is" if n == 1 else f"{in_words(n).capitalize()} things are"


def _how(line: Different) -> str:
    """How one would see that it happened."""
    if line.check is None or line.target is None:
        return "Nothing says how anybody would see it."
    before = f"from {line.start:g} " if line.start is not None else ""
    by = f", by {on_day(line.by)}" if line.by is not None else ""
    return f"{before}to {line.target:g}{by}."


def _open_points(facts: DecisionFacts) -> str:
    n = len(facts.findings)
    if facts.charter is None:
        return (
            "One thing keeps the file from being read"
            if n == 1
            else f"{in_words(n).capitalize()} things keep the file from being read"
        )
    if n == 0:
        return "Nothing in the charter is open"
    return "One point is open" if n == 1 else f"{in_words(n).capitalize()} points are open"


def _rounds(facts: DecisionFacts) -> dict[str, Any]:
    open_ = [r for r in facts.rounds if r.state is RoundState.OPEN]
    if not facts.rounds:
        claim = "Nobody else has been asked"
    elif open_:
        claim = (
            "A round is open"
            if len(open_) == 1
            else f"{in_words(len(open_)).capitalize()} rounds are open"
        )
    elif facts.unsettled is not None:
        claim = "People have answered, and no rule is written"
    else:
        n = len(facts.rounds)
        claim = "One round is over" if n == 1 else f"{in_words(n).capitalize()} rounds are over"
    return {
        "claim": claim,
        "items": [_round(r, facts.slug) for r in reversed(facts.rounds)],
        "invite": f"/d/{facts.slug}/round/new",
    }


def _round(seen: RoundSeen, slug: str) -> dict[str, Any]:
    round_ = seen.round
    answered = f"{_people(seen.sent)} of {in_words(round_.invited)} answered"
    least = in_words(round_.least)
    match seen.state:
        case RoundState.OPEN:
            has = "has" if seen.sent == 1 else "have"
            count = f"{in_words(seen.sent) if seen.sent else 'none'} of {in_words(round_.invited)}"
            says = f"Open until {on_day(round_.closes)}: {count} {has} answered so far."
            sub = f"What they said opens to all at once when the round is over, if {least} or more answered."
            word, need = "Open", "learning"
        case RoundState.SHOWN:
            says = f"{answered}."
            sub, word, need = "No rule is written yet.", "To settle", "needs"
        case RoundState.WITHHELD:
            says = f"{answered}."
            sub = f"Fewer than {least} answered, so nothing is shown, to protect those who did."
            word, need = "Hidden", "watch"
        case RoundState.SETTLED:
            says = f"{answered}."
            sub, word, need = f"Settled by {seen.settled}.", "Settled", "steady"
    return {
        "name": f"Round of {on_day(round_.opened)}",
        "href": f"/d/{slug}/round/{round_.id}",
        "says": says,
        "sub": sub,
        "word": word,
        "need": need,
    }


def _people(n: int) -> str:
    return "None" if n == 0 else in_words(n).capitalize()


def _settled(facts: DecisionFacts) -> dict[str, Any]:
    n = len(facts.settled)
    if n == 0:
        claim = "Nothing was settled yet"
    else:
        claim = (
            "One rule was settled" if n == 1 else f"{in_words(n).capitalize()} rules were settled"
        )
    return {
        "claim": claim,
        "items": [
            {
                "says": s.says,
                "sub": _when(s),
            }
            for s in reversed(facts.settled)
        ],
    }


def _when(one: Settled) -> str:
    """When it was settled, and what became of it."""
    day = f"Settled on {on_day(one.on)}. " if one.on else ""
    if one.seen:
        return f"{day}{one.seen}"
    if one.check is None:
        return f"{day}No day is set to look at its effect."
    return f"{day}Its effect is looked at on {on_day(one.check)}."


def _measure(facts: DecisionFacts) -> dict[str, Any]:
    charter = facts.charter
    assert charter is not None
    table = charter.source.table if charter.source else None
    outcome = charter.outcome
    if outcome is None:
        says = "The charter names no outcome that would show whether a case went well."
    else:
        due = f", {in_words(outcome.due_days)} days after the choice" if outcome.due_days else ""
        says = f"The outcome that would show it is {outcome.name}{due}."
    return {
        "claim": MEASURED if facts.measured else NOT_MEASURED,
        "yet": not facts.measured,
        "says": "What it said stands with each rule above." if facts.measured else says,
        "how": "One command reads a table of past cases, and says what it can tell and what it cannot.",
        "command": f"sayso audit {_argument(table or 'TABLE')} --charter {_argument(facts.file)}",
    }


def _argument(text: str) -> str:
    from shlex import quote

    return quote(text)


def card(facts: DecisionFacts) -> list[tuple[str, str]]:
    """The charter in six lines: term and words."""
    charter = facts.charter
    assert charter is not None
    advice = charter.advice
    look = charter.look_again.next if charter.look_again else None
    role = role_words(charter.owner)
    holder = f"{facts.person}, {role}" if facts.person and facts.person != role else role
    return [
        ("Accountable", holder or "Nobody yet"),
        ("Decided by", _listed([role_words(r) for r in charter.rights.decide]) or NOT_SAID),
        ("The answers", _answers(charter)),
        ("What matters", _listed([o.name for o in charter.matters]) or NOT_SAID),
        ("A mistake costs", _costs(charter) or NOT_SAID),
        ("The AI may", _MAY[str(advice.mode) if advice else None]),
        ("Look again", on_day(look) if look else NOT_SAID),
    ]


def _answers(charter: Charter) -> str:
    if charter.quantity is not None:
        q = charter.quantity
        return f"{q.low:g} to {q.high:g} {q.unit}"
    return _listed(charter.options) or NOT_SAID


def _costs(charter: Charter) -> str:
    return "; ".join(
        f"{m.option}, {_money(m.costs)}" for m in charter.mistakes if m.costs is not None
    )


def _money(amount: Money) -> str:
    return f"{amount.amount:,g} {amount.unit}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def decision_data(facts: DecisionFacts, today: date) -> dict[str, Any]:
    """One decision as plain data, of any type that JSON has.

    Args:
        facts: What is on record of the decision.
        today: The day.
    """
    charter = facts.charter
    return {
        "as_of": today.isoformat(),
        **decision_line(facts, today),
        "file": facts.file,
        "differently": [d.says for d in charter.differently] if charter else [],
        "unclear": [
            {"field": f.field, "code": f.code, "says": f.says, "hint": f.hint, "error": f.error}
            for f in facts.findings
        ],
        "rounds": [
            {
                "id": r.round.id,
                "state": str(r.state),
                "invited": r.round.invited,
                "sent": r.sent,
                "closes": r.round.closes.isoformat(),
                "settled": r.settled or None,
            }
            for r in facts.rounds
        ],
        "settled": [
            {
                "says": s.says,
                "on": s.on.isoformat() if s.on else None,
                "check": s.check.isoformat() if s.check else None,
            }
            for s in facts.settled
        ],
        "assumptions": [
            {
                "id": a.id,
                "says": a.says,
                "test": a.check is not None and a.holds is not None,
                "state": str(facts.stood[a.id].standing) if a.id in facts.stood else None,
            }
            for a in (charter.assumptions if charter else ())
        ],
        "measured": {
            "status": "ok" if facts.measured else "missing",
            "says": [s.seen for s in facts.settled if s.seen],
        },
    }
