"""``sayso start``."""

from __future__ import annotations

import sys


def start(*, answers: str | None = None, out: str = "charters") -> int:
    """Six plain questions about one decision; no data needed.

    Args:
        answers: A file with one answer a line, in the order of the questions; empty skips.
        out: The folder of charters.
    """
    from sayso.workspace.start import run_start

    run_start(answers=answers, out=out, tell=print, ask=input if sys.stdin.isatty() else None)
    return 0
