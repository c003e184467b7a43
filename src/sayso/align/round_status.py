"""Where a round stands on a day, in counts; never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sayso.align.round import Round, RoundState


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStatus:
    """Where a round stands on a day.

    Attributes:
        round: The round.
        state: Where it stands.
        begun: People who began.
        sent: People who sent their answers.
        links: Links made, those made later included.
        closed: Whether people closed it before its day.
        settled: The proposal that settled it; "" for none yet.
        forgotten: The day its answers were deleted; None while they are kept.
        lies: Whether answers still lie there, as after a deletion that was cut short.
    """

    round: Round
    state: RoundState
    begun: int
    sent: int
    links: int
    closed: bool = False
    settled: str = ""
    forgotten: date | None = None
    lies: bool = False
