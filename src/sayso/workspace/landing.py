"""What a link shows in one browser before anything is used up, and who begins there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.domain.errors import AnswersNotBegun, LinkUnknown
from sayso.workspace.links import LinkState, read_token
from sayso.workspace.rounds import begin, find_link, resume

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.align.round import Round


class Landing(StrEnum):
    """What a link opens in one browser.

    Attributes:
        FRESH: It can be used here.
        GO_ON: Whoever holds this browser began before, and goes on where they were.
        FINISH_FIRST: It can be used, but somebody has begun here and not sent their answers.
        ANOTHER: It can be used by another person: whoever began here has sent their answers.
        USED: It was used, in another browser.
        EXPIRED: The round takes no answers any more.
    """

    FRESH = "fresh"
    GO_ON = "go on"
    FINISH_FIRST = "finish first"
    ANOTHER = "another"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """A link, opened in one browser.

    Attributes:
        round: Its round.
        state: What it opens here.
    """

    round: Round
    state: Landing


def land(folder: Path, token: str, held: str, today: date) -> Landed:
    """What a link opens in a browser. Looking uses nothing up.

    Args:
        folder: The workspace.
        token: The link, or its last part.
        held: The secret that the browser holds for the link's round, begun or not; "" for none.
        today: The day.

    Raises:
        LinkUnknown: If no round made the link.
        RoundUnreadable: If its round is damaged.
    """
    link = find_link(folder, token, today)
    if link.round is None:
        raise LinkUnknown
    sent = _has_sent(folder, link.round.id, held, today)
    match link.state:
        case LinkState.FRESH if sent is None:
            state = Landing.FRESH
        case LinkState.FRESH:
            state = Landing.ANOTHER if sent else Landing.FINISH_FIRST
        case _ if sent is not None:
            state = Landing.GO_ON
        case LinkState.USED:
            state = Landing.USED
        case _:
            state = Landing.EXPIRED
    return Landed(round=link.round, state=state)


def round_of_link(folder: Path, token: str, today: date) -> str:
    """The name of a link's round.

    Raises:
        LinkUnknown: If no round made the link.
        RoundUnreadable: If its round is damaged.
    """
    link = find_link(folder, token, today)
    if link.round is None:
        raise LinkUnknown
    return link.round.id


def begin_here(folder: Path, token: str, held: str, spare: str, today: date) -> str | None:
    """Begin in a browser, once, however often its button is pressed.

    Args:
        folder: The workspace.
        token: The link, or its last part.
        held: The secret that the browser got when it opened the link, or before.
        spare: The secret it got for another person; "" for none.
        today: The day.

    Returns:
        The secret that counts from now on; None where somebody has to finish first.

    Raises:
        LinkUnknown: If no round made the link.
        LinkUsed: If it was used in another browser.
        RoundOver: If the round takes no answers any more.
        KeyMissing: If the workspace has lost its key.
    """
    landed = land(folder, token, held, today)
    if _has_sent(folder, landed.round.id, spare, today) is not None:
        # The second of two clicks by the other person: the first has begun for them.
        return spare
    if landed.state is Landing.FINISH_FIRST:
        return None
    return begin(folder, token, today, spare if landed.state is Landing.ANOTHER else held)


def is_secret(text: str) -> bool:
    """Whether a text can be a secret at all."""
    return read_token(text) is not None


def _has_sent(folder: Path, round_id: str, secret: str, today: date) -> bool | None:
    """Whether whoever holds a secret has sent answers; None where nobody began with it."""
    if not secret:
        return None
    try:
        return resume(folder, round_id, secret, today).sent
    except AnswersNotBegun:
        return None
