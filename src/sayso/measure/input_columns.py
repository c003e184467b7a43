"""Inputs of the case side by side, for queries that read each case whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.measure.case_inputs import CaseInput

MARK = "-- inputs\n"
MOST = 8


def watched(inputs: Sequence[CaseInput]) -> tuple[CaseInput, ...]:
    """The first eight inputs that cases are told apart by."""
    return tuple(one for one in inputs if one.watched)[:MOST]


def with_inputs(sql: str, inputs: Sequence[CaseInput]) -> str:
    """The query with a column for each input in place of the line that marks them.

    A model needs all inputs of a case in one row, which the view ``case_inputs`` cannot give.
    Only the places of columns enter the text; they are whole numbers of our own.

    Args:
        sql: Holds the line ``-- inputs`` in its list of columns.
        inputs: What to read; texts come as ``input_0`` and on, numbers as ``number_0`` and on.
    """
    columns = "".join(
        f"        num_{int(one.place)} AS number_{i},\n"
        if one.number
        else f"        in_{int(one.place)} AS input_{i},\n"
        for i, one in enumerate(inputs)
    )
    return sql.replace(MARK, columns)
