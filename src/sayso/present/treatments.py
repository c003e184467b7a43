"""What was done to the rows, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.present.numbers import count

if TYPE_CHECKING:
    from sayso.measure.profile import Treatment

SENTENCES = {
    "of-record": "Made from the record {detail}, from its first {n} events.",
    "duplicates-dropped": "Exact duplicates dropped: {n}.",
    "conflicts-settled": "Rows of one case that differ: {n} dropped, keeping the {detail}.",
    "no-case-id": "No column names the case, so every row counts as one.",
    "no-case-id-in-row": "Rows without a case id: {n}, each counted as a case of its own.",
    "late-advice": (
        "Advice fetched after the choice: {n} cases, counted as justification and not as advice."
    ),
    "outcome-before-decision": "Outcomes dated before their decision: {n}.",
    "outcome-not-due": "Outcomes not due yet: {n} cases, left out of every figure on quality.",
    "no-choice": "Cases without a choice (expired, abstained or passed on): {n}.",
    "never-chosen": "Option that nobody chose: {detail}.",
    "one-option": "Only one option was ever chosen: {detail}.",
    "undeclared-option": "Choices that the charter does not list: {n}, such as {detail}.",
    "not-finite": "Cells that hold no finite number, read as empty: {n}, in {detail}.",
    "unread-cells": "Cells that could not be read, taken as empty: {n}, in {detail}.",
    "out-of-range": "Numbers outside what their column can hold, read as empty: {n}, in {detail}.",
    "panel": "Cases that several people decided: {n}.",
    "date-order": "Dates that could be read two ways: {n}, {detail}.",
    "per-hundred": "Values above 1 read as parts of a hundred: {n}, in {detail}.",
    "confidence-of-option": "The stated chance is read as that of one option ({detail}).",
    "confidence-of-outcome": "The AI’s stated chance is read as that of “{detail}”.",
    "alike-guessed": "No charter says which cases are alike; taken as alike: the same {detail}.",
    "seen-after-one": "Outcomes are known after one option only: {detail}.",
}


def treatment_sentence(treatment: Treatment) -> str:
    """One treatment as a sentence; an unknown code is said in its own words, never left out."""
    template = SENTENCES.get(treatment.code)
    number = count(treatment.count)
    if template is None:
        words = treatment.code.replace("-", " ")
        about = f" ({treatment.detail})" if treatment.detail else ""
        return f"{number} rows: {words}{about}."
    return template.format(n=number, detail=treatment.detail)
