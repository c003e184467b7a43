"""How the person called us, so that a command we print works as it stands."""

from __future__ import annotations

import shutil
from pathlib import Path


def program(called: str) -> str:
    """The word to put in front of a command.

    Args:
        called: The program's path as it was typed, ``sys.argv[0]``.

    Returns:
        ``sayso`` where that is found by name, else what was typed, such as ``.venv/bin/sayso``.
    """
    name = Path(called).name
    if name == "__main__.py":
        return "python -m sayso"
    return name if shutil.which(name) else called
