"""Delete what people typed into a round that is over; what it said is kept as a report."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from sayso import __version__
from sayso.align.round import RoundState
from sayso.domain.errors import FileNotWritable, RoundNotOver, RoundRefused
from sayso.present.numbers import on_day
from sayso.workspace.links import Links
from sayso.workspace.objecting import lies_open
from sayso.workspace.private_file import locked, sweep
from sayso.workspace.round_reading import round_report
from sayso.workspace.round_store import (
    ANSWERS,
    END,
    end_text,
    place_of,
    read_end,
    read_links,
    write_links,
)
from sayso.workspace.rounds import status_of
from sayso.workspace.together import changing, write_together

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.align.round_status import RoundStatus

REPORT, DATA = "report.html", "report.json"


def forget_round(
    folder: Path,
    round_id: str,
    today: date,
    *,
    unsettled: bool = False,
    table: str | None = None,
) -> RoundStatus:
    """Delete the answers, drafts and pseudonyms of a round, once, and keep its report.

    The report and the day are written first, together. A deletion that is cut short after that is
    finished by asking again; meanwhile nothing is read from the answers that are left.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.
        unsettled: Delete them although no rule was written yet.
        table: A table of live cases for the report; the charter's own where None.

    Raises:
        RoundNotFound: If there is no such round.
        RoundNotOver: If somebody may still answer.
        RoundRefused: If it is not settled, or those who answered may still object to a rule.
        SaysoError: As for ``round_report``; then nothing is deleted.
        FileNotWritable: If the report cannot be written, or something cannot be deleted.
    """
    place = place_of(folder, round_id)
    with changing(folder), locked(place):
        status = status_of(folder, round_id, today)
        if status.forgotten is None:
            _refuse(folder, status, unsettled=unsettled)
            _keep(folder, place, status, table, today)
        _delete(place, status)
        return status_of(folder, round_id, today)


def _refuse(folder: Path, status: RoundStatus, *, unsettled: bool) -> None:
    round_ = status.round
    lying = lies_open(folder, round_.id) if status.state is RoundState.SHOWN else None
    match status.state:
        case RoundState.OPEN:
            raise RoundNotOver(
                f"The round {round_.id} is open, so its answers are still needed.",
                hint=f"It is over on {on_day(round_.closes)} at the latest; "
                f"`sayso round close {round_.id}` ends it before.",
            )
        case RoundState.SHOWN if lying is not None:
            raise RoundRefused(
                f"A rule lies open in {round_.id}, and those who answered may object to it.",
                hint=f"See `sayso settle show {lying.id}`.",
            )
        case RoundState.SHOWN if not unsettled:
            raise RoundRefused(
                f"{round_.id} is not settled.",
                hint=f"Settle it with `sayso settle {round_.id}`, or add --unsettled.",
            )
        case RoundState.SHOWN | RoundState.WITHHELD | RoundState.SETTLED:
            return


def _keep(folder: Path, place: Path, status: RoundStatus, table: str | None, today: date) -> None:
    """Write what the round said, where it may be said, and that its answers are forgotten."""
    end = replace(read_end(place), forgotten=today, sent=status.sent, begun=status.begun)
    texts: dict[Path, str | None] = {}
    if status.state is not RoundState.WITHHELD:
        from sayso.present.rounds.report import round_html, round_json

        told = round_report(folder, status.round.id, today, table=table)
        texts[place / REPORT] = round_html(told, made_on=today, version=__version__)
        plain = json.dumps(round_json(told), ensure_ascii=False, indent=2)
        texts[place / DATA] = f"{plain}\n"
    write_together(folder, {**texts, place / END: end_text(end)}, day=today)


def _delete(place: Path, status: RoundStatus) -> None:
    """Delete what is left, however much that is; the pseudonyms last."""
    answers = place / ANSWERS
    try:
        if answers.exists():
            shutil.rmtree(answers)
        sweep(place)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot delete {error.filename or answers}: {error.strerror}.",
            hint=f"Give yourself the right to it, and run `sayso round forget {place.name}` again.",
        ) from error
    links = read_links(place)
    if links.begun:
        write_links(place, Links(links.keys), day=status.round.opened)
