"""Changing a charter's file: nobody's change is lost, and every version stays readable."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.declare.charter_file import read_charter
from sayso.declare.charter_text import version_of, with_fields
from sayso.declare.versions import asks_for_version
from sayso.domain.errors import CharterChanged, CharterInvalid, CharterNotFound, FileNotWritable
from sayso.workspace.charters import OLD, charter_files, decision_of, text_of
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sayso.domain.charter_ref import CharterRef


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a charter.

    Attributes:
        ref: The version that the file holds now.
        kept: Where the version before it is kept; None where the version stayed.
        written: Whether the file changed at all.
    """

    ref: CharterRef
    kept: Path | None
    written: bool


def charter_file(charters: Path, slug: str) -> Path:
    """The file of a decision: the one that names it, else the one that is named after it.

    Args:
        charters: The folder of charters.
        slug: The decision.

    Raises:
        CharterNotFound: If there is none.
    """
    files = charter_files(charters) if charters.is_dir() else []
    named = [(decision_of(file) or file.stem, file) for file in files]
    own = [file for name, file in named if name == slug]
    if not own:
        raise CharterNotFound(slug, [name for name, _ in named])
    return max(own, key=lambda file: (version_of(text_of(file)) or 0, file.stem == slug))


def mark_of(text: str) -> str:
    """What tells one text of a file from another; a form carries it until it is saved.

    Returns:
        64 hexadecimal digits.
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def save_charter(file: Path, text: str, *, seen: str) -> Saved:
    """Write a charter's new text, as the next version where the change is one.

    The version goes up by one, whatever number the text states, if anything changed that cases
    are told apart by; the text before it is kept as ``old/<slug>@<version>.yaml`` beside the file.

    Args:
        file: The charter's file.
        text: Its new text, without errors of form.
        seen: ``mark_of`` the text that the change was made to.

    Raises:
        CharterChanged: If the file is no longer the one that was seen.
        CharterInvalid: If the new text has an error of form, or the version before it cannot be
            kept.
        FileNotWritable: If the folder does not take the file.
    """
    with alone(file.parent):
        before = text_of(file)
        if mark_of(before) != seen:
            raise CharterChanged(
                f"{file} was changed since you opened it.", hint="Look at both, then save again."
            )
        old, new = read_charter(before, str(file)).charter, read_charter(text, str(file))
        if new.charter is None:
            raise CharterInvalid(str(new.problems[0]), hint="Mend it, then save again.")
        if old is not None and not asks_for_version(old, new.charter):
            text = with_fields(text, {"version": str(old.version)})
            if text != before:
                _write(file, text, like=file)
            return Saved(old.ref, None, text != before)
        version = version_of(before)
        kept = None
        if version is not None:
            text = with_fields(text, {"version": str(version + 1)})
            kept = _keep(file, before, f"{new.charter.decision}@{version}")
        _write(file, text, like=file)
        written = read_charter(text, str(file)).charter
        assert written is not None
        return Saved(written.ref, kept, written=True)


def _keep(file: Path, text: str, name: str) -> Path:
    """Keep a version's text, before the file says anything else."""
    place = file.parent / OLD / f"{name}.yaml"
    if place.exists() and text_of(place) != text:
        raise CharterInvalid(
            f"{place} is another version {name} already.",
            hint=f"Write a `version:` into {file} that was not used yet, then save again.",
        )
    try:
        place.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {place}: {error.strerror}.", hint="Check that the folder may be written."
        ) from error
    _write(place, text, like=file)
    return place


def _write(place: Path, text: str, *, like: Path) -> None:
    """Write with the line breaks that a file has: reading has made them all alike."""
    windows = b"\r\n" in like.read_bytes()
    write_whole(place, text.replace("\n", "\r\n") if windows else text)


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Nobody else, thread or process, saves a charter in this folder meanwhile."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot lock {folder}: {error.strerror}.", hint="Check that the folder is there."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
