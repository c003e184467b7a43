"""How strong the design behind a figure is."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """Grade of evidence, strongest first; earned by checks, never by a column's name.

    ``DESCRIPTION`` is for statements about one period and no advice: nothing is compared
    before and after, or with and without.
    """

    RANDOMISED = "randomised"
    SEALED_PRIOR = "sealed prior"
    BEFORE_AFTER = "before/after"
    ASSOCIATION = "association"
    DESCRIPTION = "description"

    @property
    def may_say_because(self) -> bool:
        """Whether a sentence may use a causal verb."""
        return self is Grade.RANDOMISED

    @property
    def may_be_clear(self) -> bool:
        """Whether the word may be Clear; before/after, priors and associations stop at Likely."""
        return self in (Grade.RANDOMISED, Grade.DESCRIPTION)
