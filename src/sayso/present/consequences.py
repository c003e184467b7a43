"""What must be known to read what each option would bring, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.consequence_reading import NoteCode
from sayso.present.numbers import count

if TYPE_CHECKING:
    from sayso.align.consequence_reading import Note


def note_sentence(note: Note) -> str:
    """One note as a sentence.

    Examples:
        >>> from sayso.align.consequence_reading import Note
        >>> note_sentence(Note(NoteCode.SAMPLED, 2000, 6299))
        'Worked out in 2,000 of 6,299 cases, drawn at random.'
    """
    many, of, what = count(note.count), count(note.of), note.detail
    match note.code:
        case NoteCode.SAMPLED:
            return f"Worked out in {many} of {of} cases, drawn at random."
        case NoteCode.LEFT_OUT:
            return (
                f"{many} of {of} cases are left out: what an option brings on {what} cannot be "
                "worked out there."
            )
        case NoteCode.OUTSIDE_RANGE:
            return (
                f"In {many} of {of} cases an option brings more or less on {what} than its range "
                "holds; it counts as the end of the range."
            )
        case NoteCode.NO_DIFFERENCE:
            return f"All options bring the same on {what}, in every case."
        case NoteCode.NO_RANGE:
            return f"{what} has no range and is left out."
        case NoteCode.NOT_IN_TABLE:
            return f"The table has no column for the input {what}."
        case NoteCode.KNOWN_AFTERWARDS:
            return f"{what} is not known before the choice, so nothing is believed from it."
        case NoteCode.MANY_VALUES:
            return f"{what} has more than {many} values; the rarer ones are taken together."
        case NoteCode.NO_INPUTS:
            return "No input is known, so every case is believed to be alike."
        case NoteCode.STATE_OF_THINGS:
            return f"It is supposed that {what} does not depend on what is chosen."
        case NoteCode.UNSEEN:
            return (
                f"In {many} of {of} cases the outcome cannot be seen (it is seen where {what}). It "
                "is supposed that they are like seen cases with the same inputs."
            )
        case NoteCode.UNKNOWN_OUTCOMES:
            return (
                f"{many} of {of} outcomes that are due are not known. It is supposed that they are "
                "like known ones with the same inputs."
            )
        case NoteCode.COSTS_ONLY:
            return "Only what mistakes cost is known, not what each option brings."
