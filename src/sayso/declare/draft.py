"""A draft charter from a table: what it shows filled in, the rest as the question to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """What a table says that a charter needs.

    Attributes:
        name: The file or table.
        slug: A name for the decision.
        options: Answers found; empty for a quantity.
        low: Least choice, where it is a quantity.
        high: Greatest choice, where it is a quantity.
        columns: (role, column, how sure) of every role found.
        inputs: (name, type) of every other column.
        outcome: (name, kind) of the outcome; None without one.
        reasons: Reason codes found.
        source: Whether there is advice.
        seen_for: The one option after which outcomes are known; None: after all.
    """

    name: str
    slug: str
    options: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    columns: tuple[tuple[str, str, str], ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    outcome: tuple[str, str] | None = None
    reasons: tuple[str, ...] = ()
    source: bool = False
    seen_for: str | None = None


def draft_charter(facts: TableFacts) -> str:
    """The text of a draft; it reads without errors of form, and its lint is the list of questions.

    Args:
        facts: What the table says.
    """
    lines = [
        f"# A draft from {facts.name}. Lines that end in a question are yours to answer.",
        f"decision: {facts.slug}",
        "version: 1",
        "question:   # What is decided, as one question?",
    ]
    if facts.options:
        lines.append(
            f"options: [{', '.join(_text(o) for o in facts.options)}]   # as found: all of them?"
        )
    else:
        low, high = facts.low or 0.0, facts.high or 1.0
        lines.append(
            f"quantity: {{unit: unit, low: {low:g}, high: {high:g}}}   # as found: which unit?"
        )
    lines += [
        "default:   # What happens if nobody chooses?",
        "owner:   # One role. If it goes wrong on Friday, whose phone rings?",
        "rights: {decide: [], consult: [], inform: [], veto: []}   # Who is nearest to the work?",
        "differently: []   # What shall be decided differently from before, and how would you see it?",
    ]
    if facts.inputs:
        pairs = ", ".join(f"{_text(n)}: {kind}" for n, kind in facts.inputs)
        lines.append(f"inputs: {{{pairs}}}   # as found: which are known before the choice?")
    lines.append("matters: []   # What matters, and how much of 1 is each worth?")
    if facts.outcome is not None:
        name, kind = facts.outcome
        seen, asked = "always", "due when?"
        if facts.seen_for is not None:
            literal = facts.seen_for.replace("'", "''")
            seen, asked = (
                json.dumps(f"choice = '{literal}'", ensure_ascii=False),
                "as found: due when?",
            )
        lines.append(
            f"outcome: {{name: {_text(name)}, kind: {kind}, seen_when: {seen}}}   # {asked}"
        )
    else:
        lines.append("outcome:   # What would show that it went well, and when?")
    lines.append("mistakes: {}   # When does each option turn out wrong, and what does that cost?")
    if facts.source:
        lines.append(
            "advice: {mode: advise, ceiling: advise}   # What would give the AI more, or end it?"
        )
    if facts.reasons:
        lines.append(f"reasons: [{', '.join(_text(r) for r in facts.reasons)}]   # as found")
    lines += ["look_again: {every: 90d}   # On which day first?", "source:", "  columns:"]
    lines += [f"    {role}: {_text(column)}   # {sure}" for role, column, sure in facts.columns]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A text as YAML reads it back: quoted unless it is a plain word."""
    plain = value.replace("_", "").replace("-", "")
    return value if plain.isalnum() and plain.isascii() else json.dumps(value, ensure_ascii=False)
