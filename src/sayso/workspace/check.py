"""Check the charters of a workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.charter_file import read_charter
from sayso.declare.problem import Problem, Severity
from sayso.domain.errors import CharterInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def check_paths(paths: Iterable[str]) -> tuple[Problem, ...]:
    """Read every charter under the paths and say all that is wrong with their form.

    Args:
        paths: Files, or folders whose ``*.yaml`` and ``*.yml`` files are read.

    Returns:
        The problems by file, line and column.

    Raises:
        CharterInvalid: If a path cannot be read, or there is nothing to check.
    """
    files = [file for path in paths for file in _files(Path(path))]
    if not files:
        raise CharterInvalid("There is no charter to check.", hint="Name a charter's YAML file.")
    problems = [p for file in files for p in read_charter(_text(file), str(file)).problems]
    return tuple(sorted(problems))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any problem stops a charter from being used."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """The problems as a JSON list, one object each with file, line and column."""
    rows = [
        {
            "file": p.place.file,
            "line": p.place.line,
            "column": p.place.column,
            "code": p.code,
            "severity": str(p.severity),
            "message": p.message,
            "hint": p.hint,
        }
        for p in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = (f for f in path.iterdir() if f.suffix in {".yaml", ".yml"})
    return sorted(f for f in found if f.stem != "people")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CharterInvalid(
            f"Cannot read {file}: {getattr(error, 'strerror', None) or error}.",
            hint="Name a charter's YAML file, or a folder of them.",
        ) from error
