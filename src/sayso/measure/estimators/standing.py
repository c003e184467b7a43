"""The four states of an assumption."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """Where an assumption stands; the words are those of the page."""

    NO_LONGER = "No longer true"
    NEAR = "Near its line"
    HOLDS = "Holds"
    NOT_TESTED = "Not tested"
