"""Which charter counts for a case: the one in force, or the one it was opened under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import CharterNotFound, InvalidReference
from sayso.workspace.activations import ACTIVATIONS, list_activations
from sayso.workspace.versions import CHARTERS, kept_versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.declare.activation import Activation
    from sayso.workspace.versions import KeptVersion, KeptVersions


class CharterShelf:
    """The charters of a workspace, read again only when a file has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: object = None
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

    def version(self, decision: str, number: int) -> KeptVersion | None:
        """One version of a decision; None where its text is not kept."""
        try:
            return self._read().of(CharterRef(decision, number))
        except (CharterNotFound, InvalidReference):
            return None

    def _read(self) -> KeptVersions:
        stamp = self._stamp_of_files()
        if self._kept is None or stamp != self._stamp:
            self._kept = kept_versions(self._folder)
            self._activations = list_activations(self._folder)[0]
            self._stamp = stamp
        return self._kept

    def _stamp_of_files(self) -> object:
        inside = self._folder / CHARTERS
        files = [*sorted(inside.rglob("*.yaml")), self._folder / ACTIVATIONS]
        found: list[object] = []
        for file in files:
            try:
                about = file.stat()
            except FileNotFoundError:
                continue
            found.append((str(file), about.st_mtime_ns, about.st_size))
        return tuple(found)
