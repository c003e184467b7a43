"""Where a round stands on a day, in counts; never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    """

    round: Round
    state: RoundState
    begun: int
    sent: int
    links: int
    closed: bool = False
    settled: str = ""
