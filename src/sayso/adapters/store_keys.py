"""One key a person, apart from the record; erasing a person is destroying the key.

Keys lie in a file of their own, wrapped under the workspace's secret, so that a copy of the
record's database holds nobody's text, and neither does a copy of this file without that secret.
"""

from __future__ import annotations

import base64
import binascii
import os
import sqlite3
import threading
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sayso.domain.errors import RecordUnreadable, RecordUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
_TABLES = """
CREATE TABLE IF NOT EXISTS keys (subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (subject TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class KeyRing:
    """Seals and opens personal text; forgets on demand, and for good."""

    def __init__(
        self, path: Path, secret: bytes, *, random: Callable[[int], bytes] = os.urandom
    ) -> None:
        """Open the file of keys, making it where there is none.

        Args:
            path: The file.
            secret: 32 bytes under which keys are wrapped.
            random: Gives random bytes.

        Raises:
            RecordUnreadable: If the file is damaged.
        """
        self._random = random
        self._wrap = AESGCM(secret)
        self._lock = threading.Lock()
        self._known: dict[str, AESGCM] = {}
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.executescript(
                # Deleted content is overwritten, and no journal outlives its transaction.
                "PRAGMA secure_delete = ON; PRAGMA journal_mode = DELETE;"
                "PRAGMA synchronous = FULL;" + _TABLES
            )
            rows = self._file.execute("SELECT subject FROM erased").fetchall()
        except (OSError, sqlite3.Error) as error:
            raise RecordUnreadable(
                f"The keys in {path} cannot be read: {error}.", hint="Bring back a copy of it."
            ) from error
        self._erased = {str(row[0]) for row in rows}

    @property
    def erased(self) -> frozenset[str]:
        """Everyone whose key was destroyed."""
        return frozenset(self._erased)

    def seal(self, subject: str, plain: bytes, bound: bytes) -> str | None:
        """Seal a text; None where the person was erased.

        Raises:
            RecordUnwritable: If a new key cannot be kept.
        """
        with self._lock:
            if subject in self._erased:
                return None
            key = self._key(subject) or self._make(subject)
        nonce = self._random(NONCE_BYTES)
        return base64.b64encode(nonce + key.encrypt(nonce, plain, bound)).decode("ascii")

    def unseal(self, subject: str, token: str, bound: bytes) -> bytes | None:
        """Open a sealed text; None where the key is gone or the text was moved or altered."""
        with self._lock:
            key = None if subject in self._erased else self._key(subject)
        if key is None:
            return None
        try:
            content = base64.b64decode(token, validate=True)
            return key.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], bound)
        except (InvalidTag, binascii.Error, ValueError):
            return None

    def erase(self, subjects: Iterable[str]) -> None:
        """Destroy keys, and let nobody make them again; erasing twice is erasing once.

        Raises:
            RecordUnwritable: If the file cannot be written.
        """
        with self._lock:
            names = [(name,) for name in subjects]
            try:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany("INSERT OR IGNORE INTO erased VALUES (?)", names)
                self._file.executemany("DELETE FROM keys WHERE subject = ?", names)
                self._file.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo()
                raise RecordUnwritable(
                    f"Keys cannot be destroyed: {error}.", hint="Make room, and erase again."
                ) from error
            for (name,) in names:
                self._known.pop(name, None)
                self._erased.add(name)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._known.clear()
            self._file.close()

    def _key(self, subject: str) -> AESGCM | None:
        found = self._known.get(subject)
        if found is None:
            row = self._file.execute(
                "SELECT wrapped FROM keys WHERE subject = ?", (subject,)
            ).fetchone()
            if row is None:
                return None
            wrapped = bytes(row[0])
            try:
                plain = self._wrap.decrypt(
                    wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.encode()
                )
            except InvalidTag:
                return None
            found = self._known[subject] = AESGCM(plain)
        return found

    def _make(self, subject: str) -> AESGCM:
        key, nonce = self._random(KEY_BYTES), self._random(NONCE_BYTES)
        wrapped = nonce + self._wrap.encrypt(nonce, key, subject.encode())
        try:
            # The key is on disk before the text that needs it.
            self._file.execute("INSERT INTO keys VALUES (?, ?)", (subject, wrapped))
        except sqlite3.Error as error:
            self._undo()
            raise RecordUnwritable(
                f"A person's key cannot be kept: {error}.", hint="Make room, and send it again."
            ) from error
        made = self._known[subject] = AESGCM(key)
        return made

    def _undo(self) -> None:
        if self._file.in_transaction:
            self._file.execute("ROLLBACK")
