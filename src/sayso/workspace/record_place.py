"""Where a workspace keeps its record, and the secrets that go with it."""

from __future__ import annotations

import hmac
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable, RecordUnreadable
from sayso.record.coins import SEED_BYTES, Seed
from sayso.workspace.private_file import write_private
from sayso.workspace.pseudonyms import FOLDER as SECRETS
from sayso.workspace.pseudonyms import KEY_BYTES, make_key, read_key

if TYPE_CHECKING:
    from datetime import date

RECORD = "record"
DATABASE = "record.db"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """The files of a record.

    Attributes:
        folder: The workspace.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """The record, where it lies in a file."""
        return self.folder / RECORD / DATABASE

    @property
    def keys(self) -> Path:
        """Keys of people, apart from the record."""
        return self.folder / SECRETS / "record-keys.db"

    @property
    def signing(self) -> Path:
        """The key that heads are signed with."""
        return self.folder / SECRETS / "record-signing"

    @property
    def seed(self) -> Path:
        """The seed of coins that is in use."""
        return self.folder / SECRETS / "record-seed"

    @property
    def seen(self) -> Path:
        """The last head that was signed here."""
        return self.folder / SECRETS / "record-seen"

    @property
    def erased(self) -> Path:
        """Who was erased, one pseudonym a line; outlives every backup."""
        return self.folder / SECRETS / "record-erased"

    def make(self, day: date) -> None:
        """Make the folders and the workspace's secret, where they are not there yet.

        Raises:
            FileNotWritable: If the workspace does not take them.
        """
        make_key(self.folder, os.urandom(KEY_BYTES), day=day)
        inside = self.folder / RECORD
        try:
            inside.mkdir(mode=0o700, exist_ok=True)
            if not (inside / ".gitignore").exists():
                (inside / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise FileNotWritable(
                f"Cannot write {inside}: {error.strerror}.",
                hint="Check that the folder may be written.",
            ) from error

    def secret(self, use: str) -> bytes:
        """A secret for one use, made from the workspace's own.

        Raises:
            KeyMissing: If that is gone or damaged.
        """
        return hmac.digest(read_key(self.folder), f"record/{use}".encode(), "sha256")

    def signing_key(self, day: date) -> bytes:
        """The 32 bytes that heads are signed with, made at the first use."""
        text = self._text(self.signing)
        if text is None:
            text = os.urandom(32).hex() + "\n"
            write_private(self.signing, text, day=day)
        return _from_hex(text, self.signing)

    def read_seed(self) -> Seed | None:
        """The seed that is in use; None before the first.

        Raises:
            RecordUnreadable: If it is damaged.
        """
        text = self._text(self.seed)
        if text is None:
            return None
        try:
            plain = json.loads(text)
            return Seed(str(plain["id"]), bytes.fromhex(plain["value"]))
        except (ValueError, KeyError, TypeError) as error:
            raise RecordUnreadable(
                f"{self.seed} is damaged, so no coin can be tossed.",
                hint="Bring it back from a copy, or remove it: another seed then comes into use.",
            ) from error

    def make_seed(self, day: date) -> Seed:
        """A new seed, kept before it is used."""
        seed = Seed(os.urandom(6).hex(), os.urandom(SEED_BYTES))
        plain = {"id": seed.id, "value": seed.value.hex()}
        write_private(self.seed, json.dumps(plain) + "\n", day=day)
        return seed

    def read_seen(self) -> str | None:
        """The last head that was signed here, as it was signed; None before the first."""
        return self._text(self.seen)

    def write_seen(self, note: str, day: date) -> None:
        """Remember a head."""
        write_private(self.seen, note, day=day)

    def read_erased(self) -> tuple[str, ...]:
        """Everyone who was erased, whatever a backup says."""
        text = self._text(self.erased) or ""
        return tuple(line for line in text.splitlines() if line)

    def add_erased(self, subject: str, day: date) -> None:
        """Remember that somebody was erased."""
        names = dict.fromkeys((*self.read_erased(), subject))
        write_private(self.erased, "".join(f"{name}\n" for name in names), day=day)

    def _text(self, file: Path) -> str | None:
        with suppress(FileNotFoundError):
            try:
                return file.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                if isinstance(error, FileNotFoundError):
                    raise
                raise RecordUnreadable(
                    f"{file} cannot be read: {error}.", hint="Bring it back from a copy."
                ) from error
        return None


def _from_hex(text: str, file: Path) -> bytes:
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != 32:
        raise RecordUnreadable(f"{file} is damaged.", hint="Bring it back from a copy.")
    return found
