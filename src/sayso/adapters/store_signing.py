"""Ed25519 signatures over heads of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from sayso.record.checkpoint import LogKey

SECRET_BYTES = 32


class LogSigner:
    """Signs heads with a key that is held in memory."""

    def __init__(self, name: str, secret: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def key(self) -> LogKey:
        """The public key as others pin it."""
        from sayso.record.checkpoint import LogKey

        return LogKey(self.name, self.public)

    def sign(self, text: bytes) -> bytes:
        """A signature of 64 bytes."""
        return self._key.sign(text)


def is_signed(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a text carries a signature of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
