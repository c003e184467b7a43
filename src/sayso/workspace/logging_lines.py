"""The server's log: JSON lines that say what happened, and nothing of whom or what it was about.

What is free text somewhere never gets in: of an error its type and its place in the code, never its
message, since that may quote a case, an address or a token; of other libraries where they spoke,
never what they said. What our own code adds is taken by name from a short list, and only as a number,
a truth value, or a word of a fixed form.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from sayso import __version__
from sayso.workspace.configuration import LIFE, REQUESTS, TROUBLE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from threading import ExceptHookArgs
    from types import TracebackType
    from typing import TextIO

OURS = "sayso"
# Everything that a line may hold besides where and when, and the form of it.
_WORD = re.compile(r"[A-Za-z0-9_.:{}/*-]{1,80}", re.ASCII)
FIELDS = (
    "method",
    "route",
    "status",
    "milliseconds",
    "code",
    "hook",
    "attempt",
    "variable",
    "events",
    "version",
    "why",
)
LEVELS = {TROUBLE: logging.WARNING, LIFE: logging.INFO, REQUESTS: logging.INFO}
FRAMES = 12


class JsonLines(logging.Formatter):
    """Writes each entry as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One entry, whatever it was given."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name[:80],
        }
        if record.name.split(".")[0] == OURS and isinstance(record.msg, str) and not record.args:
            line["says"] = record.msg
        else:
            line["where"] = f"{record.module}:{record.lineno}"
        for name in FIELDS:
            value = record.__dict__.get(name)
            if isinstance(value, bool | int | float) or (
                isinstance(value, str) and _WORD.fullmatch(value)
            ):
                line[name] = value
        if record.exc_info:
            kind, error, trace = record.exc_info
            line["error"] = "" if kind is None else kind.__qualname__
            # A cause says more of what went wrong than what it was turned into.
            if error is not None and error.__cause__ is not None:
                line["cause"] = type(error.__cause__).__qualname__
            line["frames"] = list(frames(trace))
        return json.dumps(line, ensure_ascii=True)


def frames(trace: TracebackType | None) -> Iterator[str]:
    """Where an error came from: the last places in the code, without a path of this computer."""
    found = [
        f"{'/'.join(PurePath(frame.f_code.co_filename).parts[-2:])}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
    ]
    yield from found[-FRAMES:]


def start_log(log: str, out: TextIO | None = None) -> None:
    """Send everything that anything logs in this process through here.

    Args:
        log: One of ``configuration.LOGS``.
        out: Where lines go; standard error where not said.
    """
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(LEVELS[log])
    logging.captureWarnings(True)
    # An error that nobody caught would be printed with its message.
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def said(name: str, level: int, message: str, fields: Mapping[str, object] | None = None) -> None:
    """Log one thing.

    Args:
        name: Which part speaks, below ``sayso.``.
        level: How grave it is.
        message: A sentence that is the same each time.
        fields: Some of ``FIELDS``.
    """
    logging.getLogger(f"{OURS}.{name}").log(level, message, extra=dict(fields or {}))


@contextmanager
def life(strange: Sequence[str]) -> Generator[None]:
    """Log that a server starts, and that it has stopped.

    Args:
        strange: Variables that look like ours and mean nothing.
    """
    for name in strange:
        said("serve", logging.WARNING, "A variable means nothing here.", {"variable": name})
    said("serve", logging.INFO, "The server starts.", {"version": __version__})
    yield
    said("serve", logging.INFO, "The server has stopped.")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(OURS).critical("An error was not caught.", exc_info=(kind, error, trace))


def _uncaught_in_thread(found: ExceptHookArgs) -> None:
    if found.exc_value is not None:
        _uncaught(found.exc_type, found.exc_value, found.exc_traceback)
