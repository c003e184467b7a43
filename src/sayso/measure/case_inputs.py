"""The inputs of a case as codes of few values, so that queries need not know their names.

Beside ``cases`` there are two views. ``case_inputs`` has each case once for each input, with the
columns ``input``, ``input_code``, ``input_number``, ``input_lined`` and ``input_affected``; ``case_pairs`` has each
case once for each pair of inputs, with ``first``, ``first_code``, ``second`` and ``second_code``.
Codes are whole numbers from 0; NULL where the cell is empty.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_INPUTS = 13
MOST_CODES = 12
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInput:
    """One input of the case.

    Attributes:
        name: As the user wrote it.
        place: Place of the column; its text is ``in_{place}``, its number ``num_{place}``.
        number: Whether codes are ranges of a number, in ascending order.
        labels: What each code says.
        coarse: What each code of a pair says: neighbouring ranges of a number as one.
        lines: Numbers that the charter compares it with.
        affected: Whether the charter names it as a group of affected people.
        watched: Whether it is one of the inputs that pairs are made of.
    """

    name: str
    place: int
    number: bool
    labels: tuple[str, ...]
    coarse: tuple[str, ...]
    lines: tuple[float, ...] = ()
    affected: bool = False
    watched: bool = True
