"""The case pack of a noise audit: what each person gets, as a table and as a sheet to print."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.measure.estimators.noise_plan import Reach

WIDTH = 78
NUMBER, CHOICE = "number", "choice"
TITLE = "Cases for {name}"
HOW = (
    "Decide each case by yourself, in this order, without looking back. Nobody else sees your "
    "answers with your name; only how much all answers differ is told."
)
ANSWER = "Your choice: {options}"
ANSWER_NUMBER = "Your answer in {unit}: ________"
# A spreadsheet would run what starts so.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
NONE = "No size looked at gets there. Take a wider --width."
SIZE = "{people} people, {cases} cases each: known to about {reach} in 100 either way."
EXPECTED = "If two people differ in about {differ} of 100 cases, these sizes are enough:"
ADVICE = (
    "More people help more than more cases, as what is said of people like these comes from "
    "people. Add a fifth of the cases a second time to see how people differ from themselves."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person gets.

    Attributes:
        name: The person's name in the pack, such as P01.
        heads: Names of the facts.
        cases: Facts of each case in the order asked.
    """

    name: str
    heads: tuple[str, ...]
    cases: tuple[tuple[str, ...], ...]


def sheet_csv(sheet: Sheet) -> str:
    """One row a case, the last column empty for the choice; safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([NUMBER, *(_safe(head) for head in sheet.heads), CHOICE])
    for number, facts in enumerate(sheet.cases, start=1):
        writer.writerow([number, *(_safe(fact) for fact in facts), ""])
    return out.getvalue()


def sheet_text(sheet: Sheet, question: str, options: Sequence[str], unit: str) -> str:
    """The same to print and tick."""
    ask = (
        ANSWER.format(options="   ".join(f"[ ] {option}" for option in options))
        if options
        else ANSWER_NUMBER.format(unit=unit)
    )
    lines = [TITLE.format(name=sheet.name), "", fill(question, WIDTH), "", fill(HOW, WIDTH), ""]
    for number, facts in enumerate(sheet.cases, start=1):
        said = "; ".join(f"{head}: {fact}" for head, fact in zip(sheet.heads, facts, strict=True))
        lines += [f"{number}.", fill(said, WIDTH, initial_indent="   ", subsequent_indent="   ")]
        lines += [f"   {ask}", ""]
    return "\n".join(lines)


def sizes_text(sizes: Sequence[Reach], differ: float) -> str:
    """What sizes are enough, in sentences."""
    if not sizes:
        return NONE
    lines = [EXPECTED.format(differ=round(100 * differ))]
    lines += [
        "  " + SIZE.format(people=s.people, cases=s.cases, reach=round(100 * s.reach))
        for s in sizes
    ]
    return "\n".join([*lines, fill(ADVICE, WIDTH)])


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RUNS) else text
