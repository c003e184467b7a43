"""The inputs of a case as codes of few values, so that queries need not know their names.

Beside ``cases`` there are two views. ``case_inputs`` has each case once for each input, with the
columns ``input``, ``input_code``, ``input_number``, ``input_lined`` (the charter compares it with a
number) and ``input_affected`` (it names a group of affected people); codes are whole numbers from
0, NULL where the cell is empty. ``case_slices`` has each case once, with all watched inputs in the
number ``packed``, which ``unpacked`` takes apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Thirteen inputs of sixteen codes are 52 bits, which a DOUBLE holds exactly.
MOST_INPUTS = 13
BASE = 16
EMPTY = BASE - 1
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
        coarse: What each code of ``packed`` says: neighbouring ranges of a number as one.
        lines: Numbers that the charter compares it with.
        affected: Whether the charter names it as a group of affected people.
        watched: Whether it is one of the inputs in ``packed``, which has them in this order.
    """

    name: str
    place: int
    number: bool
    labels: tuple[str, ...]
    coarse: tuple[str, ...]
    lines: tuple[float, ...] = ()
    affected: bool = False
    watched: bool = True


def unpacked(packed: NDArray[np.float64], inputs: int) -> NDArray[np.uint8]:
    """Codes of each input, shape (rows, inputs); ``EMPTY`` for an empty cell.

    Examples:
        >>> unpacked(np.array([2.0 + 16 * 15]), 2).tolist()
        [[2, 15]]
    """
    whole = packed.astype(np.int64)
    return np.stack([(whole >> (4 * i)) & EMPTY for i in range(inputs)], axis=1).astype(np.uint8)
