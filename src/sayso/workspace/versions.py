"""Every version of every charter whose text is kept: those in charters/, and those before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter_file import read_charter
from sayso.declare.fingerprint import fingerprint
from sayso.domain.errors import CharterInvalid, CharterNotFound
from sayso.workspace.charters import charter_files, reading_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sayso.declare.charter import Charter
    from sayso.declare.problem import Place, Problem
    from sayso.domain.charter_ref import CharterRef

CHARTERS, BEFORE = "charters", "versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """A charter version with the file it stands in.

    Attributes:
        file: The file.
        text: Its text.
        charter: What it says.
        problems: What is wrong with its form.
        places: Where its fields stand.
    """

    file: Path
    text: str
    charter: Charter
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]

    @property
    def ref(self) -> CharterRef:
        """The version."""
        return self.charter.ref

    @property
    def fingerprint(self) -> str:
        """What it says, as one line."""
        return fingerprint(self.charter)


@dataclass(frozen=True, slots=True)
class KeptVersions:
    """The versions of a workspace.

    Attributes:
        now: Those in charters/, by file.
        before: Those kept in versions/, as they read when they were activated or changed.
        unread: Files that cannot be read, each with why.
    """

    now: tuple[KeptVersion, ...]
    before: tuple[KeptVersion, ...]
    unread: tuple[str, ...]

    def latest(self, slug: str) -> KeptVersion:
        """The latest version of a decision in charters/.

        Raises:
            CharterNotFound: If there is none.
        """
        mine = [v for v in self.now if v.charter.decision == slug]
        if not mine:
            raise CharterNotFound(slug, sorted({v.charter.decision for v in self.now}))
        return max(mine, key=lambda v: v.charter.version)

    def of(self, ref: CharterRef) -> KeptVersion:
        """One version, as kept when it was activated or changed, else as it reads now.

        Raises:
            CharterNotFound: If its text is not kept.
        """
        for version in (*self.before, *self.now):
            if version.ref == ref:
                return version
        raise CharterNotFound(str(ref), [str(v.ref) for v in self.now])


def kept_versions(folder: Path) -> KeptVersions:
    """Read every charter version of a workspace; what cannot be read is said, not raised.

    Args:
        folder: The workspace.
    """
    unread: list[str] = []
    now, before = (_read(folder / name, unread) for name in (CHARTERS, BEFORE))
    return KeptVersions(now, before, tuple(unread))


def place_of_version(folder: Path, ref: CharterRef) -> Path:
    """Where the text of a version is kept."""
    return folder / BEFORE / f"{ref}.yaml"


def version_from(file: Path, text: str) -> KeptVersion:
    """A charter version from its text.

    Raises:
        CharterInvalid: If it has errors of form; the message names the first.
    """
    reading = read_charter(text, str(file))
    if reading.charter is None:
        raise CharterInvalid(
            str(reading.problems[0]), hint=f"Run `sayso check {file}` for all of them."
        )
    return KeptVersion(
        file=file,
        text=text,
        charter=reading.charter,
        problems=reading.problems,
        places=reading.places,
    )


def _read(inside: Path, unread: list[str]) -> tuple[KeptVersion, ...]:
    found: list[KeptVersion] = []
    for file in charter_files(inside) if inside.is_dir() else []:
        try:
            reading, text = reading_of(file), text_of(file)
        except CharterInvalid as error:
            unread.append(error.message)
            continue
        if reading.charter is None:
            unread.append(str(reading.problems[0]))
            continue
        found.append(
            KeptVersion(
                file=file,
                text=text,
                charter=reading.charter,
                problems=reading.problems,
                places=reading.places,
            )
        )
    return tuple(found)
