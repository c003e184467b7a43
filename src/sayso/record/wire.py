"""Events as the bytes that are kept and hashed, and back.

Personal fields are sealed with their person's key before anything is hashed, so that destroying
the key makes them unreadable while the tree still verifies.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sayso.record.events import BY_KIND, FORMAT, Event, Recorded
from sayso.record.moments import instant_text, read_instant
from sayso.record.refusal import Refusal
from sayso.record.strict_json import LARGEST, Json, canonical, read_object, spelled
from sayso.record.terms import Actor, ActorKind, Change, OverrideKind, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sayso.record.events import Data
    from sayso.record.ports import Sealer
    from sayso.record.terms import Details

ERASED = ""
# A zero byte, or a whole number that may be too long for some readers: all else that is refused on
# reading cannot come out of ``canonical``.
_LONG_NUMBER = re.compile(rb"[:,\[]-?[0-9]{16}")


def to_bytes(
    event: Event,
    recorded_at: datetime,
    sealer: Sealer,
    spelled_before: Mapping[str, str] | None = None,
) -> bytes | Refusal:
    """The bytes that are kept of an event.

    Args:
        event: The event.
        recorded_at: When it is taken in.
        sealer: Seals personal fields.
        spelled_before: Fields of what happened, none of them personal, whose canonical JSON the
            caller has made already.

    Returns:
        Canonical JSON, or a refusal where a personal field belongs to somebody who was erased.
    """
    known = spelled_before or {}
    data = plain_data(event.data, but=known)
    for field, whose in event.data.PERSONAL.items():
        value = data.get(field)
        if not value:
            continue
        subject = _subject(event, whose)
        if subject is None:
            continue
        try:
            plain_text = canonical({"": value})
        except ValueError as error:
            return Refusal(
                "text-unreadable", f"{field} cannot be kept: {error}.", "Send it as UTF-8.", field
            )
        sealed = read_object(plain_text)
        if isinstance(sealed, Refusal):
            return replace(sealed, field=field)
        token = sealer.seal(subject, plain_text, _bound(event.id, field))
        if token is None:
            return Refusal(
                "subject-erased",
                f"{field} belongs to {subject!r}, whose text was erased.",
                "Leave it out, or record under a new name.",
                field,
            )
        data[field] = {"of": subject, "sealed": token}
    try:
        body = _body(event, recorded_at, data, known)
    except ValueError as error:
        return Refusal(
            "text-unreadable",
            f"{event.data.KIND} holds a value that cannot be kept: {error}.",
            "Send finite numbers, and text as UTF-8.",
        )
    # What could not be read again is not written: it would stop the record for everyone.
    doubtful = len(body) > LARGEST or b"\\u0000" in body or _LONG_NUMBER.search(body)
    read = read_object(body) if doubtful else None
    return read if isinstance(read, Refusal) else body


def from_bytes(body: bytes, index: int, sealer: Sealer) -> Recorded | Refusal:
    """An event as it was kept.

    Args:
        body: Bytes from ``to_bytes``.
        index: Its place.
        sealer: Opens sealed fields; those it cannot open are empty and named in ``erased``.
    """
    found = read_object(body)
    if isinstance(found, Refusal):
        return found
    if found.get("v") != FORMAT:
        return Refusal(
            "format-unknown",
            f"Record {index} has format {found.get('v')!r}; this Sayso reads {FORMAT}.",
            "Read it with the Sayso that wrote it, or a newer one.",
        )
    try:
        event_id, kind = str(found["id"]), str(found["kind"])
        raw = dict(cast("dict[str, Json]", found["data"]))
        erased = _opened(raw, event_id, sealer)
        data = read_data(kind, raw, erased)
        if isinstance(data, Refusal):
            return data
        at, recorded = (read_instant(str(found[key]), key) for key in ("at", "recorded_at"))
        if isinstance(at, Refusal):
            return at
        if isinstance(recorded, Refusal):
            return recorded
        by = cast("dict[str, Json]", found["by"])
        case, acting_for = found["case"], by.get("for")
        event = Event(
            id=event_id,
            decision=str(found["decision"]),
            charter_version=int(cast("int", found["charter"])),
            case=None if case is None else str(case),
            by=Actor(
                ActorKind(str(by["kind"])),
                str(by["name"]),
                None if acting_for is None else str(acting_for),
            ),
            at=at,
            data=data,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Refusal(
            "field-wrong",
            f"Record {index} cannot be read: {type(error).__name__} {error}.",
            "Run `sayso verify`.",
        )
    return Recorded(index, recorded, event, erased)


def plain_data(
    data: Any,  # a kind of event or of command
    but: Collection[str] = (),
) -> dict[str, Any]:  # JSON
    """What happened, or was asked, as JSON; fields that say nothing are left out.

    Args:
        data: The event's or the command's value.
        but: Fields that are left out as well.
    """
    plain: dict[str, Any] = {}
    for name in _names(type(data)):
        if name in but:
            continue
        value = getattr(data, name)
        # An outcome may be null only where it is said to be, so nothing is left out but absence.
        if value is None or value == ():
            continue
        plain[name] = _plain(value)
    return plain


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _body(
    event: Event, recorded_at: datetime, data: Mapping[str, Any], known: Mapping[str, str]
) -> bytes:
    """Canonical JSON of an event, its keys in their order, from parts.

    Raises:
        ValueError: If it holds something that cannot be spelled.
    """
    if known:
        parts = {**{name: spelled(value) for name, value in data.items()}, **known}
        happened = ",".join(f'"{name}":{parts[name]}' for name in sorted(parts))
        happened = f"{{{happened}}}"
    else:
        happened = spelled(cast("Json", data))
    case = "null" if event.case is None else spelled(event.case)
    return (
        f'{{"at":"{instant_text(event.at)}","by":{_spelled_actor(event.by)},"case":{case}'
        f',"charter":{event.charter_version},"data":{happened}'
        f',"decision":{spelled(event.decision)},"id":{spelled(event.id)}'
        f',"kind":"{event.data.KIND}","recorded_at":"{instant_text(recorded_at)}","v":{FORMAT}}}'
    ).encode()


@lru_cache(maxsize=1024)
def _spelled_actor(by: Actor) -> str:
    plain: dict[str, Json] = {"kind": str(by.kind), "name": by.name}
    return spelled(plain if by.acting_for is None else {**plain, "for": by.acting_for})


def read_data(kind: str, raw: Mapping[str, Json], erased: tuple[str, ...] = ()) -> Data | Refusal:
    """What happened, from JSON.

    Args:
        kind: The kind of event.
        raw: Its fields.
        erased: Fields that may be missing, since they cannot be read any more.

    Returns:
        The value, or a refusal that names the field.
    """
    made = BY_KIND.get(kind)
    if made is None:
        return Refusal("kind-unknown", f"No event is of kind {kind[:60]!r}.", "See the reference.")
    return read_fields(made, kind, raw, erased)


T = TypeVar("T")


def read_fields(
    made: type[T], kind: str, raw: Mapping[str, Json], erased: tuple[str, ...] = ()
) -> T | Refusal:
    """A value of a dataclass from JSON, each field read as it is annotated.

    Args:
        made: The dataclass.
        kind: What to call it.
        raw: Its fields.
        erased: Fields that may be missing, since they cannot be read any more.
    """
    fields = {field.name: field for field in dataclasses.fields(made)}  # pyright: ignore[reportArgumentType]
    strange = sorted(set(raw) - set(fields))
    if strange:
        shown = strange[0][:60].encode("unicode_escape").decode("ascii")
        return Refusal(
            "field-unknown",
            f"{kind} has no field '{shown}'.",
            f"Its fields: {', '.join(fields) or 'none'}.",
            shown,
        )
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if raw.get(name) is None:
            if name in erased:
                values[name] = () if str(field.type) == "Details" else ERASED
            elif field.default is dataclasses.MISSING:
                return Refusal("field-missing", f"{kind} needs {name}.", f"Send {name}.", name)
            continue
        value = _READERS[str(field.type)](raw[name], name)
        if isinstance(value, Refusal):
            return value
        values[name] = value
    return made(**values)


def _opened(raw: dict[str, Json], event_id: str, sealer: Sealer) -> tuple[str, ...]:
    """Put what sealed fields say in their place; the names of those that nobody can open."""
    erased: list[str] = []
    for field, value in list(raw.items()):
        if not isinstance(value, dict) or set(value) != {"of", "sealed"}:
            continue
        plain = sealer.unseal(str(value["of"]), str(value["sealed"]), _bound(event_id, field))
        opened = None if plain is None else read_object(plain)
        if opened is None or isinstance(opened, Refusal):
            erased.append(field)
            del raw[field]
        else:
            raw[field] = opened[""]
    return tuple(erased)


def _subject(event: Event, whose: str) -> str | None:
    if whose == "by":
        return event.by.person or event.by.name
    value = getattr(event.data, whose)
    return None if value is None else str(value)


def _bound(event_id: str, field: str) -> bytes:
    """What a sealed text is bound to, so that it cannot be moved to another event or field."""
    return f"{event_id}/{field}".encode()


def _plain(value: Any) -> Json:  # a field of an event
    match value:
        case datetime():
            return instant_text(value)
        case tuple() if value and isinstance(value[0], Change):
            return [{"part": c.part, "before": c.before, "after": c.after} for c in value]
        case tuple():
            return {str(name): _plain(inner) for name, inner in value}
        case bool() | int() | float() | None:
            return value
        case _:
            return str(value)


def _wrong(name: str, wanted: str, value: object) -> Refusal:
    shown = repr(value)[:60]
    return Refusal("field-wrong", f"{name} is {shown}, not {wanted}.", f"Send {wanted}.", name)


def _text(value: Json, name: str) -> str | Refusal:
    return value if isinstance(value, str) else _wrong(name, "a text", value)


def _number(value: Json, name: str) -> float | Refusal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(name, "a number", value)
    return value


def _count(value: Json, name: str) -> int | Refusal:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return _wrong(name, "a count", value)
    return value


def _truth(value: Json, name: str) -> bool | Refusal:
    return value if isinstance(value, bool) else _wrong(name, "true or false", value)


def _answer(value: Json, name: str) -> str | float | Refusal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _wrong(name, "a text or a number", value)
    return value


def _scalar(value: Json, name: str) -> str | float | bool | Refusal:
    if not isinstance(value, str | int | float):
        return _wrong(name, "a text, a number, true or false", value)
    return value


def _moment(value: Json, name: str) -> datetime | Refusal:
    return read_instant(value, name) if isinstance(value, str) else _wrong(name, "a moment", value)


def _details(value: Json, name: str) -> Details | Refusal:
    if not isinstance(value, dict):
        return _wrong(name, "an object of names and values", value)
    for key, inner in value.items():
        if not isinstance(inner, str | int | float | None):
            return _wrong(f"{name}.{key}", "a text, a number, true, false or null", inner)
    return tuple(sorted(cast("dict[str, str | float | bool | None]", value).items()))


def _changes(value: Json, name: str) -> tuple[Change, ...] | Refusal:
    if not isinstance(value, list):
        return _wrong(name, "a list of changes", value)
    rows = cast("list[dict[str, Any]]", value)
    return tuple(Change(str(r["part"]), r["before"], r["after"]) for r in rows)


def _word(words: type[Target | OverrideKind]) -> Callable[[Json, str], Any]:
    def read(value: Json, name: str) -> Target | OverrideKind | Refusal:
        try:
            return words(str(value))
        except ValueError:
            return _wrong(name, "one of " + ", ".join(words), value)

    return read


# By the type that a field of an event is annotated with, as it is written there.
_READERS: dict[str, Callable[[Json, str], Any]] = {
    "str": _text,
    "str | None": _text,
    "float": _number,
    "float | None": _number,
    "int": _count,
    "bool": _truth,
    "Answer": _answer,
    "Answer | None": _answer,
    "Scalar": _scalar,
    "datetime": _moment,
    "datetime | None": _moment,
    "Details": _details,
    "tuple[Change, ...]": _changes,
    "Target": _word(Target),
    "OverrideKind | None": _word(OverrideKind),
}
