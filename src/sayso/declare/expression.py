"""One small subset of SQL: conditions, values and averages that a person may write.

The text is parsed by sqlglot, every node is checked against an allowlist and typed against the
declared names, and the SQL is written again from the checked tree. Nothing the person typed
reaches an engine as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import errors, exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 2000
DEEPEST = 40


class ExprType(StrEnum):
    """What an expression gives."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """Why an expression is refused.

    Attributes:
        offset: Characters into the text.
        message: One sentence with the offending part.
        hint: What to write instead.
    """

    offset: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        text: Its canonical form.
        type: What it gives.
        names: Declared names it uses, in order of appearance.
        aggregate: Whether it is an average, sum, count, minimum or maximum over cases.
        tree: The checked tree.
    """

    text: str
    type: ExprType
    names: tuple[str, ...]
    aggregate: bool
    tree: exp.Expr

    def sql(self, rename: Mapping[str, str] | None = None) -> str:
        """SQL with every name quoted, or replaced by the identifier that ``rename`` gives."""
        places = rename or {}

        def name(column: str) -> str:
            if column in places:
                return places[column]
            return '"' + column.replace('"', '""') + '"'

        return _render(self.tree, name)

    def averaged(self, rename: Mapping[str, str] | None = None) -> str | None:
        """SQL for the number that ``avg(...)`` averages; None for anything but an average."""
        if not isinstance(self.tree, exp.Avg):
            return None
        whole = self.sql(rename)
        return whole.removeprefix("avg(").removesuffix(")")


class _Refused(Exception):
    def __init__(self, node: exp.Expr | None, message: str, hint: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message
        self.hint = hint


_COMPARE: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_TEXT_TO_TEXT: dict[type[exp.Expr], str] = {
    exp.Lower: "lower",
    exp.Upper: "upper",
    exp.Trim: "trim",
}
_AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Avg: "avg",
    exp.Sum: "sum",
    exp.Count: "count",
    exp.Min: "min",
    exp.Max: "max",
}
_ALLOWED = (
    "and, or, not, =, <>, <, <=, >, >=, in, between, is null, + - * /, if(), case, coalesce(), "
    "abs(), lower(), upper(), trim(), length()"
)


def parse_expression(text: str, names: Mapping[str, ExprType]) -> Expression | ExpressionProblem:
    """Check an expression against the names it may use.

    Args:
        text: What the person wrote.
        names: Declared names with their types.

    Returns:
        The checked expression, or why and where it is refused.

    Examples:
        >>> parse_expression("not low and age > 3", {"low": ExprType.BOOLEAN,
        ...     "age": ExprType.NUMBER}).sql()
        '((NOT "low") AND ("age" > 3))'
    """
    if len(text) > LONGEST:
        return ExpressionProblem(
            0, f"the expression has {len(text)} characters; {LONGEST} are allowed.", "Shorten it."
        )
    try:
        tree = _parsed(text)
        kind = _Typing(names).type_of(tree, top=True)
    except _Refused as refused:
        return ExpressionProblem(_offset(text, refused.node), refused.message, refused.hint)
    used: dict[str, None] = {}
    for column in tree.find_all(exp.Column, bfs=False):
        used.setdefault(column.name)
    quoted = _render(tree, lambda n: n if n.isidentifier() else '"' + n.replace('"', '""') + '"')
    return Expression(quoted, kind, tuple(used), isinstance(tree, tuple(_AGGREGATES)), tree)


def texts_given(text: str) -> frozenset[str] | None:
    """The texts that an expression can give, where it only chooses among texts.

    Args:
        text: Such as ``if(part_sent, 'bring', 'leave')``.

    Returns:
        The texts; None for a column's name, or where anything but a text can come out.
    """
    try:
        return _texts_given(_parsed(text))
    except _Refused:
        return None


def _texts_given(node: exp.Expr) -> frozenset[str] | None:
    match node:
        case exp.Literal() if node.is_string:
            return frozenset({str(node.this)})
        case exp.Paren():
            return _texts_given(node.this)
        case exp.If():
            ways = [node.args.get("true"), node.args.get("false")]
        case exp.Case():
            ways = [*(arm.args["true"] for arm in node.args["ifs"]), node.args.get("default")]
        case _:
            return None
    found = [_texts_given(way) for way in ways if isinstance(way, exp.Expr)]
    known = [texts for texts in found if texts is not None]
    return frozenset().union(*known) if known and len(known) == len(found) else None


def _parsed(text: str) -> exp.Expr:
    if not text.strip():
        raise _Refused(None, "the expression is empty.", "Write a condition such as age > 3.")
    if "--" in text or "/*" in text or ";" in text:
        raise _Refused(None, "comments and semicolons are not allowed.", "Remove them.")
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except (errors.SqlglotError, RecursionError) as error:
        raise _Refused(
            None, f"{text!r} is no expression.", f"Write one with {_ALLOWED}."
        ) from error
    if len(trees) != 1 or trees[0] is None:
        raise _Refused(None, f"{text!r} is not one expression.", "Write one condition or value.")
    return trees[0]


def _offset(text: str, node: exp.Expr | None) -> int:
    """Where a node stands in the text, as well as sqlglot knows."""
    if node is None:
        return 0
    for part in node.walk(bfs=False):
        start = part.meta.get("start")
        if isinstance(start, int):
            return start
    found = text.find(node.name) if node.name else -1
    return max(found, 0)


class _Typing:
    """Types every node, refusing what is not in the subset; holds the declared names."""

    def __init__(self, names: Mapping[str, ExprType]) -> None:
        self._names = names

    def type_of(self, node: exp.Expr, *, top: bool = False, depth: int = 0) -> ExprType:
        if depth > DEEPEST:
            raise _Refused(node, "the expression is nested too deeply.", "Split it.")
        below = depth + 1

        def inner(child: exp.Expr) -> ExprType:
            return self.type_of(child, depth=below)

        match node:
            case exp.Paren():
                return self.type_of(node.this, top=top, depth=below)
            case exp.Column():
                return self._name(node)
            case exp.Literal():
                return ExprType.TEXT if node.is_string else ExprType.NUMBER
            case exp.Boolean():
                return ExprType.BOOLEAN
            case exp.And() | exp.Or():
                self._want(node.this, ExprType.BOOLEAN, below)
                self._want(node.expression, ExprType.BOOLEAN, below)
                return ExprType.BOOLEAN
            case exp.Not():
                self._want(node.this, ExprType.BOOLEAN, below)
                return ExprType.BOOLEAN
            case exp.Neg():
                self._want(node.this, ExprType.NUMBER, below)
                return ExprType.NUMBER
            case exp.Is() if isinstance(node.expression, exp.Null):
                inner(node.this)
                return ExprType.BOOLEAN
            case exp.In() if node.expressions and not set(node.args) - {"this", "expressions"}:
                self._same([node.this, *node.expressions], below)
                return ExprType.BOOLEAN
            case exp.Between() if not node.args.get("symmetric"):
                self._same([node.this, node.args["low"], node.args["high"]], below)
                return ExprType.BOOLEAN
            case exp.Coalesce():
                return self._same([node.this, *node.expressions], below)
            case exp.If():
                self._want(node.this, ExprType.BOOLEAN, below)
                branches = [node.args["true"]]
                branches += [node.args["false"]] if node.args.get("false") is not None else []
                return self._same(branches, below)
            case exp.Case() if node.this is None:
                return self._case(node, below)
            case exp.Abs():
                self._want(node.this, ExprType.NUMBER, below)
                return ExprType.NUMBER
            case exp.Length():
                self._want(node.this, ExprType.TEXT, below)
                return ExprType.NUMBER
            case _:
                return self._by_class(node, top, below)

    def _by_class(self, node: exp.Expr, top: bool, depth: int) -> ExprType:
        kind = type(node)
        if kind in _COMPARE:
            self._same([node.this, node.expression], depth)
            return ExprType.BOOLEAN
        if kind in _ARITHMETIC:
            self._want(node.this, ExprType.NUMBER, depth)
            self._want(node.expression, ExprType.NUMBER, depth)
            return ExprType.NUMBER
        if kind in _TEXT_TO_TEXT and not (
            set(node.args) - {"this"} and any(node.args[k] for k in node.args if k != "this")
        ):
            self._want(node.this, ExprType.TEXT, depth)
            return ExprType.TEXT
        if kind in _AGGREGATES:
            return self._aggregate(node, top, depth)
        what = node.sql(dialect="duckdb")[:40]
        raise _Refused(node, f"{what!r} is not allowed here.", f"Allowed: {_ALLOWED}.")

    def _aggregate(self, node: exp.Expr, top: bool, depth: int) -> ExprType:
        name = _AGGREGATES[type(node)]
        if not top:
            raise _Refused(
                node,
                f"{name}() may only stand alone.",
                "Write avg(condition) and nothing around it.",
            )
        if isinstance(node.this, exp.Star) and isinstance(node, exp.Count):
            return ExprType.NUMBER
        if not isinstance(node.this, exp.Expr) or node.expressions:
            raise _Refused(node, f"{name}() takes one value.", "Write it with one value.")
        kind = self.type_of(node.this, depth=depth)
        if kind is ExprType.BOOLEAN:
            node.meta["of"] = ExprType.BOOLEAN
        if kind is ExprType.TEXT and not isinstance(node, exp.Count):
            raise _Refused(node, f"{name}() of a text.", "Average a number or a condition.")
        if kind is ExprType.DATE and not isinstance(node, exp.Count):
            raise _Refused(node, f"{name}() of a date.", "Average a number or a condition.")
        return ExprType.NUMBER

    def _case(self, node: exp.Case, depth: int) -> ExprType:
        branches: list[exp.Expr] = []
        for arm in node.args["ifs"]:
            self._want(arm.this, ExprType.BOOLEAN, depth)
            branches.append(arm.args["true"])
        otherwise = node.args.get("default")
        return self._same([*branches, *([otherwise] if otherwise is not None else [])], depth)

    def _name(self, node: exp.Column) -> ExprType:
        if node.args.get("table") or not isinstance(node.this, exp.Identifier):
            raise _Refused(node, f"{node.sql()!r} has a dot.", "Use a declared name alone.")
        kind = self._names.get(node.name)
        if kind is None:
            near = get_close_matches(node.name, list(self._names), n=1)
            known = ", ".join(list(self._names)[:8])
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {known}."
            raise _Refused(node, f"{node.name!r} is not declared.", hint)
        return kind

    def _want(self, node: exp.Expr, wanted: ExprType, depth: int) -> None:
        kind = self.type_of(node, depth=depth)
        if kind is not wanted:
            raise _Refused(
                node, f"{node.sql()[:40]!r} is a {kind}, not a {wanted}.", f"Put a {wanted} there."
            )

    def _same(self, nodes: list[exp.Expr], depth: int) -> ExprType:
        kinds = [self.type_of(n, depth=depth) for n in nodes]
        # A date compares with a text that spells one.
        apart = set(kinds) - {ExprType.TEXT} if ExprType.DATE in kinds else set(kinds)
        if len(apart) != 1:
            wrong = next(n for n, k in zip(nodes, kinds, strict=True) if k is not kinds[0])
            raise _Refused(
                wrong,
                f"{nodes[0].sql()[:40]!r} is a {kinds[0]} and {wrong.sql()[:40]!r} is not.",
                "Compare values of one type.",
            )
        return next(iter(apart))


def _render(node: exp.Expr, name: Callable[[str], str]) -> str:  # one line a kind of node
    def r(child: exp.Expr) -> str:
        return _render(child, name)

    match node:
        case exp.Paren():
            return r(node.this)
        case exp.Column():
            return name(node.name)
        case exp.Literal():
            return _literal(node)
        case exp.Boolean():
            return "true" if node.this else "false"
        case exp.Star():
            return "*"
        case exp.And():
            return f"({r(node.this)} AND {r(node.expression)})"
        case exp.Or():
            return f"({r(node.this)} OR {r(node.expression)})"
        case exp.Not():
            return f"(NOT {r(node.this)})"
        case exp.Neg():
            return f"(- {r(node.this)})"
        case exp.Is():
            return f"({r(node.this)} IS NULL)"
        case exp.In():
            return f"({r(node.this)} IN ({', '.join(r(e) for e in node.expressions)}))"
        case exp.Between():
            return f"({r(node.this)} BETWEEN {r(node.args['low'])} AND {r(node.args['high'])})"
        case exp.Coalesce():
            return f"coalesce({', '.join(r(e) for e in [node.this, *node.expressions])})"
        case exp.If():
            otherwise = node.args.get("false")
            tail = f" ELSE {r(otherwise)}" if otherwise is not None else ""
            return f"CASE WHEN {r(node.this)} THEN {r(node.args['true'])}{tail} END"
        case exp.Case():
            arms = " ".join(f"WHEN {r(a.this)} THEN {r(a.args['true'])}" for a in node.args["ifs"])
            otherwise = node.args.get("default")
            tail = f" ELSE {r(otherwise)}" if otherwise is not None else ""
            return f"CASE {arms}{tail} END"
        case exp.Abs():
            return f"abs({r(node.this)})"
        case exp.Length():
            return f"length({r(node.this)})"
        case exp.Avg() | exp.Sum() if node.meta.get("of") is ExprType.BOOLEAN:
            condition = r(node.this)
            aggregate = _AGGREGATES[type(node)]
            return f"{aggregate}(CASE WHEN {condition} THEN 1e0 WHEN NOT {condition} THEN 0e0 END)"
        case exp.Div():
            # Whole numbers divide as numbers do on paper, in every engine; by 0 gives nothing.
            return f"({r(node.this)} * 1e0 / nullif({r(node.expression)}, 0))"
        case _:
            pass
    kind = type(node)
    if kind in _COMPARE:
        return f"({r(node.this)} {_COMPARE[kind]} {r(node.expression)})"
    if kind in _ARITHMETIC:
        return f"({r(node.this)} {_ARITHMETIC[kind]} {r(node.expression)})"
    return f"{(_TEXT_TO_TEXT | _AGGREGATES)[kind]}({r(node.this)})"


def _literal(node: exp.Literal) -> str:
    if node.is_string:
        return "'" + str(node.this).replace("'", "''") + "'"
    text = str(node.this)
    return text if text.isdigit() else f"{float(text)!r}e0" if "e" not in text.lower() else text
