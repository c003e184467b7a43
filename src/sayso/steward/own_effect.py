"""What Sayso itself has changed here; nothing is counted that was only intended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sayso.learn.proposal import CHANGED, Moved, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.declare.activation import Activation
    from sayso.declare.marks import Suggestion
    from sayso.learn.proposal import Proposal

DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEffect:
    """What was settled, changed and seen to differ in the days up to one day.

    Attributes:
        days: How many days are looked at.
        settled: Rounds settled, and suggestions and objections answered.
        changed: Decisions whose charter got another version by a settled round, by a suggestion
            that was taken up, or by being activated anew.
        different: Decisions in which a measured range excludes that nothing changed, on the side
            that was expected.
        other_way: Decisions in which it does, on the other side.
        changes: Changes to charters that rounds or suggestions led to.
        from_front_line: Those of them that a decider suggested.
        ever: Whether a charter was changed, or a difference measured, on any day before.
    """

    days: int
    settled: int
    changed: int
    different: int
    other_way: int
    changes: int
    from_front_line: int
    ever: bool


def own_effect_of(
    proposals: Sequence[Proposal],
    suggestions: Sequence[Suggestion],
    activations: Sequence[Activation],
    *,
    today: date,
    days: int = DAYS,
) -> OwnEffect:
    """Count what was settled, changed and seen to differ.

    Args:
        proposals: Every proposal.
        suggestions: Every suggestion.
        activations: What activations.yaml says.
        today: The last day that counts.
        days: How many days count, today among them.
    """
    since = today - timedelta(days=days - 1)

    def recent(day: date | None) -> bool:
        return day is not None and since <= day <= today

    rounds = [p for p in proposals if recent(p.settled)]
    answered = [s for s in suggestions if s.fate is not None and recent(s.fate.on)]
    objections = [
        o for p in proposals for o in p.objections if recent(o.answered) and o.answer != CHANGED
    ]
    adopted = [s for s in answered if s.fate is not None and s.fate.adopted is not None]
    again = _activated_anew(activations)
    changed = {p.decision for p in rounds} | {s.charter.slug for s in adopted}
    changed |= {a.charter.slug for a in again if recent(a.on)}
    towards, away = _seen(proposals, since, today)
    before = any(p.settled is not None and p.settled <= today for p in proposals) or any(
        a.on <= today for a in again
    )
    taken = any(
        s.fate is not None and s.fate.adopted is not None and s.fate.on <= today
        for s in suggestions
    )
    return OwnEffect(
        days=days,
        settled=len(rounds) + len(answered) + len(objections),
        changed=len(changed),
        different=len(towards),
        other_way=len(away - towards),
        changes=len(rounds) + len(adopted),
        from_front_line=len(adopted),
        ever=before or taken,
    )


def _activated_anew(activations: Sequence[Activation]) -> list[Activation]:
    """Activations of a decision that had an earlier version in force: the first changes nothing."""
    first: dict[str, Activation] = {}
    for one in sorted(activations, key=lambda a: (a.on, a.charter.version)):
        first.setdefault(one.charter.slug, one)
    return [a for a in activations if a.charter.version > first[a.charter.slug].charter.version]


def _seen(proposals: Sequence[Proposal], since: date, today: date) -> tuple[set[str], set[str]]:
    """Decisions whose last check in these days excludes no change, towards and away."""
    towards: set[str] = set()
    away: set[str] = set()
    for one in proposals:
        if one.settled is None or one.settled > today:
            continue
        checks = [c for c in one.checks if since <= c.on <= today and c.low is not None]
        if not checks:
            continue
        match moved(one, checks[-1]):
            case Moved.TOWARDS:
                towards.add(one.decision)
            case Moved.AWAY:
                away.add(one.decision)
            case Moved.NOT_SEEN:
                pass
    return towards, away
