"""A round as files: what was asked, which links there are, what each person typed, how it ended."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sayso.align.considerations import Consideration
from sayso.align.round import Form, Round, RoundCase, SettleBy
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import RoundNotFound, RoundUnreadable, SaysoError
from sayso.workspace.links import links_from, links_text
from sayso.workspace.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sayso.workspace.links import Links

T = TypeVar("T")
FORMAT = 1
ROUNDS, ROUND, LINKS, ANSWERS, END = "rounds", "round.json", "links.json", "answers", "end.json"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[1-9][0-9]{0,5}", re.ASCII)
_PSEUDONYM = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FrozenRound:
    """A round, and what it stands on as it read on the day it was opened.

    Attributes:
        round: The round.
        charter_text: The charter it is about.
        values: What each option would bring in its cases, worst 0 to best 1, shape (cases,
            options, states, considerations), repeats included; empty where that is not known.
            The table grows after that day, so this is kept.
        states: What may turn out, in the order of ``values``.
    """

    round: Round
    charter_text: str
    values: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...] = ()
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What one person typed into a round, as they typed it.

    Attributes:
        draft: The fields as last kept, right or wrong.
        sent: The fields as last sent; None where nothing was sent. Only these count.
    """

    draft: Mapping[str, str] = field(default_factory=dict[str, str])
    sent: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a round ended, where people ended it.

    Attributes:
        closed: Whether it was closed before its day.
        settled: The proposal that settled it; "" for none yet.
        forgotten: The day its answers were deleted; None while they are kept.
        sent: How many were sent; counted from the answers while they are kept.
        begun: How many began; counted from the pseudonyms while they are kept.
    """

    closed: bool = False
    settled: str = ""
    forgotten: date | None = None
    sent: int = 0
    begun: int = 0


def round_ids(folder: Path) -> tuple[str, ...]:
    """The rounds of a workspace, by name and number."""
    inside = folder / ROUNDS
    found = inside.iterdir() if inside.is_dir() else ()
    ids = [p.name for p in found if _ID.fullmatch(p.name) and (p / ROUND).is_file()]
    return tuple(sorted(ids, key=_by_number))


def _by_number(round_id: str) -> tuple[str, int]:
    slug, _, number = round_id.rpartition("-")
    return slug, int(number)


def place_of(folder: Path, round_id: str) -> Path:
    """The folder of a round.

    Raises:
        RoundNotFound: If there is none; a name is never a way out of the workspace.
    """
    place = folder / ROUNDS / round_id
    if _ID.fullmatch(round_id) is None or not (place / ROUND).is_file():
        raise RoundNotFound(round_id, round_ids(folder))
    return place


def round_text(frozen: FrozenRound) -> str:
    """A round as round.json holds it."""
    plain = {
        "format": FORMAT,
        **asdict(frozen.round),
        "charter": str(frozen.round.charter),
        "opened": frozen.round.opened.isoformat(),
        "closes": frozen.round.closes.isoformat(),
        "charter_text": frozen.charter_text,
        "values": frozen.values,
        "states": frozen.states,
    }
    return json.dumps(plain, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def round_from(text: str) -> FrozenRound:
    """The round of a text from ``round_text``.

    Raises:
        ValueError: If it says anything else.
    """
    plain = _object(text)
    try:
        considerations = tuple(
            Consideration(
                name=str(c["name"]),
                worst=float(c["worst"]),
                best=float(c["best"]),
                unit=str(c["unit"]),
            )
            for c in plain["considerations"]
        )
        cases = tuple(
            RoundCase(
                number=int(c["number"]),
                facts=tuple((str(name), str(value)) for name, value in c["facts"]),
                brings=tuple(tuple(float(a) for a in option) for option in c["brings"]),
                repeats=None if c["repeats"] is None else int(c["repeats"]),
            )
            for c in plain["cases"]
        )
        return FrozenRound(
            round=Round(
                id=str(plain["id"]),
                charter=CharterRef.parse(plain["charter"]),
                fingerprint=str(plain["fingerprint"]),
                question=str(plain["question"]),
                options=tuple(str(o) for o in plain["options"]),
                considerations=considerations,
                event=str(plain["event"]),
                cases=cases,
                form=Form(plain["form"]),
                settle=SettleBy(plain["settle"]),
                quorum=float(plain["quorum"]),
                invited=int(plain["invited"]),
                opened=date.fromisoformat(plain["opened"]),
                closes=date.fromisoformat(plain["closes"]),
                least=int(plain["least"]),
                seed=int(plain["seed"]),
            ),
            charter_text=str(plain["charter_text"]),
            values=tuple(
                tuple(tuple(tuple(float(v) for v in s) for s in o) for o in c)
                for c in plain.get("values", ())
            ),
            states=tuple(str(s) for s in plain.get("states", ())),
        )
    except (KeyError, TypeError, AttributeError, SaysoError) as error:
        raise ValueError(f"no round: {error}") from error


def typed_text(typed: Typed, round_id: str) -> str:
    """What was typed, as an answer's file holds it; lone surrogates come back as they were."""
    plain = {
        "format": FORMAT,
        "round": round_id,
        "draft": dict(typed.draft),
        "sent": None if typed.sent is None else dict(typed.sent),
    }
    return json.dumps(plain, ensure_ascii=True, indent=2) + "\n"


def typed_from(text: str) -> Typed:
    """What was typed, from a text of ``typed_text``.

    Raises:
        ValueError: If it says anything else.
    """
    plain = _object(text)
    try:
        sent = plain["sent"]
        return Typed(draft=_fields(plain["draft"]), sent=None if sent is None else _fields(sent))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no answers: {error}") from error


def end_text(end: End) -> str:
    """How a round ended, as end.json holds it."""
    plain: dict[str, object] = {"format": FORMAT, "closed": end.closed, "settled": end.settled}
    if end.forgotten is not None:
        plain |= {"forgotten": end.forgotten.isoformat(), "sent": end.sent, "begun": end.begun}
    return json.dumps(plain, indent=2) + "\n"


def end_from(text: str) -> End:
    """How a round ended, from a text of ``end_text``.

    Raises:
        ValueError: If it says anything else.
    """
    plain = _object(text)
    try:
        closed, settled = plain["closed"] is not False, str(plain["settled"])
        if plain.get("forgotten") is None:
            return End(closed=closed, settled=settled)
        return End(
            closed=closed,
            settled=settled,
            forgotten=date.fromisoformat(plain["forgotten"]),
            sent=int(plain["sent"]),
            begun=int(plain["begun"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no end: {error}") from error


def read_frozen(place: Path) -> FrozenRound:
    """The round of a folder.

    Raises:
        RoundUnreadable: If its file is damaged.
    """
    return _read(place / ROUND, round_from)


def read_links(place: Path) -> Links:
    """The links of a round.

    Raises:
        RoundUnreadable: If their file is damaged.
    """
    return _read(place / LINKS, links_from)


def read_typed(place: Path, pseudonym: str) -> Typed:
    """What one person typed; nothing where they typed nothing yet.

    Raises:
        RoundUnreadable: If their file is damaged.
    """
    file = _answer_file(place, pseudonym)
    return _read(file, typed_from) if file.exists() else Typed()


def read_end(place: Path) -> End:
    """How a round ended; as it stands where nobody ended it.

    Raises:
        RoundUnreadable: If the file is damaged.
    """
    return _read(place / END, end_from) if (place / END).exists() else End()


def read_sent(place: Path) -> dict[str, Mapping[str, str]]:
    """What was sent, by pseudonym, in an order that says nothing.

    Raises:
        RoundUnreadable: If a file is damaged.
    """
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted((place / ANSWERS).glob("*.json")):
        if _PSEUDONYM.fullmatch(file.stem) is None:
            continue
        typed = _read(file, typed_from)
        if typed.sent is not None:
            found[file.stem] = typed.sent
    return found


def lies(place: Path) -> bool:
    """Whether anything that a person typed, or a pseudonym, still lies in a round's folder.

    Raises:
        RoundUnreadable: If the file of links is damaged.
    """
    return (place / ANSWERS).exists() or bool(read_links(place).begun)


def write_links(place: Path, links: Links, *, day: date) -> None:
    """Keep the links; the round's lock is held."""
    write_private(place / LINKS, links_text(links), day=day)


def write_typed(place: Path, pseudonym: str, typed: Typed, *, day: date) -> None:
    """Keep what one person typed; the round's lock is held."""
    write_private(_answer_file(place, pseudonym), typed_text(typed, place.name), day=day)


def write_end(place: Path, end: End, *, day: date) -> None:
    """Keep how a round ended; the round's lock is held."""
    write_private(place / END, end_text(end), day=day)


def _answer_file(place: Path, pseudonym: str) -> Path:
    if _PSEUDONYM.fullmatch(pseudonym) is None:
        raise ValueError(f"{pseudonym!r} is no pseudonym")
    return place / ANSWERS / f"{pseudonym}.json"


def _read(file: Path, read: Callable[[str], T]) -> T:
    try:
        return read(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RoundUnreadable(
            f"{file} cannot be read: {why}.",
            hint="Bring it back from a copy, or read it with the Sayso that wrote it.",
        ) from error


def _object(text: str) -> dict[str, Any]:  # Any: JSON read from a file, looked at key by key
    plain = json.loads(text)
    written = plain.get("format") if isinstance(plain, dict) else None
    if written != FORMAT:
        raise ValueError(f"format {written!r} is not one that this Sayso reads")
    return plain


def _fields(plain: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in plain.items()}
