"""A charter as somebody typed it: texts by field, kept whatever they say.

A field's name is its path in the file with dots: ``owner``, ``matters.0.name``, ``advice.prior.sample``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.declare.fields import read_number
from sayso.declare.yaml_tree import Entries, Items, Node, Scalar, read_tree
from sayso.declare.yaml_value import as_yaml

if TYPE_CHECKING:
    from sayso.declare.yaml_value import Value

Typed = Mapping[str, str]


class Holds(Enum):
    """What a field holds, and so how it is written."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    LINES = "a text a line"
    PAIRS = "a name: text a line"


@dataclass(frozen=True, slots=True)
class Part:
    """One field: its path below the key, and what it holds; digits stand for places in a list."""

    path: str
    holds: Holds = Holds.TEXT


@dataclass(frozen=True, slots=True)
class Shape:
    """What a top-level key holds.

    Attributes:
        parts: Its fields; one with the path "" where the key itself is the field.
        rows: Whether there is a list of them.
        named: The part that names a row, where the file has a mapping in place of a list.
        needed: Parts without which a row says nothing; any part where empty.
    """

    parts: tuple[Part, ...] = (Part(""),)
    rows: bool = False
    named: str = ""
    needed: tuple[str, ...] = field(default=())


def _texts(*paths: str) -> tuple[Part, ...]:
    return tuple(Part(path) for path in paths)


def _numbers(*paths: str) -> tuple[Part, ...]:
    return tuple(Part(path, Holds.NUMBER) for path in paths)


_LINES = (Part("", Holds.LINES),)
SHAPES: dict[str, Shape] = {
    "question": Shape(),
    "options": Shape(rows=True),
    "quantity": Shape((*_texts("unit"), *_numbers("low", "high"))),
    "default": Shape(),
    "owner": Shape(),
    "rights": Shape(tuple(Part(p, Holds.LINES) for p in ("decide", "consult", "inform", "veto"))),
    "differently": Shape(
        (*_texts("says", "check", "where"), *_numbers("from", "to"), Part("by", Holds.DAY)),
        rows=True,
    ),
    "inputs": Shape(_texts("name", "type"), rows=True, named="name", needed=("name",)),
    "kinds": Shape(_LINES),
    "alike": Shape((Part("exact", Holds.LINES), Part("within", Holds.PAIRS))),
    "affected": Shape(_LINES),
    "matters": Shape(
        (*_texts("name"), *_numbers("weight"), *_texts("measure"), *_numbers("range.0", "range.1"),
         *_texts("unit")),
        rows=True,
    ),
    "outcome": Shape(_texts("name", "kind", "due", "seen_when", "plan")),
    "mistakes": Shape(
        _texts("option", "when", "costs"), rows=True, named="option", needed=("when", "costs")
    ),
    "advice": Shape(
        (*_texts("source", "mode", "ceiling", "routine"), *_numbers("prior.sample", "holdback"),
         *_texts("consent.by"), Part("consent.on", Holds.DAY), *_texts("consent.except"),
         *_numbers("show_probability"), Part("until", Holds.DAY))
    ),
    "reasons": Shape(_LINES),
    "worth_acting_on": Shape((Part("", Holds.NUMBER),)),
    "assumptions": Shape(
        (*_texts("id", "says", "check", "where"), *_numbers("holds.0", "holds.1"), *_texts("owner"),
         Part("since", Holds.DAY)),
        rows=True,
        needed=("says", "check", "where", "holds.0", "holds.1", "owner", "since"),
    ),
    "gate": Shape((Part("to"), Part("when", Holds.PAIRS), Part("stop", Holds.PAIRS))),
    "look_again": Shape((Part("every"), Part("next", Holds.DAY), *_texts("escalate_after", "to"))),
}  # fmt: skip


def name_of(key: str, path: str, row: int | None = None) -> str:
    """A field's name.

    Examples:
        >>> name_of("owner", ""), name_of("matters", "range.0", 2), name_of("options", "", 1)
        ('owner', 'matters.2.range.0', 'options.1')
    """
    return ".".join(p for p in (key, "" if row is None else str(row), path) if p)


def typed_of(text: str) -> dict[str, str]:
    """What a charter's file says, field by field; nothing of what has another shape.

    Args:
        text: The file's text, however broken.
    """
    root = read_tree(text, "charter").root
    typed: dict[str, str] = {}
    if not isinstance(root, Entries):
        return typed
    for key, shape in SHAPES.items():
        node = root.get(key)
        if node is None or _is_nothing(node):
            continue
        for row, inner in _rows(node, shape):
            for part in shape.parts:
                said = _said(_at(inner, part.path), part.holds)
                if part.path == shape.named and isinstance(inner, _Named):
                    said = inner.name
                if said:
                    typed[name_of(key, part.path, row)] = said
    return typed


def cleaned(posted: Typed) -> dict[str, str]:
    """Only the fields a charter has, each in one spelling: no spaces around, one kind of break.

    Args:
        posted: What came from a form.
    """
    kept: dict[str, str] = {}
    for key, shape in SHAPES.items():
        rows = rows_of(posted, key) if shape.rows else (None,)
        for row in rows:
            for part in shape.parts:
                name = name_of(key, part.path, row)
                if posted.get(name):
                    kept[name] = posted[name].replace("\r\n", "\n").replace("\r", "\n").strip()
    return {name: text for name, text in kept.items() if text}


def rows_of(typed: Typed, key: str) -> tuple[int, ...]:
    """The numbers of the rows that a list has, as they were posted, empty ones too."""
    begins = re.compile(rf"{re.escape(key)}\.([0-9]{{1,6}})(?:\.|$)", re.ASCII)
    found = {int(m[1]) for m in map(begins.match, typed) if m}
    return tuple(sorted(found))


def filled_rows(typed: Typed, key: str) -> tuple[int, ...]:
    """The rows that say something; these, counted anew, are the rows of the file."""
    shape = SHAPES[key]
    needed = shape.needed or tuple(part.path for part in shape.parts)
    return tuple(
        row
        for row in rows_of(typed, key)
        if any(typed.get(name_of(key, path, row), "").strip() for path in needed)
    )


def counted_anew(typed: Typed) -> dict[str, str]:
    """The same with the empty rows left out, so that rows are those of the file."""
    kept = {n: t for n, t in typed.items() if not any(_belongs(n, k) for k in _ROW_KEYS)}
    for key in _ROW_KEYS:
        for new, row in enumerate(filled_rows(typed, key)):
            for part in SHAPES[key].parts:
                said = typed.get(name_of(key, part.path, row), "")
                if said:
                    kept[name_of(key, part.path, new)] = said
    return kept


def changed_keys(before: Typed, typed: Typed) -> tuple[str, ...]:
    """The keys whose fields say something else now, in the file's order."""
    old, new = marks(before), marks(typed)
    return tuple(key for key in SHAPES if old[key] != new[key])


def marks(typed: Typed) -> dict[str, str]:
    """A short mark of what each key says, by which a change is noticed later."""
    plain = counted_anew(cleaned(typed))
    said = {key: repr(_value(plain, key)).encode("utf-8", "replace") for key in SHAPES}
    return {key: sha256(value).hexdigest()[:12] for key, value in said.items()}


def written(typed: Typed, keys: tuple[str, ...]) -> dict[str, str | None]:
    """Some keys as ``charter_text.with_fields`` takes them; None for what says nothing.

    Args:
        typed: What was typed.
        keys: Which keys to write.
    """
    plain = counted_anew(cleaned(typed))
    changes: dict[str, str | None] = {}
    for key in keys:
        value = _value(plain, key)
        changes[key] = None if value is None else as_yaml(value)
    return changes


def unwritable(typed: Typed) -> dict[str, str]:
    """What a file cannot hold as it was typed, by field, with what to do about it."""
    found: dict[str, str] = {}
    for key, shape in SHAPES.items():
        rows = filled_rows(typed, key) if shape.rows else (None,)
        seen: set[str] = set()
        for row in rows:
            if shape.named:
                name = name_of(key, shape.named, row)
                said = typed.get(name, "").strip()
                if not said or said in seen:
                    found[name] = (
                        f"{said!r} is here twice. Keep one." if said else "Give it a name."
                    )
                seen.add(said)
            for part in (p for p in shape.parts if p.holds is Holds.PAIRS):
                name = name_of(key, part.path, row)
                lines = [line for line in typed.get(name, "").splitlines() if line.strip()]
                names = [line.partition(":")[0].strip() for line in lines]
                if any(":" not in line for line in lines):
                    found[name] = "Each line needs a name, a colon and what it says."
                elif len(set(names)) < len(names):
                    found[name] = "A name is here twice. Keep one."
    return found


def with_keys(typed: Typed, other: Typed, keys: tuple[str, ...]) -> dict[str, str]:
    """What was typed, with some keys as another says them."""
    kept = {n: t for n, t in typed.items() if not any(_belongs(n, key) for key in keys)}
    return {**kept, **{n: t for key in keys for n, t in _of(other, key).items()}}


def field_of(path: str, typed: Typed, code: str = "") -> str | None:
    """The field that a problem's path speaks of; the nearest one, None for no field of a form.

    Args:
        path: As messages write it: ``matters[0].weight``, ``mistakes.bring.when``.
        typed: What was typed, empty rows and all.
        code: The problem's code, where it says more of the field than its path.
    """
    key, *rest = re.split(r"\.|\[|\]\.?", path, maxsplit=1)
    if key not in SHAPES:
        return None
    shape, inner = SHAPES[key], rest[0] if rest else ""
    row: int | None = None
    if shape.rows:
        filled = filled_rows(typed, key)
        if shape.named:
            names = [(typed.get(name_of(key, shape.named, r), "").strip(), r) for r in filled]
            row, inner = _named_row(inner, names)
        else:
            number, _, inner = inner.partition("]")
            row = filled[int(number)] if number.isdigit() and int(number) < len(filled) else None
            inner = inner.lstrip(".")
        if row is None:
            return key
    inner = re.sub(r"\[(\d+)\]", r".\1", inner) or _MEANT.get(code, "")
    paths = [part.path for part in shape.parts]
    below = [p for p in paths if inner and (p == inner or p.startswith(f"{inner}."))]
    above = [p for p in paths if p and inner.startswith(f"{p}.")]
    nearest = next(iter((*below, *above)), "says" if "says" in paths else paths[0])
    return name_of(key, nearest, row)


def _named_row(inner: str, names: list[tuple[str, int]]) -> tuple[int | None, str]:
    """The row a path names; a name may hold dots, so the longest that fits is meant."""
    fitting = [(n, r) for n, r in names if inner == n or inner.startswith(f"{n}.")]
    if not fitting:
        return None, ""
    name, row = max(fitting)
    return row, inner[len(name) + 1 :]


# The field that a whole row, or a whole key, is asked about.
_MEANT = {
    "SAY111": "type",
    "SAY220": "range.0",
    "SAY221": "unit",
    "SAY223": "check",
    "SAY224": "check",
    "SAY225": "owner",
    "SAY226": "since",
    "SAY234": "next",
}
_ROW_KEYS = tuple(key for key, shape in SHAPES.items() if shape.rows)


def _belongs(name: str, key: str) -> bool:
    return name == key or name.startswith(f"{key}.")


def _of(typed: Typed, key: str) -> dict[str, str]:
    return {name: text for name, text in typed.items() if _belongs(name, key)}


@dataclass(frozen=True, slots=True)
class _Named:
    """A value of a mapping with the key it stands under."""

    name: str
    node: Node


def _rows(node: Node, shape: Shape) -> list[tuple[int | None, Node | _Named]]:
    if not shape.rows:
        return [(None, node)]
    if shape.named:
        entries = node.entries if isinstance(node, Entries) else ()
        return [(i, _Named(e.key, e.value)) for i, e in enumerate(entries)]
    if isinstance(node, Items):
        return list(enumerate(node.items))
    return [(0, node)] if isinstance(node, Scalar) else []


def _at(node: Node | _Named, path: str) -> Node | None:
    """The node under a path; of a mapping's entry that is a plain word, the word itself."""
    if isinstance(node, _Named):
        # ``inputs: {age: number}``: what stands under the name is the type itself.
        node = node.node
        if isinstance(node, Scalar):
            return node
    found: Node | None = node
    for step in path.split(".") if path else ():
        if isinstance(found, Entries):
            found = found.get(step)
        elif isinstance(found, Items) and step.isdigit() and int(step) < len(found.items):
            found = found.items[int(step)]
        else:
            return None
    return found


def _said(node: Node | None, holds: Holds) -> str:
    if node is None or _is_nothing(node):
        return ""
    if isinstance(node, Scalar):
        return node.text.strip()
    if isinstance(node, Items) and holds is Holds.LINES:
        return "\n".join(n.text for n in node.items if isinstance(n, Scalar))
    if isinstance(node, Items):
        # One role is asked for; several are shown as one text, as the lint says why one is enough.
        return ", ".join(n.text for n in node.items if isinstance(n, Scalar))
    if holds is Holds.PAIRS:
        pairs = ((e.key, e.value) for e in node.entries)
        return "\n".join(f"{k}: {v.text}" for k, v in pairs if isinstance(v, Scalar))
    return ""


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text.strip() in ("", "~", "null")


def _value(plain: Typed, key: str) -> Value:
    shape = SHAPES[key]
    if not shape.rows:
        return _group(plain, key, None)
    rows = [_group(plain, key, row) for row in filled_rows(plain, key)]
    if not rows:
        return None
    if not shape.named:
        return rows
    pairs: dict[str, Value] = {}
    for row in rows:
        assert isinstance(row, Mapping)
        inner = {path: value for path, value in row.items() if path != shape.named}
        name = str(row.get(shape.named, ""))
        # ``inputs`` has one word under each name, ``mistakes`` a mapping.
        pairs[name] = inner.get("type", "") if key == "inputs" else inner
    return pairs


def _group(plain: Typed, key: str, row: int | None) -> Value:
    """One row, or a key without rows: a single value, or a mapping of what was said."""
    shape = SHAPES[key]
    if len(shape.parts) == 1 and not shape.parts[0].path:
        said = plain.get(name_of(key, "", row))
        return None if said is None else _typed(said, shape.parts[0].holds)
    group: dict[str, Value] = {}
    for part in shape.parts:
        said = plain.get(name_of(key, part.path, row))
        if said is not None:
            first, *deeper = part.path.split(".")
            value = _typed(said, part.holds)
            if not deeper:
                group[first] = value
            elif deeper[0].isdigit():
                kept = group.get(first)
                group[first] = [*kept, value] if isinstance(kept, list) else [value]
            else:
                kept = group.get(first)
                group[first] = {**(kept if isinstance(kept, Mapping) else {}), deeper[0]: value}
    return group or None


def _typed(said: str, holds: Holds) -> Value:
    """A text as what it reads as; what does not read stays a text, so that nothing is lost."""
    match holds:
        case Holds.TEXT:
            return said
        case Holds.NUMBER:
            number = read_number(said)
            return said if number is None else number
        case Holds.DAY:
            try:
                return date.fromisoformat(said) if len(said) == 10 else said
            except ValueError:
                return said
        case Holds.LINES:
            return [line.strip() for line in said.split("\n") if line.strip()]
        case Holds.PAIRS:
            lines = [line.partition(":") for line in said.split("\n") if line.strip()]
            return {name.strip(): _typed(text.strip(), Holds.NUMBER) for name, _, text in lines}
