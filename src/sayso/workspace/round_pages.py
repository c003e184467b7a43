"""The page of one round: where it stands, for whoever answered and for whoever convenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.align.round import RoundState, SettleBy
from sayso.domain.errors import AnswersNotBegun, RoundForgotten, RoundNotFound
from sayso.present.round_notice import forgotten_says
from sayso.present.rounds import convening as words
from sayso.present.rounds.report import round_json
from sayso.present.rounds.report import round_page as printed
from sayso.workspace.answering import base_of
from sayso.workspace.charter_pages import Shown
from sayso.workspace.objecting import lies_open, object_here
from sayso.workspace.round_reading import round_report, settled_by
from sayso.workspace.round_store import round_ids
from sayso.workspace.rounds import has_charter_changed, resume, status_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.align.round_status import RoundStatus
    from sayso.present.pages import FormProblem
    from sayso.workspace.rounds import Progress


def round_page(
    folder: Path, slug: str, round_id: str, secret: str, today: date, *, convener: bool
) -> tuple[Shown, bool]:
    """The page of a round, by where it stands and who asks.

    Args:
        folder: The workspace.
        slug: The decision's name.
        round_id: The round.
        secret: What the visitor's browser holds; "" for nothing.
        today: The day.
        convener: Whether the visitor convenes.

    Returns:
        What is shown, and whether the visitor began to answer: then it leads nowhere else.

    Raises:
        RoundNotFound: If there is no such round.
        AnswersNotBegun: If somebody asks who neither answered nor convenes.
        RoundForgotten: If somebody asks who does not convene, and nobody knows any more who
            answered.
    """
    status = status_here(folder, slug, round_id, today)
    progress = progress_of(folder, round_id, secret, today)
    if progress is not None:
        return _for_participant(folder, status, progress, today), True
    if not convener and status.forgotten is not None:
        raise RoundForgotten(
            forgotten_says(status), hint="Ask whoever looks after the decision for the report."
        )
    if not convener:
        raise AnswersNotBegun
    return convener_page(folder, slug, round_id, today), False


def status_here(folder: Path, slug: str, round_id: str, today: date) -> RoundStatus:
    """Where a round stands, if it is one about this decision.

    Raises:
        RoundNotFound: If there is no such round.
        RoundUnreadable: If it is damaged.
    """
    status = status_of(folder, round_id, today)
    if status.round.charter.slug != slug:
        raise RoundNotFound(round_id, [i for i in round_ids(folder) if i.startswith(f"{slug}-")])
    return status


def progress_of(folder: Path, round_id: str, secret: str, today: date) -> Progress | None:
    """How far whoever holds a secret is; None where nobody began with it."""
    if not secret:
        return None
    try:
        return resume(folder, round_id, secret, today)
    except AnswersNotBegun:
        return None


def _for_participant(folder: Path, status: RoundStatus, progress: Progress, today: date) -> Shown:
    round_, base = status.round, base_of(status.round)
    match status.state:
        case RoundState.OPEN if progress.sent and not progress.changed:
            return Shown(
                template="console/round_sent.html",
                title=words.SENT,
                values={
                    "question": round_.question,
                    "says": words.sent_says(round_),
                    "base": base,
                },
            )
        case RoundState.OPEN:
            return Shown(go=f"{base}/answer/1")
        case RoundState.WITHHELD:
            told = words.waiting(round_, status.sent, status.state, convener=False)
            return _waits(status, told, [(round_.question, "")], open_=False)
        case RoundState.SHOWN | RoundState.SETTLED:
            return says(folder, status, today, asked=True)


def convener_page(folder: Path, slug: str, round_id: str, today: date) -> Shown:
    """The page of a round for whoever convenes it.

    Raises:
        RoundNotFound: If there is no such round.
    """
    status = status_here(folder, slug, round_id, today)
    if status.state in (RoundState.OPEN, RoundState.WITHHELD):
        told = words.waiting(status.round, status.sent, status.state, convener=True)
        return _waits(
            status, told, trail_of(status, "Round"), open_=status.state is RoundState.OPEN
        )
    return says(folder, status, today, asked=False)


def _waits(
    status: RoundStatus, told: dict[str, str], trail: list[tuple[str, str]], *, open_: bool
) -> Shown:
    return Shown(
        template="console/round_waits.html",
        title=told["title"],
        values={
            "says": " ".join(s for s in (told["says"], forgotten_says(status)) if s),
            "count": told["count"],
            "sub": told["sub"],
            "open": open_,
            "again": f"/d/{status.round.charter.slug}/round/new"
            if status.state is RoundState.WITHHELD and len(trail) > 1
            else "",
            "may_close": status.sent >= status.round.least,
            "base": base_of(status.round),
            "trail": trail,
        },
    )


def says(
    folder: Path,
    status: RoundStatus,
    today: date,
    *,
    asked: bool,
    problems: tuple[FormProblem, ...] = (),
    typed: str = "",
) -> Shown:
    """What a round says.

    Args:
        folder: The workspace.
        status: Where it stands.
        today: The day.
        asked: Whether it is for somebody who answered; otherwise for whoever convenes.
        problems: What is wrong with an objection that was typed.
        typed: The objection.
    """
    round_ = status.round
    if status.forgotten is not None:
        return _forgotten(folder, status, asked=asked)
    told = round_report(folder, round_.id, today)
    lying = lies_open(folder, round_.id)
    objectable = lying is not None and round_.settle in (SettleBy.CONSENT, SettleBy.VETO)
    shown = status.state is RoundState.SHOWN
    return Shown(
        template="console/round_says.html",
        title=told.headline.text,
        problems=problems,
        values={
            "page": {**printed(told), "charter": str(round_.charter)},
            "changed": shown and has_charter_changed(folder, round_),
            "proposal": words.proposed(lying, round_.settle) if lying and objectable else None,
            "may_object": asked and shown,
            "typed": typed,
            "next": "" if asked or not shown else words.next_step(lying is not None),
            "base": base_of(round_),
            "trail": [(round_.question, "")] if asked else trail_of(status, "Round"),
        },
    )


def _forgotten(folder: Path, status: RoundStatus, *, asked: bool) -> Shown:
    """What is left of a round whose answers were deleted: the rule, and where its report is."""
    round_ = status.round
    to_settle = not asked and status.state is RoundState.SHOWN
    return Shown(
        template="console/round_forgotten.html",
        title=words.FORGOTTEN,
        values={
            "says_so": forgotten_says(status),
            "page": {"settled": settled_by(folder, status.settled)},
            "next": words.next_step(lies_open(folder, round_.id) is not None) if to_settle else "",
            "base": base_of(round_),
            "trail": [(round_.question, "")] if asked else trail_of(status, "Round"),
        },
    )


def object_from_page(
    folder: Path, slug: str, round_id: str, secret: str, because: str, today: date
) -> Shown:
    """Keep what somebody who answered says against the rule that lies open.

    Args:
        folder: The workspace.
        slug: The decision's name.
        round_id: The round.
        secret: What the person's browser holds.
        because: What they say.
        today: The day.

    Raises:
        RoundNotFound: If there is no such round.
        AnswersNotBegun: If nobody sent answers with this secret.
        SettleRefused: If no rule lies open.
    """
    status = status_here(folder, slug, round_id, today)
    problems = object_here(folder, round_id, secret, because, today)
    if problems:
        return says(folder, status, today, asked=True, problems=problems, typed=because)
    return Shown(go=f"{base_of(status.round)}#proposal")


def round_data(
    folder: Path, slug: str, round_id: str, secret: str, today: date, *, convener: bool
) -> dict[str, Any]:  # JSON holds values of every type
    """What a round says, as plain values.

    Raises:
        AnswersNotBegun: If somebody asks who neither answered nor convenes.
        SaysoError: As for ``round_report``: while it is open, nothing is said.
    """
    status_here(folder, slug, round_id, today)
    if not convener and progress_of(folder, round_id, secret, today) is None:
        raise AnswersNotBegun
    return round_json(round_report(folder, round_id, today))


def trail_of(status: RoundStatus, last: str) -> list[tuple[str, str]]:
    """Where a page of whoever convenes stands."""
    slug, question = status.round.charter.slug, status.round.question
    steps = [("Agenda", "/"), (question or slug, f"/d/{slug}")]
    if last != "Round":
        steps.append(("Round", f"{base_of(status.round)}/convene"))
    return [*steps, (last, "")]
