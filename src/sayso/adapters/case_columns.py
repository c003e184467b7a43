"""The roles of a user's table as typed SQL, one expression a column of the case table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal
from sayso.adapters.source_values import NO, YES, yes_no
from sayso.measure.case_table import ROLES, Kind, stored_name
from sayso.measure.profile import Treatment
from sayso.measure.roles import Content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.adapters.column_facts import ReadColumn
    from sayso.adapters.source_values import SourceValue

OPTION_ROLES = ("choice", "advice", "prior", "best", "signal", "outcome")
BOUNDED = (
    "advice_confidence",
    "prior_confidence",
    "show_probability",
    "choice_probability",
    "prior_ask_probability",
    "seconds",
)
PER_HUNDRED = ("advice_confidence", "prior_confidence")
_FIRST_DAY = "TIMESTAMP '2000-01-01'"


@dataclass(frozen=True, slots=True)
class RoleColumn:
    """One role's value in the user's rows.

    Attributes:
        source: The value as SQL.
        column: The user's column, where it is a plain one.
        per_hundred: Whether a chance is written in parts of a hundred.
    """

    source: SourceValue
    column: ReadColumn | None
    per_hundred: bool = False


def typed_columns(
    roles: Mapping[str, RoleColumn], *, quantity: bool, options: tuple[str, ...]
) -> tuple[dict[str, str], list[Treatment]]:
    """SQL for every role found, typed as the case table wants it, and what that does to cells.

    Args:
        roles: What was found.
        quantity: Whether the choice is a quantity; then option roles go to ``*_number``.
        options: Declared options, so that their spelling wins; empty where none are declared.
    """
    cells: dict[str, str] = {}
    treatments: list[Treatment] = []
    for role in ROLES:
        name, found = stored_name(role.name), roles.get(role.name)
        if found is None:
            continue
        cell = _typed(role.name, role.kind, found, quantity, options)
        decided = roles.get("decided_at")
        if role.name == "shown" and found.source.content is Content.MOMENT and decided is not None:
            # Seen after the decision is not seen: that is justification, not advice.
            at = moment(decided.source, decided.column)
            cell = f"coalesce({found.source.value} <= {at}, false)"
        cells[name] = cell
        treatments.extend(_cell_treatments(role.name, found))
    for role in ("choice", "prior", "advice", "outcome"):
        found = roles.get(role)
        if quantity and found is not None and found.source.content is Content.NUMBER:
            cells[f"{role}_number"] = (
                f"CASE WHEN isfinite({found.source.value}) THEN {found.source.value} END"
            )
    return cells, treatments


def _typed(
    role: str, kind: Kind, found: RoleColumn, quantity: bool, options: tuple[str, ...]
) -> str:
    source = found.source
    if role in OPTION_ROLES:
        if quantity:
            return "CAST(NULL AS VARCHAR)"
        values = found.column.facts.values if found.column is not None else ()
        return option_text(source, options, values)
    match kind:
        case Kind.TEXT:
            return source.text
        case Kind.NUMBER:
            return bounded_number(role, found)
        case Kind.YES_NO:
            if source.content is Content.MOMENT:
                return f"({source.value} IS NOT NULL)"
            if source.content is Content.BOOLEAN:
                return source.value
            return yes_no(source.text)
        case Kind.MOMENT:
            return moment(source, found.column)


def option_text(source: SourceValue, options: tuple[str, ...], values: tuple[str, ...] = ()) -> str:
    """SQL for an option: its declared spelling, and one spelling for yes and one for no.

    Args:
        source: The user's cell.
        options: Declared options; ("yes", "no") where the choice says yes or no.
        values: Everything the column holds; empty where that is not known.
    """
    if not options or (values and all(_spelled(v, options) == v for v in values)):
        return source.text
    arms = " ".join(f"WHEN lower({literal(o)}) THEN {literal(o)}" for o in options)
    declared = f"CASE lower(trim({source.text})) {arms} ELSE {source.text} END"
    if {o.lower() for o in options} != {"yes", "no"}:
        return declared
    yes = next(o for o in options if o.lower() == "yes")
    no = next(o for o in options if o.lower() == "no")
    said = yes_no(source.text)
    return (
        f"CASE WHEN {said} THEN {literal(yes)} WHEN NOT {said} THEN {literal(no)} "
        f"ELSE {source.text} END"
    )


def _spelled(value: str, options: tuple[str, ...]) -> str | None:
    """What ``option_text`` makes of a value; None where only the database can tell."""
    if not all(text.isascii() for text in (value, *options)):
        return None  # programs differ in what other alphabets have as small letters
    said, by = value.strip(" ").lower(), {o.lower(): o for o in options}
    if set(by) == {"yes", "no"}:
        return by["yes"] if said in YES else by["no"] if said in NO else value
    return by.get(said, value)


def bounded_number(role: str, found: RoleColumn) -> str:
    """SQL for a number, empty where its role cannot have it: chances lie in 0..1, times from 0."""
    source = found.source
    if source.content is not Content.NUMBER:
        return "CAST(NULL AS DOUBLE)"
    value = source.value
    if role in PER_HUNDRED or role.endswith("probability"):
        scaled = f"({value} / 1e2)" if found.per_hundred else value
        return f"CASE WHEN {scaled} >= 0 AND {scaled} <= 1 THEN {scaled} END"
    if role == "seconds":
        return f"CASE WHEN {value} >= 0 THEN {value} END"
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def moment(source: SourceValue, column: ReadColumn | None) -> str:
    """SQL for a moment in UTC: a date, seconds or milliseconds since 1970, or a day's number."""
    if source.content is Content.MOMENT:
        return source.value
    if source.content is not Content.NUMBER:
        return "CAST(NULL AS TIMESTAMP)"
    high = column.facts.high if column is not None and column.facts.high is not None else 0.0
    if high > 1e11:
        return f"(TIMESTAMP '1970-01-01' + to_milliseconds(CAST({source.value} AS BIGINT)))"
    if high > 1e8:
        return f"(TIMESTAMP '1970-01-01' + to_seconds({source.value}))"
    return f"({_FIRST_DAY} + to_seconds({source.value} * 86400e0))"


def is_running_number(found: RoleColumn) -> bool:
    """Whether a moment is only a running number of days, with no calendar behind it."""
    high = found.column.facts.high if found.column is not None else None
    return found.source.content is Content.NUMBER and (high is None or high <= 1e8)


def _cell_treatments(role: str, found: RoleColumn) -> list[Treatment]:
    column = found.column
    if column is None:
        return []
    said: list[Treatment] = []
    if column.not_finite:
        said.append(Treatment(code="not-finite", count=column.not_finite, detail=column.facts.name))
    if column.unread:
        said.append(Treatment(code="unread-cells", count=column.unread, detail=column.facts.name))
    if column.assumed:
        said.append(
            Treatment(
                code="date-order",
                count=round(column.facts.filled * column.facts.rows),
                detail=f"{column.facts.name} as {column.assumed}",
            )
        )
    if found.per_hundred:
        said.append(
            Treatment(
                code="per-hundred",
                count=round(column.facts.filled * column.facts.rows),
                detail=column.facts.name,
            )
        )
    return said
