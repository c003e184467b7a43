"""``sayso check``."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def check(*paths: str, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Check charters; exits 1 on errors, 0 with warnings only.

    Args:
        paths: Charter files, or folders of them; ``charters`` by default.
        json: Say the problems as JSON.
    """
    from sayso.workspace.check import as_json, check_paths, has_errors

    problems = check_paths(paths or ("charters",))
    if json:
        print(as_json(problems))
    else:
        for problem in problems:
            print(problem)
    return 1 if has_errors(problems) else 0
