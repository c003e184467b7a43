"""Points in time: aware, in UTC, to the microsecond, with one spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sayso.record.refusal import Refusal

# Clocks of hosts differ; what lies further ahead than this is a wrong clock.
SKEW = timedelta(minutes=5)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def instant_text(moment: datetime) -> str:
    """The one spelling of a moment.

    Raises:
        ValueError: If it has no zone.

    Examples:
        >>> instant_text(datetime(2026, 3, 9, 12, tzinfo=UTC))
        '2026-03-09T12:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def read_instant(text: str, field: str) -> datetime | Refusal:
    """Read a moment with its zone.

    Returns:
        The moment in UTC; a refusal for a date alone, a moment without zone, or nonsense.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and "T" in text:
            found = moment.astimezone(UTC)
            if found >= EARLIEST:
                return found
    except (ValueError, OverflowError):
        pass
    return Refusal(
        "field-wrong",
        f"{field} is {text[:40]!r}, which is no moment with a zone since 1900.",
        "Write it as 2026-03-09T12:00:00Z.",
        field,
    )


def check_clock(at: datetime, now: datetime) -> Refusal | None:
    """Whether a moment lies further ahead than clocks differ."""
    if at <= now + SKEW:
        return None
    return Refusal(
        "clock-ahead",
        f"The command says {instant_text(at)}; here it is {instant_text(now)}.",
        "Set the clock of the host, and send the command again.",
        "at",
    )
