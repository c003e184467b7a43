"""Which charter counts for a case: the one in force, or the one it was opened under."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import CharterNotFound, InvalidReference
from sayso.workspace.activations import ACTIVATIONS, list_activations
from sayso.workspace.versions import CHARTERS, kept_versions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from sayso.declare.activation import Activation
    from sayso.workspace.versions import KeptVersion, KeptVersions


class CharterShelf:
    """The charters of a workspace, read again only when a file has changed.

    Attributes:
        still: Seconds after a look in which nothing is looked at again. Asking the disk about every
            file costs a busy server more than deciding does.
    """

    def __init__(self, folder: Path, *, still: float = 0.0) -> None:
        self.still = still
        self._folder = folder
        self._looked = float("-inf")
        self._stamps: dict[Path, tuple[int, int] | None] = {}
        self._fingerprints: dict[int, str] = {}
        self._kept: KeptVersions | None = None
        self._activations: tuple[Activation, ...] = ()

    def in_force(self, decision: str, day: date) -> KeptVersion | None:
        """The version of a decision that is in force on a day.

        The last one that was activated by then; where none ever was, the latest that is written
        down, so that a decision can be tried before anybody stands for it.

        Args:
            decision: The decision's slug.
            day: The day.

        Returns:
            The version; None where no charter declares the decision, or its text is not kept.
        """
        kept = self._read()
        mine = [a for a in self._activations if a.charter.slug == decision and a.on <= day]
        try:
            if mine:
                return kept.of(max(mine, key=lambda a: (a.on, a.charter.version)).charter)
            return kept.latest(decision)
        except CharterNotFound:
            return None

    def decisions(self, day: date) -> list[KeptVersion]:
        """The version of every decision that is in force on a day, by slug."""
        slugs = sorted({version.charter.decision for version in self._read().now})
        found = (self.in_force(slug, day) for slug in slugs)
        return [version for version in found if version is not None]

    def version(self, decision: str, number: int) -> KeptVersion | None:
        """One version of a decision; None where its text is not kept."""
        try:
            return self._read().of(CharterRef(decision, number))
        except (CharterNotFound, InvalidReference):
            return None

    def fingerprint(self, version: KeptVersion) -> str:
        """What a version says, as one line, worked out once."""
        found = self._fingerprints.get(id(version))
        if found is None:
            found = self._fingerprints[id(version)] = version.fingerprint
        return found

    def _read(self) -> KeptVersions:
        if self._kept is None or self._changed():
            self._kept = kept_versions(self._folder)
            self._activations = list_activations(self._folder)[0]
            self._fingerprints = {}
            self._stamps = self._stamps_of(self._watched())
        return self._kept

    def _changed(self) -> bool:
        now = monotonic()
        if now - self._looked < self.still:
            return False
        self._looked = now
        return self._stamps != self._stamps_of(self._stamps)

    def _watched(self) -> list[Path]:
        """Folders, which show what comes and goes, and files, which show what is written over."""
        inside = self._folder / CHARTERS
        folders = [inside, *(f for f in inside.rglob("*") if f.is_dir())]
        return [*folders, *inside.rglob("*.yaml"), self._folder / ACTIVATIONS]

    def _stamps_of(self, files: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
        found: dict[Path, tuple[int, int] | None] = {}
        for file in files:
            try:
                about = os.stat(file)
                found[file] = about.st_mtime_ns, about.st_size
            except FileNotFoundError:
                found[file] = None
        return found
