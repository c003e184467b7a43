"""Keyed pseudonyms: what stands for a person in a round, and cannot be worked out without key."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable, KeyMissing
from sayso.workspace.private_file import locked, write_private

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

FOLDER, FILE = ".sayso", "key"
KEY_BYTES = 32
_KEY = re.compile(f"[0-9a-f]{{{2 * KEY_BYTES}}}", re.ASCII)


def make_key(folder: Path, random: bytes, *, day: date) -> None:
    """Give a workspace its key, once; the key that is there stays.

    Args:
        folder: The workspace.
        random: 32 random bytes, used where there is no key yet.
        day: The day.

    Raises:
        FileNotWritable: If the folder does not take it.
    """
    kept = folder / FOLDER
    try:
        kept.mkdir(mode=0o700, exist_ok=True)
        # The key must never travel with the charters; whoever commits this folder commits no key.
        if not (kept / ".gitignore").exists():
            (kept / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {kept}: {error.strerror}.", hint="Check that the folder may be written."
        ) from error
    with locked(kept):
        if not (kept / FILE).exists():
            write_private(kept / FILE, random.hex() + "\n", day=day)


def read_key(folder: Path) -> bytes:
    """The key of a workspace.

    Raises:
        KeyMissing: If there is none, or it is damaged.
    """
    file = folder / FOLDER / FILE
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(
            f"{file} cannot be read, so nobody can go on with their answers.",
            hint="Bring the file back from a copy; without it, open a new round.",
        ) from error
    if _KEY.fullmatch(text) is None:
        raise KeyMissing(
            f"{file} is damaged, so nobody can go on with their answers.",
            hint="Bring the file back from a copy; without it, open a new round.",
        )
    return bytes.fromhex(text)


def pseudonym(key: bytes, round_id: str, secret: str) -> str:
    """What stands for whoever holds a secret, in one round; another in every round.

    Returns:
        32 hexadecimal digits.
    """
    return hmac.digest(key, f"{round_id}\n{secret}".encode("utf-8", "replace"), "sha256").hex()[:32]
