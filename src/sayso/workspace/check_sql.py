"""A charter's check and condition, as SQL over the cases of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter import InputType, OutcomeKind
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.answer import CannotTell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter

_KINDS = {
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
_REWRITE = "Write the check as avg(condition) over declared inputs, the choice or the outcome."


@dataclass(frozen=True, slots=True)
class CheckSql:
    """A check, written again from its checked tree.

    Attributes:
        value: SQL for the number that the check averages.
        where: SQL for the cases it is about.
    """

    value: str
    where: str


def check_sql(
    check: str | None, where: str | None, table: OpenTable, charter: Charter
) -> CheckSql | CannotTell:
    """A check over a table's cases, or why it cannot be one.

    Args:
        check: An average, in the charter's names.
        where: The cases it is about; None for all.
        table: The table, open.
        charter: What declares the names.
    """
    if check is None:
        return CannotTell("Nothing says how to see it.", _REWRITE)
    kinds, places = _names(table, charter)
    parsed = parse_expression(check, kinds)
    if not isinstance(parsed, Expression):
        return CannotTell(f"The check does not read: {parsed.message}", _REWRITE)
    averaged = parsed.averaged(places)
    if averaged is None:
        return CannotTell("Only averages have a range that would hold.", _REWRITE)
    if where is None:
        return CheckSql(averaged, "true")
    condition = parse_expression(where, kinds)
    if not isinstance(condition, Expression) or condition.type is not ExprType.BOOLEAN:
        return CannotTell("The condition does not read.", _REWRITE)
    return CheckSql(averaged, condition.sql(places))


def _names(table: OpenTable, charter: Charter) -> tuple[dict[str, ExprType], Mapping[str, str]]:
    quantity = charter.quantity is not None
    kinds = {name: _KINDS[kind] for name, kind in charter.inputs if name in table.inputs}
    places = {name: table.inputs[name] for name in kinds}
    for role in ("choice", "advice", "prior"):
        kinds[role] = ExprType.NUMBER if quantity else ExprType.TEXT
        places[role] = f"{role}_number" if quantity else role
    if charter.outcome is not None:
        kinds[charter.outcome.name] = _OUTCOMES[charter.outcome.kind]
        places[charter.outcome.name] = table.outcome
    return kinds, places
