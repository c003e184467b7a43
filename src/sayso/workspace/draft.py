"""Draft a charter from a table."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.draft import TableFacts, draft_charter
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from sayso.adapters.table_source import OpenTable

MOST_REASONS = 12


def draft_from_table(table: str, *, out: str | None = None) -> str:
    """The draft's text, or where it was written.

    Args:
        table: A file, folder, glob or database address.
        out: Where the draft goes; None to return its text.

    Raises:
        SaysoError: If the table cannot be read or understood.
    """
    from sayso.adapters.table_source import ImportRequest, open_table

    now = datetime.now(UTC).replace(tzinfo=None)
    with open_table(ImportRequest(source=table, as_of=now)) as opened:
        text = draft_charter(_facts(opened))
    if out is None:
        return text
    write_whole(Path(out), text)
    return f"A draft charter is in {out}. Answer its questions, then run `sayso check {out}`."


def _facts(opened: OpenTable) -> TableFacts:
    profile = opened.profile
    columns = {c.facts.name: c.facts for c in opened.columns}
    choice = columns.get(profile.column_of("choice") or "")
    outcome = columns.get(profile.column_of("outcome") or "")
    reason = columns.get(profile.column_of("reason_code") or "")
    kinds = {"text": "category", "number": "number", "boolean": "boolean", "moment": "date"}
    slug = re.sub(r"[^a-z0-9]+", "-", Path(profile.name).stem.lower()).strip("-")
    two_sided = outcome is not None and outcome.two_sided
    return TableFacts(
        name=profile.name,
        slug=slug if slug[:1].isalpha() else f"decision-{slug}".strip("-"),
        options=opened.setting.options,
        low=choice.low if choice is not None else None,
        high=choice.high if choice is not None else None,
        columns=tuple((g.role, g.column, str(g.certainty)) for g in profile.roles),
        inputs=tuple((n, kinds[str(columns[n].content)]) for n in profile.inputs),
        outcome=None
        if outcome is None
        else (outcome.name, "boolean" if two_sided else kinds[str(outcome.content)]),
        reasons=reason.values[:MOST_REASONS] if reason is not None else (),
        source=profile.column_of("advice") is not None,
        seen_for=opened.setting.outcome_seen_for,
    )
