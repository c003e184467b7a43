"""Who holds which role, read again only when people.yaml has changed."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from sayso.declare.people import read_people
from sayso.domain.errors import WorkspaceUnreadable
from sayso.workspace.accountability import PEOPLE
from sayso.workspace.proposals import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.declare.people import Holder

# Two who hold one role on a day are two who may act in it; nobody is let in by that mistake.
_HARMLESS = "SAY301"


class PeopleShelf:
    """The people of a workspace, for those who have to know at every request."""

    def __init__(self, folder: Path, *, still: float = 0.0) -> None:
        """Take a workspace.

        Args:
            folder: The workspace.
            still: Seconds after a look in which the file is not looked at again.
        """
        self._file, self._still, self._looked = folder / PEOPLE, still, float("-inf")
        self._stamp: tuple[int, int, int, int] | None = None
        self._holders: tuple[Holder, ...] = ()

    def holders(self) -> tuple[Holder, ...]:
        """Everyone who holds or held a role.

        Raises:
            WorkspaceUnreadable: If the file has errors: a role that cannot be read would count as
                one that nobody was named for, and let others in.
        """
        now = monotonic()
        if now - self._looked < self._still:
            return self._holders
        try:
            about = os.stat(self._file)
        except FileNotFoundError:
            self._stamp, self._holders, self._looked = None, (), now
            return ()
        stamp = about.st_ino, about.st_mtime_ns, about.st_ctime_ns, about.st_size
        if stamp != self._stamp:
            self._holders = self._read()
            self._stamp = stamp
        self._looked = now
        return self._holders

    def _read(self) -> tuple[Holder, ...]:
        text = read_text(self._file)
        if not text.strip():
            return ()
        reading = read_people(text, PEOPLE)
        wrong = [problem for problem in reading.problems if problem.code != _HARMLESS]
        if wrong:
            raise WorkspaceUnreadable(
                f"{wrong[0]}", hint="Mend people.yaml; until then nobody acts by their role."
            )
        return reading.holders
