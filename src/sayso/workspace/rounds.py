"""A round while people answer, and after: who may begin, what is kept, what may be seen."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.align.answers import KEEP_PAIRS, read_answer
from sayso.align.round import RoundState, state_of
from sayso.align.round_status import RoundStatus
from sayso.declare.charter_file import read_charter
from sayso.declare.fingerprint import fingerprint
from sayso.domain.errors import (
    AnswersNotBegun,
    AnswersTooLong,
    CharterInvalid,
    LinkUnknown,
    LinkUsed,
    RoundForgotten,
    RoundNotOver,
    RoundOver,
    RoundRefused,
    RoundUnreadable,
    RoundWithheld,
)
from sayso.present.numbers import in_words, on_day
from sayso.present.round_notice import deleted_on, have_answered, kept_report, last_day
from sayso.workspace.charters import charter_files, reading_of
from sayso.workspace.links import BYTES, LinkState, read_token, token_of
from sayso.workspace.private_file import locked, sweep
from sayso.workspace.pseudonyms import pseudonym, read_key
from sayso.workspace.round_store import (
    ANSWERS,
    End,
    Typed,
    lies,
    place_of,
    read_end,
    read_frozen,
    read_links,
    read_sent,
    read_typed,
    round_ids,
    write_end,
    write_links,
    write_typed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sayso.align.answers import AnswerProblem
    from sayso.align.round import Round, RoundAnswer
    from sayso.declare.charter import Charter

MOST_FIELDS = 500
LONGEST = 64 * 1024
CHARTERS = "charters"
STILL_YOURS = "What you typed is still yours: copy it before you leave."
TOO_LATE = "Ask whoever sent the link what came out of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link opens.

    Attributes:
        state: Whether it can be used.
        round: Its round; None for a link that no round made.
    """

    state: LinkState
    round: Round | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one person is.

    Attributes:
        status: The round, and where it stands.
        fields: What they typed last, by field, as they typed it.
        sent: Whether they sent answers.
        changed: Whether what they typed last differs from what they sent.
    """

    status: RoundStatus
    fields: Mapping[str, str]
    sent: bool
    changed: bool


def new_secret() -> str:
    """A fresh secret for one person in one round, of 130 random bits."""
    return token_of(secrets.token_bytes(BYTES))


def list_rounds(folder: Path, today: date) -> tuple[RoundStatus, ...]:
    """Every round of a workspace, by name and number.

    Raises:
        RoundUnreadable: If a file of one is damaged.
    """
    return tuple(status_of(folder, round_id, today) for round_id in round_ids(folder))


def status_of(folder: Path, round_id: str, today: date) -> RoundStatus:
    """Where a round stands.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.

    Raises:
        RoundNotFound: If there is no such round.
        RoundUnreadable: If a file of it is damaged.
    """
    return _status(place_of(folder, round_id), today)


def charter_of(folder: Path, round_id: str) -> Charter:
    """The charter as it read when the round was opened: the version that the answers belong to.

    Raises:
        RoundNotFound: If there is no such round.
        CharterInvalid: If this Sayso no longer reads that charter.
    """
    frozen = read_frozen(place_of(folder, round_id))
    reading = read_charter(frozen.charter_text, f"{frozen.round.charter.slug}.yaml")
    if reading.charter is None:
        raise CharterInvalid(
            f"The charter of the round {round_id} cannot be read: {reading.problems[0]}",
            hint="Read it with the Sayso that opened the round.",
        )
    return reading.charter


def has_charter_changed(folder: Path, round_: Round) -> bool:
    """Whether the workspace's charter of that decision says something else since.

    The answers belong to the version they were given to; a page that shows them says so.
    """
    inside = folder / CHARTERS
    now = [reading_of(f).charter for f in (charter_files(inside) if inside.is_dir() else [])]
    prints = {fingerprint(c) for c in now if c is not None and c.decision == round_.charter.slug}
    return bool(prints) and prints != {round_.fingerprint}


def find_link(folder: Path, token: str, today: date) -> Link:
    """What a link opens. Looking uses nothing up, so that mail scanners may look too.

    Args:
        folder: The workspace.
        token: The link, or its last part.
        today: The day.

    Raises:
        RoundUnreadable: If no round knows it, but one of them is damaged.
    """
    place = _place_of_link(folder, token)
    if place is None:
        return Link(state=LinkState.UNKNOWN)
    status, state = _status(place, today), read_links(place).state(token)
    gone = status.forgotten is not None
    if gone or (state is LinkState.FRESH and status.state is not RoundState.OPEN):
        state = LinkState.EXPIRED
    return Link(state=state, round=status.round)


def begin(folder: Path, token: str, today: date, secret: str | None = None) -> str:
    """Use a link up, once, and let the person who holds a secret answer.

    Whoever asks again with the same secret, as by a second click, begins nothing new; nothing
    that is stored joins the link and the person.

    Args:
        folder: The workspace.
        token: The link, or its last part.
        today: The day.
        secret: What the person's browser already holds; a fresh one where None.

    Returns:
        The secret, which is kept by the person's browser alone.

    Raises:
        LinkUnknown: If no round made the link.
        LinkUsed: If it was used, with another secret.
        RoundOver: If it has expired: the round takes no answers any more.
        KeyMissing: If the workspace has lost its key.
    """
    place = _place_of_link(folder, token)
    if place is None:
        raise LinkUnknown
    person = read_token(secret or "") or new_secret()
    name = pseudonym(read_key(folder), place.name, person)
    with locked(place):
        links = read_links(place)
        if links.has_begun(name):
            return person
        if links.state(token) is LinkState.USED:
            raise LinkUsed
        status = _refuse_when_over(place, today, hint=TOO_LATE)
        write_links(place, links.after_beginning(token, name), day=status.round.opened)
    return person


def another_link(folder: Path, round_id: str, today: date) -> str:
    """One more link, for a person who lost theirs or began in a browser they no longer have.

    Returns:
        The link's token; it is kept nowhere.

    Raises:
        RoundNotFound: If there is no such round.
        RoundOver: If it takes no answers any more.
        RoundRefused: If twice as many links as people were made.
    """
    place = place_of(folder, round_id)
    with locked(place):
        status = _refuse_when_over(place, today, hint=TOO_LATE)
        links = read_links(place)
        if len(links.keys) >= 2 * status.round.invited:
            raise RoundRefused(
                f"{round_id} has {len(links.keys)} links for {status.round.invited} people.",
                hint="Open a new round; each link is for one person.",
            )
        token = new_secret()
        write_links(place, links.with_another(token), day=status.round.opened)
    return token


def resume(folder: Path, round_id: str, secret: str, today: date) -> Progress:
    """How far the person who holds a secret is, with everything they typed.

    Raises:
        RoundNotFound: If there is no such round.
        AnswersNotBegun: If nobody began with this secret.
        KeyMissing: If the workspace has lost its key.
    """
    place = place_of(folder, round_id)
    name = _begun(folder, place, secret)
    typed = read_typed(place, name)
    return Progress(
        status=_status(place, today),
        fields=typed.draft,
        sent=typed.sent is not None,
        changed=typed.sent is not None and typed.sent != typed.draft,
    )


def save(
    folder: Path, round_id: str, secret: str, fields: Mapping[str, str], *, today: date
) -> None:
    """Keep what a person typed so far, right or wrong; fields not named stay as they were.

    Raises:
        RoundNotFound: If there is no such round.
        AnswersNotBegun: If nobody began with this secret.
        AnswersTooLong: If it is more than a round keeps.
        RoundOver: If no answer is taken any more; what was typed stays with the caller.
        FileNotWritable: If it cannot be kept.
    """
    place = place_of(folder, round_id)
    name = _begun(folder, place, secret)
    with locked(place):
        status = _refuse_when_over(place, today)
        before = read_typed(place, name)
        typed = Typed(draft=_with(before.draft, fields), sent=before.sent)
        _write(place, name, typed, status.round)


def send(
    folder: Path, round_id: str, secret: str, fields: Mapping[str, str], *, today: date
) -> tuple[AnswerProblem, ...]:
    """Keep what a person typed and, where nothing is wrong with it, count it as their answer.

    A person may send again until the round is over; the last sent counts. What is wrong is kept
    as typed, and what they sent before stays.

    Returns:
        What is wrong; nothing where the answers were sent.

    Raises:
        SaysoError: As for ``save``.
    """
    place = place_of(folder, round_id)
    name = _begun(folder, place, secret)
    with locked(place):
        status = _refuse_when_over(place, today)
        before = read_typed(place, name)
        draft = _with(before.draft, fields)
        problems = read_answer(status.round, draft, pseudonym=name).problems
        typed = Typed(draft=draft, sent=before.sent if problems else draft)
        _write(place, name, typed, status.round)
    return problems


def answers_of(folder: Path, round_id: str, today: date) -> tuple[RoundAnswer, ...]:
    """What people sent, once the round is over and enough of them did.

    Raises:
        RoundNotFound: If there is no such round.
        RoundNotOver: If somebody may still answer.
        RoundWithheld: If too few answered.
        RoundForgotten: If the answers were deleted.
    """
    place = place_of(folder, round_id)
    status = _status(place, today)
    _refuse_unless_shown(status)
    sent = read_sent(place)
    # Looked at after reading: with some of the answers gone, the rest would tell whose they were.
    forgotten = read_end(place).forgotten
    if forgotten is not None:
        raise RoundForgotten(
            deleted_on(round_id, forgotten),
            hint=f"What it said is kept in {kept_report(round_id)}.",
        )
    return tuple(
        read_answer(status.round, fields, pseudonym=name).answer for name, fields in sent.items()
    )


def close_round(folder: Path, round_id: str, today: date, *, withhold: bool = False) -> RoundStatus:
    """End a round before its day; whoever has not sent is no longer heard.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.
        withhold: End it although too few answered, so that nothing is ever shown.

    Raises:
        RoundNotFound: If there is no such round.
        RoundRefused: If too few answered, or enough did and it should be withheld.
    """
    place = place_of(folder, round_id)
    with locked(place):
        status = _status(place, today)
        if status.state is not RoundState.OPEN:
            return status
        sent, least = status.sent, status.round.least
        if sent < least and not withhold:
            raise RoundRefused(
                f"{have_answered(sent)}; {in_words(least)} are needed.",
                hint=f"It stays open until the end of {last_day(status.round)}. To end it without results: "
                f"`sayso round close {round_id} --withhold`.",
            )
        if sent >= least and withhold:
            raise RoundRefused(
                f"{have_answered(sent)}, which is enough for results.",
                hint="Close it without --withhold: they open to all at once.",
            )
        write_end(place, End(closed=True), day=today)
        return _status(place, today)


def _status(place: Path, today: date) -> RoundStatus:
    round_, end, links = read_frozen(place).round, read_end(place), read_links(place)
    gone = end.forgotten is not None
    sent = end.sent if gone else len(read_sent(place))
    return RoundStatus(
        round=round_,
        state=state_of(
            round_, sent=sent, today=today, closed=end.closed, settled=bool(end.settled)
        ),
        begun=end.begun if gone else len(links.begun),
        sent=sent,
        links=len(links.keys),
        closed=end.closed,
        settled=end.settled,
        forgotten=end.forgotten,
        lies=lies(place),
    )


def _place_of_link(folder: Path, token: str) -> Path | None:
    """The round that made a link; every round is looked at, so that time tells nothing."""
    found: Path | None = None
    broken: RoundUnreadable | None = None
    if read_token(token) is None:
        return None
    for round_id in round_ids(folder):
        place = place_of(folder, round_id)
        try:
            known = read_links(place).state(token) is not LinkState.UNKNOWN
        except RoundUnreadable as error:
            # One damaged round does not close the links of the others.
            broken = error
            continue
        if known:
            found = place
    if found is None and broken is not None:
        raise broken
    return found


def _begun(folder: Path, place: Path, secret: str) -> str:
    """The pseudonym of whoever holds a secret, if they began."""
    person = read_token(secret)
    if person is None:
        raise AnswersNotBegun
    name = pseudonym(read_key(folder), place.name, person)
    if not read_links(place).has_begun(name):
        raise AnswersNotBegun
    return name


def _refuse_when_over(place: Path, today: date, *, hint: str = STILL_YOURS) -> RoundStatus:
    status = _status(place, today)
    if status.state is not RoundState.OPEN:
        raise RoundOver(
            f"The round {status.round.id} is over, so no answer is taken any more.", hint=hint
        )
    return status


def _refuse_unless_shown(status: RoundStatus) -> None:
    round_ = status.round
    match status.state:
        case RoundState.OPEN:
            raise RoundNotOver(
                f"The round {round_.id} is open. {have_answered(status.sent)}.",
                hint=f"Results open to all at once when it is over, on {on_day(round_.closes)} "
                f"at the latest, if {in_words(round_.least)} have answered.",
            )
        case RoundState.WITHHELD:
            raise RoundWithheld(
                f"The round {round_.id} is over. {have_answered(status.sent)}; "
                f"{in_words(round_.least)} are needed.",
                hint="Nothing of it is shown. Open a new round.",
            )
        case RoundState.SHOWN | RoundState.SETTLED:
            return


def _with(draft: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    after = {**draft, **fields}
    # Whoever changes a comparison is asked again whether they mean three that contradict.
    if KEEP_PAIRS not in fields and any(name.startswith("pair-") for name in fields):
        after.pop(KEEP_PAIRS, None)
    if len(after) > MOST_FIELDS or sum(len(k) + len(v) for k, v in after.items()) > LONGEST:
        raise AnswersTooLong(
            f"The answers are longer than {LONGEST:,} characters.",
            hint="Shorten what you wrote; nothing that was kept before is lost.",
        )
    return after


def _write(place: Path, name: str, typed: Typed, round_: Round) -> None:
    sweep(place / ANSWERS)
    write_typed(place, name, typed, day=round_.opened)
