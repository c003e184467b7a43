"""What the record needs from outside, as it asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class Sealer(Protocol):
    """Seals text with its person's key, and opens it while there is one."""

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """Seal a text, making the person's key where there is none.

        Args:
            subject: The person's pseudonym.
            plain: The text.
            bound: What the sealed text belongs to; it opens nowhere else.

        Returns:
            The sealed text; None where the person was erased.
        """
        ...

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """Open a sealed text; None where the key is gone or the text was moved or altered."""
        ...


class Signer(Protocol):
    """Signs checkpoints."""

    @property
    def name(self) -> str:
        """The name of the key, as it stands in the signature line."""
        ...

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes of Ed25519."""
        ...

    def sign(self, text: bytes) -> bytes:
        """An Ed25519 signature over the text, 64 bytes."""
        ...
