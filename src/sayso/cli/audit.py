"""``sayso audit``."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; ``none`` says that there is no such column."""

    case: str | None = None
    """Case."""
    repeat_of: str | None = None
    """Case that this one shows again."""
    decider: str | None = None
    """Person (counted, never shown)."""
    team: str | None = None
    """Team."""
    opened_at: str | None = None
    """When it was opened."""
    decided_at: str | None = None
    """When it was decided."""
    choice: str | None = None
    """What was chosen."""
    choice_probability: str | None = None
    """Chance of the choice as made."""
    prior: str | None = None
    """First view."""
    prior_confidence: str | None = None
    """How sure the first view was."""
    prior_at: str | None = None
    """When the first view was given."""
    prior_asked: str | None = None
    """First view was asked for."""
    prior_ask_probability: str | None = None
    """Chance of being asked."""
    prior_skipped: str | None = None
    """First view was skipped."""
    advice: str | None = None
    """What the AI advised."""
    advice_confidence: str | None = None
    """The AI's estimate."""
    advice_source: str | None = None
    """Which model advised."""
    advice_at: str | None = None
    """When the advice came."""
    advice_opened_at: str | None = None
    """When the advice was opened."""
    shown: str | None = None
    """Advice was visible."""
    show_probability: str | None = None
    """Chance of being shown."""
    signal: str | None = None
    """What a superior said."""
    override_kind: str | None = None
    """How the advice was overruled."""
    reason_code: str | None = None
    """Reason."""
    reason_text: str | None = None
    """Reason in words."""
    reason_at: str | None = None
    """When the reason was given."""
    seconds: str | None = None
    """Seconds taken."""
    outcome: str | None = None
    """How it turned out."""
    outcome_at: str | None = None
    """When the outcome was known."""
    outcome_due: str | None = None
    """When the outcome is due."""
    value: str | None = None
    """Value of the outcome."""
    best: str | None = None
    """The option known right afterwards."""


def named(columns: Columns | None) -> dict[str, str]:
    """The roles that were named, with their columns."""
    given: dict[str, str | None] = asdict(columns) if columns else {}
    return {role: column for role, column in given.items() if column is not None}


def audit(
    source: Annotated[str | None, Parameter(name="TABLE")] = None,
    /,
    *,
    record: str | None = None,
    database: str | None = None,
    server: str | None = None,
    decision: str | None = None,
    token_file: Path | None = None,
    charter: str | None = None,
    columns: Columns | None = None,
    randomised: float | None = None,
    on_duplicate: Literal["refuse", "last", "first"] = "refuse",
    out: str = "audit.html",
    json: Annotated[bool, Parameter(negative="")] = False,
    seed: int = 0,
    team_names: bool | None = None,
    system_fonts: Annotated[bool, Parameter(negative="")] = False,
    keep_guess: Annotated[bool, Parameter(negative="")] = False,
    table: str | None = None,
) -> int:
    """Audit one table of past decisions, or a decision of the live record, here or at a server.

    Args:
        source: A file, folder, glob or database URL.
        record: A decision of this workspace's record, instead of a table.
        database: Address of a PostgreSQL database that holds the record.
        server: Address of a server that keeps the record, instead of a table.
        decision: The decision there.
        token_file: A file that only you can read, with the token for it; SAYSO_TOKEN otherwise.
        charter: The decision's charter.
        columns: Which column holds what.
        randomised: Stated probability that the advice was shown, where a coin decided.
        on_duplicate: What to do where rows with one case id differ.
        out: Where the report goes.
        json: Say everything as JSON instead.
        seed: Seed of every random draw.
        team_names: Print the names of teams.
        system_fonts: Leave the fonts out of the report.
        keep_guess: Store your guess in the report.
        table: Table in a database that holds several.
    """
    from sayso.cli.progress import slow_progress
    from sayso.workspace.audit import AuditOptions
    from sayso.workspace.live_audit import Source, run_audit_of

    options = AuditOptions(
        columns=named(columns),
        on_duplicate=on_duplicate,
        randomised=randomised,
        table=table,
        seed=seed,
        team_names=team_names,
        system_fonts=system_fonts,
        command=shlex.join(["sayso", *sys.argv[1:]]),
    )
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    run_audit_of(
        Source(
            table=source,
            record=record,
            database=database,
            server=server,
            decision=decision,
            token_file=token_file,
        ),
        options,
        charter=charter,
        out=out,
        as_json=json,
        keep_guess=keep_guess,
        tell=print,
        ask=input if at_terminal else None,
        progress=slow_progress(),
    )
    return 0
