"""What somebody expects to see change, picked in plain words instead of written as an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter import InputType
from sayso.declare.consequence import INPUT_TYPES, OUTCOME_TYPES
from sayso.declare.expression import Expression, ExprType, parse_expression

if TYPE_CHECKING:
    from sayso.declare.charter import Charter

OTHER = "other"
ALL = "all"
MOST_KINDS = 4
CHOSEN = "How often “{option}” is chosen"
COUNTED = "What the charter counts already: {says}"
WRITTEN = "Something else, written as an expression"
EVERY_CASE = "In all cases"
ONLY, ONLY_NOT = "Only where this is so: {name}", "Only where this is not so: {name}"
_AVERAGE = re.compile(r"\s*avg\s*\((.*)\)\s*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something that can be counted over cases.

    Attributes:
        value: What the form posts.
        says: How a leader reads it.
        check: The expression that counts it; "" where the person writes one.
        where: The cases it is counted over; "" for those that are picked.
        of_hundred: Whether it is a share, typed as so many of 100 cases.
    """

    value: str
    says: str
    check: str = ""
    where: str = ""
    of_hundred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Cases that something is counted over."""

    value: str
    says: str
    where: str = ""


def effects_of(charter: Charter) -> tuple[Effect, ...]:
    """What can be picked: what the charter counts already, how often each option is chosen, else."""
    counted = [
        Effect(
            value=f"counted-{place}",
            says=COUNTED.format(says=one.says),
            check=one.check,
            where=one.where or "",
            of_hundred=is_share(one.check, charter),
        )
        for place, one in enumerate(charter.differently, 1)
        if one.check is not None
    ]
    known = {(one.check, one.where) for one in counted}
    chosen = [
        Effect(
            value=f"chosen-{place}", says=CHOSEN.format(option=option), check=check, of_hundred=True
        )
        for place, option in enumerate(charter.options, 1)
        if (check := f"avg(choice = {_quoted(option)})", "") not in known
    ]
    return (*counted, *chosen, Effect(value=OTHER, says=WRITTEN))


def kinds_of(charter: Charter) -> tuple[Kind, ...]:
    """Cases to count over: all, and those in which something known beforehand is so, or is not."""
    found = [Kind(value=ALL, says=EVERY_CASE)]
    yes_or_no = [name for name, kind in charter.inputs if kind is InputType.BOOLEAN]
    for place, name in enumerate(yes_or_no[:MOST_KINDS], 1):
        words, column = name.replace("_", " "), _named(name)
        found.append(Kind(value=f"yes-{place}", says=ONLY.format(name=words), where=column))
        found.append(
            Kind(value=f"no-{place}", says=ONLY_NOT.format(name=words), where=f"not {column}")
        )
    return tuple(found)


def is_share(check: str, charter: Charter) -> bool:
    """Whether a check averages something that is so or not, and is a share of cases therefore."""
    inner = _AVERAGE.fullmatch(check)
    if inner is None:
        return False
    names = {name: INPUT_TYPES[kind] for name, kind in charter.inputs}
    choice = ExprType.NUMBER if charter.quantity is not None else ExprType.TEXT
    names |= dict.fromkeys(("choice", "advice", "prior"), choice)
    if charter.outcome is not None:
        names[charter.outcome.name] = OUTCOME_TYPES[charter.outcome.kind]
    found = parse_expression(inner[1], names)
    return isinstance(found, Expression) and found.type is ExprType.BOOLEAN


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(name: str) -> str:
    return name if name.isidentifier() else '"' + name.replace('"', '""') + '"'
