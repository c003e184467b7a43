"""Check a settled proposal: does a table show the effect that was expected of it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sayso.declare.charter import Different
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.errors import SettleRefused
from sayso.learn.proposal import Checked
from sayso.measure.estimators.difference import Change
from sayso.workspace.activations import list_activations
from sayso.workspace.files import write_whole
from sayso.workspace.proposals import file_of, find_proposal, proposal_text
from sayso.workspace.together import changing
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path
    from typing import Any

    from sayso.domain.figure import Figure
    from sayso.learn.proposal import Proposal

UNDATED = "The table does not say when cases were decided, so those since the change are unknown."
DATE_IT = "Name the column of the decision's day: source.columns.decided_at in the charter."


def check_effect(
    folder: Path,
    proposal_id: str,
    table: Any,  # a path, a URL, or a pandas or polars frame
    *,
    today: date,
    columns: Mapping[str, str] | None = None,
) -> Proposal:
    """Look at the cases decided since a change, and keep what they say of its effect.

    Args:
        folder: The workspace.
        proposal_id: The settled proposal.
        table: Past cases, as for an audit.
        today: The day.
        columns: Role to column, as for an audit.

    Returns:
        The proposal with one check more.

    Raises:
        ProposalNotFound: If there is no such proposal.
        SettleRefused: If it is not settled.
        PeopleTooFew: If the table would report on persons.
        TableUnreadable: If the table cannot be read.
    """
    with changing(folder):
        proposal = find_proposal(folder, proposal_id)
        if proposal.settled is None:
            raise SettleRefused(
                f"{proposal_id} is not settled, so nothing has changed yet.",
                hint=f"Settle it first: `sayso settle {proposal.round}`.",
            )
        since = _in_force_since(folder, proposal, today)
        if since is None:
            checked = Checked(
                on=today,
                change=Change.CANNOT_TELL,
                why=f"{proposal.to} is not in force yet; `sayso activate {proposal.to}`.",
            )
        else:
            checked = _checked(folder, proposal, table, dict(columns or {}), since, today)
        after = replace(proposal, checks=(*proposal.checks, checked))
        write_whole(file_of(folder, proposal_id), proposal_text(after))
    return after


def _in_force_since(folder: Path, proposal: Proposal, today: date) -> date | None:
    """The day from which cases were decided under the change; None where none were yet.

    A workspace that never activated a version of this decision goes by the day of settling.
    """
    mine = [a for a in list_activations(folder)[0] if a.charter.slug == proposal.decision]
    if not mine:
        return proposal.settled
    days = [a.on for a in mine if a.charter.version >= proposal.to.version and a.on <= today]
    return min(days) if days else None


def _checked(
    folder: Path,
    proposal: Proposal,
    table: Any,  # a path, a URL, or a pandas or polars frame
    columns: dict[str, str],
    since: date,
    today: date,
) -> Checked:
    from sayso.adapters.table_source import ImportRequest, open_table
    from sayso.measure.audit import plan
    from sayso.workspace.differently import figure_of

    charter = kept_versions(folder).of(proposal.to).charter
    effect = proposal.expected
    line = Different(
        says=proposal.rule,
        check=effect.check,
        where=effect.where,
        start=effect.start,
        target=effect.target,
        by=proposal.check_on,
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    request = ImportRequest(source=table, charter=charter, columns=columns, as_of=now)
    with open_table(request) as opened:
        # No figure, this one neither, is drawn from a table that would report on persons.
        plan(opened.setting, ())
        if not opened.profile.calendar:
            return Checked(on=today, change=Change.CANNOT_TELL, why=f"{UNDATED} {DATE_IT}")
        figure = figure_of(
            line, opened, charter, since=datetime.combine(since, time()), today=today
        )
    return _read(figure, today)


def _read(figure: Figure, today: date) -> Checked:
    match figure.answer:
        case Estimate() as stands:
            return Checked(
                on=today,
                change=Change(str(figure.note("state"))),
                value=stands.value,
                low=stands.low,
                high=stands.high,
                cases=stands.n,
            )
        case NotEnoughData(need, have, of):
            why = f"{have} {of} since the change; {need} are needed."
            return Checked(on=today, change=Change.CANNOT_TELL, why=why)
        case CannotTell(reason, way):
            return Checked(on=today, change=Change.CANNOT_TELL, why=f"{reason} {way}")
