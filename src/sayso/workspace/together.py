"""Several files at once: all of them are written, or none; one writer at a time."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.domain.errors import FileNotWritable, WorkspaceUnreadable
from sayso.workspace.files import write_whole
from sayso.workspace.private_file import locked, write_private

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import date
    from pathlib import Path

KEPT, LEFT = ".sayso", "half-written.json"


@contextmanager
def changing(folder: Path) -> Generator[None]:
    """Nobody else changes this workspace meanwhile; what a crash left half written is finished.

    Args:
        folder: The workspace.

    Raises:
        FileNotWritable: If the workspace cannot be written.
    """
    inside = folder / KEPT
    try:
        inside.mkdir(mode=0o700, exist_ok=True)
        if not (inside / ".gitignore").exists():
            (inside / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {inside}: {error.strerror}.",
            hint="Run the command in a workspace that may be written.",
        ) from error
    with locked(inside):
        _finish(folder)
        yield


def finish_left(folder: Path) -> None:
    """Finish what a crash left half written, where there is any; a reader calls this first."""
    if (folder / KEPT / LEFT).exists():
        with suppress(FileNotWritable), changing(folder):
            pass


def write_together(folder: Path, texts: Mapping[Path, str | None], *, day: date) -> None:
    """Write several files, or none of them; the workspace is held by ``changing``.

    The whole of it is first kept in one file. A crash after that is finished by whoever changes
    or reads the workspace next; a file that somebody changed meanwhile is left as it is.

    Args:
        folder: The workspace.
        texts: By file: its new text; None to remove it.
        day: The day.

    Raises:
        FileNotWritable: If one of them cannot be written; then all are as they were.
    """
    before = {path: _text(path) for path in texts}
    plan = [
        {
            "file": str(path.relative_to(folder)),
            "text": text,
            "before": None if before[path] is None else _print(before[path] or ""),
        }
        for path, text in texts.items()
    ]
    kept = folder / KEPT / LEFT
    write_private(kept, json.dumps({"format": 1, "files": plan}), day=day)
    done: list[Path] = []
    try:
        for path, text in texts.items():
            done.append(path)
            _put(path, text)
    except BaseException:
        for path in done:
            with suppress(OSError, FileNotWritable):
                _put(path, before[path])
        kept.unlink()
        raise
    kept.unlink()


def _finish(folder: Path) -> None:
    kept = folder / KEPT / LEFT
    text = _text(kept)
    if text is None:
        return
    try:
        left = [(str(f["file"]), f["text"], f["before"]) for f in json.loads(text)["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceUnreadable(
            f"{kept} is damaged: {error}.",
            hint="Look whether the last settling is whole, then remove the file.",
        ) from error
    for name, wanted, before in left:
        path = folder / name
        now = _text(path)
        same = before is None if now is None else _print(now) == before
        if same:
            _put(path, None if wanted is None else str(wanted))
    kept.unlink()


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {path}: {error.strerror}.", hint="Check that the folder may be written."
        ) from error
    write_whole(path, text)
    # A rename that is not on the disk yet would be lost with the power, and the plan with it.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise FileNotWritable(f"Cannot change {path}: {why}.", hint="Mend it by hand.") from error


def _print(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
