"""Check the charters of a workspace: their form, their clarity, and how they fit together."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.coherence import Placed, coherence
from sayso.declare.lint import lint
from sayso.declare.people import read_people
from sayso.declare.problem import Problem, Severity
from sayso.domain.errors import CharterInvalid
from sayso.workspace.charters import PEOPLE, charter_files, reading_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def check_paths(paths: Iterable[str], *, today: date | None = None) -> tuple[Problem, ...]:
    """Read every charter under the paths and say all that is wrong or unclear.

    Args:
        paths: Files, or folders that are searched for ``*.yaml`` and ``*.yml``. A people.yaml
            is read as the list of who holds which role.
        today: The day that counts as today.

    Returns:
        The problems by file, line and column.

    Raises:
        CharterInvalid: If a path cannot be read, or there is nothing to check.
    """
    day = today or date.today()  # noqa: DTZ011 - charters speak of calendar days
    files = [file for path in paths for file in charter_files(Path(path))]
    if not files:
        raise CharterInvalid("There is no charter to check.", hint="Name a charter's YAML file.")
    problems: list[Problem] = []
    placed: list[Placed] = []
    for file in files:
        if file.stem == PEOPLE:
            problems += read_people(text_of(file), str(file)).problems
            continue
        reading = reading_of(file)
        problems += reading.problems
        if reading.charter is not None:
            problems += lint(reading.charter, reading.places, today=day)
            placed.append(Placed(reading.charter, reading.places))
    return tuple(sorted((*problems, *coherence(placed))))


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
