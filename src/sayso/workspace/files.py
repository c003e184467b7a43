"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write text so that a reader, or Ctrl-C, sees the old file or the new one, never half.

    Raises:
        FileNotWritable: If the folder does not take the file.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {path}: {error.strerror}.", hint="Name another place with --out."
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        # mkstemp makes files for the owner alone; a report is read like any other new file.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except OSError as error:
        os.unlink(name)
        raise FileNotWritable(
            f"Cannot write {path}: {error.strerror}.", hint="Name another place with --out."
        ) from error
    except BaseException:
        os.unlink(name)
        raise


def free_place(folder: Path, slug: str) -> Path:
    """A charter's file that is not there yet: slug.yaml, slug-2.yaml and so on."""
    number, name = 1, slug
    while (folder / f"{name}.yaml").exists():
        number += 1
        name = f"{slug}-{number}"
    return folder / f"{name}.yaml"
