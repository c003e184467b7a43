"""What a workspace says of itself, and of the server that serves it, in sayso.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sayso.domain.errors import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

FILE = "sayso.toml"
WHOLE_NUMBERS = frozenset({"port", "stop_seconds"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a workspace says of itself.

    The file is kept under version control with the charters, so it holds no secret: only the names
    of files that hold one.

    Attributes:
        name: The organisation, as its pages call it; "" where nobody said.
        host: Where the server listens; None where nobody said, as in all that follow.
        port: The port.
        access_key_file: A file with what the convener must show.
        database_file: A file with the address of the database that holds the record.
        log: What the server's log holds.
        stop_seconds: How long what is under way may take once the server is asked to stop.
    """

    name: str = ""
    host: str | None = None
    port: int | None = None
    access_key_file: str | None = None
    database_file: str | None = None
    log: str | None = None
    stop_seconds: int | None = None


def read_settings(folder: Path) -> Settings:
    """The settings of a workspace; what is not said is left as it is.

    Args:
        folder: The workspace.

    Raises:
        SettingsInvalid: If the file cannot be read, or holds a key or a value that is no setting.
    """
    file = folder / FILE
    try:
        said = tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise SettingsInvalid(f"Cannot read {file}: {why}.", hint="Mend or remove it.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(
            f"{file} is not TOML: {error}.", hint='Write lines such as `name = "Nordlys Heat"`.'
        ) from error
    known = [field.name for field in fields(Settings)]
    for key, value in said.items():
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.6)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
            if key in ("access_key", "database"):
                hint = f"A secret does not belong in {FILE}: name a file with `{key}_file`."
            raise SettingsInvalid(f"{file}: {key!r} is no setting.", hint=hint)
        if key in WHOLE_NUMBERS and type(value) is not int:
            raise SettingsInvalid(
                f"{file}: {key} is {value!r}, not a whole number.", hint=f"Write `{key} = 8080`."
            )
        if key not in WHOLE_NUMBERS and not isinstance(value, str):
            raise SettingsInvalid(
                f"{file}: {key} is {value!r}, not a text.", hint=f'Write `{key} = "{value}"`.'
            )
    return Settings(**said)
