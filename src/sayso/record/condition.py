"""One condition of a charter, answered for one case, as every engine would answer it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sayso.declare.expression import Expression, ExpressionProblem, ExprType, parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sayso.declare.charter import Charter, InputType

_TYPES = {
    "category": ExprType.TEXT,
    "number": ExprType.NUMBER,
    "boolean": ExprType.BOOLEAN,
    "date": ExprType.DATE,
}


def holds(text: str, charter: Charter, inputs: Mapping[str, Any]) -> bool | None:
    """Whether a condition over the declared inputs holds for one case.

    Args:
        text: The condition, such as ``fault_code = 'E-12'``.
        charter: Declares the inputs.
        inputs: The case's inputs.

    Returns:
        True or False; None where an input that it needs is missing or of another type, as in SQL,
        or where the condition cannot be read. Callers treat None as the careful answer.
    """
    tree, names = _parsed(text, charter.inputs)
    if isinstance(tree, ExpressionProblem) or tree.type is not ExprType.BOOLEAN:
        return None
    values = {name: _typed(inputs.get(name), kind) for name, kind in names.items()}
    found = _value(tree.tree, values)
    return found if isinstance(found, bool) else None


@lru_cache(maxsize=256)
def _parsed(
    text: str, inputs: tuple[tuple[str, InputType], ...]
) -> tuple[Expression | ExpressionProblem, dict[str, ExprType]]:
    """A condition as a tree; parsed once, since the same one is asked of every case."""
    names = {name: _TYPES[str(kind)] for name, kind in inputs}
    return parse_expression(text, names), names


def _typed(value: Any, kind: ExprType) -> Any:
    """An input as the type it is declared to have; None where it is not."""
    match kind:
        case ExprType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case ExprType.NUMBER:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return float(value) if number else None
        case _:
            return value if isinstance(value, str) else None


_COMPARE: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}
_ARITHMETIC: dict[type[exp.Expr], Callable[[Any, Any], float | None]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: a / b if b else None,
}
_OF_TEXT: dict[type[exp.Expr], Callable[[Any], Any]] = {
    exp.Lower: str.lower,
    exp.Upper: str.upper,
    exp.Trim: lambda text: str(text).strip(" "),
    exp.Length: lambda text: float(len(text)),
    exp.Abs: abs,
    exp.Neg: lambda number: -number,
}


def _value(node: exp.Expr, row: Mapping[str, Any]) -> Any:  # one line a kind of node
    def v(child: exp.Expr) -> Any:
        return _value(child, row)

    match node:
        case exp.Paren():
            return v(node.this)
        case exp.Column():
            return row[node.name]
        case exp.Literal():
            return str(node.this) if node.is_string else float(node.this)
        case exp.Boolean():
            return bool(node.this)
        case exp.And():
            return _both(v(node.this), v(node.expression))
        case exp.Or():
            return _either(v(node.this), v(node.expression))
        case exp.Not():
            inner = v(node.this)
            return None if inner is None else not inner
        case exp.Is():
            return v(node.this) is None
        case exp.In():
            return _among(v(node.this), [v(e) for e in node.expressions])
        case exp.Between():
            value, low, high = v(node.this), v(node.args["low"]), v(node.args["high"])
            return _both(
                _known(lambda a, b: a >= b, value, low), _known(lambda a, b: a <= b, value, high)
            )
        case exp.Coalesce():
            found = (v(e) for e in [node.this, *node.expressions])
            return next((one for one in found if one is not None), None)
        case exp.If():
            otherwise = node.args.get("false")
            if v(node.this) is True:
                return v(node.args["true"])
            return None if otherwise is None else v(otherwise)
        case exp.Case():
            for arm in node.args["ifs"]:
                if v(arm.this) is True:
                    return v(arm.args["true"])
            otherwise = node.args.get("default")
            return None if otherwise is None else v(otherwise)
        case _:
            pass
    kind = type(node)
    if kind in _OF_TEXT:
        inner = v(node.this)
        return None if inner is None else _OF_TEXT[kind](inner)
    two = _COMPARE.get(kind) or _ARITHMETIC.get(kind)
    return None if two is None else _known(two, v(node.this), v(node.expression))


def _known(two: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    return None if left is None or right is None else two(left, right)


def _both(left: Any, right: Any) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _either(left: Any, right: Any) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _among(value: Any, others: list[Any]) -> bool | None:
    if value is None:
        return None
    if value in [o for o in others if o is not None]:
        return True
    return None if None in others else False
