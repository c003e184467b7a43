"""The lines that a charter draws through numbers: where ``amount < 5000`` says 5000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import errors, exp, parse_one

from sayso.declare.expression import LONGEST

if TYPE_CHECKING:
    from collections.abc import Collection

    from sayso.declare.charter import Charter

_COMPARISONS = (exp.LT, exp.LTE, exp.GT, exp.GTE)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One number that an expression compares a name with."""

    name: str
    at: float


def lines_of(charter: Charter, names: Collection[str]) -> tuple[Line, ...]:
    """Every line that routine cases or the advice are told by.

    Args:
        charter: What was declared.
        names: Names that may stand in a line; others are left out.
    """
    texts = [charter.advice.routine] if charter.advice is not None else []
    if charter.source is not None:
        texts.append(dict(charter.source.columns).get("advice"))
    found = {line for text in texts if text for line in lines_in(text, names)}
    return tuple(sorted(found))


def lines_in(text: str, names: Collection[str]) -> tuple[Line, ...]:
    """The lines of one expression; none where it does not read.

    Examples:
        >>> lines_in("if(amount < 5000 and age >= 18, 'yes', 'no')", {"amount", "age"})
        (Line(name='amount', at=5000.0), Line(name='age', at=18.0))
    """
    if len(text) > LONGEST:
        return ()
    try:
        tree = parse_one(text, read="duckdb")
    except (errors.ParseError, errors.TokenError, RecursionError):
        return ()
    found: dict[Line, None] = {}
    for node in tree.find_all(*_COMPARISONS):
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            _add(found, one, other, names)
    for node in tree.find_all(exp.Between):
        _add(found, node.this, node.args["low"], names)
        _add(found, node.this, node.args["high"], names)
    return tuple(found)


def _add(found: dict[Line, None], one: exp.Expr, other: exp.Expr, names: Collection[str]) -> None:
    if isinstance(one, exp.Column) and one.name in names and (at := _number(other)) is not None:
        found[Line(one.name, at)] = None


def _number(node: exp.Expr) -> float | None:
    negative = isinstance(node, exp.Neg)
    inner = node.this if negative else node
    if not isinstance(inner, exp.Literal) or inner.is_string:
        return None
    return -float(inner.this) if negative else float(inner.this)
