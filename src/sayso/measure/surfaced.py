"""Assumptions that nobody wrote down, as a charter could take them up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.declare.charter import InputType
from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sayso.declare.charter import Charter
    from sayso.domain.figure import Figure

# Measures whose figures with groups are assumptions, in the order in which they are told.
SURFACED = (
    "cost-ratio",
    "unseen-outcomes",
    "outside-support",
    "outside-outcomes",
    "missing-as-value",
    "constant-input",
    "unheld-reasons",
)
# Without groups these are about the table as a whole, and only a cost is an assumption of it.
_WHOLE = ("cost-ratio",)
_TOLD = (Word.CLEAR, Word.LIKELY)
_SHORT = {
    "cost-ratio": "cost-ratio",
    "unseen-outcomes": "unseen",
    "outside-support": "one-answer",
    "outside-outcomes": "no-outcome",
    "missing-as-value": "empty",
    "constant-input": "constant",
    "unheld-reasons": "reason",
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_RESERVED = frozenset(
    ("and", "or", "not", "in", "is", "null", "true", "false", "between", "if", "case", "when",
     "then", "else", "end", "order", "group", "by", "from", "select", "where", "default", "user",
     "table", "like", "all", "any", "as", "on", "to", "date", "time", "left", "right", "end")
)  # fmt: skip
_RANGE = re.compile(r"(?:up to (?P<high>\S+)|over (?P<low>\S+)(?: to (?P<until>\S+))?)")


@dataclass(frozen=True, slots=True)
class Watch:
    """A check in a charter's own names.

    Attributes:
        check: What is averaged.
        where: The cases it is about; None for all.
        holds: Between which values it holds.
    """

    check: str
    where: str | None
    holds: tuple[float, float]


def surfaced(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures that are assumptions nobody wrote down, most telling kinds first.

    A difference is one only where its word says it is past the line; what a mistake costs is one
    only where no charter says it, so that both kinds count as equal.
    """
    found = [f for f in figures if f.measure in SURFACED and _is_one(f)]
    return tuple(sorted(found, key=lambda f: SURFACED.index(f.measure)))


def _is_one(figure: Figure) -> bool:
    if figure.hidden or bool(figure.groups) == (figure.measure in _WHOLE):
        return False
    if figure.measure == "unheld-reasons":
        return True
    if not isinstance(figure.answer, Estimate):
        return False
    if figure.measure == "cost-ratio":
        return figure.note("declared") is not True
    return figure.measure != "missing-as-value" or figure.word in _TOLD


def name_of(figure: Figure) -> str:
    """The name a surfaced assumption goes by: the same in every run over like data.

    Args:
        figure: One of ``surfaced``.

    Returns:
        Small letters, digits and hyphens; with a few digits of a hash where the words of the
        table cannot be spelled so.
    """
    words = " ".join(value for _, value in figure.groups)
    spelled = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    parts = [_SHORT[figure.measure]]
    if spelled:
        parts.append(spelled[:40].strip("-"))
    if spelled.replace("-", "") != re.sub(r"[\s_.-]", "", words.lower()) or len(spelled) > 40:
        text = "|".join(f"{name}={value}" for name, value in figure.groups)
        parts.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:4])
    return "-".join(parts)


def watch_of(figure: Figure, charter: Charter) -> Watch | None:
    """How a charter can watch a surfaced assumption; None where no check of its names could.

    Args:
        figure: One of ``surfaced``.
        charter: What declares the names.
    """
    low, high = figure.note("holds_low"), figure.note("holds_high")
    if not isinstance(low, float | int) or not isinstance(high, float | int):
        return None
    check, where = _check(figure, charter), _where(figure, charter)
    if check is None or where is None:
        return None
    # Rounded outwards, so that what was seen lies inside.
    return Watch(check, where or None, (int(low * 1000) / 1000, -(-high * 1000 // 1) / 1000))


def _check(figure: Figure, charter: Charter) -> str | None:
    outcome = charter.outcome.name if charter.outcome is not None else None
    option = figure.group("option") or figure.note("option")
    match figure.measure:
        case "outside-support":
            return f"avg(choice = {_text(str(option))})"
        case "outside-outcomes" | "unseen-outcomes":
            return None if outcome is None else f"avg({_name(outcome)} is null)"
        case "missing-as-value":
            if figure.group("outcome") is None:
                return f"avg(choice = {_text(str(option))})"
            yes_no = charter.outcome is not None and str(charter.outcome.kind) == "boolean"
            return f"avg({_name(outcome)})" if outcome is not None and yes_no else None
        case "constant-input":
            return _holds_value(figure.group("input"), str(figure.note("value")), charter)
        case _:
            return None


def _holds_value(name: str | None, value: str, charter: Charter) -> str | None:
    if value == "":
        known = name in dict(charter.inputs)
        return f"avg({_name(name)} is null)" if name is not None and known else None
    inside = _is_value(name, value, charter, number=False)
    return None if inside is None else f"avg({inside})"


def _where(figure: Figure, charter: Charter) -> str | None:
    """The condition; "" for every case, None where the charter cannot say it."""
    name = figure.group("input")
    match figure.measure:
        case "outside-support" | "outside-outcomes":
            number = figure.note("number") is True
            return _is_value(name, figure.group("value") or "", charter, number=number)
        case "unseen-outcomes":
            return f"choice = {_text(figure.group('option') or '')}"
        case "missing-as-value":
            return f"{_name(name)} is null" if name in dict(charter.inputs) and name else None
        case _:
            return ""


def _is_value(name: str | None, value: str, charter: Charter, *, number: bool) -> str | None:
    """A condition that an input holds a value, as the charter types it."""
    kind = dict(charter.inputs).get(name or "")
    if name is None or kind is None:
        return None
    if number:
        return _in_range(_name(name), value) if kind is InputType.NUMBER else None
    match kind:
        case InputType.CATEGORY:
            return f"{_name(name)} = {_text(value)}"
        case InputType.BOOLEAN:
            no = value.strip().lower() in ("false", "f", "no", "n", "0")
            return f"not {_name(name)}" if no else _name(name)
        case InputType.NUMBER:
            try:
                return f"{_name(name)} = {float(value):.10g}"
            except ValueError:
                return None
        case InputType.DATE:
            return None


def _in_range(name: str, label: str) -> str | None:
    found = _RANGE.fullmatch(label)
    if found is None:
        return None
    if found["high"] is not None:
        return f"{name} <= {found['high']}"
    below = f" and {name} <= {found['until']}" if found["until"] is not None else ""
    return f"{name} > {found['low']}{below}"


def _name(name: str | None) -> str:
    """A declared name as an expression spells it."""
    text = name or ""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
