"""A view of what each input of the case holds at all, constant ones included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal

if TYPE_CHECKING:
    from sayso.adapters.draft import Draft

_NOTHING = (
    "SELECT CAST(NULL AS VARCHAR) AS input, CAST(0 AS BIGINT) AS cases, "
    "CAST(0 AS BIGINT) AS filled, CAST(NULL AS VARCHAR) AS first_value, "
    "CAST(NULL AS VARCHAR) AS last_value WHERE false"
)


def make_value_view(draft: Draft) -> None:
    """Make ``input_values``: a row for each input, with how often it is filled.

    ``case_inputs`` leaves out an input of one value, since it tells no cases apart; here it is
    what is looked for. An input that varies is known from the facts of its column, and costs no
    scan, unless rows were left out.
    """
    parts: list[str] = []
    charter = draft.charter
    declared = dict(charter.inputs) if charter is not None else {}
    filtered = charter is not None and charter.source is not None and bool(charter.source.where)
    for place, (name, column) in enumerate(draft.columns.items()):
        kept = name in declared if declared else name in draft.roles.inputs
        varies = column.facts.distinct > 1 and not filtered
        if not kept or varies or f"in_{place}" not in draft.stored:
            continue
        parts.append(
            f"SELECT {literal(name)} AS input, count(*) AS cases, "  # noqa: S608 - quoted names
            f"count(in_{place}) AS filled, min(in_{place}) AS first_value, "
            f"max(in_{place}) AS last_value FROM cases"
        )
    draft.connection.execute(
        f"CREATE VIEW input_values AS {' UNION ALL '.join(parts or [_NOTHING])}"
    )
