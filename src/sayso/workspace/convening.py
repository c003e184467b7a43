"""Opening a round from a page: what its form asks, and the links that it makes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sayso.align.round import RoundState, SettleBy
from sayso.domain.errors import CharterInvalid, RoundRefused, RoundUnreadable, SaysoError
from sayso.present.pages import FormProblem
from sayso.present.rounds import convening as words
from sayso.workspace.answering import base_of
from sayso.workspace.charter_pages import Shown
from sayso.workspace.round_opening import DAYS_OPEN, asked_about, open_round
from sayso.workspace.round_pages import status_here, trail_of
from sayso.workspace.round_store import round_ids
from sayso.workspace.rounds import another_link, close_round, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sayso.workspace.round_opening import Askable

INVITE = 8
TITLE = "Do we agree what matters?"
TYPED = ("as", "invite", "closes", "settle", "cases")
# Where a refusal of ``open_round`` belongs, by a word of its message.
PLACES = (("quorum", "invite"), ("people", "invite"), ("answers", "invite"), ("over", "closes"))


def new_round(folder: Path, slug: str, today: date, *, after: str = "") -> Shown:
    """The empty form that opens a round about a decision, or why there can be none yet.

    A round that is open already is said first: whoever comes back here from its links, by the
    browser's own way, must not open a second one. Another is opened only where that is wanted.

    Args:
        folder: The workspace.
        slug: The decision.
        today: The day.
        after: The round after which another one is wanted; "" for the first, or the next.

    Raises:
        CharterNotFound: If there is no such decision.
    """
    held = [i for i in round_ids(folder) if i.rpartition("-")[0] == slug]
    if held and held[-1] != after and (after or _is_open(folder, held[-1], today)):
        return _opened_before(slug, held[-1], status=200)
    number = 1 + (int(held[-1].rpartition("-")[2]) if held else 0)
    typed = {
        "as": f"{slug}-{number}",
        "invite": str(INVITE),
        "closes": (today + timedelta(days=DAYS_OPEN)).isoformat(),
        "settle": "",
        "cases": "",
    }
    return _form(folder, slug, today, typed)


def _is_open(folder: Path, round_id: str, today: date) -> bool:
    try:
        return status_of(folder, round_id, today).state is RoundState.OPEN
    except RoundUnreadable:
        return False


def open_from_form(
    folder: Path, slug: str, fields: Mapping[str, str], *, address: str, today: date
) -> Shown:
    """Open a round as a form says, or say what is wrong in it beside everything that was typed.

    Args:
        folder: The workspace.
        slug: The decision.
        fields: What was typed.
        address: Where these pages are, for the links.
        today: The day.

    Raises:
        CharterNotFound: If there is no such decision.
    """
    typed = {name: fields.get(name, "").strip() for name in TYPED}
    if typed["as"] in round_ids(folder) and typed["as"].rpartition("-")[0] == slug:
        return _opened_before(slug, typed["as"], status=409)
    invite, closes = _number(typed["invite"]), _day(typed["closes"])
    try:
        askable = asked_about(folder, slug, today)
    except (CharterInvalid, RoundRefused):
        return _form(folder, slug, today, typed)
    problems = _problems(askable, typed, invite, closes, today)
    if problems or invite is None or closes is None:
        return _form(folder, slug, today, typed, problems)
    table = askable.charter.source.table if askable.charter.source else None
    try:
        opened = open_round(
            folder,
            slug,
            today=today,
            cases=str(folder / table) if typed["cases"] == "real" and table else None,
            n=words.CASES if typed["cases"] in ("real", "invented") else 0,
            invite=invite,
            settle=SettleBy(typed["settle"]),
            closes=closes,
        )
    except SaysoError as error:
        place = "cases" if typed["cases"] == "real" else ""
        if isinstance(error, RoundRefused):
            place = next((f for word, f in PLACES if word in error.message), place)
        problem = FormProblem(place, f"{error.message} {error.hint}")
        return _form(folder, slug, today, typed, [problem])
    return Shown(
        template="console/round_links.html",
        title=words.links_title(len(opened.links)),
        values={
            "trail": [
                ("Agenda", "/"),
                (opened.round.question or slug, f"/d/{slug}"),
                ("Links", ""),
            ],
            "links": [f"{address}/r/{token}" for token in opened.links],
            "message": words.message(opened.round),
            "here_only": words.only_here(address),
            "base": base_of(opened.round),
        },
    )


def one_more_link(folder: Path, slug: str, round_id: str, *, address: str, today: date) -> Shown:
    """One more link, shown once.

    Args:
        folder: The workspace.
        slug: The decision.
        round_id: The round.
        address: Where these pages are.
        today: The day.

    Raises:
        RoundNotFound: If there is no such round.
        RoundOver: If it takes no answers any more.
        RoundRefused: If twice as many links as people were made.
    """
    status = status_here(folder, slug, round_id, today)
    token = another_link(folder, round_id, today)
    return Shown(
        template="console/round_links.html",
        title="One more link",
        values={
            "trail": trail_of(status, "Link"),
            "links": [f"{address}/r/{token}"],
            "message": words.message(status.round),
            "here_only": words.only_here(address),
            "base": base_of(status.round),
        },
    )


def close_here(folder: Path, slug: str, round_id: str, today: date) -> Shown:
    """End a round before its day, and show what it says.

    Raises:
        RoundNotFound: If there is no such round.
        RoundRefused: If too few answered.
    """
    status = status_here(folder, slug, round_id, today)
    close_round(folder, round_id, today)
    return Shown(go=f"{base_of(status.round)}/convene")


def _form(
    folder: Path,
    slug: str,
    today: date,
    typed: Mapping[str, str],
    problems: list[FormProblem] | None = None,
) -> Shown:
    try:
        askable = asked_about(folder, slug, today)
    except (CharterInvalid, RoundRefused) as error:
        # A round asks about the charter as it stands, so what is missing there comes first.
        return Shown(
            template="console/round_cannot.html",
            title="This cannot be asked yet",
            values={
                "trail": [("Agenda", "/"), (slug, f"/d/{slug}"), ("New round", "")],
                "says": error.message,
                "hint": error.hint,
                "charter": f"/d/{slug}/charter",
            },
        )
    charter = askable.charter
    return Shown(
        template="console/round_new.html",
        title=TITLE if askable.weighed else words.FIRST_TITLE,
        problems=tuple(problems or ()),
        values={
            "trail": [
                ("Agenda", "/"),
                (charter.question or slug, f"/d/{slug}"),
                ("New round", ""),
            ],
            "stand": words.stand(askable.weighed, cases=words.CASES),
            "action": f"/d/{slug}/round/new",
            "typed": typed,
            "settles": words.settles(charter),
            "cases": _cases(folder, askable),
            "asks": words.asks(charter, askable.weighed),
            "charter": "" if askable.weighed else f"/d/{slug}/charter?depth=10#matters",
            "example": (today + timedelta(days=DAYS_OPEN)).isoformat(),
        },
    )


def _cases(folder: Path, askable: Askable) -> list[tuple[str, str]]:
    """Which cases may be asked; none where nothing is weighed."""
    if not askable.weighed:
        return []
    table = askable.charter.source.table if askable.charter.source else None
    real = [("real", f"A dozen real ones, from {table}")]
    return [
        *(real if table and (folder / table).is_file() else ()),
        ("invented", "A dozen invented ones"),
        ("none", "None"),
    ]


def _problems(
    askable: Askable,
    typed: Mapping[str, str],
    invite: int | None,
    closes: date | None,
    today: date,
) -> list[FormProblem]:
    found: list[FormProblem] = []
    if invite is None:
        found.append(FormProblem("invite", "Write a number of people, such as 8."))
    if closes is None:
        example = (today + timedelta(days=DAYS_OPEN)).isoformat()
        found.append(FormProblem("closes", f"Write a day as {example}."))
    if typed["settle"] not in {value for value, _ in words.settles(askable.charter)}:
        found.append(FormProblem("settle", "Choose who may settle what stays open."))
    if askable.weighed and typed["cases"] not in ("real", "invented", "none"):
        found.append(FormProblem("cases", "Choose which cases they are asked."))
    return found


def _opened_before(slug: str, round_id: str, *, status: int) -> Shown:
    """That a round is open already: after a second click, or on the way back from its links."""
    return Shown(
        template="console/round_again.html",
        title="A round about this is open already",
        status=status,
        values={
            "trail": [("Agenda", "/"), (slug, f"/d/{slug}"), ("New round", "")],
            "round_id": round_id,
            "base": f"/d/{slug}/round/{round_id}/convene",
            "new": f"/d/{slug}/round/new?after={round_id}",
        },
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
