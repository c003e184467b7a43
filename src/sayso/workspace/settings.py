"""What a workspace says of itself in sayso.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sayso.domain.errors import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

FILE = "sayso.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a workspace says of itself.

    Attributes:
        name: The organisation, as its pages call it; "" where nobody said.
    """

    name: str = ""


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
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
            raise SettingsInvalid(f"{file}: {key!r} is no setting.", hint=hint)
        if not isinstance(value, str):
            raise SettingsInvalid(
                f"{file}: {key} is {value!r}, not a text.", hint=f'Write `{key} = "{value}"`.'
            )
    return Settings(**said)
