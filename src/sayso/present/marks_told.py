"""What deciders say of a charter's assumptions, so that nobody can be told from it."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from sayso.present.numbers import on_day
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.declare.marks import AssumptionMarks, Suggestion
    from sayso.domain.charter_ref import CharterRef

NOTHING_SHOWN = (
    "Nothing of it is shown before three have marked, or all who decide if they are fewer."
)
ONE_ALONE = "Said by one person at most, so it is theirs to say."


def mark_text(one: AssumptionMarks) -> str:
    """What deciders say of one assumption.

    Args:
        one: What may be shown.
    """
    if one.counts is not None:
        true, no, unsure = one.counts
        total = sum(one.counts)
        if true == total:
            return f"All {total} who marked it say: true here."
        parts = [(true, "true here"), (no, "not here"), (unsure, "don't know")]
        said = ", ".join(f"{n} {what}" for n, what in parts if n)
        return f"Of {total}: {said}."
    if one.all_true:
        return "All who marked it say: true here."
    said = ["Somebody says: not here."] if one.somebody_not else []
    said += ["Somebody does not know."] if one.somebody_unsure else []
    return " ".join(said) or ONE_ALONE


def fate_text(one: Suggestion) -> str:
    """A suggestion, and what became of it.

    Args:
        one: The suggestion.
    """
    said = f"{one.id}, {one.kind}: “{one.says}”"
    if one.fate is None:
        return f"{said} An answer is owed by {on_day(one.due)}."
    because = f": {one.fate.because}" if one.fate.because else "."
    if one.fate.adopted is not None:
        return f"{said} Taken up in {one.fate.adopted}{because}"
    return f"{said} Declined{because}"


def marks_text(
    charter: CharterRef,
    marked: int,
    waiting: int,
    told: Sequence[AssumptionMarks],
    suggestions: Sequence[Suggestion],
) -> str:
    """Everything that is said of a version's marks.

    Args:
        charter: The version.
        marked: Forms taken in.
        waiting: Those not opened yet.
        told: What may be shown of each assumption.
        suggestions: What deciders miss, and what became of it.
    """
    forms = "form is" if marked == 1 else "forms are"
    lines = [_wrapped(f"{marked or 'No'} {forms} in for {charter}.")]
    if waiting:
        wait = "One waits" if waiting == 1 else f"{waiting} wait"
        lines.append(_wrapped(f"{wait} until three can be opened together: so none is told apart."))
    if not told and not waiting and not marked:
        lines.append(_wrapped(NOTHING_SHOWN))
    for one in told:
        lines.append(_wrapped(f"“{one.says}” {mark_text(one)}", first="    - ", rest="      "))
    if suggestions:
        lines += ["", "  What deciders miss"]
        lines += [_wrapped(fate_text(s), first="    - ", rest="      ") for s in suggestions]
    return plain("\n".join(lines))


def _wrapped(text: str, *, first: str = "  ", rest: str = "  ") -> str:
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
