"""What was done to the rows, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.present.numbers import count

if TYPE_CHECKING:
    from sayso.measure.profile import Treatment

SENTENCES = {
    "duplicates-dropped": "{n} exact duplicates dropped.",
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
