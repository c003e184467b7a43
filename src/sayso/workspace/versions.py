"""Every version of every charter whose text is kept: in charters/, and in its folder old/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.charter_file import read_charter
from sayso.declare.fingerprint import fingerprint
from sayso.declare.versions import is_earlier, standing
from sayso.domain.errors import CharterInvalid, CharterNotFound
from sayso.workspace.charters import OLD, charter_files, reading_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sayso.declare.charter import Charter
    from sayso.declare.problem import Place, Problem
    from sayso.domain.charter_ref import CharterRef

CHARTERS = "charters"


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

    @property
    def stands(self) -> str:
        """What stands in it whatever the next day to look at it is, as one line."""
        return standing(self.charter)


@dataclass(frozen=True, slots=True)
class KeptVersions:
    """The versions of a workspace.

    Attributes:
        now: Those in charters/, by file.
        before: Those kept in charters/old/, as they read before they were changed.
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
        """One version, as it reads now, else as it is kept.

        Raises:
            CharterNotFound: If its text is not kept.
        """
        for version in (*self.now, *self.before):
            if version.ref == ref:
                return version
        raise CharterNotFound(str(ref), [str(v.ref) for v in self.now])


def kept_versions(folder: Path) -> KeptVersions:
    """Read every charter version of a workspace; what cannot be read is said, not raised.

    Args:
        folder: The workspace.
    """
    unread: list[str] = []
    inside = folder / CHARTERS
    if not inside.is_dir():
        return KeptVersions((), (), ())
    kept = sorted(f for f in inside.rglob(f"{OLD}/*.yaml") if is_earlier(f.stem))
    now, before = _read(charter_files(inside), unread), _read(kept, unread)
    return KeptVersions(now, before, tuple(unread))


def place_of_version(file: Path, ref: CharterRef) -> Path:
    """Where the text of a version is kept, once the charter's file says something else."""
    return file.parent / OLD / f"{ref}.yaml"


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


def _read(files: Sequence[Path], unread: list[str]) -> tuple[KeptVersion, ...]:
    found: list[KeptVersion] = []
    for file in files:
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
