"""The page that asks who is accountable for one decision, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.declare.people import Accountability
from sayso.present.decision import next_step, owner_href, role_words
from sayso.present.decision_page import card, stand

if TYPE_CHECKING:
    from datetime import date

    from sayso.present.decision import DecisionFacts


def owner_page(facts: DecisionFacts, today: date, *, typed: str | None = None) -> dict[str, Any]:
    """Everything the template prints.

    Args:
        facts: What is on record of the decision.
        today: The day.
        typed: The name as it was just typed, so that nothing typed is lost.

    Returns:
        Values by the names the template uses; of any type, as Jinja takes them.
    """
    charter = facts.charter
    owner = charter.owner if charter else None
    # `sayso start` writes a person's name where the charter wants a role; typing it twice is no use.
    name = owner if owner and role_words(owner) == owner and owner[:1].isupper() else ""
    asks = "form"
    if facts.standing is Accountability.NAMED:
        asks = "accept"
    elif facts.standing is Accountability.ACCEPTED:
        asks = "nothing"
    elif owner_href(facts).endswith("/owner"):
        asks = "name"
    return {
        "slug": facts.slug,
        "question": facts.question,
        "stand": stand(facts, today),
        "asks": asks,
        "role": role_words(owner),
        "person": facts.person,
        "typed": name if typed is None else typed,
        "version": charter.version if charter else None,
        "terms": card(facts)[1:] if charter else [],
        "differently": [d.says for d in charter.differently] if charter else [],
        "form": owner_href(facts),
        "step": next_step(facts, today),
    }
