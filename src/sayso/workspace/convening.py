"""Convening a round from a page: what the form needs, what it did, and what is shown when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sayso.align.round import RoundState, SettleBy
from sayso.domain.errors import AnswersNotBegun, RoundRefused, SaysoError
from sayso.learn.proposal import Settlement
from sayso.present.pages import FormProblem
from sayso.present.round_form import privacy_sentence
from sayso.present.rounds import convening as words
from sayso.present.rounds.questions import asked_pages, minutes
from sayso.workspace.answering import base_of
from sayso.workspace.links import LinkState
from sayso.workspace.round_opening import DAYS_OPEN, open_round
from sayso.workspace.round_reading import round_report
from sayso.workspace.round_store import ROUNDS, round_ids
from sayso.workspace.rounds import find_link, has_charter_changed, resume, status_of
from sayso.workspace.settle import settle_round
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sayso.workspace.rounds import Link

INVITE = 8
FIELDS = {"people": "invite", "quorum": "invite", "closes": "closes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of a form that opens a round.

    Attributes:
        links: Links to send, where it was opened.
        round_id: The round; "" where it was not opened.
        problems: What is wrong in the form.
        values: What the page prints.
    """

    links: tuple[str, ...] = ()
    round_id: str = ""
    problems: tuple[FormProblem, ...] = ()
    values: dict[str, Any] = field(default_factory=dict[str, Any])


def landing(folder: Path, token: str, today: date) -> dict[str, Any]:
    """What a link shows before anything is used up."""
    link = find_link(folder, token, today)
    return _landing(link, token)


def _landing(link: Link, token: str) -> dict[str, Any]:
    if link.round is None:
        from sayso.domain.errors import LinkUnknown

        raise LinkUnknown
    states = {LinkState.FRESH: "fresh", LinkState.USED: "used"}
    return {
        "question": link.round.question,
        "state": states.get(link.state, "expired"),
        "minutes": minutes(asked_pages(link.round)),
        "privacy": privacy_sentence(link.round),
        "action": f"/r/{token}",
        "round_id": link.round.id,
        "base": base_of(link.round),
    }


def round_page(
    folder: Path, slug: str, round_id: str, secret: str, today: date, *, convener: bool
) -> tuple[str, dict[str, Any]]:
    """The page of a round, by where it stands and who asks.

    Returns:
        The template's name and what it prints; ``answer`` where the person goes on answering.

    Raises:
        RoundNotFound: If there is no such round.
        AnswersNotBegun: If somebody asks who was not.
    """
    status = status_of(folder, round_id, today)
    round_ = status.round
    if round_.charter.slug != slug:
        from sayso.domain.errors import RoundNotFound

        raise RoundNotFound(round_id, [i for i in round_ids(folder) if i.startswith(f"{slug}-")])
    progress = None
    if secret:
        try:
            progress = resume(folder, round_id, secret, today)
        except AnswersNotBegun:
            progress = None
    if progress is None and not convener:
        raise AnswersNotBegun
    base = base_of(round_)
    trail = _trail(round_.question, slug, convener=convener, last="Round")
    if status.state is RoundState.OPEN and progress is not None:
        if not progress.sent or progress.changed:
            return "answer", {"base": base}
        return "console/round_sent.html", {
            "title": words.SENT,
            "question": round_.question,
            "says": words.sent_says(round_),
            "base": base,
        }
    if status.state in (RoundState.OPEN, RoundState.WITHHELD):
        return "console/round_waits.html", {
            **words.waiting(round_, status.sent, status.state),
            "open": status.state is RoundState.OPEN and convener,
            "may_close": status.sent >= round_.least,
            "base": base,
            "trail": trail,
        }
    told = round_report(folder, round_id, today)
    from sayso.present.rounds.report import round_page as printed

    return "console/round_says.html", {
        "title": told.headline.text,
        "page": {**printed(told), "charter": str(round_.charter)},
        "changed": status.state is RoundState.SHOWN and has_charter_changed(folder, round_),
        "may_settle": convener and status.state is RoundState.SHOWN,
        "base": base,
        "trail": trail,
    }


def _trail(question: str, slug: str, *, convener: bool, last: str) -> list[tuple[str, str]]:
    """Where a page stands; participants have nowhere else to go."""
    if not convener:
        return [(question, "")]
    return [("Agenda", "/"), (question, f"/d/{slug}"), (last, "")]


def new_round(folder: Path, slug: str, today: date) -> dict[str, Any]:
    """The empty form that opens a round about a decision.

    Raises:
        CharterNotFound: If there is no such decision.
    """
    number = 1 + max(
        (int(i.rpartition("-")[2]) for i in round_ids(folder) if i.rpartition("-")[0] == slug),
        default=0,
    )
    typed = {
        "as": f"{slug}-{number}",
        "invite": str(INVITE),
        "closes": (today + timedelta(days=DAYS_OPEN)).isoformat(),
        "settle": "",
        "cases": "",
    }
    return _new(folder, slug, today, typed)


def _new(folder: Path, slug: str, today: date, typed: Mapping[str, str]) -> dict[str, Any]:
    charter = kept_versions(folder).latest(slug).charter
    asks = words.asks(charter)
    table = charter.source.table if charter.source else None
    cases: list[tuple[str, str]] = []
    if words.ASKS_LITTLE not in asks:
        if table and (folder / table).is_file():
            cases.append(("real", f"A dozen real ones, from {table}"))
        cases += [("invented", "A dozen invented ones"), ("none", "None")]
    return {
        "trail": _trail(charter.question or slug, slug, convener=True, last="New round"),
        "stand": words.STAND,
        "action": f"/d/{slug}/round/new",
        "typed": typed,
        "settles": words.SETTLES,
        "cases": cases,
        "asks": asks,
        "example": (today + timedelta(days=DAYS_OPEN)).isoformat(),
        "title": "Do we agree what matters?",
    }


def open_from_form(
    folder: Path, slug: str, fields: Mapping[str, str], *, address: str, today: date
) -> Opened:
    """Open a round as a form says, or say what is wrong in it with everything that was typed.

    Args:
        folder: The workspace.
        slug: The decision.
        fields: What was typed.
        address: Where these pages are, for the links.
        today: The day.

    Raises:
        RoundRefused: If the same form was sent before: its round is open already.
    """
    typed = {name: fields.get(name, "") for name in ("as", "invite", "closes", "settle", "cases")}
    if (folder / ROUNDS / typed["as"]).exists() and typed["as"] in round_ids(folder):
        raise RoundRefused(
            f"This form has opened {typed['as']} already, and its links were shown then.",
            hint="Go to the round; more links can be made there. To ask again, begin a new round.",
        )
    values = _new(folder, slug, today, typed)
    problems: list[FormProblem] = []
    invite, closes = _number(typed["invite"]), _day(typed["closes"])
    if invite is None:
        problems.append(FormProblem("invite", "Write a number of people, such as 8."))
    if closes is None:
        problems.append(FormProblem("closes", f"Write a day as {values['example']}."))
    if not typed["settle"]:
        problems.append(FormProblem("settle", "Choose who may settle what stays open."))
    if values["cases"] and not typed["cases"]:
        problems.append(FormProblem("cases", "Choose which cases they are asked."))
    if problems or invite is None or closes is None:
        return Opened(problems=tuple(problems), values=values)
    charter = kept_versions(folder).latest(slug).charter
    table = str(folder / (charter.source.table or "")) if charter.source else None
    try:
        opened = open_round(
            folder,
            slug,
            today=today,
            cases=table if typed["cases"] == "real" else None,
            n=12 if typed["cases"] in ("real", "invented") else 0,
            invite=invite,
            settle=SettleBy(typed["settle"]),
            closes=closes,
        )
    except SaysoError as error:
        place = next((f for word, f in FIELDS.items() if word in error.message), "")
        return Opened(problems=(FormProblem(place, str(error)),), values=values)
    base = base_of(opened.round)
    return Opened(
        round_id=opened.round.id,
        links=tuple(f"{address}/r/{token}" for token in opened.links),
        values={
            "trail": _trail(opened.round.question, slug, convener=True, last="Links"),
            "title": f"{len(opened.links)} links, one for each person",
            "links": [f"{address}/r/{token}" for token in opened.links],
            "message": words.message(opened.round),
            "base": base,
        },
    )


def _number(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 4 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


SETTLEMENT = ("rule", "why", "check", "start", "target", "check_on")


def settle_form(
    folder: Path, round_id: str, today: date, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The form in which the accountable person writes the rule; what was typed before is kept."""
    from sayso.workspace.proposals import draft_of

    status = status_of(folder, round_id, today)
    told = round_report(folder, round_id, today)
    draft = draft_of(folder, round_id)
    kept = {name: getattr(draft, name, "") or "" for name in SETTLEMENT}
    slug = status.round.charter.slug
    now = kept_versions(folder).latest(slug)
    return {
        "trail": _trail(status.round.question, slug, convener=True, last="Write the rule"),
        "title": "Write the rule",
        "stand": words.settle_stand(told.headline.text, now.charter.owner or "", None),
        "action": f"{base_of(status.round)}/settle",
        "typed": {**kept, **(typed or {})},
        "notes": words.NOTES,
        "example": (today + timedelta(days=90)).isoformat(),
        "next_version": f"{slug}@{now.ref.version + 1}",
        "base": base_of(status.round),
    }


def settle_from_form(
    folder: Path, round_id: str, fields: Mapping[str, str], *, today: date
) -> tuple[FormProblem, ...]:
    """Settle as a form says; problems where it cannot be, and nothing typed is lost."""
    typed = {name: fields.get(name, "").strip() for name in SETTLEMENT}
    try:
        settled = settle_round(folder, round_id, Settlement(**typed), today=today)
    except SaysoError as error:
        return (FormProblem("", str(error)),)
    return tuple(FormProblem("", reason) for reason in settled.waits_for)
