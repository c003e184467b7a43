"""How a server is to run: every option once, with its key, its variable, its flag and its default.

One rule says which of them counts: the command line before the environment, the environment before
``sayso.toml``, and that before what is built in. A variable that is empty says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import SettingsInvalid
from sayso.workspace.settings import FILE, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sayso.workspace.settings import Settings

PREFIX = "SAYSO_"
TROUBLE, LIFE, REQUESTS = "trouble", "life", "requests"
LOGS = (TROUBLE, LIFE, REQUESTS)
HOST, PORT, STOP_SECONDS = "127.0.0.1", 8080, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be said of a server.

    Attributes:
        says: What it is.
        key: Its key in ``sayso.toml``; empty where it is not said there.
        variable: Its variable of the environment.
        flag: Its flag of ``sayso serve``; empty where it has none.
        default: What counts where nobody says it.
    """

    says: str
    variable: str
    key: str = ""
    flag: str = ""
    default: str = ""


OPTIONS = (
    Option(variable="SAYSO_FOLDER", flag="--folder", default=".", says="the workspace"),
    Option(key="name", variable="", says="the organisation, as its pages call it"),
    Option(
        key="host",
        variable="SAYSO_HOST",
        flag="--host",
        default=HOST,
        says="where the server listens; any address that others reach needs an access key",
    ),
    Option(
        key="port",
        variable="SAYSO_PORT",
        flag="--port",
        default=str(PORT),
        says="the port; 0 for any that is free",
    ),
    Option(
        variable="SAYSO_ACCESS_KEY",
        flag="--access-key",
        says="what whoever convenes must show, at least 12 characters",
    ),
    Option(
        key="access_key_file",
        variable="SAYSO_ACCESS_KEY_FILE",
        flag="--access-key-file",
        says="a file that holds the access key",
    ),
    Option(
        variable="SAYSO_DATABASE",
        flag="--database",
        says="a PostgreSQL database that holds the record; a file of the workspace where not said",
    ),
    Option(
        key="database_file",
        variable="SAYSO_DATABASE_FILE",
        flag="--database-file",
        says="a file that holds the address of that database",
    ),
    Option(
        key="log",
        variable="SAYSO_LOG",
        flag="--log",
        default=TROUBLE,
        says="what is written to standard error, as JSON lines: `trouble`; `life`, which adds start "
        "and stop; `requests`, which adds every request",
    ),
    Option(
        key="stop_seconds",
        variable="SAYSO_STOP_SECONDS",
        flag="--stop-seconds",
        default=str(STOP_SECONDS),
        says="how long requests under way may take once the server is asked to stop",
    ),
    Option(
        variable="SAYSO_TOKEN",
        says="for commands that ask a server: the token they show",
    ),
    Option(
        variable="SAYSO_DEBUG",
        says="for commands: `1` shows where a defect happened",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How a server runs.

    Attributes:
        folder: The workspace.
        host: Where it listens.
        port: The port, 0..65535.
        access_key: What the convener must show; None where only this computer is served.
        database: Address of the database; None for a file of the workspace.
        log: One of ``LOGS``.
        stop_seconds: How long what is under way may take at the end.
        strange: Variables that look like ours and mean nothing.
    """

    folder: Path
    host: str
    port: int
    access_key: str | None
    database: str | None
    log: str
    stop_seconds: int
    strange: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A value, and who says it."""

    value: str | int
    place: str


class _Layers:
    """What was said, by who counts first."""

    def __init__(
        self, flags: Mapping[str, str | int | None], env: Mapping[str, str], settings: Settings
    ) -> None:
        self._flags, self._env, self._settings = flags, env, settings

    def look(self, *names: str) -> _Said | None:
        """The first that says one of some names, and it says only one of them."""
        for layer in (self._flag, self._variable, self._key):
            found = [said for said in map(layer, names) if said is not None]
            if len(found) > 1:
                raise SettingsInvalid(
                    f"Both {found[0].place} and {found[1].place} are said.",
                    hint="Leave one of them out.",
                )
            if found:
                return found[0]
        return None

    def text(self, name: str, default: str) -> str:
        said = self.look(name)
        return default if said is None else str(said.value)

    def whole(self, name: str, default: int, most: int) -> int:
        said = self.look(name)
        if said is None:
            return default
        text = str(said.value)
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > most:
            raise SettingsInvalid(
                f"{said.place} is {text[:40]!r}.", hint=f"Give a whole number, 0 to {most}."
            )
        return int(text)

    def secret(self, name: str) -> str | None:
        said = self.look(name, f"{name}_file")
        if said is None:
            return None
        named_file = said.place.lower().replace("-", "_").endswith("_file")
        return _read(str(said.value), said.place) if named_file else str(said.value)

    def _flag(self, name: str) -> _Said | None:
        value = self._flags.get(name)
        return None if value is None else _Said(value, "--" + name.replace("_", "-"))

    def _variable(self, name: str) -> _Said | None:
        variable = PREFIX + name.upper()
        value = self._env.get(variable, "")
        return _Said(value, variable) if value else None

    def _key(self, name: str) -> _Said | None:
        value: str | int | None = getattr(self._settings, name, None)
        return None if value is None else _Said(value, f"{FILE}: {name}")


def configured(
    flags: Mapping[str, str | int | None], environment: Mapping[str, str]
) -> Configuration:
    """How a server is to run.

    Args:
        flags: What the command line says, by option; None where it says nothing.
        environment: Variables of the environment.

    Raises:
        SettingsInvalid: If something that counts cannot be read, or is said twice in one place.
    """
    said = flags.get("folder")
    folder = Path(str(said) if said is not None else environment.get("SAYSO_FOLDER") or ".")
    layers = _Layers(flags, environment, read_settings(folder))
    log = layers.text("log", TROUBLE)
    if log not in LOGS:
        raise SettingsInvalid(f"The log cannot hold {log[:40]!r}.", hint=f"Say {_either(LOGS)}.")
    return Configuration(
        folder=folder,
        host=layers.text("host", HOST),
        port=layers.whole("port", PORT, 65535),
        access_key=layers.secret("access_key"),
        database=layers.secret("database"),
        log=log,
        stop_seconds=layers.whole("stop_seconds", STOP_SECONDS, 3600),
        strange=tuple(sorted(_strange(environment))),
    )


def table() -> str:
    """Every option, as the reference shows them."""
    rows = [
        f"| {_code(o.key)} | {_code(o.variable)} | {_code(o.flag)} | {_code(o.default)} | {o.says} |"
        for o in OPTIONS
    ]
    head = f"| key in `{FILE}` | variable | flag of `sayso serve` | default | what it is |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def _strange(environment: Mapping[str, str]) -> Iterable[str]:
    """Variables that are none of ours, and so near to one that a slip is likely."""
    known = [option.variable for option in OPTIONS if option.variable]
    for name in environment:
        ours = name.startswith(PREFIX) and name not in known
        if ours and get_close_matches(name, known, n=1, cutoff=0.8):
            yield name[:60]


def _read(path: str, place: str) -> str:
    try:
        text = Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise SettingsInvalid(
            f"{place} names {path!r}, which cannot be read: {why}.",
            hint="Check the name, and who may read it.",
        ) from error
    if not text or "\n" in text:
        raise SettingsInvalid(
            f"{place} names {path!r}, which does not hold one line.",
            hint="Write the value on one line.",
        )
    return text


def _either(words: Iterable[str]) -> str:
    *some, last = words
    return f"{', '.join(some)} or {last}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
