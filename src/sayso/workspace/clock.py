"""The day; the one place where commands and pages ask for it."""

from __future__ import annotations

from datetime import date


def today() -> date:
    """The day on the calendar of this computer: closing days are days of people, not of UTC."""
    return date.today()  # noqa: DTZ011 - a calendar day
