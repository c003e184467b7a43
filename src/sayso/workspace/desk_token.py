"""Where a program on this computer keeps the token that it shows."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sayso.domain.errors import TokenUnset

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "SAYSO_TOKEN"
LONGEST = 4096


def token_of(file: Path | None) -> str:
    """The token from a private file, or from ``SAYSO_TOKEN`` where no file is named.

    Args:
        file: The file; nobody but its owner may be able to read it.

    Raises:
        TokenUnset: If there is none, or others can read the file.
    """
    if file is None:
        text = os.environ.get(VARIABLE, "").strip()
        if not text:
            raise TokenUnset(
                f"There is no token in {VARIABLE}.",
                hint=f"Set {VARIABLE}, or name a file with --token-file; `sayso token make` makes one.",
            )
        return text
    try:
        with file.open(encoding="utf-8") as opened:
            if os.name == "posix" and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise TokenUnset(
                    f"Others can read {file}.",
                    hint=f"Run `chmod 600 {file}`, and make a new token.",
                )
            text = opened.read(LONGEST).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise TokenUnset(f"Cannot read {file}: {why}.", hint="Name the token's file.") from error
    if not text:
        raise TokenUnset(f"{file} is empty.", hint="Write the token into it.")
    return text
