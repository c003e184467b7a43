"""Stand-ins for what the record asks of the outside."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.record.case_life_cases import NOW


@dataclass
class Sealed:
    """Hides text so that a search does not find it, and binds it; no real secret."""

    erased: set[str] = field(default_factory=set)

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        if subject in self.erased:
            return None
        mark = hmac.digest(subject.encode(), bound, "sha256")[:8]
        return base64.b64encode(mark + plain).decode()

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        content = base64.b64decode(token)
        mark = hmac.digest(subject.encode(), bound, "sha256")[:8]
        return None if subject in self.erased or content[:8] != mark else content[8:]


@dataclass
class Ticking:
    """A clock that goes on by a millisecond each time it is read."""

    at: datetime = NOW

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at
