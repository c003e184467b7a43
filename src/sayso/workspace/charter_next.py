"""The one thing to do next for a charter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.considerations import considerations_of
from sayso.declare.first_answers import answers_in
from sayso.present.start import next_of, next_on_page

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.present.start import NextOnPage


def next_for(charter: Charter) -> NextOnPage:
    """The one thing to do next for a charter, with its button."""
    answers = answers_in(charter)
    step = next_of(
        answers,
        options=len(charter.options),
        weighed=len(considerations_of(charter)),
        matters=len(charter.matters),
    )
    return next_on_page(step, charter.decision, answers.ai)
