"""What each option brings: a consideration's measure as an expression over the choice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlglot import exp

from sayso.declare.charter import InputType, OutcomeKind
from sayso.declare.expression import Expression, ExprType, parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.declare.charter import Charter

CHOICE = "choice"
INPUT_TYPES = {
    InputType.CATEGORY: ExprType.TEXT,
    InputType.NUMBER: ExprType.NUMBER,
    InputType.BOOLEAN: ExprType.BOOLEAN,
    InputType.DATE: ExprType.DATE,
}
OUTCOME_TYPES = {
    OutcomeKind.BOOLEAN: ExprType.BOOLEAN,
    OutcomeKind.CATEGORY: ExprType.TEXT,
    OutcomeKind.NUMBER: ExprType.NUMBER,
}
_NAMES_CHOICE = re.compile(rf"\b{CHOICE}\b")
_SAY_CHOICE = "Write an expression over choice, the outcome and inputs."


@dataclass(frozen=True, slots=True)
class MeasureProblem:
    """Why a measure does not say what each option brings.

    Attributes:
        code: SAY240, SAY241 or SAY242 of ``problem_codes``.
        offset: Characters into the measure.
        message: One sentence with the offending part.
        hint: What to write instead.
    """

    code: str
    offset: int
    message: str
    hint: str


def declared_names(charter: Charter) -> dict[str, ExprType]:
    """The inputs, the choice and the outcome, by what they hold."""
    names = {name: INPUT_TYPES[kind] for name, kind in charter.inputs}
    names[CHOICE] = ExprType.NUMBER if charter.quantity is not None else ExprType.TEXT
    if charter.outcome is not None:
        names[charter.outcome.name] = OUTCOME_TYPES[charter.outcome.kind]
    return names


def measure_of(text: str, charter: Charter) -> Expression | MeasureProblem:
    """Read what a consideration gets under each option.

    A column's name is a valid measure of what happened; it says nothing of the options that were
    not chosen, so it is a problem here and nowhere else.

    Args:
        text: The measure, as the charter writes it.
        charter: What declares the options, the outcome and the inputs.

    Returns:
        A checked number or condition that names ``choice``, or why it is none.

    Examples:
        >>> from sayso.declare.charter import Charter, Outcome
        >>> outcome = Outcome(name="used")
        >>> charter = Charter(decision="a", version=1, options=("bring",), outcome=outcome)
        >>> measure_of("if(choice = 'bring' and not used, 190, 0)", charter).names
        ('choice', 'used')
        >>> measure_of("used", charter).code
        'SAY240'
    """
    parsed = parse_expression(text, declared_names(charter))
    if not isinstance(parsed, Expression):
        if not _NAMES_CHOICE.search(text):
            return _tells_nothing_apart(text)
        return MeasureProblem("SAY241", parsed.offset, parsed.message, parsed.hint)
    if parsed.aggregate:
        return MeasureProblem(
            "SAY242", 0, "measures many cases, not one.", "Write it without the average."
        )
    if parsed.type not in (ExprType.NUMBER, ExprType.BOOLEAN):
        return MeasureProblem(
            "SAY242", 0, f"gives a {parsed.type}, not a number.", "Write a number or a condition."
        )
    if CHOICE not in parsed.names:
        return _tells_nothing_apart(text)
    strange = next(_no_options(parsed.tree, charter.options), None)
    if strange is not None:
        near = get_close_matches(strange, charter.options, n=1)
        known = ", ".join(charter.options)
        return MeasureProblem(
            "SAY241",
            max(0, text.find(strange)),
            f"{strange!r} is no option.",
            f"Did you mean {near[0]!r}?" if near else f"Write one of: {known}.",
        )
    return parsed


def _tells_nothing_apart(text: str) -> MeasureProblem:
    shown = text if len(text) <= 40 else text[:37] + "..."
    return MeasureProblem(
        "SAY240",
        0,
        f"{shown!r} does not name choice, so it cannot tell options apart.",
        _SAY_CHOICE,
    )


def _no_options(tree: exp.Expr, options: tuple[str, ...]) -> Iterator[str]:
    """Texts that the choice is compared with and that nobody can choose."""
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In, bfs=False):
        sides = [node.this, *(node.expressions or [node.args.get("expression")])]
        if not any(isinstance(s, exp.Column) and s.name == CHOICE for s in sides):
            continue
        for side in sides:
            if isinstance(side, exp.Literal) and side.is_string and options:
                text = str(side.this)
                if text not in options:
                    yield text
