"""Tokens of one case, for a page of the host: short-lived, bound to case, verbs and web origin.

Nothing of them is kept. Each names the token that it was made with, and dies with it.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import TokenDead, TokenUnknown
from sayso.workspace.api_rights import READ

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "sayso-case"
MINUTES = 15
MOST_MINUTES = 120
_SHAPE = re.compile(rf"{PREFIX}_([A-Za-z0-9_-]{{16,4096}})\.([A-Za-z0-9_-]{{43}})", re.ASCII)
# What a page that people decide on may be let do; no page imports, answers or corrects.
OF_PAGES = (
    "prior",
    "skip-prior",
    "ask-advice",
    "open-advice",
    "choice",
    "reason",
    "abstain",
    "escalate",
    "contest",
    "workaround",
    READ,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a page's token is bound to.

    Attributes:
        parent: The id of the token it was made with.
        person: Who sits before the page.
        decision: The one decision.
        case: The one case.
        verbs: What the page may do.
        origin: The web origin of the page.
        expires: Seconds since 1970 from which on it is refused.
    """

    parent: str
    person: str | None
    decision: str
    case: str
    verbs: tuple[str, ...]
    origin: str
    expires: int

    def why_not(self, right: str, decision: str | None, case: str | None) -> str | None:
        """Why the page may not do this; None where it may."""
        if decision != self.decision or case != self.case:
            return "the token is for another case"
        return None if right in self.verbs else f"the token was not made for {right}"


def capture_text(capture: Capture, secret: bytes) -> str:
    """The token of a page.

    Args:
        capture: What it is bound to.
        secret: The workspace's secret for such tokens.
    """
    plain = json.dumps(asdict(capture), separators=(",", ":")).encode()
    said = _encoded(plain)
    return f"{PREFIX}_{said}.{_mac(said, secret)}"


def is_capture(text: str) -> bool:
    """Whether a token is one of a page, by its looks."""
    return text.startswith(f"{PREFIX}_")


def read_capture(text: str, secret: bytes, now: datetime) -> Capture:
    """What a page's token is bound to.

    Raises:
        TokenUnknown: If it was not made here, or was altered.
        TokenDead: If it has expired.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None or not hmac.compare_digest(_mac(shape[1], secret), shape[2]):
        raise TokenUnknown
    plain: dict[str, Any] = json.loads(base64.urlsafe_b64decode(shape[1] + "=="))
    plain["verbs"] = tuple(plain["verbs"])
    capture = Capture(**plain)
    if now.timestamp() >= capture.expires:
        raise TokenDead("The page's token has expired.", hint="Let the host make another one.")
    return capture


def expiry(now: datetime, minutes: int, ends: Sequence[datetime]) -> datetime:
    """When a page's token expires: in so many minutes, and no later than what it was made with."""
    return min(now.astimezone(UTC) + timedelta(minutes=minutes), *ends).replace(microsecond=0)


def _mac(said: str, secret: bytes) -> str:
    return _encoded(hmac.digest(secret, f"sayso/capture/v1\n{said}".encode(), "sha256"))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
