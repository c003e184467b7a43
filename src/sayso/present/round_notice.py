"""What the commands for rounds say: links to send, where each round stands, what was read in."""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import fill
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sayso.align.round import FEWEST, RoundState
from sayso.present.numbers import in_words, on_day
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.align.round import Round
    from sayso.align.round_status import RoundStatus

SEND = "Send one to each person, in any order; Sayso does not know who gets which."
SHOWN_ONCE = "The links are kept nowhere but here: send them before you close this window."
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def link_to(address: str, token: str) -> str:
    """Where a link leads."""
    return f"{address}/r/{token}"


def have_answered(number: int, *, of: int | None = None) -> str:
    """How many answered.

    Examples:
        >>> have_answered(3), have_answered(0, of=8)
        ('Three have answered', 'Nobody of eight has answered')
    """
    words = "nobody" if number == 0 else in_words(number)
    whole = "" if of is None else f" of {in_words(of)}"
    return f"{words[:1].upper()}{words[1:]}{whole} {'has' if number < 2 else 'have'} answered"


def last_day(round_: Round) -> str:
    """The last day on which an answer is taken, in words."""
    return on_day(round_.closes - timedelta(days=1))


def opened_text(
    round_: Round, tokens: Sequence[str], address: str, left_out: Sequence[str] = ()
) -> str:
    """What is said when a round was opened: its links first.

    Args:
        round_: The round.
        tokens: One a person.
        address: Where Sayso's pages are reached.
        left_out: What matters but is not weighed, for want of a range.
    """
    cases = _counted(len(round_.cases), "case") if round_.cases else "no cases"
    lines = [
        _wrapped(
            f"{round_.id} takes answers until the end of {last_day(round_)}: "
            f"{_counted(len(tokens), 'link')}, "
            f"{cases}. {SEND}"
        ),
        "",
        *(f"  {link_to(address, token)}" for token in tokens),
        "",
        _wrapped(SHOWN_ONCE),
        _wrapped(
            f"Nobody sees anything before the round is over and {in_words(round_.least)} have "
            "answered; then everybody sees it at once, and never who said what."
        ),
    ]
    if round_.least < FEWEST:
        lines.append(
            _wrapped(
                "The charter consents to few: whoever takes part can work out the others’ answers. "
                "Tell them before they answer."
            )
        )
    if left_out:
        names = ", ".join(f"“{name}”" for name in left_out)
        verb = "states" if len(left_out) == 1 else "state"
        lines.append(_wrapped(f"Nobody is asked about {names}, which {verb} no range."))
    if urlsplit(address).hostname in LOCAL:
        lines.append(_wrapped("These links open on this computer only; --address names another."))
    return plain("\n".join(lines))


def another_text(round_id: str, token: str, address: str) -> str:
    """What is said when one more link was made."""
    return plain(
        f"  {link_to(address, token)}\n"
        + _wrapped(
            f"One more link of {round_id}, for a person who lost theirs. The round still ends "
            "with as many answers as people were invited."
        )
    )


def rounds_text(rounds: Sequence[tuple[RoundStatus, bool]]) -> str:
    """A line for each round.

    Args:
        rounds: Where each stands, and whether its charter has changed since it was opened.
    """
    if not rounds:
        return _wrapped("There is no round yet. `sayso round CHARTER` opens one.")
    return plain("\n".join(_line(status, changed=changed) for status, changed in rounds))


def kept_report(round_id: str) -> str:
    """The file that keeps what a round said, named from the workspace."""
    return f"rounds/{round_id}/report.html"


def deleted_on(round_id: str, day: date) -> str:
    """That the answers of a round were deleted."""
    return f"The answers of {round_id} were deleted on {on_day(day)}."


def forgotten_says(status: RoundStatus) -> str:
    """What became of the answers of a round, in one sentence; "" while they are kept."""
    id_, day = status.round.id, status.forgotten
    if day is None:
        return ""
    if status.lies:
        return (
            f"Deleting the answers of {id_} began on {on_day(day)} and is not finished: "
            f"sayso round forget {id_} goes on with it."
        )
    said = deleted_on(id_, day).rstrip(".")
    if status.sent < status.round.least:
        return f"{said}, and nothing of them was ever shown."
    return f"{said}; what the round said is kept in {kept_report(id_)}."


def forgotten_text(status: RoundStatus) -> str:
    """What is said when the answers of a round were deleted."""
    return _wrapped(
        f"{forgotten_says(status)} Copies of the folder, and forms that were filled in, "
        "are not: delete those too."
    )


def closed_text(status: RoundStatus) -> str:
    """What is said when a round was ended."""
    return _wrapped(f"{status.round.id} is over. {have_answered(status.sent)}; {_after(status)}")


def read_in_text(taken: Sequence[str], status: RoundStatus) -> str:
    """What is said when forms were read in."""
    if not taken:
        return _wrapped("No form was taken.")
    one, forms = len(taken) == 1, _counted(len(taken), "form")
    return _wrapped(
        f"{forms[:1].upper()}{forms[1:]} taken. "
        f"{have_answered(status.sent, of=status.round.invited)}. Delete the {'file' if one else 'files'} now: "
        f"{'it says' if one else 'they say'} which link said what."
    )


def opened_plain(round_: Round, tokens: Sequence[str], address: str) -> dict[str, Any]:
    """An opened round as plain values for JSON; of any type that JSON has."""
    return {
        "round": round_.id,
        "charter": str(round_.charter),
        "opened": round_.opened.isoformat(),
        "closes": round_.closes.isoformat(),
        "cases": len(round_.cases),
        "least": round_.least,
        "links": [link_to(address, token) for token in tokens],
    }


def status_plain(status: RoundStatus, *, changed: bool) -> dict[str, Any]:
    """Where a round stands as plain values for JSON; of any type that JSON has."""
    return {
        "round": status.round.id,
        "charter": str(status.round.charter),
        "state": str(status.state),
        "invited": status.round.invited,
        "begun": status.begun,
        "sent": status.sent,
        "least": status.round.least,
        "closes": status.round.closes.isoformat(),
        "forgotten": None if status.forgotten is None else status.forgotten.isoformat(),
        "charter_changed": changed,
    }


def _line(status: RoundStatus, *, changed: bool) -> str:
    round_ = status.round
    since = f" The charter has changed since; this is about {round_.charter}." if changed else ""
    gone = f" {forgotten_says(status)}" if status.forgotten is not None else ""
    return _wrapped(
        f"{round_.id}: {have_answered(status.sent, of=round_.invited)}; {_after(status)}{since}{gone}",
        rest="    ",
    )


def _after(status: RoundStatus) -> str:
    """What follows from where a round stands."""
    round_ = status.round
    match status.state:
        case RoundState.OPEN:
            missing = round_.least - status.sent
            more = f", and {in_words(missing)} more must answer" if missing > 0 else ""
            return f"open until the end of {last_day(round_)}{more}."
        case RoundState.SHOWN if status.forgotten is not None:
            return "not settled."
        case RoundState.SHOWN:
            return "its results are open to everybody."
        case RoundState.WITHHELD:
            return f"{in_words(round_.least)} are needed, so nothing of it is shown."
        case RoundState.SETTLED:
            return f"settled by {status.settled}."


def _counted(number: int, thing: str) -> str:
    return f"{in_words(number)} {thing}{'' if number == 1 else 's'}"


def _wrapped(text: str, *, rest: str = "  ") -> str:
    return fill(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
