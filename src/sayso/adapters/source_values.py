"""Columns and expressions of a user's table, as SQL over the view ``given``.

``given`` holds each column i as what it is (t0, t1, ...), as text (x0, x1, ...), and, where the
charter declares an input of that name, as what the charter says (d0, d1, ...).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal, number_text
from sayso.declare.charter import InputType, OutcomeKind
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.errors import CharterInvalid
from sayso.measure.roles import Content

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sayso.adapters.column_facts import ReadColumn
    from sayso.declare.charter import Charter


@dataclass(frozen=True, slots=True)
class SourceValue:
    """One value of the user's rows.

    Attributes:
        text: SQL for it as text.
        value: SQL for it as what it holds.
        content: What it holds.
    """

    text: str
    value: str
    content: Content


_TYPES = {
    Content.TEXT: ExprType.TEXT,
    Content.NUMBER: ExprType.NUMBER,
    Content.BOOLEAN: ExprType.BOOLEAN,
    Content.MOMENT: ExprType.DATE,
}
_DECLARED = {
    InputType.CATEGORY: ExprType.TEXT,
    InputType.NUMBER: ExprType.NUMBER,
    InputType.BOOLEAN: ExprType.BOOLEAN,
    InputType.DATE: ExprType.DATE,
}
_OUTCOMES = {
    OutcomeKind.BOOLEAN: ExprType.BOOLEAN,
    OutcomeKind.CATEGORY: ExprType.TEXT,
    OutcomeKind.NUMBER: ExprType.NUMBER,
}
YES = ("true", "t", "yes", "y", "1", "ja", "oui", "si")
NO = ("false", "f", "no", "n", "0", "nein", "non")
_CONTENTS = {kind: content for content, kind in _TYPES.items()}


def source_value(text: str, columns: Mapping[str, ReadColumn], *, field: str) -> SourceValue:
    """Read a column name, or an expression over columns.

    Args:
        text: As the charter's ``source`` writes it.
        columns: The table's columns by name.
        field: The charter's field, for the message.

    Raises:
        CharterInvalid: If it is neither.
    """
    if text in columns:
        place = list(columns).index(text)
        return SourceValue(f"x{place}", f"t{place}", columns[text].facts.content)
    parsed = _parse(text, columns, field=field)
    sql = parsed.sql(_places(columns))
    content = _CONTENTS[parsed.type]
    return SourceValue(_as_text(sql, content), sql, content)


def source_condition(text: str, columns: Mapping[str, ReadColumn], *, field: str) -> str:
    """SQL for a condition on the user's rows.

    Raises:
        CharterInvalid: If it does not parse, or is not a condition.
    """
    parsed = _parse(text, columns, field=field)
    if parsed.type is not ExprType.BOOLEAN:
        raise CharterInvalid(
            f"{field}: {text!r} is not a condition.", hint="Write one that is true or false."
        )
    return parsed.sql(_places(columns))


def declared_condition(
    text: str,
    columns: Mapping[str, ReadColumn],
    charter: Charter,
    *,
    field: str,
) -> str:
    """SQL for a condition in the charter's own names: its inputs, its outcome, and the choice.

    Args:
        text: The condition.
        columns: The table's columns by name.
        charter: What declares the names.
        field: The charter's field, for the message.

    Raises:
        CharterInvalid: If it does not parse, or is not a condition.
    """
    kinds = {name: _TYPES[c.facts.content] for name, c in columns.items()}
    places = _places(columns)
    for name, kind in charter.inputs:
        if name in columns:
            kinds[name] = _DECLARED[kind]
            places[name] = f"d{list(columns).index(name)}"
    for role in ("choice", "advice", "prior"):
        kinds[role], places[role] = ExprType.TEXT, f"r_{role}"
    if charter.outcome is not None:
        kinds[charter.outcome.name] = _OUTCOMES[charter.outcome.kind]
        places[charter.outcome.name] = "r_outcome"
    parsed = parse_expression(text, kinds)
    if not isinstance(parsed, Expression):
        raise CharterInvalid(f"{field}: {parsed.message}", hint=parsed.hint)
    if parsed.type is not ExprType.BOOLEAN:
        raise CharterInvalid(
            f"{field}: {text!r} is not a condition.", hint="Write one that is true or false."
        )
    return parsed.sql(places)


def given_view(columns: Mapping[str, ReadColumn], charter: Charter | None) -> str:
    """SQL that makes the view ``given`` of ``raw``."""
    declared = dict(charter.inputs) if charter is not None else {}
    cells: list[str] = []
    for i, (name, column) in enumerate(columns.items()):
        cells.append(f"{column.value} AS t{i}, {column.text} AS x{i}")
        if name in declared:
            cells.append(f"{_as_declared(column, declared[name])} AS d{i}")
    return f"CREATE VIEW given AS SELECT {', '.join(cells)} FROM raw"  # noqa: S608 - quoted names


def _as_declared(column: ReadColumn, kind: InputType) -> str:
    match kind:
        case InputType.BOOLEAN:
            boolean = column.facts.content is Content.BOOLEAN
            return column.value if boolean else yes_no(column.text)
        case InputType.NUMBER:
            if column.facts.content is Content.NUMBER:
                return column.value
            return f"TRY_CAST({column.text} AS DOUBLE)"
        case InputType.DATE:
            return (
                column.value
                if column.facts.content is Content.MOMENT
                else "CAST(NULL AS TIMESTAMP)"
            )
        case InputType.CATEGORY:
            return column.text


def declared_inputs(
    columns: Sequence[ReadColumn], charter: Charter | None, kept: Collection[int]
) -> tuple[dict[str, str], str]:
    """Declared inputs that the table ``cases`` keeps, and the outcome, as SQL over it."""
    if charter is None:
        return {}, "outcome"
    places = {c.facts.name: i for i, c in enumerate(columns)}
    found: dict[str, str] = {}
    for name, kind in charter.inputs:
        if name in places and places[name] in kept:
            cell = f"in_{places[name]}"
            found[name] = {
                InputType.BOOLEAN: yes_no(cell),
                InputType.NUMBER: f"TRY_CAST({cell} AS DOUBLE)",
                InputType.DATE: f"TRY_CAST({cell} AS TIMESTAMP)",
                InputType.CATEGORY: cell,
            }[kind]
    kind = charter.outcome.kind if charter.outcome is not None else OutcomeKind.CATEGORY
    outcome = {
        OutcomeKind.BOOLEAN: yes_no("outcome"),
        OutcomeKind.NUMBER: "outcome_number",
        OutcomeKind.CATEGORY: "outcome",
    }[kind]
    return found, outcome


def yes_no(text: str) -> str:
    """SQL for a cell that says yes or no in any spelling."""
    # Not IN: of a list so long DuckDB makes a join, which runs even where nobody reads the cell.
    arms = [f"WHEN {literal(word)} THEN true" for word in YES]
    arms += [f"WHEN {literal(word)} THEN false" for word in NO]
    return f"CASE lower(trim({text})) {' '.join(arms)} END"


def _places(columns: Mapping[str, ReadColumn]) -> dict[str, str]:
    return {name: f"t{i}" for i, name in enumerate(columns)}


def _parse(text: str, columns: Mapping[str, ReadColumn], *, field: str) -> Expression:
    kinds = {name: _kind(column) for name, column in columns.items()}
    parsed = parse_expression(text, kinds)
    if not isinstance(parsed, Expression):
        raise CharterInvalid(f"{field}: {parsed.message}", hint=parsed.hint)
    return parsed


def _kind(column: ReadColumn) -> ExprType:
    return _TYPES[column.facts.content]


def _as_text(sql: str, content: Content) -> str:
    match content:
        case Content.NUMBER:
            return number_text(sql)
        case Content.BOOLEAN:
            return f"CASE WHEN {sql} THEN 'true' WHEN NOT {sql} THEN 'false' END"
        case Content.TEXT | Content.MOMENT:
            return f"CAST({sql} AS VARCHAR)"
