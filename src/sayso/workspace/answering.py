"""Answering a round page by page: what was typed is kept first, and judged afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.align.answers import missing, read_answer
from sayso.align.round import RoundState
from sayso.domain.errors import RoundOver
from sayso.present.rounds.questions import (
    as_form_problems,
    asked_pages,
    asked_view,
    labelled,
    on_page,
    points_sum,
    typed_on,
)
from sayso.workspace.rounds import resume, save, send

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sayso.align.round import Round
    from sayso.align.round_status import RoundStatus
    from sayso.present.pages import FormProblem
    from sayso.present.rounds.questions import AskedView


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Where a person goes after a page.

    Attributes:
        round: The round.
        go: Place of the page to open next; 0 where the answers were sent.
        judged: Whether that page says what is wrong with it.
        lost: What was typed too late to be kept, each beside what it answers; the page shows it.
    """

    round: Round
    go: int = 0
    judged: bool = False
    lost: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One page of questions.

    Attributes:
        view: What it shows.
        problems: What is wrong with what was typed there, where that is to be said.
    """

    view: AskedView
    problems: tuple[FormProblem, ...] = ()


def refuse_when_over(status: RoundStatus) -> None:
    """Stop where a round takes no answers any more.

    Raises:
        RoundOver: If it does not.
    """
    if status.state is not RoundState.OPEN:
        raise RoundOver(
            "This round is over, so no answer is taken any more.",
            hint="Read what came out of it.",
        )


def base_of(round_: Round) -> str:
    """Address of a round's page."""
    return f"/d/{round_.charter.slug}/round/{round_.id}"


def open_page(
    folder: Path, round_id: str, secret: str, place: int, today: date, *, judged: bool = False
) -> Opened:
    """One page, with what the person typed so far.

    What was typed is kept before it is judged, so a page with problems is a page like any other:
    the browser's own Back leads to it, and sends nothing again.

    Args:
        folder: The workspace.
        round_id: The round.
        secret: What the person's browser holds.
        place: The page's place.
        today: The day.
        judged: Whether the page says what is wrong with it.

    Raises:
        RoundOver: If the round takes no answers any more.
        SaysoError: As for ``resume``.
    """
    progress = resume(folder, round_id, secret, today)
    refuse_when_over(progress.status)
    round_ = progress.status.round
    reading = read_answer(round_, progress.fields, pseudonym="")
    pages = asked_pages(round_)
    page = pages[min(max(place, 1), len(pages)) - 1]
    problems = reading.problems if judged else ()
    if page.kind != "check":
        problems = on_page(page, problems)
    view = asked_view(
        round_,
        page.place,
        progress.fields,
        base=base_of(round_),
        missing=(*missing(reading.answer, round_), *(p.field for p in problems)),
        problems=problems,
    )
    return Opened(view=view, problems=as_form_problems(problems, page))


def keep_page(
    folder: Path,
    round_id: str,
    secret: str,
    place: int,
    fields: Mapping[str, str],
    *,
    today: date,
    back: bool = False,
) -> Answering:
    """Keep one page as typed, and say where to go: on, back, or here again with what is wrong.

    Args:
        folder: The workspace.
        round_id: The round.
        secret: What the person's browser holds.
        place: The page's place.
        fields: What was typed on it.
        today: The day.
        back: Whether the person wants the page before; nothing is judged then.

    Raises:
        SaysoError: As for ``save``, but for a round that is over.
    """
    before = resume(folder, round_id, secret, today)
    round_ = before.status.round
    pages = asked_pages(round_)
    page = pages[min(max(place, 1), len(pages)) - 1]
    typed = typed_on(page, fields)
    try:
        if page.kind == "check" and not back:
            wrong = send(folder, round_id, secret, typed, today=today)
            return Answering(round=round_, go=page.place if wrong else 0, judged=bool(wrong))
        save(folder, round_id, secret, typed, today=today)
    except RoundOver:
        return Answering(round=round_, lost=labelled(round_, typed))
    if back:
        return Answering(round=round_, go=max(1, page.place - 1))
    kept = {**before.fields, **typed}
    wrong = on_page(page, read_answer(round_, kept, pseudonym="").problems)
    return Answering(round=round_, go=page.place + (not wrong), judged=bool(wrong))


def keep_points(
    folder: Path,
    round_id: str,
    secret: str,
    place: int,
    fields: Mapping[str, str],
    *,
    today: date,
) -> str:
    """Keep the points as they are typed, and say what they add up to.

    Args:
        folder: The workspace.
        round_id: The round.
        secret: What the person's browser holds.
        place: The page's place.
        fields: What is typed on it so far.
        today: The day.

    Raises:
        SaysoError: As for ``save``, but for a round that is over: then the sentence says so.
    """
    progress = resume(folder, round_id, secret, today)
    round_ = progress.status.round
    pages = asked_pages(round_)
    typed = typed_on(pages[min(max(place, 1), len(pages)) - 1], fields)
    try:
        save(folder, round_id, secret, typed, today=today)
    except RoundOver as error:
        return error.message
    return points_sum(round_, {**progress.fields, **typed})
