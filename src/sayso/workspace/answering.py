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
    from sayso.present.pages import FormProblem
    from sayso.present.rounds.questions import AskedView
    from sayso.workspace.rounds import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Where a person stands after a page.

    Attributes:
        round: The round.
        view: The page to show; None where the next one is to be opened.
        problems: What is wrong on it.
        go: Place of the page to open next; 0 where the answers were sent.
        lost: What was typed too late to be kept, each beside what it answers; the page shows it.
    """

    round: Round
    view: AskedView | None = None
    problems: tuple[FormProblem, ...] = ()
    go: int = 0
    lost: tuple[tuple[str, str], ...] | None = None


def base_of(round_: Round) -> str:
    """Address of a round's page."""
    return f"/d/{round_.charter.slug}/round/{round_.id}"


def open_page(folder: Path, round_id: str, secret: str, place: int, today: date) -> AskedView:
    """One page, with what the person typed so far.

    Raises:
        RoundOver: If the round takes no answers any more.
        SaysoError: As for ``resume``.
    """
    progress = resume(folder, round_id, secret, today)
    _refuse_when_over(progress)
    round_ = progress.status.round
    reading = read_answer(round_, progress.fields, pseudonym="")
    return asked_view(
        round_,
        place,
        progress.fields,
        base=base_of(round_),
        missing=missing(reading.answer, round_),
    )


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
            return _sent(folder, round_, secret, typed, today)
        save(folder, round_id, secret, typed, today=today)
    except RoundOver:
        return Answering(round=round_, lost=labelled(round_, typed))
    if back:
        return Answering(round=round_, go=max(1, page.place - 1))
    progress = resume(folder, round_id, secret, today)
    wrong = on_page(page, read_answer(round_, progress.fields, pseudonym="").problems)
    if not wrong:
        return Answering(round=round_, go=page.place + 1)
    view = asked_view(round_, page.place, progress.fields, base=base_of(round_), problems=wrong)
    return Answering(round=round_, view=view, problems=as_form_problems(wrong, page))


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


def _sent(
    folder: Path, round_: Round, secret: str, typed: Mapping[str, str], today: date
) -> Answering:
    problems = send(folder, round_.id, secret, typed, today=today)
    if not problems:
        return Answering(round=round_)
    progress = resume(folder, round_.id, secret, today)
    last = len(asked_pages(round_))
    reading = read_answer(round_, progress.fields, pseudonym="")
    view = asked_view(
        round_,
        last,
        progress.fields,
        base=base_of(round_),
        missing=(*missing(reading.answer, round_), *(p.field for p in problems)),
    )
    return Answering(round=round_, view=view, problems=as_form_problems(problems))


def _refuse_when_over(progress: Progress) -> None:
    if progress.status.state is not RoundState.OPEN:
        raise RoundOver(
            "This round is over, so no answer is taken any more.",
            hint="Read what came out of it.",
        )
