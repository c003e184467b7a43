"""The six first questions as one page: what is asked, and what the answers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.first_answers import FIELDS
from sayso.present.charter_form import FieldView, Said
from sayso.present.charter_questions import Widget
from sayso.present.start import COUNTS, QUESTIONS, TWO_NAMES, clarities, first_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.declare.first_answers import FirstAnswers
    from sayso.present.start import Clarity

ONE_NAME = "one_name"
FOUR_STATES = {"clear": "Clear", "missing": "Missing", "not asked": "Not asked yet"}


def question_views(
    typed: Mapping[str, str], said: Mapping[str, str], *, names: int = 0
) -> tuple[FieldView, ...]:
    """The six questions; after several names, whose phone rings.

    Args:
        typed: What was typed, by field.
        said: What is wrong, by field.
        names: How many names were given for whoever is accountable; 0 to ask nothing more.
    """
    views: list[FieldView] = []
    for name, (question, hint) in zip(FIELDS, QUESTIONS, strict=True):
        views.append(_view(name, question, hint, typed, said))
        if name == "owner" and names > 1:
            n = COUNTS.get(names, str(names)).capitalize()
            asked = TWO_NAMES.format(n=n)
            views.append(_view(ONE_NAME, asked, "One of them, or nobody.", typed, said, focus=True))
    return tuple(views)


def _view(
    name: str,
    label: str,
    hint: str,
    typed: Mapping[str, str],
    said: Mapping[str, str],
    *,
    focus: bool = False,
) -> FieldView:
    return FieldView(
        name=name,
        label=label,
        hint=hint,
        value=typed.get(name, ""),
        widget=Widget.LINE if name in ("ai", "owner", ONE_NAME) else Widget.TEXT,
        said=(Said("", said[name], stops=True),) if said.get(name) else (),
        focus=focus,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstView:
    """What the answers say at once.

    Attributes:
        claim: The first sentence.
        rest: The others.
        four: Each of the four clarities: its name, what was said of it, its state in a word.
    """

    claim: str
    rest: tuple[str, ...]
    four: tuple[tuple[str, str, str], ...]


def first_view(answers: FirstAnswers) -> FirstView:
    """What the answers say at once."""
    claim, *rest = first_sentences(answers)
    return FirstView(claim=claim, rest=tuple(rest), four=tuple(map(_four, clarities(answers))))


def _four(clarity: Clarity) -> tuple[str, str, str]:
    says = clarity.says
    return clarity.name, says[:1].upper() + says[1:], FOUR_STATES[clarity.state]
